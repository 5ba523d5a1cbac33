//! Asks the manager, the files and the port what is true now.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::adapter::{Adapter, Ghost};
use crate::health;
use crate::identity::{self, Identity};
use crate::model::{
    Belongs, ExitRecord, Fact, Incident, Observation, PortUse, Registered, Registration, Run, Supervised,
    Value,
};
use crate::ports::{self, Marks};
use crate::problem::Problem;
use crate::system::{Ask, Door, Report, Seen, System, answer_all};

mod door;
mod installed;
mod load;

pub use load::{Load, load};

/// One observation of all four facts. Questions that don't depend on each other are asked side by side.
pub async fn observe(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Observation {
    let seen = look(system, adapter, id).await;
    // The port is asked after the manager, which may have started a process in between.
    if is_overtaken(&seen) { look(system, adapter, id).await } else { seen }
}

/// Between two looks at a gateway that is on its way.
const PAUSE: Duration = Duration::from_millis(250);

/// Looks again and again until it has seen enough; after `patience`, what it saw last.
pub async fn observe_until(
    (system, adapter, id): (&dyn System, &dyn Adapter, &Identity),
    patience: Duration,
    is_enough: impl Fn(&Observation) -> bool + Send,
) -> Observation {
    let deadline = system.clock() + patience;
    loop {
        let seen = observe(system, adapter, id).await;
        if is_enough(&seen) || system.clock() >= deadline {
            return seen;
        }
        system.pause(PAUSE).await;
    }
}

async fn look(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Observation {
    let reports = manager_reports(system, adapter, id).await;
    let (registered, supervised) = adapter.read(id, &reports);
    let roots = supervised.value.pid().into_iter().chain(adapter.host(id, &reports)).collect();
    let rival = present(&registered.value).and_then(Registration::rival);
    let marks = Marks { roots, names: id.names(), rival };
    let port = service_port(&registered, id);
    let (port, answers) = match door::of(system, &registered.value, id) {
        Ok(door) => {
            let reports = answer_all(system, &gateway_asks(port, door)).await;
            let reports = with_greeting(system, port, door, reports).await;
            (ports::read(port, &marks, &reports), health::read(port, &reports))
        }
        Err(why) => {
            let report = system.answer(&Ask::Port { port }).await;
            (ports::read(port, &marks, &[report]), health::unasked(why, system.now()))
        }
    };
    let installed = installed::of(system, &registered.value, &supervised.value);
    Observation { registered, supervised, port, answers, installed }
}

/// Whether somebody unknown listens while the manager was between two processes: it may be the second one.
fn is_overtaken(seen: &Observation) -> bool {
    let PortUse::Owned { owner, .. } = &seen.port.value else { return false };
    owner.belongs != Belongs::Service && seen.supervised.value.is_under_way()
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

/// What the manager and its files answer, unread.
pub async fn manager_reports(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Vec<Report> {
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

/// The variables that the installed definition itself sets.
pub async fn own_variables(
    system: &dyn System,
    adapter: &dyn Adapter,
    id: &Identity,
) -> BTreeMap<String, Value> {
    let reports = manager_reports(system, adapter, id).await;
    adapter.variables(id, &reports)
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
            .or_else(|| identity::port(variable(registration, "OPENCLAW_GATEWAY_PORT")?).ok())
            .unwrap_or(id.port),
        Registered::Missing { .. } | Registered::Unknown { .. } => id.port,
    }
}

/// What the service's definition sets `name` to; a secret's value is not known.
fn variable<'a>(registration: &'a Registration, name: &str) -> Option<&'a str> {
    let plain = registration.environment.iter().filter(|variable| !variable.secret);
    plain.into_iter().find(|variable| variable.name == name).map(|variable| variable.shown.as_str())
}

fn gateway_asks(port: u16, door: Door) -> Vec<Ask> {
    let get = |path: &str| Ask::Http { port, path: path.to_owned(), door };
    vec![Ask::Port { port }, get(health::LIVE), get(health::READY), get(health::STARTUP)]
}

/// OpenClaw of 2026.2 answers every path with a page; only its WebSocket greeting tells it from a stranger (observed 3.2).
async fn with_greeting(system: &dyn System, port: u16, door: Door, mut reports: Vec<Report>) -> Vec<Report> {
    if reports.iter().any(|report| health::is_undecided(&report.seen)) {
        reports.push(system.answer(&Ask::Greeting { port, door }).await);
    }
    reports
}

impl Observation {
    /// What is written down for the manager, if it is known.
    pub fn registration(&self) -> Option<&Registration> {
        present(&self.registered.value)
    }
}

fn present(registered: &Registered) -> Option<&Registration> {
    match registered {
        Registered::Present(registration) => Some(registration),
        Registered::Missing { .. } | Registered::Unknown { .. } => None,
    }
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

    /// Why the manager cannot tell; `None` when it can.
    pub fn unknown(&self) -> Option<&Problem> {
        match self {
            Supervised::Unknown { why } => Some(why),
            Supervised::Running(_)
            | Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent => None,
        }
    }

    /// # Errors
    /// Why the manager cannot tell.
    pub fn known(&self) -> Result<(), Problem> {
        self.unknown().cloned().map_or(Ok(()), Err)
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

    /// The manager is about to start or end a process.
    pub fn is_under_way(&self) -> bool {
        self.is_at_work() && self.run().is_none()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::systemd::Systemd;
    use crate::identity::tests::around;
    use crate::identity::{Profile, identify};
    use crate::model::Verdict;
    use crate::plan::{Answer, Call};
    use crate::system::scripted::{Machine, Scripted, Simulator};
    use crate::system::{ListenerSeen, ProcessSeen, properties};
    use crate::verdict::judge;

    /// A manager that starts process 42 between two questions, or never.
    struct Restarting {
        asked: u32,
        starts: bool,
    }

    impl Simulator for Restarting {
        fn run(&mut self, _call: &Call, _machine: &mut Machine) -> Answer {
            Answer::default()
        }

        fn answer(&mut self, ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
            match ask {
                Ask::Unit { .. } => {
                    self.asked += 1;
                    let runs = self.asked > 1 && self.starts;
                    let state = if runs {
                        "ActiveState=active\nMainPID=42"
                    } else {
                        "ActiveState=activating\nSubState=auto-restart"
                    };
                    Some(Seen::Properties(properties::parse(&format!("LoadState=loaded\n{state}\n"))))
                }
                Ask::Port { .. } => Some(Seen::Listeners(vec![listener(42)])),
                _ => None,
            }
        }
    }

    fn listener(pid: u32) -> ListenerSeen {
        let process = ProcessSeen {
            pid,
            parent: 1,
            program: "/usr/bin/python3".to_owned(),
            command: vec!["python3".to_owned()],
            user: "anna".to_owned(),
            started: None,
            unit: None,
        };
        ListenerSeen { address: "127.0.0.1:18789".to_owned(), process: Some(process), ancestors: Vec::new() }
    }

    async fn seen(starts: bool) -> (Observation, u32) {
        let system = Scripted::new(Restarting { asked: 0, starts });
        let here = around(&[]);
        let id = identify(&Profile::default(), &here, None).unwrap();
        let seen = observe(&system, &Systemd::new(&here), &id).await;
        (seen, system.with(|_, manager| manager.asked))
    }

    fn belongs(seen: &Observation) -> Belongs {
        match &seen.port.value {
            PortUse::Owned { owner, .. } => owner.belongs,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_process_that_was_started_between_two_questions_is_the_services_own() {
        let (seen, asked) = seen(true).await;
        assert_eq!((belongs(&seen), asked), (Belongs::Service, 2));
    }

    #[tokio::test]
    async fn a_stranger_stays_one_however_often_the_manager_is_asked() {
        let (seen, asked) = seen(false).await;
        assert_eq!((belongs(&seen), asked), (Belongs::Stranger, 2));
        assert_ne!(judge(&seen), Verdict::Ready);
    }
}
