//! The folders in which a service finds a person's own tools, and OpenClaw itself: what its `doctor` expects in PATH (OC 10.5).

use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::system::System;

use super::range::Version;
use super::{OpenClaw, described, packages_of, path_folders};

/// Older releases miss a folder in the service's PATH even when it is not there; this one and newer ones mind a version manager's that
/// is not there (seen with 2026.2.9 and 2026.9.6, docs/interplay.md).
const MINDS_ABSENT: Version = Version { parts: [2026, 9, 0], is_full: true };

/// Variables that say where a package manager keeps its programs, and the folder in it.
const TOLD: [(&str, &str); 7] = [
    ("PNPM_HOME", ""),
    ("NPM_CONFIG_PREFIX", "bin"),
    ("BUN_INSTALL", "bin"),
    ("VOLTA_HOME", "bin"),
    ("ASDF_DATA_DIR", "shims"),
    ("NVM_DIR", "current/bin"),
    ("FNM_DIR", "current/bin"),
];

const USUAL: [&str; 3] = [".local/bin", ".npm-global/bin", "bin"];

const MANAGERS: [&str; 6] =
    [".nvm/current/bin", ".fnm/current/bin", ".volta/bin", ".asdf/shims", ".local/share/pnpm", ".bun/bin"];

/// Missed by newer releases only, where they are there.
const NEWER: [&str; 5] = [
    ".local/share/fnm/aliases/default/bin",
    ".local/share/fnm/current/bin",
    ".fnm/aliases/default/bin",
    ".local/share/pnpm/bin",
    ".nix-profile/bin",
];

/// Absolute, for the end of PATH: nothing in them can stand in for a tool of the system's. None on Windows, where PATH is the
/// session's, and only OpenClaw's own on macOS.
pub fn service_folders(system: &dyn System, around: &Surroundings, openclaw: &OpenClaw) -> Vec<String> {
    let own = path_folders(around).into_iter().filter(|folder| leads_to(system, folder, openclaw, around.os));
    match around.os {
        Os::Windows => Vec::new(),
        Os::MacOs => own.collect(),
        Os::Linux => own.chain(of_account(system, around, openclaw)).collect(),
    }
}

/// Whether the `openclaw` in this folder of PATH is the one that runs.
fn leads_to(system: &dyn System, folder: &str, openclaw: &OpenClaw, os: Os) -> bool {
    let launcher = layout::join(folder, &["openclaw"], os);
    let packages = packages_of(system, &launcher, os);
    packages.iter().filter_map(|package| described(system, package, os)).any(|it| it.entry == openclaw.entry)
}

fn of_account(system: &dyn System, around: &Surroundings, openclaw: &OpenClaw) -> Vec<String> {
    let Ok(home) = around.home() else { return Vec::new() };
    let told = TOLD.iter().filter_map(|(name, below)| {
        let base = around.variable(name).filter(|path| layout::is_absolute(path))?;
        let ends = below.is_empty() || base.ends_with(&format!("/{below}"));
        Some(if ends { base.to_owned() } else { layout::join(base, &[below], Os::Linux) })
    });
    let minds = openclaw.version.as_deref().and_then(Version::in_name).is_none_or(|it| it >= MINDS_ABSENT);
    let at_home = |below: &&str| layout::join(home, &[below], Os::Linux);
    let is_there = |path: &String| system.entry(path).is_some_and(|entry| entry.folder);
    let managers = MANAGERS.iter().map(at_home).filter(|path| !minds || is_there(path));
    let newer = NEWER
        .iter()
        .map(at_home)
        .filter(|path| minds && (path.ends_with("nix-profile/bin") || is_there(path)));
    told.chain(USUAL.iter().map(at_home)).chain(managers).chain(newer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::programs::Range;
    use crate::system::scripted::still;

    fn openclaw(version: &str) -> OpenClaw {
        OpenClaw {
            entry: "/opt/lib/node_modules/openclaw/dist/index.js".to_owned(),
            version: Some(version.to_owned()),
            demands: Range::parse(">=22").unwrap(),
            stable: true,
        }
    }

    fn folders(version: &str, variables: &[(&str, &str)], there: &[&str]) -> Vec<String> {
        let system = still();
        system.with(|machine, _| there.iter().for_each(|path| machine.write(path, b"", 0o755).unwrap()));
        service_folders(&*system, &around(variables), &openclaw(version))
    }

    #[test]
    fn an_older_release_gets_all_that_it_would_miss() {
        let found = folders("2026.2.9", &[], &[]);
        let wanted = USUAL.iter().chain(&MANAGERS).map(|below| format!("/home/anna/{below}"));
        assert_eq!(found, wanted.collect::<Vec<_>>());
    }

    #[test]
    fn a_newer_one_gets_a_version_managers_only_where_it_is() {
        let found = folders("2026.9.6", &[], &["/home/anna/.volta/bin/node"]);
        let wanted = [".local/bin", ".npm-global/bin", "bin", ".volta/bin", ".nix-profile/bin"];
        assert_eq!(found, wanted.map(|below| format!("/home/anna/{below}")));
    }

    #[test]
    fn what_the_session_says_of_its_package_managers_is_taken() {
        let told = [("PNPM_HOME", "/p"), ("VOLTA_HOME", "/v"), ("BUN_INSTALL", "/b/bin"), ("NVM_DIR", "n")];
        let found = folders("2026.9.6", &told, &[]);
        assert_eq!(found[..3], ["/p", "/b/bin", "/v/bin"]);
        assert!(!found.iter().any(|path| path.starts_with('n')), "{found:?}");
    }
}
