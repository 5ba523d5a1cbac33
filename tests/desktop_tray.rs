//! The real program with a real panel: its tray icon, its menu, its start and its end.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "desktop/dashboard.rs"]
mod dashboard;
mod program;
mod rig;

use gateward::adapter::builtin::autostart::argument;
use program::{
    PROGRAM, UNIT, await_no_window, await_window, close_window, item, main_pid, running, start, start_in_tray,
};
use rig::user_manager::wait_for_state;
use rig::wait::PATIENCE;
use rig::{Desktop, TrayItem, UserManager, processes, screen, wait_for, wait_until};
use std::process::Command;

#[test]
fn without_a_display_it_names_the_command_line_and_ends() {
    let output = Command::new(PROGRAM).env_clear().env("HOME", "/nonexistent").output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("gateward status") && !told.contains("panicked"), "{told}");
}

#[test]
fn a_display_that_refuses_is_named() {
    let output = Command::new(PROGRAM)
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("DISPLAY", ":9999")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(":9999") && !told.contains("panicked"), "{told}");
}

#[test]
fn a_start_at_login_shows_the_icon_and_no_window() {
    let mut desktop = Desktop::with().panel().start();
    let item = start_in_tray(&mut desktop);
    assert_eq!(item.property::<String>("Title"), "Gateward");
    assert!(program::windows(&desktop).is_empty() && program::web_processes(&desktop).is_empty());
}

#[test]
fn a_left_click_opens_the_window() {
    let mut desktop = Desktop::with().panel().start();
    let item = start_in_tray(&mut desktop);
    item.activate();
    await_window(&desktop);
}

#[test]
fn closing_the_window_keeps_the_icon_and_ends_the_web_view() {
    let mut desktop = Desktop::with().panel().recorded_notifications().start();
    start(&mut desktop, &["--renew-after=0"]);
    item(&desktop);
    await_window(&desktop);
    let before = running(&desktop);
    close_window(&desktop);
    desktop.notifications().wait_for("where the window went", |shown| shown.summary.contains("still here"));
    await_no_window(&desktop);
    wait_until(PATIENCE, "no web view process is left", || program::web_processes(&desktop).is_empty());
    wait_until(PATIENCE, "the program has started itself anew", || program::is_hidden_start(before[0]));
    item(&desktop).activate();
    await_window(&desktop);
    assert_eq!(running(&desktop), before, "the process id stays");
}

#[test]
fn a_window_that_was_closed_a_moment_ago_comes_back_as_it_was() {
    let mut desktop = Desktop::with().panel().start();
    start(&mut desktop, &[]);
    item(&desktop);
    let first = await_window(&desktop);
    let before = program::web_processes(&desktop);
    close_window(&desktop);
    await_no_window(&desktop);
    item(&desktop).activate();
    assert_eq!(await_window(&desktop), first);
    assert_eq!(program::web_processes(&desktop), before);
    close_window(&desktop);
    await_no_window(&desktop);
    item(&desktop).activate();
    assert_eq!(await_window(&desktop), first, "again");
}

#[test]
fn an_updated_program_takes_over_in_the_same_process_and_its_icon_comes_back() {
    let mut desktop = Desktop::with().panel().start();
    let copy = desktop.folder().join("gateward-tray");
    // Not a copy, where it can be had: a file that was just written another test's fork holds open too, and nobody can run it (ETXTBSY).
    std::fs::hard_link(PROGRAM, &copy).or_else(|_| std::fs::copy(PROGRAM, &copy).map(drop)).unwrap();
    let mut command = desktop.command(&copy);
    command.arg("--hidden");
    let pid = desktop.spawn(command);
    item(&desktop);
    // As dpkg does it.
    let update = desktop.folder().join("gateward-tray.dpkg-new");
    std::fs::copy(PROGRAM, &update).unwrap();
    std::fs::rename(&update, &copy).unwrap();
    wait_until(PATIENCE, "the new file runs", || runs_from(pid, &copy));
    item(&desktop);
    assert!(program::is_hidden_start(pid));
}

fn runs_from(pid: u32, file: &std::path::Path) -> bool {
    std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|program| program == file)
}

