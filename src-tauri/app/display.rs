//! Whether there is a display at all: without one the window toolkit would end the program with a panic.

use gateward::words::Words;

/// Connects to the display. The error is a sentence to print.
#[cfg(target_os = "linux")]
pub fn open(words: &Words) -> Result<(), String> {
    let variable = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    let Some(display) = variable("WAYLAND_DISPLAY").or_else(|| variable("DISPLAY")) else {
        return Err(words.say("app-no-display", &[]));
    };
    #[cfg(late)]
    crate::late::load().map_err(|why| words.say("app-no-toolkit", &[("why", &why)]))?;
    gtk::init().map_err(|_| words.say("app-display-refused", &[("display", &display)]))
}

#[cfg(not(target_os = "linux"))]
pub fn open(_words: &Words) -> Result<(), String> {
    Ok(())
}
