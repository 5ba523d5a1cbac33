//! The named meaning of the four facts. A pure function of [`Observation`], without a default arm: a new fact makes the compiler
//! ask what it means.

use jiff::{SignedDuration, Timestamp};

use crate::model::{
    Answers, Autostart, Belongs, ExitRecord, Listener, Observation, PortUse, Registered, Run, Supervised,
    Verdict,
};

mod prospects;
mod remarks;
mod start;

pub use prospects::prospects;
pub use remarks::{is_outdated, remarks};
pub use start::{START_GRACE, grace, grace_of};

/// Automatic restarts after failures from which on a pattern is called a loop.
pub const LOOP_RESTARTS: u32 = 2;

/// The meaning of `seen`, for a gateway of whose starts nothing is known.
pub fn judge(seen: &Observation) -> Verdict {
    judge_within(seen, START_GRACE)
}

/// The meaning of `seen`, where a start may take as long as `grace` ([`grace`]).
pub fn judge_within(seen: &Observation, grace: SignedDuration) -> Verdict {
    match &seen.supervised.value {
        Supervised::Running(run) => running(seen, run, grace),
        Supervised::Starting => Verdict::Starting,
        Supervised::Waiting { last_exit, restarts } => waiting(last_exit.as_ref(), *restarts),
        Supervised::Stopping { .. } => Verdict::Stopping,
        Supervised::Stopped { last_exit } => stopped(seen, last_exit.as_ref()),
        Supervised::GaveUp { last_exit, .. } if is_config_error(last_exit.as_ref()) => Verdict::ConfigError,
        Supervised::GaveUp { .. } => Verdict::GaveUp,
        Supervised::Unloaded => unloaded(seen),
        Supervised::Absent => absent(seen),
        Supervised::Unknown { .. } => Verdict::Unknown,
    }
}

fn running(seen: &Observation, run: &Run, grace: SignedDuration) -> Verdict {
    match &seen.port.value {
        PortUse::Owned { owner, .. } => match belongs(seen, owner) {
            Belongs::Service => answering(seen, run, grace),
            Belongs::Gateway => other_gateway(owner),
            Belongs::Stranger => Verdict::ForeignOwner,
        },
        PortUse::Free { .. } => not_listening(seen, run, grace),
        PortUse::Hidden { .. } | PortUse::Unknown { .. } => answering(seen, run, grace),
    }
}

fn answering(seen: &Observation, run: &Run, grace: SignedDuration) -> Verdict {
    match &seen.answers.value {
        Answers::Ready { .. } => well(seen),
        Answers::Live { .. } => young_or(seen, run, grace, Verdict::Degraded),
        Answers::Silent { .. } => young_or(seen, run, grace, Verdict::Hung),
        Answers::Refused => not_listening(seen, run, grace),
        Answers::NotGateway { .. } => Verdict::Degraded,
        Answers::Unknown { .. } => Verdict::Unknown,
    }
}

/// A gateway that answers but whose definition is gone will not come back after the next restart.
fn well(seen: &Observation) -> Verdict {
    match &seen.registered.value {
        Registered::Present(_) | Registered::Unknown { .. } => Verdict::Ready,
        Registered::Missing { .. } => Verdict::Degraded,
    }
}

fn not_listening(seen: &Observation, run: &Run, grace: SignedDuration) -> Verdict {
    young_or(seen, run, grace, Verdict::Degraded)
}

/// Within its start a gateway may well say nothing; after several automatic restarts that is a loop.
fn young_or(seen: &Observation, run: &Run, grace: SignedDuration, otherwise: Verdict) -> Verdict {
    match run.since.map(|since| age(since, seen.supervised.read_at)) {
        Some(age) if age < grace && run.restarts > LOOP_RESTARTS => looping(run),
        Some(age) if age < grace => Verdict::Starting,
        Some(_) | None => otherwise,
    }
}

fn looping(run: &Run) -> Verdict {
    if is_config_error(run.last_exit.as_ref()) { Verdict::ConfigError } else { Verdict::CrashLoop }
}

fn age(since: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(since)
}

fn waiting(last_exit: Option<&ExitRecord>, restarts: u32) -> Verdict {
    // launchd has no way to leave a job alone after exit 78: it comes back every ten seconds with the same refusal.
    if is_config_error(last_exit) {
        return Verdict::ConfigError;
    }
    let failed = last_exit.is_none_or(|record| !record.exit.is_success());
    if failed && restarts >= LOOP_RESTARTS { Verdict::CrashLoop } else { Verdict::Starting }
}

