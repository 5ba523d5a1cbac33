//! Notices of the past: what a person was told, or would have been.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::{Store, prune, text, unusable};
use crate::model::PastNotice;
use crate::problem::Problem;

/// Rows kept of each profile; the oldest go first.
const KEPT: i64 = 1000;

pub const TABLE: &str = "
    CREATE TABLE notice (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        fate TEXT NOT NULL
    ) STRICT;
    CREATE INDEX notice_of_profile ON notice (profile, at_us);
";

impl Store {
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn keep_notice(&mut self, profile: &str, notice: &PastNotice) -> Result<(), Problem> {
        const INSERT: &str =
            "INSERT INTO notice (profile, at_us, kind, title, body, fate) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (kind, fate) = (text(&notice.kind), text(&notice.fate));
        let row = params![profile, notice.at.as_microsecond(), kind, notice.title, notice.body, fate];
        self.connection
            .execute(INSERT, row)
            .and_then(|_| prune(&self.connection, "notice", profile, KEPT))
            .map_err(|error| unusable(&self.path, &error))
    }

    /// All notices of a profile from `since` on, newest first.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn notices(&self, profile: &str, since: Timestamp) -> Result<Vec<PastNotice>, Problem> {
        const SELECT: &str = "SELECT at_us, kind, title, body, fate FROM notice
            WHERE profile = ?1 AND at_us >= ?2 ORDER BY at_us DESC, id DESC";
        let listed = || -> rusqlite::Result<Vec<PastNotice>> {
            let mut select = self.connection.prepare_cached(SELECT)?;
            let rows = select.query_map(params![profile, since.as_microsecond()], notice)?;
            // A row of a kind that only a newer Gateward knows is left out.
            rows.filter_map(Result::transpose).collect()
        };
        listed().map_err(|error| unusable(&self.path, &error))
    }
}

fn notice(row: &Row<'_>) -> rusqlite::Result<Option<PastNotice>> {
    let named = |name: String| serde_json::Value::String(name);
    let (Ok(kind), Ok(fate)) =
        (serde_json::from_value(named(row.get(1)?)), serde_json::from_value(named(row.get(4)?)))
    else {
        return Ok(None);
    };
    let at = Timestamp::from_microsecond(row.get(0)?).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Some(PastNotice { at, kind, title: row.get(2)?, body: row.get(3)?, fate }))
}
