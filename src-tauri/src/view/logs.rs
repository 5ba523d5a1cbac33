//! What the Logs page shows beside the lines.

use serde::Serialize;

/// A part of the log that was written into a file of the person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Saved {
    pub path: String,
    pub lines: u32,
    /// Older lines had no room.
    pub cut: bool,
}
