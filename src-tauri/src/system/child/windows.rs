//! Children, signals and other processes on Windows.
//!
//! A child runs in a Job object, without a window but with a console of its own, so that Ctrl-C can reach it. Windows has no signals:
//! hosts are asked through a pipe that only their own account can open.

use std::fs::File;
use std::io;
use std::os::windows::io::OwnedHandle;
use std::process::Stdio;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::windows::named_pipe::NamedPipeServer;
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Asked, Ended, Launch};
use crate::model::Exit;
use crate::system::os::descendants;
use crate::system::windows::job::Job;
use crate::system::windows::{console, pipe, process, session};

const CREATE_SUSPENDED: u32 = 0x0000_0004;
const CREATE_BREAKAWAY_FROM_JOB: u32 = 0x0100_0000;
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

pub struct Child {
    pid: u32,
    job: Job,
}

impl Child {
    pub fn start(launch: &Launch, out: File, err: File, ended: UnboundedSender<Ended>) -> io::Result<Self> {
        let program = launch.command.first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(&launch.command[1..]).env_clear().envs(&launch.environment);
        command.stdin(Stdio::null()).stdout(out).stderr(err).kill_on_drop(true);
        command.creation_flags(CREATE_NO_WINDOW | CREATE_SUSPENDED);
        launch.working_dir.iter().for_each(|path| {
            command.current_dir(path);
        });
        let job = Job::new()?;
        let child = command.spawn()?;
        let pid = child.id().unwrap_or_default();
        job.adopt(pid)?;
        tokio::spawn(watch(child, pid, ended));
        Ok(Self { pid, job })
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Ctrl-C, which Node's programs see as SIGINT.
    pub fn terminate(&mut self) {
        ask_to_end(self.pid);
    }

    pub fn kill_group(&mut self) {
        self.job.kill();
    }

    pub fn reap(&mut self) {}
}

async fn watch(mut child: tokio::process::Child, pid: u32, ended: UnboundedSender<Ended>) {
    let status = child.wait().await;
    let exit = status.ok().and_then(|status| status.code()).map(|code| Exit::Code { code });
    let _ = ended.send(Ended { pid, exit });
}

/// By a helper: whoever sends Ctrl-C to another console has to leave its own first.
fn ask_to_end(pid: u32) {
    let helper = || -> io::Result<()> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["run", "--interrupt", &pid.to_string()]).creation_flags(CREATE_NO_WINDOW);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
    };
    if let Err(error) = helper() {
        tracing::warn!(pid, %error, "the gateway could not be asked to end");
    }
}

/// On a thread of its own: a host that hangs would hold the read for ever.
fn say(pid: u32, word: &'static str) -> io::Result<()> {
    let (tell, told) = mpsc::channel();
    std::thread::Builder::new().name("ask".to_owned()).spawn(move || {
        let _ = tell.send(pipe::say(&door(pid), pid, word));
    })?;
    let answer = told.recv_timeout(PATIENCE).unwrap_or(Err(io::ErrorKind::TimedOut.into()))?;
    match answer == HEARD {
        true => Ok(()),
        false => Err(io::ErrorKind::ConnectionRefused.into()),
    }
}

pub fn interrupt(pid: u32) -> io::Result<()> {
    console::interrupt(pid)
}

/// What can be asked of a host from outside, and the word for it.
const WISHES: [(Asked, &str); 3] =
    [(Asked::Stop, "stop"), (Asked::Force, "force"), (Asked::Restart, "restart")];

/// What a host answers.
const HEARD: &str = "heard";

/// How long each side waits for the other's word.
const PATIENCE: Duration = Duration::from_secs(5);

fn door(pid: u32) -> String {
    format!(r"\\.\pipe\gateward-host-{pid}")
}

pub fn signals() -> io::Result<UnboundedReceiver<Asked>> {
    let (tell, asked) = unbounded_channel();
    by_pipe(tell.clone())?;
    let ending = tell.clone();
    session::watch(move |how| {
        let _ = ending.send(match how {
            session::Ending::Near => Asked::Stop,
            session::Ending::Here => Asked::Force,
        });
    });
    by_console(tell)?;
    Ok(asked)
}

fn by_pipe(tell: UnboundedSender<Asked>) -> io::Result<()> {
    let name = door(std::process::id());
    let mut open = pipe::open(&name, true)?;
    tokio::spawn(async move {
        while open.connect().await.is_ok() {
            // The next visitor must find a door while this one is heard.
            let Ok(next) = pipe::open(&name, false) else { break };
            let visitor = std::mem::replace(&mut open, next);
            tokio::spawn(hear(visitor, tell.clone()));
        }
        tracing::warn!("the host cannot be asked for anything any more");
    });
    Ok(())
}

