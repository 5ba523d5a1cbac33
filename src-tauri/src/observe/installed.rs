//! What the next start would run: updates of OpenClaw and node tell nobody (A7).

use crate::model::{Installed, Registered, Registration, Supervised};
use crate::programs;
use crate::system::System;

use super::present;

pub fn of(system: &dyn System, registered: &Registered, supervised: &Supervised) -> Installed {
    Installed {
        version: present(registered).and_then(|found| version(system, found)),
        program_replaced: supervised.pid().is_some_and(|pid| is_replaced(system, pid)),
    }
}

fn version(system: &dyn System, found: &Registration) -> Option<String> {
    found.command.get(1).and_then(|entry| programs::version_of(system, entry))
}

/// The link `/proc/PID/exe` of a deleted program can be followed, but names no file any more (proc(5)).
fn is_replaced(system: &dyn System, pid: u32) -> bool {
    let link = format!("/proc/{pid}/exe");
    system.entry(&link).is_some_and(|program| program.real_path == link)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::process::{Child, Command};

    use super::*;
    use crate::system::os::Os;

    /// A running copy of a program, and the file it runs.
    fn sleeper(folder: &tempfile::TempDir) -> (Child, std::path::PathBuf) {
        let program = folder.path().join("node");
        let copied = Command::new("cp").arg("/bin/sleep").arg(&program).status().unwrap();
        assert!(copied.success());
        (Command::new(&program).arg("600").spawn().unwrap(), program)
    }

    #[test]
    fn a_running_program_whose_file_was_exchanged_is_told_from_one_that_stands() {
        let folder = tempfile::tempdir().unwrap();
        let (mut child, program) = sleeper(&folder);
        let before = is_replaced(&Os::new(None), child.id());
        std::fs::remove_file(&program).unwrap();
        std::fs::write(&program, "another").unwrap();
        let after = is_replaced(&Os::new(None), child.id());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((before, after), (false, true));
    }

    #[test]
    fn a_process_that_is_gone_was_not_replaced() {
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!is_replaced(&Os::new(None), child.id()));
    }
}
