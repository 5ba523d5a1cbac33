//! Standard streams: who reads, what may be coloured, and how to print without failing on a closed pipe.

use std::io::{IsTerminal, Write, stderr, stdin, stdout};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use gateward::cli::{Closed, Console, Output};
#[cfg(windows)]
use gateward::system::windows::console::{Unseen, understands_colours};
use tracing::Level;

pub struct Terminal {
    colour: bool,
    /// When a progress line was last printed where lines cannot be replaced.
    told: Mutex<Option<Instant>>,
}

/// Between two progress lines in a log file.
const RARELY: Duration = Duration::from_secs(5);

impl Terminal {
    pub fn new() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|text| !text.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|kind| kind == "dumb");
        let colour = stdout().is_terminal() && understands_colours() && !plain && !dumb;
        Self { colour, told: Mutex::new(None) }
    }

    pub fn colour(&self) -> bool {
        self.colour
    }

    /// Prints a result. A reader that is gone is no failure.
    pub fn print(&self, output: &Output) {
        if let Some(value) = &output.json {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            let _ = writeln!(stdout(), "{text}");
            return;
        }
        let _ = stdout().write_all(output.text.as_bytes()).and_then(|()| stdout().flush());
        let _ = stderr().write_all(output.complaint.as_bytes());
    }
}

impl Console for Terminal {
    fn say(&self, line: &str) -> Result<(), Closed> {
        let mut out = stdout().lock();
        writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|_| Closed)
    }

    fn progress(&self, line: &str) {
        if stderr().is_terminal() {
            let _ = write!(stderr(), "\r\u{1b}[K{line}").and_then(|()| stderr().flush());
            return;
        }
        let Ok(mut told) = self.told.lock() else { return };
        let begun = told.get_or_insert_with(Instant::now);
        if !line.is_empty() && begun.elapsed() >= RARELY {
            *begun = Instant::now();
            let _ = writeln!(stderr(), "{line}");
        }
    }

    fn warn(&self, line: &str) {
        let _ = writeln!(stderr(), "{line}");
    }

    fn confirm(&self, question: &str) -> Option<bool> {
        let answer = self.ask(question)?;
        Some(["y", "yes"].contains(&answer.to_lowercase().as_str()))
    }

    fn ask(&self, question: &str) -> Option<String> {
        if !stdin().is_terminal() || !stderr().is_terminal() {
            return None;
        }
        let _ = write!(stderr(), "{question} ").and_then(|()| stderr().flush());
        let mut answer = String::new();
        let read = stdin().read_line(&mut answer).ok()?;
        (read > 0).then(|| answer.trim().to_owned())
    }

    fn secret(&self, question: &str) -> Option<String> {
        let unseen = stdin().is_terminal().then(|| {
            let _ = write!(stderr(), "{question} ").and_then(|()| stderr().flush());
            Unseen::begin()
        });
        let mut line = String::new();
        let read = stdin().read_line(&mut line);
        if unseen.is_some() {
            let _ = writeln!(stderr());
        }
        read.ok().map(|_| line)
    }

    fn colour(&self) -> bool {
        self.colour
    }
}

#[cfg(not(windows))]
fn understands_colours() -> bool {
    true
}

/// While it lives, the terminal does not show what is typed.
#[cfg(unix)]
struct Unseen(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Unseen {
    fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(stdin()).ok();
        if let Some(mut modes) = before.clone() {
            modes.local_modes.remove(LocalModes::ECHO);
            let _ = tcsetattr(stdin(), OptionalActions::Now, &modes);
        }
        Self(before)
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = rustix::termios::tcsetattr(stdin(), rustix::termios::OptionalActions::Now, before);
        }
    }
}

/// Whether arguments that could not be parsed ask for JSON nevertheless.
pub fn asks_for_json() -> bool {
    std::env::args_os().take_while(|word| word != "--").any(|word| word == "--json")
}

/// Developers' log lines; `level` is `GATEWARD_LOG` (`debug`, `info` …), by default only failures are told.
///
/// A host works on when nobody looks: it tells what it does, and when.
pub fn log_to_stderr(level: Option<&str>, is_host: bool) {
    let usual = if is_host { Level::INFO } else { Level::ERROR };
    let level = level.and_then(|text| text.parse().ok()).unwrap_or(usual);
    let log = tracing_subscriber::fmt().with_writer(stderr).with_max_level(level).with_target(false);
    match is_host {
        true => log.with_ansi(false).init(),
        false => log.without_time().init(),
    }
}
