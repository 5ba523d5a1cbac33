//! Processes and listening sockets where there is no procfs: libproc and sysctl on macOS, the Windows API.

use std::collections::BTreeMap;

use jiff::Timestamp;
#[cfg(not(windows))]
use listeners::{Protocol, SocketState};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use super::starter;
use crate::system::{ListenerSeen, LoadSeen, ProcessSeen, Seen};

/// Where listeners are read.
const PORTS: &str = "the system's sockets";

/// Where a process is read.
#[cfg(not(target_os = "linux"))]
pub fn source(pid: u32) -> String {
    format!("process {pid}")
}

pub fn seen(pid: u32) -> Seen {
    looked_at(pid).map_or(Seen::Missing, |(process, _)| Seen::Process(process))
}

pub fn load(pid: u32) -> Seen {
    let pid = Pid::from_u32(pid);
    let mut system = System::new();
    let facts = ProcessRefreshKind::nothing().with_cpu().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, facts);
    let used = |process: &Process| LoadSeen {
        cpu: std::time::Duration::from_millis(process.accumulated_cpu_time()),
        resident: process.memory(),
    };
    system.process(pid).map_or(Seen::Missing, |process| Seen::Load(used(process)))
}

/// A process's environment, as far as the system shows it.
type Variables = BTreeMap<String, String>;

/// Every listening TCP socket on `port` whose owner the system shows to this account.
///
/// # Errors
/// The system's words when the processes cannot be listed.
#[cfg(windows)]
pub fn listeners(port: u16) -> Result<(Vec<ListenerSeen>, &'static str), String> {
    let found = crate::system::windows::sockets::listening(port).map_err(|error| error.to_string())?;
    Ok((found.into_iter().map(|(address, pid)| listener(address.to_string(), pid)).collect(), PORTS))
}

/// Every listening TCP socket on `port` whose owner the system shows to this account.
///
/// # Errors
/// The system's words when the processes cannot be listed.
#[cfg(not(windows))]
pub fn listeners(port: u16) -> Result<(Vec<ListenerSeen>, &'static str), String> {
    let all = listeners::get_all().map_err(|error| error.to_string())?;
    let wanted = all.into_iter().filter(|found| {
        found.protocol == Protocol::TCP && found.state == SocketState::Listen && found.socket.port() == port
    });
    Ok((wanted.map(|found| listener(found.socket.to_string(), found.process.pid)).collect(), PORTS))
}

fn listener(address: String, pid: u32) -> ListenerSeen {
    let Some((process, variables)) = looked_at(pid) else {
        return ListenerSeen { address, process: None, ancestors: Vec::new() };
    };
    let (ancestors, commands): (Vec<_>, Vec<_>) = ancestors(&process).into_iter().unzip();
    let unit = starter::forwards(&process.program)
        .or_else(|| starter::of(&commands))
        .or_else(|| registered(&process, &ancestors, &variables, &commands))
        .or(process.unit.clone());
    ListenerSeen { address, process: Some(ProcessSeen { unit, ..process }), ancestors }
}

/// The job of launchd's that it belongs to.
#[cfg(not(windows))]
fn registered(_: &ProcessSeen, _: &[u32], variables: &Variables, commands: &[Vec<String>]) -> Option<String> {
    starter::job(variables, commands)
}

/// The task or service that it belongs to. Of what our host has started nobody need be asked.
#[cfg(windows)]
fn registered(
    process: &ProcessSeen,
    ancestors: &[u32],
    variables: &Variables,
    _: &[Vec<String>],
) -> Option<String> {
    use crate::system::windows::{scheduler, services};
    if starter::is_hosted(variables) {
        return None;
    }
    let chain = [&[process.pid], ancestors].concat();
    let [tasks, services] = [scheduler::running(), services::running()].map(Result::unwrap_or_default);
    starter::within(&chain, &tasks, &services)
}

