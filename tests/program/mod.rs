//! `gateward-tray` on a desktop of the rig.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::rig::wait::PATIENCE;
use crate::rig::{Desktop, TrayItem, UserManager, free_port, openclaw, processes, screen, wait_until};
use std::path::Path;

pub mod page;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_gateward-tray");
pub const UNIT: &str = "openclaw-gateway.service";

/// Starts the program; it ends with the desktop.
pub fn start(desktop: &mut Desktop, arguments: &[&str]) -> u32 {
    let mut command = desktop.command(PROGRAM);
    command.args(arguments);
    desktop.spawn(command)
}

/// Starts it without a window and waits for its tray icon.
pub fn start_in_tray(desktop: &mut Desktop) -> TrayItem {
    start(desktop, &["--hidden"]);
    item(desktop)
}

#[track_caller]
pub fn item(desktop: &Desktop) -> TrayItem {
    TrayItem::wait_for(desktop, |item| {
        item.try_property::<String>("Id").is_ok_and(|id| id == "app.gateward.tray")
    })
}

/// Process ids of the program on this desktop.
pub fn running(desktop: &Desktop) -> Vec<u32> {
    let program = Path::new(PROGRAM).canonicalize().expect("the program");
    processes::running(&program, desktop.folder())
}

const TITLE: &str = "^Gateward";

/// X ids of its visible windows.
pub fn windows(desktop: &Desktop) -> Vec<String> {
    screen::windows(desktop, TITLE)
}

#[track_caller]
pub fn await_window(desktop: &Desktop) -> String {
    screen::await_window(desktop, TITLE)
}

#[track_caller]
pub fn await_no_window(desktop: &Desktop) {
    wait_until(PATIENCE, "no window is open", || windows(desktop).is_empty());
}

#[track_caller]
pub fn close_window(desktop: &Desktop) {
    screen::close_window(desktop, TITLE);
}

/// Processes of WebKit that belong to this desktop.
pub fn web_processes(desktop: &Desktop) -> Vec<u32> {
    let is_web = |pid: &u32| {
        std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.starts_with("WebKit"))
    };
    processes::living_in(desktop.folder()).into_iter().filter(is_web).collect()
}

/// On the icon, the only one, left of the panel's clock.
#[track_caller]
pub fn right_click_icon(desktop: &Desktop) {
    let done = desktop.command("xdotool").args(["mousemove", "1155", "13", "click", "3"]).status();
    assert!(done.is_ok_and(|status| status.success()), "xdotool click");
}

/// Whether the process runs as started at login.
pub fn is_hidden_start(pid: u32) -> bool {
    let words = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    words.split('\0').any(|word| word == "--hidden")
}

/// What `gateward history --json` says.
pub fn history(manager: &UserManager) -> String {
    let output = manager.command(env!("CARGO_BIN_EXE_gateward")).args(["history", "--json"]).output();
    String::from_utf8_lossy(&output.expect("the command line").stdout).into_owned()
}

/// A demo gateway written down as the user's own service, with the port it is to use. After a crash the manager waits
/// `pause_s` seconds before it starts it again.
pub fn write_service(manager: &UserManager, pause_s: u32) -> u16 {
    write_service_with(manager, pause_s, "")
}

/// The same with `options` of the demo gateway.
pub fn write_service_with(manager: &UserManager, pause_s: u32, options: &str) -> u16 {
    write_service_as(UNIT, manager, pause_s, options)
}

/// The same under another unit's name, as another profile has it.
pub fn write_service_as(unit_name: &str, manager: &UserManager, pause_s: u32, options: &str) -> u16 {
    let port = free_port();
    let program = env!("CARGO_BIN_EXE_gateward");
    let unit = format!(
        "[Unit]\nDescription=OpenClaw Gateway\n\n[Service]\nExecStart={program} demo --port {port} {options}\nRestart=always\n\
         RestartSec={pause_s}\nEnvironment=OPENCLAW_SERVICE_MARKER=openclaw\nEnvironment=OPENCLAW_SERVICE_KIND=gateway\n\n\
         [Install]\nWantedBy=default.target\n"
    );
    manager.write_unit(unit_name, &unit);
    port
}

/// An `openclaw` package as npm installs it for one account; its `dist/index.js` runs the demo gateway. The port is the one its
/// configuration names.
pub fn bring_openclaw(manager: &UserManager) -> u16 {
    let port = free_port();
    let state = manager.home().join(".openclaw");
    std::fs::create_dir_all(&state).expect("a folder");
    openclaw::package(&manager.home().join(openclaw::PACKAGE));
    std::fs::write(state.join("openclaw.json"), format!("{{ gateway: {{ port: {port} }} }}"))
        .expect("a file");
    port
}

pub fn main_pid(manager: &UserManager) -> Option<u32> {
    manager.property(UNIT, "MainPID").parse().ok().filter(|pid| *pid != 0)
}
