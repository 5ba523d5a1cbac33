//! What changed around the process: its definition, its version, who holds its port.

use jiff::Timestamp;

use super::Story;
use crate::model::{Belongs, By, Incident, IncidentKind, Observation, PortUse, Registration, Variable};

/// What the newest observations said; what one of them cannot tell is kept from the one before.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    definition: Option<Definition>,
    version: Option<String>,
    /// Whether somebody else held the port.
    taken: Option<bool>,
}

/// The part of a registration that decides what runs.
#[derive(Clone, Debug, PartialEq)]
struct Definition {
    command: Vec<String>,
    working_dir: Option<String>,
    environment: Vec<Variable>,
    drop_ins: Vec<String>,
}

impl Story {
    /// The changes that `seen` proves against what was seen before it.
    pub(super) fn changed(&self, seen: &Observation, now: Timestamp) -> Vec<Incident> {
        [self.redefined(seen, now), self.updated(seen, now), self.port_taken(seen, now)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn redefined(&self, seen: &Observation, now: Timestamp) -> Option<Incident> {
        let (before, after) = (self.around.definition.as_ref()?, seen.registration()?);
        let by = if self.acting.is_some() { By::Gateward } else { By::Outside };
        (*before != Definition::of(after)).then(|| Incident {
            detail: Some(after.file.clone()),
            ..self.plain(IncidentKind::DefinitionChanged, now, by)
        })
    }

    fn updated(&self, seen: &Observation, now: Timestamp) -> Option<Incident> {
        let (before, after) = (self.around.version.as_ref()?, seen.answers.value.version()?);
        (before != after).then(|| Incident {
            detail: Some(format!("{before} → {after}")),
            ..self.plain(IncidentKind::VersionChanged, now, By::Itself)
        })
    }

    /// While an action of ours runs, the old process may still hold the port.
    fn port_taken(&self, seen: &Observation, now: Timestamp) -> Option<Incident> {
        let was_free = self.around.taken == Some(false) && self.acting.is_none();
        let owner = foreign_owner(seen)?.filter(|_| was_free)?;
        seen.registration()?;
        Some(Incident { detail: Some(owner), ..self.plain(IncidentKind::PortTaken, now, By::Outside) })
    }

    pub(super) fn remember_around(&mut self, seen: &Observation) {
        let around = &mut self.around;
        around.definition = seen.registration().map(Definition::of).or(around.definition.take());
        around.version = seen.answers.value.version().map(str::to_owned).or(around.version.take());
        around.taken = foreign_owner(seen).map(|owner| owner.is_some()).or(around.taken);
    }
}

impl Definition {
    fn of(registration: &Registration) -> Self {
        let Registration { command, working_dir, environment, drop_ins, .. } = registration.clone();
        Self { command, working_dir, environment, drop_ins }
    }
}

/// Who else holds the port, in a word; the inner `None`: nobody else; the outer: it cannot be told.
fn foreign_owner(seen: &Observation) -> Option<Option<String>> {
    match &seen.port.value {
        PortUse::Free { .. } => Some(None),
        PortUse::Owned { owner, .. } => match owner.belongs {
            Belongs::Service => Some(None),
            Belongs::Gateway | Belongs::Stranger => {
                let started_by = owner.started_by.iter().map(|by| format!(", {by}")).collect::<String>();
                Some(Some(format!("{} (pid {}, {}{started_by})", owner.program, owner.pid, owner.user)))
            }
        },
        PortUse::Hidden { .. } | PortUse::Unknown { .. } => None,
    }
}
