//! The one window: made when it is wanted, put away when it is closed, and gone with its web view a while later.

use gateward::model::{Page, Pulse};
use gateward::view::tray::title;
use gateward::view::window::Opening;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use crate::desk::Desk;
use crate::{dock, ipc, notify, renewal, settings, web_view};

pub const LABEL: &str = "main";

/// Shows the window with `page`, in front of all others.
pub fn open(app: &AppHandle, page: Page) {
    let app = app.clone();
    // Made from an event handler a window would hang on Windows (tauri#4121).
    tauri::async_runtime::spawn(async move {
        let shown = match app.get_webview_window(LABEL) {
            Some(window) => focus(&app, &window, page),
            None if !web_view::is_there(&app) => Ok(()),
            None => make(&app, page),
        };
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be shown");
        }
    });
}

fn focus(app: &AppHandle, window: &WebviewWindow, page: Page) -> tauri::Result<()> {
    let desk = app.state::<Desk>();
    desk.renewal.call_off();
    dock::show(app, true);
    // For a window that does not listen yet.
    desk.want_page(page);
    window.emit("page", page)?;
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn make(app: &AppHandle, page: Page) -> tauri::Result<()> {
    let desk = app.state::<Desk>();
    desk.want_page(page);
    desk.renewal.call_off();
    dock::show(app, true);
    let opening = Opening { about: ipc::about_now(&desk), shown: desk.shown() };
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title(title(desk.state().as_deref(), &desk.words))
        .inner_size(960.0, 680.0)
        .min_inner_size(560.0, 420.0)
        .initialization_script(opening.script())
        .build()?;
    let looks = settings::current(&desk.world).window;
    desk.wardrobe.wear(app, looks.theme);
    zoom(app, looks.zoom);
    settings::follow(app);
    let app = app.clone();
    window.on_window_event(move |event| match event {
        // Without a tray icon nothing of the program could be seen any more.
        WindowEvent::CloseRequested { api, .. } if app.state::<Desk>().is_tray_shown() => {
            api.prevent_close();
            put_away(&app);
        }
        WindowEvent::Destroyed => gone(&app),
        // The start at login may have been changed elsewhere; nothing tells of that.
        WindowEvent::Focused(true) => settings::tell(&app),
        _ => {}
    });
    Ok(())
}

/// Who closes a window often wants it back soon: it comes at once then, as it was.
fn put_away(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "the window could not be put away");
    }
    dock::show(app, false);
    notify::tell_once_of_closing(app);
    renewal::after_closing(app);
}

/// Whether a window can be seen, or is about to be.
pub fn is_open(app: &AppHandle) -> bool {
    app.get_webview_window(LABEL).is_some_and(|window| window.is_visible().unwrap_or(true))
}

/// Ends a window that was put away, with its web view.
pub fn end(app: &AppHandle) {
    let ended =
        app.get_webview_window(LABEL).filter(|_| !is_open(app)).map_or(Ok(()), |window| window.destroy());
    if let Err(error) = ended {
        tracing::warn!(%error, "the window could not be ended");
    }
}

/// Where nothing is left to be seen the program ends; the gateway does not need it.
fn gone(app: &AppHandle) {
    let desk = app.state::<Desk>();
    desk.librarian.stop_all();
    settings::stop_following(&desk);
    desk.engine.look_closely(false);
    dock::show(app, false);
    if !desk.is_tray_shown() {
        app.exit(0);
    }
}

/// Draws an open window at so many percent.
pub fn zoom(app: &AppHandle, percent: u32) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Err(error) = window.set_zoom(f64::from(percent) / 100.0) {
        tracing::warn!(%error, "the window could not be zoomed");
    }
}

/// Tells an open window what the gateway uses.
pub fn feel(app: &AppHandle, pulse: &Pulse) {
    if app.get_webview_window(LABEL).is_some() {
        let _ = app.emit_to(LABEL, "pulse", pulse);
    }
}

/// Tells an open window of the state; there is nobody to tell without one.
pub fn tell(app: &AppHandle) {
    if app.get_webview_window(LABEL).is_none() {
        return;
    }
    if let Some(shown) = app.state::<Desk>().shown() {
        let _ = app.emit_to(LABEL, "state", shown);
    }
}
