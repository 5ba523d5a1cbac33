//! Ways about the window that every test of it goes.

use super::{PROGRAM, await_window};
use crate::rig::wait::PATIENCE;
use crate::rig::{Desktop, Window, eventually};
use fantoccini::Locator;

/// Every page as its button names it, and what it shows of an installed gateway once it has heard from the program.
pub const PAGES: [(&str, &str); 7] = [
    ("overview", "#headline"),
    ("logs", "[role=search]"),
    ("history", ".timeline"),
    ("environment", ".variables"),
    ("credentials", "main h1"),
    ("settings", "#settings-logs"),
    ("setup", ".setup > li"),
];

/// Where nothing is installed the wizard opens by itself.
pub async fn overview(desktop: &mut Desktop) -> Window {
    let window = Window::open(desktop, PROGRAM, &[]).await;
    window.find("main[data-page=setup]").await;
    open_page(&window, "overview").await;
    window
}

pub async fn open_page(window: &Window, page: &str) {
    window.click(&format!("button[data-page={page}]")).await;
    window.find(&format!("main[data-page={page}]")).await;
}

/// One of the Overview's actions, when it can be done.
pub async fn press(window: &Window, label: &str) {
    press_at(window, &format!("//div[@class='actions']//button[normalize-space()='{label}']")).await;
}

/// A button anywhere on the page.
pub async fn press_named(window: &Window, label: &str) {
    press_at(window, &format!("//main//button[normalize-space()='{label}']")).await;
}

async fn press_at(window: &Window, path: &str) {
    let path = format!("{path}[not(@aria-disabled='true') and not(@disabled)]");
    let wait = window.client.wait().at_most(PATIENCE);
    wait.for_element(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
}

/// What stands in a field after somebody has pressed the keys for it there.
pub async fn paste(window: &Window, desktop: &Desktop, field: &str) -> String {
    let focus = "const field = document.querySelector(arguments[0]); field.value = ''; field.focus(); window.pasted = false; \
         field.addEventListener('paste', () => setTimeout(() => { window.pasted = true }), { once: true })";
    window.run(focus, &[field]).await;
    let shown = tokio::task::block_in_place(|| await_window(desktop));
    let keys = ["windowactivate", "--sync", &shown, "key", "ctrl+v"];
    let pressed = desktop.command("xdotool").args(keys).status();
    assert!(pressed.is_ok_and(|status| status.success()), "xdotool key");
    eventually("the keys arrive", async || window.run("return window.pasted", &[]).await == true).await;
    let value = window.run("return document.querySelector(arguments[0]).value", &[field]).await;
    value.as_str().unwrap_or_default().to_owned()
}
