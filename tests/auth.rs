//! `gateward auth` as a script or timer runs it: real files, a real WebSocket, a local ntfy.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(target_os = "linux")]
#[path = "auth/keeper.rs"]
mod keeper;
#[path = "doubles/ntfy.rs"]
mod ntfy;
#[path = "rig/port.rs"]
mod port;

use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use ntfy::Ntfy;
use port::free_port;
use serde_json::{Value, json};
use tempfile::TempDir;

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
const PLANTED: &str = "sk-ant-oat01-Pl4nt3dS3cretAAAABBBBCCCCDDDD0123456789";
const STORE: &str = ".openclaw/agents/main/agent/auth-profiles.json";
const HOUR: i64 = 3600;

/// A home of its own, without any service manager.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A store with one token that ends `left_s` seconds from now.
    fn write_token(&self, left_s: i64) {
        self.write(STORE, &store(left_s).to_string());
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(GATEWARD);
        command
            .env_clear()
            .env("HOME", self.0.path())
            .env("PATH", "/usr/bin:/bin")
            .env("GATEWARD_MANAGER", "builtin");
        command.args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn check(&self) -> Option<i32> {
        self.run(&["auth", "status", "--check"]).status.code()
    }

    /// The monitor's one look, with a route to `ntfy`.
    fn monitor(&self, ntfy: &Ntfy) -> Output {
        self.command(&["auth", "monitor"]).env("NOTIFY_NTFY", ntfy.url("owner")).output().unwrap()
    }

    /// Every byte that Gateward left in this home.
    fn left_behind(&self) -> String {
        let found = Command::new("grep").args(["-rl", "Pl4nt3d"]).arg(self.0.path()).output().unwrap();
        String::from_utf8(found.stdout).unwrap()
    }
}

fn store(left_s: i64) -> Value {
    let ends = (jiff::Timestamp::now().as_second() + left_s) * 1000;
    let token = json!({ "type": "token", "provider": "anthropic", "token": PLANTED, "expires": ends });
    json!({ "version": 1, "profiles": { "anthropic:default": token } })
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_exit_code_is_openclaws() {
    let home = Home::new();
    assert_eq!(home.check(), Some(1), "nothing there");
    for (left_s, code) in [(240 * HOUR, 0), (2 * HOUR, 2), (-HOUR, 1)] {
        home.write_token(left_s);
        assert_eq!(home.check(), Some(code), "{left_s}");
    }
    home.write(STORE, "{\"version\":1,\"profi");
    assert_eq!(home.check(), Some(4), "half written");
    assert_eq!(home.run(&["auth", "status"]).status.code(), Some(0), "without --check");
}

#[test]
fn the_json_says_what_the_text_says() {
    let home = Home::new();
    home.write_token(2 * HOUR);
    let output = home.run(&["auth", "status", "--json"]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["exit_code"], &said["needs_reauth"]), (&json!(2), &json!(false)));
    assert_eq!(said["credentials"][0]["standing"], "expiring");
    let text = text(&home.run(&["auth", "status"]));
    assert!(text.contains("anthropic:default") && text.contains("ends in 1 h"), "{text}");
}

