//! Where the changes stand: files in one folder, and their names.

use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::problem::{Code, Problem};
use crate::system::{Contents, System};

use super::{Change, State, Touched};

/// Closed changes kept; the oldest go first.
const KEPT: usize = 100;

#[derive(Clone, Debug)]
pub struct Journal {
    folder: String,
    os: Os,
}

impl Journal {
    /// # Errors
    /// `NoHome`.
    pub fn new(around: &Surroundings) -> Result<Self, Problem> {
        let folder = layout::join(&layout::own_state_dir(around)?, &["changes"], around.os);
        Ok(Self { folder, os: around.os })
    }

    pub fn folder(&self) -> &str {
        &self.folder
    }

    pub(super) fn path(&self, name: &str) -> String {
        layout::join(&self.folder, &[name], self.os)
    }

    /// All that can be read, the newest first.
    pub fn all(&self, system: &dyn System) -> Vec<Change> {
        let mut numbers = self.numbers(system, ".json");
        numbers.reverse();
        numbers.into_iter().filter_map(|number| self.readable(system, number)).collect()
    }

    /// Tells one moment of the journal from a later one.
    pub fn newest(&self, system: &dyn System) -> Option<(u32, State)> {
        let number = self.numbers(system, ".json").pop()?;
        self.readable(system, number).map(|change| (number, change.state))
    }

    /// # Errors
    /// `NoSuchChange`; `ReadFailed` when it is there and cannot be read.
    pub fn change(&self, system: &dyn System, number: u32) -> Result<Change, Problem> {
        let path = self.path(&named(number, "json"));
        let missing = || Problem::new(Code::NoSuchChange).with("number", number);
        let contents = system.read(&path)?.ok_or_else(missing)?;
        serde_json::from_slice(&contents.bytes)
            .map_err(|error| Problem::new(Code::ReadFailed).with("path", path).because(error.to_string()))
    }

    /// The changes that were interrupted, the oldest first: none while somebody is at work, since those that are open are theirs.
    pub fn interrupted(&self, system: &dyn System) -> Vec<Change> {
        // Who looks takes the lock from who acts, so only where there is a reason.
        if self.unfinished(system).is_empty() {
            return Vec::new();
        }
        match system.lock(&self.lock_file()) {
            // Read again: it may have been somebody's work, and have come to its end.
            Ok(Some(_held)) => self.unfinished(system),
            Ok(None) | Err(_) => Vec::new(),
        }
    }

    /// Under way or interrupted, with something left to do; the oldest first.
    pub(super) fn unfinished(&self, system: &dyn System) -> Vec<Change> {
        let mut open = self.open(system);
        open.retain(Change::is_unfinished);
        open
    }

    /// Under way or interrupted; the oldest first.
    pub(super) fn open(&self, system: &dyn System) -> Vec<Change> {
        let numbers = self.numbers(system, ".open");
        let changes = numbers.into_iter().filter_map(|number| self.readable(system, number));
        changes.filter(|change| change.state == State::Open).collect()
    }

    fn readable(&self, system: &dyn System, number: u32) -> Option<Change> {
        let read = self.change(system, number);
        read.inspect_err(|problem| tracing::warn!(%problem, number, "a change cannot be read")).ok()
    }

    fn numbers(&self, system: &dyn System, suffix: &str) -> Vec<u32> {
        let names = system.names(&self.folder);
        names.iter().filter_map(|name| name.strip_suffix(suffix)?.parse().ok()).collect()
    }

    pub(super) fn lock_file(&self) -> String {
        self.path("lock")
    }

    pub(super) fn next_number(&self, system: &dyn System) -> u32 {
        self.numbers(system, ".json").into_iter().max().unwrap_or_default() + 1
    }

    /// The mark goes first, so that a change is never open without it.
    pub(super) fn begin(&self, system: &dyn System, change: &Change) -> Result<(), Problem> {
        system.write(&self.path(&named(change.number, "open")), b"", 0o600)?;
        self.save(system, change)
    }

    pub(super) fn save(&self, system: &dyn System, change: &Change) -> Result<(), Problem> {
        let text = serde_json::to_vec_pretty(change)
            .map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
        system.write(&self.path(&named(change.number, "json")), &text, 0o600)
    }

    /// Its secrets go with its mark.
    ///
    /// # Errors
    /// `WriteFailed`.
    pub(super) fn close(
        &self,
        system: &dyn System,
        change: &mut Change,
        state: State,
    ) -> Result<(), Problem> {
        change.state = state;
        self.save(system, change)?;
        let own = format!("{:06}.", change.number);
        let names = system.names(&self.folder);
        let gone = names.iter().filter(|name| name.starts_with(&own) && name.ends_with(".secret"));
        gone.chain([&named(change.number, "open")])
            .try_for_each(|name| system.remove(&self.path(name)).map(|_| ()))?;
        self.prune(system);
        Ok(())
    }

    /// Tells that a change that was done has been taken back, or is in force again.
    ///
    /// # Errors
    /// As [`Journal::change`]; `WriteFailed`.
    pub fn mark(&self, system: &dyn System, number: u32, state: State) -> Result<(), Problem> {
        let change = self.change(system, number)?;
        self.save(system, &Change { state, ..change })
    }

    /// Best effort: an old file more does no harm.
    fn prune(&self, system: &dyn System) {
        let numbers = self.numbers(system, ".json");
        let Some(first) = numbers.len().checked_sub(KEPT).map(|at| numbers[at]) else { return };
        let is_old = |name: &&String| {
            let number = name.split('.').next().and_then(|number| number.parse::<u32>().ok());
            number.is_some_and(|number| number < first)
        };
        let names = system.names(&self.folder);
        let open = self.numbers(system, ".open");
        for name in names.iter().filter(is_old) {
            if open.iter().any(|number| name.starts_with(&format!("{number:06}."))) {
                continue;
            }
            if let Err(problem) = system.remove(&self.path(name)) {
                tracing::warn!(%problem, "an old change could not be forgotten");
            }
        }
    }

    pub(super) fn keep(
        &self,
        system: &dyn System,
        number: u32,
        file: &Touched,
        bytes: &[u8],
    ) -> Result<(), Problem> {
        system.write(&self.path(&bytes_name(number, file)), bytes, 0o600)
    }

    /// The bytes that a step replaced; `None` when there were none, or when they were secret and the change is closed.
    ///
    /// # Errors
    /// `ReadFailed`.
    pub fn kept(
        &self,
        system: &dyn System,
        number: u32,
        file: &Touched,
    ) -> Result<Option<Contents>, Problem> {
        let Some(before) = &file.before else { return Ok(None) };
        let kept = system.read(&self.path(&bytes_name(number, file)))?;
        Ok(kept.map(|kept| Contents { mode: before.mode, ..kept }))
    }

    /// A secret text that step `step` is to write.
    pub(super) fn new_secret(&self, number: u32, step: usize) -> String {
        self.path(&named(number, &format!("{step}.new.secret")))
    }
}

fn named(number: u32, rest: &str) -> String {
    format!("{number:06}.{rest}")
}

fn bytes_name(number: u32, file: &Touched) -> String {
    let kind = if file.secret { "secret" } else { "before" };
    named(number, &format!("{}.{kind}", file.step))
}
