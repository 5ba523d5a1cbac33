//! The ways in which the real launchd fails.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How this launchd misbehaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Quirks {
    /// `print-disabled` says `true` and `false`, as before macOS 12.
    pub booleans: bool,
    /// bootstrap answers 5 this long after the label has gone from `print`.
    pub settles_ms: u64,
    /// What bootstrap answers when the label is there: 37, on many machines 5.
    pub loaded_answer: i32,
    /// What bootstrap answers for a disabled label: 119, or 5.
    pub disabled_answer: i32,
    /// What a kickstart without -k answers for a running job: 0, or 37.
    pub running_answer: i32,
    /// bootout answers 36 although it works (macOS 10.15).
    pub bootout_says_36: bool,
    /// Starts that nobody demanded are put off for ever (Low Power Mode, sessions over SSH).
    pub pends: bool,
    /// `kickstart -k` on a job younger than this takes it out of its domain (upstream #41952).
    pub fragile_ms: u64,
    /// Another program bootstraps the same job just before us, once (upstream #84721).
    pub rival: bool,
    /// Subcommands that are denied.
    pub denied: BTreeSet<String>,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            booleans: false,
            settles_ms: 0,
            loaded_answer: 37,
            disabled_answer: 119,
            running_answer: 0,
            bootout_says_36: false,
            pends: false,
            fragile_ms: 0,
            rival: false,
            denied: BTreeSet::new(),
        }
    }
}
