//! Random actions and faults against a real user manager, held against a model. A few steps in every run of the tests;
//! `cargo xtask soak --minutes N` goes on for as long as it is told.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod rig;

use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rig::{UserManager, free_port, processes, wait_at_most, wait_until};
use serde_json::Value;

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
const UNIT: &str = "openclaw-gateway.service";
const PATIENCE: Duration = Duration::from_secs(120);

/// What one run of the tests has time for.
const STEPS: u32 = 25;
/// What the watcher may gain over its whole life.
const MOST_FILES: usize = 16;
const MOST_KIB: u64 = 32 * 1024;

#[test]
fn whatever_happens_the_status_is_what_the_model_says() {
    let minutes = std::env::var("GATEWARD_SOAK_MINUTES").ok().and_then(|text| text.parse::<u64>().ok());
    let seed =
        std::env::var("GATEWARD_SOAK_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x5EED_0001);
    let end = minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let mut soak = Soak::start(seed);
    let begun = soak.watcher_size();
    let mut steps = 0;
    while end.map_or(steps < STEPS, |end| Instant::now() < end) {
        soak.step(steps);
        steps += 1;
    }
    let ended = soak.watcher_size();
    println!(
        "{steps} steps from seed {seed}; the watcher: {begun:?} → {ended:?} (descriptors, KiB of its own memory)"
    );
    assert!(ended.0 <= begun.0 + MOST_FILES, "descriptors: {begun:?} → {ended:?}");
    assert!(ended.1 <= begun.1 + MOST_KIB, "KiB: {begun:?} → {ended:?}");
}

/// What is true by what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Model {
    Absent,
    Running,
    Stopped,
}

impl Model {
    fn fits(self, verdict: &str) -> bool {
        match self {
            Self::Absent => verdict == "not-installed",
            Self::Running => verdict == "ready",
            Self::Stopped => ["stopped", "disabled"].contains(&verdict),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Install,
    Reinstall,
    Uninstall,
    Start,
    Stop,
    StopForGood,
    Restart,
    /// Two of us at once; one waits.
    TwoRestarts,
    /// SIGKILL of a reinstallation somewhere in its middle, then the journal's way back.
    KilledReinstall,
    /// SIGKILL of the gateway.
    Crash,
    Reload,
    Reexec,
    BrokenSettings,
    BrokenHistory,
}

const EVENTS: &[Event] = &[
    Event::Install,
    Event::Reinstall,
    Event::Uninstall,
    Event::Start,
    Event::Stop,
    Event::StopForGood,
    Event::Restart,
    Event::TwoRestarts,
    Event::KilledReinstall,
    Event::Crash,
    Event::Reload,
    Event::Reexec,
    Event::BrokenSettings,
    Event::BrokenHistory,
];

struct Soak {
    // Before the manager, so that it ends first.
    watcher: Child,
    manager: UserManager,
    port: String,
    model: Model,
    dice: u64,
}

impl Soak {
    fn start(seed: u64) -> Self {
        let manager = UserManager::start();
        let mut watcher = command(&manager, &["watch", "--json"]);
        let watcher = watcher.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let soak = Self { watcher, manager, port: free_port().to_string(), model: Model::Absent, dice: seed };
        soak.expect("at the start");
        soak
    }

    fn step(&mut self, number: u32) {
        let event = EVENTS[self.roll(EVENTS.len())];
        let before = self.model;
        self.model = self.happen(event);
        self.expect(&format!("step {number}: {event:?} when {before:?}"));
    }

    /// Does it, and tells what is true then.
    fn happen(&mut self, event: Event) -> Model {
        let is_there = self.model != Model::Absent;
        match event {
            Event::Install if is_there => self.run_and_stay(&self.install(&[])),
            Event::Install | Event::Reinstall => {
                self.succeed(&self.install(&["--force"]));
                Model::Running
            }
            Event::Uninstall => {
                self.succeed(&["uninstall", "--yes"].map(String::from));
                Model::Absent
            }
            Event::Start | Event::Restart => {
                let word = if matches!(event, Event::Start) { "start" } else { "restart" };
                let code = self.run(&[word.to_owned()]).status.code();
                assert_eq!(code, Some(i32::from(!is_there)), "{word} when {:?}", self.model);
                if is_there { Model::Running } else { Model::Absent }
            }
            Event::Stop | Event::StopForGood => {
                let words = if matches!(event, Event::Stop) { vec!["stop"] } else { vec!["stop", "--stay"] };
                self.succeed(&words.into_iter().map(String::from).collect::<Vec<_>>());
                if is_there { Model::Stopped } else { Model::Absent }
            }
            Event::TwoRestarts => {
                let mut first = self.command(&["restart".to_owned()]).spawn().unwrap();
                let second = self.run(&["restart".to_owned()]);
                let codes = (first.wait().unwrap().code(), second.status.code());
                assert_eq!(codes, (Some(i32::from(!is_there)), Some(i32::from(!is_there))));
                if is_there { Model::Running } else { Model::Absent }
            }
            Event::KilledReinstall => self.killed_reinstall(),
            Event::Crash => self.crash(),
            Event::Reload | Event::Reexec => {
                let word = if matches!(event, Event::Reload) { "daemon-reload" } else { "daemon-reexec" };
                assert!(self.manager.try_systemctl(&[word]).status.success(), "{word}");
                self.model
            }
            Event::BrokenSettings => self.with_broken(".config/gateward/settings.json"),
            Event::BrokenHistory => self.with_broken(".local/state/gateward/incidents.sqlite"),
        }
    }

    fn run_and_stay(&self, words: &[String]) -> Model {
        self.succeed(words);
        // A switched-off service is installed anew, and started by that.
        match self.verdict().as_str() {
            "stopped" | "disabled" => Model::Stopped,
            _ => Model::Running,
        }
    }

    fn killed_reinstall(&mut self) -> Model {
        let mut child = self.command(&self.install(&["--force"])).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(u64::try_from(self.roll(400)).unwrap()));
        let _ = child.kill();
        child.wait().unwrap();
        // Nothing to revert is no failure of ours.
        let _ = self.run(&["changes", "--revert"].map(String::from));
        self.succeed(&self.install(&["--force"]));
        Model::Running
    }

    fn crash(&self) -> Model {
        if self.model == Model::Running {
            let pid = self.manager.property(UNIT, "MainPID");
            processes::signal("KILL", &[pid.parse().unwrap()]);
            wait_until(PATIENCE, "another process runs, or none will", || {
                let now = self.manager.property(UNIT, "MainPID");
                now != pid && now != "0" || self.manager.property(UNIT, "ActiveState") == "failed"
            });
            // Too many in a row trip the manager's limit; a start clears it.
            self.succeed(&["start".to_owned()]);
        }
        self.model
    }

    /// A file of ours is damaged under a command that then says the truth about the gateway all the same.
    fn with_broken(&self, file: &str) -> Model {
        let path = self.manager.home().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "{ broken").unwrap();
        assert!(self.model.fits(&self.verdict()), "{file} is broken");
        let _ = fs::remove_file(&path);
        self.model
    }

