//! What the service is given, changed in the real window and taken back.

use super::{click, open_page, overview, press, text};
use crate::program::{self, UNIT};
use crate::rig::wait::PATIENCE;
use crate::rig::{Desktop, UserManager, Window};
use fantoccini::Locator;
use std::path::PathBuf;

/// An OpenClaw that was installed from the window, with the Environment page open.
async fn installed() -> (UserManager, Desktop, Window) {
    let manager = UserManager::start();
    program::bring_openclaw(&manager);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let window = overview(&mut desktop).await;
    text(&window, "#headline", "No gateway service is installed").await;
    press(&window, "Install").await;
    text(&window, "#headline", "Gateway running · ready").await;
    open_page(&window, "environment").await;
    window.client.wait().at_most(PATIENCE).for_element(Locator::Css(".variables")).await.unwrap();
    (manager, desktop, window)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_refused_and_nothing_is_written() {
    let (manager, desktop, window) = installed().await;
    let before = unit(&manager);
    click(&window, "[aria-label='Change the working folder']").await;
    let field = window.client.find(Locator::Css("dd .value-form input")).await.unwrap();
    field.send_keys("/not/there\u{e007}").await.unwrap();
    press_named(&window, "Show what would be done").await;
    text(&window, ".edits .card.problem h2", "The working folder /not/there").await;
    assert_eq!(unit(&manager), before);
    window.close().await;
    drop((desktop, manager));
}

async fn press_named(window: &Window, label: &str) {
    let path = format!("//main//button[normalize-space()='{label}' and not(@aria-disabled='true')]");
    let wait = window.client.wait().at_most(PATIENCE);
    wait.for_element(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
}

fn unit(manager: &UserManager) -> String {
    let path: PathBuf = manager.home().join(".config/systemd/user").join(UNIT);
    std::fs::read_to_string(path).unwrap()
}
