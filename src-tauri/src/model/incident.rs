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
    /// What else is known, language aside: the program that took the port, the changed file, `2026.9.6 → 2026.9.7`.
    pub detail: Option<String>,
}

impl Incident {
    /// One of which nothing else is known, not stored yet.
    pub fn plain(profile: &str, kind: IncidentKind, at: Timestamp, by: By) -> Self {
        Self {
            id: 0,
            profile: profile.to_owned(),
            at,
            kind,
            pid: None,
            exit: None,
            uptime_s: None,
            restarts: None,
            last_words: Vec::new(),
            by,
            detail: None,
        }
    }
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
    /// Another process began to listen on the service's port.
    PortTaken,
    /// OpenClaw's configuration file was written.
    ConfigChanged,
    /// The unit, plist or task says something else than before.
    DefinitionChanged,
    /// The gateway answers with another version than before.
    VersionChanged,
    /// The machine slept; `uptime_s` says how long, `at` is the waking.
    Slept,
    /// The wall clock was set.
    ClockJumped,
    /// A credential that a person has to renew comes to its end; `detail` names it.
    CredentialEnding,
    /// One has ended, is missing, or was refused.
    CredentialOver,
    /// One of those works again.
    CredentialRenewed,
}

impl IncidentKind {
    pub const ALL: &[IncidentKind] = &[
        IncidentKind::Started,
        IncidentKind::Stopped,
        IncidentKind::Restarted,
        IncidentKind::Crash,
        IncidentKind::GaveUp,
        IncidentKind::ConfigError,
        IncidentKind::Hung,
        IncidentKind::Recovered,
        IncidentKind::Installed,
        IncidentKind::Uninstalled,
        IncidentKind::SignalIgnored,
        IncidentKind::KilledAtDeadline,
        IncidentKind::PortTaken,
        IncidentKind::ConfigChanged,
        IncidentKind::DefinitionChanged,
        IncidentKind::VersionChanged,
        IncidentKind::Slept,
        IncidentKind::ClockJumped,
        IncidentKind::CredentialEnding,
        IncidentKind::CredentialOver,
        IncidentKind::CredentialRenewed,
    ];

    /// What happens to credentials: each by itself, and again only after something else happened to it.
    pub const OF_CREDENTIALS: [IncidentKind; 3] =
        [IncidentKind::CredentialEnding, IncidentKind::CredentialOver, IncidentKind::CredentialRenewed];

    pub fn is_of_credential(self) -> bool {
        Self::OF_CREDENTIALS.contains(&self)
    }

    /// Whether it is an end that nobody asked for.
    pub fn is_end(self) -> bool {
        match self {
            IncidentKind::Crash | IncidentKind::ConfigError | IncidentKind::GaveUp => true,
            IncidentKind::Started
            | IncidentKind::Stopped
            | IncidentKind::Restarted
            | IncidentKind::Hung
            | IncidentKind::Recovered
            | IncidentKind::Installed
            | IncidentKind::Uninstalled
            | IncidentKind::SignalIgnored
            | IncidentKind::PortTaken
            | IncidentKind::ConfigChanged
            | IncidentKind::DefinitionChanged
            | IncidentKind::VersionChanged
            | IncidentKind::Slept
            | IncidentKind::KilledAtDeadline
            | IncidentKind::CredentialEnding
            | IncidentKind::CredentialOver
            | IncidentKind::CredentialRenewed
            | IncidentKind::ClockJumped => false,
        }
    }
}

/// Who caused an incident, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The gateway itself, or whatever ended it.
    Itself,
    Gateward,
    /// Someone else through the manager, without evidence who.
    Outside,
    /// OpenClaw's own command line.
    Openclaw,
    /// `systemctl`, typed or called by another program.
    Systemctl,
    /// The system, for lack of memory.
    OomKiller,
    /// The end of the login session and its services.
    Logout,
    /// The end of the boot.
    Shutdown,
}

impl By {
    pub const ALL: &[By] = &[
        By::Itself,
        By::Gateward,
        By::Outside,
        By::Openclaw,
        By::Systemctl,
        By::OomKiller,
        By::Logout,
        By::Shutdown,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::assert_lists_all;

    #[test]
    fn no_kind_and_nobody_is_left_out() {
        assert_lists_all(IncidentKind::ALL);
        assert_lists_all(By::ALL);
    }
}
