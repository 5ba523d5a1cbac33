//! Named events: how one process of ours asks another one for something. They live in the session of the account.

use std::os::windows::io::OwnedHandle;

use windows::Win32::Foundation::{WAIT_FAILED, WAIT_OBJECT_0};
use windows::Win32::System::Threading::{
    CreateEventW, EVENT_MODIFY_STATE, INFINITE, OpenEventW, SetEvent, WaitForMultipleObjects,
};
use windows::core::HSTRING;

use super::{owned, raw};

/// Makes an event that one wait takes back.
///
/// # Errors
/// The system's words.
pub fn create(name: &str) -> std::io::Result<OwnedHandle> {
    // SAFETY: the name outlives the call; no attributes are passed.
    Ok(owned(unsafe { CreateEventW(None, false, false, &HSTRING::from(name)) }?))
}

/// Sets an event that another process made.
///
/// # Errors
/// There is none of that name, or it is another account's.
pub fn set(name: &str) -> std::io::Result<()> {
    // SAFETY: the name outlives the call; the handle is owned until the end of this function.
    unsafe {
        let event = owned(OpenEventW(EVENT_MODIFY_STATE, false, &HSTRING::from(name))?);
        SetEvent(raw(&event))?;
    }
    Ok(())
}

/// Waits until one of `events` is set; its index. `None` when nothing can be waited for.
pub fn wait(events: &[OwnedHandle]) -> Option<usize> {
    let handles: Vec<_> = events.iter().map(raw).collect();
    // SAFETY: the handles are borrowed for the whole wait.
    let which = unsafe { WaitForMultipleObjects(&handles, false, INFINITE) };
    let index = usize::try_from(which.0.wrapping_sub(WAIT_OBJECT_0.0)).ok()?;
    (which != WAIT_FAILED && index < events.len()).then_some(index)
}
