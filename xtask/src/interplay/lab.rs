//! A whole systemd in namespaces of its own, and an account on it (xtask/interplay/lab says how).

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::rig::wait::wait_at_most;
use crate::rig::{cgroup, folder, processes};

const USER: &str = "claw";
const ID: &str = "4711";
const PATIENCE: Duration = Duration::from_secs(120);
/// The slowest command, on a busy machine.
const LONGEST: &str = "300";

/// Dropping it ends everything in it.
pub struct Lab {
    folder: PathBuf,
    leaves: Vec<PathBuf>,
    daemon: Child,
    /// Its process 1, as this machine numbers it.
    init: u32,
}

/// How a command in the lab ended.
pub struct Answer {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

impl Lab {
    /// # Errors
    /// With systemd's own words when it does not come up.
    pub fn boot(node: &Path, openclaw: &Path, gateward: &Path) -> Result<Self, String> {
        let folder = folder::create("gw-");
        let told = |error: std::io::Error| format!("{}: {error}", folder.display());
        for part in ["bin", "openclaw"] {
            fs::create_dir(folder.join(part)).map_err(told)?;
        }
        fs::copy(gateward, folder.join("bin/gateward")).map_err(told)?;
        fs::copy(node, folder.join("node")).map_err(told)?;
        fs::write(folder.join("user"), USER).map_err(told)?;
        fs::remove_dir(folder.join("openclaw")).map_err(told)?;
        std::os::unix::fs::symlink(openclaw, folder.join("openclaw")).map_err(told)?;
        let leaves = cgroup::create(&folder.display().to_string().replace("/tmp/gw-", "gateward-rig-"));
        let log = File::create(folder.join("lab.log")).map_err(told)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interplay/lab");
        let daemon = Command::new(script)
            .arg(&folder)
            .args(&leaves)
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(told)?)
            .stderr(log)
            .spawn()
            .map_err(told)?;
        let mut lab = Self { folder, leaves, daemon, init: 0 };
        match wait_at_most(PATIENCE, || lab.is_up()) {
            Some(true) => Ok(lab),
            Some(false) | None => Err(format!("The lab did not come up:\n{}", lab.log())),
        }
    }

    /// `Some(false)` once it never will be.
    fn is_up(&mut self) -> Option<bool> {
        if matches!(self.daemon.try_wait(), Ok(Some(_))) {
            return Some(false);
        }
        // `unshare --fork` has exactly one.
        self.init = processes::children_of(self.daemon.id()).first().copied()?;
        let state = self.run(&["systemctl", "--user", "show", "--property=SystemState", "--value"]);
        matches!(state.stdout.trim(), "running" | "degraded").then_some(true)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("lab.log")).unwrap_or_default()
    }

    /// Runs a command as the account, as in a login shell of its own.
    pub fn run(&self, words: &[&str]) -> Answer {
        let began = Instant::now();
        let output = Command::new("nsenter")
            .arg(format!("--target={}", self.init))
            .args(["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--"])
            .args(["setpriv", "--reuid", ID, "--regid", ID, "--clear-groups", "env", "-i"])
            .args(environment())
            .args(["sh", "-c", "cd && exec \"$@\"", "sh", "timeout", "-k", "5", LONGEST])
            .args(words)
            .stdin(Stdio::null())
            .output();
        let took = began.elapsed();
        match output {
            Ok(output) => Answer {
                code: output.status.code(),
                stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
                stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
                took,
            },
            Err(error) => Answer { code: None, stdout: String::new(), stderr: error.to_string(), took },
        }
    }

    /// A file below the account's home; empty when it is not there.
    pub fn file(&self, path: &str) -> String {
        self.run(&["cat", path]).stdout
    }

    pub fn has(&self, path: &str) -> bool {
        self.run(&["test", "-e", path]).code == Some(0)
    }

    /// Writes a file below the account's home, for its owner only.
    pub fn write(&self, path: &str, text: &str) {
        self.run(&[
            "sh",
            "-c",
            "umask 077; mkdir -p \"$(dirname \"$1\")\"; printf %s \"$2\" > \"$1\"",
            "sh",
            path,
            text,
        ]);
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        cgroup::kill(&self.leaves);
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
        processes::kill_all(&self.folder);
        for leaf in &self.leaves {
            cgroup::remove(leaf);
        }
        let _ = fs::remove_file(self.folder.join("openclaw"));
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn environment() -> Vec<String> {
    let run = format!("/run/user/{ID}");
    vec![
        format!("HOME=/home/{USER}"),
        format!("USER={USER}"),
        format!("LOGNAME={USER}"),
        "SHELL=/bin/bash".to_owned(),
        "LANG=C.UTF-8".to_owned(),
        "PATH=/opt/gateward:/opt/openclaw/node_modules/.bin:/usr/local/bin:/usr/bin:/bin".to_owned(),
        format!("DBUS_SESSION_BUS_ADDRESS=unix:path={run}/bus"),
        format!("XDG_RUNTIME_DIR={run}"),
    ]
}
