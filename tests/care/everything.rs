//! `gateward uninstall --everything` on an account where everything was.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use walkdir::WalkDir;

use crate::rig::machine::{GATEWARD, Machine, UNIT, json};
use crate::rig::{free_port, processes};

/// What an OpenClaw of before the renaming installed.
const EARLIER: &str = "clawdbot-gateway.service";
/// Under a name that a profile of OpenClaw's would have.
const FOREIGN: &str = "openclaw-gateway-lab.service";
const SLEEPER: &str = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=default.target\n";
const WATCHER: &str = "gateward-watch.service";
const TIMER: &str = "gateward-auth-monitor.timer";

const UNITS: &str = ".config/systemd/user";
/// The gateway's own, and the account's: nobody else may take them.
const OWN: [&str; 3] = [".openclaw/workspace/notes.md", ".clawdbot/sessions.json", ".bashrc"];
/// What a service had left that is gone.
const LEFT: [&str; 2] =
    [".openclaw-old/gateway.systemd.env", ".config/systemd/user/openclaw-gateway.service.bak"];

#[test]
fn without_a_yes_it_says_what_goes_and_what_stays_and_removes_nothing() {
    let account = Account::full();
    let before = account.files();
    let refused = account.json(&[]);
    assert_eq!((&refused["ok"], &refused["code"]), (&false.into(), &"cancelled".into()), "{refused}");
    assert!(refused["hints"].to_string().contains("uninstall --everything --yes"), "{refused}");
    assert_eq!(account.everything(&[]).status.code(), Some(1));
    let planned = String::from_utf8(account.everything(&["--dry-run"]).stdout).unwrap();
    for named in ["profile “default”", "profile “box”", EARLIER, WATCHER, TIMER, LEFT[0], LEFT[1], FOREIGN]
    {
        assert!(planned.contains(named), "{named} is missing:\n{planned}");
    }
    assert_eq!(account.files(), before);
    assert!([UNIT, EARLIER, WATCHER, TIMER].iter().all(|unit| account.is_active(unit)));
}

#[test]
fn with_a_yes_all_of_gatewards_goes_and_what_is_not_its_own_stays() {
    let account = Account::full();
    let told = account.json(&["--yes"]);
    assert_eq!(told["ok"], true, "{told}");
    let removed: Vec<&str> =
        told["removes"]["services"].as_array().unwrap().iter().map(|it| text(&it["profile"])).collect();
    assert_eq!(removed, ["box", "default"], "{told}");
    for unit in [UNIT, EARLIER, WATCHER, TIMER] {
        assert_eq!(account.machine.manager.property(unit, "LoadState"), "not-found", "{unit}");
    }
    assert!(account.is_active(FOREIGN));
    let stays: Vec<&str> = told["stays"].as_array().unwrap().iter().map(|it| text(&it["why"])).collect();
    for why in ["data", "earlier-data", "shell", "programs", "journal", "foreign"] {
        assert!(stays.contains(&why), "{why} is missing: {told}");
    }
    let mut left = account.files();
    left.retain(|path| !path.starts_with(".local/state/gateward/changes"));
    let foreign = [format!("{UNITS}/{FOREIGN}"), format!("{UNITS}/default.target.wants/{FOREIGN}")];
    let mut wanted: Vec<PathBuf> = OWN.iter().map(PathBuf::from).chain(foreign.map(PathBuf::from)).collect();
    wanted.sort();
    assert_eq!(left, wanted);
    let gateways = processes::running(Path::new(GATEWARD), account.machine.manager.folder());
    assert_eq!(gateways, Vec::<u32>::new(), "a gateway or a watcher goes on");
}

