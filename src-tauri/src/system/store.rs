//! The incident database: SQLite, for its owner only, written by several processes at once.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};

use crate::model::{By, Exit, Incident, IncidentKind};
use crate::problem::{Code, Problem};

mod letters;
mod notices;
mod restart;
mod shelf;

pub use letters::Letter;
pub use shelf::{Done, Shelf};

/// An open incident database.
pub struct Store {
    connection: Connection,
    path: String,
}

/// A store, and what had to be done to get it.
pub struct Opened {
    pub store: Store,
    /// The previous database was unreadable and lies at the path in this problem's `moved`.
    pub problem: Option<Problem>,
}

/// Two processes that see the same incident date it by the manager's record, or by their own clocks, which differ by less.
const SAME_INCIDENT: SignedDuration = SignedDuration::from_secs(10);

/// The manager's own journal knows no pids, and dates to the moment.
const SAME_WITHOUT_PID: SignedDuration = SignedDuration::from_secs(2);

/// Incidents kept of each profile; the oldest go first. A crash loop makes some thousands a day (A4).
const KEPT: i64 = 10_000;

/// As many starts say how long the next one may take.
const STARTS_COUNTED: i64 = 10;

/// How long another process may hold the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// One step per schema version; `user_version` counts those taken.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE incident (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        kind TEXT NOT NULL,
        pid INTEGER,
        exit TEXT,
        uptime_s INTEGER,
        restarts INTEGER,
        last_words TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT;
    CREATE INDEX incident_of_profile ON incident (profile, at_us);
",
    letters::TABLE,
    notices::TABLE,
    "
    ALTER TABLE incident ADD COLUMN detail TEXT;
    CREATE TABLE start (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        took_ms INTEGER NOT NULL
    ) STRICT;
",
];

impl Store {
    /// Opens the database at `path`, and creates it and its folder for the owner only where they are missing. An unreadable one is
    /// moved aside.
    ///
    /// # Errors
    /// `DatabaseUnusable`, with `path`: it cannot be made, written or moved, or a newer Gateward wrote it.
    pub fn open(path: &str) -> Result<Opened, Problem> {
        let problem = |cause: String| Problem::new(Code::DatabaseUnusable).with("path", path).because(cause);
        prepare(Path::new(path)).map_err(|error| problem(error.to_string()))?;
        match connect(path) {
            Ok(connection) => Ok(Opened { store: Self { connection, path: path.to_owned() }, problem: None }),
            Err(Refusal::Unreadable(cause)) => renewed(path, &cause),
            Err(Refusal::Unusable(cause)) => Err(problem(cause)),
        }
    }

    /// Opens the database for reading only; `None` when there is none yet.
    ///
    /// # Errors
    /// `DatabaseUnusable`, with `path`.
    pub fn read(path: &str) -> Result<Option<Self>, Problem> {
        if !Path::new(path).exists() {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .and_then(|connection| connection.busy_timeout(PATIENCE).map(|()| connection))
            .map_err(|error| unusable(path, &error))?;
        // Its maker has not come to the tables yet.
        let version: u16 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|error| unusable(path, &error))?;
        Ok((version > 0).then(|| Self { connection, path: path.to_owned() }))
    }

