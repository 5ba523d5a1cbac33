//! A question in a box of Windows' own, for when there can be no window.

use windows::Win32::UI::WindowsAndMessaging::{
    IDYES, MB_ICONWARNING, MB_SETFOREGROUND, MB_YESNO, MessageBoxW,
};
use windows::core::HSTRING;

/// Whether the person at the screen says yes. Blocks until they answer.
pub fn ask(title: &str, question: &str) -> bool {
    let (title, question) = (HSTRING::from(title), HSTRING::from(question));
    // SAFETY: both texts outlive the call.
    let answer =
        unsafe { MessageBoxW(None, &question, &title, MB_YESNO | MB_ICONWARNING | MB_SETFOREGROUND) };
    answer == IDYES
}