async fn hear(mut visitor: NamedPipeServer, tell: UnboundedSender<Asked>) {
    match tokio::time::timeout(PATIENCE, heard(&mut visitor, &tell)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "somebody at the host's pipe was not heard"),
        Err(_) => tracing::warn!("somebody at the host's pipe said nothing"),
    }
}

async fn heard(visitor: &mut NamedPipeServer, tell: &UnboundedSender<Asked>) -> io::Result<()> {
    let mut word = [0; 16];
    let length = visitor.read(&mut word).await?;
    if !pipe::is_own_account(visitor)? {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let meant = |(_, wish): &&(Asked, &str)| wish.as_bytes() == &word[..length];
    let (asked, _) = WISHES.iter().find(meant).ok_or(io::ErrorKind::InvalidData)?;
    let _ = tell.send(*asked);
    visitor.write_all(HEARD.as_bytes()).await
}

fn by_console(tell: UnboundedSender<Asked>) -> io::Result<()> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
    let (mut c, mut brk, mut close) = (ctrl_c()?, ctrl_break()?, ctrl_close()?);
    let (mut logoff, mut shutdown) = (ctrl_logoff()?, ctrl_shutdown()?);
    tokio::spawn(async move {
        loop {
            let wish = tokio::select! {
                _ = c.recv() => Asked::Stop,
                _ = brk.recv() => Asked::Stop,
                _ = logoff.recv() => Asked::Stop,
                _ = shutdown.recv() => Asked::Stop,
                _ = close.recv() => Asked::Hangup,
            };
            if tell.send(wish).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// A pipe's two ends, the reading one first. It has no name here: a gateway ends with its host's Job object, so that no later
/// host could read on.
pub fn pipe(_path: &str) -> io::Result<(File, File)> {
    let (reader, writer) = io::pipe()?;
    Ok((File::from(OwnedHandle::from(reader)), File::from(OwnedHandle::from(writer))))
}

pub fn reopen(_path: &str) -> Option<File> {
    None
}

pub fn leave_terminal() {}

pub fn reap_orphans() {}

/// Makes a program outlive us, and the job we are in; where that may not be left, it runs inside.
pub fn start_apart(command: &mut std::process::Command) -> io::Result<()> {
    use std::os::windows::process::CommandExt;
    command.creation_flags(CREATE_NO_WINDOW | CREATE_BREAKAWAY_FROM_JOB);
    if command.spawn().is_ok() {
        return Ok(());
    }
    command.creation_flags(CREATE_NO_WINDOW).spawn().map(drop)
}

/// Without a window of its own, and out of reach of this one's end.
pub fn in_background(command: &mut Command) {
    command.creation_flags(CREATE_NO_WINDOW);
}

/// A process that is not our child. Open it, prove who it is, and only then act on it.
pub struct Other {
    pid: u32,
    handle: Arc<OwnedHandle>,
}

impl Other {
    pub fn open(pid: u32) -> Option<Self> {
        let handle = process::open(pid).ok().filter(|handle| !process::has_ended(handle))?;
        Some(Self { pid, handle: Arc::new(handle) })
    }

    /// A host has a pipe for it; anything else gets Ctrl-C, which is all that it understands.
    ///
    /// # Errors
    /// `Unsupported` for a wish that nobody but a host understands; `TimedOut` when a host says nothing; the system's words.
    pub fn ask(&self, asked: Asked) -> io::Result<()> {
        let wish = WISHES.iter().find(|(wish, _)| *wish == asked).map(|(_, word)| *word);
        let told = wish.map_or(Err(io::ErrorKind::Unsupported.into()), |word| say(self.pid, word));
        match (told, asked) {
            (Err(error), Asked::Stop) if error.kind() == io::ErrorKind::NotFound => {
                ask_to_end(self.pid);
                Ok(())
            }
            (Err(error), _) if error.kind() == io::ErrorKind::NotFound => {
                Err(io::ErrorKind::Unsupported.into())
            }
            (told, _) => told,
        }
    }

    /// Kills it with everything it started that is younger than itself.
    pub fn kill_group(&self) {
        for pid in descendants(self.pid).into_iter().chain([self.pid]) {
            if let Err(error) = process::kill(pid) {
                tracing::debug!(pid, %error, "it could not be killed");
            }
        }
    }

    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let handle = Arc::clone(&self.handle);
        async move {
            let (tell, told) = tokio::sync::oneshot::channel();
            // Not on tokio's pool: its threads are waited for when we end.
            let waiting = std::thread::Builder::new().name("wait".to_owned()).spawn(move || {
                process::wait(&handle);
                let _ = tell.send(());
            });
            if waiting.is_ok() {
                let _ = told.await;
            }
        }
    }
}
