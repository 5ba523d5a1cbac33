//! OpenClaw is updated under a running service, as npm and version managers do it: without telling anybody.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod rig;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rig::{UserManager, free_port};
use serde_json::Value;

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
const UNIT: &str = "openclaw-gateway.service";
const OLD: &str = "2026.9.6";
const NEW: &str = "2026.9.7";

#[test]
fn a_package_that_was_replaced_is_noticed_and_the_new_version_proven() {
    let machine = Machine::with_openclaw();
    assert_eq!(machine.json(&["after-update"])["result"], "up-to-date");
    let pid = machine.pid();
    machine.prefix.replace(NEW);
    assert!(machine.remarks().contains(&"updated".to_owned()));
    assert_eq!(machine.json(&["after-update", "--dry-run"])["result"], "planned");
    assert_eq!(machine.pid(), pid, "looking restarts nothing");
    let done = machine.json(&["after-update"]);
    assert_eq!(done["result"], "updated", "{done}");
    assert!(done["message"].as_str().unwrap().contains(NEW), "{done}");
    assert_ne!(machine.pid(), pid);
    assert!(!machine.remarks().contains(&"updated".to_owned()));
}

#[test]
fn a_definition_whose_package_has_moved_is_written_anew() {
    let mut machine = Machine::with_openclaw();
    let old = std::mem::replace(
        &mut machine.prefix,
        Prefix::new(&machine.manager.home().join("v22.2.0"), NEW, NEW),
    );
    fs::remove_dir_all(&old.0).unwrap();
    let done = machine.json(&["after-update"]);
    assert_eq!(done["result"], "updated", "{done}");
    assert!(machine.unit().contains(&machine.prefix.entry()), "{}", machine.unit());
}

#[test]
fn a_new_version_elsewhere_that_does_not_answer_as_itself_is_rolled_back() {
    let mut machine = Machine::with_openclaw();
    let before = machine.unit();
    // It says one version in its manifest and runs another, as after half an update.
    machine.prefix = Prefix::new(&machine.manager.home().join("v22.2.0"), NEW, "2026.9.0");
    let failed = machine.json(&["after-update"]);
    assert_eq!(failed["code"], "update-unproven", "{failed}");
    assert!(failed["cause"].is_string(), "{failed}");
    assert_eq!(machine.unit(), before);
    let status = machine.json(&["status"]);
    assert_eq!(
        (&status["verdict"], &status["observation"]["answers"]["value"]["version"]),
        (&"ready".into(), &OLD.into())
    );
}

#[test]
fn a_new_version_elsewhere_that_answers_takes_over() {
    let mut machine = Machine::with_openclaw();
    machine.prefix = Prefix::new(&machine.manager.home().join("v22.2.0"), NEW, NEW);
    let done = machine.json(&["after-update"]);
    assert_eq!(done["result"], "updated", "{done}");
    assert!(machine.unit().contains(&machine.prefix.entry()));
}

/// A service that runs OpenClaw's stand-in by way of a package and a node of one prefix, as npm installs both.
struct Machine {
    manager: UserManager,
    /// Where `openclaw` is found now.
    prefix: Prefix,
}

impl Machine {
    fn with_openclaw() -> Self {
        let manager = UserManager::start();
        let prefix = Prefix::new(&manager.home().join("v22.1.0"), OLD, OLD);
        let machine = Self { manager, prefix };
        let installed = machine.json(&["install", "--port", &free_port().to_string()]);
        assert_eq!(installed["result"], "installed", "{installed}");
        machine
    }

    fn json(&self, words: &[&str]) -> Value {
        let path = format!("{}:/usr/bin:/bin", self.prefix.0.join("bin").display());
        let mut command: Command = self.manager.command(GATEWARD);
        command.env("GATEWARD_MANAGER", "systemd").env("PATH", path).args(words).arg("--json");
        let output = command.output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    fn pid(&self) -> String {
        self.manager.property(UNIT, "MainPID")
    }

    fn unit(&self) -> String {
        fs::read_to_string(self.manager.home().join(".config/systemd/user").join(UNIT)).unwrap()
    }

    fn remarks(&self) -> Vec<String> {
        let status = self.json(&["status"]);
        status["remarks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|remark| remark.as_str().unwrap().to_owned())
            .collect()
    }
}

/// `PREFIX/bin/node`, `PREFIX/bin/openclaw` and the package.
struct Prefix(PathBuf);

impl Prefix {
    /// The manifest says `version`, the gateway answers `answers`.
    fn new(folder: &Path, version: &str, answers: &str) -> Self {
        let prefix = Self(folder.to_owned());
        fs::create_dir_all(prefix.package().join("dist")).unwrap();
        fs::create_dir_all(folder.join("bin")).unwrap();
        rig::script(&folder.join("bin/node"), &node());
        rig::script(Path::new(&prefix.entry()), "");
        std::os::unix::fs::symlink(prefix.entry(), folder.join("bin/openclaw")).unwrap();
        prefix.write(version, answers);
        prefix
    }

    fn replace(&self, version: &str) {
        self.write(version, version);
    }

    fn write(&self, version: &str, answers: &str) {
        let manifest =
            format!(r#"{{ "name": "openclaw", "version": "{version}", "engines": {{ "node": ">=18" }} }}"#);
        fs::write(self.package().join("package.json"), manifest).unwrap();
        fs::write(self.package().join("answers"), answers).unwrap();
    }

    fn package(&self) -> PathBuf {
        self.0.join("lib/node_modules/openclaw")
    }

    fn entry(&self) -> String {
        self.package().join("dist/index.js").display().to_string()
    }
}

/// Tells its version when asked, and else runs the demo gateway: `node ENTRY gateway --port PORT`.
fn node() -> String {
    format!(
        "#!/bin/sh\n[ \"$1\" = -p ] && echo 22.14.0 && exit\n\
         exec {GATEWARD} demo --port \"$4\" --version-text \"$(cat \"$(dirname \"$1\")/../answers\")\"\n"
    )
}
