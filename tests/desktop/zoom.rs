//! Every page at 200 %, also in a narrow window and read from right to left: nothing scrolls sideways, nothing is cut.

use super::{open_page, running_service, text};
use crate::program::PROGRAM;
use crate::rig::Window;
use crate::rig::wait::PATIENCE;
use fantoccini::Locator;
use serde_json::json;

/// What sticks out of the page to either side; what lies in a box that scrolls by itself does not.
const OUTSIDE: &str = "
    const scrolls = (it) => it !== null && it.tagName !== 'MAIN' && it.tagName !== 'BODY' &&
        (/auto|scroll|hidden/.test(getComputedStyle(it).overflowX) || scrolls(it.parentElement));
    const sticks = (it) => {
        const box = it.getBoundingClientRect();
        return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(it.parentElement);
    };
    const named = (it) => `${it.tagName} ${it.className} ${(it.textContent ?? '').slice(0, 40)}`;
    const wide = [document.documentElement, document.querySelector('main')].filter((it) => it.scrollWidth > it.clientWidth + 1);
    return [...wide, ...[...document.querySelectorAll('body *')].filter(sticks)].map(named);";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sticks_out_of_any_page_at_200_percent() {
    let (manager, mut desktop) = running_service();
    let folder = manager.home().join(".config/gateward");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.json"), r#"{"window":{"zoom":200}}"#).unwrap();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "Gateway running · ready").await;
    for width in [960, 720] {
        window.client.set_window_size(width, 680).await.unwrap();
        await_width(&window, width / 2).await;
        for page in ["overview", "logs", "history", "environment", "credentials", "settings"] {
            open_page(&window, page).await;
            settled(&window, page).await;
            for direction in ["rtl", "ltr"] {
                let turn = "document.documentElement.dir = arguments[0]";
                window.client.execute(turn, vec![direction.into()]).await.unwrap();
                let outside = window.client.execute(OUTSIDE, vec![]).await.unwrap();
                assert_eq!(outside, json!([]), "{page}, {width} wide, {direction}");
            }
        }
    }
    window.close().await;
    drop((desktop, manager));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_browsers_zoom_and_are_remembered() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    text(&window, "#headline", "Gateway running · ready").await;
    let usual = width(&window).await;
    let press = async |key: &str| {
        let script =
            "document.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], ctrlKey: true }))";
        window.client.execute(script, vec![key.into()]).await.unwrap();
    };
    press("+").await;
    await_width(&window, usual * 10 / 11).await;
    press("0").await;
    await_width(&window, usual).await;
    press("-").await;
    await_width(&window, usual * 10 / 9).await;
    let file = manager.home().join(".config/gateward/settings.json");
    let kept: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(kept["window"]["zoom"], 90);
    window.close().await;
    drop((desktop, manager));
}

async fn width(window: &Window) -> u32 {
    let told = window.client.execute("return innerWidth", vec![]).await.unwrap();
    u32::try_from(told.as_u64().unwrap()).unwrap()
}

/// In CSS pixels, as far as rounding goes.
async fn await_width(window: &Window, wanted: u32) {
    super::eventually(&format!("{wanted} wide"), async || width(window).await.abs_diff(wanted) <= 8).await;
}

/// What the page shows once it has heard from the program.
async fn settled(window: &Window, page: &str) {
    let sign = match page {
        "environment" => ".variables",
        "settings" => "#settings-logs",
        "logs" => "[role=search]",
        _ => "main h1",
    };
    window.client.wait().at_most(PATIENCE).for_element(Locator::Css(sign)).await.unwrap();
}
