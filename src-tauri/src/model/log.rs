//! Lines that the gateway wrote.

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
    /// Redacted, without line ending; may hold ANSI sequences and any other characters.
    pub text: String,
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
