//! The Settings page, with the file it stands for.

use crate::program::{self, PROGRAM, page::open_page};
use crate::rig::{Desktop, UserManager, Window, eventually};
use std::path::{Path, PathBuf};

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_is_saved_as_it_is_made_and_can_be_taken_back() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    window.click("[data-field='notices.crash'] input").await;
    wait_for_setting(&desktop, |file| file["notices"]["crash"] == false).await;
    window.text(".last-change", "Changed: The gateway crashed").await;
    window.click(".last-change button").await;
    wait_for_setting(&desktop, |file| file["notices"]["crash"].is_null()).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_beside_its_field_and_not_saved() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    let amount = window.find("[data-field='notices.per_hour'] input").await;
    amount.send_keys("x\u{e007}").await.unwrap();
    let refusal = window.text("[data-field='notices.per_hour'] .refusal", "The setting").await;
    assert!(refusal.contains("whole number"), "{refusal}");
    assert!(!settings_file(&desktop).exists());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_page_follows_the_command_line_and_the_editor() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    let gateward = || desktop.command(env!("CARGO_BIN_EXE_gateward"));
    let done = gateward().args(["settings", "set", "notices.per_hour", "7"]).status().unwrap();
    assert!(done.success());
    window.text("[data-field='notices.per_hour'] .default", "Default: 20 an hour").await;
    std::fs::write(settings_file(&desktop), r#"{"notices":{"per_hour":"many"}}"#).unwrap();
    window.text(".card.problem h2", "The settings").await;
    std::fs::write(settings_file(&desktop), r#"{"thresholds":{"hung_after_s":30}}"#).unwrap();
    window.text("[data-field='thresholds.hung_after_s'] .default", "Default: 10 seconds").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_theme_is_worn_at_once() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    for (theme, dark) in [("dark", true), ("light", false)] {
        let choice = window.find("[data-field='window.theme'] select").await;
        choice.select_by_value(theme).await.unwrap();
        wait_for_setting(&desktop, |file| file["window"]["theme"] == theme).await;
        let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
        eventually(theme, async || window.run(script, &[]).await == dark).await;
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_at_login_is_the_desktops_own_entry() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    let entry = Path::new(desktop.variable("HOME")).join(".config/autostart/Gateward.desktop");
    let is_on = "return document.querySelector('[name=start-at-login]').checked";
    window.click("[name=start-at-login]").await;
    eventually("the desktop has the entry", async || entry.is_file()).await;
    eventually("it is on", async || window.run(is_on, &[]).await == true).await;
    let is_told_off = async || {
        open_page(&window, "logs").await;
        open_page(&window, "settings").await;
        window.find("[name=start-at-login]").await;
        window.run(is_on, &[]).await == false
    };
    std::fs::write(&entry, "[Desktop Entry]\nType=Application\nExec=x\nHidden=true\n").unwrap();
    assert!(is_told_off().await, "the desktop has switched it off");
    window.click("[name=start-at-login]").await;
    eventually("it is on again", async || window.run(is_on, &[]).await == true).await;
    assert!(!std::fs::read_to_string(&entry).unwrap().contains("Hidden"));
    std::fs::remove_file(&entry).unwrap();
    assert!(is_told_off().await, "the entry is gone");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_switched_off_leaves_the_trays_menu() {
    let manager = UserManager::start();
    program::write_service(&manager, 1);
    program::write_service_as("openclaw-gateway-work.service", &manager, 1, "");
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let window = settings_page(&mut desktop).await;
    let item = tokio::task::block_in_place(|| program::item(&desktop));
    let has_work =
        || tokio::task::block_in_place(|| item.labels().iter().any(|label| label.starts_with("work: ")));
    eventually("the other gateway is in the menu", async || has_work()).await;
    window.click("[data-field='profiles.work.in_menu'] input").await;
    eventually("it has left the menu", async || !has_work()).await;
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trays_settings_open_the_page() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    tokio::task::block_in_place(|| program::item(&desktop).click(&["Settings…"]));
    window.text("h1", "Settings").await;
    window.close().await;
}

async fn settings_page(desktop: &mut Desktop) -> Window {
    let window = Window::open(desktop, PROGRAM, &[]).await;
    open_page(&window, "settings").await;
    window.text("#settings-notices", "Notices").await;
    // What is known of the tray stands above the rest, which moves down when it comes.
    window.find(".checks li:nth-child(2)").await;
    window
}

fn settings_file(desktop: &Desktop) -> PathBuf {
    Path::new(desktop.variable("HOME")).join(".config/gateward/settings.json")
}

async fn wait_for_setting(desktop: &Desktop, is_there: impl Fn(&serde_json::Value) -> bool) {
    eventually("the file says so", async || {
        let text = std::fs::read_to_string(settings_file(desktop)).unwrap_or_default();
        serde_json::from_str(&text).is_ok_and(|file| is_there(&file))
    })
    .await;
}
