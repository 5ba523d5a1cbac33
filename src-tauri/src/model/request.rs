//! What can be asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person or script wants done to the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Action {
    Install,
    Uninstall,
    Start,
    /// Until the next login or boot, where the service starts by itself again.
    Stop,
    /// Stops, and stays stopped until somebody starts it.
    Disable,
    Restart,
    /// Applies the fix of one doctor rule, by its id.
    Repair {
        rule: String,
    },
}

impl Action {
    /// The catalogue's and the CLI's word for it.
    pub fn verb(&self) -> &'static str {
        match self {
            Action::Install => "install",
            Action::Uninstall => "uninstall",
            Action::Start => "start",
            Action::Stop => "stop",
            Action::Disable => "disable",
            Action::Restart => "restart",
            Action::Repair { .. } => "repair",
        }
    }
}

/// The action in flight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Busy {
    pub action: Action,
    #[cfg_attr(test, ts(type = "string"))]
    pub since: Timestamp,
}

/// What a view can ask of the engine. A tray item's id is this value as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Request {
    Act {
        action: Action,
    },
    Open {
        page: Page,
    },
    Dashboard,
    /// Kills what is left of a gateway that is being stopped.
    ForceStop,
    StartAtLogin {
        on: bool,
    },
    Observe,
    DismissProblem,
    /// Opens a terminal with the command that renews the credential of this id.
    SignIn {
        credential: String,
    },
    /// Says nothing about the credential for a while, unless it gets worse.
    RemindLater {
        credential: String,
    },
    Quit,
}

/// A page of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    Overview,
    Logs,
    History,
    Environment,
    Credentials,
    Settings,
    Setup,
}
