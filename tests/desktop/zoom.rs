//! Every page at 200 %, also in a narrow window and read from right to left: nothing scrolls sideways, is cut, or lies over another.

use super::running_service;
use crate::program::PROGRAM;
use crate::program::page::PAGES;
use crate::rig::{Desktop, Window, eventually};
use serde_json::json;

/// What sticks out of the page to either side, is cut off, or lies over other text. A box that scrolls by itself may hold more than is
/// seen, and so may a row of the log, which is shown whole when it is chosen.
const AMISS: &str = "
    const seen = [...document.querySelectorAll('body *')].filter((it) => it.checkVisibility() && !it.closest('.unseen, .skip, svg'));
    const scrolls = (it) => it !== null && it.tagName !== 'MAIN' && it.tagName !== 'BODY' &&
        (/auto|scroll|hidden/.test(getComputedStyle(it).overflowX) || scrolls(it.parentElement));
    const sticksOut = (it) => {
        const box = it.getBoundingClientRect();
        return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(it.parentElement);
    };
    const isCut = (it) => /hidden|clip/.test(getComputedStyle(it).overflowX) && it.scrollWidth > it.clientWidth + 1;
    const texts = seen.filter((it) => it.childElementCount === 0 && it.textContent.trim() !== '' && !it.closest('.log-list, select'));
    const boxes = texts.map((it) => [it, it.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
    const lieOver = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
    const over = boxes.filter(([, one], at) => boxes.slice(at + 1).some(([, other]) => lieOver(one, other)));
    const wide = [document.documentElement, document.querySelector('main')].filter((it) => it.scrollWidth > it.clientWidth + 1);
    const named = (why) => (it) => `${why}: ${it.tagName} ${it.className} ${(it.textContent ?? '').slice(0, 40)}`;
    return [
        ...wide.map(named('scrolls sideways')),
        ...seen.filter(sticksOut).map(named('sticks out')),
        ...seen.filter((it) => isCut(it) && !it.closest('.log-list')).map(named('is cut')),
        ...over.map(([it]) => named('lies over another')(it)),
    ];";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_or_covered_on_any_page_at_200_percent() {
    let (manager, mut desktop) = running_service();
    let folder = manager.home().join(".config/gateward");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.json"), r#"{"window":{"zoom":200}}"#).unwrap();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway running · ready").await;
    for width in [960, 720] {
        window.client.set_window_size(width, 680).await.unwrap();
        await_width(&window, width / 2).await;
        for (page, sign) in PAGES {
            turn_to(&window, page).await;
            window.find(sign).await;
            for direction in ["rtl", "ltr"] {
                window.run("document.documentElement.dir = arguments[0]", &[direction]).await;
                let amiss = window.run(AMISS, &[]).await;
                assert_eq!(amiss, json!([]), "{page}, {width} wide, {direction}");
            }
        }
    }
    window.close().await;
    drop((desktop, manager));
}

/// The look above would say nothing if it saw nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_too_wide_cut_or_covered_is_seen() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.find("main h1").await;
    for (style, wanted) in [
        ("width: 3000px", "sticks out: P"),
        ("width: 3000px", "scrolls sideways: MAIN"),
        ("width: 30px; overflow: hidden; white-space: nowrap", "is cut: P"),
        ("position: absolute; inset: 0", "lies over another: P"),
    ] {
        let spoil = "window.spoilt?.remove(); window.spoilt = document.createElement('p'); \
             spoilt.style.cssText = arguments[0]; spoilt.textContent = 'Something long'; document.querySelector('main').prepend(spoilt)";
        window.run(spoil, &[style]).await;
        let amiss = window.run(AMISS, &[]).await;
        let found = amiss.as_array().unwrap().iter().any(|it| it.as_str().unwrap().starts_with(wanted));
        assert!(found, "{wanted}: {amiss}");
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_browsers_zoom_and_are_remembered() {
    let (manager, mut desktop) = running_service();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    window.text("#headline", "Gateway running · ready").await;
    let usual = width(&window).await;
    let press = async |key: &str| {
        let script =
            "document.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], ctrlKey: true }))";
        window.run(script, &[key]).await;
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

/// The driver's own clicks go astray where the page is zoomed: it reckons with the usual size.
async fn turn_to(window: &Window, page: &str) {
    let button = format!("button[data-page={page}]");
    window.run("document.querySelector(arguments[0]).click()", &[&button]).await;
    window.find(&format!("main[data-page={page}]")).await;
}

async fn width(window: &Window) -> u32 {
    let told = window.run("return innerWidth", &[]).await;
    u32::try_from(told.as_u64().unwrap()).unwrap()
}

/// In CSS pixels, as far as rounding goes.
async fn await_width(window: &Window, wanted: u32) {
    eventually(&format!("{wanted} wide"), async || width(window).await.abs_diff(wanted) <= 8).await;
}
