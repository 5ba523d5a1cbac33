//! Whether the system has what a window's page is drawn by. Windows 10 may be without it; the tray icon needs none.

use tauri::AppHandle;

/// Where Microsoft gives it away.
#[cfg(windows)]
const DOWNLOAD: &str = "https://developer.microsoft.com/microsoft-edge/webview2/";

/// Whether a window can be made; otherwise the person at the screen is told why, and where to get what is missing.
#[cfg(windows)]
pub fn is_there(app: &AppHandle) -> bool {
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Tauri looks once, at the start.
    static WAS_MISSING: AtomicBool = AtomicBool::new(false);
    let is_missing = tauri::webview_version().is_err();
    if is_missing {
        WAS_MISSING.store(true, Ordering::Relaxed);
        tell(app);
    } else if WAS_MISSING.load(Ordering::Relaxed) {
        app.restart();
    }
    !is_missing
}

#[cfg(not(windows))]
pub fn is_there(_app: &AppHandle) -> bool {
    true
}

/// One box at a time; on a thread of its own, since the icon must go on answering.
#[cfg(windows)]
fn tell(app: &AppHandle) {
    use std::sync::Mutex;

    use gateward::system::windows::question;
    use tauri::Manager;
    use tauri_plugin_shell::ShellExt;

    static ASKING: Mutex<()> = Mutex::new(());
    let app = app.clone();
    let asking = std::thread::Builder::new().name("question".to_owned()).spawn(move || {
        let Ok(_one) = ASKING.try_lock() else { return };
        let words = &app.state::<crate::desk::Desk>().words;
        tracing::warn!(download = DOWNLOAD, "no window: WebView2 is not installed");
        let question = words.say("app-no-web-view", &[("address", DOWNLOAD)]);
        if question::ask(&words.say("tray-title", &[]), &question) {
            #[allow(deprecated)] // As in desk.rs.
            let opened = app.shell().open(DOWNLOAD, None);
            if let Err(error) = opened {
                tracing::warn!(%error, "the download page could not be opened");
            }
        }
    });
    if let Err(error) = asking {
        tracing::warn!(%error, "no thread for a question");
    }
}
