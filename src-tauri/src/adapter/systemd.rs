//! systemd user units (OC 3, 6.1, 7.2).

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::adapter::{Adapter, Ghost, Intent};
use crate::identity::{Identity, Surroundings};
use crate::layout;
use crate::model::{Fact, Incident, Manager, Observation, Registered, ServiceSpec, Supervised, Value};
use crate::plan::{Answer, Call, Outcome, Plan, Step};
use crate::problem::Problem;
use crate::system::{Ask, Report, Scope, Seen, Watch};

pub(crate) mod env_file;
mod failure;
mod ghosts;
pub(crate) mod journal;
mod origin;
mod plans;
pub use plans::enable_linger;
#[cfg(all(test, unix))]
mod deaths;
mod reading;
mod show;
#[cfg(test)]
pub mod simulator;
mod specifiers;
#[cfg(test)]
mod stories;
mod syntax;
pub mod unit;

/// The adapter for one user's manager.
pub struct Systemd {
    around: Surroundings,
    scope: Scope,
    /// Whose services these are; under sudo the account that called it.
    user: Option<String>,
    /// Root acts for another account.
    sudo: bool,
    wsl: bool,
    container: bool,
}

impl Systemd {
    pub fn new(around: &Surroundings) -> Self {
        let scope = scope(around);
        let (user, sudo) = match &scope {
            Scope::UserOf(user) => (Some(user.clone()), true),
            Scope::User | Scope::System => (around.user.clone(), false),
        };
        let container = around.container.is_some();
        Self { around: around.clone(), scope, user, sudo, wsl: around.wsl, container }
    }
}

/// Under sudo the caller's manager is meant, and only that: plain `--user` would be root's. Root's own is meant when root's home and
/// runtime folder are in place, as after `sudo -i` with a session (OC 3.1).
fn scope(around: &Surroundings) -> Scope {
    let roots_own = around.variable("XDG_RUNTIME_DIR") == Some("/run/user/0");
    match around.variable("SUDO_USER") {
        Some(user) if user != "root" && around.uid == 0 && !roots_own => Scope::UserOf(user.to_owned()),
        Some(_) | None => Scope::User,
    }
}

/// What a unit says, as `Section.Key` and value; what it says several times is there several times.
pub fn settings(text: &str) -> Vec<(String, String)> {
    let entries = syntax::entries(text).into_iter();
    entries.map(|entry| (format!("{}.{}", entry.section, entry.key), entry.value)).collect()
}

impl Adapter for Systemd {
    fn manager(&self) -> Manager {
        Manager::Systemd
    }

    fn asks(&self, id: &Identity) -> Vec<Ask> {
        let linger = self.user.iter().map(|user| Ask::Linger { user: user.clone() });
        let definition = [
            Ask::File { path: layout::unit_file(id) },
            Ask::Unit { unit: id.unit.clone(), scope: self.scope.clone() },
        ];
        definition.into_iter().chain(linger).collect()
    }

    fn follow_up(&self, id: &Identity, reports: &[Report]) -> Vec<Ask> {
        self.further_files(id, reports)
    }

    fn read(&self, id: &Identity, reports: &[Report]) -> (Fact<Registered>, Fact<Supervised>) {
        (self.registered(id, reports), self.supervised(id, reports))
    }

    fn variables(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        self.own_variables(id, reports)
    }

    fn ghost_asks(&self, id: &Identity) -> Vec<Ask> {
        self.asks_for_ghosts(id)
    }

    fn ghosts(&self, id: &Identity, reports: &[Report]) -> Vec<Ghost> {
        self.found_ghosts(id, reports)
    }

    fn retire(&self, ghosts: &[Ghost], _id: &Identity) -> Vec<Step> {
        self.retire_ghosts(ghosts)
    }

    fn revive(&self, ghosts: &[Ghost], _id: &Identity) -> Vec<Call> {
        self.revive_ghosts(ghosts)
    }

    fn plan(&self, intent: &Intent<'_>, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        self.steps(intent, id, seen)
    }

    fn classify(&self, call: &Call, answer: &Answer) -> Outcome {
        failure::classify(call, answer)
    }

    fn explain(&self, call: &Call, answer: &Answer) -> Problem {
        self.problem(call, answer)
    }

    fn history_asks(&self, id: &Identity, since: Timestamp) -> Vec<Ask> {
        vec![Ask::Journal { unit: id.unit.clone(), since }]
    }

    fn history(&self, id: &Identity, reports: &[Report]) -> Vec<Incident> {
        let lines = reports.iter().find_map(|report| match &report.seen {
            Seen::Lines(lines) => Some(lines.as_slice()),
            _ => None,
        });
        journal::incidents(&id.profile.to_string(), &id.unit, lines.unwrap_or_default())
    }

    fn cut_short(&self, id: &Identity, seen: &Observation) -> Option<Call> {
        matches!(seen.supervised.value, Supervised::Stopping { .. })
            .then(|| self.call(&["kill", "--signal=SIGKILL", &id.unit], plans::QUICK))
    }

    fn watch(&self, id: &Identity, _seen: &Observation) -> Vec<Watch> {
        vec![
            Watch::Unit { unit: id.unit.clone(), scope: self.scope.clone() },
            Watch::File { path: layout::unit_file(id) },
        ]
    }

    fn render(&self, spec: &ServiceSpec) -> Result<String, Problem> {
        unit::render(spec)
    }
}
