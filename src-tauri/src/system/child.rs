//! The host's hands: a child in a group of its own, its output, the signals that reach the host, and a lock.
//!
//! What differs between systems is in `child/unix.rs` and `child/windows.rs`, which offer the same names.

// Here the machine is touched, so the bans of clippy.toml end here.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;

use tokio::sync::mpsc::UnboundedSender;

use crate::model::Exit;
use crate::problem::{Code, Problem};

mod footprint;
#[cfg(unix)]
mod init;
pub(in crate::system) mod lock;
mod log;
mod offspring;
mod output;
mod stray;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as native;
#[cfg(windows)]
use windows as native;

pub use footprint::give_back_code;
pub use lock::Lock;
pub use log::{Log, set_aside};
pub use native::{Other, interrupt, leave_terminal, reap_orphans};
pub use offspring::{MARK, Offspring};
pub use output::{Capture, Echo};
pub use stray::speaker;

/// Everything a child starts with; nothing is inherited.
#[derive(Clone, PartialEq, Eq)]
pub struct Launch {
    /// Program first.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    pub environment: BTreeMap<String, String>,
}

/// A child of ours. It is not reaped before [`Child::reap`], so that its group's number cannot come to mean another one.
pub struct Child {
    native: native::Child,
    out: Capture,
    err: Capture,
}

/// A child's or another process's end; how, where the system tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub pid: u32,
    pub exit: Option<Exit>,
}

/// A wish that reached the host as a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// SIGTERM, SIGINT; on Windows Ctrl-C, Ctrl-Break and the end of the session.
    Stop,
    /// SIGQUIT: a stop without a drain.
    Force,
    /// SIGHUP; on Windows the console was closed.
    Hangup,
    /// SIGUSR1.
    Restart,
}

/// Where a child's two streams go.
#[derive(Clone)]
pub struct Logs {
    pub out: Stream,
    pub err: Stream,
}

/// One stream's way.
#[derive(Clone)]
pub struct Stream {
    pub log: Log,
    /// It is passed through to the host's own stream as well.
    pub echo: Option<Echo>,
    /// The path of the named pipe it takes, so that a later host can go on reading where this one died.
    pub pipe: String,
}

impl Stream {
    /// Reads on from a pipe that an earlier host made; `None` when it is not there.
    pub fn take_over(&self) -> Option<Capture> {
        native::reopen(&self.pipe).map(|end| Capture::start(end, self.log.clone(), self.echo))
    }
}

impl Child {
    /// Starts the child with an empty standard input; its end is told on `ended`, once.
    ///
    /// # Errors
    /// `ProgramMissing` when it cannot be run, `BadWorkingDir` when its folder is not there; with the system's words.
    pub fn start(launch: &Launch, logs: &Logs, ended: UnboundedSender<Ended>) -> Result<Self, Problem> {
        let (out_end, out) = native::pipe(&logs.out.pipe).map_err(|error| failed(launch, &error))?;
        let (err_end, err) = native::pipe(&logs.err.pipe).map_err(|error| failed(launch, &error))?;
        let native = native::Child::start(launch, out, err, ended).map_err(|error| failed(launch, &error))?;
        Ok(Self {
            native,
            out: Capture::start(out_end, logs.out.log.clone(), logs.out.echo),
            err: Capture::start(err_end, logs.err.log.clone(), logs.err.echo),
        })
    }

    pub fn pid(&self) -> u32 {
        self.native.pid()
    }

    /// Asks the child itself, not its group, to end. Windows knows no such request: there it is killed.
    pub fn terminate(&mut self) {
        self.native.terminate();
    }

    /// Kills what is left of the child's group.
    pub fn kill_group(&mut self) {
        self.native.kill_group();
    }

    /// Lets the system forget the ended child.
    pub fn reap(&mut self) {
        self.native.reap();
    }

    /// Lets what is still in its pipes be read.
    pub async fn settle(&mut self) {
        self.out.settle().await;
        self.err.settle().await;
    }

    /// The last 64 KiB of its standard error so far.
    pub fn words(&self) -> Vec<u8> {
        self.err.tail()
    }
}

fn failed(launch: &Launch, error: &std::io::Error) -> Problem {
    let missing = |path: &&String| !std::path::Path::new(path).is_dir();
    if let Some(path) = launch.working_dir.as_ref().filter(missing) {
        return Problem::new(Code::BadWorkingDir).with("path", path).with("reason", "missing");
    }
    let program = launch.command.first().map(String::as_str).unwrap_or_default();
    Problem::new(Code::ProgramMissing).with("path", program).because(error.to_string())
}

/// Listens for signals from now on; none that arrives after this call is lost or ends the host.
///
/// # Errors
/// `Internal` with the system's words when no listener can be had.
pub fn signals() -> Result<tokio::sync::mpsc::UnboundedReceiver<Asked>, Problem> {
    native::signals().map_err(|error| Problem::new(Code::Internal).because(error.to_string()))
}

/// Starts a program that outlives us and everything we belong to; it inherits all variables but `without`; nobody hears of it again.
///
/// # Errors
/// The system's words when it cannot be started.
pub fn start_apart(call: &crate::plan::Call, without: &[&str]) -> std::io::Result<()> {
    use std::process::Stdio;
    let mut command = std::process::Command::new(call.tool.name());
    command.args(&call.args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    without.iter().for_each(|name| {
        command.env_remove(name);
    });
    native::start_apart(&mut command)
}

/// A host says little; this is years of it, or something is wrong.
const LONGEST_HOST_LOG: u64 = 1024 * 1024;

/// Starts `call` in the background, its standard error appended to the file `log`, and gives the first line it prints; an empty
/// text when it ended without a word.
///
/// # Errors
/// The system's words when it cannot be started, or says nothing before the deadline.
pub async fn first_words(call: &crate::plan::Call, log: &str) -> std::io::Result<String> {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let mut command = tokio::process::Command::new(call.tool.name());
    command.args(&call.args).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped());
    // A host of its own, whoever starts it.
    command.env_remove(MARK);
    native::in_background(&mut command);
    let mut child = command.stderr(host_log(log)?).spawn()?;
    let Some(stdout) = child.stdout.take() else { return Ok(String::new()) };
    let mut line = String::new();
    let mut reader = BufReader::new(stdout);
    tokio::time::timeout(call.deadline, reader.read_line(&mut line)).await??;
    Ok(line.trim().to_owned())
}

/// The file that a host without a terminal speaks into; it begins anew when it is long.
///
/// # Errors
/// The system's words.
pub fn host_log(path: &str) -> std::io::Result<std::fs::File> {
    let is_long = std::fs::metadata(path).is_ok_and(|file| file.len() > LONGEST_HOST_LOG);
    if is_long {
        std::fs::rename(path, format!("{path}.1"))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    lock::owner_only(&mut options);
    options.open(path)
}