    /// Records `incident` and gives its row id. One that this or another process has recorded already keeps its row, which gains
    /// what was unknown so far: last words, pid and uptime, and who was behind it.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn record(&mut self, incident: &Incident) -> Result<i64, Problem> {
        self.try_record(incident).map_err(|error| unusable(&self.path, &error))
    }

    fn try_record(&mut self, incident: &Incident) -> rusqlite::Result<i64> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = match recorded_row(&transaction, incident)? {
            Some(id) => Some(id),
            None => restart::row(&transaction, incident)?,
        };
        let id = match known {
            Some(id) => complete(&transaction, id, incident)?,
            None => insert(&transaction, incident)?,
        };
        if known.is_none() {
            restart::absorb(&transaction, incident)?;
        }
        transaction.commit()?;
        Ok(id)
    }

    /// The newest `limit` incidents of a profile, newest first.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn newest(&self, profile: &str, limit: u32) -> Result<Vec<Incident>, Problem> {
        self.list(profile, Timestamp::MIN..Timestamp::MAX, i64::from(limit))
    }

    /// All incidents of a profile from `since` on, newest first.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn since(&self, profile: &str, since: Timestamp) -> Result<Vec<Incident>, Problem> {
        self.list(profile, since..Timestamp::MAX, -1)
    }

    /// Adds how long one start took, from the process's beginning to its first ready answer.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn record_start(&mut self, profile: &str, took: Duration) -> Result<(), Problem> {
        let took_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        self.connection
            .execute("INSERT INTO start (profile, took_ms) VALUES (?1, ?2)", params![profile, took_ms])
            .and_then(|_| prune(&self.connection, "start", profile, STARTS_COUNTED))
            .map_err(|error| unusable(&self.path, &error))
    }

    /// How long the newest starts took.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn starts(&self, profile: &str) -> Result<Vec<Duration>, Problem> {
        const SELECT: &str = "SELECT took_ms FROM start WHERE profile = ?1 ORDER BY id DESC LIMIT ?2";
        let read = || -> rusqlite::Result<Vec<Duration>> {
            let mut statement = self.connection.prepare_cached(SELECT)?;
            let rows = statement.query_map(params![profile, STARTS_COUNTED], |row| row.get::<_, i64>(0))?;
            rows.map(|row| row.map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or_default())))
                .collect()
        };
        read().map_err(|error| unusable(&self.path, &error))
    }

    /// The last incident of a profile from before `moment`.
    ///
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn last_before(&self, profile: &str, moment: Timestamp) -> Result<Option<Incident>, Problem> {
        Ok(self.list(profile, Timestamp::MIN..moment, 1)?.pop())
    }

    fn list(
        &self,
        profile: &str,
        within: std::ops::Range<Timestamp>,
        limit: i64,
    ) -> Result<Vec<Incident>, Problem> {
        const SELECT: &str =
            "SELECT id, profile, at_us, kind, pid, exit, uptime_s, restarts, last_words, by, detail FROM incident
            WHERE profile = ?1 AND at_us >= ?2 AND at_us < ?3 ORDER BY at_us DESC, id DESC LIMIT ?4";
        let values = params![profile, within.start.as_microsecond(), within.end.as_microsecond(), limit];
        let listed = || -> rusqlite::Result<Vec<Incident>> {
            let mut select = self.connection.prepare_cached(SELECT)?;
            let rows = select.query_map(values, incident)?;
            // A row of a kind that only a newer Gateward knows is left out.
            rows.filter_map(Result::transpose).collect()
        };
        listed().map_err(|error| unusable(&self.path, &error))
    }
}

/// Why a database was not opened.
enum Refusal {
    /// It is none, or broken.
    Unreadable(String),
    /// It may be sound, but cannot be had now.
    Unusable(String),
}

/// Makes the folder and the file for the owner only; SQLite gives its `-wal` and `-shm` the file's own mode.
fn prepare(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    if path.is_dir() {
        return Ok(());
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")]
        .iter()
        .try_for_each(|file| restrict(file, 0o600))
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    if !folder.is_dir() {
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
    }
    restrict(folder, 0o700)
}

/// Takes others' access away from what an older version or a backup left open.
#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match fs::metadata(path) {
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn connect(path: &str) -> Result<Connection, Refusal> {
    if Path::new(path).is_dir() {
        return Err(Refusal::Unreadable("it is a folder".to_owned()));
    }
    let mut connection = Connection::open(path).map_err(refusal)?;
    connection.busy_timeout(PATIENCE).map_err(refusal)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(refusal)?;
    // A lost last row after a power cut is no loss; a sync per row would be.
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(refusal)?;
    let report: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(refusal)?;
    if report != "ok" {
        return Err(Refusal::Unreadable(report));
    }
    migrate(&mut connection)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), Refusal> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refusal)?;
    let taken: u16 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(refusal)?;
    let newest = u16::try_from(MIGRATIONS.len()).unwrap_or(u16::MAX);
    if taken > newest {
        return Err(Refusal::Unusable(format!("a newer Gateward wrote it (schema {taken})")));
    }
    for step in &MIGRATIONS[usize::from(taken)..] {
        transaction.execute_batch(step).map_err(refusal)?;
    }
    transaction.pragma_update(None, "user_version", newest).map_err(refusal)?;
    transaction.commit().map_err(refusal)
}

