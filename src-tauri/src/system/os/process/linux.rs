//! Processes and listening sockets from procfs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use procfs::process::Process;
use procfs::{CurrentSI, KernelStats};

use self::sockets::{Listening, listening};
use super::starter;
use crate::problem::{Code, Problem};
use crate::system::{ListenerSeen, LoadSeen, ProcessSeen, Seen};

mod sockets;

/// Where a process is read.
pub fn source(pid: u32) -> String {
    format!("/proc/{pid}")
}

pub fn seen(pid: u32) -> Seen {
    let Ok(number) = i32::try_from(pid) else { return Seen::Missing };
    match Process::new(number).map_err(|error| error.to_string()).and_then(|process| describe(&process)) {
        Ok(process) => Seen::Process(process),
        Err(_) if !std::path::Path::new("/proc").join(pid.to_string()).exists() => Seen::Missing,
        Err(cause) => {
            Seen::Failed(Problem::new(Code::ReadFailed).with("path", format!("/proc/{pid}")).because(cause))
        }
    }
}

pub fn load(pid: u32) -> Seen {
    let stat = i32::try_from(pid).ok().and_then(|pid| Process::new(pid).ok()).and_then(|it| it.stat().ok());
    let Some(stat) = stat else { return Seen::Missing };
    let ticks = u32::try_from(procfs::ticks_per_second()).unwrap_or(100).max(1);
    let cpu = std::time::Duration::from_secs(stat.utime + stat.stime) / ticks;
    Seen::Load(LoadSeen { cpu, resident: stat.rss * procfs::page_size() })
}

pub fn naming(words: &[String]) -> Vec<ProcessSeen> {
    let names = |process: &Process| {
        let command = process.cmdline().unwrap_or_default();
        command.iter().any(|part| words.iter().any(|word| part.contains(word.as_str())))
    };
    // The newest first: what was started a moment ago may be gone in another.
    let all = newest_first().filter_map(|pid| Process::new(pid).ok());
    all.filter(names).filter_map(|process| describe(&process).ok()).collect()
}

/// Every listening socket on `port`, IPv4 and IPv6, with its owner where /proc shows it; and where the sockets were read.
///
/// # Errors
/// The system's words when its sockets cannot be read.
pub fn listeners(port: u16) -> Result<(Vec<ListenerSeen>, &'static str), String> {
    let (sockets, source) = listening(port)?;
    let mut owners = if sockets.is_empty() { BTreeMap::new() } else { owners(port, &sockets) };
    let seen = |socket: Listening| {
        let owner = owners.remove(&socket.inode);
        let ancestors = owner.as_ref().map(|process| ancestors(process.parent)).unwrap_or_default();
        ListenerSeen { address: socket.address.to_string(), process: owner, ancestors }
    };
    Ok((sockets.into_iter().map(seen).collect(), source))
}

/// The addresses on which somebody listens on `port`.
pub fn addresses(port: u16) -> Vec<SocketAddr> {
    let (sockets, _) = listening(port).unwrap_or_default();
    sockets.into_iter().map(|socket| socket.address).collect()
}

/// Who held a port when it was last asked for, by port: most often it still does, and nobody else need be looked at.
static LAST_OWNERS: Mutex<BTreeMap<u16, i32>> = Mutex::new(BTreeMap::new());

/// The newest process that holds each inode: a gateway is younger than the system around it, so it is found early. Another
/// account's descriptors are not readable; those stay without an owner.
fn owners(port: u16, sockets: &[Listening]) -> BTreeMap<u64, ProcessSeen> {
    let last = last_owners().get(&port).copied();
    let mut found = BTreeMap::new();
    for pid in last.into_iter().chain(newest_first()) {
        if found.len() == sockets.len() {
            break;
        }
        for inode in held(pid, sockets) {
            if let Some(owner) = owner(pid, inode, sockets) {
                last_owners().insert(port, pid);
                found.entry(inode).or_insert(owner);
            }
        }
    }
    found
}

fn owner(pid: i32, inode: u64, sockets: &[Listening]) -> Option<ProcessSeen> {
    let process = Process::new(pid).ok()?;
    let holds = |process: &Process| held(process.pid, sockets).contains(&inode);
    let forked_from = forked_from(&process, holds);
    // One that has become another program in the meantime has let go.
    let owner = forked_from.as_ref().or_else(|| holds(&process).then_some(&process));
    describe(owner?).ok()
}

