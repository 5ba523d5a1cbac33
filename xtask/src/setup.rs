//! `cargo xtask setup`: says what is missing and installs it from package registries.

use crate::command_line::CommandLine;
use crate::npm;
use crate::packages::{self, Package, Privilege, Purpose};
use crate::project::Project;
use std::io::IsTerminal;

/// Installs what `purpose` needs; does and prints next to nothing when everything is there.
pub fn prepare(project: &Project, purpose: Purpose) -> Result<(), String> {
    prepare_packages(project, purpose)?;
    if purpose.needs_ui() { npm::prepare(project) } else { Ok(()) }
}

fn prepare_packages(project: &Project, purpose: Purpose) -> Result<(), String> {
    // GTK, WebKitGTK and the test desktop exist only on Linux; elsewhere the system brings its own web view.
    if project.os != "linux" {
        return Ok(());
    }
    let wanted = packages::wanted(purpose);
    let Ok(report) = CommandLine::new(&project.root, "dpkg-query", packages::DPKG_QUESTION).capture() else {
        return Err(no_apt(&wanted));
    };
    let missing = packages::missing(&wanted, &packages::read_installed(&report));
    if missing.is_empty() {
        println!("Debian packages: all {} are installed.", wanted.len());
        return Ok(());
    }
    println!("Debian packages to install:\n{}", listed(&missing));
    let lines = packages::apt_lines(&missing, privilege(project.is_root, std::io::stdin().is_terminal()));
    lines.iter().try_for_each(|words| command(project, words).run())
}

fn command(project: &Project, words: &[&str]) -> CommandLine {
    let (program, arguments) = words.split_first().unwrap_or((&"", &[]));
    CommandLine::new(&project.root, program, arguments)
}

fn privilege(is_root: bool, has_terminal: bool) -> Privilege {
    match (is_root, has_terminal) {
        (true, _) => Privilege::Root,
        (false, true) => Privilege::Sudo,
        (false, false) => Privilege::SilentSudo,
    }
}

fn no_apt(wanted: &[Package]) -> String {
    format!(
        "This system has no dpkg and apt-get, so packages can't be installed for you.\n\
         Install what corresponds to these Debian packages and run the program's cargo commands by hand \
         (CONTRIBUTING.md):\n{}",
        listed(wanted)
    )
}

fn listed(packages: &[Package]) -> String {
    let width = packages.iter().map(|package| package.name.len()).max().unwrap_or_default();
    let lines = packages.iter().map(|Package { name, why }| format!("  {name:width$}  {why}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_listed_with_their_reasons_in_columns() {
        let packages =
            [Package { name: "xvfb", why: "display" }, Package { name: "openbox", why: "windows" }];
        assert_eq!(listed(&packages), "  xvfb     display\n  openbox  windows");
    }

    #[test]
    fn without_apt_every_wanted_package_is_named() {
        let wanted = packages::wanted(Purpose::Test);
        let message = no_apt(&wanted);
        assert!(wanted.iter().all(|package| message.contains(package.name)), "{message}");
    }

    #[test]
    fn sudo_is_used_only_when_not_root() {
        assert_eq!(privilege(true, true), Privilege::Root);
        assert_eq!(privilege(true, false), Privilege::Root);
        assert_eq!(privilege(false, true), Privilege::Sudo);
        assert_eq!(privilege(false, false), Privilege::SilentSudo);
    }
}