fn stopped(seen: &Observation, last_exit: Option<&ExitRecord>) -> Verdict {
    match &seen.port.value {
        PortUse::Owned { owner, .. } => match belongs(seen, owner) {
            Belongs::Service => Verdict::Orphan,
            Belongs::Gateway => other_gateway_while_stopped(owner),
            Belongs::Stranger => Verdict::ForeignOwner,
        },
        PortUse::Hidden { .. } => hidden(seen, Verdict::ForeignOwner),
        PortUse::Free { .. } | PortUse::Unknown { .. } => at_rest(seen, last_exit),
    }
}

fn at_rest(seen: &Observation, last_exit: Option<&ExitRecord>) -> Verdict {
    if is_config_error(last_exit) {
        return Verdict::ConfigError;
    }
    match &seen.registered.value {
        Registered::Missing { .. } => Verdict::NotInstalled,
        Registered::Unknown { .. } => Verdict::Stopped,
        Registered::Present(registration) => match registration.autostart {
            Autostart::Off | Autostart::Blocked => Verdict::Disabled,
            Autostart::On | Autostart::Unknown => Verdict::Stopped,
        },
    }
}

fn is_config_error(last_exit: Option<&ExitRecord>) -> bool {
    last_exit.is_some_and(ExitRecord::is_config_error)
}

/// Two gateways are two *managers* only when something else is known to have started the other one.
fn other_gateway(owner: &Listener) -> Verdict {
    if owner.started_by.is_some() { Verdict::TwoManagers } else { Verdict::ForeignOwner }
}

fn other_gateway_while_stopped(owner: &Listener) -> Verdict {
    if owner.started_by.is_some() { Verdict::TwoManagers } else { Verdict::Orphan }
}

fn unloaded(seen: &Observation) -> Verdict {
    match &seen.port.value {
        PortUse::Owned { owner, .. } => match belongs(seen, owner) {
            Belongs::Service => Verdict::Orphan,
            Belongs::Gateway => other_gateway_while_stopped(owner),
            Belongs::Stranger => Verdict::ForeignOwner,
        },
        PortUse::Hidden { .. } => hidden(seen, Verdict::ForeignOwner),
        PortUse::Free { .. } | PortUse::Unknown { .. } => out_of_domain(seen),
    }
}

/// Stopped until the next login, or for good: two different things to the one who stopped it (A3).
fn out_of_domain(seen: &Observation) -> Verdict {
    match &seen.registered.value {
        Registered::Present(registration) => match registration.autostart {
            Autostart::Off | Autostart::Blocked => Verdict::Disabled,
            Autostart::On | Autostart::Unknown => Verdict::Unloaded,
        },
        Registered::Missing { .. } | Registered::Unknown { .. } => Verdict::Unloaded,
    }
}

fn absent(seen: &Observation) -> Verdict {
    match &seen.port.value {
        PortUse::Owned { owner, .. } => match belongs(seen, owner) {
            Belongs::Service | Belongs::Gateway => Verdict::External,
            Belongs::Stranger => Verdict::NotInstalled,
        },
        PortUse::Hidden { .. } => hidden(seen, Verdict::NotInstalled),
        PortUse::Free { .. } | PortUse::Unknown { .. } => Verdict::NotInstalled,
    }
}

/// Whose the port is. Who answers as a gateway is one, whatever its program is called: a container's is behind a proxy.
fn belongs(seen: &Observation, owner: &Listener) -> Belongs {
    match owner.belongs {
        Belongs::Service => Belongs::Service,
        Belongs::Stranger if !answers_as_gateway(seen) => Belongs::Stranger,
        Belongs::Gateway | Belongs::Stranger => Belongs::Gateway,
    }
}

/// Somebody's socket whose owner the system hides: another account's or a container's gateway, if it answers as one.
fn hidden(seen: &Observation, otherwise: Verdict) -> Verdict {
    if answers_as_gateway(seen) { Verdict::External } else { otherwise }
}

fn answers_as_gateway(seen: &Observation) -> bool {
    match &seen.answers.value {
        Answers::Ready { .. } | Answers::Live { .. } => true,
        Answers::Silent { .. } | Answers::Refused | Answers::NotGateway { .. } | Answers::Unknown { .. } => {
            false
        }
    }
}

#[cfg(test)]
pub mod tests;
