//! The end of the session, and `schtasks /End`: a program without a console hears of them only through a window. It is never shown.
//!
//! `/End` and Task Manager send WM_CLOSE first and kill later; sign-out and shutdown ask with WM_QUERYENDSESSION and give some
//! seconds, more while a reason is shown why something blocks.

use std::sync::OnceLock;

use windows::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows::Win32::System::LibraryLoader::GetModuleHandleW;
use windows::Win32::System::Shutdown::ShutdownBlockReasonCreate;
use windows::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DispatchMessageW, GetMessageW, MSG, RegisterClassW, WINDOW_EX_STYLE,
    WM_CLOSE, WM_QUERYENDSESSION, WNDCLASSW, WS_OVERLAPPED,
};
use windows::core::{HSTRING, w};

/// What to do when the end is near; the window's procedure can be given nothing.
static ENDING: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// Calls `ending` each time this process is asked to end by a window message. Once per process.
pub fn watch(ending: impl Fn() + Send + Sync + 'static) {
    if ENDING.set(Box::new(ending)).is_err() {
        return;
    }
    let listening = std::thread::Builder::new().name("session".to_owned()).spawn(|| {
        if let Err(error) = listen() {
            tracing::warn!(%error, "the end of the session will not be noticed");
        }
    });
    if let Err(error) = listening {
        tracing::warn!(%error, "no thread for the end of the session");
    }
}

fn listen() -> windows::core::Result<()> {
    let class = w!("GatewardHost");
    // SAFETY: class and window live as long as this thread, which never leaves the loop but at the end of the process; the procedure
    // is a function of this file.
    unsafe {
        let module = GetModuleHandleW(None)?.into();
        let window = WNDCLASSW {
            lpfnWndProc: Some(heard),
            hInstance: module,
            lpszClassName: class,
            ..Default::default()
        };
        RegisterClassW(&raw const window);
        // Top level and never shown: message-only windows are not told.
        CreateWindowExW(
            WINDOW_EX_STYLE(0),
            class,
            w!("Gateward"),
            WS_OVERLAPPED,
            0,
            0,
            0,
            0,
            None,
            None,
            Some(module),
            None,
        )?;
        let mut message = MSG::default();
        while GetMessageW(&raw mut message, None, 0, 0).0 > 0 {
            DispatchMessageW(&raw const message);
        }
    }
    Ok(())
}

/// Called by Windows for each message.
extern "system" fn heard(window: HWND, message: u32, first: WPARAM, second: LPARAM) -> LRESULT {
    let tell = || ENDING.get().into_iter().for_each(|ending| ending());
    match message {
        WM_CLOSE => {
            tell();
            LRESULT(0)
        }
        WM_QUERYENDSESSION => {
            // SAFETY: the window is the one this message came to, on its own thread; the text outlives the call.
            let _ = unsafe { ShutdownBlockReasonCreate(window, &HSTRING::from("OpenClaw Gateway")) };
            tell();
            LRESULT(1)
        }
        // SAFETY: as Windows passed them.
        _ => unsafe { DefWindowProcW(window, message, first, second) },
    }
}
