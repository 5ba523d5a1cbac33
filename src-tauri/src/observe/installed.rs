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

/// A link under `/proc` whose file is gone leads nowhere, although the process is there (proc(5)).
fn is_replaced(system: &dyn System, pid: u32) -> bool {
    let leads = |path: &str| system.entry(path).is_some();
    leads(&format!("/proc/{pid}/status")) && !leads(&format!("/proc/{pid}/exe"))
}
