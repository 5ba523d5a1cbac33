//! Proves the rig itself: what it starts is real, private, and gone afterwards.

#![cfg(target_os = "linux")]
// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod rig;

use rig::user_manager::wait_for_state;
use rig::wait::PATIENCE;
use rig::{Desktop, UserManager, processes, wait_for, wait_until};
use std::collections::HashMap;
use std::path::PathBuf;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::Value;

const SLEEPER: &str = "\
[Service]
ExecStart=/bin/sleep infinity
Restart=always
RestartSec=100ms
";

#[test]
fn a_killed_service_comes_back() {
    let manager = UserManager::start();
    manager.write_unit("sleeper.service", SLEEPER);
    let before = start(&manager, "sleeper.service");
    processes::signal("KILL", &[before]);
    wait_until(PATIENCE, "the service was restarted", || {
        manager.property("sleeper.service", "NRestarts") == "1"
    });
    wait_for_state(&manager, "sleeper.service", "active");
    assert_ne!(pid(&manager, "sleeper.service"), Some(before));
}

#[test]
fn two_managers_do_not_see_each_other() {
    let [one, other] = [UserManager::start(), UserManager::start()];
    one.write_unit("sleeper.service", SLEEPER);
    start(&one, "sleeper.service");
    assert_eq!(other.property("sleeper.service", "LoadState"), "not-found");
    assert_ne!(one.home(), other.home());
}

#[test]
fn nothing_is_left_of_a_manager() {
    let manager = UserManager::start();
    manager.write_unit("sleeper.service", SLEEPER);
    let service = start(&manager, "sleeper.service");
    let stray = manager.command("setsid").args(["--fork", "sleep", "infinity"]).status();
    assert!(stray.is_ok_and(|status| status.success()));
    let left: Vec<PathBuf> = [manager.cgroups(), &[manager.folder().to_path_buf()]].concat();
    let [daemon, folder] = [PathBuf::from(manager.pid().to_string()), manager.folder().to_path_buf()];
    drop(manager);
    assert_eq!(left.iter().filter(|path| path.exists()).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
    assert_eq!(processes::living_in(&folder), Vec::<u32>::new());
    assert!(!processes::is_alive(service) && !PathBuf::from("/proc").join(daemon).exists());
}

#[test]
fn a_journal_holds_what_a_service_printed() {
    let manager = UserManager::start_with_journal();
    manager.write_unit(
        "speaker.service",
        "[Service]\nExecStart=/bin/sh -c 'echo told you; exec sleep infinity'\n",
    );
    start(&manager, "speaker.service");
    // `--user` opens only files of the user's own, which users below 1000 (root) do not have.
    wait_until(PATIENCE, "the line is in the journal", || {
        let output =
            manager.inside("journalctl").args(["--user-unit", "speaker.service", "-o", "cat"]).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("told you"))
    });
}

#[test]
fn a_command_of_the_manager_has_none_of_our_variables() {
    let manager = UserManager::start();
    let output = manager.command("env").output().unwrap();
    let environment = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!environment.contains("CARGO"), "{environment}");
    assert!(environment.contains(&format!("HOME={}", manager.home().display())), "{environment}");
}

#[test]
fn a_desktop_shows_a_panel_that_takes_tray_items() {
    let desktop = Desktop::with().panel().start();
    let bus = desktop.connect();
    let watcher = "org.kde.StatusNotifierWatcher";
    let watcher = Proxy::new(&bus, watcher, "/StatusNotifierWatcher", watcher).unwrap();
    wait_until(PATIENCE, "the panel shows tray items", || {
        watcher.get_property::<bool>("IsStatusNotifierHostRegistered").unwrap_or_default()
    });
    let picture = desktop.folder().join("screen.png");
    desktop.screenshot(&picture);
    assert!(std::fs::metadata(&picture).unwrap().len() > 1000);
}

