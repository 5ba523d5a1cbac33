//! The real window, driven through WebDriver, with a real service behind it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "desktop/diagnostics.rs"]
mod diagnostics;
#[path = "desktop/environment.rs"]
mod environment;
mod program;
mod rig;
#[path = "desktop/safety.rs"]
mod safety;
#[path = "desktop/settings.rs"]
mod settings;
#[path = "desktop/zoom.rs"]
mod zoom;

use program::page::{PAGES, open_page, overview, paste, press, press_named};
use program::{PROGRAM, UNIT};
use rig::user_manager::wait_for_state;
use rig::{Desktop, UserManager, Window, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn the_window_says_what_the_tray_says() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    let headline = window.text("#headline", "Gateway running · ready").await;
    let label = tokio::task::block_in_place(|| program::item(&desktop).labels().remove(0));
    assert_eq!(first_words(&headline), first_words(&label));
    let brought = "return window.gatewardOpening.about.version";
    assert_eq!(window.client.execute(brought, vec![]).await.unwrap(), env!("CARGO_PKG_VERSION"));
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_buttons_act() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway running · ready").await;
    press(&window, "Stop").await;
    window.text("#headline", "Gateway stopped").await;
    wait_for_state(&manager, UNIT, "inactive");
    press(&window, "Start").await;
    window.text("#headline", "Gateway running · ready").await;
    wait_for_state(&manager, UNIT, "active");
    let first = program::main_pid(&manager);
    press(&window, "Restart").await;
    eventually("another process runs", async || {
        program::main_pid(&manager).is_some_and(|pid| Some(pid) != first)
    })
    .await;
    window.text("#headline", "Gateway running · ready").await;
    manager.systemctl(&["enable", UNIT]);
    press_named(&window, "Check now").await;
    press(&window, "Stop and stay stopped").await;
    wait_for_state(&manager, UNIT, "inactive");
    eventually("it stays so", async || manager.property(UNIT, "UnitFileState") == "disabled").await;
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_drains_shows_its_clock_and_can_be_cut_short() {
    let (manager, mut desktop) = running_service_with("--slow-stop 10m");
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway running · ready").await;
    press(&window, "Stop").await;
    let drain = window.text(".drain", "The gateway is finishing").await;
    assert!(drain.contains(" left, then it is killed."), "{drain}");
    window.click(".drain button").await;
    window.text("#headline", "Gateway stopped").await;
    window.close().await;
    drop((desktop, manager));
}

/// What a person does first: OpenClaw is there, nothing is registered.
#[tokio::test(flavor = "multi_thread")]
async fn it_installs_the_gateway_that_npm_brought() {
    let manager = UserManager::start();
    let port = program::bring_openclaw(&manager);
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let window = overview(&mut desktop).await;
    window.text("#headline", "No gateway service is installed").await;
    press(&window, "Install").await;
    window.text("#headline", "Gateway running · ready").await;
    let written = std::fs::read_to_string(manager.home().join(".config/systemd/user").join(UNIT)).unwrap();
    assert!(written.contains(&format!("openclaw/dist/index.js gateway --port {port}")), "{written}");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_openclaw_installing_says_how_to_get_it() {
    let manager = UserManager::start();
    let mut desktop = Desktop::with().panel().on(&manager).start();
    let window = overview(&mut desktop).await;
    press(&window, "Install").await;
    window.text(".card.problem", "OpenClaw").await;
    let card = window.text(".card.problem", "").await;
    assert!(card.contains("npm install -g openclaw"), "{card}");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_can_be_reached() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway running · ready").await;
    for (page, sign) in PAGES {
        open_page(&window, page).await;
        window.find(sign).await;
    }
    window.close().await;
    drop((desktop, manager));
}

/// With what no test without a painted page can see: contrasts as they are drawn.
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_painted_page() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway running · ready").await;
    let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/node_modules/axe-core/axe.min.js");
    window.client.execute(&std::fs::read_to_string(axe).unwrap(), vec![]).await.unwrap();
    let look = "const done = arguments[0]; axe.run(document).then((found) => done(found.violations.flatMap((rule) => \
                rule.nodes.map((node) => rule.id + ': ' + node.html))), (error) => done([String(error)]));";
    for (page, sign) in PAGES {
        open_page(&window, page).await;
        window.find(sign).await;
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
    window.text("#headline", "Gateway running · ready").await;
    let pid = tokio::task::block_in_place(|| program::main_pid(&manager)).unwrap();
    rig::processes::signal("KILL", &[pid]);
    window.text("#headline", "Gateway running · ready").await;
    open_page(&window, "history").await;
    window.find(".timeline rect[data-being=down]").await;
    window.find(".incidents li[data-kind=crash]").await;
    window.text(".ranking li", "1 ×").await;
    let told = window.text(".notices li[data-fate=shown]", "").await;
    assert!(told.contains("Gateway crashed") || told.contains("ready again"), "{told}");
    window.close().await;
    drop((desktop, manager));
}

/// Pasted where a person would: the clipboard is the desktop's.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_copied_from_the_menu_and_can_be_pasted() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway running · ready").await;
    open_page(&window, "logs").await;
    tokio::task::block_in_place(|| program::item(&desktop).click(&["More", "Copy a report"]));
    let (version, field) = (concat!("Gateward ", env!("CARGO_PKG_VERSION")), "[role=search] input");
    eventually("the report can be pasted", async || {
        let pasted = paste(&window, &desktop, field).await;
        pasted.contains(version) && pasted.contains("Gateway running · ready")
    })
    .await;
    window.close().await;
    drop((desktop, manager));
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

/// Without the duration, which goes on.
fn first_words(sentence: &str) -> String {
    sentence.split(" · ").take(2).collect::<Vec<_>>().join(" · ")
}
