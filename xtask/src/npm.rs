//! The npm packages of `ui/`: installed when the lock file is another than at the last installation.

use crate::command_line::CommandLine;
use crate::node;
use crate::project::Project;
use std::fs;
use std::path::Path;

pub const NO_UI: &str = "ui/package.json is missing: there is no window to build or test.";

/// A copy of the lock file that `node_modules` was installed from.
const STAMP: &str = "node_modules/.installed-lock.json";

pub fn prepare(project: &Project) -> Result<(), String> {
    if !project.has_ui {
        println!("npm packages: {NO_UI}");
        return Ok(());
    }
    node::prepare(project)?;
    let ui = project.ui();
    let Some(command) = install_command(lock(&ui).as_deref(), fs::read(ui.join(STAMP)).ok().as_deref())
    else {
        println!("npm packages: up to date.");
        return Ok(());
    };
    println!("npm packages of ui/ to install: see ui/package.json.");
    run(&project.in_ui("npm", &[command, "--no-audit", "--no-fund"]))?;
    remember(&ui)
}

/// `npm install WORDS` in `folder`.
pub fn installing(folder: &Path, words: &[&str]) -> CommandLine {
    CommandLine::new(folder, "npm", &[&["install", "--no-audit", "--no-fund"], words].concat())
}

/// # Errors
/// As [`CommandLine::run`], with where npm comes from.
pub fn run(command: &CommandLine) -> Result<(), String> {
    command.run().map_err(|failure| format!("{failure}\n{}", node::HINT))
}

/// `None` when nothing is to be done.
fn install_command(lock: Option<&[u8]>, stamp: Option<&[u8]>) -> Option<&'static str> {
    match (lock, stamp) {
        (None, _) => Some("install"),
        (Some(lock), Some(stamp)) if lock == stamp => None,
        (Some(_), _) => Some("ci"),
    }
}

fn remember(ui: &Path) -> Result<(), String> {
    let Some(lock) = lock(ui) else { return Ok(()) };
    fs::write(ui.join(STAMP), lock).map_err(|error| format!("{STAMP} could not be written: {error}."))
}

fn lock(ui: &Path) -> Option<Vec<u8>> {
    fs::read(ui.join("package-lock.json")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_lock_file_installs_nothing() {
        assert_eq!(install_command(Some(b"a"), Some(b"a")), None);
    }

    #[test]
    fn a_changed_lock_file_or_a_fresh_checkout_installs_exactly_the_lock_file() {
        assert_eq!(install_command(Some(b"b"), Some(b"a")), Some("ci"));
        assert_eq!(install_command(Some(b"b"), None), Some("ci"));
    }

    #[test]
    fn without_a_lock_file_npm_resolves_by_itself() {
        assert_eq!(install_command(None, None), Some("install"));
    }
}