fn refusal(error: rusqlite::Error) -> Refusal {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Refusal::Unreadable(error.to_string()),
        Some(_) | None => Refusal::Unusable(error.to_string()),
    }
}

fn unusable(path: &str, error: &rusqlite::Error) -> Problem {
    Problem::new(Code::DatabaseUnusable).with("path", path).because(error.to_string())
}

/// Moves the unreadable database aside and begins a new one. Under a lock: another process may have done so a moment ago.
fn renewed(path: &str, cause: &str) -> Result<Opened, Problem> {
    let problem = |cause: String| Problem::new(Code::DatabaseUnusable).with("path", path).because(cause);
    let attempt = || -> std::io::Result<Result<(Connection, Option<String>), Refusal>> {
        let _lock = locked(&beside(Path::new(path), ".lock"))?;
        if let Ok(connection) = connect(path) {
            return Ok(Ok((connection, None)));
        }
        let moved = move_aside(Path::new(path))?;
        prepare(Path::new(path))?;
        Ok(connect(path).map(|connection| (connection, Some(moved))))
    };
    match attempt().map_err(|error| problem(error.to_string()))? {
        Ok((connection, moved)) => Ok(Opened {
            store: Store { connection, path: path.to_owned() },
            problem: moved.map(|moved| problem(cause.to_owned()).with("moved", moved).hint("database-moved")),
        }),
        Err(Refusal::Unreadable(cause) | Refusal::Unusable(cause)) => Err(problem(cause)),
    }
}

fn locked(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    file.lock()?;
    Ok(file)
}

/// The new place of the database. Its write-ahead log goes with it: to a new database it would be poison.
fn move_aside(path: &Path) -> std::io::Result<String> {
    let suffix = (1..).map(|n| format!(".broken-{n}")).find(|suffix| !beside(path, suffix).exists());
    let aside = beside(path, &suffix.unwrap_or_default());
    fs::rename(path, &aside)?;
    for log in ["-wal", "-shm"] {
        let from = beside(path, log);
        if from.exists() {
            fs::rename(from, beside(&aside, log))?;
        }
    }
    Ok(aside.display().to_string())
}

fn recorded_row(connection: &Connection, incident: &Incident) -> rusqlite::Result<Option<i64>> {
    if incident.kind.is_of_credential() {
        return credentials_row(connection, incident);
    }
    const SELECT: &str =
        "SELECT id FROM incident WHERE profile = ?1 AND kind = ?2
            AND (pid IS ?3 AND at_us BETWEEN ?4 AND ?5 OR (pid IS NULL OR ?3 IS NULL) AND abs(at_us - ?6) <= ?7)
        ORDER BY abs(at_us - ?6) LIMIT 1";
    let from = incident.at.saturating_sub(SAME_INCIDENT).unwrap_or(incident.at);
    let to = incident.at.saturating_add(SAME_INCIDENT).unwrap_or(incident.at);
    let window = [from.as_microsecond(), to.as_microsecond(), incident.at.as_microsecond()];
    connection
        .prepare_cached(SELECT)?
        .query_row(
            params![
                incident.profile,
                text(&incident.kind),
                incident.pid,
                window[0],
                window[1],
                window[2],
                SAME_WITHOUT_PID.as_micros() as i64,
            ],
            |row| row.get(0),
        )
        .optional()
}

