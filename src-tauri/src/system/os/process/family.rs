//! Who started whom on Windows.

use std::collections::BTreeMap;

use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System};

/// Parents by pid, with their start: Windows keeps the pid of a parent that is long gone and somebody else's by now.
struct Family(BTreeMap<u32, (u32, u64)>);

impl Family {
    fn now() -> Self {
        let mut system = System::new();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, ProcessRefreshKind::nothing());
        let parent = |process: &Process| process.parent().map_or(0, Pid::as_u32);
        let all = system.processes().iter();
        Self(all.map(|(pid, process)| (pid.as_u32(), (parent(process), process.start_time()))).collect())
    }

    fn parent(&self, pid: u32) -> Option<u32> {
        let (parent, born) = self.0.get(&pid)?;
        let (_, older) = self.0.get(parent)?;
        (older <= born && *parent != pid && *parent != 0).then_some(*parent)
    }
}

/// What a process started, and what those did; the youngest first.
pub fn descendants(of: u32) -> Vec<u32> {
    let family = Family::now();
    let is_below = |pid: &u32| {
        std::iter::successors(family.parent(*pid), |up| family.parent(*up)).take(64).any(|up| up == of)
    };
    let mut below: Vec<u32> = family.0.keys().copied().filter(is_below).collect();
    below.sort_by_key(|pid| std::cmp::Reverse(family.0.get(pid).map(|(_, born)| *born)));
    below
}
