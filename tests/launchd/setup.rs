//! The wizard on a Mac that has node and npm, and nothing else yet.

use std::sync::Arc;

use gateward::system::System;
use gateward::system::scripted::Scripted;

use crate::desk;
use crate::mac::{Mac, UID};
use crate::wizard::{Wizard, state, step};

const NODE: &str = "/opt/homebrew/opt/node/bin/node";
const NPM: &str = "/opt/homebrew/bin/npm";

fn wizard(folder: &tempfile::TempDir) -> Wizard<Mac> {
    let system = Scripted::new(Mac::default());
    system.with(|machine, mac| {
        mac.launchd.uid = UID;
        [NODE, NPM].iter().for_each(|path| machine.write(path, b"", 0o755).unwrap());
    });
    let home = folder.path().display().to_string();
    let around = desk::surroundings(&[("HOME", &home), ("PATH", "/opt/homebrew/bin:/usr/bin:/bin")]);
    Wizard { system: Arc::new(system), around, answers: "/answers.json" }
}

#[tokio::test]
async fn answers_lead_an_empty_mac_to_an_agent_that_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mac = wizard(&folder);
    let told = mac.told(r#"{ "openclaw": "npm" }"#).await;
    assert_eq!((&told["ok"], &told["current"]), (&true.into(), &serde_json::Value::Null), "{told:#}");
    for id in ["programs", "gui-session", "manager", "plan", "install", "proof", "afterwards"] {
        assert_eq!(state(&told, id), "done", "{told:#}");
    }
    assert!(told["steps"].as_array().unwrap().iter().all(|step| step["id"] != "linger"), "{told:#}");
    let plist = format!("{}/Library/LaunchAgents/ai.openclaw.gateway.plist", folder.path().display());
    let text = mac.system.read(&plist).unwrap().unwrap().text();
    assert!(text.contains(NODE) && text.contains("/opt/homebrew/lib/node_modules/openclaw"), "{text}");
}

/// Over SSH, and under sudo.
#[tokio::test]
async fn without_a_session_the_mac_stops_at_its_own_page_and_goes_on_after_a_login() {
    let folder = tempfile::tempdir().unwrap();
    let mac = wizard(&folder);
    mac.system.with(|_, mac| mac.launchd.session = false);
    let told = mac.told(r#"{ "openclaw": "npm" }"#).await;
    assert_eq!(
        (&told["code"], &told["current"]),
        (&"no-gui-session".into(), &"gui-session".into()),
        "{told:#}"
    );
    assert_eq!(state(&told, "programs"), "done", "what was done stays: {told:#}");
    assert!(step(&told, "gui-session")["problem"]["hints"].to_string().contains("log-in-here"), "{told:#}");
    mac.system.with(|_, mac| mac.launchd.session = true);
    assert_eq!(mac.told("{}").await["ok"], true);
}
