//! Where the chain from definition to answer holds, and where it is broken.

use super::Standing;
use crate::model::{
    Answers, Belongs, GatewayState, Listener, Observation, PortUse, Registered, Supervised, Verdict,
};

pub fn registered_stands(seen: &Observation) -> Standing {
    match &seen.registered.value {
        Registered::Present(_) => Standing::Holds,
        Registered::Missing { .. } if runs(seen) => Standing::Broken,
        Registered::Missing { .. } => Standing::Rests,
        Registered::Unknown { .. } => Standing::Unknown,
    }
}

pub fn supervised_stands(state: &GatewayState) -> Standing {
    let looping = matches!(state.verdict, Verdict::CrashLoop | Verdict::ConfigError);
    match &state.observation.supervised.value {
        Supervised::Running(_) | Supervised::Waiting { .. } | Supervised::Stopped { .. } if looping => {
            Standing::Broken
        }
        Supervised::Running(_) => Standing::Holds,
        Supervised::Starting | Supervised::Waiting { .. } | Supervised::Stopping { .. } => Standing::Pending,
        Supervised::Stopped { .. } | Supervised::Absent => Standing::Rests,
        // Taken out of its manager on purpose, to stay stopped.
        Supervised::Unloaded if state.verdict == Verdict::Disabled => Standing::Rests,
        Supervised::GaveUp { .. } | Supervised::Unloaded => Standing::Broken,
        Supervised::Unknown { .. } => Standing::Unknown,
    }
}

pub fn port_stands(state: &GatewayState) -> Standing {
    let elsewhere = state.verdict == Verdict::External;
    let seen = &state.observation;
    match &seen.port.value {
        PortUse::Free { .. } if runs(seen) => pending_or(Standing::Broken, state),
        PortUse::Free { .. } => Standing::Rests,
        PortUse::Owned { .. } | PortUse::Hidden { .. } if elsewhere => Standing::Holds,
        PortUse::Owned { owner, .. } => owner_stands(owner, state),
        PortUse::Hidden { .. } if state.verdict == Verdict::Ready => Standing::Holds,
        PortUse::Hidden { .. } if runs(seen) => Standing::Unknown,
        PortUse::Hidden { .. } => Standing::Broken,
        PortUse::Unknown { .. } => Standing::Unknown,
    }
}

fn owner_stands(owner: &Listener, state: &GatewayState) -> Standing {
    match (owner.belongs, &state.observation.supervised.value) {
        (Belongs::Service, Supervised::Stopped { .. } | Supervised::Unloaded | Supervised::Absent) => {
            Standing::Broken
        }
        (
            Belongs::Service,
            Supervised::Running(_)
            | Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unknown { .. },
        ) => Standing::Holds,
        (Belongs::Gateway | Belongs::Stranger, _) => Standing::Broken,
    }
}

/// What is not asked for any more, or not yet possible, is a consequence of an earlier link and not broken itself.
pub fn answers_stand(state: &GatewayState) -> Standing {
    match &state.observation.answers.value {
        Answers::Ready { .. } => Standing::Holds,
        Answers::Live { .. } if state.verdict == Verdict::External => Standing::Holds,
        Answers::Live { .. } | Answers::Silent { .. } => pending_or(Standing::Broken, state),
        Answers::NotGateway { .. } => Standing::Broken,
        Answers::Refused if port_stands(state) == Standing::Holds => pending_or(Standing::Broken, state),
        Answers::Refused if runs(&state.observation) => pending_or(Standing::Rests, state),
        Answers::Refused => Standing::Rests,
        Answers::Unknown { .. } => Standing::Unknown,
    }
}

fn pending_or(otherwise: Standing, state: &GatewayState) -> Standing {
    match state.verdict {
        Verdict::Starting | Verdict::Stopping => Standing::Pending,
        Verdict::NotInstalled
        | Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Ready
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::CrashLoop
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::Unloaded
        | Verdict::External
        | Verdict::Unknown => otherwise,
    }
}

fn runs(seen: &Observation) -> bool {
    matches!(seen.supervised.value, Supervised::Running(_))
}
