//! The set-up tool as a whole, on machines that doubles of `dpkg-query`, `apt-get`, `sudo` and `id` pretend.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

const WANTED: &str = "build-essential pkg-config";

#[test]
fn only_what_is_missing_is_installed_after_one_update() {
    let machine = Machine::new("missing")
        .with("dpkg-query", r"printf 'build-essential\tinstalled\npkg-config\tconfig-files\n'");
    let output = machine.set_up();
    assert_eq!(machine.calls(), "apt-get update\napt-get install -y --no-install-recommends pkg-config\n");
    assert!(output.contains("pkg-config  finds the C libraries"), "{output}");
}

#[test]
fn a_prepared_machine_is_left_alone() {
    let machine = Machine::new("prepared").with("dpkg-query", &format!(r"printf '%s\tinstalled\n' {WANTED}"));
    let output = machine.set_up();
    assert_eq!(machine.calls(), "");
    assert!(output.contains("all 2 are installed"), "{output}");
}

#[test]
fn another_user_than_root_installs_through_sudo() {
    let machine = Machine::new("user").with("dpkg-query", "true").with("id", "echo 1000");
    let output = machine.set_up();
    assert!(
        machine.calls().starts_with("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update\n"),
        "{output}"
    );
}

#[test]
fn a_failed_installation_is_a_failure() {
    let machine = Machine::new("failing").with("dpkg-query", "true").with("apt-get", "exit 100");
    let output = machine.run();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("exit status: 100"), "{output:?}");
}

#[test]
fn a_system_without_apt_is_told_what_it_needs() {
    let machine = Machine::new("other");
    let output = machine.run();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(message.contains("no dpkg and apt-get"), "{message}");
    assert!(WANTED.split(' ').all(|name| message.contains(name)), "{message}");
}

/// A folder that is all of `PATH`.
struct Machine(PathBuf);

impl Machine {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let machine = Self(folder);
        let recorder = |name: &str| format!(r#"echo "{name} $*" >> {}/calls"#, machine.0.display());
        let [apt, sudo] = ["apt-get", "sudo"].map(recorder);
        machine.with("id", "echo 0").with("apt-get", &apt).with("sudo", &sudo).with("env", r#"shift; "$@""#)
    }

    fn with(self, program: &str, script: &str) -> Self {
        let path = self.0.join(program);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn run(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["setup", "--for", "headless"]).env_clear().env("PATH", &self.0).output().unwrap()
    }

    /// Standard output of a run that must succeed.
    fn set_up(&self) -> String {
        let output = self.run();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.0.join("calls")).unwrap_or_default()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
