//! Words for a person, with what they can press.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Request;

/// What a notice is about; each can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    Crash,
    /// It crashes again and again.
    Loop,
    GaveUp,
    ConfigError,
    Hung,
    PortTaken,
    Recovered,
    /// A login, key or token ends, has ended, or works again.
    Credential,
    Other,
}

impl NoticeKind {
    /// As JSON and the catalogue spell it.
    pub fn name(self) -> &'static str {
        match self {
            NoticeKind::Crash => "crash",
            NoticeKind::Loop => "loop",
            NoticeKind::GaveUp => "gave-up",
            NoticeKind::ConfigError => "config-error",
            NoticeKind::Hung => "hung",
            NoticeKind::PortTaken => "port-taken",
            NoticeKind::Recovered => "recovered",
            NoticeKind::Credential => "credential",
            NoticeKind::Other => "other",
        }
    }
}

/// Words shown to a person because of an incident: a desktop notification and a card in the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Notice {
    pub kind: NoticeKind,
    /// A notice replaces the one that was shown under the same key.
    pub key: String,
    pub title: String,
    pub body: String,
    pub buttons: Vec<Button>,
    /// It stays until someone has seen it.
    pub urgent: bool,
}

impl Notice {
    /// One that is about no incident, and asks for nothing.
    pub fn plain(key: &str, title: String, body: String) -> Self {
        Self { kind: NoticeKind::Other, key: key.to_owned(), title, body, buttons: Vec::new(), urgent: false }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Button {
    pub label: String,
    pub request: Request,
}

/// A notice of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PastNotice {
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
    pub kind: NoticeKind,
    pub title: String,
    pub body: String,
    pub fate: Fate,
}

/// What became of a notice on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    Shown,
    /// Its kind is switched off.
    Off,
    /// Held back in quiet hours; shown after them if the trouble lasts.
    Quiet,
    /// There were too many within an hour.
    Limited,
}
