//! `gateward auth monitor --install` as on Windows, against the double, which starts the task for real.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::double::Pc;
use crate::driven::Home as _;
use crate::driven::task::Desk as _;
use crate::ntfy::Ntfy;
use crate::parsers::judged;

const TASK: &str = "Gateward Auth Monitor";

/// In the account's own environment, which its tasks get.
fn schtasks(pc: &Pc, words: &[&str]) -> (bool, String) {
    let mut command = Command::new(pc.path("tools/schtasks.exe"));
    command.args(words).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", pc.path(""));
    let output = command.env("GATEWARD_MANAGER", "schtasks").output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn write_token(pc: &Pc, left_s: i64) {
    let folder = pc.path(".openclaw/agents/main/agent");
    std::fs::create_dir_all(&folder).unwrap();
    let ends = (jiff::Timestamp::now().as_second() + left_s) * 1000;
    let token = serde_json::json!({ "type": "token", "provider": "p", "token": "t", "expires": ends });
    let store = serde_json::json!({ "profiles": { "p:x": token } });
    std::fs::write(folder.join("auth-profiles.json"), store.to_string()).unwrap();
}

#[test]
fn the_task_repeats_without_a_window_and_keeps_the_schema() {
    let pc = Pc::new();
    pc.ok(&["auth", "monitor", "--install"]);
    let (_, xml) = schtasks(&pc, &["/Query", "/TN", TASK, "/XML"]);
    judged(&xml).unwrap_or_else(|why| panic!("{why}\n{xml}"));
    for part in ["<Interval>PT30M</Interval>", "<Delay>PT5M</Delay>", "gateward-host", "auth monitor"] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert!(xml.contains("<StartWhenAvailable>true</StartWhenAvailable>"), "{xml}");
}

#[test]
fn its_runs_tell_each_news_once_and_it_goes_without_a_trace() {
    let (pc, ntfy) = (Pc::new(), Ntfy::start());
    let install = pc.run_with(&["auth", "monitor", "--install"], &[("NOTIFY_NTFY", &ntfy.url("owner"))]);
    assert!(install.status.success(), "{install:?}");
    for (left_s, told) in [(3600, 1), (3600, 1), (-60, 2)] {
        write_token(&pc, left_s);
        run_once(&pc);
        assert_eq!(ntfy.titles().len(), told, "{:?}", ntfy.titles());
    }
    pc.ok(&["auth", "monitor", "--uninstall"]);
    assert!(!schtasks(&pc, &["/Query", "/TN", TASK]).0);
    assert!(!pc.path(".config/gateward/auth-monitor.env").exists());
}

/// Starts the task as its trigger would, and waits for its end.
#[track_caller]
fn run_once(pc: &Pc) {
    let result = || -> serde_json::Value {
        let text = std::fs::read_to_string(pc.path("tools/schtasks/state.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["tasks"][TASK].clone()
    };
    assert!(schtasks(pc, &["/Run", "/TN", TASK]).0);
    let begun = Instant::now();
    loop {
        schtasks(pc, &["/Query", "/TN", TASK]);
        let task = result();
        if task["pid"].is_null() {
            assert_eq!(task["result"], 0, "{task}");
            return;
        }
        assert!(begun.elapsed() < Pc::DEADLINE, "{task}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_refused_installation_leaves_nothing_behind() {
    let (pc, ntfy) = (Pc::new(), Ntfy::start());
    pc.quirks(serde_json::json!({ "denied": ["/Create"] }));
    let told = pc.run_with(&["auth", "monitor", "--install"], &[("NOTIFY_NTFY", &ntfy.url("owner"))]);
    assert!(!told.status.success());
    let left = std::fs::read_dir(pc.path(".config/gateward")).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}
