//! What is written down about a service.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// What is written down about the service: a unit, plist, task or the built-in manager's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Registered {
    /// `file` is where it would be.
    Missing {
        file: String,
    },
    Present(Box<Registration>),
    /// There is something, or may be, but it could not be read.
    Unknown {
        file: String,
        why: Problem,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Registration {
    pub file: String,
    /// Other files that change it, in the order the manager applies them.
    pub drop_ins: Vec<String>,
    pub autostart: Autostart,
    pub origin: Origin,
    /// Program and arguments, with the values of `--token` and `--password` masked.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    /// By name. Secret values are not in here.
    pub environment: Vec<Variable>,
    /// What runs is not what the file says (systemd: NeedDaemonReload; our host: another command).
    pub stale: bool,
    /// Whether the service lives without a login: systemd's linger, or the built-in manager's line in the crontab; `None` where that
    /// has no meaning or is unknown.
    pub lingers: Option<bool>,
    /// What about the definition will surprise its owner.
    pub flaws: Vec<Flaw>,
    /// The definition itself, where it stands in no file: a Scheduled Task's XML.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub text: Option<String>,
}

/// One finding about a definition, by the doctor's rule that found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Flaw {
    /// The catalogue's `flaw-<rule>`.
    pub rule: String,
    pub values: BTreeMap<String, String>,
    /// A reinstallation mends it.
    pub mendable: bool,
}

impl Flaw {
    /// Beside the definition another one starts a gateway of the same profile; the file at `path` does.
    pub const STARTS_TWICE: &str = "starts-twice";
}

impl Registration {
    /// What else starts a gateway of this profile.
    pub fn rival(&self) -> Option<&str> {
        let flaw = self.flaws.iter().find(|flaw| flaw.rule == Flaw::STARTS_TWICE)?;
        flaw.values.get("path").map(String::as_str)
    }
}

/// Whether the manager starts the service by itself at login or boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Autostart {
    On,
    Off,
    /// Start is refused until someone unmasks or enables it.
    Blocked,
    Unknown,
}

/// Who wrote the registration, judged by its text (OC 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    Gateward,
    /// OpenClaw of the 2026.2 generation (F).
    OpenclawF,
    /// OpenClaw of the 2026.4 generation (A).
    OpenclawA,
    /// OpenClaw of the 2026.9 generation (N).
    OpenclawN,
    /// Another author; Gateward does not overwrite it unasked.
    Foreign,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Variable {
    pub name: String,
    /// The value, or dots and a fingerprint for a secret.
    pub shown: String,
    pub secret: bool,
    /// `inline`, or the path of the environment file or drop-in it stands in.
    pub source: String,
}
