//! Whether this very process descends from the gateway it is about to stop: it would be ended in the middle of the plan (A34).

use crate::identity::{Identity, Surroundings};
use crate::problem::{Code, Problem};

/// The gateway that this process descends from. OpenClaw's marks of a service are inherited by everything a gateway starts, its
/// agents' shells too (OC 1.1, 9.5).
pub struct Inside {
    profile: Option<String>,
}

impl Inside {
    pub fn of(around: &Surroundings) -> Option<Self> {
        let is = |name: &str, wanted: &str| around.variable(name) == Some(wanted);
        (is("OPENCLAW_SERVICE_MARKER", "openclaw") && is("OPENCLAW_SERVICE_KIND", "gateway"))
            .then(|| Self { profile: around.variable("OPENCLAW_PROFILE").map(str::to_owned) })
    }

    pub fn is_of(&self, id: &Identity) -> bool {
        self.profile.as_deref() == id.profile.name()
    }
}

/// # Errors
/// [`refusal`] for an action that nobody could carry on once the gateway is gone.
pub fn refuse(is_inside: bool) -> Result<(), Problem> {
    if is_inside { Err(refusal()) } else { Ok(()) }
}

pub fn refusal() -> Problem {
    Problem::new(Code::InsideService).hint("use-own-shell")
}
