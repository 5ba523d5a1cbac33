//! The least that a Tauri application with a tray icon can be: what `cargo xtask bench` holds `gateward-tray` against.

use tauri::http::{HeaderValue, Response};
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{App, AppHandle, Builder, RunEvent, WebviewUrl, WebviewWindowBuilder};

/// Empty but for a word, so that it can be seen on the screen.
const PAGE: &str = "<!doctype html><title>Bare</title><body style='font: 300px sans-serif'>Bare Bare";
const SCHEME: &str = "bare";

fn main() -> tauri::Result<()> {
    let app = Builder::default()
        .register_uri_scheme_protocol(SCHEME, |_, _| page())
        .on_tray_icon_event(|app, event| {
            if let TrayIconEvent::Click { button_state: MouseButtonState::Up, .. } = event {
                open(app.clone());
            }
        })
        .setup(|app| Ok(show_icon(app)?))
        // The same configuration as the product's.
        .build(tauri::generate_context!())?;
    app.run(|_, event| {
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(())
}

fn show_icon(app: &App) -> tauri::Result<()> {
    let item = |label| MenuItem::new(app, label, true, None::<&str>);
    let menu = Menu::with_items(app, &[&item("One")?, &item("Two")?, &item("Three")?])?;
    let icon = tauri::include_image!("icons/tray/idle-48.png");
    TrayIconBuilder::with_id("bare-tray").menu(&menu).icon(icon).build(app)?;
    Ok(())
}

fn page() -> Response<&'static [u8]> {
    let mut page = Response::new(PAGE.as_bytes());
    page.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
    page
}

/// As the product makes its own.
fn open(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let Ok(page) = format!("{SCHEME}://localhost/").parse() else { return };
        let window = WebviewWindowBuilder::new(&app, "main", WebviewUrl::CustomProtocol(page));
        if let Err(error) = window.title("Bare").inner_size(960.0, 680.0).build() {
            eprintln!("{error}");
        }
    });
}
