//! The real binary with an empty home and no service manager: what is refused says why and what to do, and changes nothing.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "rig/port.rs"]
mod port;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use port::free_port;
use serde_json::Value;
use walkdir::{DirEntry, WalkDir};

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");

#[test]
fn a_bad_profile_name_is_refused() {
    Home::new().refuses(&["--profile", "../x", "install"], 2, "bad-profile");
}

#[test]
fn an_invalid_port_is_refused() {
    for port in ["0", "99999", "abc", "-1"] {
        Home::new().refuses(&["install", &format!("--port={port}"), "--", GATEWARD, "demo"], 2, "bad-port");
    }
}

#[test]
fn a_config_that_is_not_json5_is_refused_with_its_place() {
    let home = Home::new();
    home.write(".openclaw/openclaw.json", "{\n gateway: {port: 1 2}, token: 'hunter2' }", 0o600);
    let said = home.refuses(&["install", "--", GATEWARD, "demo"], 1, "config-invalid");
    assert!(said.contains("line 2"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_missing_program_is_refused() {
    Home::new().refuses(&["install", "--", "/no/such/program"], 1, "program-missing");
    Home::new().refuses(&["install", "--node", "/no/such/node"], 1, "no-openclaw");
}

#[test]
fn a_missing_node_is_refused() {
    let home = Home::new();
    home.write(
        "p/lib/node_modules/openclaw/package.json",
        r#"{"name":"openclaw","engines":{"node":">=999"}}"#,
        0o644,
    );
    home.write("p/lib/node_modules/openclaw/dist/index.js", "", 0o644);
    let mut command = home.command(&["install", "--json"]);
    let output = command.env("NPM_CONFIG_PREFIX", home.path("p")).output().unwrap();
    assert_eq!((output.status.code(), json(&output)["code"].as_str()), (Some(1), Some("no-node")));
}

#[test]
fn a_missing_working_folder_is_refused() {
    Home::new().refuses(&["install", "--workdir", "/no/such", "--", GATEWARD, "demo"], 2, "bad-working-dir");
}

#[test]
fn a_variable_that_injects_code_is_refused_and_not_repeated() {
    let said = Home::new().refuses(
        &["install", "--env", "LD_PRELOAD=hunter2", "--", GATEWARD, "demo"],
        2,
        "bad-variable",
    );
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_port_that_somebody_holds_is_refused_with_its_owner() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let said = Home::new().refuses(&["install", "--port", &port, "--", GATEWARD, "demo"], 1, "port-taken");
    assert!(said.contains(&format!("pid {}", std::process::id())), "{said}");
}

#[test]
fn without_home_everything_says_so() {
    for verb in ["install", "start", "status", "history"] {
        let home = Home::new();
        let output = home.command(&[verb]).env_remove("HOME").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{verb}: {said}");
        assert!(said.contains("HOME") && said.contains("Hint: "), "{verb}: {said}");
    }
}

#[test]
fn without_a_user_bus_systemds_state_is_unknown_and_an_installation_refused() {
    let home = Home::new();
    let run = |words: &[&str]| home.command(words).env("GATEWARD_MANAGER", "systemd").output().unwrap();
    let before = home.tree();
    let status = run(&["status", "--json", "--check"]);
    assert_eq!((json(&status)["verdict"].as_str(), status.status.code()), (Some("unknown"), Some(4)));
    let install = run(&["install", "--json", "--", GATEWARD, "demo"]);
    assert_eq!(install.status.code(), Some(1));
    let value = json(&install);
    assert!(value["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{value}");
    assert_eq!(home.tree(), before);
}

#[test]
fn a_unit_that_someone_else_wrote_is_not_touched() {
    let home = Home::new();
    home.write(
        "tools/systemctl",
        "#!/bin/sh\necho LoadState=loaded\necho ActiveState=inactive\necho SubState=dead\n\
        echo UnitFileState=enabled\necho FragmentPath=$HOME/.config/systemd/user/openclaw-gateway.service\n",
        0o755,
    );
    home.write(
        ".config/systemd/user/openclaw-gateway.service",
        "[Service]\nExecStart=/usr/bin/backup\n",
        0o644,
    );
    let before = home.tree();
    let mut command = home.command(&["install", "--json", "--", GATEWARD, "demo"]);
    let output = command
        .env("GATEWARD_MANAGER", "systemd")
        .env("GATEWARD_TOOLS", home.path("tools"))
        .output()
        .unwrap();
    assert_eq!(json(&output)["code"], "unit-foreign", "{output:?}");
    assert_eq!((output.status.code(), home.tree()), (Some(1), before));
}

#[test]
fn a_folder_that_cannot_be_written_leaves_no_crumbs() {
    let home = Home::new();
    // A file where a folder is needed stops root as well, whom a mode does not.
    home.write(".config/gateward", "in the way", 0o644);
    let output = home.run(&["install", "--json", "--", GATEWARD, "demo"]);
    assert_eq!(json(&output)["code"], "write-failed", "{output:?}");
    let mut left = home.tree();
    // That it was tried is in the journal.
    left.retain(|path, _| !path.starts_with(home.path(".local")));
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn removing_asks_and_without_a_terminal_needs_yes() {
    let home = Home::installed();
    let refused = home.run(&["uninstall", "--json"]);
    assert_eq!((refused.status.code(), json(&refused)["code"].as_str()), (Some(1), Some("cancelled")));
    assert_eq!(json(&home.run(&["status", "--json"]))["verdict"], "ready");
    assert!(home.run(&["uninstall", "--yes"]).status.success());
    assert_eq!(json(&home.run(&["status", "--json"]))["verdict"], "not-installed");
}

#[test]
fn a_gateway_goes_through_its_life_under_the_built_in_manager() {
    let home = Home::installed();
    let pid = |value: &Value| value["observation"]["supervised"]["value"]["pid"].as_u64();
    let status = || json(&home.run(&["status", "--json"]));
    let result = |words: &[&str]| json(&home.run(words))["result"].clone();
    let first = pid(&status()).unwrap();
    assert_eq!(result(&["install", "--json", "--", GATEWARD, "demo"]), "already-installed");
    assert_eq!(result(&["start", "--json"]), "already-running");
    assert_eq!(result(&["restart", "--json"]), "restarted");
    assert_ne!(pid(&status()), Some(first));
    assert_eq!(result(&["stop", "--json"]), "stopped");
    assert_eq!(json(&home.run(&["stop", "--json"]))["message"], "The gateway is already stopped.");
    assert_eq!(home.run(&["status", "--check"]).status.code(), Some(3));
    assert_eq!(result(&["start", "--json"]), "started");
    let log = home.run(&["logs", "-n", "200"]);
    assert!(String::from_utf8_lossy(&log.stdout).contains("listening on"), "{log:?}");
    let history = json(&home.run(&["history", "--json", "--since", "1d"]));
    let kinds: Vec<&str> = history["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|incident| incident["kind"].as_str())
        .collect();
    assert!(kinds.contains(&"restarted") && kinds.contains(&"stopped"), "{kinds:?}");
}

#[test]
fn nothing_is_printed_twice() {
    let home = Home::new();
    let output = home.run(&["start"]);
    assert!(output.stdout.is_empty(), "{output:?}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.matches("not installed").count(), 1, "{told}");
    let output = home.run(&["start", "--json"]);
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let home = Home::new();
    let script = format!("{GATEWARD} explain | true; {GATEWARD} status | head -1");
    let output = home.plain("sh").args(["-c", &script]).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A home of its own, with the built-in manager.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::Builder::new().prefix("gw-cli-").tempdir().unwrap())
    }

    /// With the demo gateway as a running service.
    fn installed() -> Self {
        let home = Self::new();
        let port = free_port().to_string();
        let output =
            home.run(&["install", "--json", "--port", &port, "--", GATEWARD, "demo", "--port", &port]);
        assert_eq!(json(&output)["result"], "installed", "{output:?}");
        home
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn write(&self, below: &str, text: &str, mode: u32) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn plain(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.0.path())
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.0.path());
        command
            .env("GATEWARD_MANAGER", "builtin")
            // The real crontab(1) would change the table of whoever runs the tests.
            .env("GATEWARD_TOOLS", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doubles"))
            .env("LANG", "C.UTF-8")
            .env("XDG_RUNTIME_DIR", self.path("no-runtime"));
        command
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.plain(GATEWARD);
        command.args(words);
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs a command that has to fail with a cause or hint and change nothing; gives what it said.
    #[track_caller]
    fn refuses(&self, words: &[&str], exit: i32, code: &str) -> String {
        let before = self.tree();
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{said}");
        assert!(said.contains("Hint: "), "a next step: {said}");
        let with_json: Vec<&str> = ["--json"].iter().chain(words).copied().collect();
        assert_eq!(json(&self.run(&with_json))["code"], code);
        assert_eq!(self.tree(), before, "nothing may change");
        said
    }

    /// Every path below the home with its mode and bytes.
    fn tree(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let found = WalkDir::new(self.0.path()).min_depth(1).into_iter().map(Result::unwrap);
        let described = |entry: DirEntry| {
            let meta = entry.metadata().unwrap();
            let bytes = if meta.is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
            (entry.into_path(), (meta.permissions().mode(), bytes))
        };
        found.map(described).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = self.run(&["uninstall", "--yes"]);
    }
}

#[track_caller]
fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}
