//! `gateward auth monitor --install` as on a Mac, against the double, which starts the agent for real.

use std::time::{Duration, Instant};

use crate::command_line::gateward;
use crate::double::{DEADLINE, Mac};
use crate::ntfy::Ntfy;

const AGENT: &str = "Library/LaunchAgents/app.gateward.auth-monitor.plist";

struct Anna {
    ntfy: Ntfy,
    mac: Mac,
}

impl Anna {
    fn new() -> Self {
        let (ntfy, mut mac) = (Ntfy::start(), Mac::new());
        let variables = [("NOTIFY_NTFY", ntfy.url("owner")), ("GATEWARD_MONITOR_EVERY", "1s".to_owned())];
        mac.around.variables.extend(variables.map(|(name, text)| (name.to_owned(), text)));
        Self { ntfy, mac }
    }

    /// A token that ends `left_s` seconds from now.
    fn write_token(&self, left_s: i64) {
        let folder = self.mac.path(".openclaw/agents/main/agent");
        std::fs::create_dir_all(&folder).unwrap();
        let ends = (jiff::Timestamp::now().as_second() + left_s) * 1000;
        let token = serde_json::json!({ "type": "token", "provider": "p", "token": "t", "expires": ends });
        let store = serde_json::json!({ "profiles": { "p:x": token } });
        std::fs::write(folder.join("auth-profiles.json"), store.to_string()).unwrap();
    }

    #[track_caller]
    fn monitor(&self, option: &str) -> String {
        let told = gateward(&self.mac, &["auth", "monitor", option]);
        assert_eq!(told.code, 0, "{}", told.text);
        told.text
    }

    #[track_caller]
    fn await_news(&self, count: usize) {
        let begun = Instant::now();
        while self.ntfy.titles().len() < count {
            assert!(begun.elapsed() < DEADLINE, "{:?}", self.ntfy.titles());
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(self.ntfy.titles().len(), count);
    }
}

/// A job that repeats would be started for ever.
impl Drop for Anna {
    fn drop(&mut self) {
        let target = format!("gui/{}/app.gateward.auth-monitor", self.mac.around.uid);
        let _ =
            std::process::Command::new(self.mac.path("tools/launchctl")).args(["bootout", &target]).output();
    }
}

/// launchd holds a job back for 10 s from one start to the next.
#[test]
fn the_agent_tells_each_news_once_and_goes_without_a_trace() {
    let anna = Anna::new();
    anna.write_token(3600);
    anna.monitor("--install");
    anna.await_news(1);
    anna.write_token(-60);
    anna.await_news(2);
    anna.monitor("--uninstall");
    assert!(!anna.mac.path(AGENT).exists());
    let left = gateward(&anna.mac, &["auth", "monitor", "--uninstall"]);
    assert_eq!(left.code, 0, "{}", left.text);
}

#[test]
fn a_dry_run_shows_the_agent_and_no_address() {
    let anna = Anna::new();
    let told = gateward(&anna.mac, &["auth", "monitor", "--install", "--dry-run"]);
    for line in ["<key>StartInterval</key>", "<key>StartCalendarInterval</key>", "launchctl bootstrap"] {
        assert!(told.text.contains(line), "{line}: {}", told.text);
    }
    assert!(!told.text.contains("127.0.0.1") && !anna.mac.path(AGENT).exists(), "{}", told.text);
}

/// launchd remembers a label that was switched off, and refuses it until it is switched on (upstream #39211).
#[test]
fn an_agent_that_was_switched_off_is_installed_all_the_same() {
    let anna = Anna::new();
    anna.write_token(3600);
    let label = format!("gui/{}/app.gateward.auth-monitor", anna.mac.around.uid);
    let off = std::process::Command::new(anna.mac.path("tools/launchctl")).args(["disable", &label]).status();
    assert!(off.unwrap().success());
    anna.monitor("--install");
    anna.await_news(1);
    anna.monitor("--uninstall");
}

#[test]
fn an_installation_that_fails_leaves_nothing_behind() {
    let anna = Anna::new();
    let state = format!("{{\"uid\":{},\"session\":false}}", anna.mac.around.uid);
    std::fs::create_dir_all(anna.mac.path("tools/launchd")).unwrap();
    std::fs::write(anna.mac.path("tools/launchd/state.json"), state).unwrap();
    let told = gateward(&anna.mac, &["auth", "monitor", "--install"]);
    assert!(told.code != 0, "{}", told.text);
    let routes = anna.mac.path(".config/gateward/auth-monitor.env");
    assert!(!anna.mac.path(AGENT).exists() && !routes.exists());
}
