//! The gateway's own page, opened from the tray in a real browser engine: the token arrives there and stands nowhere else.

use crate::program::{self, UNIT, start_in_tray};
use crate::rig::wait::PATIENCE;
use crate::rig::{Desktop, UserManager, Window, eventually, mini_browser, script, wait_for, wait_until};
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

const TOKEN: &str = "planted-token/with #signs";
/// As a page gets it.
const ENCODED: &str = "planted-token%2Fwith%20%23signs";

#[tokio::test(flavor = "multi_thread")]
async fn its_token_reaches_the_browser_and_stands_nowhere_else() {
    let manager = UserManager::start();
    let port = program::write_service(&manager, 1);
    bring_config(&manager, port);
    bring_opener(&manager);
    manager.systemctl(&["start", UNIT]);
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", manager.home().join("bin").display());
    let mut desktop = Desktop::with().panel().variable("PATH", &path).on(&manager).start();
    let opened = tokio::task::block_in_place(|| open_from_tray(&manager, &mut desktop));
    assert!(opened.starts_with("http://127.0.0.1:") && !holds_token(opened.as_bytes()), "{opened}");

    let browser = Window::open(&mut desktop, mini_browser().to_str().unwrap(), &["--automation"]).await;
    browser.client.goto(&opened).await.unwrap();
    let wanted = format!("http://127.0.0.1:{port}/#token={ENCODED}");
    eventually("it is at the dashboard", async || browser.run("return location.href", &[]).await == *wanted)
        .await;
    let again = browser.client.goto(&opened).await;
    assert!(again.is_err() || browser.run("return location.hash", &[]).await == "", "the door opens once");

    assert_eq!(telling_arguments(), Vec::<String>::new());
    browser.close().await;
    let log = desktop.log("gateward-tray");
    assert!(!holds_token(log.as_bytes()), "{log}");
    let config = manager.home().join(".openclaw/openclaw.json");
    let kept: Vec<PathBuf> =
        [manager.folder(), desktop.folder()].into_iter().flat_map(files_with_token).collect();
    assert_eq!(kept, [config]);
    drop((desktop, manager));
}

fn bring_config(manager: &UserManager, port: u16) {
    let config = serde_json::json!({ "gateway": { "port": port, "auth": { "token": TOKEN } } });
    fs::create_dir_all(manager.home().join(".openclaw")).unwrap();
    fs::write(manager.home().join(".openclaw/openclaw.json"), config.to_string()).unwrap();
}

/// Stands where a desktop's own opener would, and writes down what it is to open.
fn bring_opener(manager: &UserManager) {
    let bin = manager.home().join("bin");
    fs::create_dir_all(&bin).unwrap();
    let text =
        format!("#!/bin/sh\nprintf '%s' \"$*\" > {0}.part && mv {0}.part {0}\n", opened(manager).display());
    script(&bin.join("xdg-open"), &text);
}

fn opened(manager: &UserManager) -> PathBuf {
    manager.home().join("opened")
}

fn open_from_tray(manager: &UserManager, desktop: &mut Desktop) -> String {
    let item = start_in_tray(desktop);
    wait_until(PATIENCE, "it is seen running", || item.labels()[0].starts_with("Gateway running · ready"));
    item.click(&["Open dashboard"]);
    wait_for(PATIENCE, "the desktop is asked to open it", || fs::read_to_string(opened(manager)).ok())
}

fn holds_token(bytes: &[u8]) -> bool {
    [TOKEN, ENCODED].iter().any(|token| bytes.windows(token.len()).any(|part| part == token.as_bytes()))
}

/// Command lines of the whole machine, which every account can read.
fn telling_arguments() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|it| fs::read(it.path().join("cmdline")).ok());
    lines.filter(|line| holds_token(line)).map(|line| String::from_utf8_lossy(&line).into_owned()).collect()
}

fn files_with_token(folder: &Path) -> Vec<PathBuf> {
    // What comes and goes meanwhile holds nothing for long.
    let files = WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let holds = |path: &PathBuf| fs::read(path).is_ok_and(|bytes| holds_token(&bytes));
    files.map(DirEntry::into_path).filter(holds).collect()
}
