//! What one look at the manager says of a run's past and future.

use crate::model::{By, Observation, Registered, Supervised};

/// Whether it is still open if the process comes back.
pub(super) fn is_open(supervised: &Supervised) -> bool {
    matches!(supervised, Supervised::Stopping { .. } | Supervised::Unknown { .. })
}

/// A start by hand sets systemd's restart counter back to 0; an automatic one raises it.
pub(super) fn restarter(supervised: &Supervised) -> By {
    match supervised {
        Supervised::Running(run) if run.restarts == 0 => By::Outside,
        Supervised::Running(_)
        | Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopping { .. }
        | Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => By::Itself,
    }
}

pub(super) fn is_registered(seen: &Observation) -> Option<bool> {
    match &seen.registered.value {
        Registered::Present(_) => Some(true),
        Registered::Missing { .. } => Some(false),
        Registered::Unknown { .. } => None,
    }
}
