//! Facts about one gateway, as every view and every decision sees them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

mod answers;
mod credential;
mod incident;
mod log;
mod notice;
mod port;
mod prospect;
mod pulse;
mod registered;
mod remark;
mod request;
mod spec;
mod supervised;
mod verdict;

pub use answers::Answers;
pub use credential::{
    Confidence, Credential, CredentialKind, Credentials, Doubt, Expiry, Failure, FailureReason, Finding,
    Judged, Renewal, Standing,
};
pub use incident::{By, Incident, IncidentKind};
pub use log::{
    Anchor, FileMark, JournalMark, Level, LogFilter, LogLine, LogNews, LogPage, Position, Searched, Sink,
    Spot,
};
pub use notice::{Button, Fate, Notice, NoticeKind, PastNotice};
pub use port::{Belongs, Listener, PortUse};
pub use prospect::{Becomes, Ground, Occasion, Prospect};
pub use pulse::{Beat, Pulse};
pub use registered::{Autostart, Flaw, Origin, Registered, Registration, Variable};
pub use remark::Remark;
pub use request::{Action, Busy, Edit, Page, Place, Request};
pub use spec::{DOTS, Redacted, RestartPolicy, ServiceSpec, Value};
pub use supervised::{EXIT_CONFIG, Exit, ExitRecord, Run, SPAWN_FAILED, Supervised};
pub use verdict::Verdict;

/// Version of the JSON shape of [`GatewayState`]; grows when a key changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// The one value that tray, window, notices and CLI are drawn from. `gateward status --json` is this value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GatewayState {
    pub schema: u32,
    /// `default`, or the profile's name.
    pub profile: String,
    pub manager: Manager,
    pub verdict: Verdict,
    /// What is worth knowing beside the verdict.
    pub remarks: Vec<Remark>,
    /// What will happen by itself at logout, login and reboot; empty where no service is written down.
    #[serde(default)]
    pub prospects: Vec<Prospect>,
    pub observation: Observation,
    /// Newest first, at most 50.
    pub incidents: Vec<Incident>,
    pub busy: Option<Busy>,
    /// Of the last action; cleared by the next one that succeeds.
    pub problem: Option<Problem>,
    /// `None` until somebody has looked, and where nobody does.
    #[serde(default)]
    pub credentials: Option<Credentials>,
}

/// The program that runs services. A value, so that a unit, plist or task can be rendered on any system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Manager {
    Systemd,
    Launchd,
    Schtasks,
    Builtin,
}

impl Manager {
    /// As the JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Systemd => "systemd",
            Self::Launchd => "launchd",
            Self::Schtasks => "schtasks",
            Self::Builtin => "builtin",
        }
    }
}

/// Four facts, each with its source and the moment it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Observation {
    pub registered: Fact<Registered>,
    pub supervised: Fact<Supervised>,
    pub port: Fact<PortUse>,
    pub answers: Fact<Answers>,
    #[serde(default)]
    pub installed: Installed,
}

/// What the next start would run, as far as it can be told from what runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Installed {
    /// Of the OpenClaw package that the definition names.
    pub version: Option<String>,
    /// The file of the running program is gone, or another stands in its place: node was updated. Told on Linux only.
    pub program_replaced: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Fact<T> {
    pub value: T,
    /// Where it was read, as an operator would name it: `D-Bus org.freedesktop.systemd1`, a path, `GET /healthz`.
    pub source: String,
    #[cfg_attr(test, ts(type = "string"))]
    pub read_at: Timestamp,
}

#[cfg(test)]
pub mod tests {
    use ts_rs::{Config, TS};

    use super::Serialize;

    /// The generated type for the window names every variant: a list by hand that lacks one is found out.
    pub fn assert_lists_all<T: Serialize + TS>(all: &[T]) {
        let names: Vec<String> = all.iter().map(|one| serde_json::to_string(one).unwrap()).collect();
        assert_eq!(names.join(" | "), T::inline(&Config::default()));
    }
}

/// The desktop's place for tray icons (StatusNotifierItem).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrayHost {
    /// Whether the session's bus answers.
    pub bus: bool,
    /// Whether somebody keeps the list of icons (`org.kde.StatusNotifierWatcher`).
    pub watcher: bool,
    /// Whether somebody draws them.
    pub host: bool,
}
