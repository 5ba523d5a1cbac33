//! The real window, driven through WebDriver, with a real service behind it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "desktop/environment.rs"]
mod environment;
mod program;
mod rig;
#[path = "desktop/zoom.rs"]
mod zoom;

use fantoccini::Locator;
use program::{PROGRAM, UNIT};
use rig::user_manager::wait_for_state;
use rig::wait::PATIENCE;
use rig::{Desktop, UserManager, Window};
use std::path::{Path, PathBuf};

#[tokio::test(flavor = "multi_thread")]
async fn the_window_says_what_the_tray_says() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    let headline = text(&window, "#headline", "Gateway running · ready").await;
    let label = tokio::task::block_in_place(|| program::item(&desktop).labels().remove(0));
    assert_eq!(first_words(&headline), first_words(&label));
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_buttons_act() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "Gateway running · ready").await;
    press(&window, "Stop").await;
    text(&window, "#headline", "Gateway stopped").await;
    wait_for_state(&manager, UNIT, "inactive");
    press(&window, "Start").await;
    text(&window, "#headline", "Gateway running · ready").await;
    wait_for_state(&manager, UNIT, "active");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_drains_shows_its_clock_and_can_be_cut_short() {
    let (manager, mut desktop) = running_service_with("--slow-stop 10m");
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "Gateway running · ready").await;
    press(&window, "Stop").await;
    let drain = text(&window, ".drain", "The gateway is finishing").await;
    assert!(drain.contains(" left, then it is killed."), "{drain}");
    window.client.find(Locator::Css(".drain button")).await.unwrap().click().await.unwrap();
    text(&window, "#headline", "Gateway stopped").await;
    window.close().await;
    drop((desktop, manager));
}

/// What a person does first: OpenClaw is there, nothing is registered.
#[tokio::test(flavor = "multi_thread")]
async fn it_installs_the_gateway_that_npm_brought() {
    let manager = UserManager::start();
    let port = program::bring_openclaw(&manager);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "No gateway service is installed").await;
    press(&window, "Install").await;
    text(&window, "#headline", "Gateway running · ready").await;
    let written = std::fs::read_to_string(manager.home().join(".config/systemd/user").join(UNIT)).unwrap();
    assert!(written.contains(&format!("openclaw/dist/index.js gateway --port {port}")), "{written}");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_openclaw_installing_says_how_to_get_it() {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    press(&window, "Install").await;
    text(&window, ".card.problem", "OpenClaw").await;
    let card = text(&window, ".card.problem", "").await;
    assert!(card.contains("npm install -g openclaw"), "{card}");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_can_be_reached() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    for (page, heading) in [("logs", "Logs"), ("history", "History"), ("environment", "Environment")] {
        window
            .client
            .wait()
            .for_element(Locator::Css(&format!("[data-page={page}]")))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        text(&window, "h1", heading).await;
    }
    window.close().await;
    drop((desktop, manager));
}