fn last_owners() -> MutexGuard<'static, BTreeMap<u16, i32>> {
    LAST_OWNERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first of the same program's processes that has what `process` has. Between fork and exec a child holds everything of its
/// parent's, and a cluster's workers hold its socket for good.
fn forked_from(process: &Process, has: impl Fn(&Process) -> bool) -> Option<Process> {
    let parent_of = |child: &Process| {
        let parent = Process::new(child.stat().ok()?.ppid).ok()?;
        (parent.exe().ok()? == child.exe().ok()? && has(&parent)).then_some(parent)
    };
    let mut first = parent_of(process)?;
    while let Some(parent) = parent_of(&first) {
        first = parent;
    }
    Some(first)
}

fn newest_first() -> impl Iterator<Item = i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut pids: Vec<i32> = pids.collect();
    pids.sort_by_key(|pid| std::cmp::Reverse(*pid));
    pids.into_iter()
}

/// Which of the sockets a process has. Links are read by their names: opening each would take several calls, and there are hundreds.
fn held(pid: i32, sockets: &[Listening]) -> Vec<u64> {
    let entries = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let inodes = entries.filter_map(|entry| inode(std::fs::read_link(entry.path()).ok()?.to_str()?));
    inodes.filter(|inode| sockets.iter().any(|socket| socket.inode == *inode)).collect()
}

