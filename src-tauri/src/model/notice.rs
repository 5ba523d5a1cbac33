//! Words for a person, with what they can press.

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
    Recovered,
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
            NoticeKind::Recovered => "recovered",
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Button {
    pub label: String,
    pub request: Request,
}
