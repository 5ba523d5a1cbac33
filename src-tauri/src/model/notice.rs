//! Words for a person, with what they can press.

use serde::{Deserialize, Serialize};

use super::Request;

/// Words shown to a person because of an incident: a desktop notification and a card in the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Notice {
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
