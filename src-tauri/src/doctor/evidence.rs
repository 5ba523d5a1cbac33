//! Everything the rules judge, as data.

use jiff::Timestamp;

use crate::config::Config;
use crate::identity::{Identity, Surroundings};
use crate::model::{self, Judged, Manager, Observation, Registration, Verdict};
use crate::problem::Problem;
use crate::programs::Found;

#[derive(Clone)]
pub struct Evidence {
    pub around: Surroundings,
    pub id: Identity,
    pub manager: Manager,
    pub seen: Observation,
    pub verdict: Verdict,
    /// Of the definition: `Service.KillMode` of a unit, `KeepAlive` of a plist; later ones overrule earlier ones.
    pub settings: Vec<(String, String)>,
    /// The definition, what lies beside it, the config, the environment files and the logs.
    pub files: Vec<FileFact>,
    /// Paths the definition names that are not there.
    pub missing: Vec<String>,
    pub config: Result<Config, Problem>,
    /// The node and OpenClaw that an installation would take.
    pub programs: Result<Found, Problem>,
    pub credentials: Vec<Judged>,
    pub mismatches: Vec<model::Finding>,
    /// Whether anything on this machine could start the service at login or boot.
    pub has_starter: bool,
    /// Services under earlier names, by label.
    pub ghosts: Vec<String>,
    /// Numbers of changes that were cut off.
    pub interrupted: Vec<u32>,
    /// Bytes left on the disk of the state folder, where the system tells.
    pub free_bytes: Option<u64>,
    pub now: Timestamp,
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFact {
    pub path: String,
    pub role: Role,
    pub mode: u32,
    pub bytes: u64,
    /// It sets secret variables or holds tokens.
    pub secret: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Definition,
    /// The `.bak` that an installation left.
    Backup,
    Environment,
    Config,
    Log,
}

impl Evidence {
    pub fn registration(&self) -> Option<&Registration> {
        self.seen.registration()
    }

    /// The last value of a setting, where the definition has it.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a setting that may stand there several times.
    pub fn settings_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.settings.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A variable of the service as it is shown; secrets are dots.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let variables = &self.registration()?.environment;
        variables.iter().find(|variable| variable.name == name).map(|variable| variable.shown.as_str())
    }

    pub fn file(&self, fits: impl Fn(&FileFact) -> bool) -> Option<&FileFact> {
        self.files.iter().find(|file| fits(file))
    }
}
