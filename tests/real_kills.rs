//! SIGKILL before every act of the command line, on a real file system: the plans of the built-in manager with a real gateway, the
//! watcher's and the credential timer's. Those of systemd, launchd and Task Scheduler die in `tests/deaths`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod rig;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use clap::Parser;
use gateward::cli::{self, Args};
use gateward::identity::Surroundings;
use gateward::system::os::{self, Os};
use gateward::system::scripted::mortal::Mortal;
use gateward::world::World;
use rig::machine::{GATEWARD, json};
use rig::nobody::Nobody;
use rig::wait::PATIENCE;
use rig::{free_port, processes, script, wait_at_most};
use serde_json::Value;
use walkdir::WalkDir;

/// The act before which the child dies.
const ACTS: &str = "GATEWARD_TEST_ACTS";
const WORDS: &str = "GATEWARD_TEST_WORDS";
/// Far more acts than any plan has.
const MANY: usize = 1000;
const SIGKILL: i32 = 9;

#[test]
fn an_installation_survives_every_kill() {
    let plan = Plan::new(|home| vec!["install", "--port", home, "--", GATEWARD, "demo", "--port", home]);
    assert!(plan.survives(Before::Nothing) > 8);
}

#[test]
fn a_removal_survives_every_kill() {
    assert!(Plan::new(|_| vec!["uninstall", "--yes"]).survives(Before::Running) > 8);
}

#[test]
fn a_start_survives_every_kill() {
    Plan::new(|_| vec!["start"]).survives(Before::Stopped);
}

#[test]
fn a_stop_survives_every_kill() {
    Plan::new(|_| vec!["stop"]).survives(Before::Running);
}

#[test]
fn a_restart_survives_every_kill() {
    Plan::new(|_| vec!["restart"]).survives(Before::Running);
}

#[test]
fn the_watchers_installation_survives_every_kill() {
    assert!(Plan::new(|_| vec!["watch", "--install"]).survives(Before::Nothing) > 2);
}

#[test]
fn the_watchers_removal_survives_every_kill() {
    assert!(Plan::new(|_| vec!["watch", "--uninstall"]).survives(Before::Watching) > 2);
}

#[test]
fn the_timers_installation_survives_every_kill() {
    let plan = Plan { manager: "systemd", ..Plan::new(|_| vec!["auth", "monitor", "--install"]) };
    assert!(plan.survives(Before::Nothing) > 6);
}

/// Not a test by itself: what the tests above run, and kill.
#[test]
fn victim() {
    let Ok(words) = std::env::var(WORDS) else { return };
    let acts: usize = std::env::var(ACTS).unwrap().parse().unwrap();
    let around = Surroundings { exe: GATEWARD.to_owned(), ..os::surroundings() };
    let tools = around.variable("GATEWARD_TOOLS").map(str::to_owned);
    let system = Arc::new(Mortal::new(Arc::new(Os::new(tools)), acts, die));
    let world = World { system: system.clone(), around };
    let args = Args::try_parse_from(words.split('\n')).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let output = runtime.block_on(cli::run(args, &world, &Nobody));
    assert_eq!(output.exit.code(), 0, "{output:?}");
    fs::write(
        Path::new(&std::env::var("HOME").unwrap()).join("acts"),
        (acts - system.acts_left()).to_string(),
    )
    .unwrap();
}

fn die() {
    let own = rustix::process::getpid();
    rustix::process::kill_process(own, rustix::process::Signal::KILL).unwrap();
    loop {
        std::thread::park();
    }
}

#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Running,
    Stopped,
    Watching,
}

struct Plan {
    manager: &'static str,
    words: fn(&str) -> Vec<&str>,
}

impl Plan {
    fn new(words: fn(&str) -> Vec<&str>) -> Self {
        Self { manager: "builtin", words }
    }

    /// Kills it before each of its acts, and ends what is left open one way and the other in turn. Gives the number of acts.
    fn survives(&self, before: Before) -> usize {
        let home = Home::new(self.manager, before);
        assert!(home.victim(self, MANY).status.success());
        let acts: usize = fs::read_to_string(home.path("acts")).unwrap().parse().unwrap();
        fs::remove_file(home.path("acts")).unwrap();
        let (after, verdict) = (home.definitions(), home.verdict());
        for killed in 0..acts {
            // An act is mostly written down just before it: both kinds of boundary are to meet both ways.
            let way = if killed / 2 % 2 == 0 { "--finish" } else { "--revert" };
            self.survives_one(killed, way, before, &after, &verdict);
        }
        acts
    }

