//! The window's zoom.

use super::{running_service, text};
use crate::program::PROGRAM;
use crate::rig::Window;

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
