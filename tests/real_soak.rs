//! Random actions and faults against a real user manager, held against a model. A few steps in every run of the tests;
//! `cargo xtask soak --minutes N` goes on for as long as it is told.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod rig;

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{fmt, fs};

use rig::{UserManager, free_port, processes, wait_at_most, wait_until};
use serde_json::Value;

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
const UNIT: &str = "openclaw-gateway.service";
const PATIENCE: Duration = Duration::from_secs(120);

const HISTORY: &str = ".local/state/gateward/incidents.sqlite";
/// One page of a disk, in the home, and something on it.
const FULL_JOURNAL: &str = "mkdir -p .local/state/gateward && mount -t tmpfs -o size=4k none .local/state/gateward && \
    ! head -c 9999 /dev/zero > .local/state/gateward/full 2> /dev/null";

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
    println!("seed {seed}; the watcher at the start: {begun}");
    let mut steps = 0;
    while end.map_or(steps < STEPS, |end| Instant::now() < end) {
        soak.step(steps);
        steps += 1;
        let now = soak.watcher_size();
        if steps % STEPS == 0 {
            println!("after {steps} steps: {now}");
        }
        assert!(now.files <= begun.files + MOST_FILES, "after {steps} steps: {begun} → {now}");
        assert!(now.kib <= begun.kib + MOST_KIB, "after {steps} steps: {begun} → {now}");
    }
    println!("{steps} steps: {:?}", soak.happened);
}

/// Of the watcher: its descriptors, and the memory that is its own.
#[derive(Clone, Copy)]
struct Size {
    files: usize,
    kib: u64,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} descriptors, {} KiB of its own", self.files, self.kib)
    }
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
    /// Another process holds the database for longer than anybody waits.
    LockedHistory,
    /// A reinstallation on a home that has become read-only.
    ReadOnlyHome,
    /// A reinstallation where the disk takes nothing more for the journal.
    FullDisk,
    /// A `systemctl` that says no to everything.
    RefusedStop,
    /// A `systemctl` that says yes to everything and does nothing.
    LyingStop,
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
    Event::LockedHistory,
    Event::ReadOnlyHome,
    Event::FullDisk,
    Event::RefusedStop,
    Event::LyingStop,
];

struct Soak {
    // Before the manager, so that it ends first.
    watcher: Child,
    manager: UserManager,
    port: String,
    model: Model,
    dice: u64,
    /// How often what happened.
    happened: BTreeMap<String, u32>,
}

impl Soak {
    fn start(seed: u64) -> Self {
        let manager = UserManager::start();
        let mut watcher = command(&manager, &["watch", "--json"]);
        let watcher = watcher.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let soak = Self {
            watcher,
            manager,
            port: free_port().to_string(),
            model: Model::Absent,
            dice: seed,
            happened: BTreeMap::new(),
        };
        soak.expect("at the start");
        soak
    }

    fn step(&mut self, number: u32) {
        let event = EVENTS[self.roll(EVENTS.len())];
        let before = self.model;
        *self.happened.entry(format!("{event:?}")).or_default() += 1;
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
            Event::BrokenHistory => self.with_broken(HISTORY),
            Event::LockedHistory => self.with_locked_history(),
            Event::ReadOnlyHome => self.refused_reinstall("mount --bind . . && mount -o remount,bind,ro ."),
            Event::FullDisk => self.refused_reinstall(FULL_JOURNAL),
            Event::RefusedStop => self.fooled_stop("false"),
            Event::LyingStop => self.fooled_stop("true"),
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
        let before = self.model;
        self.settles("killed and reverted", |verdict| before.fits(verdict) || Model::Running.fits(verdict));
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

    fn with_locked_history(&self) -> Model {
        let path = self.manager.home().join(HISTORY);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let other = rusqlite::Connection::open(path).unwrap();
        other.busy_timeout(PATIENCE).unwrap();
        // A database that was just broken is being begun anew.
        let _ = other.execute_batch("BEGIN EXCLUSIVE");
        assert!(self.model.fits(&self.verdict()), "the history is locked");
        self.model
    }

    /// A reinstallation in mounts of its own that `prepare` has spoiled, seen from the home: it fails, and all is as before.
    fn refused_reinstall(&self, prepare: &str) -> Model {
        let mut command = self.manager.command("unshare");
        let script = format!("{prepare} && exec \"$@\"");
        command.args(["--mount", "--propagation", "private", "sh", "-c", &script, "sh"]);
        let output = as_systemds(command.arg(GATEWARD)).args(self.install(&["--force"])).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{prepare} when {:?}: {output:?}", self.model);
        self.model
    }

    /// A stop by tools that all do what `program` does: it fails, and says so.
    fn fooled_stop(&self, program: &str) -> Model {
        if self.model == Model::Running {
            let tools = self.manager.folder().join(format!("all-{program}"));
            fs::create_dir_all(&tools).unwrap();
            let _ = symlink(Path::new("/bin").join(program), tools.join("systemctl"));
            let code =
                self.command(&["stop".to_owned()]).env("GATEWARD_TOOLS", tools).status().unwrap().code();
            assert_eq!(code, Some(1), "a stop by `{program}`");
        }
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
        self.settles(after, |verdict| self.model.fits(verdict));
    }

    #[track_caller]
    fn settles(&self, after: &str, fits: impl Fn(&str) -> bool) {
        let mut last = String::new();
        let came = wait_at_most(PATIENCE, || {
            last = self.verdict();
            fits(&last).then_some(())
        });
        assert!(came.is_some(), "{after}: the model says {:?}, Gateward says {last}", self.model);
    }

    fn watcher_size(&self) -> Size {
        let pid = self.watcher.id();
        let files = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count();
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let own = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        Size { files, kib: own.trim().trim_end_matches(" kB").parse().unwrap() }
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
    as_systemds(&mut command).args(words);
    command
}

fn as_systemds(command: &mut Command) -> &mut Command {
    command.env("GATEWARD_MANAGER", "systemd")
}
