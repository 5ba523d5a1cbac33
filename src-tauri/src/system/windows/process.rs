//! Handles of other processes. While one is held, its pid is nobody else's.

use std::os::windows::io::OwnedHandle;

use windows::Win32::System::Threading::{
    INFINITE, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE,
    TerminateProcess, WaitForSingleObject,
};

use super::{owned, raw};

/// A process that may be waited for.
///
/// # Errors
/// There is none of that pid, or it is out of reach.
pub fn open(pid: u32) -> std::io::Result<OwnedHandle> {
    let rights = PROCESS_SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION;
    // SAFETY: it takes no memory of ours.
    Ok(owned(unsafe { OpenProcess(rights, false, pid) }?))
}

/// Whether it has ended already: a handle keeps an ended process's pid alive.
pub fn has_ended(process: &OwnedHandle) -> bool {
    // SAFETY: the handle is borrowed for the call.
    unsafe { WaitForSingleObject(raw(process), 0) }.0 == 0
}

/// Returns when it has ended.
pub fn wait(process: &OwnedHandle) {
    // SAFETY: the handle is borrowed for the wait.
    unsafe { WaitForSingleObject(raw(process), INFINITE) };
}

/// Kills the process that has `pid` now.
///
/// # Errors
/// The system's words.
pub fn kill(pid: u32) -> std::io::Result<()> {
    // SAFETY: the handle is owned until the end of the call.
    unsafe {
        let process = owned(OpenProcess(PROCESS_TERMINATE, false, pid)?);
        TerminateProcess(raw(&process), 1)?;
    }
    Ok(())
}
