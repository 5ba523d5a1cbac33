//! A short report on the clipboard.

use gateward::layout::Os;
use gateward::plan::{Call, Tool};
use gateward::problem::{Code, Problem};
use gateward::view::report::{Byline, report};
use gateward::view::text::Page;
use gateward::words::Words;
use jiff::tz::TimeZone;
use std::time::Duration;
use tauri::{AppHandle, Manager};

use crate::desk::Desk;

/// In English, whatever is spoken: it is for those who help.
pub fn text(desk: &Desk) -> String {
    let around = &desk.world.around;
    let page = Page {
        words: &Words::english(),
        zone: TimeZone::system(),
        now: desk.world.system.now(),
        colour: false,
        profile: desk.options.profile.clone(),
    };
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let home = around.home().unwrap_or_default();
    let by = Byline { version: env!("CARGO_PKG_VERSION"), system: &system, home };
    report(desk.state().as_deref(), &by, &page)
}

/// Copies it and says so: a menu shows nothing of what was chosen.
pub fn copy(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let desk = app.state::<Desk>();
        match to_clipboard(&app, &desk, text(&desk)).await {
            Ok(()) => desk.notify("report", "tray-copied"),
            Err(problem) => crate::desk::tell(&desk, &problem),
        }
    });
}

async fn to_clipboard(app: &AppHandle, desk: &Desk, text: String) -> Result<(), Problem> {
    let (program, bytes) = match desk.world.around.os {
        Os::Linux => return on_toolkit(app, text),
        Os::MacOs => ("/usr/bin/pbcopy", text.into_bytes()),
        // It takes UTF-16, or the console's own code page.
        Os::Windows => {
            ("C:\\Windows\\System32\\clip.exe", text.encode_utf16().flat_map(u16::to_le_bytes).collect())
        }
    };
    let call = Call::new(Tool::At(program.to_owned()), &[], Duration::from_secs(5));
    let answer = desk.world.system.feed(&call, &bytes).await;
    match answer.is_success() {
        true => Ok(()),
        false => Err(Problem::new(Code::StepFailed).with("command", program).because(answer.words())),
    }
}

#[cfg(target_os = "linux")]
fn on_toolkit(app: &AppHandle, text: String) -> Result<(), Problem> {
    let done = app.run_on_main_thread(move || {
        gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD).set_text(&text);
    });
    done.map_err(|error| Problem::new(Code::Internal).because(error.to_string()))
}

#[cfg(not(target_os = "linux"))]
fn on_toolkit(_app: &AppHandle, _text: String) -> Result<(), Problem> {
    Err(Problem::new(Code::Unsupported))
}
