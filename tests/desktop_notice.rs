//! A crash as a person meets it: a desktop notification whose buttons do what they say.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
mod rig;

use program::{UNIT, main_pid, start_in_tray};
use rig::user_manager::wait_for_state;
use rig::wait::{PATIENCE, wait_at_most};
use rig::{Desktop, Notification, UserManager, processes, wait_until};
use std::time::Duration;

#[test]
fn a_crash_is_told_with_buttons() {
    let (manager, desktop) = watched();
    let told = crash(&manager, &desktop);
    assert_eq!(told.app, "Gateward");
    assert!(told.body.contains("SIGKILL"), "{told:?}");
    let labels: Vec<&str> = told.actions.iter().map(|(_, label)| label.as_str()).collect();
    assert!(labels.contains(&"Restart") && labels.contains(&"Show logs"), "{labels:?}");
}

#[test]
fn restart_in_the_notification_restarts_the_service() {
    let (manager, desktop) = watched();
    let told = crash(&manager, &desktop);
    press_until(&desktop, &told, "Restart", || main_pid(&manager).is_some());
    wait_for_state(&manager, UNIT, "active");
}

#[test]
fn show_logs_in_the_notification_opens_the_window() {
    let (manager, desktop) = watched();
    let told = crash(&manager, &desktop);
    press_until(&desktop, &told, "Show logs", || !program::windows(&desktop).is_empty());
}

#[test]
fn a_stop_that_was_asked_for_is_not_told() {
    let (_manager, desktop) = watched();
    let item = program::item(&desktop);
    item.click(&["Stop gateway"]);
    wait_until(PATIENCE, "the menu says so", || item.labels()[0].starts_with("Gateway stopped"));
    assert_eq!(desktop.notifications().shown(), []);
}

#[test]
fn a_real_daemon_shows_a_crash() {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().dunst().on(&manager).start();
    watch(&manager, &mut desktop);
    processes::signal("KILL", &[main_pid(&manager).unwrap()]);
    wait_until(PATIENCE, "dunst shows it", || desktop.shown_by_dunst() == 1);
}

/// A running demo gateway that the program has seen ready. The desktop stands on the manager, so it goes first.
fn watched() -> (UserManager, Desktop) {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().recorded_notifications().on(&manager).start();
    watch(&manager, &mut desktop);
    (manager, desktop)
}

#[track_caller]
fn watch(manager: &UserManager, desktop: &mut Desktop) {
    // Longer than any test: what starts it again was a button.
    program::write_service(manager, 3600);
    manager.systemctl(&["start", UNIT]);
    let item = start_in_tray(desktop);
    wait_until(PATIENCE, "it is seen running", || item.labels()[0].starts_with("Gateway running · ready"));
}

#[track_caller]
fn crash(manager: &UserManager, desktop: &Desktop) -> Notification {
    processes::signal("KILL", &[main_pid(manager).expect("a running service")]);
    desktop.notifications().wait_for("a notification of the crash", |shown| !shown.actions.is_empty())
}

/// Presses as a person does who sees that nothing happens: the program may not listen yet in the notification's first instant.
#[track_caller]
fn press_until(desktop: &Desktop, told: &Notification, label: &str, is_so: impl Fn() -> bool) {
    wait_until(PATIENCE, &format!("{label} does what it says"), || {
        desktop.notifications().press(told.id, key(told, label));
        wait_at_most(Duration::from_secs(2), || is_so().then_some(())).is_some()
    });
}

#[track_caller]
fn key<'a>(told: &'a Notification, label: &str) -> &'a str {
    let found = told.actions.iter().find(|(_, known)| known == label);
    found.map(|(key, _)| key.as_str()).unwrap_or_else(|| panic!("no button {label}: {:?}", told.actions))
}
