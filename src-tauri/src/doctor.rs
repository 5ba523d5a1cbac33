//! What about a gateway will surprise its owner: rules as data over evidence, pure. Nothing here looks or changes anything.

use std::collections::BTreeMap;

use serde::Serialize;

mod evidence;
pub mod export;
mod gather;
mod remedy;
mod rules;

#[cfg(test)]
mod tests;

pub use evidence::{Evidence, FileFact};
pub use gather::gather;
pub use remedy::{Remedy, lingering, plan};
pub use rules::all;

/// What a finding says: the values of its sentence.
pub type Values = BTreeMap<String, String>;

/// One thing that is looked for. Its words are the catalogue's `rule-<id>` (what) and `why-<id>`; a flaw that an adapter finds by
/// itself has its sentence as `flaw-<id>`.
#[derive(Clone, Copy)]
pub struct Rule {
    pub id: &'static str,
    pub severity: Severity,
    /// Where it was looked for.
    pub area: Area,
    pub remedy: Remedy,
    look: fn(&Evidence) -> Option<Values>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// It will fail one day, or works worse than it could.
    Warning,
    /// It fails, or a secret lies open.
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Unit, plist, task or registration.
    Definition,
    /// What the service finds in its environment.
    Environment,
    /// What the manager, the port and the gateway say.
    State,
    /// Files: modes, sizes, places.
    Files,
    /// Node and OpenClaw.
    Programs,
    /// OpenClaw's config.
    Config,
    Credentials,
    /// The machine around it all.
    Machine,
}

impl Area {
    pub fn name(self) -> &'static str {
        match self {
            Area::Definition => "definition",
            Area::Environment => "environment",
            Area::State => "state",
            Area::Files => "files",
            Area::Programs => "programs",
            Area::Config => "config",
            Area::Credentials => "credentials",
            Area::Machine => "machine",
        }
    }
}

/// A rule that is broken.
#[derive(Clone)]
pub struct Finding {
    pub rule: &'static Rule,
    pub values: Values,
}

/// The worst first, in the rules' order within.
pub fn examine(evidence: &Evidence) -> Vec<Finding> {
    let broken = |rule: &'static Rule| Some(Finding { rule, values: (rule.look)(evidence)? });
    let mut found: Vec<Finding> = all().filter_map(broken).collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));
    found
}
