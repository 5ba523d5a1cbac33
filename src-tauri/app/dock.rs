//! Whether the Dock and the application switcher of macOS show us: only while there is a window to switch to.

use tauri::AppHandle;

#[cfg(target_os = "macos")]
pub fn show(app: &AppHandle, window: bool) {
    use tauri::ActivationPolicy;

    let policy = if window { ActivationPolicy::Regular } else { ActivationPolicy::Accessory };
    if let Err(error) = app.set_activation_policy(policy) {
        tracing::warn!(%error, "the Dock does not follow the window");
    }
}

#[cfg(not(target_os = "macos"))]
pub fn show(_app: &AppHandle, _window: bool) {}