#[test]
fn nothing_is_left_of_a_desktop() {
    let mut desktop = Desktop::with().panel().recorded_notifications().start();
    let mut stray = desktop.command("setsid");
    stray.args(["--fork", "sleep", "infinity"]);
    desktop.spawn(stray);
    let folder = desktop.folder().to_path_buf();
    wait_until(PATIENCE, "panel, bus and stray run", || processes::living_in(&folder).len() > 4);
    drop(desktop);
    assert_eq!(processes::living_in(&folder), Vec::<u32>::new());
    assert!(!folder.exists());
}

#[test]
fn a_desktop_can_stand_on_a_manager() {
    let manager = UserManager::start();
    let desktop = Desktop::with().recorded_notifications().on(&manager).start();
    assert_eq!(desktop.variable("HOME"), manager.home().display().to_string());
    notify(&desktop.connect(), "from the manager's bus");
    desktop.notifications().wait_for("the notification", |shown| shown.summary == "from the manager's bus");
    assert!(
        manager
            .systemctl(&["show-environment"])
            .contains(&format!("DISPLAY={}", desktop.variable("DISPLAY")))
    );
}

#[test]
fn a_notification_is_recorded_with_its_buttons() {
    let desktop = Desktop::with().recorded_notifications().start();
    let id = notify(&desktop.connect(), "The gateway crashed");
    let shown = desktop.notifications().shown();
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].id, shown[0].summary.as_str()), (id, "The gateway crashed"));
    assert_eq!(shown[0].actions, [("restart".to_owned(), "Restart".to_owned())]);
    assert_eq!(shown[0].hints.get("urgency").map(String::as_str), Some("byte 0x02"));
}

#[test]
fn a_pressed_button_reaches_the_application() {
    let desktop = Desktop::with().recorded_notifications().start();
    let bus = desktop.connect();
    let pressed = service(&bus).receive_signal("ActionInvoked").unwrap();
    let id = notify(&bus, "The gateway crashed");
    desktop.notifications().press(id, "restart");
    let body: (u32, String) = pressed.into_iter().next().unwrap().body().deserialize().unwrap();
    assert_eq!(body, (id, "restart".into()));
}

#[test]
fn a_real_notification_daemon_shows_what_it_is_sent() {
    let desktop = Desktop::with().dunst().start();
    let bus = desktop.connect();
    let pressed = service(&bus).receive_signal("ActionInvoked").unwrap();
    let id = notify(&bus, "The gateway crashed");
    wait_until(PATIENCE, "dunst shows it", || desktop.shown_by_dunst() == 1);
    desktop.press_in_dunst();
    let body: (u32, String) = pressed.into_iter().next().unwrap().body().deserialize().unwrap();
    assert_eq!(body, (id, "restart".into()));
}

#[test]
#[should_panic(expected = "waited 1ms in vain: the moon is full")]
fn a_wait_in_vain_says_for_what() {
    wait_until(std::time::Duration::from_millis(1), "the moon is full", || false);
}

#[track_caller]
fn start(manager: &UserManager, unit: &str) -> u32 {
    let output = manager.try_systemctl(&["start", unit]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    wait_for(PATIENCE, &format!("{unit} has a process"), || pid(manager, unit))
}

/// `None` between two lives, when the manager says 0.
fn pid(manager: &UserManager, unit: &str) -> Option<u32> {
    manager.property(unit, "MainPID").parse().ok().filter(|pid| *pid != 0)
}

fn service(bus: &Connection) -> Proxy<'static> {
    let name = "org.freedesktop.Notifications";
    Proxy::new(bus, name, "/org/freedesktop/Notifications", name).unwrap()
}

fn notify(bus: &Connection, summary: &str) -> u32 {
    let hints = HashMap::from([("urgency", Value::from(2_u8))]);
    let call = ("rig", 0_u32, "", summary, "body", ["restart", "Restart"].as_slice(), hints, -1_i32);
    service(bus).call("Notify", &call).unwrap()
}