/// Reads `socket:[4711]`.
fn inode(link: &str) -> Option<u64> {
    link.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

fn describe(process: &Process) -> Result<ProcessSeen, String> {
    let stat = process.stat().map_err(|error| error.to_string())?;
    let program = process.exe().map(|path| path.display().to_string()).unwrap_or_else(|_| stat.comm.clone());
    Ok(ProcessSeen {
        pid: u32::try_from(process.pid).unwrap_or_default(),
        parent: u32::try_from(stat.ppid).unwrap_or_default(),
        program,
        command: process.cmdline().unwrap_or_default(),
        user: process.uid().map(user_name).unwrap_or_default(),
        started: started(stat.starttime),
        unit: starter(process),
    })
}

fn user_name(uid: u32) -> String {
    uzers::get_user_by_uid(uid).map_or(uid.to_string(), |user| user.name().to_string_lossy().into_owned())
}

/// `ticks` since boot as wall-clock time; exact to the second, as btime is.
fn started(ticks: u64) -> Option<Timestamp> {
    let boot = KernelStats::current().ok()?.btime;
    let seconds = boot + ticks / procfs::ticks_per_second();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

fn ancestors(parent: u32) -> Vec<u32> {
    let mut chain = Vec::new();
    let mut next = parent;
    while next > 1 && chain.len() < 64 {
        chain.push(next);
        let up =
            i32::try_from(next).ok().and_then(|pid| Process::new(pid).ok()).and_then(|it| it.stat().ok());
        next = up.and_then(|stat| u32::try_from(stat.ppid).ok()).unwrap_or_default();
    }
    chain
}

/// What started a process, as an operator would name it: the container it forwards to, its unit, container or app by the cgroup,
/// else by what it descends from, else by what it says itself.
fn starter(process: &Process) -> Option<String> {
    forwards(process)
        .or_else(|| unit_of(process))
        .or_else(|| above(process))
        .or_else(|| starter::said(&mode(process)?))
}

fn forwards(process: &Process) -> Option<String> {
    starter::forwards(&process.stat().ok()?.comm)
}

fn above(process: &Process) -> Option<String> {
    let parent = u32::try_from(process.stat().ok()?.ppid).ok()?;
    let commands = ancestors(parent)
        .into_iter()
        .filter_map(|pid| Process::new(i32::try_from(pid).ok()?).ok()?.cmdline().ok());
    starter::of(&commands.collect::<Vec<_>>())
}

/// The variables that tell of a supervisor; another account's are not shown.
fn mode(process: &Process) -> Option<BTreeMap<String, String>> {
    let text = |text: &std::ffi::OsString| text.to_string_lossy().into_owned();
    Some(process.environ().ok()?.iter().map(|(name, value)| (text(name), text(value))).collect())
}

/// The unit, container or app a process's cgroup names. Sessions and the user manager itself started nothing on purpose.
fn unit_of(process: &Process) -> Option<String> {
    let groups = process.cgroups().ok()?;
    groups
        .into_iter()
        .filter(|group| group.hierarchy == 0 || group.controllers.iter().any(|c| c == "name=systemd"))
        .find_map(|group| unit_in(&group.pathname))
}

fn unit_in(path: &str) -> Option<String> {
    let parts = || path.rsplit('/').filter(|part| !part.is_empty());
    if let Some(container) = parts().find_map(container) {
        return Some(container);
    }
    let last = parts().find(|part| part.ends_with(".service") || is_app(part))?;
    let is_user_manager = last.starts_with("user@") && last.ends_with(".service");
    // A system service may bear the name of the user's.
    let prefix = if path.starts_with("/system.slice/") { "system service " } else { "" };
    (!is_user_manager).then(|| format!("{prefix}{last}"))
}

/// `docker-<id>.scope` (systemd's driver) or `docker/<id>` (the other one): engine and short id, as the engines print it.
fn container(part: &str) -> Option<String> {
    let engines = [
        ("docker-", "docker"),
        ("libpod-", "podman"),
        ("crio-", "cri-o"),
        ("cri-containerd-", "containerd"),
        ("lxc.payload.", "lxc"),
    ];
    let named = engines.iter().find_map(|(prefix, engine)| Some((part.strip_prefix(prefix)?, *engine)));
    let is_bare_id = part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (id, engine) = named.or(is_bare_id.then_some((part, "docker")))?;
    let id: String = id.trim_end_matches(".scope").chars().take(12).collect();
    Some(format!("{engine} container {id}"))
}

/// A desktop application in a scope of its own, such as `app-gnome-ClawX-4711.scope`.
fn is_app(part: &str) -> bool {
    (part.starts_with("app-") || part.starts_with("snap.")) && part.ends_with(".scope")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_read_from_a_cgroup_path() {
        let user = "/user.slice/user-1000.slice/user@1000.service";
        let cases = [
            (format!("{user}/app.slice/openclaw-gateway.service"), Some("openclaw-gateway.service")),
            (format!("{user}/app.slice/openclaw-gateway.service/sub"), Some("openclaw-gateway.service")),
            (format!("{user}/init.scope"), None),
            ("/user.slice/user-1000.slice/session-2.scope".to_owned(), None),
            ("/system.slice/docker-0123456789abcdef.scope".to_owned(), Some("docker container 0123456789ab")),
            ("/machine.slice/libpod-99aa.scope/container".to_owned(), Some("podman container 99aa")),
            (format!("/docker/{}", "ab".repeat(32)), Some("docker container abababababab")),
            (
                "/system.slice/openclaw-gateway.service".to_owned(),
                Some("system service openclaw-gateway.service"),
            ),
            (format!("{user}/app.slice/app-gnome-ClawX-4711.scope"), Some("app-gnome-ClawX-4711.scope")),
            ("/".to_owned(), None),
        ];
        for (path, wanted) in cases {
            assert_eq!(unit_in(&path).as_deref(), wanted, "{path}");
        }
    }

    #[test]
    fn our_own_listener_is_found_with_our_pid() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (found, _) = listeners(listener.local_addr().unwrap().port()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].process.as_ref().map(|process| process.pid), Some(std::process::id()));
        assert!(!found[0].ancestors.is_empty());
    }

    /// Until it runs its own program, a child that is being started holds everything of its parent's.
    #[test]
    fn a_child_that_is_being_started_owns_nothing_of_its_parents() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen_enough = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !seen_enough.load(Ordering::Relaxed) {
                    std::process::Command::new("/bin/true").status().unwrap();
                }
            });
            let owner = || listeners(port).unwrap().0[0].process.as_ref().map(|process| process.pid);
            let owners: std::collections::BTreeSet<_> = (0..100).map(|_| owner()).collect();
            seen_enough.store(true, Ordering::Relaxed);
            assert_eq!(owners, [Some(std::process::id())].into());
        });
    }

    #[test]
    fn our_own_process_is_described() {
        let Seen::Process(own) = seen(std::process::id()) else { panic!() };
        assert!(own.started.is_some_and(|at| at <= Timestamp::now()));
        assert!(!own.command.is_empty());
    }

    #[test]
    fn our_own_process_uses_memory_and_time() {
        let Seen::Load(before) = load(std::process::id()) else { panic!() };
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        let grew = || matches!(load(std::process::id()), Seen::Load(now) if now.cpu > before.cpu);
        while !grew() {
            assert!(std::time::Instant::now() < end);
        }
        assert!(before.resident > 100_000);
    }

    #[test]
    fn a_pid_nobody_has_is_missing() {
        assert_eq!(load(u32::MAX), Seen::Missing);
        assert_eq!(seen(u32::MAX), Seen::Missing);
    }
}
