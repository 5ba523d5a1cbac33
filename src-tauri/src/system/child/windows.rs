//! Children, signals and other processes on Windows. The Job object that holds grandchildren too is still to come.

use std::fs::File;
use std::io;
use std::os::windows::io::OwnedHandle;
use std::process::Stdio;

use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Asked, Ended, Launch};
use crate::model::Exit;

const CREATE_NO_WINDOW: u32 = 0x0800_0000;

pub struct Child {
    pid: u32,
    kill: UnboundedSender<()>,
}

impl Child {
    pub fn start(launch: &Launch, out: File, err: File, ended: UnboundedSender<Ended>) -> io::Result<Self> {
        let program = launch.command.first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(&launch.command[1..]).env_clear().envs(&launch.environment);
        command.stdin(Stdio::null()).stdout(out).stderr(err).creation_flags(CREATE_NO_WINDOW);
        launch.working_dir.iter().for_each(|path| {
            command.current_dir(path);
        });
        let child = command.spawn()?;
        let pid = child.id().unwrap_or_default();
        let (kill, wanted) = unbounded_channel();
        tokio::spawn(watch(child, pid, wanted, ended));
        Ok(Self { pid, kill })
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    pub fn terminate(&mut self) {
        let _ = self.kill.send(());
    }

    pub fn kill_group(&mut self) {
        let _ = self.kill.send(());
    }

    pub fn reap(&mut self) {}
}

async fn watch(
    mut child: tokio::process::Child,
    pid: u32,
    mut wanted: UnboundedReceiver<()>,
    ended: UnboundedSender<Ended>,
) {
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            Some(()) = wanted.recv() => {
                let _ = child.start_kill();
            }
        }
    };
    let exit = status.ok().and_then(|status| status.code()).map(|code| Exit::Code { code });
    let _ = ended.send(Ended { pid, exit });
}

pub fn signals() -> io::Result<UnboundedReceiver<Asked>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
    let (tell, asked) = unbounded_channel();
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
    Ok(asked)
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

/// A process that is not our child. Nothing here can prove one yet, so none is ever acted on.
pub struct Other {}

impl Other {
    pub fn open(_pid: u32) -> Option<Self> {
        None
    }

    pub fn ask(&self, _asked: Asked) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn kill_group(&self) {}

    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        std::future::ready(())
    }
}
