//! How the taskbar looks: what a tray icon has to fit.

use std::io;

use windows::Win32::System::Registry::{
    HKEY, HKEY_CURRENT_USER, KEY_NOTIFY, REG_NOTIFY_CHANGE_LAST_SET, REG_OPTION_NON_VOLATILE,
    RRF_RT_REG_DWORD, RegCloseKey, RegCreateKeyExW, RegGetValueW, RegNotifyChangeKeyValue,
};
use windows::Win32::UI::HiDpi::{GetDpiForSystem, GetDpiForWindow, GetSystemMetricsForDpi};
use windows::Win32::UI::WindowsAndMessaging::{FindWindowW, SM_CXSMICON};
use windows::core::{HSTRING, PCWSTR, w};

/// What a person chose in "Colours" of the settings.
const COLOURS: &str = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taskbar {
    /// The edge of its icons, in pixels.
    pub icon: u32,
    pub is_light: bool,
}

impl Taskbar {
    pub fn now() -> Self {
        Self { icon: icon(), is_light: is_light() }
    }
}

/// By the screen that shows the taskbar; without one, by the main screen.
fn icon() -> u32 {
    // SAFETY: these take no memory of ours but two texts that live for ever.
    let pixels = unsafe {
        let taskbar = FindWindowW(w!("Shell_TrayWnd"), PCWSTR::null()).unwrap_or_default();
        let dpi = match GetDpiForWindow(taskbar) {
            0 => GetDpiForSystem(),
            dpi => dpi,
        };
        GetSystemMetricsForDpi(SM_CXSMICON, dpi)
    };
    u32::try_from(pixels).unwrap_or_default()
}

/// Windows before the setting existed had dark taskbars only.
fn is_light() -> bool {
    let mut value = 0_u32;
    let mut size = u32::try_from(size_of_val(&value)).unwrap_or_default();
    // SAFETY: the texts outlive the call, and the value is as large as is said.
    let read = unsafe {
        let put = Some((&raw mut value).cast());
        let (key, name) = (HSTRING::from(COLOURS), w!("SystemUsesLightTheme"));
        RegGetValueW(HKEY_CURRENT_USER, &key, name, RRF_RT_REG_DWORD, None, put, Some(&raw mut size))
    };
    read.is_ok() && value != 0
}

/// Blocks until the colours have been changed.
///
/// # Errors
/// The system's words: they cannot be watched.
pub fn recoloured() -> io::Result<()> {
    let mut key = HKEY::default();
    // SAFETY: the text outlives the call; the key is closed once, after its last use.
    unsafe {
        RegCreateKeyExW(
            HKEY_CURRENT_USER,
            &HSTRING::from(COLOURS),
            None,
            PCWSTR::null(),
            REG_OPTION_NON_VOLATILE,
            KEY_NOTIFY,
            None,
            &raw mut key,
            None,
        )
        .ok()?;
        let changed = RegNotifyChangeKeyValue(key, false, REG_NOTIFY_CHANGE_LAST_SET, None, false);
        let _ = RegCloseKey(key);
        changed.ok()?;
    }
    Ok(())
}
