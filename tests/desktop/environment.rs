//! What the service is given: changed in the real window, previewed, applied, and taken back; a secret; a refusal.

use crate::program::page::{open_page, overview, press, press_named};
use crate::program::{self, UNIT};
use crate::rig::wait::PATIENCE;
use crate::rig::{Desktop, UserManager, Window, eventually};
use fantoccini::Locator;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// An OpenClaw that was installed from the window, with the Environment page open.
async fn installed() -> (UserManager, Desktop, Window) {
    let manager = UserManager::start();
    program::bring_openclaw(&manager);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let window = overview(&mut desktop).await;
    window.text("#headline", "No gateway service is installed").await;
    press(&window, "Install").await;
    window.text("#headline", "Gateway running · ready").await;
    open_page(&window, "environment").await;
    window.find(".variables").await;
    (manager, desktop, window)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_is_previewed_applied_and_taken_back() {
    let (manager, desktop, window) = installed().await;
    let before = unit(&manager);
    add(&window, "LOG_LEVEL", "debug").await;
    press_named(&window, "Show what would be done").await;
    window.text(".plan", "run:").await;
    let diff = window.text(".diff", "---").await;
    assert!(diff.contains("+Environment=LOG_LEVEL=debug"), "{diff}");
    assert_eq!(unit(&manager), before, "looking changes nothing");
    press_named(&window, "Apply and restart").await;
    eventually("the gateway has it", async || environ(&manager).contains("LOG_LEVEL=debug")).await;
    window.text(".edits .path button", "Undo the last change").await;
    press_named(&window, "Undo the last change").await;
    eventually("the unit is as before", async || unit(&manager) == before).await;
    eventually("the gateway has it no more", async || {
        let environ = environ(&manager);
        !environ.is_empty() && !environ.contains("LOG_LEVEL=debug")
    })
    .await;
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_goes_into_an_owner_only_file_and_is_never_shown() {
    let (manager, desktop, window) = installed().await;
    add(&window, "MY_TOKEN", "hunter2-hunter2").await;
    press_named(&window, "Show what would be done").await;
    window.text(".plan", "run:").await;
    press_named(&window, "Apply and restart").await;
    eventually("the gateway has it", async || environ(&manager).contains("MY_TOKEN=hunter2-hunter2")).await;
    let shown = "//tr[th[normalize-space()='MY_TOKEN']]//code[starts-with(normalize-space(), '••••••')]";
    window.client.wait().at_most(PATIENCE).for_element(Locator::XPath(shown)).await.unwrap();
    let page = window.client.source().await.unwrap();
    assert!(!page.contains("hunter2") && !unit(&manager).contains("hunter2"));
    let secrets = manager.home().join(".openclaw/gateway.systemd.env");
    assert_eq!(std::fs::metadata(secrets).unwrap().permissions().mode() & 0o777, 0o600);
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_refused_and_nothing_is_written() {
    let (manager, desktop, window) = installed().await;
    let before = unit(&manager);
    window.click("[aria-label='Change the working folder']").await;
    let field = window.find("dd .value-form input").await;
    field.send_keys("/not/there\u{e007}").await.unwrap();
    press_named(&window, "Show what would be done").await;
    window.text(".edits .card.problem h2", "The working folder /not/there").await;
    assert_eq!(unit(&manager), before);
    window.close().await;
    drop((desktop, manager));
}

async fn add(window: &Window, name: &str, value: &str) {
    for (field, typed) in [("new-name", name), ("new-value", value)] {
        let input = window.find(&format!("[name={field}]")).await;
        input.send_keys(typed).await.unwrap();
    }
    window.click(".addition button").await;
}

fn unit(manager: &UserManager) -> String {
    let path: PathBuf = manager.home().join(".config/systemd/user").join(UNIT);
    std::fs::read_to_string(path).unwrap()
}

/// What the running gateway's process found in its environment, one line each; nothing between two processes.
fn environ(manager: &UserManager) -> String {
    let pid = tokio::task::block_in_place(|| program::main_pid(manager));
    let text = pid.and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/environ")).ok());
    text.unwrap_or_default().replace('\0', "\n")
}