/// With what no test without a painted page can see: contrasts as they are drawn.
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_painted_page() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "Gateway running · ready").await;
    let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/node_modules/axe-core/axe.min.js");
    window.client.execute(&std::fs::read_to_string(axe).unwrap(), vec![]).await.unwrap();
    let look = "const done = arguments[0]; axe.run(document).then((found) => done(found.violations.flatMap((rule) => \
                rule.nodes.map((node) => rule.id + ': ' + node.html))), (error) => done([String(error)]));";
    for page in ["overview", "logs", "history", "environment", "credentials", "settings"] {
        open_page(&window, page).await;
        window.client.wait().at_most(PATIENCE).for_element(Locator::Css("main h1")).await.unwrap();
        let faults = window.client.execute_async(look, vec![]).await.unwrap();
        assert_eq!(faults, serde_json::json!([]), "{page}");
    }
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_page_draws_a_crash_as_an_outage() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "Gateway running · ready").await;
    let pid = tokio::task::block_in_place(|| program::main_pid(&manager)).unwrap();
    rig::processes::signal("KILL", &[pid]);
    text(&window, "#headline", "Gateway running · ready").await;
    let open = window.client.wait().for_element(Locator::Css("button[data-page=history]")).await;
    open.unwrap().click().await.unwrap();
    text(&window, "h1", "History").await;
    let wait = || window.client.wait().at_most(PATIENCE);
    wait().for_element(Locator::Css(".timeline rect[data-being=down]")).await.unwrap();
    wait().for_element(Locator::Css(".incidents li[data-kind=crash]")).await.unwrap();
    text(&window, ".ranking li", "1 ×").await;
    let told = wait().for_element(Locator::Css(".notices li[data-fate=shown]")).await.unwrap();
    assert!(
        told.text().await.unwrap().contains("Gateway crashed")
            || told.text().await.unwrap().contains("ready again")
    );
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_is_saved_as_it_is_made_and_can_be_taken_back() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    click(&window, "[data-field='notices.crash'] input").await;
    wait_for_setting(&desktop, |file| file["notices"]["crash"] == false).await;
    text(&window, ".last-change", "Changed: The gateway crashed").await;
    click(&window, ".last-change button").await;
    wait_for_setting(&desktop, |file| file["notices"]["crash"].is_null()).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_beside_its_field_and_not_saved() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    let amount = window.client.find(Locator::Css("[data-field='notices.per_hour'] input")).await.unwrap();
    amount.send_keys("x\u{e007}").await.unwrap();
    let refusal = text(&window, "[data-field='notices.per_hour'] .refusal", "The setting").await;
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
    text(&window, "[data-field='notices.per_hour'] .default", "Default: 20 an hour").await;
    std::fs::write(settings_file(&desktop), r#"{"notices":{"per_hour":"many"}}"#).unwrap();
    text(&window, ".card.problem h2", "The settings").await;
    std::fs::write(settings_file(&desktop), r#"{"thresholds":{"hung_after_s":30}}"#).unwrap();
    text(&window, "[data-field='thresholds.hung_after_s'] .default", "Default: 10 seconds").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_theme_is_worn_at_once() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    for (theme, dark) in [("dark", true), ("light", false)] {
        let choice = window.client.find(Locator::Css("[data-field='window.theme'] select")).await.unwrap();
        choice.select_by_value(theme).await.unwrap();
        wait_for_setting(&desktop, |file| file["window"]["theme"] == theme).await;
        let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
        eventually(theme, async || window.client.execute(script, vec![]).await.unwrap() == dark).await;
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_at_login_is_the_desktops_own_entry() {
    let mut desktop = Desktop::with().panel().start();
    let window = settings_page(&mut desktop).await;
    let entry = Path::new(desktop.variable("HOME")).join(".config/autostart/Gateward.desktop");
    let is_on = "return document.querySelector('[name=start-at-login]').checked";
    click(&window, "[name=start-at-login]").await;
    eventually("the desktop has the entry", async || entry.is_file()).await;
    eventually("it is on", async || window.client.execute(is_on, vec![]).await.unwrap() == true).await;
    std::fs::remove_file(&entry).unwrap();
    open_page(&window, "logs").await;
    open_page(&window, "settings").await;
    window.client.wait().at_most(PATIENCE).for_element(Locator::Css("[name=start-at-login]")).await.unwrap();
    assert_eq!(window.client.execute(is_on, vec![]).await.unwrap(), false);
    window.close().await;
}

/// Pasted where a person would: the clipboard is the desktop's.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_copied_from_the_menu_and_can_be_pasted() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "Gateway running · ready").await;
    open_page(&window, "logs").await;
    tokio::task::block_in_place(|| program::item(&desktop).click(&["More", "Copy a report"]));
    eventually("the report can be pasted", async || {
        let shown = program::windows(&desktop).pop().unwrap_or_default();
        let keys = ["windowactivate", "--sync", &shown, "key", "ctrl+v"];
        let focus =
            "const field = document.querySelector('[role=search] input'); field.value = ''; field.focus()";
        window.client.execute(focus, vec![]).await.unwrap();
        let _ = desktop.command("xdotool").args(keys).status();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let value = "return document.querySelector('[role=search] input').value";
        let value = window.client.execute(value, vec![]).await.unwrap();
        value
            .as_str()
            .is_some_and(|text| text.contains("Gateward 0.1.0") && text.contains("Gateway running · ready"))
    })
    .await;
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trays_settings_open_the_page() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    tokio::task::block_in_place(|| program::item(&desktop).click(&["Settings…"]));
    text(&window, "h1", "Settings").await;
    window.close().await;
}

/// The page has no way to the machine but our commands.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_may_neither_read_files_nor_run_programs() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    for command in ["plugin:shell|execute", "plugin:shell|open", "plugin:fs|read_file", "plugin:window|close"]
    {
        let script = "const done = arguments[1]; \
             window.__TAURI_INTERNALS__.invoke(arguments[0], {}).then(() => done('allowed'), why => done(String(why)))";
        let answer = window.client.execute_async(script, vec![command.into()]).await.unwrap();
        assert!(
            answer.as_str().is_some_and(|why| why.contains("not allowed") || why.contains("not found")),
            "{command}: {answer}"
        );
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_none_is_refused() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    let script = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('ask', { request: { ask: 'act', action: { act: 'rm' } } })\
         .then(() => done('allowed'), why => done(String(why)))";
    let answer = window.client.execute_async(script, vec![]).await.unwrap();
    assert!(answer.as_str().is_some_and(|why| why.contains("unknown variant `rm`")), "{answer}");
    window.close().await;
}

fn running_service() -> (UserManager, Desktop) {
    running_service_with("")
}

/// With `options` of the demo gateway.
fn running_service_with(options: &str) -> (UserManager, Desktop) {
    let manager = UserManager::start();
    program::write_service_with(&manager, 1, options);
    manager.systemctl(&["start", UNIT]);
    let desktop = Desktop::with().panel().on(&manager).start();
    (manager, desktop)
}

/// Waits until an element's text begins with `wanted`.
async fn text(window: &Window, css: &str, wanted: &str) -> String {
    let mut last = String::new();
    let end = std::time::Instant::now() + PATIENCE;
    while std::time::Instant::now() < end {
        if let Ok(element) = window.client.find(Locator::Css(css)).await {
            last = element.text().await.unwrap_or_default();
            if last.starts_with(wanted) {
                return last;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let page = window.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap_or_default();
    panic!("{css} never said {wanted:?}, but {last:?}; the page:\n{page}")
}

async fn settings_page(desktop: &mut Desktop) -> Window {
    let window = Window::open(desktop, PROGRAM, &[]).await;
    open_page(&window, "settings").await;
    text(&window, "#settings-notices", "Notices").await;
    window
}

async fn open_page(window: &Window, page: &str) {
    click(window, &format!("button[data-page={page}]")).await;
    let wait = window.client.wait().at_most(PATIENCE);
    wait.for_element(Locator::Css(&format!("main[data-page={page}]"))).await.unwrap();
}

async fn click(window: &Window, css: &str) {
    let wait = window.client.wait().at_most(PATIENCE);
    wait.for_element(Locator::Css(css)).await.unwrap().click().await.unwrap();
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

async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let end = std::time::Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(std::time::Instant::now() < end, "never: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn press(window: &Window, label: &str) {
    let path = format!(
        "//div[@class='actions']//button[normalize-space()='{label}' and not(@aria-disabled='true') and not(@disabled)]"
    );
    let wait = window.client.wait().at_most(PATIENCE);
    wait.for_element(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
}

/// Without the duration, which goes on.
fn first_words(sentence: &str) -> String {
    sentence.split(" · ").take(2).collect::<Vec<_>>().join(" · ")
}
