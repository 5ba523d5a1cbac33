//! Consoles: ours, and Ctrl-C for a program in another, invisible one.

use windows::Win32::System::Console::{
    AttachConsole, CONSOLE_MODE, CTRL_C_EVENT, ENABLE_ECHO_INPUT, ENABLE_VIRTUAL_TERMINAL_PROCESSING,
    FreeConsole, GenerateConsoleCtrlEvent, GetConsoleMode, GetStdHandle, STD_ERROR_HANDLE, STD_HANDLE,
    STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, SetConsoleCtrlHandler, SetConsoleMode,
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

/// Makes both output streams understand colours, as far as they are consoles; whether they do.
pub fn understands_colours() -> bool {
    [STD_OUTPUT_HANDLE, STD_ERROR_HANDLE].into_iter().all(|stream| match mode(stream) {
        Some(mode) => set_mode(stream, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING),
        None => true,
    })
}

/// While it lives, the console does not show what is typed.
pub struct Unseen(Option<CONSOLE_MODE>);

impl Unseen {
    pub fn begin() -> Self {
        let before = mode(STD_INPUT_HANDLE);
        let hidden = before.filter(|mode| set_mode(STD_INPUT_HANDLE, *mode & !ENABLE_ECHO_INPUT));
        Self(hidden)
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        if let Some(before) = self.0 {
            set_mode(STD_INPUT_HANDLE, before);
        }
    }
}

/// `None` for what is no console.
fn mode(stream: STD_HANDLE) -> Option<CONSOLE_MODE> {
    let mut mode = CONSOLE_MODE::default();
    // SAFETY: a standard handle is the process's own and stays open; the mode outlives the call.
    unsafe { GetConsoleMode(GetStdHandle(stream).ok()?, &raw mut mode).ok()? };
    Some(mode)
}

fn set_mode(stream: STD_HANDLE, mode: CONSOLE_MODE) -> bool {
    // SAFETY: as above.
    unsafe { GetStdHandle(stream).is_ok_and(|handle| SetConsoleMode(handle, mode).is_ok()) }
}