#[test]
fn each_part_of_it_can_be_taken_back() {
    let account = Account::full();
    let before = account.files();
    let told = account.json(&["--yes"]);
    let numbers: Vec<String> = told["changes"].as_array().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(numbers.len(), 3, "two services and the rest: {told}");
    for number in numbers.iter().rev() {
        let undone = json(&account.gateward(&["undo", number, "--json"]));
        assert_eq!(undone["ok"], true, "undo {number}: {undone}");
    }
    assert!([UNIT, EARLIER, WATCHER, TIMER].iter().all(|unit| account.is_active(unit)));
    let now = account.files();
    let lost: Vec<&PathBuf> = before.iter().filter(|path| !now.contains(path)).collect();
    assert_eq!(lost, Vec::<&PathBuf>::new());
    let waited = json(&account.gateward(&["wait", "--for", "ready", "--timeout", "60s", "--json"]));
    assert_eq!(waited["reached"], true, "{waited}");
}

#[test]
fn the_second_time_there_is_nothing_left() {
    let account = Account::full();
    assert_eq!(account.json(&["--yes"])["ok"], true);
    let again = account.json(&["--yes"]);
    assert_eq!(
        (text(&again["message"]), account.everything(&[]).status.code()),
        ("Nothing of Gateward or of a gateway service is left on this account.", Some(0)),
        "{again}"
    );
}

/// A home with a service under systemd, one under the built-in manager, the watcher, the timer, one of an earlier generation's, a
/// stranger's, left-overs and data.
struct Account {
    machine: Machine,
}

impl Account {
    fn full() -> Self {
        let account = Self { machine: Machine::start() };
        let home = account.machine.manager.home();
        for name in OWN.iter().chain(&LEFT) {
            std::fs::create_dir_all(home.join(name).parent().unwrap()).unwrap();
            std::fs::write(home.join(name), "alias claw=openclaw\n").unwrap();
        }
        for unit in [EARLIER, FOREIGN] {
            account.machine.manager.write_unit(unit, SLEEPER);
            assert!(account.machine.manager.try_systemctl(&["enable", "--now", unit]).status.success());
        }
        let port = &account.machine.port;
        account
            .does(&["install", "--legacy", "keep", "--port", port, "--", GATEWARD, "demo", "--port", port]);
        account.does(&["watch", "--install"]);
        account.does(&["auth", "monitor", "--install"]);
        account.does(&["settings", "set", "window.language", "en"]);
        let port = free_port().to_string();
        let mut boxed =
            account.command(&["install", "--profile", "box", "--legacy", "keep", "--port", &port]);
        boxed.args(["--", GATEWARD, "demo", "--port", &port]).env("GATEWARD_MANAGER", "builtin");
        let installed = boxed.output().unwrap();
        assert!(installed.status.success(), "{installed:?}");
        account
    }

    /// As a person types it: every manager of this machine is there.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.machine.manager.inside(GATEWARD);
        command.args(words);
        command
    }

    fn gateward(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn does(&self, words: &[&str]) {
        let output = self.gateward(words);
        assert!(output.status.success(), "{words:?}: {output:?}");
    }

    fn everything(&self, words: &[&str]) -> Output {
        self.gateward(&[&["uninstall", "--everything"], words].concat())
    }

    fn json(&self, words: &[&str]) -> Value {
        json(&self.everything(&[words, &["--json"]].concat()))
    }

    fn is_active(&self, unit: &str) -> bool {
        self.machine.manager.property(unit, "ActiveState") == "active"
    }

    /// Every file and link of the home, sorted, but for the gateway's own logs.
    fn files(&self) -> Vec<PathBuf> {
        let home = self.machine.manager.home();
        let found = WalkDir::new(&home).into_iter().flatten();
        let files = found.filter(|entry| !entry.file_type().is_dir());
        let mut paths: Vec<PathBuf> =
            files.map(|file| file.path().strip_prefix(&home).unwrap().to_owned()).collect();
        paths.retain(|path| !path.components().any(|part| part.as_os_str() == "logs"));
        paths.sort();
        paths
    }
}

impl Drop for Account {
    /// The built-in manager's host is nobody's child.
    fn drop(&mut self) {
        let _ = self.gateward(&["uninstall", "--everything", "--yes"]);
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
