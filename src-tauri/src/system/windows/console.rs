//! Ctrl-C for a program in another, invisible console.

use windows::Win32::System::Console::{
    AttachConsole, CTRL_C_EVENT, FreeConsole, GenerateConsoleCtrlEvent, SetConsoleCtrlHandler,
};

/// Sends Ctrl-C to everything in the console of `pid`, and leaves this process without a console. Node sees SIGINT.
///
/// # Errors
/// The system's words: `pid` is gone, or has no console.
pub fn interrupt(pid: u32) -> std::io::Result<()> {
    // SAFETY: none of these takes memory of ours. The handler is a null one: this process itself ignores Ctrl-C from here on, as it
    // shares the console it sends to.
    unsafe {
        let _ = FreeConsole();
        AttachConsole(pid)?;
        SetConsoleCtrlHandler(None, true)?;
        GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)?;
    }
    Ok(())
}
