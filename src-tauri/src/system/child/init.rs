//! What process 1 of a container owes its system: whatever loses its parent becomes its child and must be reaped when it ends,
//! or it stays as a zombie for as long as the container lives.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, WaitOptions, waitpid};
use tokio::signal::unix::{SignalKind, signal};

/// The children that somebody else waits for.
static OURS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// From here on `pid` is left to whoever started it.
pub fn keep(pid: u32) {
    OURS.lock().unwrap_or_else(PoisonError::into_inner).insert(pid);
}

pub fn let_go(pid: u32) {
    OURS.lock().unwrap_or_else(PoisonError::into_inner).remove(&pid);
}

/// Reaps orphans as they end, where this is process 1.
///
/// On the thread that starts children, so that it never sees one between its start and [`keep`].
pub fn reap_orphans() {
    if std::process::id() != 1 {
        return;
    }
    tokio::spawn(async {
        let Ok(mut ends) = signal(SignalKind::child()) else { return };
        while ends.recv().await.is_some() {
            orphans().for_each(reap);
        }
    });
}

fn orphans() -> impl Iterator<Item = u32> {
    let ours = OURS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(move |pid| !ours.contains(pid) && is_orphaned_zombie(*pid))
}

/// Fields 3 and 4 of proc_pid_stat(5); the program's name before them may hold brackets.
fn is_orphaned_zombie(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with("Z 1 "))
}

fn reap(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = waitpid(Some(pid), WaitOptions::NOHANG);
    }
}
