//! A crash as a person meets it: a desktop notification whose buttons do what they say.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
mod rig;

use fantoccini::Locator;
use program::{UNIT, main_pid, start_in_tray};
use rig::user_manager::wait_for_state;
use rig::wait::PATIENCE;
use rig::{Desktop, Notification, UserManager, Window, processes, wait_for, wait_until};

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
    desktop.notifications().press_until(&told, "Restart", || main_pid(&manager).is_some());
    wait_for_state(&manager, UNIT, "active");
}

#[test]
fn show_logs_in_the_notification_opens_the_window() {
    let (manager, desktop) = watched();
    let told = crash(&manager, &desktop);
    desktop.notifications().press_until(&told, "Show logs", || !program::windows(&desktop).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn show_logs_turns_the_open_window_to_the_logs() {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().recorded_notifications().on(&manager).start();
    program::write_service(&manager, 3600);
    manager.systemctl(&["start", UNIT]);
    let window = Window::open(&mut desktop, program::PROGRAM, &[]).await;
    let heading = async |wanted: &str| {
        let path = format!("//h1[starts-with(normalize-space(), '{wanted}')]");
        window.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await.expect("a page");
    };
    heading("Gateway running · ready").await;
    let told = tokio::task::block_in_place(|| crash(&manager, &desktop));
    // The program may not listen yet in the notification's first instant.
    let logs = Locator::XPath("//h1[normalize-space()='Logs']");
    let turned = async || {
        desktop.notifications().press(told.id, told.key("Show logs"));
        window.client.wait().at_most(PATIENCE / 3).for_element(logs).await.is_ok()
    };
    assert!(turned().await || turned().await || turned().await, "the logs are open");
    window.close().await;
    drop((desktop, manager));
}

#[test]
fn a_recovery_closes_the_notice_and_is_told() {
    let (manager, desktop) = restarting_after(1);
    let told = crash(&manager, &desktop);
    wait_until(PATIENCE, "the notice is taken back", || desktop.notifications().closed().contains(&told.id));
    let recovered =
        desktop.notifications().wait_for("the recovery", |shown| shown.summary == "Gateway is ready again");
    assert_eq!(recovered.replaces, 0);
}

#[test]
fn a_crash_loop_is_told_in_place_with_a_way_to_stop_it() {
    let (manager, desktop) = restarting_after(1);
    let first = crash(&manager, &desktop);
    for _ in 0..2 {
        let pid = wait_for(PATIENCE, "it runs again", || main_pid(&manager));
        processes::signal("KILL", &[pid]);
        wait_until(PATIENCE, "it has ended", || main_pid(&manager) != Some(pid));
    }
    let looping = |shown: &Notification| shown.summary == "Gateway keeps crashing";
    let told = desktop.notifications().wait_for("the loop", looping);
    let crashes =
        desktop.notifications().shown().iter().filter(|shown| shown.summary == first.summary).count();
    assert_eq!(crashes, 1, "no notice for each crash");
    desktop
        .notifications()
        .press_until(&told, "Stop the loop", || manager.property(UNIT, "ActiveState") == "inactive");
}

#[test]
fn a_daemon_without_buttons_and_markup_gets_plain_words_and_they_are_closed() {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().plain_notifications().on(&manager).start();
    watch(&manager, &mut desktop, 1);
    processes::signal("KILL", &[main_pid(&manager).unwrap()]);
    let told = desktop.notifications().wait_for("the crash", |shown| shown.summary == "Gateway crashed");
    assert_eq!(told.actions, []);
    wait_until(PATIENCE, "the notice is taken back", || desktop.notifications().closed().contains(&told.id));
}

#[test]
fn a_kind_that_is_switched_off_is_not_shown_and_neither_is_its_good_end() {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().recorded_notifications().on(&manager).start();
    let settings = manager.home().join(".config/gateward");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(settings.join("settings.json"), r#"{"notices":{"crash":false}}"#).unwrap();
    watch(&manager, &mut desktop, 1);
    processes::signal("KILL", &[main_pid(&manager).unwrap()]);
    wait_until(PATIENCE, "the history has it", || {
        program::history(&manager).contains("Gateway is ready again")
    });
    assert_eq!(desktop.notifications().shown(), []);
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
    watch(&manager, &mut desktop, 3600);
    processes::signal("KILL", &[main_pid(&manager).unwrap()]);
    wait_until(PATIENCE, "dunst shows it", || desktop.shown_by_dunst() == 1);
}

/// A running demo gateway that the program has seen ready. The desktop stands on the manager, so it goes first.
fn watched() -> (UserManager, Desktop) {
    // Longer than any test: what starts it again was a button.
    restarting_after(3600)
}

/// The same; `pause_s` seconds after a crash the manager starts it again.
fn restarting_after(pause_s: u32) -> (UserManager, Desktop) {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().recorded_notifications().on(&manager).start();
    watch(&manager, &mut desktop, pause_s);
    (manager, desktop)
}

#[track_caller]
fn watch(manager: &UserManager, desktop: &mut Desktop, pause_s: u32) {
    program::write_service(manager, pause_s);
    manager.systemctl(&["start", UNIT]);
    let item = start_in_tray(desktop);
    wait_until(PATIENCE, "it is seen running", || item.labels()[0].starts_with("Gateway running · ready"));
}

#[track_caller]
fn crash(manager: &UserManager, desktop: &Desktop) -> Notification {
    processes::signal("KILL", &[main_pid(manager).expect("a running service")]);
    desktop.notifications().wait_for("a notification of the crash", |shown| !shown.actions.is_empty())
}
