//! Children, signals and other processes on POSIX systems.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Asked, Ended, Launch, init};
use crate::model::Exit;

pub struct Child {
    child: std::process::Child,
    reaped: bool,
}

impl Child {
    pub fn start(launch: &Launch, out: File, err: File, ended: UnboundedSender<Ended>) -> io::Result<Self> {
        let program = launch.command.first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(&launch.command[1..]).env_clear().envs(&launch.environment);
        command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        launch.working_dir.iter().for_each(|path| {
            command.current_dir(path);
        });
        let mut child = Self { child: command.spawn()?, reaped: false };
        init::keep(child.pid());
        child.tell_end(ended).inspect_err(|_| {
            child.kill_group();
            child.reap();
        })?;
        Ok(child)
    }

    fn tell_end(&self, ended: UnboundedSender<Ended>) -> io::Result<()> {
        let pid = self.pid();
        let waiting = std::thread::Builder::new().name("wait".to_owned()).stack_size(128 * 1024);
        waiting.spawn(move || {
            let _ = ended.send(Ended { pid, exit: wait(pid) });
        })?;
        Ok(())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn terminate(&mut self) {
        if !self.reaped {
            // One that somebody stopped would not even hear the first one.
            let signals = [Signal::TERM, Signal::CONT];
            signals.into_iter().for_each(|signal| with_pid(self.pid(), |pid| kill_process(pid, signal)));
        }
    }

    /// The leader is not reaped yet, so the number still means this group.
    pub fn kill_group(&mut self) {
        if !self.reaped {
            with_pid(self.pid(), |pid| kill_process_group(pid, Signal::KILL));
        }
    }

    pub fn reap(&mut self) {
        if !self.reaped {
            let _ = self.child.wait();
            init::let_go(self.pid());
            self.reaped = true;
        }
    }
}

/// Waits for a child's end and leaves it to be reaped.
fn wait(pid: u32) -> Option<Exit> {
    let id = WaitId::Pid(number(pid)?);
    loop {
        match waitid(id.clone(), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
            Ok(Some(status)) => {
                return match (status.exit_status(), status.terminating_signal()) {
                    (Some(code), _) => Some(Exit::Code { code }),
                    (None, Some(signal)) => Some(Exit::Signal { signal, core: status.dumped() }),
                    (None, None) => None,
                };
            }
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return None,
        }
    }
}

fn number(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}

fn with_pid(pid: u32, send: impl FnOnce(Pid) -> rustix::io::Result<()>) {
    if let Some(Err(error)) = number(pid).map(send)
        && error != rustix::io::Errno::SRCH
    {
        tracing::warn!(pid, %error, "a signal could not be sent");
    }
}

pub use init::reap_orphans;

pub fn signals() -> io::Result<UnboundedReceiver<Asked>> {
    let (tell, asked) = unbounded_channel();
    let wishes = [
        (SignalKind::terminate(), Some(Asked::Stop)),
        (SignalKind::interrupt(), Some(Asked::Stop)),
        (SignalKind::quit(), Some(Asked::Force)),
        (SignalKind::hangup(), Some(Asked::Hangup)),
        (SignalKind::user_defined1(), Some(Asked::Restart)),
        // Its default is to end the host; OpenClaw's newest generation takes it for a restart of itself (OC 9.1).
        (SignalKind::user_defined2(), None),
    ];
    for (kind, wish) in wishes {
        let mut stream = signal(kind)?;
        let tell = tell.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                wish.iter().for_each(|wish| {
                    let _ = tell.send(*wish);
                });
            }
        });
    }
    Ok(asked)
}

/// Asks a process to end as its terminal would.
///
/// # Errors
/// There is none, or it is another account's.
pub fn interrupt(pid: u32) -> io::Result<()> {
    let pid = number(pid).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(kill_process(pid, Signal::INT)?)
}

/// Makes a program outlive us: its group is its own, so that no end of ours is its.
#[expect(unused_qualifications, reason = "two kinds of Command are in use here")]
pub fn start_apart(command: &mut std::process::Command) -> io::Result<()> {
    use std::os::unix::process::CommandExt;
    command.process_group(0).spawn().map(drop)
}

/// A host in the background leaves its terminal by itself.
pub fn in_background(_command: &mut tokio::process::Command) {}

/// A pipe's two ends, the reading one first: a named one at `path`, or without a name where that cannot be had.
///
/// The child holds both ends of a named one. When the host dies it is not killed by its next line; what it writes waits in the
/// pipe for the next host ([`reopen`]).
pub fn pipe(path: &str) -> io::Result<(File, File)> {
    if let Some(ends) = named_pipe(path) {
        return Ok(ends);
    }
    let (reader, writer) = io::pipe()?;
    Ok((File::from(OwnedFd::from(reader)), File::from(OwnedFd::from(writer))))
}

