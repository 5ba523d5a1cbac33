//! Asks the manager, the files and the port what is true now.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::adapter::{Adapter, Ghost};
use crate::health;
use crate::identity::{self, Identity};
use crate::model::{
    ExitRecord, Fact, Incident, Observation, Registered, Registration, Run, Supervised, Value,
};
use crate::ports;
use crate::system::{Ask, Report, Seen, System, answer_all};

/// One observation of all four facts. Questions that don't depend on each other are asked side by side.
pub async fn observe(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Observation {
    let (registered, supervised) = manager_facts(system, adapter, id).await;
    let port = service_port(&registered, id);
    let reports = answer_all(system, &gateway_asks(port)).await;
    let reports = with_greeting(system, port, reports).await;
    let supervised_pid = supervised.value.pid();
    Observation {
        port: ports::read(port, supervised_pid, &id.unit, &reports),
        answers: health::read(port, &reports),
        registered,
        supervised,
    }
}

/// What the manager alone tells.
pub async fn manager_facts(
    system: &dyn System,
    adapter: &dyn Adapter,
    id: &Identity,
) -> (Fact<Registered>, Fact<Supervised>) {
    let reports = manager_reports(system, adapter, id).await;
    adapter.read(id, &reports)
}

async fn manager_reports(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Vec<Report> {
    let mut reports = answer_all(system, &adapter.asks(id)).await;
    let more = adapter.follow_up(id, &reports);
    reports.extend(answer_all(system, &more).await);
    reports
}

/// How far back the first look into the past goes.
const PAST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What happened since `since` without anybody watching, as far as the manager has kept it, oldest first.
pub async fn history(
    system: &dyn System,
    adapter: &dyn Adapter,
    id: &Identity,
    since: Option<Timestamp>,
) -> Vec<Incident> {
    let since = since.unwrap_or_else(|| system.now() - PAST);
    let reports = answer_all(system, &adapter.history_asks(id, since)).await;
    let mut past = adapter.history(id, &reports);
    past.retain(|incident| incident.at >= since);
    past
}

/// The variables of the installed service that a reinstall keeps; the lowest layer of the new definition's environment.
pub async fn carried_over(
    system: &dyn System,
    adapter: &dyn Adapter,
    id: &Identity,
) -> BTreeMap<String, Value> {
    let reports = manager_reports(system, adapter, id).await;
    adapter.carried_over(id, &reports)
}

/// The services under earlier names that are still there.
pub async fn ghosts(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Vec<Ghost> {
    let reports = answer_all(system, &adapter.ghost_asks(id)).await;
    adapter.ghosts(id, &reports)
}

/// The files that hold what the service writes; `None` where the manager has a log of its own.
pub async fn log_files(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Option<Vec<String>> {
    let reports = answer_all(system, &adapter.log_asks(id)).await;
    adapter.log_files(id, &reports)
}

/// The service's port is the one in its command, else the one its definition sets in the environment (a wrapper script names none);
/// the profile's own counts only without both (OC 1.6).
pub fn service_port(registered: &Fact<Registered>, id: &Identity) -> u16 {
    match &registered.value {
        Registered::Present(registration) => identity::port_in(&registration.command)
            .or_else(|| port_of_environment(registration))
            .unwrap_or(id.port),
        Registered::Missing { .. } | Registered::Unknown { .. } => id.port,
    }
}

fn port_of_environment(registration: &Registration) -> Option<u16> {
    let named = registration.environment.iter().find(|variable| variable.name == "OPENCLAW_GATEWAY_PORT");
    named.and_then(|variable| identity::port(&variable.shown).ok())
}

fn gateway_asks(port: u16) -> Vec<Ask> {
    vec![
        Ask::Port { port },
        Ask::Http { port, path: health::LIVE.to_owned() },
        Ask::Http { port, path: health::READY.to_owned() },
        Ask::Http { port, path: health::STARTUP.to_owned() },
    ]
}

/// OpenClaw of 2026.2 answers every path with a page; only its WebSocket greeting tells it from a stranger (observed 3.2).
async fn with_greeting(system: &dyn System, port: u16, mut reports: Vec<Report>) -> Vec<Report> {
    if reports.iter().any(|report| health::is_undecided(&report.seen)) {
        reports.push(system.answer(&Ask::Greeting { port }).await);
    }
    reports
}

impl Supervised {
    /// How the run that ended last did so, where the manager still knows.
    pub fn last_exit(&self) -> Option<&ExitRecord> {
        match self {
            Supervised::Running(run) => run.last_exit.as_ref(),
            Supervised::Waiting { last_exit, .. }
            | Supervised::Stopped { last_exit }
            | Supervised::GaveUp { last_exit, .. } => last_exit.as_ref(),
            Supervised::Starting
            | Supervised::Stopping { .. }
            | Supervised::Unloaded
            | Supervised::Absent
            | Supervised::Unknown { .. } => None,
        }
    }

    /// Nothing runs, and the manager will start nothing by itself. A manager that cannot be asked says neither.
    pub fn is_at_rest(&self) -> bool {
        match self {
            Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent => true,
            Supervised::Running(_)
            | Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::Unknown { .. } => false,
        }
    }

    /// Something runs, or the manager will start it by itself: only then is there anything to stop.
    pub fn is_at_work(&self) -> bool {
        matches!(self, Supervised::Stopping { .. }) || self.is_wanted()
    }

    /// It has a process, or the manager is about to give it one, and nobody has asked it to end.
    pub fn is_wanted(&self) -> bool {
        match self {
            Supervised::Running(_) | Supervised::Starting | Supervised::Waiting { .. } => true,
            Supervised::Stopping { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent
            | Supervised::Unknown { .. } => false,
        }
    }

    /// The run under way; `None` also while it is stopping.
    pub fn run(&self) -> Option<&Run> {
        match self {
            Supervised::Running(run) => Some(run),
            Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent
            | Supervised::Unknown { .. } => None,
        }
    }

    /// Automatic restarts that the manager counts.
    pub fn restarts(&self) -> Option<u32> {
        match self {
            Supervised::Running(run) => Some(run.restarts),
            Supervised::Waiting { restarts, .. } | Supervised::GaveUp { restarts, .. } => Some(*restarts),
            Supervised::Starting
            | Supervised::Stopping { .. }
            | Supervised::Stopped { .. }
            | Supervised::Unloaded
            | Supervised::Absent
            | Supervised::Unknown { .. } => None,
        }
    }

    pub fn pid(&self) -> Option<u32> {
        match self {
            Supervised::Running(run) => Some(run.pid),
            Supervised::Stopping { pid, .. } => *pid,
            Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent
            | Supervised::Unknown { .. } => None,
        }
    }
}

/// The report that answers `ask`, if there is one.
pub fn find(reports: &[Report], wanted: impl Fn(&Ask) -> bool) -> Option<&Report> {
    reports.iter().find(|report| wanted(&report.ask))
}

/// What a report saw, or nothing where the question was not asked.
pub fn seen(reports: &[Report], wanted: impl Fn(&Ask) -> bool) -> Option<&Seen> {
    find(reports, wanted).map(|report| &report.seen)
}
