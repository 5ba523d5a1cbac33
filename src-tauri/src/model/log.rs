//! Lines that the gateway wrote, and how they are asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line that the gateway wrote, whichever sink it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LogLine {
    /// `None` when the line does not say.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Timestamp>,
    /// The sink, as an operator would name it: `journal`, or the log file's name.
    pub source: String,
    pub level: Level,
    /// The part of OpenClaw that wrote it, where the line says so.
    pub subsystem: Option<String>,
    /// What it says: a JSON line's message, else the whole line. Redacted, without control sequences, cut.
    pub text: String,
    /// How many bytes of the line are not in `text` because it is too long.
    pub cut: u32,
    pub spot: Spot,
}

/// Where a line is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "in", rename_all = "kebab-case")]
pub enum Spot {
    /// The byte at which it begins, in the file of this number.
    File {
        file: u32,
        #[cfg_attr(test, ts(type = "number"))]
        byte: u64,
    },
    /// journald's own cursor.
    Journal { cursor: String },
}

/// How loud a log line is; `Unknown` when it does not say (OC 13.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
    Unknown,
}

impl Level {
    /// A line that does not say counts as information.
    pub fn loudness(self) -> u8 {
        match self {
            Level::Debug => 0,
            Level::Info | Level::Unknown => 1,
            Level::Warn => 2,
            Level::Error => 3,
        }
    }
}

/// A place between two lines of all sinks together: what stands before it in each sink.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Position {
    pub files: Vec<FileMark>,
    pub journal: JournalMark,
}

/// The byte before which a file's lines are older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileMark {
    pub file: u32,
    #[cfg_attr(test, ts(type = "number"))]
    pub byte: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "mark", rename_all = "kebab-case")]
pub enum JournalMark {
    #[default]
    End,
    At {
        #[cfg_attr(test, ts(type = "string"))]
        time: Timestamp,
    },
    Before {
        cursor: String,
    },
    After {
        cursor: String,
    },
}

/// Which lines are wanted, as it was typed; an empty text wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct LogFilter {
    /// The least level.
    pub from: Option<Level>,
    /// Sinks that are left out.
    pub hidden: Vec<String>,
    pub subsystem: String,
    /// `2026-11-22T12:00:00Z`, `2026-11-22 12:00`, `12:00`, or how long ago: `15m`.
    pub since: String,
    pub until: String,
    /// Plain text in the line, whatever its case.
    pub text: String,
}

/// Where a page of lines is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "at", rename_all = "kebab-case")]
pub enum Anchor {
    End,
    /// The lines before it.
    Before {
        position: Position,
    },
    /// The lines after it.
    After {
        position: Position,
    },
    /// Half of them before this time.
    Time {
        #[cfg_attr(test, ts(type = "string"))]
        time: Timestamp,
    },
    /// Around the hit of this number in the last search; 0 is the oldest.
    Hit {
        hit: u32,
    },
}

/// Lines that follow each other, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LogPage {
    pub lines: Vec<LogLine>,
    /// Before the first of them; a page that ends there continues this one.
    pub older: Position,
    /// Behind the last of them.
    pub newer: Position,
    pub more_older: bool,
    pub more_newer: bool,
    /// What was asked for stands at this line.
    pub mark: Option<u32>,
}

/// Lines that were written since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LogNews {
    pub lines: Vec<LogLine>,
    pub newer: Position,
}

/// A place that the gateway's lines go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Sink {
    /// As in [`LogLine::source`].
    pub source: String,
    /// The file; `None` for the journal, whose size counts for all units together.
    pub path: Option<String>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub bytes: Option<u64>,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Searched {
    #[cfg_attr(test, ts(type = "number"))]
    pub hits: u64,
    /// How many of them can be gone to: the newest.
    pub kept: u32,
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub of: u64,
    /// Looked through in the journal, after the files; nobody tells of how many.
    #[cfg_attr(test, ts(type = "number"))]
    pub entries: u64,
    pub done: bool,
}