#[cfg(target_os = "linux")]
fn named_pipe(path: &str) -> Option<(File, File)> {
    use rustix::fs::{CWD, Mode, mkfifoat};
    // An older one may still be written to by a helper that nobody knows any more.
    let _ = std::fs::remove_file(path);
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).ok()?;
    let reader = reopen(path)?;
    let writer = File::options().read(true).write(true).open(path).ok()?;
    // More room for what is said while no host reads; the system may refuse it.
    let _ = rustix::pipe::fcntl_setpipe_size(&writer, 1024 * 1024);
    Some((reader, writer))
}

/// rustix offers no mkfifo(2) here.
#[cfg(not(target_os = "linux"))]
fn named_pipe(_path: &str) -> Option<(File, File)> {
    None
}

/// The reading end of the named pipe at `path`.
pub fn reopen(path: &str) -> Option<File> {
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
    // Opened without waiting for a writer, then read with waiting.
    let wait = rustix::fs::OFlags::NONBLOCK;
    let reader = File::options().read(true).custom_flags(wait.bits().cast_signed()).open(path).ok()?;
    reader.metadata().ok().filter(|meta| meta.file_type().is_fifo())?;
    rustix::fs::fcntl_setfl(&reader, rustix::fs::OFlags::empty()).ok()?;
    Some(reader)
}

/// Puts this process into a session of its own, out of reach of the terminal's end.
pub fn leave_terminal() {
    if let Err(error) = rustix::process::setsid() {
        tracing::debug!(%error, "already a leader of its own");
    }
}

/// A process that is not our child. Open it, prove who it is, and only then act on it.
pub struct Other {
    pid: Pid,
    #[cfg(target_os = "linux")]
    handle: std::sync::Arc<tokio::io::unix::AsyncFd<OwnedFd>>,
}

#[cfg(target_os = "linux")]
impl Other {
    /// Takes hold of the process that has `pid` at this moment; `None` when there is none.
    #[expect(
        deprecated,
        reason = "its successor is unsafe for types that may give another descriptor; OwnedFd doesn't"
    )]
    pub fn open(pid: u32) -> Option<Self> {
        use rustix::process::{PidfdFlags, pidfd_open};
        let pid = number(pid)?;
        let handle = pidfd_open(pid, PidfdFlags::NONBLOCK).ok()?;
        Some(Self { pid, handle: std::sync::Arc::new(tokio::io::unix::AsyncFd::new(handle).ok()?) })
    }

    fn send(&self, signal: Signal) -> io::Result<()> {
        Ok(rustix::process::pidfd_send_signal(self.handle.get_ref(), signal)?)
    }

    /// Kills its group, of which it must be the leader and alive.
    pub fn kill_group(&self) {
        let is_leader = rustix::process::getpgid(Some(self.pid)).is_ok_and(|group| group == self.pid);
        if is_leader {
            with_pid(self.pid.as_raw_nonzero().get().unsigned_abs(), |pid| {
                kill_process_group(pid, Signal::KILL)
            });
        }
        let _ = self.send(Signal::KILL);
    }

    /// Returns when the process has ended.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let handle = std::sync::Arc::clone(&self.handle);
        async move {
            let _ = handle.readable().await;
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Other {
    pub fn open(pid: u32) -> Option<Self> {
        let pid = number(pid)?;
        rustix::process::test_kill_process(pid).ok().map(|()| Self { pid })
    }

    fn send(&self, signal: Signal) -> io::Result<()> {
        Ok(kill_process(self.pid, signal)?)
    }

    pub fn kill_group(&self) {
        if rustix::process::getpgid(Some(self.pid)).is_ok_and(|group| group == self.pid) {
            let _ = kill_process_group(self.pid, Signal::KILL);
        }
        let _ = kill_process(self.pid, Signal::KILL);
    }

    /// There is no handle to wait on here, so it is looked at again and again.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let pid = self.pid;
        async move {
            while rustix::process::test_kill_process(pid).is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        }
    }
}

impl Other {
    /// Asks the process, which must be a host where it is more than a stop. One that has ended needs no asking to end.
    ///
    /// # Errors
    /// The system's words, above all when the process is another account's.
    pub fn ask(&self, asked: Asked) -> io::Result<()> {
        match asked {
            Asked::Stop => unless_gone(self.send(Signal::TERM))?,
            Asked::Force => unless_gone(self.send(Signal::QUIT))?,
            Asked::Hangup => self.send(Signal::HUP)?,
            Asked::Restart => self.send(Signal::USR1)?,
        }
        // So that a suspended one hears it. One that was not may have ended since.
        unless_gone(self.send(Signal::CONT))
    }
}

fn unless_gone(sent: io::Result<()>) -> io::Result<()> {
    let is_gone = |error: &io::Error| error.raw_os_error() == Some(rustix::io::Errno::SRCH.raw_os_error());
    sent.or_else(|error| if is_gone(&error) { Ok(()) } else { Err(error) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_has_ended_needs_no_asking_to_end_and_hears_nothing_else() {
        let mut child = Command::new("sleep").arg("1000").spawn().unwrap();
        let other = Other::open(child.id()).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(other.ask(Asked::Stop).is_ok());
        assert!(other.ask(Asked::Force).is_ok());
        assert_eq!(other.ask(Asked::Restart).unwrap_err().raw_os_error(), Some(3));
    }
}
