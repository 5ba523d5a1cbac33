//! Ways about the window that every test of it goes.

use super::PROGRAM;
use crate::rig::wait::PATIENCE;
use crate::rig::{Desktop, Window};
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
