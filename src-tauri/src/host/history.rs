//! What the host saw happen, for the incident database: in a container or without a desktop nobody else looks.

use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::adapter::builtin::record::Record;
use crate::layout;
use crate::model::{By, Incident, IncidentKind};
use crate::problem::Problem;
use crate::system::store::Shelf;
use crate::world::World;

/// The incident of a note, dated as an observation would date it, so that the database takes the two for one.
pub fn incident(record: &Record, kind: IncidentKind, now: Timestamp, requested: bool) -> Incident {
    let last = record.last_exit.as_ref();
    let (tells_end, by) = match kind {
        IncidentKind::Crash | IncidentKind::GaveUp | IncidentKind::ConfigError => (true, By::Itself),
        IncidentKind::Restarted if requested => (true, By::Outside),
        IncidentKind::Restarted => (true, By::Itself),
        IncidentKind::Stopped => (true, By::Outside),
        IncidentKind::SignalIgnored => (false, By::Outside),
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
        // Somebody started the host: Gateward, a login, a boot. Whoever was asked for it tells so.
        IncidentKind::Started => (false, By::Itself),
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
    shelf: Result<Shelf, Problem>,
    /// The last one; those before it are done when it is.
    writing: Option<JoinHandle<()>>,
}

impl Chronicle {
    pub fn new(world: &World) -> Self {
        Self { shelf: layout::database(&world.around).map(Shelf::closing_at_rest), writing: None }
    }

    pub fn tell(&mut self, incident: Incident) {
        match &self.shelf {
            Ok(shelf) if shelf.waiting() < UNWRITTEN => {
                let asked = shelf.ask(move |store| store.record(&incident));
                self.writing =
                    Some(tokio::spawn(async { asked.await.result.map_or_else(|it| not_kept(&it), drop) }));
            }
            Ok(_) => {}
            Err(problem) => not_kept(problem),
        }
    }

    /// Ends when all that was told is written, or cannot be.
    pub async fn written(self) {
        if let Some(writing) = self.writing {
            let _ = writing.await;
        }
    }
}

fn not_kept(problem: &Problem) {
    tracing::warn!(%problem, "what happened could not be kept in the history");
}
