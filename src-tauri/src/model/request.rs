//! What can be asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Redacted;

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
    /// Changes what the service is given.
    Alter {
        edits: Vec<Edit>,
    },
    /// Takes the change of this number in the journal back.
    TakeBack {
        change: u32,
    },
}

/// One change of what the service is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "edit", rename_all = "kebab-case")]
pub enum Edit {
    /// A secret, by its name, goes into an owner-only file.
    Set {
        name: String,
        #[cfg_attr(test, ts(type = "string"))]
        value: Redacted,
    },
    /// Gives it what this session has: a secret need not pass through any view.
    FromSession {
        name: String,
    },
    Unset {
        name: String,
    },
    /// `None`: the manager's own.
    WorkingDir {
        path: Option<String>,
    },
    /// Runs OpenClaw with this node.
    Node {
        path: String,
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
            Action::Alter { .. } => "alter",
            Action::TakeBack { .. } => "take-back",
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
    /// Shows a file or folder of the gateway's with the desktop's own program for it.
    Reveal {
        place: Place,
    },
    /// Puts a short report, without secrets, on the clipboard.
    CopyReport,
    /// The same of another profile's gateway.
    Of {
        profile: String,
        request: Box<Request>,
    },
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

/// What of the gateway's can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The folder of its log files.
    Logs,
    /// OpenClaw's configuration file.
    Config,
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
}
