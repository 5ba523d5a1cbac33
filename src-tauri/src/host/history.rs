//! What the host saw happen, for the incident database: in a container or without a desktop nobody else looks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::adapter::builtin::record::Record;
use crate::layout;
use crate::model::{By, Incident, IncidentKind};
use crate::problem::Problem;
use crate::system::child;
use crate::system::store::Store;
use crate::world::World;

/// The incident of a note, dated as an observation would date it, so that the database takes the two for one.
pub fn incident(record: &Record, kind: IncidentKind, now: Timestamp, requested: bool) -> Incident {
    let last = record.last_exit.as_ref();
    let (tells_end, by) = match kind {
        IncidentKind::Crash | IncidentKind::GaveUp | IncidentKind::ConfigError => (true, By::Itself),
        IncidentKind::Restarted if requested => (true, By::Outside),
        IncidentKind::Restarted => (true, By::Itself),
        IncidentKind::Stopped => (true, By::Outside),
        IncidentKind::SignalIgnored | IncidentKind::Started => (false, By::Outside),
        IncidentKind::Hung
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::KilledAtDeadline
        | IncidentKind::PortTaken
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped => (false, By::Itself),
    };
    let end = last.filter(|_| tells_end);
    let running = record.gateway.as_ref().map(|gateway| gateway.pid);
    Incident {
        pid: running.or(last.and_then(|last| last.pid)),
        exit: end.map(|end| end.exit),
        uptime_s: end.and(record.last_uptime_s),
        restarts: Some(record.restarts),
        last_words: if tells_end { record.last_words.clone() } else { Vec::new() },
        ..Incident::plain(&record.profile, kind, end.and_then(|end| end.at).unwrap_or(now), by)
    }
}

/// Incidents that wait for a database that does not answer; the record has those beyond.
const UNWRITTEN: usize = 64;

/// Writes incidents down beside the loop: the database may be busy for seconds. A host at rest has neither a thread for it nor the
/// database open, and one that restarts its gateway again and again has one of each.
pub struct Chronicle {
    path: Result<String, Problem>,
    desk: Arc<Mutex<Unwritten>>,
    writing: Option<oneshot::Receiver<()>>,
}

#[derive(Default)]
struct Unwritten {
    incidents: VecDeque<Incident>,
    has_writer: bool,
}

impl Chronicle {
    pub fn new(world: &World) -> Self {
        Self { path: layout::database(&world.around), desk: Arc::default(), writing: None }
    }

    pub fn tell(&mut self, incident: Incident) {
        let mut desk = lock(&self.desk);
        if desk.incidents.len() < UNWRITTEN {
            desk.incidents.push_back(incident);
        }
        if !std::mem::replace(&mut desk.has_writer, true) {
            self.writing = Some(start_writer(self.path.clone(), Arc::clone(&self.desk)));
        }
    }

    /// Ends when all that was told is written, or cannot be.
    pub async fn written(self) {
        if let Some(writing) = self.writing {
            let _ = writing.await;
        }
    }
}

/// A thread that nobody waits for: the host's end comes before a database that does not answer.
fn start_writer(path: Result<String, Problem>, desk: Arc<Mutex<Unwritten>>) -> oneshot::Receiver<()> {
    let (done, writing) = oneshot::channel();
    std::thread::spawn(move || {
        let mut store = None;
        while let Some(incident) = next(&desk) {
            if let Err(problem) = write(&path, &mut store, &incident) {
                tracing::warn!(%problem, "what happened could not be kept in the history");
            }
        }
        drop(store);
        let _ = done.send(());
        // The database is a large part of the program and rests until the next incident.
        child::give_back_code();
    });
    writing
}

fn next(desk: &Mutex<Unwritten>) -> Option<Incident> {
    let mut desk = lock(desk);
    let next = desk.incidents.pop_front();
    desk.has_writer = next.is_some();
    next
}

fn write(
    path: &Result<String, Problem>,
    store: &mut Option<Store>,
    incident: &Incident,
) -> Result<(), Problem> {
    let open = match store.take() {
        Some(open) => open,
        None => Store::open(path.as_ref().map_err(Problem::clone)?)?.store,
    };
    store.insert(open).record(incident).map(drop)
}

fn lock(desk: &Mutex<Unwritten>) -> MutexGuard<'_, Unwritten> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}