#[test]
fn where_the_window_went_is_told_once() {
    let mut desktop = Desktop::with().panel().recorded_notifications().start();
    start(&mut desktop, &[]);
    item(&desktop);
    close_window(&desktop);
    await_no_window(&desktop);
    desktop.notifications().wait_for("where the window went", |shown| shown.summary.contains("still here"));
    item(&desktop).activate();
    close_window(&desktop);
    await_no_window(&desktop);
    // Quitting ends the thread that shows notices, in order: what was ordered before has been shown.
    item(&desktop).click(&["Quit Gateward"]);
    wait_until(PATIENCE, "the program ends", || running(&desktop).is_empty());
    assert_eq!(desktop.notifications().shown().len(), 1);
}

#[test]
fn a_second_start_opens_the_window_of_the_first_and_ends() {
    let mut desktop = Desktop::with().panel().start();
    let item = start_in_tray(&mut desktop);
    let first = running(&desktop);
    let second = desktop.command(PROGRAM).status().unwrap();
    assert!(second.success());
    await_window(&desktop);
    assert_eq!((running(&desktop), item.property::<String>("Title")), (first, "Gateward".to_owned()));
}

/// So the tray of another profile opens it.
#[test]
fn a_start_for_the_default_profile_by_its_name_is_a_second_start() {
    let mut desktop = Desktop::with().panel().start();
    start_in_tray(&mut desktop);
    let first = running(&desktop);
    start(&mut desktop, &["--profile", "default"]);
    await_window(&desktop);
    wait_until(PATIENCE, "the second one has ended", || running(&desktop) == first);
}

#[test]
fn of_many_starts_at_once_one_stays() {
    let mut desktop = Desktop::with().panel().start();
    for _ in 0..4 {
        start(&mut desktop, &["--hidden"]);
    }
    item(&desktop);
    wait_until(PATIENCE, "one program is left", || running(&desktop).len() == 1);
    assert_eq!(TrayItem::all(&desktop).len(), 1);
}

#[test]
fn without_a_tray_host_the_window_opens_and_the_icon_comes_later() {
    let mut desktop = Desktop::start();
    start(&mut desktop, &[]);
    await_window(&desktop);
    desktop.start_panel();
    item(&desktop);
    close_window(&desktop);
    await_no_window(&desktop);
    assert_eq!(running(&desktop).len(), 1);
}

#[test]
fn without_a_tray_host_closing_the_window_ends_the_program() {
    let mut desktop = Desktop::start();
    start(&mut desktop, &[]);
    close_window(&desktop);
    wait_until(PATIENCE, "the program ends", || running(&desktop).is_empty());
}

#[test]
fn at_login_without_a_tray_host_it_is_told_once_and_the_window_opens() {
    let mut desktop = Desktop::with().recorded_notifications().start();
    for _ in 0..2 {
        start(&mut desktop, &["--hidden"]);
        await_window(&desktop);
        desktop.notifications().wait_for("why there is no icon", |it| it.summary.contains("no tray icons"));
        close_window(&desktop);
        wait_until(PATIENCE, "the program ends", || running(&desktop).is_empty());
    }
    let told = desktop.notifications().shown();
    let of_it: Vec<_> = told.iter().filter(|it| it.summary.contains("no tray icons")).collect();
    assert_eq!(of_it.len(), 1, "{told:?}");
}

#[test]
fn a_new_panel_gets_the_icon_back() {
    let mut desktop = Desktop::with().panel().start();
    start_in_tray(&mut desktop);
    desktop.kill("xfce4-panel");
    desktop.start_panel();
    item(&desktop);
}

#[test]
fn quit_ends_the_program() {
    let mut desktop = Desktop::with().panel().start();
    start_in_tray(&mut desktop).click(&["Quit Gateward"]);
    wait_until(PATIENCE, "the program ends", || running(&desktop).is_empty());
}

#[test]
fn a_termination_signal_ends_the_program() {
    let mut desktop = Desktop::with().panel().start();
    start_in_tray(&mut desktop);
    processes::signal("TERM", &running(&desktop));
    wait_until(PATIENCE, "the program ends", || running(&desktop).is_empty());
    wait_until(PATIENCE, "the panel has let go of the icon", || TrayItem::all(&desktop).is_empty());
}

