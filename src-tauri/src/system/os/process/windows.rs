//! Processes and listening sockets of Windows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind, Users};

use crate::system::{ListenerSeen, ProcessSeen, Seen};

pub fn seen(pid: u32) -> Seen {
    let system = looked_at(ProcessesToUpdate::Some(&[Pid::from_u32(pid)]), everything());
    system.process(Pid::from_u32(pid)).map_or(Seen::Missing, |process| Seen::Process(described(process)))
}

fn everything() -> ProcessRefreshKind {
    ProcessRefreshKind::nothing()
        .with_cmd(UpdateKind::Always)
        .with_exe(UpdateKind::Always)
        .with_user(UpdateKind::Always)
}

fn looked_at(which: ProcessesToUpdate<'_>, how: ProcessRefreshKind) -> System {
    let mut system = System::new();
    system.refresh_processes_specifics(which, true, how);
    system
}

fn described(process: &Process) -> ProcessSeen {
    let text = |part: &std::ffi::OsStr| part.to_string_lossy().into_owned();
    let program = process.exe().map_or_else(|| text(process.name()), |path| path.display().to_string());
    ProcessSeen {
        pid: process.pid().as_u32(),
        parent: process.parent().map_or(0, Pid::as_u32),
        program,
        command: process.cmd().iter().map(|word| text(word)).collect(),
        user: process.user_id().and_then(name_of).unwrap_or_default(),
        started: started(process),
        unit: None,
    }
}

fn name_of(user: &sysinfo::Uid) -> Option<String> {
    let users = Users::new_with_refreshed_list();
    users.get_user_by_id(user).map(|user| user.name().to_owned())
}

/// Exact to the second.
fn started(process: &Process) -> Option<Timestamp> {
    let seconds = i64::try_from(process.start_time()).ok().filter(|seconds| *seconds > 0)?;
    Timestamp::from_second(seconds).ok()
}

pub fn listeners(port: u16) -> Result<Vec<ListenerSeen>, String> {
    let all = listeners::get_all().map_err(|error| error.to_string())?;
    let ours = all.into_iter().filter(|listener| {
        listener.socket.port() == port
            && listener.protocol == listeners::Protocol::TCP
            && is_listening(listener)
    });
    let mut found: Vec<ListenerSeen> = ours.map(|listener| owner(&listener)).collect();
    found.sort_by(|one, other| one.address.cmp(&other.address));
    Ok(found)
}

fn is_listening(listener: &listeners::Listener) -> bool {
    listener.state == listeners::SocketState::Listen
}

fn owner(listener: &listeners::Listener) -> ListenerSeen {
    let process = match seen(listener.process.pid) {
        Seen::Process(process) => Some(process),
        _ => None,
    };
    ListenerSeen {
        address: listener.socket.to_string(),
        ancestors: process.as_ref().map(|process| ancestors(process.parent)).unwrap_or_default(),
        process,
    }
}

/// Parents by pid, with their start: Windows keeps the pid of a parent that is long gone and somebody else's by now.
struct Family(BTreeMap<u32, (u32, u64)>);

impl Family {
    fn now() -> Self {
        let system = looked_at(ProcessesToUpdate::All, ProcessRefreshKind::nothing());
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

fn ancestors(parent: u32) -> Vec<u32> {
    let family = Family::now();
    let first = Some(parent).filter(|pid| *pid != 0);
    std::iter::successors(first, |pid| family.parent(*pid)).take(64).collect()
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
