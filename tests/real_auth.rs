//! The credential timer over a real `systemd --user`, with its pace shortened, and a local ntfy.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "doubles/ntfy.rs"]
mod ntfy;
mod rig;

use std::fs;
use std::process::{Command, Output};
use std::time::Duration;

use ntfy::Ntfy;
use rig::{UserManager, wait_until};
use serde_json::json;

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
const TIMER: &str = "gateward-auth-monitor.timer";
const SERVICE: &str = "gateward-auth-monitor.service";
const PATIENCE: Duration = Duration::from_secs(60);

struct Account {
    ntfy: Ntfy,
    manager: UserManager,
}

impl Account {
    fn new() -> Self {
        Self { ntfy: Ntfy::start(), manager: UserManager::start() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_paced(arguments, "1s")
    }

    fn run_paced(&self, arguments: &[&str], every: &str) -> Output {
        let mut command = Command::new(GATEWARD);
        command.env_clear().envs(self.manager.environment()).args(arguments);
        command.env("GATEWARD_MONITOR_EVERY", every).env("NOTIFY_NTFY", self.ntfy.url("owner"));
        command.output().unwrap()
    }

    fn write_token(&self, left_s: i64) {
        let folder = self.manager.home().join(".openclaw/agents/main/agent");
        fs::create_dir_all(&folder).unwrap();
        let ends = (jiff::Timestamp::now().as_second() + left_s) * 1000;
        let token = json!({ "type": "token", "provider": "anthropic", "token": "t", "expires": ends });
        fs::write(
            folder.join("auth-profiles.json"),
            json!({ "profiles": { "anthropic:default": token } }).to_string(),
        )
        .unwrap();
    }

    /// Waits until the service has run once more from its beginning.
    fn await_run(&self) {
        let before = self.manager.property(SERVICE, "ExecMainStartTimestampMonotonic");
        wait_until(PATIENCE, "the timer has run it again", || {
            self.manager.property(SERVICE, "ExecMainStartTimestampMonotonic") != before
                && self.manager.property(SERVICE, "ActiveState") == "inactive"
        });
    }
}

#[test]
fn the_timer_tells_each_news_once_and_goes_without_a_trace() {
    let account = Account::new();
    account.write_token(3600);
    let installed = account.run(&["auth", "monitor", "--install"]);
    assert!(installed.status.success(), "{installed:?}");
    wait_until(PATIENCE, "the warning has come", || account.ntfy.titles().len() == 1);
    account.await_run();
    account.await_run();
    assert_eq!(account.ntfy.titles().len(), 1, "{:?}", account.ntfy.titles());

    account.write_token(-60);
    wait_until(PATIENCE, "the end is told at once", || account.ntfy.titles().len() == 2);
    account.write_token(400 * 3600);
    wait_until(PATIENCE, "the renewal is told", || account.ntfy.titles().len() == 3);

    let removed = account.run(&["auth", "monitor", "--uninstall"]);
    assert!(removed.status.success(), "{removed:?}");
    assert_eq!(account.manager.property(TIMER, "LoadState"), "not-found");
    let units = account.manager.home().join(".config/systemd/user");
    assert!(
        fs::read_dir(units)
            .unwrap()
            .flatten()
            .all(|it| !it.file_name().to_string_lossy().contains("auth-monitor"))
    );
    assert!(!account.manager.home().join(".config/gateward/auth-monitor.env").exists());
}

#[test]
fn the_routes_stand_in_an_owner_only_file_and_nowhere_else() {
    use std::os::unix::fs::PermissionsExt;
    let account = Account::new();
    account.run(&["auth", "monitor", "--install"]);
    let home = account.manager.home();
    let kept = home.join(".config/gateward/auth-monitor.env");
    assert!(fs::read_to_string(&kept).unwrap().contains(&account.ntfy.url("owner")));
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    let service = fs::read_to_string(home.join(".config/systemd/user").join(SERVICE)).unwrap();
    assert!(!service.contains("owner"), "{service}");
}

#[test]
fn a_dry_run_shows_the_timer_and_changes_nothing() {
    let account = Account::new();
    let shown =
        String::from_utf8(account.run(&["auth", "monitor", "--install", "--dry-run"]).stdout).unwrap();
    for line in ["OnBootSec=1s", "OnUnitActiveSec=1s", "Persistent=true", "systemctl --user enable"] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(!shown.contains("127.0.0.1"), "{shown}");
    assert_eq!(account.manager.property(TIMER, "LoadState"), "not-found");
}

/// `Persistent=`: the stamp of the last run lies further back than the calendar allows, as after a night with the machine off.
#[test]
fn a_run_that_was_missed_is_made_up_for() {
    let account = Account::new();
    account.write_token(3600);
    let installed = account.run_paced(&["auth", "monitor", "--install"], "12h");
    assert!(installed.status.success(), "{installed:?}");
    let manager = &account.manager;
    let runs = || manager.property(SERVICE, "ExecMainStartTimestampMonotonic");
    let stamp = manager.home().join(format!(".local/share/systemd/timers/stamp-{TIMER}"));
    wait_until(PATIENCE, "the timer keeps its stamp", || stamp.exists());
    wait_until(PATIENCE, "no run is under way", || manager.property(SERVICE, "ActiveState") == "inactive");
    manager.systemctl(&["stop", TIMER]);
    let before = runs();
    let past = std::time::SystemTime::now() - Duration::from_secs(8 * 3600);
    fs::File::options().write(true).open(&stamp).unwrap().set_modified(past).unwrap();
    manager.systemctl(&["start", TIMER]);
    wait_until(PATIENCE, "the missed run is made up for", || runs() != before);
}