#[test]
fn a_running_gateway_is_asked_and_not_its_files() {
    let home = Home::new();
    let port = free_port().to_string();
    home.write(
        ".openclaw/openclaw.json",
        &format!("{{gateway: {{mode: 'local', port: {port}, auth: {{token: '{PLANTED}'}}}}}}"),
    );
    home.write("told.json", &store(2 * HOUR).to_string());
    home.write_token(-HOUR);
    let config = home.0.path().join(".openclaw/openclaw.json");
    let told = home.0.path().join("told.json");
    let mut demo = home.command(&["demo", "--config"]);
    let _demo = Ended(
        demo.arg(config)
            .arg("--profiles")
            .arg(told)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let asked = || {
        let output = home.run(&["auth", "status", "--json"]);
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        said["credentials"].as_array().unwrap().iter().find(|it| it["id"] == "anthropic:default").cloned()
    };
    let begun = Instant::now();
    loop {
        let found = asked().unwrap();
        if found["source"] == "models.authStatus" {
            assert_eq!((&found["standing"], &found["confidence"]), (&json!("expiring"), &json!("told")));
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{found}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn each_news_is_told_once_however_often_the_monitor_runs() {
    let (home, ntfy) = (Home::new(), Ntfy::start());
    home.write_token(HOUR);
    for _ in 0..3 {
        assert!(home.monitor(&ntfy).status.success());
    }
    home.write_token(-HOUR);
    home.monitor(&ntfy);
    home.monitor(&ntfy);
    home.write_token(400 * HOUR);
    home.monitor(&ntfy);
    home.monitor(&ntfy);
    let titles = ntfy.titles();
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert!(
        titles[0].contains("ends in") && titles[1].contains("ended") && titles[2].contains("works again"),
        "{titles:?}"
    );
}

#[test]
fn what_reached_nobody_is_told_by_the_next_run() {
    let (home, ntfy) = (Home::new(), Ntfy::start());
    home.write_token(HOUR);
    ntfy.fails(true);
    let failed = home.monitor(&ntfy);
    assert_eq!(failed.status.code(), Some(1), "{}", text(&failed));
    ntfy.fails(false);
    assert!(home.monitor(&ntfy).status.success());
    assert_eq!(ntfy.titles().len(), 1);
}

#[test]
fn a_command_hears_it_on_its_standard_input() {
    let home = Home::new();
    home.write_token(HOUR);
    let output =
        home.command(&["auth", "monitor"]).env("NOTIFY_COMMAND", "cat > \"$HOME/heard\"").output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let heard: Value =
        serde_json::from_str(&fs::read_to_string(home.0.path().join("heard")).unwrap()).unwrap();
    assert_eq!((&heard["event"], &heard["urgent"]), (&json!("credential"), &json!(true)));
}

#[test]
fn warn_hours_move_the_last_warning() {
    let (home, ntfy) = (Home::new(), Ntfy::start());
    home.write_token(20 * HOUR);
    home.monitor(&ntfy);
    home.command(&["auth", "monitor"])
        .env("NOTIFY_NTFY", ntfy.url("owner"))
        .env("WARN_HOURS", "22")
        .output()
        .unwrap();
    assert_eq!(ntfy.titles().len(), 2, "a day ahead, and by WARN_HOURS");
}

#[test]
fn no_secret_is_printed_logged_sent_or_kept() {
    let (home, ntfy) = (Home::new(), Ntfy::start());
    let config = format!("{{gateway: {{mode: 'local', auth: {{token: '{PLANTED}'}}}}}}");
    home.write(".openclaw/openclaw.json", &config);
    home.write(
        ".claude/.credentials.json",
        &json!({ "claudeAiOauth": { "accessToken": PLANTED, "refreshToken": PLANTED, "expiresAt": 1 } })
            .to_string(),
    );
    home.write(
        ".codex/auth.json",
        &json!({ "tokens": { "access_token": PLANTED, "refresh_token": PLANTED } }).to_string(),
    );
    home.write_token(-HOUR);
    let before = home.left_behind();
    for arguments in [
        &["auth", "status"][..],
        &["auth", "status", "--json"],
        &["auth", "monitor"],
        &["auth", "monitor", "--json"],
    ] {
        let mut command = home.command(arguments);
        command.env("NOTIFY_NTFY", ntfy.url("owner")).env("GATEWARD_LOG", "trace");
        let said = text(&command.output().unwrap());
        assert!(!said.contains("Pl4nt3d"), "{arguments:?}: {said}");
    }
    assert!(!ntfy.titles().is_empty() && !ntfy.everything().contains("Pl4nt3d"));
    assert_eq!(home.left_behind(), before);
}

#[test]
fn an_own_source_is_watched_like_any_other() {
    let home = Home::new();
    let source = json!({ "name": "vpn", "from": { "command": ["/bin/sh", "-c", "date -d '+2 hours' +%s"] } });
    home.write(
        ".config/gateward/settings.json",
        &json!({ "credentials": { "sources": [source] } }).to_string(),
    );
    assert_eq!(home.check(), Some(2));
}

#[test]
fn several_kinds_of_own_sources_stand_side_by_side() {
    let home = Home::new();
    let pem = include_str!("../src-tauri/src/auth/tests/fixtures/client.pem");
    home.write("client.pem", pem);
    home.write("vpn.json", &json!({ "session": { "until": "2020-01-01T00:00:00Z" } }).to_string());
    let sources = json!([
        { "name": "vpn", "from": { "file": "~/vpn.json" }, "pointer": "/session/until", "sign_in": "vpn login" },
        { "name": "client", "from": { "certificate": "~/client.pem" } },
        { "name": "gone", "from": { "file": "~/gone.json" } },
    ]);
    home.write(
        ".config/gateward/settings.json",
        &json!({ "credentials": { "sources": sources } }).to_string(),
    );
    let found = |id: &str| {
        let said: Value = serde_json::from_slice(&home.run(&["auth", "status", "--json"]).stdout).unwrap();
        said["credentials"].as_array().unwrap().iter().find(|it| it["id"] == id).cloned().unwrap()
    };
    let vpn = found("own:vpn");
    assert_eq!((&vpn["standing"], &vpn["sign_in"]), (&json!("expired"), &json!("vpn login")));
    assert_eq!(found("own:client")["kind"], "certificate");
    assert_eq!(found("own:gone")["standing"], "missing");
}

#[test]
fn a_webhook_hears_it_as_json() {
    let (home, hook) = (Home::new(), Ntfy::start());
    home.write_token(HOUR);
    let output = home.command(&["auth", "monitor"]).env("NOTIFY_WEBHOOK", hook.url("hook")).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let heard: Value = serde_json::from_str(&hook.everything()).unwrap();
    assert_eq!(heard["event"], "credential");
}

/// An `openclaw` that npm has installed: it says what `models status` is to say and keeps what it was asked.
fn bring_openclaw(home: &Home, said: &Value) {
    const PACKAGE: &str = ".npm-global/lib/node_modules/openclaw";
    let script = "const fs = require('node:fs');\n\
        fs.appendFileSync(process.env.HOME + '/asked', JSON.stringify(process.argv.slice(2)) + '\\n');\n\
        if (process.argv.includes('status')) process.stdout.write(fs.readFileSync(process.env.HOME + '/said'));\n";
    let manifest = json!({ "name": "openclaw", "version": "2026.9.6", "engines": { "node": ">=18" } });
    home.write(&format!("{PACKAGE}/package.json"), &manifest.to_string());
    home.write(&format!("{PACKAGE}/dist/index.js"), script);
    home.write("said", &said.to_string());
}

fn asked(home: &Home) -> Vec<Vec<String>> {
    let kept = fs::read_to_string(home.0.path().join("asked")).unwrap_or_default();
    kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_phone_is_reached_through_openclaws_own_channels() {
    let home = Home::new();
    bring_openclaw(&home, &json!({}));
    home.write_token(-HOUR);
    let told = home.command(&["auth", "monitor"]).env("NOTIFY_PHONE", "+15550100").output().unwrap();
    assert!(told.status.success(), "{}", text(&told));
    let asked = asked(&home);
    assert_eq!(asked[0][..5], ["message", "send", "--target", "+15550100", "--message"]);
    assert!(asked.len() == 1 && asked[0][5].contains("ended 1 h ago"), "{asked:?}");
}

#[test]
fn openclaws_command_line_is_asked_once_until_its_database_is_written() {
    let home = Home::new();
    let profile = json!({ "profileId": "anthropic:manual", "provider": "anthropic", "type": "token", "status": "expired" });
    bring_openclaw(&home, &json!({ "auth": { "oauth": { "profiles": [profile] } } }));
    home.write(".openclaw/state/openclaw.sqlite", "1");
    for _ in 0..3 {
        assert_eq!(home.check(), Some(1));
    }
    assert_eq!(asked(&home), [["models", "status", "--json"]]);
    home.write(".openclaw/state/openclaw.sqlite", "2");
    assert_eq!(home.check(), Some(1));
    assert_eq!(asked(&home).len(), 2);
}

#[test]
fn what_an_older_openclaw_left_behind_says_nothing_beside_a_newer_ones_database() {
    let home = Home::new();
    bring_openclaw(&home, &json!({ "ok": false, "error": { "message": "AUTH_PROFILE_MIGRATION_REQUIRED" } }));
    home.write(".openclaw/state/openclaw.sqlite", "1");
    home.write_token(240 * HOUR);
    assert_eq!(home.check(), Some(4));
    let told = text(&home.run(&["auth", "status"]));
    assert!(told.contains("openclaw doctor --fix"), "{told}");
}

#[test]
fn the_history_keeps_an_end_once_and_its_renewal() {
    let (home, ntfy) = (Home::new(), Ntfy::start());
    for left_s in [6 * 24 * HOUR, HOUR, -HOUR, -HOUR, 400 * HOUR] {
        home.write_token(left_s);
        home.monitor(&ntfy);
    }
    let said: Value = serde_json::from_slice(&home.run(&["history", "--json"]).stdout).unwrap();
    let kept: Vec<_> = said["incidents"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kept, ["credential-renewed", "credential-over", "credential-ending"]);
    let told = text(&home.run(&["history"]));
    assert!(told.contains("anthropic:default works again"), "{told}");
}

#[test]
fn a_thousand_profiles_are_looked_at_and_told_in_one_letter() {
    let (home, ntfy) = (Home::new(), Ntfy::start());
    let one = store(-HOUR)["profiles"]["anthropic:default"].clone();
    let profiles: serde_json::Map<String, Value> =
        (0..1000).map(|n| (format!("anthropic:{n}"), one.clone())).collect();
    home.write(STORE, &json!({ "version": 1, "profiles": profiles }).to_string());
    let said: Value = serde_json::from_slice(&home.run(&["auth", "status", "--json"]).stdout).unwrap();
    assert_eq!(said["credentials"].as_array().unwrap().len(), 1000);
    assert!(home.monitor(&ntfy).status.success());
    assert!(home.monitor(&ntfy).status.success());
    let titles = ntfy.titles();
    assert!(titles.len() == 1 && titles[0].contains("1000 credentials"), "{titles:?}");
}