/// Desktop and monitor tell of the same credential at other times, and each of its stages: in the history it ends once, until it is
/// renewed.
fn credentials_row(connection: &Connection, incident: &Incident) -> rusqlite::Result<Option<i64>> {
    const SELECT: &str = "SELECT id, kind FROM incident
        WHERE profile = ?1 AND detail IS ?2 AND kind IN (?3, ?4, ?5) ORDER BY at_us DESC, id DESC LIMIT 1";
    let [ending, over, renewed] = IncidentKind::OF_CREDENTIALS.map(|kind| text(&kind));
    let last = connection
        .prepare_cached(SELECT)?
        .query_row(params![incident.profile, incident.detail, ending, over, renewed], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    Ok(last.filter(|(_, kind)| *kind == text(&incident.kind)).map(|(id, _)| id))
}

fn complete(connection: &Connection, id: i64, incident: &Incident) -> rusqlite::Result<i64> {
    if !incident.last_words.is_empty() {
        connection.execute(
            "UPDATE incident SET last_words = ?2 WHERE id = ?1",
            params![id, text(&incident.last_words)],
        )?;
    }
    if !matches!(incident.by, By::Itself | By::Outside) {
        connection.execute("UPDATE incident SET by = ?2 WHERE id = ?1", params![id, text(&incident.by)])?;
    }
    connection.execute(
        "UPDATE incident SET pid = coalesce(pid, ?2), uptime_s = coalesce(uptime_s, ?3) WHERE id = ?1",
        params![id, incident.pid, incident.uptime_s.and_then(|seconds| i64::try_from(seconds).ok())],
    )?;
    Ok(id)
}

fn insert(connection: &Connection, incident: &Incident) -> rusqlite::Result<i64> {
    const INSERT: &str =
        "INSERT INTO incident (profile, at_us, kind, pid, exit, uptime_s, restarts, last_words, by, detail)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    connection.prepare_cached(INSERT)?.execute(params![
        incident.profile,
        incident.at.as_microsecond(),
        text(&incident.kind),
        incident.pid,
        incident.exit.as_ref().map(text),
        incident.uptime_s.and_then(|seconds| i64::try_from(seconds).ok()),
        incident.restarts,
        text(&incident.last_words),
        text(&incident.by),
        incident.detail,
    ])?;
    let id = connection.last_insert_rowid();
    prune(connection, "incident", &incident.profile, KEPT)?;
    Ok(id)
}

/// Leaves the newest `kept` rows of a profile: one that crashes in a loop costs another nothing.
fn prune(connection: &Connection, table: &str, profile: &str, kept: i64) -> rusqlite::Result<()> {
    let old = format!("SELECT id FROM {table} WHERE profile = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2");
    let delete = format!("DELETE FROM {table} WHERE profile = ?1 AND id <= ({old})");
    connection.prepare_cached(&delete)?.execute(params![profile, kept]).map(|_| ())
}

/// Enums and lists are stored as the JSON that everyone else sees, so that a database can be read without us.
fn text(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

fn incident(row: &Row<'_>) -> rusqlite::Result<Option<Incident>> {
    let (kind, by): (String, String) = (row.get(3)?, row.get(9)?);
    let (exit, words): (Option<String>, String) = (row.get(5)?, row.get(8)?);
    let exit: Option<Option<Exit>> = exit.map(|text| serde_json::from_str(&text).ok());
    let named = |name: String| serde_json::Value::String(name);
    let (Ok(kind), Ok(by)) = (serde_json::from_value(named(kind)), serde_json::from_value(named(by))) else {
        return Ok(None);
    };
    Ok(Some(Incident {
        id: row.get(0)?,
        profile: row.get(1)?,
        at: Timestamp::from_microsecond(row.get(2)?).unwrap_or(Timestamp::UNIX_EPOCH),
        kind,
        pid: row.get(4)?,
        exit: exit.flatten(),
        uptime_s: row.get::<_, Option<i64>>(6)?.and_then(|seconds| u64::try_from(seconds).ok()),
        restarts: row.get(7)?,
        last_words: serde_json::from_str(&words).unwrap_or_default(),
        by,
        detail: row.get(10)?,
    }))
}

#[cfg(all(test, unix))]
mod tests;
