//! A private, real `systemd --user` in a cgroup and home of its own. Standard library only: `cargo xtask bench`
//! includes this file as well.

use super::wait::{PATIENCE, wait_at_most, wait_until};
use super::{cgroup, folder, processes};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Once;

const SYSTEMD: &str = "/usr/lib/systemd/systemd";
const LEAF: &str = "gateward-rig-";

static SWEPT: Once = Once::new();

/// A running manager; dropping it ends it with everything it started.
pub struct UserManager {
    folder: PathBuf,
    leaves: Vec<PathBuf>,
    daemon: Option<Child>,
}

impl UserManager {
    /// Starts a manager without a journal: units run, their output to the journal is lost.
    ///
    /// # Panics
    /// When this isn't root or systemd is missing: a test that can't run must not pass.
    #[track_caller]
    pub fn start() -> Self {
        Self::launch("quiet")
    }

    /// Starts a manager with a real journald; read it with [`Self::inside`]`("journalctl")` and `--user-unit`.
    #[track_caller]
    pub fn start_with_journal() -> Self {
        Self::launch("journal")
    }

    #[track_caller]
    fn launch(journal: &str) -> Self {
        demand_root_and_systemd();
        SWEPT.call_once(sweep_orphans);
        let folder = folder::create("gw-");
        let leaves = cgroup::create(&folder.display().to_string().replace("/tmp/gw-", LEAF));
        let mut manager = Self { folder, leaves, daemon: None };
        manager.daemon = Some(manager.spawn(journal));
        manager.await_readiness();
        manager
    }

    fn spawn(&self, journal: &str) -> Child {
        let log = File::create(self.folder.join("manager.log")).expect("log file");
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|at| at.join("tests/rig/user-manager"));
        let script = script.into_iter().find(|path| path.is_file()).expect("tests/rig/user-manager");
        self.command(script)
            .arg(&self.folder)
            .arg(journal)
            .args(&self.leaves)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("log file"))
            .stderr(log)
            .spawn()
            .expect("bash runs tests/rig/user-manager")
    }

    #[track_caller]
    fn await_readiness(&mut self) {
        let ready = wait_at_most(PATIENCE, || {
            if self.daemon.as_mut().is_some_and(|daemon| matches!(daemon.try_wait(), Ok(Some(_)))) {
                return Some(false);
            }
            let state = self.systemctl(&["show", "--property=SystemState", "--value"]);
            matches!(state.trim(), "running" | "degraded").then_some(true)
        });
        assert_eq!(ready, Some(true), "the private systemd --user did not start:\n{}", self.log());
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    pub fn runtime_dir(&self) -> PathBuf {
        self.folder.join("run")
    }

    /// The manager's process id.
    pub fn pid(&self) -> u32 {
        self.daemon.as_ref().expect("a started manager").id()
    }

    /// What the manager itself printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("manager.log")).unwrap_or_default()
    }

    /// All variables that a program of this manager's user has.
    pub fn environment(&self) -> Vec<(String, String)> {
        let run = self.runtime_dir().display().to_string();
        let inherited = std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".into());
        [
            ("HOME", self.home().display().to_string()),
            ("USER", "root".into()),
            ("LOGNAME", "root".into()),
            ("SHELL", "/bin/bash".into()),
            ("LANG", "C.UTF-8".into()),
            ("PATH", inherited),
            ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={run}/bus")),
            ("XDG_RUNTIME_DIR", run),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// A command in the manager's environment and home, and nothing of this process' own.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment()).current_dir(self.home());
        command
    }

    /// The same inside the manager's mounts, where `/run/systemd` and the journal are.
    pub fn inside(&self, program: &str) -> Command {
        let mut command = self.command("nsenter");
        command.arg(format!("--target={}", self.pid())).args(["--mount", "--cgroup", "--"]).arg(program);
        command
    }

    /// Standard output of `systemctl --user ARGUMENTS`; empty when it fails.
    pub fn systemctl(&self, arguments: &[&str]) -> String {
        let output = self.try_systemctl(arguments);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn try_systemctl(&self, arguments: &[&str]) -> Output {
        self.command("systemctl").arg("--user").args(arguments).output().expect("systemctl")
    }

    /// One property of a unit, as `systemctl show --value` prints it.
    pub fn property(&self, unit: &str, name: &str) -> String {
        self.systemctl(&["show", unit, "--value", "--property", name]).trim().to_owned()
    }

    /// Writes a unit file of the user's own and makes the manager read it.
    pub fn write_unit(&self, name: &str, text: &str) {
        let units = self.home().join(".config/systemd/user");
        fs::create_dir_all(&units).expect("unit folder");
        fs::write(units.join(name), text).expect("unit file");
        assert!(self.try_systemctl(&["daemon-reload"]).status.success(), "daemon-reload");
    }

    /// The cgroups that hold the manager and all its services, one per hierarchy.
    pub fn cgroups(&self) -> &[PathBuf] {
        &self.leaves
    }
}

impl Drop for UserManager {
    fn drop(&mut self) {
        cgroup::kill(&self.leaves);
        if let Some(daemon) = &mut self.daemon {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        let stubborn = processes::kill_all(&self.folder);
        let kept = self.leaves.iter().filter(|leaf| !cgroup::remove(leaf)).collect::<Vec<_>>();
        let _ = fs::remove_dir_all(&self.folder);
        // A second panic while a failed test unwinds would abort and hide the first.
        if !std::thread::panicking() {
            assert!(stubborn.is_empty(), "processes of the rig would not go: {stubborn:?}");
            assert!(kept.is_empty(), "cgroups of the rig would not go: {kept:?}");
        }
    }
}

#[track_caller]
fn demand_root_and_systemd() {
    let owner = fs::metadata("/proc/self").map(|own| own.uid()).unwrap_or(u32::MAX);
    assert_eq!(
        owner, 0,
        "a private systemd --user needs root (own cgroup and mounts): run the tests as root"
    );
    assert!(Path::new(SYSTEMD).exists(), "{SYSTEMD} is missing: run `cargo xtask setup --for test`");
}

/// Ends the managers of tests that were killed themselves.
fn sweep_orphans() {
    for tree in cgroup::hierarchies() {
        for leaf in folder::orphans(&tree, LEAF) {
            cgroup::kill(std::slice::from_ref(&leaf));
            cgroup::remove(&leaf);
        }
    }
}

/// Waits until `unit` is in `state` (`active`, `failed` …).
#[track_caller]
pub fn wait_for_state(manager: &UserManager, unit: &str, state: &str) {
    wait_until(PATIENCE, &format!("{unit} is {state}"), || manager.property(unit, "ActiveState") == state);
}
