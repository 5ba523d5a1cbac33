//! What the host writes down about itself and its gateway, for everybody else: one JSON file, replaced at every change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::proof::{self, Proof};
use crate::layout::Os;
use crate::model::{ExitRecord, IncidentKind};
use crate::problem::{Code, Problem};
use crate::system::Ask;

pub const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Of this file's shape; a later one is not read.
    pub version: u32,
    pub profile: String,
    /// The host; it may be long dead.
    pub host: Proof,
    /// Fingerprint of the command; a gateway of another one is not adopted.
    pub command: String,
    pub phase: Phase,
    /// When what the phase waits for happens by itself: the next start, the kill that ends a drain, a requested restart.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// The longest any stop of this host takes.
    #[serde(default)]
    pub stops_within_s: u64,
    /// The gateway that runs, or ran when the host died.
    pub gateway: Option<Proof>,
    /// When the gateway was started.
    pub since: Option<Timestamp>,
    /// Automatic restarts since the host was started.
    pub restarts: u32,
    pub last_exit: Option<ExitRecord>,
    pub last_uptime_s: Option<u64>,
    /// The last lines the gateway wrote to standard error before it ended, oldest first, secrets masked.
    pub last_words: Vec<String>,
    /// Newest last, at most [`NOTES`].
    pub notes: Vec<Note>,
}

pub const NOTES: usize = 50;

/// One thing that happened, as the host saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub at: Timestamp,
    pub kind: IncidentKind,
    pub pid: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Starting,
    Running,
    /// The gateway ended and is started again after a delay.
    Waiting,
    Stopping,
    /// The host ended as it was told.
    Stopped,
    GaveUp,
    ConfigError,
}

impl Phase {
    /// The host has ended by itself, after its gateway.
    pub fn is_over(self) -> bool {
        match self {
            Phase::Stopped | Phase::GaveUp | Phase::ConfigError => true,
            Phase::Starting | Phase::Running | Phase::Waiting | Phase::Stopping => false,
        }
    }
}

impl Record {
    pub fn new(profile: String, host: Proof, command: String) -> Self {
        Self {
            version: VERSION,
            profile,
            host,
            command,
            phase: Phase::Starting,
            due: None,
            stops_within_s: 0,
            gateway: None,
            since: None,
            restarts: 0,
            last_exit: None,
            last_uptime_s: None,
            last_words: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The questions that tell whether host and gateway are alive.
    pub fn asks(&self, os: Os) -> Vec<Ask> {
        let pids = std::iter::once(&self.host).chain(&self.gateway).map(|proof| proof.pid);
        let mut asks: Vec<Ask> = pids.flat_map(|pid| proof::asks(pid, os)).collect();
        asks.sort();
        asks.dedup();
        asks
    }

    /// About the gateway that runs, else about the one that ended last. A storm of ignored signals is one note: it must not push
    /// out what happened before. Gives whether it is news.
    pub fn note(&mut self, at: Timestamp, kind: IncidentKind) -> bool {
        let running = self.gateway.as_ref().map(|gateway| gateway.pid);
        let pid = running.or_else(|| self.last_exit.as_ref()?.pid);
        let is_again = |last: &Note| (last.kind, last.pid) == (IncidentKind::SignalIgnored, pid);
        if kind == IncidentKind::SignalIgnored && self.notes.last().is_some_and(is_again) {
            return false;
        }
        self.notes.push(Note { at, kind, pid });
        let surplus = self.notes.len().saturating_sub(NOTES);
        self.notes.drain(..surplus);
        true
    }
}

/// Reads a record.
///
/// # Errors
/// `ReadFailed` with `path` and the reason.
pub fn parse(text: &str, path: &str) -> Result<Record, Problem> {
    let unreadable = |cause: String| Problem::new(Code::ReadFailed).with("path", path).because(cause);
    let record: Record = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    match record.version > VERSION {
        true => Err(unreadable(format!("version {} is newer than this program", record.version))),
        false => Ok(record),
    }
}
