//! What the host saw happen, for the incident database: in a container or without a desktop nobody else looks.

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

/// Writes it down beside the loop; gives what ends when that is done. A thread of its own: the database may be busy for seconds,
/// and the host's end does not wait for it.
pub fn remember(world: &World, incident: Incident) -> oneshot::Receiver<()> {
    let path = layout::database(&world.around);
    let (done, writing) = oneshot::channel();
    std::thread::spawn(move || {
        let written = || -> Result<i64, Problem> { Store::open(&path?)?.store.record(&incident) };
        if let Err(problem) = written() {
            tracing::warn!(%problem, "what happened could not be kept in the history");
        }
        let _ = done.send(());
        // The database is a large part of the program and rests until the next incident.
        child::give_back_code();
    });
    writing
}
