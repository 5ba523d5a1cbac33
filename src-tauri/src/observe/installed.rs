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
mod tests {
    use super::*;
    use crate::system::scripted::still;

    #[test]
    fn a_program_that_leads_to_no_file_was_replaced_and_one_that_is_not_told_was_not() {
        let system = still();
        assert!(!is_replaced(&*system, 7));
        // Nothing there is a link: what it leads to is itself.
        system.write("/proc/7/exe", b"", 0o755).unwrap();
        assert!(is_replaced(&*system, 7));
    }
}
