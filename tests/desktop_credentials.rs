//! A login that has ended, as a person meets it: tray, notification, page, and signing in again in a terminal.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
mod rig;

use std::fs;
use std::path::PathBuf;

use program::UNIT;
use program::page::open_page;
use rig::wait::PATIENCE;
use rig::{Desktop, TrayItem, UserManager, Window, script, wait_for, wait_until};
use serde_json::json;

const HOUR: i64 = 3600;

/// An account whose gateway runs and whose login has ended an hour ago.
struct Account {
    desktop: Desktop,
    manager: UserManager,
}

impl Account {
    /// Its files are there long before anybody runs or reads them.
    fn new() -> Self {
        let manager = UserManager::start();
        program::write_service(&manager, 3600);
        manager.systemctl(&["start", UNIT]);
        write_token(&manager, -HOUR);
        bring_terminal(&manager);
        let desktop = Desktop::with().panel().recorded_notifications().on(&manager).start();
        Self { desktop, manager }
    }

    fn starter(&self) -> PathBuf {
        starter(&self.manager)
    }

    fn start_hidden(&mut self) {
        let mut command = self.desktop.command(self.starter());
        command.arg("--hidden");
        self.desktop.spawn(command);
    }

    /// What the terminal was asked to run.
    fn signed_in(&self) -> String {
        fs::read_to_string(self.manager.home().join("signed-in")).unwrap_or_default()
    }
}

fn store_path(manager: &UserManager) -> PathBuf {
    manager.home().join(".openclaw/agents/main/agent/auth-profiles.json")
}

fn write_token(manager: &UserManager, left_s: i64) {
    let path = store_path(manager);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, store(left_s)).unwrap();
}

/// A terminal that runs what it is started with, and an `openclaw` that signs in without asking and keeps what it was asked.
fn bring_terminal(manager: &UserManager) {
    let home = manager.home();
    fs::write(home.join("renewed.json"), store(400 * HOUR)).unwrap();
    let bin = home.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let openclaw = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$*\" >> {0}/signed-in\ncp {0}/renewed.json {0}/fresh && mv {0}/fresh {1}\n",
        home.display(),
        store_path(manager).display()
    );
    script(&bin.join("openclaw"), &openclaw);
    script(&bin.join("terminal"), "#!/bin/sh\n[ \"$1\" = -e ] && shift\nexec \"$@\" </dev/null\n");
    let starting = format!(
        "#!/bin/sh\nexport TERMINAL={0}/terminal PATH={0}:$PATH\nexec {1} \"$@\"\n",
        bin.display(),
        program::PROGRAM
    );
    script(&starter(manager), &starting);
}

fn starter(manager: &UserManager) -> PathBuf {
    manager.folder().join("start")
}

fn store(left_s: i64) -> String {
    let ends = (jiff::Timestamp::now().as_second() + left_s) * 1000;
    let token = json!({ "type": "token", "provider": "anthropic", "token": "t", "expires": ends });
    json!({ "version": 1, "profiles": { "anthropic:default": token } }).to_string()
}

const COMMAND: &str = "models auth paste-token --provider anthropic --profile-id anthropic:default\n";

#[test]
fn signing_in_again_from_the_notification_ends_in_success() {
    let mut account = Account::new();
    account.start_hidden();
    let notifications = |account: &Account, what: &str, words: &str| {
        account.desktop.notifications().wait_for(what, |shown| shown.summary.contains(words))
    };
    let told = notifications(&account, "the end is told", "ended 1 h ago");
    let item = program::item(&account.desktop);
    let plea = "A login needs you: anthropic:default";
    wait_until(PATIENCE, "the tray says it", || item.labels().iter().any(|label| label == plea));
    let pleading = icon(&item);
    let runs = || account.signed_in().contains(COMMAND);
    account.desktop.notifications().press_until(&told, "Sign in again", runs);
    notifications(&account, "the renewal is told", "works again");
    wait_until(PATIENCE, "the tray is content", || !item.labels().iter().any(|label| label == plea));
    wait_until(PATIENCE, "the icon is another one", || icon(&item) != pleading);
}

/// The icon's pixels, as the panel is given them.
fn icon(item: &TrayItem) -> Vec<(i32, i32, Vec<u8>)> {
    wait_for(PATIENCE, "the icon", || item.try_property("IconPixmap").ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_the_end_signs_in_and_turns_to_success() {
    let mut account = tokio::task::block_in_place(Account::new);
    let starter = account.starter();
    let window = Window::open(&mut account.desktop, starter.to_str().unwrap(), &[]).await;
    open_page(&window, "credentials").await;
    let card = window.text(".credentials li[data-tone=problem]", "").await;
    assert!(card.contains("anthropic:default"), "{card}");
    window.find(".calendar li[data-tone=problem]").await;
    window.click(".credentials li[data-tone=problem] .buttons button").await;
    window.find(".credentials li[data-tone=good]").await;
    window.find(".calendar li[data-tone=good]").await;
    assert_eq!(account.signed_in(), COMMAND);
    window.close().await;
    drop(account);
}

#[test]
fn a_kind_that_is_switched_off_is_not_shown_but_kept() {
    let mut account = Account::new();
    let settings = account.manager.home().join(".config/gateward");
    fs::create_dir_all(&settings).unwrap();
    fs::write(settings.join("settings.json"), r#"{"notices":{"credential":false}}"#).unwrap();
    account.start_hidden();
    let manager = &account.manager;
    wait_until(PATIENCE, "the history has it", || program::history(manager).contains("credential-over"));
    assert_eq!(account.desktop.notifications().shown(), []);
}
