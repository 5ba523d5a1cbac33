//! The least that a Tauri application with a tray icon can be: what `cargo xtask bench` holds `gateward-tray` against.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{App, Builder, RunEvent};

fn main() -> tauri::Result<()> {
    let app = Builder::default()
        .setup(|app| Ok(show_icon(app)?))
        // The same configuration and page as the product's.
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
