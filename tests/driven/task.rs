//! What the whole command line does with a Scheduled Task: the same story with the simulator on this system, and as Windows programs
//! under wine.

use serde_json::{Value as Json, json};

use super::Home;

/// A home whose gateway is a Scheduled Task of the simulator's.
pub trait Desk: Home {
    /// Installs the demo gateway, with a secret among its variables.
    #[track_caller]
    fn install(&self) -> String;

    /// Runs the command line with success; what it said.
    #[track_caller]
    fn ok(&self, args: &[&str]) -> String;

    /// Runs the command line with more variables; what it printed.
    fn printed(&self, args: &[&str], variables: &[(&str, &str)]) -> Vec<u8>;

    fn kill(&self, pid: u64);

    /// Whether anything listens on the gateway's port.
    fn answers(&self) -> bool;

    /// Where the simulator keeps its state.
    fn simulator(&self) -> std::path::PathBuf;

    fn in_home(&self, below: &str) -> std::path::PathBuf;

    /// Makes the simulator misbehave from its first answer on.
    fn quirks(&self, quirks: Json) {
        std::fs::create_dir_all(self.simulator()).unwrap();
        std::fs::write(self.simulator().join("state.json"), json!({ "quirks": quirks }).to_string()).unwrap();
    }
}

#[track_caller]
pub fn a_gateway_lives_through_install_crash_restart_stop_start_and_uninstall(desk: &impl Desk) {
    desk.install();
    let first = desk.ready_after(0);

    desk.kill(first);
    let second = desk.ready_after(first);

    desk.ok(&["restart"]);
    let third = desk.ready_after(second);

    desk.ok(&["stop"]);
    assert!(!desk.answers());

    desk.ok(&["start"]);
    desk.ready_after(third);

    desk.ok(&["uninstall", "--yes"]);
    assert!(!desk.answers());
    assert_eq!(desk.status()["verdict"], "not-installed");
    assert!(!desk.in_home(".openclaw/gateway.cmd").exists());
}

#[track_caller]
pub fn a_restart_from_inside_says_scheduled_and_happens_after(desk: &impl Desk) {
    desk.install();
    let before = desk.ready_after(0);
    let marks = [("OPENCLAW_SERVICE_MARKER", "openclaw"), ("OPENCLAW_SERVICE_KIND", "gateway")];
    let told: Json = serde_json::from_slice(&desk.printed(&["restart", "--json"], &marks)).unwrap();
    assert_eq!((&told["ok"], &told["result"]), (&true.into(), &"scheduled".into()), "{told:#}");
    desk.ready_after(before);
}

/// The simulator's words are German and in a code page of its own: only codes tell what was refused.
#[track_caller]
pub fn where_creation_is_denied_the_startup_folder_serves_and_the_screen_says_so(desk: &impl Desk) {
    desk.quirks(json!({ "denied": ["/Create"], "language": "de" }));
    let told = desk.install();
    desk.ready_after(0);
    let screen = desk.ok(&["status"]);
    assert!(screen.contains("Startup folder"), "{told}\n{screen}");
    let item = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/OpenClaw Gateway.cmd";
    assert!(std::fs::read(desk.in_home(item)).unwrap().is_ascii());
}