/// Pids and command lines, nearest first. A parent that is younger than its child has only got the pid of the real one.
fn ancestors(of: &ProcessSeen) -> Vec<(u32, Vec<String>)> {
    let mut chain: Vec<(u32, Vec<String>)> = Vec::new();
    let (mut next, mut born) = (of.parent, of.started);
    while next > 1 && chain.len() < 64 && !chain.iter().any(|(pid, _)| *pid == next) {
        let process = looked_at(next).map(|(process, _)| process);
        let started = process.as_ref().and_then(|process| process.started);
        if started.zip(born).is_some_and(|(parent, child)| parent > child) {
            break;
        }
        let above = process.as_ref().map_or(0, |process| process.parent);
        chain.push((next, process.map(|process| process.command).unwrap_or_default()));
        (next, born) = (above, started);
    }
    chain
}

fn looked_at(pid: u32) -> Option<(ProcessSeen, Variables)> {
    let pid = Pid::from_u32(pid);
    let facts = ProcessRefreshKind::nothing()
        .with_cmd(UpdateKind::Always)
        .with_environ(UpdateKind::Always)
        .with_exe(UpdateKind::Always)
        .with_user(UpdateKind::Always);
    let mut system = System::new();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, facts);
    system.process(pid).map(described)
}

fn described(process: &Process) -> (ProcessSeen, Variables) {
    let variables = variables(process);
    let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
    let program = process.exe().map_or_else(|| process.name(), |path| path.as_os_str());
    let seen = ProcessSeen {
        pid: process.pid().as_u32(),
        parent: process.parent().map(Pid::as_u32).unwrap_or_default(),
        program: text(program),
        command: process.cmd().iter().map(|word| text(word)).collect(),
        user: user(process),
        started: started(process.start_time()),
        unit: starter::said(&variables),
    };
    (seen, variables)
}

fn variables(process: &Process) -> Variables {
    let text = process.environ().iter().map(|line| line.to_string_lossy().into_owned());
    text.filter_map(|line| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())))
        .collect()
}

/// `seconds` since the epoch; 0 where the system keeps it to itself.
fn started(seconds: u64) -> Option<Timestamp> {
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    Timestamp::from_second(seconds).ok()
}

#[cfg(unix)]
fn user(process: &Process) -> String {
    let name = |uid: u32| {
        uzers::get_user_by_uid(uid).map_or(uid.to_string(), |user| user.name().to_string_lossy().into_owned())
    };
    process.user_id().map(|uid| name(**uid)).unwrap_or_default()
}

/// Asked for one by one: the list of all accounts is long in a domain, and wine cannot make it.
#[cfg(windows)]
fn user(process: &Process) -> String {
    let name = |sid: String| crate::system::windows::security::account_name(&sid).unwrap_or(sid);
    process.user_id().map(|id| name((**id).to_string())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On Linux the kernel's own tables are the second opinion.
    #[cfg(target_os = "linux")]
    #[test]
    fn both_routes_to_a_process_and_its_listener_see_the_same() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let [found] = listeners(port).unwrap().0.try_into().unwrap();
        let [wanted] = super::super::listeners(port).unwrap().0.try_into().unwrap();
        let without_cgroup = |seen: Option<ProcessSeen>| seen.map(|seen| ProcessSeen { unit: None, ..seen });
        assert_eq!(
            (found.address, without_cgroup(found.process), found.ancestors),
            (wanted.address, without_cgroup(wanted.process), wanted.ancestors)
        );
    }

    #[test]
    fn our_own_process_uses_memory() {
        assert!(matches!(load(std::process::id()), Seen::Load(used) if used.resident > 100_000));
    }

    #[test]
    fn a_pid_nobody_has_is_missing() {
        assert_eq!(seen(u32::try_from(i32::MAX).unwrap()), Seen::Missing);
    }

    #[test]
    fn a_port_nobody_holds_has_no_listener() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        drop(socket);
        assert_eq!(listeners(port).unwrap().0, []);
    }
}
