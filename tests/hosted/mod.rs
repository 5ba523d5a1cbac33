//! `gateward run` over real processes, in a home of its own.

// Every test file uses another part.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::{Value, json};

mod disk;

pub use disk::Disk;

pub const RECORD: &str = ".local/state/gateward/run/default.json";

/// Goes on whatever it is told.
pub const STUBBORN: &str = "trap '' TERM; echo up; while :; do sleep 0.05; done";

/// A home of its own; whatever runs for it ends with it.
pub struct Rig {
    home: tempfile::TempDir,
    /// Set for everything that runs in it.
    variables: Vec<(&'static str, String)>,
    pub disk: Option<Disk>,
}

pub struct Host(pub Child);

impl Rig {
    pub fn new() -> Self {
        Self::with(&[])
    }

    pub fn with(variables: &[(&'static str, String)]) -> Self {
        Self { home: tempfile::tempdir().unwrap(), variables: variables.to_vec(), disk: None }
    }

    /// With a file system of its own for the home.
    pub fn on_disk(options: &str) -> Self {
        let mut rig = Self::new();
        rig.disk = Some(Disk::mount(rig.home.path(), options));
        rig
    }

    pub fn path(&self, name: &str) -> PathBuf {
        match &self.disk {
            Some(disk) => disk.seen_from_outside().join(name),
            None => self.home.path().join(name),
        }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_gateward");
        let mut command =
            self.disk.as_ref().map_or_else(|| Command::new(program), |disk| disk.inside(program));
        command.arg("run").args(args).env_clear().env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin");
        command.envs(self.variables.iter().cloned()).stdin(Stdio::null()).current_dir(self.home.path());
        command
    }

    /// The processes of this home with this command line.
    pub fn alive(&self, words: &[&str]) -> Vec<u32> {
        let words: String = words.iter().map(|word| format!("{word}\0")).collect();
        let home = format!("HOME={}\0", self.home.path().display());
        let read = |pid: u32, what: &str| {
            String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default())
                .into_owned()
        };
        let pids = std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| file_name(&entry.ok()?.path()).parse().ok());
        pids.filter(|pid| read(*pid, "cmdline") == words && read(*pid, "environ").contains(&home)).collect()
    }

    pub fn host(&self, options: &[&str], script: &str) -> Host {
        let mut command = self.command(options);
        command.args(["--", "/bin/sh", "-c", script]).stdout(Stdio::null()).stderr(Stdio::null());
        Host(command.spawn().unwrap())
    }

    pub fn run(&self, options: &[&str], script: &str) -> Output {
        self.command(options).args(["--", "/bin/sh", "-c", script]).output().unwrap()
    }

    pub fn problem(&self, args: &[&str]) -> Value {
        let (options, program) =
            args.split_at(args.iter().position(|arg| *arg == "--").unwrap_or(args.len()));
        let output = self.command(options).arg("--report").args(program).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn record(&self) -> Value {
        let text = std::fs::read(self.path(RECORD)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// The pid of the gateway, once there is one.
    pub fn gateway(&self) -> u32 {
        self.next_gateway(0)
    }

    /// The same where an earlier host may have left its record.
    pub fn gateway_of(&self, host: &Host) -> u32 {
        until("the host has written its record", || self.record()["host"]["pid"] == host.0.id());
        self.gateway()
    }

    /// The pid of the gateway of a record in `phase`.
    pub fn gateway_in(&self, phase: &str) -> u32 {
        self.until_phase(phase);
        pid(&self.record()["gateway"]).unwrap()
    }

    /// The pid of a running gateway other than `old`.
    pub fn next_gateway(&self, old: u32) -> u32 {
        let begun = Instant::now();
        loop {
            let record = self.record();
            let pid = pid(&record["gateway"]).filter(|pid| record["phase"] == "running" && *pid != old);
            match pid {
                Some(pid) => return pid,
                None if begun.elapsed() > PATIENCE => panic!("no gateway runs"),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Lets the host at work restart once on request; gives the token's file.
    pub fn permit(&self, lasting: Duration) -> PathBuf {
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
        let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
        let until_s = uptime + lasting.as_secs_f64();
        let token = json!({"count": 1, "host": self.record()["host"], "until_s": until_s});
        let path = self.path(".local/state/gateward/run/default.restart");
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();
        file.write_all(token.to_string().as_bytes()).unwrap();
        path
    }

    pub fn until_phase(&self, phase: &str) {
        until(phase, || self.record()["phase"] == phase);
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path(".openclaw/logs/gateward-gateway.log")).unwrap_or_default()
    }

    pub fn err_log(&self) -> String {
        std::fs::read_to_string(self.path(".openclaw/logs/gateward-gateway.err.log")).unwrap_or_default()
    }

    pub fn logs(&self, prefix: &str) -> Vec<PathBuf> {
        let all = std::fs::read_dir(self.path(".openclaw/logs")).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| file_name(path).starts_with(prefix)).collect()
    }

    /// The newest first.
    pub fn history(&self) -> Vec<Value> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateward"));
        command.args(["history", "--json"]).env_clear().env("HOME", self.home.path());
        let told: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        told["incidents"].as_array().unwrap().clone()
    }

    pub fn until_said(&self, words: &str) {
        until(words, || self.log().contains(words));
    }

    pub fn said_number(&self, word: &str) -> u32 {
        let line = self.log().lines().find_map(|line| line.strip_prefix(word).map(str::to_owned)).unwrap();
        line.trim().parse().unwrap()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.command(&["--stop-timeout=1s", "--stop"]).output();
    }
}

impl Host {
    pub fn signal(&self, signal: Signal) {
        kill(self.0.id(), signal);
    }

    pub fn code(&mut self) -> i32 {
        let begun = Instant::now();
        loop {
            match self.0.try_wait().unwrap() {
                Some(status) => return status.code().unwrap_or(-1),
                None if begun.elapsed() > PATIENCE => panic!("the host still runs"),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Host {
    /// Killed with what it started: a failed test leaves nothing behind.
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|status| status.is_none()) {
            self.signal(Signal::TERM);
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(2)
                && self.0.try_wait().is_ok_and(|status| status.is_none())
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn until(what: &str, reached: impl FnMut() -> bool) {
    until_within(PATIENCE, what, reached);
}

pub fn until_within(patience: Duration, what: &str, mut reached: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < patience, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn kill(pid: u32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), signal);
}

/// Nobody has the pid, or a zombie that its parent has not reaped yet.
pub fn is_gone(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    test_kill_process(Pid::from_raw(pid.cast_signed()).unwrap()).is_err() || stat.contains(") Z ")
}

/// Ended children that their parent has not reaped.
pub fn zombies_of(parent: u32) -> usize {
    let stats = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    stats.filter(|stat| stat.contains(&format!(") Z {parent} "))).count()
}

fn pid(proof: &Value) -> Option<u32> {
    u32::try_from(proof["pid"].as_u64()?).ok()
}

pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
