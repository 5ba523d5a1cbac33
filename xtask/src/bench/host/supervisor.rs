//! The compared supervisors: how each is told to run a worker for ever, to start it again at once, and to keep its output.

use super::worker::Worker;
use crate::rig::processes;
use crate::rig::user_manager::UserManager;
use crate::rig::wait::wait_at_most;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supervisor {
    Gateward,
    Systemd,
    S6,
    Runit,
    Supervisord,
    Pm2,
}

pub const ALL: [Supervisor; 6] = [
    Supervisor::Gateward,
    Supervisor::Systemd,
    Supervisor::S6,
    Supervisor::Runit,
    Supervisor::Supervisord,
    Supervisor::Pm2,
];

/// A log of this size, in bytes, is rotated, where the supervisor can do that.
pub const LOG_SIZE: u64 = 64 * 1024 * 1024;

/// The programs that are not in `/usr/bin`, and the user manager for the one that needs it.
pub struct Tools {
    pub gateward: PathBuf,
    pub pm2: PathBuf,
    pub manager: UserManager,
}

/// A supervisor at work; dropping it ends it with its worker.
pub struct Supervised<'a> {
    supervisor: Supervisor,
    tools: &'a Tools,
    folder: PathBuf,
    children: Vec<Child>,
}

impl Supervisor {
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateward => "gateward run",
            Self::Systemd => "systemd --user",
            Self::S6 => "s6-supervise + s6-log",
            Self::Runit => "runsv + svlogd",
            Self::Supervisord => "supervisord",
            Self::Pm2 => "pm2",
        }
    }

    /// Whether the output goes through it or a logger of its own; otherwise the worker has the file itself.
    pub fn keeps_output(self) -> bool {
        match self {
            Self::Systemd => false,
            Self::Gateward | Self::S6 | Self::Runit | Self::Supervisord | Self::Pm2 => true,
        }
    }

    /// Starts the supervisor over `worker` with everything it writes in `folder`.
    pub fn start<'a>(
        self,
        tools: &'a Tools,
        folder: &Path,
        worker: &Worker,
    ) -> Result<Supervised<'a>, String> {
        let mut supervised =
            Supervised { supervisor: self, tools, folder: folder.into(), children: Vec::new() };
        supervised.prepare(&worker.script).map_err(|error| format!("{}: {error}", self.name()))?;
        supervised.spawn(&worker.script).map_err(|error| format!("{}: {error}", self.name()))?;
        Ok(supervised)
    }
}

