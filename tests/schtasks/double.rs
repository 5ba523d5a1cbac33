//! The whole command line on the real machine: the simulator as `schtasks.exe`, under which the real host runs the demo gateway.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::driven::task::{self, Desk};
use crate::driven::{Home, free_port, install_words, kill, place_double};

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");

/// A home with tools of its own.
pub struct Pc {
    home: TempDir,
    port: u16,
}

impl Pc {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let tools = home.path().join("tools");
        std::fs::create_dir(&tools).unwrap();
        place_double("schtasks-double", &tools.join("schtasks.exe"));
        let port = free_port();
        Self { home, port }
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.home.path().join(below)
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, &[])
    }

    pub fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(GATEWARD);
        command.args(args).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.home.path());
        command
            .env("GATEWARD_MANAGER", "schtasks")
            .env("GATEWARD_TOOLS", self.path("tools"))
            .env("USERNAME", "anna");
        command.envs(variables.iter().copied()).current_dir(self.home.path()).output().unwrap()
    }
}

impl Home for Pc {
    const DEADLINE: Duration = Duration::from_secs(120);

    fn status(&self) -> Json {
        serde_json::from_slice(&self.run(&["status", "--json"]).stdout).unwrap()
    }
}

impl Drop for Pc {
    fn drop(&mut self) {
        let _ = self.run(&["run", "--stop"]);
    }
}

impl Desk for Pc {
    #[track_caller]
    fn install(&self) -> String {
        let port = self.port.to_string();
        self.ok(&install_words(GATEWARD, &port, "X_TOKEN=it's hunter2"))
    }

    #[track_caller]
    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let told =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{args:?}: {told}");
        told
    }

    fn printed(&self, args: &[&str], variables: &[(&str, &str)]) -> Vec<u8> {
        self.run_with(args, variables).stdout
    }

    fn kill(&self, pid: u64) {
        kill(u32::try_from(pid).unwrap());
    }

    fn answers(&self) -> bool {
        std::net::TcpListener::bind(("127.0.0.1", self.port)).is_err()
    }

    fn simulator(&self) -> PathBuf {
        self.path("tools/schtasks")
    }

    fn in_home(&self, below: &str) -> PathBuf {
        self.path(below)
    }
}

#[test]
fn a_gateway_lives_through_install_crash_restart_stop_start_and_uninstall() {
    task::a_gateway_lives_through_install_crash_restart_stop_start_and_uninstall(&Pc::new());
}

#[test]
fn a_restart_from_inside_says_scheduled_and_happens_after() {
    task::a_restart_from_inside_says_scheduled_and_happens_after(&Pc::new());
}

#[test]
fn where_creation_is_denied_the_startup_folder_serves_and_the_screen_says_so() {
    task::where_creation_is_denied_the_startup_folder_serves_and_the_screen_says_so(&Pc::new());
}

#[test]
fn the_secret_stands_in_one_owner_only_file_and_in_no_argument() {
    let pc = Pc::new();
    pc.install();
    let pid = pc.ready_after(0);
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap();
    assert!(String::from_utf8_lossy(&environment).contains("X_TOKEN=it's hunter2"));
    let holders = Command::new("grep").args(["-rlaE", "hunter2"]).arg(pc.home.path()).output().unwrap();
    let holders = String::from_utf8(holders.stdout).unwrap();
    assert_eq!(holders.lines().count(), 1, "{holders}");
    assert!(holders.trim().ends_with("default.secrets"), "{holders}");
}

#[test]
fn where_creation_is_denied_the_watcher_starts_from_the_startup_folder_and_goes_from_there() {
    let pc = Pc::new();
    pc.quirks(serde_json::json!({ "denied": ["/Create"] }));
    let item = pc.path("AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/Gateward watch.cmd");
    let told = pc.ok(&["watch", "--install", "--all"]);
    let text = std::fs::read_to_string(&item).unwrap();
    assert!(text.contains("gateward-host") && text.contains("watch --alert --all"), "{text}");
    assert!(told.contains("next login"), "{told}");

    assert!(pc.ok(&["watch", "--uninstall"]).contains("removed"));
    assert!(!item.exists());
    assert!(pc.ok(&["watch", "--uninstall"]).contains("nothing to remove"));
}

#[test]
fn the_screen_says_that_a_sign_in_is_needed() {
    let pc = Pc::new();
    pc.install();
    pc.ready_after(0);
    let screen = pc.ok(&["status"]);
    assert!(screen.contains("not when the computer starts"), "{screen}");
}

#[test]
fn a_dry_run_shows_the_task_and_touches_nothing() {
    let pc = Pc::new();
    let port = pc.port.to_string();
    let told = pc.ok(&["install", "--dry-run", "--port", &port, "--", GATEWARD, "demo", "--port", &port]);
    assert!(told.contains("<LogonType>InteractiveToken</LogonType>") && told.contains("/Create"), "{told}");
    assert!(!pc.path(".openclaw").exists() && !pc.path(".config").exists());
}

#[test]
fn a_task_renders_on_any_system() {
    let pc = Pc::new();
    let told = pc.ok(&["render", "--for", "schtasks", "--", "/bin/true"]);
    assert!(told.contains("<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>"), "{told}");
}
