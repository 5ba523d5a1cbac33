//! What stands on the desktop's screen: its windows, and the pixels themselves.

use super::desktop::Desktop;
use super::wait::{PATIENCE, wait_at_most, wait_for, wait_until};
use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Duration;

/// X ids of the visible windows whose title matches `title`, a regular expression.
pub fn windows(desktop: &Desktop, title: &str) -> Vec<String> {
    let output = desktop.command("xdotool").args(["search", "--onlyvisible", "--name", title]).output();
    let text = String::from_utf8_lossy(&output.expect("xdotool").stdout).into_owned();
    text.lines().map(str::to_owned).collect()
}

#[track_caller]
pub fn await_window(desktop: &Desktop, title: &str) -> String {
    wait_for(PATIENCE, "a window is open", || windows(desktop, title).pop())
}

/// Closes the window, as its cross does: openbox' own key for it, pressed again where the first one came before the window listened.
#[track_caller]
pub fn close_window(desktop: &Desktop, title: &str) {
    let window = await_window(desktop, title);
    wait_until(PATIENCE, "the window closes", || {
        let keys = ["windowactivate", "--sync", &window, "key", "alt+F4"];
        let _ = desktop.command("xdotool").args(keys).status();
        let is_gone = || (!windows(desktop, title).contains(&window)).then_some(());
        wait_at_most(Duration::from_secs(5), is_gone).is_some()
    });
}

/// The pixels, as Xvfb keeps them: a file in the form of xwd (`X11/XWDFile.h`), which changes with the screen.
pub struct Screen {
    pixels: File,
    begin: u64,
    bytes_per_line: u64,
}

/// More colours than this are a page with text; a window without its page has one or two.
const PLAIN: usize = 8;

/// A part of the 1280 by 800 pixels of four bytes that every window of the measured size covers, below the pointer in the middle.
const LINES: std::ops::Range<u64> = 430..650;
const FROM: u64 = 4 * 400;
const BYTES: usize = 4 * 480;

impl Screen {
    #[track_caller]
    pub fn of(desktop: &Desktop) -> Self {
        let pixels = File::open(desktop.folder().join("Xvfb_screen0")).expect("the screen's file");
        let mut head = [0; 100];
        pixels.read_exact_at(&mut head, 0).expect("the screen's head");
        let field =
            |at: usize| head[4 * at..].first_chunk().map_or(0, |bytes| u64::from(u32::from_be_bytes(*bytes)));
        // The head, then the colour map of twelve bytes for each colour.
        Self { begin: field(0) + 12 * field(19), bytes_per_line: field(12), pixels }
    }

    /// Whether something with text stands below the middle.
    #[track_caller]
    pub fn is_painted(&self) -> bool {
        let mut colours = BTreeSet::new();
        let mut line = [0; BYTES];
        LINES.clone().any(|number| {
            let at = self.begin + number * self.bytes_per_line + FROM;
            self.pixels.read_exact_at(&mut line, at).expect("a line of the screen");
            colours.extend(line.chunks_exact(4).map(<[u8]>::to_vec));
            colours.len() > PLAIN
        })
    }
}
