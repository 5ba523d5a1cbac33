//! The end of the session, and `schtasks /End`: a program without a console hears of them only through a window. It is never shown.
//!
//! `/End` and Task Manager send WM_CLOSE first and kill later. Sign-out and shutdown ask with WM_QUERYENDSESSION, and with
//! WM_ENDSESSION say that it has come; a program without a visible window is killed when it has answered that, or after 5 s
//! ("Application Shutdown Changes in Windows Vista").

use std::sync::OnceLock;
use std::time::Duration;

use windows::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows::Win32::System::LibraryLoader::GetModuleHandleW;
use windows::Win32::System::Shutdown::{ShutdownBlockReasonCreate, ShutdownBlockReasonDestroy};
use windows::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DispatchMessageW, GetMessageW, MSG, RegisterClassW, WINDOW_EX_STYLE,
    WM_CLOSE, WM_ENDSESSION, WM_QUERYENDSESSION, WNDCLASSW, WS_OVERLAPPED,
};
use windows::core::{HSTRING, w};

/// How near the end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// There is time to end in good order.
    Near,
    /// Whoever is not gone in a moment is killed.
    Here,
}

/// What of Windows' 5 s an end in good order may take.
const GRACE: Duration = Duration::from_millis(3500);

/// What to do when the end is near; the window's procedure can be given nothing.
static ENDING: OnceLock<Box<dyn Fn(Ending) + Send + Sync>> = OnceLock::new();

/// Calls `ending` each time this process is asked to end by a window message. Once per process.
pub fn watch(ending: impl Fn(Ending) + Send + Sync + 'static) {
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
    match message {
        WM_CLOSE => {
            tell(Ending::Near);
            LRESULT(0)
        }
        WM_QUERYENDSESSION => {
            // SAFETY: the window is the one this message came to, on its own thread; the text outlives the call.
            let _ = unsafe { ShutdownBlockReasonCreate(window, &HSTRING::from("OpenClaw Gateway")) };
            LRESULT(1)
        }
        WM_ENDSESSION if first.0 != 0 => leave(),
        // Another program would not end, and the person stays.
        WM_ENDSESSION => {
            // SAFETY: as above.
            let _ = unsafe { ShutdownBlockReasonDestroy(window) };
            LRESULT(0)
        }
        // SAFETY: as Windows passed them.
        _ => unsafe { DefWindowProcW(window, message, first, second) },
    }
}

fn tell(how: Ending) {
    ENDING.get().into_iter().for_each(|ending| ending(how));
}

/// Never answers: the process ends meanwhile, by itself or by Windows.
fn leave() -> ! {
    tell(Ending::Near);
    std::thread::sleep(GRACE);
    tell(Ending::Here);
    loop {
        std::thread::park();
    }
}