#[test]
fn starting_at_login_is_written_down_and_taken_back() {
    let mut desktop = Desktop::with().panel().start();
    let item = start_in_tray(&mut desktop);
    let entry = desktop.folder().join("home/.config/autostart/Gateward.desktop");
    let label = "Start Gateward at login";
    let is_checked =
        || item.menu().into_iter().find(|entry| entry.label == label).and_then(|entry| entry.is_checked);
    assert_eq!((is_checked(), entry.exists()), (Some(false), false));
    item.click(&[label]);
    wait_until(PATIENCE, "the mark is set", || is_checked() == Some(true));
    let text = std::fs::read_to_string(&entry).unwrap();
    assert!(text.contains(&format!("Exec={} --hidden\n", argument(PROGRAM))), "{text}");
    item.click(&[label]);
    wait_until(PATIENCE, "the mark is gone", || is_checked() == Some(false));
    assert!(!entry.exists());
}

#[test]
fn the_menu_starts_stops_and_restarts_the_service() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let item = start_in_tray(&mut desktop);
    item.click(&["Start gateway"]);
    wait_for_state(&manager, UNIT, "active");
    let first = main_pid(&manager);
    item.click(&["Restart gateway"]);
    wait_until(PATIENCE, "another process runs", || main_pid(&manager).is_some_and(|pid| Some(pid) != first));
    wait_until(PATIENCE, "the menu says so", || item.labels()[0].starts_with("Gateway running · ready"));
    item.click(&["Stop gateway"]);
    wait_for_state(&manager, UNIT, "inactive");
    wait_until(PATIENCE, "the menu says so", || item.labels()[0].starts_with("Gateway stopped"));
}

#[test]
fn a_change_from_outside_reaches_the_menu() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let item = start_in_tray(&mut desktop);
    wait_until(PATIENCE, "it is seen stopped", || item.labels()[0].starts_with("Gateway stopped"));
    manager.systemctl(&["start", UNIT]);
    wait_until(PATIENCE, "it is seen running", || item.labels()[0].starts_with("Gateway running · ready"));
}

/// The panel draws it: what it draws anew would be gone for a moment, and with it what the pointer is on.
#[test]
fn a_menu_that_is_open_stays_open_while_the_state_changes() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    manager.systemctl(&["start", UNIT]);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let item = start_in_tray(&mut desktop);
    wait_until(PATIENCE, "it is seen running", || item.labels()[0].starts_with("Gateway running · ready"));
    let is_menu = |window: &String| {
        let told = desktop.command("xprop").args(["-id", window, "_NET_WM_WINDOW_TYPE"]).output().unwrap();
        String::from_utf8_lossy(&told.stdout).contains("_MENU")
    };
    let menu = wait_for(PATIENCE, "the menu opens", || {
        program::right_click_icon(&desktop);
        std::thread::sleep(std::time::Duration::from_millis(500));
        screen::windows(&desktop, ".").into_iter().find(is_menu)
    });
    let events = desktop.folder().join("menu-events");
    let mut watch = desktop.command("xev");
    watch.args(["-id", &menu, "-event", "structure"]).stdout(std::fs::File::create(&events).unwrap());
    let watch = desktop.spawn(watch);
    manager.systemctl(&["stop", UNIT]);
    wait_until(PATIENCE, "it is seen stopped", || item.labels()[0].starts_with("Gateway stopped"));
    manager.systemctl(&["start", UNIT]);
    wait_until(PATIENCE, "it is seen running", || item.labels()[0].starts_with("Gateway running · ready"));
    assert!(screen::windows(&desktop, ".").contains(&menu), "the menu is open still");
    processes::signal("TERM", &[watch]);
    let told = std::fs::read_to_string(&events).unwrap();
    assert!(!told.contains("UnmapNotify") && !told.contains("DestroyNotify"), "{told}");
}

#[test]
fn another_profiles_gateway_has_a_submenu_that_acts_on_it() {
    const WORK: &str = "openclaw-gateway-work.service";
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    program::write_service_as(WORK, &manager, 1, "");
    manager.systemctl(&["start", UNIT, WORK]);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let item = start_in_tray(&mut desktop);
    let submenu = || item.labels().into_iter().find(|label| label.starts_with("work: Gateway running"));
    let label = wait_for(PATIENCE, "the other gateway is in the menu", submenu);
    item.click(&[&label, "Stop gateway"]);
    wait_for_state(&manager, WORK, "inactive");
    assert_eq!(manager.property(UNIT, "ActiveState"), "active");
    wait_until(PATIENCE, "the menu says so", || {
        item.labels().iter().any(|it| it.starts_with("work: Gateway stopped"))
    });
}
