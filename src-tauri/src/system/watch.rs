//! Watches on the real machine: the bus for units, a pidfd for processes, inotify for files. None of them polls, and none takes
//! a thread of its own.
//!
//! Each runs as a task of the caller's tokio runtime and ends when its [`Watching`] is dropped.

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;

#[cfg(target_os = "linux")]
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::Sender;

use super::os::Os;
use super::{Hint, Watch, Watching};

#[cfg(target_os = "linux")]
mod file;
#[cfg(target_os = "linux")]
mod process;
#[cfg(windows)]
mod process_handle;
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
        Watch::Unit { unit, scope } => runtime.spawn(unit::watch(os.addresses(), unit, scope, told)),
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

#[cfg(not(any(target_os = "linux", windows)))]
fn start(_os: &Os, _runtime: &tokio::runtime::Handle, watch: Watch, tell: Sender<Hint>) -> Watching {
    lost(watch, &tell, "no watch of this kind on this system")
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

/// Tells hints about one watch.
#[cfg(any(target_os = "linux", windows))]
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
