//! Two real programs at once: one waits, says so, and looks anew when its turn has come.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::rig::machine::{Machine, UNIT, json};
use crate::rig::wait::PATIENCE;
use crate::rig::{script, wait_until};

#[test]
fn the_second_one_waits_says_so_and_comes_after_the_first() {
    let bench = Bench::new();
    bench.put("manager-waits");
    let first = bench.starts_install();
    wait_until(PATIENCE, "the first one is in the middle of its change", || bench.has("manager-waited"));
    let mut second = bench.starts(&["restart", "--json"]);
    let mut said = String::new();
    BufReader::new(second.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert!(said.contains("installation"), "it says what it waits for: {said:?}");
    assert_eq!(second.try_wait().unwrap(), None, "it waits");
    bench.take("manager-waits");
    let [first, second] = [first, second].map(|child| json(&child.wait_with_output().unwrap()));
    assert_eq!((&first["result"], &second["result"]), (&"installed".into(), &"restarted".into()), "{second}");
    let changes = bench.machine.json(&["changes"]);
    let order: Vec<&str> =
        changes["changes"].as_array().unwrap().iter().rev().filter_map(|it| it["what"].as_str()).collect();
    assert_eq!(order, ["install", "restart"], "{changes}");
    assert_eq!(bench.machine.manager.property(UNIT, "ActiveState"), "active");
}

#[test]
fn two_installations_at_once_make_one_service_and_neither_fails() {
    let bench = Bench::new();
    let both = [bench.starts_install(), bench.starts_install()];
    let told: Vec<Value> = both.map(|child| json(&child.wait_with_output().unwrap())).into();
    assert!(told.iter().all(|it| it["ok"] == true), "{told:?}");
    assert_eq!(bench.machine.json(&["wait", "--for", "ready", "--timeout", "60s"])["reached"], true);
    let doctor = bench.machine.json(&["doctor"]);
    assert!(!doctor.to_string().contains("change-cut-off"), "{doctor}");
}

#[test]
fn looking_waits_for_nobody() {
    let bench = Bench::new();
    bench.put("manager-waits");
    let first = bench.starts_install();
    wait_until(PATIENCE, "the first one is in the middle of its change", || bench.has("manager-waited"));
    let seen = bench.machine.json(&["status"]);
    assert!(seen["verdict"].is_string(), "{seen}");
    bench.take("manager-waits");
    assert_eq!(json(&first.wait_with_output().unwrap())["ok"], true);
}

/// A machine whose systemctl can be made to wait in the middle of a change.
struct Bench {
    machine: Machine,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { machine: Machine::start() };
        let tools = bench.machine.manager.home().join("tools");
        fs::create_dir_all(&tools).unwrap();
        let text = "#!/bin/sh\ncase \"$*\" in *daemon-reload*)\n\
                    while [ -e \"$HOME/manager-waits\" ]; do touch \"$HOME/manager-waited\"; sleep 0.1; done ;;\nesac\n\
                    exec /usr/bin/systemctl \"$@\"\n";
        script(&tools.join("systemctl"), text);
        bench
    }

    fn spawn(&self, mut command: Command) -> Child {
        command.env("GATEWARD_TOOLS", self.machine.manager.home().join("tools"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn starts(&self, words: &[&str]) -> Child {
        self.spawn(self.machine.command(words))
    }

    fn starts_install(&self) -> Child {
        self.spawn(self.machine.install_command(&[]))
    }

    fn has(&self, name: &str) -> bool {
        self.machine.manager.home().join(name).exists()
    }

    fn put(&self, name: &str) {
        fs::write(self.machine.manager.home().join(name), "").unwrap();
    }

    fn take(&self, name: &str) {
        fs::remove_file(self.machine.manager.home().join(name)).unwrap();
    }
}
