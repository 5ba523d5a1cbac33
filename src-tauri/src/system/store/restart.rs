//! A restart through the service manager, as the two hosts saw it that it ended and started: one stopped, one started, and neither
//! knows why.

use jiff::SignedDuration;
use rusqlite::{Connection, OptionalExtension, params};

use super::{SAME_INCIDENT, text};
use crate::model::{By, Incident, IncidentKind};

/// From the old gateway's end to the new one's start; a start may have to wait.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// Takes out what the hosts told of `restart`, which was asked of us and has just been added.
pub(super) fn absorb(connection: &Connection, restart: &Incident) -> rusqlite::Result<()> {
    if (restart.kind, restart.by) != (IncidentKind::Restarted, By::Gateward) {
        return Ok(());
    }
    const DELETE: &str = "DELETE FROM incident WHERE profile = ?1 AND by IN (?2, ?9) AND (
        kind = ?3 AND pid IS ?4 AND at_us BETWEEN ?5 - ?6 AND ?5 + ?6
        OR kind = ?7 AND pid IS NOT ?4 AND at_us BETWEEN ?5 AND ?5 + ?8)";
    connection.prepare_cached(DELETE)?.execute(params![
        restart.profile,
        text(&By::Outside),
        text(&IncidentKind::Stopped),
        restart.pid,
        restart.at.as_microsecond(),
        micros(SAME_INCIDENT),
        text(&IncidentKind::Started),
        micros(LONGEST),
        text(&By::Itself),
    ])?;
    Ok(())
}

/// The restart that `incident` of a host is part of, when it was added before.
pub(super) fn row(connection: &Connection, incident: &Incident) -> rusqlite::Result<Option<i64>> {
    if !matches!(incident.by, By::Outside | By::Itself) {
        return Ok(None);
    }
    const SELECT: &str = "SELECT id FROM incident AS restart
        WHERE profile = ?1 AND kind = ?2 AND by = ?3 AND (
            ?4 = ?5 AND pid IS ?6 AND at_us BETWEEN ?7 - ?8 AND ?7 + ?8
            OR ?4 = ?9 AND pid IS NOT ?6 AND at_us BETWEEN ?7 - ?10 AND ?7 AND NOT EXISTS (
                SELECT 1 FROM incident AS later
                WHERE later.profile = ?1 AND later.at_us > restart.at_us AND later.at_us <= ?7))
        LIMIT 1";
    let values = params![
        incident.profile,
        text(&IncidentKind::Restarted),
        text(&By::Gateward),
        text(&incident.kind),
        text(&IncidentKind::Stopped),
        incident.pid,
        incident.at.as_microsecond(),
        micros(SAME_INCIDENT),
        text(&IncidentKind::Started),
        micros(LONGEST),
    ];
    connection.prepare_cached(SELECT)?.query_row(values, |row| row.get(0)).optional()
}

fn micros(span: SignedDuration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
