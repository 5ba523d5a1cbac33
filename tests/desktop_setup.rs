//! The wizard in the real window, on an empty home with a real user manager.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;
mod rig;

use fantoccini::Locator;
use program::{PROGRAM, UNIT};
use rig::user_manager::wait_for_state;
use rig::{Desktop, UserManager, Window, eventually, free_port, openclaw};

#[tokio::test(flavor = "multi_thread")]
async fn it_leads_from_an_empty_home_to_a_gateway_that_is_proven_to_run_by_keyboard_alone() {
    let manager = UserManager::start();
    openclaw::npm(&manager.home());
    let port = free_port();
    let mut desktop = Desktop::with()
        .panel()
        .variable("PATH", &openclaw::path(&manager.home()))
        .variable("OPENCLAW_GATEWAY_PORT", &port.to_string())
        .on(&manager)
        .start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    stands_at(&window, "programs").await;
    assert!(card(&window, "programs").await.contains("npm install -g openclaw@latest"));
    press_enter(&window, "fetch").await;
    comes_to(&window, "config").await;
    press_enter(&window, "set-mode").await;
    stands_at(&window, "plan").await;
    assert!(card(&window, "plan").await.contains("+ExecStart="));
    press_enter(&window, "install").await;
    holds(&window, "proof").await;
    wait_for_state(&manager, UNIT, "active");
    let unit = std::fs::read_to_string(manager.home().join(".config/systemd/user").join(UNIT)).unwrap();
    assert!(unit.contains(openclaw::PACKAGE) && unit.contains(&port.to_string()), "{unit}");
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_leads_back_to_its_step_and_is_still_there_in_a_new_window() {
    let manager = UserManager::start();
    openclaw::npm(&manager.home());
    std::fs::write(manager.home().join("npm-refuses"), "").unwrap();
    let path = openclaw::path(&manager.home());
    let mut desktop = Desktop::with().panel().variable("PATH", &path).on(&manager).start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    stands_at(&window, "programs").await;
    press_enter(&window, "fetch").await;
    until(&window, "programs", "EACCES").await;
    window.client.refresh().await.unwrap();
    until(&window, "programs", "EACCES").await;
    std::fs::remove_file(manager.home().join("npm-refuses")).unwrap();
    press_enter(&window, "fetch").await;
    comes_to(&window, "config").await;
    window.close().await;
    drop((desktop, manager));
}

/// Waits until the wizard's open step is `id`.
async fn stands_at(window: &Window, id: &str) {
    window.find(&format!(".setup > li[data-step={id}][aria-current=step]")).await;
}

/// The same, past the page that a container has of its own.
async fn comes_to(window: &Window, id: &str) {
    let css = format!(".setup > li[aria-current=step]:is([data-step=container], [data-step={id}])");
    window.find(&css).await;
    if window.client.find(Locator::Css(".setup > li[data-step=container][aria-current=step]")).await.is_ok() {
        press_enter(window, "seen").await;
    }
    stands_at(window, id).await;
}

async fn holds(window: &Window, id: &str) {
    window.find(&format!(".setup > li[data-step={id}][data-state=done]")).await;
}

/// What stands on a step's card, folded or not.
async fn card(window: &Window, id: &str) -> String {
    let css = format!(".setup > li[data-step={id}]");
    let script = "return document.querySelector(arguments[0]).textContent";
    let text = window.run(script, &[&css]).await;
    text.as_str().unwrap_or_default().to_owned()
}

/// Waits until a step has failed for that reason; before, it may have had another.
async fn until(window: &Window, id: &str, wanted: &str) {
    let css = format!(".setup > li[data-step={id}][data-state=problem]");
    eventually(&format!("{id} says {wanted}"), async || {
        window.client.find(Locator::Css(&css)).await.is_ok() && card(window, id).await.contains(wanted)
    })
    .await;
}

/// Goes to the button with the keyboard's own means and presses it.
async fn press_enter(window: &Window, deed: &str) {
    let css = format!(".setup > li[aria-current=step] button[data-do={deed}]");
    window.find(&css).await;
    let reached = "return document.activeElement?.matches(arguments[0]) ?? false";
    eventually(&format!("{deed} is reached with Tab"), async || {
        let is_there = window.run(reached, &[&css]).await == true;
        if !is_there {
            window.client.active_element().await.unwrap().send_keys("\u{e004}").await.unwrap();
        }
        is_there
    })
    .await;
    window.client.active_element().await.unwrap().send_keys("\u{e007}").await.unwrap();
}
