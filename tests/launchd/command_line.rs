//! `gateward` itself as on a Mac, against the double.

use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use gateward::adapter::launchd::plist::{Agent, render};
use serde_json::Value;

use crate::double::{DEADLINE, Mac};

pub struct Told {
    pub code: i32,
    pub text: String,
}

pub fn gateward(mac: &Mac, words: &[&str]) -> Told {
    let output = Command::new(env!("CARGO_BIN_EXE_gateward"))
        .args(words)
        .env_clear()
        .envs(&mac.around.variables)
        .env("GATEWARD_MANAGER", "launchd")
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Told { code: output.status.code().unwrap(), text: text.concat() }
}

fn json(mac: &Mac, words: &[&str]) -> Value {
    let told = gateward(mac, &[words, &["--json"]].concat());
    serde_json::from_str(&told.text).unwrap_or_else(|error| panic!("{error}: {}", told.text))
}

fn install(mac: &Mac, more: &[&str]) -> Told {
    let port = mac.id.port.to_string();
    let program = env!("CARGO_BIN_EXE_gateward");
    gateward(mac, &[&["install", "--port", &port], more, &["--", program, "demo", "--port", &port]].concat())
}

/// A3: until the next login, or for good.
#[test]
fn the_two_stops_are_told_apart() {
    let mac = Mac::new();
    let told = install(&mac, &[]);
    assert_eq!(told.code, 0, "{}", told.text);

    let told = gateward(&mac, &["stop"]);
    assert!(told.text.contains("gateward stop --stay"), "{}", told.text);
    assert_eq!(json(&mac, &["status"])["verdict"], "unloaded");

    let told = gateward(&mac, &["stop", "--stay"]);
    assert!(told.text.contains("stays so after the next login"), "{}", told.text);
    assert_eq!(json(&mac, &["status"])["verdict"], "disabled");
    assert_eq!(json(&mac, &["stop", "--stay"])["result"], "not-loaded");

    assert_eq!(json(&mac, &["start"])["result"], "started");
    assert_eq!(json(&mac, &["status"])["observation"]["registered"]["value"]["autostart"], "on");
}

#[test]
fn the_log_is_the_file_that_the_plist_names() {
    let mac = Mac::new();
    let told = install(&mac, &[]);
    assert_eq!(told.code, 0, "{}", told.text);
    let shown = json(&mac, &["logs"]);
    assert!(shown["source"].as_str().unwrap().ends_with("Library/Logs/openclaw/gateway.log"), "{shown}");
    assert!(!shown["lines"].as_array().unwrap().is_empty(), "{shown}");
}

#[test]
fn a_ghost_is_asked_about_and_then_removed_or_kept() {
    let mac = Mac::new();
    let ghost = mac.path("Library/LaunchAgents/com.clawdbot.gateway.plist");
    std::fs::create_dir_all(ghost.parent().unwrap()).unwrap();
    std::fs::write(&ghost, "<plist/>").unwrap();

    let told = install(&mac, &["--json"]);
    assert!(told.code != 0 && told.text.contains("legacy-services"), "{}", told.text);
    assert!(!mac.path("Library/LaunchAgents/ai.openclaw.gateway.plist").exists());

    let told = install(&mac, &["--legacy", "keep"]);
    assert!(told.code == 0 && told.text.contains("com.clawdbot.gateway"), "{}", told.text);
    assert!(ghost.exists());

    let told = install(&mac, &["--force", "--legacy", "remove"]);
    assert_eq!(told.code, 0, "{}", told.text);
    assert!(!ghost.exists() && mac.path(".Trash/com.clawdbot.gateway.plist").exists());
}

/// The usual case: the old service runs, on the very port that the new one is to have.
#[test]
fn a_running_ghost_lets_go_of_the_port() {
    let mac = Mac::new();
    let mut old = mac.spec();
    old.environment.clear();
    old.identity.label = "com.clawdbot.gateway".to_owned();
    let ghost = mac.path("Library/LaunchAgents/com.clawdbot.gateway.plist");
    std::fs::create_dir_all(ghost.parent().unwrap()).unwrap();
    std::fs::create_dir_all(mac.path("Library/Logs/openclaw")).unwrap();
    std::fs::write(&ghost, render(&Agent::of(&old)).unwrap()).unwrap();
    let domain = format!("gui/{}", mac.around.uid);
    let loaded = Command::new(mac.path("tools/launchctl")).args(["bootstrap", &domain]).arg(&ghost).status();
    assert!(loaded.unwrap().success());
    until("the ghost listens", || TcpStream::connect(("127.0.0.1", mac.id.port)).is_ok());

    let told = install(&mac, &["--legacy", "keep"]);
    assert!(told.code != 0, "{}", told.text);
    let told = install(&mac, &["--legacy", "remove"]);
    assert_eq!(told.code, 0, "{}", told.text);
    assert_eq!(json(&mac, &["status"])["verdict"], "ready");
}

#[test]
fn the_watcher_is_an_agent_of_its_own() {
    let mac = Mac::new();
    let told = install(&mac, &[]);
    assert_eq!(told.code, 0, "{}", told.text);
    let gateway = json(&mac, &["status"])["observation"]["supervised"]["value"]["pid"].clone();
    let plist = mac.path("Library/LaunchAgents/app.gateward.watch.plist");
    let planned = gateward(&mac, &["watch", "--install", "--dry-run"]);
    assert!(planned.text.contains("<string>--alert</string>") && !plist.exists(), "{}", planned.text);

    let told = json(&mac, &["watch", "--install"]);
    assert_eq!(told["result"], "installed", "{told}");
    let text = std::fs::read_to_string(&plist).unwrap();
    assert!(text.contains("Library/Logs/Gateward/watch.log") && !text.contains("Logs/openclaw"), "{text}");
    // It watches: what happens while nobody else looks is recorded.
    let log = mac.path("Library/Logs/Gateward/watch.log");
    until("it has looked", || std::fs::read_to_string(&log).is_ok_and(|text| text.contains("ready")));
    Command::new("kill").args(["-KILL", &gateway.to_string()]).status().unwrap();
    until("the crash is recorded", || {
        let told = json(&mac, &["history"]);
        told["incidents"].as_array().unwrap().iter().any(|it| it["kind"] == "crash")
    });
    assert_eq!(json(&mac, &["watch", "--uninstall"])["result"], "uninstalled");
    assert!(!plist.exists());
    assert_eq!(
        json(&mac, &["watch", "--uninstall"])["message"],
        "The watcher’s service is not installed, so there is nothing to remove."
    );
}

#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < DEADLINE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
