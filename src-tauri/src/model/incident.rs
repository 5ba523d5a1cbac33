//! What happened to a gateway.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Exit;

/// One thing that happened to a gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Incident {
    /// The database's row id; 0 before it is stored.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: i64,
    pub profile: String,
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
    pub kind: IncidentKind,
    pub pid: Option<u32>,
    pub exit: Option<Exit>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub uptime_s: Option<u64>,
    /// Automatic restarts the manager had counted by then.
    pub restarts: Option<u32>,
    /// The last lines the process wrote, oldest first, redacted.
    pub last_words: Vec<String>,
    pub by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum IncidentKind {
    Started,
    Stopped,
    /// It ended by itself without an error and the manager started it again (planned restart, config reload).
    Restarted,
    Crash,
    GaveUp,
    ConfigError,
    /// Alive but silent.
    Hung,
    Recovered,
    Installed,
    Uninstalled,
    /// A restart signal without authorisation was ignored.
    SignalIgnored,
    /// It was told to end, its time was up, and its whole group was killed (A13).
    KilledAtDeadline,
}

/// Who caused an incident, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The gateway itself, or whatever ended it.
    Itself,
    Gateward,
    /// Someone else through the manager: OpenClaw's CLI, `systemctl`, a logout.
    Outside,
}
