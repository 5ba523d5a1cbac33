//! Takes a change of the journal back. That is a change itself, and can be taken back too.

use super::{Progress, Stage, execute};
use crate::adapter::{self, Adapter};
use crate::changes::{Change, Journal, Restoration, State, Turn};
use crate::identity::{Profile, Surroundings};
use crate::problem::{Code, Problem};
use crate::system::System;

/// What a turn is called in which something is taken back: the catalogue's `change-undo`.
pub const UNDO: &str = "undo";

/// A change, and the way back from it.
pub struct Retreat {
    pub change: Change,
    pub way: Restoration,
    pub adapter: Box<dyn Adapter>,
}

impl Retreat {
    /// Everything that can be refused is refused here.
    ///
    /// # Errors
    /// `NotUndoable`; `ChangedByHand` unless `force`; `ReadFailed`, `NoHome`.
    pub fn from(
        change: Change,
        journal: &Journal,
        force: bool,
        system: &dyn System,
        around: &Surroundings,
    ) -> Result<Self, Problem> {
        match change.state {
            State::Done if change.can_be_taken_back() => {}
            State::Done => return Err(not_undoable(&change, "no-files")),
            State::Open if change.is_unfinished() => return Err(Problem::interrupted(change.number)),
            State::Open | State::PutBack | State::TakenBack | State::Overtaken => {
                return Err(not_undoable(&change, "state"));
            }
        }
        let way = Restoration::of(&change, journal, system)?;
        if let (Some(path), false) = (way.edited.first(), force) {
            return Err(edited(path, &change, journal, system));
        }
        if way.plan.steps.is_empty() {
            return Err(not_undoable(&change, if way.lost.is_empty() { "as-before" } else { "secrets" }));
        }
        let adapter = adapter::native(change.manager, around)?;
        Ok(Self { change, way, adapter })
    }

    pub fn stage<'a>(&'a self, system: &'a dyn System, turn: &'a Turn) -> Stage<'a> {
        Stage { system, adapter: &*self.adapter, id: &self.change.identity, turn: Some(turn) }
    }

    /// Makes the turn one in which this change is taken back; its record says so.
    pub fn mark(&self, turn: &mut Turn) {
        turn.of = Some(self.change.number);
    }

    /// Goes the way back. What an undo had taken back is in force again when the undo itself is taken back.
    ///
    /// # Errors
    /// As [`execute`]; `WriteFailed` when the journal cannot be written.
    pub async fn carry_out(
        &self,
        system: &dyn System,
        turn: &Turn,
        progress: &(dyn Fn(Progress<'_>) + Send + Sync),
    ) -> Result<(), Problem> {
        execute(self.stage(system, turn), &self.way.plan, progress).await?;
        self.remember(system, &turn.journal)
    }

    /// # Errors
    /// `WriteFailed`.
    pub fn remember(&self, system: &dyn System, journal: &Journal) -> Result<(), Problem> {
        journal.mark(system, self.change.number, State::TakenBack)?;
        match self.change.of {
            Some(first) => journal.mark(system, first, State::Done),
            None => Ok(()),
        }
    }
}

/// The newest change of `profile` that can be taken back and is no undo itself.
pub fn newest_undoable(journal: &Journal, system: &dyn System, profile: &Profile) -> Option<Change> {
    let is_it = |change: &Change| {
        change.can_be_taken_back() && change.what != UNDO && change.identity.profile == *profile
    };
    journal.all(system).into_iter().find(is_it)
}

fn not_undoable(change: &Change, reason: &str) -> Problem {
    Problem::new(Code::NotUndoable).with("number", change.number).with("reason", reason)
}

/// Names the later change that did it, or says that it was somebody's hand.
fn edited(path: &str, change: &Change, journal: &Journal, system: &dyn System) -> Problem {
    let problem = Problem::new(Code::ChangedByHand).with("path", path);
    let is_later = |later: &Change| {
        later.number > change.number
            && later.state == State::Done
            && later.files.iter().any(|file| file.path == path)
    };
    match journal.all(system).into_iter().find(is_later) {
        Some(later) => problem.hint_command("undo-later", format!("gateward undo {}", later.number)),
        None => problem.hint_command("see-changes", format!("gateward changes {}", change.number)),
    }
    .hint_command("undo-anyway", format!("gateward undo {} --force", change.number))
}