impl Supervised<'_> {
    fn prepare(&self, worker: &Path) -> std::io::Result<()> {
        fs::create_dir_all(self.log_folder())?;
        let logs = self.log_folder().display().to_string();
        let worker = worker.display();
        match self.supervisor {
            Supervisor::Gateward | Supervisor::Systemd | Supervisor::Pm2 => Ok(()),
            Supervisor::S6 => self.write_script("service/run", &format!("exec '{worker}'")),
            Supervisor::Runit => {
                fs::write(self.log_folder().join("config"), format!("s{LOG_SIZE}\nn10\n"))?;
                self.write_script("service/log/run", &format!("exec svlogd '{logs}'"))?;
                self.write_script("service/run", &format!("exec '{worker}'"))
            }
            Supervisor::Supervisord => fs::write(self.folder.join("conf"), supervisord(&self.folder, worker)),
        }
    }

    fn write_script(&self, name: &str, line: &str) -> std::io::Result<()> {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        fs::write(&path, format!("#!/bin/sh\n{line}\n"))?;
        fs::set_permissions(&path, Permissions::from_mode(0o755))
    }

    fn spawn(&mut self, worker: &Path) -> std::io::Result<()> {
        let mut command = self.command(worker);
        if self.supervisor == Supervisor::S6 {
            command.stdout(Stdio::piped());
        }
        let mut child = command.spawn()?;
        let output = child.stdout.take();
        self.children.push(child);
        if let Some(output) = output {
            let mut logger = self.program("s6-log");
            logger.arg("n10").arg(format!("s{LOG_SIZE}")).arg(self.log_folder());
            self.children.push(logger.stdin(output).spawn()?);
        }
        Ok(())
    }

    fn command(&self, worker: &Path) -> Command {
        let folder = |name: &str| self.folder.join(name);
        let mut command = match self.supervisor {
            Supervisor::Gateward => self.program(&self.tools.gateward),
            Supervisor::Systemd => self.quiet(self.tools.manager.command("systemd-run")),
            Supervisor::S6 => self.program("s6-supervise"),
            Supervisor::Runit => self.program("runsv"),
            Supervisor::Supervisord => self.program("supervisord"),
            Supervisor::Pm2 => self.program(&self.tools.pm2),
        };
        match self.supervisor {
            Supervisor::Gateward => command
                .args(["run", "--restart-delay=0ms", "--give-up-after=100000"])
                .arg(format!("--log-size={LOG_SIZE}"))
                .arg("--"),
            Supervisor::Systemd => command
                .args(["--user", "--quiet", "--property=Restart=always", "--property=RestartSec=0"])
                .arg("--property=StartLimitIntervalSec=0")
                .arg(format!("--property=StandardOutput=append:{}", self.log_folder().join("log").display()))
                .arg(format!("--unit={}", self.unit())),
            Supervisor::S6 | Supervisor::Runit => return with(command, folder("service")),
            Supervisor::Supervisord => {
                return with(command, format!("--configuration={}", folder("conf").display()));
            }
            Supervisor::Pm2 => command
                .args(["start", "--interpreter=none", "--restart-delay=0", "--output"])
                .arg(self.log_folder().join("log")),
        };
        with(command, worker)
    }

    /// One with a home in the folder, by which its processes are recognised.
    fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(name);
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("HOME", self.folder.join("home"));
        self.quiet(command)
    }

    fn quiet(&self, mut command: Command) -> Command {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("PM2_HOME", self.folder.join("pm2"));
        command
    }

    fn unit(&self) -> String {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        format!("bench-{name}.service")
    }

    pub fn log_folder(&self) -> PathBuf {
        match self.supervisor {
            Supervisor::Gateward => self.folder.join("home/.openclaw/logs"),
            Supervisor::Systemd
            | Supervisor::S6
            | Supervisor::Runit
            | Supervisor::Supervisord
            | Supervisor::Pm2 => self.folder.join("logs"),
        }
    }

    /// The processes that supervise and keep the output, the worker excluded.
    pub fn pids(&self, worker: u32) -> Vec<u32> {
        let mut pids = match self.supervisor {
            Supervisor::Systemd => vec![self.tools.manager.pid()],
            Supervisor::Pm2 => fs::read_to_string(self.folder.join("pm2/pm2.pid"))
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .into_iter()
                .collect(),
            Supervisor::Gateward | Supervisor::S6 | Supervisor::Runit | Supervisor::Supervisord => {
                self.children.iter().map(Child::id).collect()
            }
        };
        if self.supervisor == Supervisor::Runit {
            pids.extend(pids.clone().into_iter().flat_map(processes::children_of));
        }
        pids.retain(|pid| *pid != worker);
        pids
    }
}

fn with(mut command: Command, argument: impl AsRef<std::ffi::OsStr>) -> Command {
    command.arg(argument);
    command
}

fn supervisord(folder: &Path, worker: std::path::Display<'_>) -> String {
    let folder = folder.display();
    format!(
        "[supervisord]\nnodaemon=true\nlogfile={folder}/supervisord.log\npidfile={folder}/pid\n\
         childlogdir={folder}/logs\n\
         [program:worker]\ncommand={worker}\nautorestart=true\nstartsecs=0\n\
         stdout_logfile={folder}/logs/log\nstdout_logfile_maxbytes={LOG_SIZE}\nstdout_logfile_backups=10\n"
    )
}

impl Drop for Supervised<'_> {
    fn drop(&mut self) {
        match self.supervisor {
            Supervisor::Systemd => {
                self.tools.manager.systemctl(&["stop", &self.unit()]);
            }
            Supervisor::Pm2 => {
                let _ = self.program(&self.tools.pm2).arg("kill").status();
            }
            Supervisor::Gateward | Supervisor::S6 | Supervisor::Runit | Supervisor::Supervisord => {
                processes::signal(
                    "TERM",
                    &self.children.first().map(Child::id).into_iter().collect::<Vec<_>>(),
                );
            }
        }
        for child in &mut self.children {
            wait_at_most(Duration::from_secs(5), || child.try_wait().ok().flatten());
            let _ = child.kill();
            let _ = child.wait();
        }
        processes::kill_all(&self.folder);
    }
}
