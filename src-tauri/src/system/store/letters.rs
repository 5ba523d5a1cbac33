//! Alerts on their way: one letter for each incident and route.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{Store, unusable};
use crate::problem::Problem;

/// One alert for one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: i64,
    pub profile: String,
    pub route: String,
    /// What it is about; the second letter about the same within [`SAME_NEWS`] is not written.
    pub topic: String,
    pub at: Timestamp,
    pub body: String,
    /// Attempts that failed.
    pub failures: u32,
}

/// Two processes that see the same trouble may find it this far apart: the slower of them looks every half minute.
const SAME_NEWS: SignedDuration = SignedDuration::from_secs(60);

/// Letters are kept this long, so that rate and repetition can be judged.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

pub const TABLE: &str = "
    CREATE TABLE letter (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        route TEXT NOT NULL,
        topic TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        body TEXT NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        -- NULL: arrived, or given up.
        due_us INTEGER
    ) STRICT;
    CREATE INDEX letter_due ON letter (due_us) WHERE due_us IS NOT NULL;
";

impl Store {
    /// Keeps a letter until it has arrived, unless there is one with the same news, or `per_hour` of its route within the last hour.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn write_letter(&mut self, letter: &Letter, now: Timestamp, per_hour: u32) -> Result<(), Problem> {
        self.try_write_letter(letter, now, per_hour).map_err(|error| unusable(&self.path, &error))
    }

    fn try_write_letter(&mut self, letter: &Letter, now: Timestamp, per_hour: u32) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let old = micros(now, -KEPT);
        transaction.execute("DELETE FROM letter WHERE due_us IS NULL AND at_us < ?1", [old])?;
        if is_known(&transaction, letter)? {
            return transaction.commit();
        }
        let recent: u32 = transaction.query_row(
            "SELECT count(*) FROM letter WHERE route = ?1 AND at_us > ?2",
            params![letter.route, micros(now, -SignedDuration::from_hours(1))],
            |row| row.get(0),
        )?;
        if recent >= per_hour {
            tracing::warn!(route = letter.route, "an alert was left out: too many within an hour");
            return transaction.commit();
        }
        transaction.execute(
            "INSERT INTO letter (profile, route, topic, at_us, body, due_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                letter.profile,
                letter.route,
                letter.topic,
                letter.at.as_microsecond(),
                letter.body,
                now.as_microsecond()
            ],
        )?;
        transaction.commit()
    }

    /// Takes a letter that is due at `now`; others get it only after `lease`, should we die over it.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn take_letter(&mut self, now: Timestamp, lease: Timestamp) -> Result<Option<Letter>, Problem> {
        const TAKE: &str = "UPDATE letter SET due_us = ?2 WHERE id =
            (SELECT id FROM letter WHERE due_us <= ?1 ORDER BY due_us, id LIMIT 1)
            RETURNING id, profile, route, topic, at_us, body, failures";
        self.connection
            .query_row(TAKE, params![now.as_microsecond(), lease.as_microsecond()], letter)
            .optional()
            .map_err(|error| unusable(&self.path, &error))
    }

    /// # Errors
    /// `DatabaseUnusable`.
    pub fn letter_arrived(&mut self, id: i64) -> Result<(), Problem> {
        self.put_away("UPDATE letter SET due_us = NULL WHERE id = ?1", params![id])
    }

    /// Another attempt at `due`, or none.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn letter_failed(&mut self, id: i64, due: Option<Timestamp>) -> Result<(), Problem> {
        let due = due.map(Timestamp::as_microsecond);
        self.put_away(
            "UPDATE letter SET due_us = ?2, failures = failures + 1 WHERE id = ?1",
            params![id, due],
        )
    }

    fn put_away(&mut self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<(), Problem> {
        self.connection.execute(sql, values).map(|_| ()).map_err(|error| unusable(&self.path, &error))
    }

    /// When the next letter is due.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn next_letter(&self) -> Result<Option<Timestamp>, Problem> {
        let next: rusqlite::Result<Option<i64>> =
            self.connection.query_row("SELECT min(due_us) FROM letter", [], |row| row.get(0));
        let next = next.map_err(|error| unusable(&self.path, &error))?;
        Ok(next.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
    }
}

fn is_known(connection: &Connection, letter: &Letter) -> rusqlite::Result<bool> {
    // The second of two watchers may call the third crash of a loop a first one: an incident's moment is the manager's, and the same
    // for both.
    const SELECT: &str = "SELECT 1 FROM letter
        WHERE profile = ?1 AND route = ?2 AND (at_us = ?6 OR topic = ?3 AND at_us BETWEEN ?4 AND ?5)";
    let (from, to) = (micros(letter.at, -SAME_NEWS), micros(letter.at, SAME_NEWS));
    let at = letter.at.as_microsecond();
    connection
        .query_row(SELECT, params![letter.profile, letter.route, letter.topic, from, to, at], |_| Ok(()))
        .optional()
        .map(|known| known.is_some())
}

fn micros(at: Timestamp, plus: SignedDuration) -> i64 {
    at.saturating_add(plus).unwrap_or(at).as_microsecond()
}

fn letter(row: &Row<'_>) -> rusqlite::Result<Letter> {
    Ok(Letter {
        id: row.get(0)?,
        profile: row.get(1)?,
        route: row.get(2)?,
        topic: row.get(3)?,
        at: Timestamp::from_microsecond(row.get(4)?).unwrap_or(Timestamp::UNIX_EPOCH),
        body: row.get(5)?,
        failures: row.get(6)?,
    })
}
