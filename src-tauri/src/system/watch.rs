//! Watches on the real machine; none of them polls. Linux: the bus for units, a pidfd for processes, inotify for files, each as a
//! task of the caller's tokio runtime. macOS: kqueue for processes and files, each in a thread that sleeps in the kernel. A watch
//! ends when its [`Watching`] is dropped.

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;

#[cfg(target_os = "linux")]
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::Sender;

use super::os::Os;
use super::{Hint, Watch, Watching};

#[cfg(target_os = "linux")]
mod alarm;
#[cfg(target_os = "linux")]
mod file;
#[cfg(target_os = "macos")]
mod kqueue;
#[cfg(target_os = "linux")]
mod process;
#[cfg(windows)]
mod process_handle;
#[cfg(any(test, target_os = "macos"))]
mod status;
#[cfg(target_os = "linux")]
mod unit;

pub fn watch(os: &Os, watch: Watch, tell: Sender<Hint>) -> Watching {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return lost(watch, &tell, "no runtime to watch in");
    };
    start(os, &runtime, watch, tell)
}

#[cfg(target_os = "linux")]
fn start(os: &Os, runtime: &tokio::runtime::Handle, watch: Watch, tell: Sender<Hint>) -> Watching {
    let told = Teller { watch: watch.clone(), tell };
    let task = match watch {
        Watch::Unit { unit, scope } => {
            let buses = unit::Buses { addresses: os.addresses(), lines: os.lines() };
            runtime.spawn(unit::watch(buses, unit, scope, told))
        }
        Watch::Process { pid, started } => runtime.spawn(process::watch(pid, started, told)),
        Watch::File { path } => runtime.spawn(file::watch(path, told)),
    };
    Watching::until_dropped(move || task.abort())
}

/// Only a process can be waited for; files and the task's state are looked at on the timer.
#[cfg(windows)]
fn start(_os: &Os, runtime: &tokio::runtime::Handle, watch: Watch, tell: Sender<Hint>) -> Watching {
    match watch {
        Watch::Process { pid, started } => {
            let told = Teller { watch, tell };
            let task = runtime.spawn(process_handle::watch(pid, started, told));
            Watching::until_dropped(move || task.abort())
        }
        Watch::Unit { .. } | Watch::File { .. } => lost(watch, &tell, "no watch of this kind on Windows"),
    }
}

#[cfg(target_os = "macos")]
fn start(_os: &Os, _runtime: &tokio::runtime::Handle, watch: Watch, tell: Sender<Hint>) -> Watching {
    match watch {
        Watch::Process { pid, started } => kqueue::process::watch(pid, started, Teller { watch, tell }),
        Watch::File { ref path } => kqueue::file::watch(path.clone(), Teller { watch, tell }),
        Watch::Unit { .. } => lost(watch, &tell, "units are systemd's"),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn start(_os: &Os, _runtime: &tokio::runtime::Handle, watch: Watch, tell: Sender<Hint>) -> Watching {
    lost(watch, &tell, "no watch of this kind on this system")
}

/// Waits for a moment of the wall clock; `false` where the system has no alarm for that.
#[cfg(target_os = "linux")]
pub async fn alarm(at: jiff::Timestamp) -> bool {
    alarm::wait(at).await.is_ok()
}

#[cfg(not(target_os = "linux"))]
pub async fn alarm(_at: jiff::Timestamp) -> bool {
    false
}

/// Waits for a long while without waking in between; `false` where the system has nothing for that.
#[cfg(target_os = "linux")]
pub async fn rest(duration: std::time::Duration) -> bool {
    alarm::pass(duration).await.is_ok()
}

#[cfg(not(target_os = "linux"))]
pub async fn rest(_duration: std::time::Duration) -> bool {
    false
}

fn lost(watch: Watch, tell: &Sender<Hint>, why: &str) -> Watching {
    let _ = tell.try_send(Hint::Lost { watch, why: why.to_owned() });
    Watching::until_dropped(|| ())
}

/// A descriptor on tokio's reactor.
#[cfg(target_os = "linux")]
// Deprecated as unsound for types that lie about their descriptor or close it early; OwnedFd does neither, and the
// replacement is an unsafe function.
#[allow(deprecated)]
fn on_reactor(descriptor: OwnedFd) -> std::io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(descriptor)
}

/// Start times come from different clocks, each exact to a second.
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
const SAME_START: jiff::SignedDuration = jiff::SignedDuration::from_secs(2);

/// Whether `pid` is still the process that began at `started`. The caller must hold something that keeps the pid from being used
/// again.
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
fn is_the_one(pid: u32, started: Option<jiff::Timestamp>) -> bool {
    let super::Seen::Process(seen) = super::os::process_seen(pid) else { return false };
    match (seen.started, started) {
        (Some(seen), Some(wanted)) => seen.duration_since(wanted).abs() <= SAME_START,
        (Some(_) | None, _) => true,
    }
}

/// Tells hints about one watch.
struct Teller {
    watch: Watch,
    tell: Sender<Hint>,
}

#[cfg(any(target_os = "linux", windows))]
impl Teller {
    async fn changed(&self, exit: Option<crate::model::ExitRecord>) {
        self.send(Hint::Changed { watch: self.watch.clone(), exit }).await;
    }

    async fn watching(&self) {
        self.send(Hint::Watching { watch: self.watch.clone() }).await;
    }

    #[cfg(target_os = "linux")]
    async fn lost(&self, why: String) {
        self.send(Hint::Lost { watch: self.watch.clone(), why }).await;
    }

    /// Nobody listens any more only when the watch is about to be dropped.
    async fn send(&self, hint: Hint) {
        let _ = self.tell.send(hint).await;
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
