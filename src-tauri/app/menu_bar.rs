//! The menu bar that macOS shows while the window is open: Tauri's own, with Settings… where people look for it.

use gateward::words::Words;
use tauri::{Builder, Wry};

#[cfg(target_os = "macos")]
pub fn add(builder: Builder<Wry>, words: &Words) -> Builder<Wry> {
    use gateward::model::{Page, Request};
    use gateward::view::tray::shortcut;
    use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};

    /// After “About” and the line below it.
    const PLACE: usize = 2;

    let label = words.say("tray-settings", &[]);
    builder.menu(move |app| {
        let menu = Menu::default(app)?;
        if let Some(ours) = menu.items()?.first().and_then(|item| item.as_submenu()) {
            let request = Request::Open { page: Page::Settings };
            let id = crate::tray::id(&request);
            let settings = MenuItem::with_id(app, id, &label, true, shortcut(&request))?;
            ours.insert_items(&[&settings, &PredefinedMenuItem::separator(app)?], PLACE)?;
        }
        Ok(menu)
    })
}

#[cfg(not(target_os = "macos"))]
pub fn add(builder: Builder<Wry>, _words: &Words) -> Builder<Wry> {
    builder
}
