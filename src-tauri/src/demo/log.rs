use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};

use super::error::DemoError;
use super::generation::Generation;
use super::machine;

/// The gateway's two logs: text lines on stdout, and JSON lines in a file when one was asked for.
pub struct Log {
    generation: Generation,
    host: String,
    file: Option<(PathBuf, RefCell<File>)>,
}

impl Log {
    pub fn open(generation: Generation, path: Option<&Path>) -> Result<Self, DemoError> {
        let file = path.map(|path| append(path).map_err(|cause| DemoError::file("--log-file", path, cause)));
        let file = file.transpose()?.zip(path).map(|(file, path)| (path.to_owned(), RefCell::new(file)));
        Ok(Self { generation, host: machine::host_name(), file })
    }

    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }

    pub fn info(&self, subsystem: &str, message: &str) {
        let now = Zoned::now();
        // A reader that went away, or a full disk, must not end the gateway.
        let _ = writeln!(io::stdout().lock(), "{} [{subsystem}] {message}", stamp(&now, self.generation));
        self.keep(&now, subsystem, Level::Info, message);
    }

    /// Tells of a failure on stderr, as the real gateway does: without time or subsystem.
    pub fn error(&self, message: &str) {
        let _ = writeln!(io::stderr().lock(), "{message}");
        self.keep(&Zoned::now(), "gateway", Level::Error, message);
    }

    fn keep(&self, now: &Zoned, subsystem: &str, level: Level, message: &str) {
        let Some((_, file)) = &self.file else { return };
        let record = record(now, self.generation, &self.host, subsystem, level, message);
        let _ = file.borrow_mut().write_all(format!("{record}\n").as_bytes());
    }
}

#[derive(Clone, Copy)]
enum Level {
    Info,
    Error,
}

impl Level {
    fn id(self) -> u8 {
        match self {
            Self::Info => 3,
            Self::Error => 5,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Error => "ERROR",
        }
    }
}

fn append(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

/// The time before a text line (observed 3.6): with the offset in the new generation, `Z` in the old one.
fn stamp(now: &Zoned, generation: Generation) -> String {
    match generation {
        Generation::New => now.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
        Generation::Old => universal(now.timestamp()),
    }
}

fn universal(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// One line of the application log (OC 13.4); `hostname` and `message` stand on top only in the new generation.
fn record(
    now: &Zoned,
    generation: Generation,
    host: &str,
    subsystem: &str,
    level: Level,
    message: &str,
) -> Value {
    let name = json!({ "subsystem": subsystem }).to_string();
    let meta = json!({
        "runtime": "demo", "runtimeVersion": env!("CARGO_PKG_VERSION"), "hostname": host, "date": universal(now.timestamp()),
        "logLevelId": level.id(), "logLevelName": level.name(), "name": &name, "parentNames": ["openclaw"],
    });
    let time = now.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
    match generation {
        Generation::New => {
            json!({ "0": name, "1": message, "_meta": meta, "time": time, "hostname": host, "message": message })
        }
        Generation::Old => json!({ "0": name, "1": message, "_meta": meta, "time": time }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_text_lines_carry_the_offset() {
        assert_eq!(stamp(&moment(), Generation::New), "2026-11-22T13:35:10.056+00:00");
    }

    #[test]
    fn old_text_lines_end_their_time_in_z() {
        assert_eq!(stamp(&moment(), Generation::Old), "2026-11-22T13:35:10.056Z");
    }

    #[test]
    fn the_message_stands_on_top_only_in_new_records() {
        let [new, old] = [Generation::New, Generation::Old]
            .map(|generation| record(&moment(), generation, "vm", "gateway", Level::Info, "ready"));
        assert_eq!(
            (&new["message"], &old["message"], &old["1"]),
            (&json!("ready"), &Value::Null, &json!("ready"))
        );
    }

    #[test]
    fn errors_are_marked_in_the_record() {
        let record = record(&moment(), Generation::New, "vm", "gateway", Level::Error, "no");
        assert_eq!(record["_meta"]["logLevelName"], "ERROR");
    }

    fn moment() -> Zoned {
        "2026-11-22T13:35:10.056+00:00[UTC]".parse().unwrap()
    }
}