    fn install(&self, options: &[&str]) -> Vec<String> {
        let words = ["install", "--port", &self.port];
        let program = ["--", GATEWARD, "demo", "--port", &self.port];
        [&words[..], options, &program].concat().into_iter().map(String::from).collect()
    }

    fn command(&self, words: &[String]) -> Command {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = command(&self.manager, &words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn run(&self, words: &[String]) -> Output {
        self.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap()
    }

    #[track_caller]
    fn succeed(&self, words: &[String]) {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?} when {:?}: {output:?}", self.model);
    }

    fn verdict(&self) -> String {
        let output = self.run(&["status", "--json"].map(String::from));
        let status: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        status["verdict"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn expect(&self, after: &str) {
        let mut last = String::new();
        let came = wait_at_most(PATIENCE, || {
            last = self.verdict();
            self.model.fits(&last).then_some(())
        });
        assert!(came.is_some(), "{after}: the model says {:?}, Gateward says {last}", self.model);
    }

    /// Its descriptors, and the memory that is its own.
    fn watcher_size(&self) -> (usize, u64) {
        let pid = self.watcher.id();
        let files = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count();
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let own = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        (files, own.trim().trim_end_matches(" kB").parse().unwrap())
    }

    /// xorshift64: the same seed, the same story.
    fn roll(&mut self, end: usize) -> usize {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        usize::try_from(self.dice % u64::try_from(end).unwrap()).unwrap()
    }
}

impl Drop for Soak {
    fn drop(&mut self) {
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

fn command(manager: &UserManager, words: &[&str]) -> Command {
    let mut command = manager.command(GATEWARD);
    command.env("GATEWARD_MANAGER", "systemd").args(words);
    command
}