    fn survives_one(&self, killed: usize, way: &str, before: Before, after: &Tree, verdict: &Value) {
        let at = format!("killed before act {killed}, {way}");
        let home = Home::new(self.manager, before);
        let (found, was) = (home.definitions(), home.verdict());
        let output = home.victim(self, killed);
        assert_eq!(output.status.signal(), Some(SIGKILL), "{at}: {output:?}");
        let changes = json(&home.run(&["changes", "--json"]));
        if changes["changes"][0]["interrupted"] != true {
            let now = home.definitions();
            assert!(now == found || now == *after, "{at}: nothing is told, and files changed: {now:?}");
            return;
        }
        let settled = home.run(&["changes", way]);
        assert!(settled.status.success(), "{at}: {settled:?}");
        let (files, state) = if way == "--finish" { (after, verdict) } else { (&found, &was) };
        assert_eq!(&home.definitions(), files, "{at}");
        let came = wait_at_most(PATIENCE, || (home.verdict() == *state).then_some(()));
        assert!(came.is_some(), "{at}: {} instead of {state}", home.verdict());
        assert_eq!(home.left_open(), Vec::<String>::new(), "{at}");
    }
}

/// Relative path → text and mode.
type Tree = BTreeMap<PathBuf, (String, u32)>;

struct Home {
    folder: tempfile::TempDir,
    manager: &'static str,
    port: String,
}

impl Home {
    fn new(manager: &'static str, before: Before) -> Self {
        let folder = tempfile::Builder::new().prefix("gw-kill-").tempdir().unwrap();
        let home = Self { folder, manager, port: free_port().to_string() };
        fs::create_dir(home.path("tools")).unwrap();
        for tool in ["systemctl", "crontab"] {
            script(&home.path("tools").join(tool), "#!/bin/sh\nexit 0\n");
        }
        match before {
            Before::Nothing => {}
            Before::Running => home.install(),
            Before::Stopped => {
                home.install();
                home.does(&["stop"]);
            }
            Before::Watching => home.does(&["watch", "--install"]),
        }
        home
    }

    fn install(&self) {
        let port = self.port.as_str();
        self.does(&["install", "--port", port, "--", GATEWARD, "demo", "--port", port]);
    }

    fn does(&self, words: &[&str]) {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {output:?}");
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.folder.path());
        command
            .env("HOME", self.folder.path())
            .env("PATH", "/usr/bin:/bin")
            .env("GATEWARD_MANAGER", self.manager)
            .env("GATEWARD_TOOLS", self.path("tools"))
            .env("XDG_CURRENT_DESKTOP", "test")
            .env("XDG_RUNTIME_DIR", self.path("no-runtime"));
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(Path::new(GATEWARD)).args(words).output().unwrap()
    }

    fn victim(&self, plan: &Plan, acts: usize) -> Output {
        let words = [vec!["gateward"], (plan.words)(&self.port)].concat().join("\n");
        let mut command = self.command(&std::env::current_exe().unwrap());
        command.args(["--exact", "victim", "--nocapture"]).env(WORDS, words).env(ACTS, acts.to_string());
        command.output().unwrap()
    }

    /// What is installed: neither the journal nor what running processes write about themselves.
    fn definitions(&self) -> Tree {
        let mut tree = Tree::new();
        for part in [".config", ".local/share", ".openclaw"] {
            for entry in
                WalkDir::new(self.path(part)).into_iter().flatten().filter(|it| it.file_type().is_file())
            {
                let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
                let path = entry.path().strip_prefix(self.folder.path()).unwrap().to_owned();
                tree.insert(path, (fs::read_to_string(entry.path()).unwrap(), mode));
            }
        }
        tree.retain(|path, _| !path.components().any(|part| part.as_os_str() == "logs"));
        tree.into_iter().map(|(path, (text, mode))| (path, (self.elsewhere(&text), mode))).collect()
    }

    /// The text without what is another in each home.
    fn elsewhere(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "HOME").replace(&self.port, "PORT")
    }

    fn verdict(&self) -> Value {
        json(&self.run(&["status", "--json"]))["verdict"].clone()
    }

    fn left_open(&self) -> Vec<String> {
        let names = fs::read_dir(self.path(".local/state/gateward/changes")).unwrap().flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.ends_with(".open") || name.ends_with(".secret")).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        processes::kill_all(self.folder.path());
    }
}
