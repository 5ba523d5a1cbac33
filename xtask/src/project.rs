//! What is in the repository and what kind of machine it lies on, read once at the start.

use crate::command_line::CommandLine;
use crate::node;
use std::path::{Path, PathBuf};

/// The repository and the machine, as far as the commands' decisions depend on them.
#[derive(Debug, Clone)]
pub struct Project {
    pub root: PathBuf,
    /// Names of the integration tests: `tests/NAME.rs`, sorted.
    pub tests: Vec<String>,
    pub has_ui: bool,
    /// Cargo's target folder; relative to the folder that cargo runs in, unless absolute.
    pub target: PathBuf,
    pub is_root: bool,
    /// `linux`, `macos`, `windows`: as in `std::env::consts::OS`.
    pub os: &'static str,
}

impl Project {
    /// Reads the repository that this program was compiled in.
    pub fn find() -> Result<Self, String> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let Some(root) = manifest.parent() else {
            return Err(format!("{} has no parent folder.", manifest.display()));
        };
        Ok(Self {
            root: root.to_path_buf(),
            tests: integration_tests(&root.join("tests")),
            has_ui: root.join("ui/package.json").is_file(),
            target: std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()).into(),
            is_root: user_is_root(),
            os: std::env::consts::OS,
        })
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where cargo puts `program`: relative to the root, or absolute where `CARGO_TARGET_DIR` is.
    pub fn built(&self, program: &str, is_release: bool) -> PathBuf {
        let profile = if is_release { "release" } else { "debug" };
        self.target.join(profile).join(program)
    }

    /// A cargo command line at the root, with the cargo that started this program.
    pub fn cargo(&self, words: &[&str]) -> CommandLine {
        self.cargo_in(&self.root, words)
    }

    /// The same in another folder.
    pub fn cargo_in(&self, folder: &Path, words: &[&str]) -> CommandLine {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        CommandLine::new(folder, &cargo, words)
    }

    /// A command line in `ui/`.
    pub fn in_ui(&self, program: &str, words: &[&str]) -> CommandLine {
        // vitest goes into watch mode unless it is told that nobody watches.
        let command = CommandLine::new(&self.ui(), program, words).with("CI", "1");
        match node::own_folder(self) {
            Some(folder) => command.finding_first(&folder),
            None => command,
        }
    }
}

fn integration_tests(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| test_name(&entry.path())).collect();
    names.sort();
    names
}

fn test_name(path: &Path) -> Option<String> {
    let is_source = path.extension().is_some_and(|extension| extension == "rs");
    path.file_stem().filter(|_| is_source).map(|stem| stem.to_string_lossy().into_owned())
}

fn user_is_root() -> bool {
    let here = Path::new(".");
    CommandLine::new(here, "id", &["-u"]).capture().is_ok_and(|answer| answer.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_files_are_integration_tests() {
        assert_eq!(test_name(Path::new("tests/real_rig.rs")).as_deref(), Some("real_rig"));
        assert_eq!(test_name(Path::new("tests/rig")), None);
        assert_eq!(test_name(Path::new("tests/README.md")), None);
    }
}
