//! Who may change something now, and what is told of a change that was cut off.

use super::invocation::Invocation;
use crate::adapter;
use crate::changes::{Change, Journal, State, Turn, Way};
use crate::execute::{self, Stage};
use crate::problem::Problem;

/// Tells whether somebody has changed something meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(Option<(u32, State)>);

impl Invocation<'_> {
    pub fn moment(&self) -> Moment {
        let journal = Journal::new(&self.world.around).ok();
        Moment(journal.and_then(|journal| journal.newest(&*self.world.system)))
    }

    /// The number of the change that was made last.
    pub fn newest_change(&self) -> Option<u32> {
        self.moment().0.map(|(number, _)| number)
    }

    /// Waits until nobody else changes anything, and says so.
    ///
    /// # Errors
    /// `OthersTurn`, `NoHome`.
    pub async fn turn(&self, what: &str) -> Result<Turn, Problem> {
        let told = |at_work: Option<Change>| {
            let what = at_work.map_or("other".to_owned(), |change| change.what);
            self.console.warn(&self.say("turn-waiting", &[("what", &self.change_name(&what))]));
        };
        Journal::new(&self.world.around)?.turn(&*self.world.system, what, &told).await
    }

    /// The same, after a change of files that was cut off has been dealt with: its person is asked, where there is one. Without an
    /// answer the plan itself will be refused.
    ///
    /// # Errors
    /// As [`Invocation::turn`] and [`settle`].
    pub async fn turn_for_files(&self, what: &str) -> Result<Turn, Problem> {
        let turn = self.turn(what).await?;
        for change in turn.interrupted(&*self.world.system) {
            if let Some(way) = self.way_for(&change) {
                settle(&turn, change, way, false, self).await?;
            }
        }
        Ok(turn)
    }

    fn way_for(&self, change: &Change) -> Option<Way> {
        let number = change.number.to_string();
        let asked = |key: &str| {
            let question = self.say(key, &[("number", &number), ("what", &self.change_name(&change.what))]);
            self.flags.yes || self.console.confirm(&question) == Some(true)
        };
        if !change.changes_files() {
            return None;
        }
        if asked("ask-finish") {
            return Some(Way::Finish);
        }
        asked("ask-revert").then_some(Way::Revert)
    }

    /// What a change is called; a name of a newer Gateward as it stands.
    pub fn change_name(&self, what: &str) -> String {
        self.words().find(&format!("change-{what}"), &[]).unwrap_or_else(|| what.to_owned())
    }

    /// Tells of changes that were cut off, whatever the command is.
    pub fn tell_of_interruptions(&self) {
        let Ok(journal) = Journal::new(&self.world.around) else { return };
        for change in journal.interrupted(&*self.world.system) {
            self.console.warn(&self.page().problem(&problem(&change)));
        }
    }
}

/// A change that was cut off, as something to deal with.
pub fn problem(change: &Change) -> Problem {
    Problem::interrupted(change.number)
        .with("what", &change.what)
        .with("step", change.done + 1)
        .with("steps", change.plan.steps.len())
}

/// Brings a change that was cut off to its end, one way or the other.
///
/// # Errors
/// As [`execute::finish`] and [`execute::revert`].
pub async fn settle(
    turn: &Turn,
    change: Change,
    way: Way,
    force: bool,
    at: &Invocation<'_>,
) -> Result<(), Problem> {
    let adapter = adapter::native(change.manager, &at.world.around)?;
    let id = change.identity.clone();
    let stage = Stage { system: &*at.world.system, adapter: &*adapter, id: &id, turn: Some(turn) };
    let result = match way {
        Way::Finish => execute::finish(stage, turn, change, force, &|progress| at.show(progress)).await,
        Way::Revert => execute::revert(stage, turn, change, force).await,
    };
    at.console.progress("");
    result
}
