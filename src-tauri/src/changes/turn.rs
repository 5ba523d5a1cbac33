//! One at a time: whoever changes something has taken the journal's lock first.

use std::time::Duration;

use crate::problem::{Code, Problem};
use crate::system::{Held, System};

use super::{Change, Journal};

/// Longer than any stop of a gateway takes (330 s, and the manager's own patience).
const PATIENCE: Duration = Duration::from_secs(600);
const PAUSE: Duration = Duration::from_millis(200);

/// The right to change something, until it is dropped. What is done in it is recorded.
pub struct Turn {
    pub journal: Journal,
    /// The catalogue's `change-<what>`.
    pub what: String,
    /// The change that is taken back in it.
    pub of: Option<u32>,
    /// Why nothing can be recorded: only what changes no file may be done then.
    pub(super) held: Result<Held, Problem>,
}

impl Turn {
    /// The changes that were cut off, the oldest first: nobody else is at work.
    pub fn interrupted(&self, system: &dyn System) -> Vec<Change> {
        self.journal.unfinished(system)
    }
}

impl Journal {
    /// Waits for its turn. `told` hears once that it has to wait, and what for, where that is known.
    ///
    /// # Errors
    /// `OthersTurn` when somebody else is still at work after ten minutes.
    pub async fn turn(
        &self,
        system: &dyn System,
        what: &str,
        told: &(dyn Fn(Option<Change>) + Send + Sync),
    ) -> Result<Turn, Problem> {
        let begun = system.clock();
        let mut refusals = 0_u32;
        let held = loop {
            match self.lock(system) {
                Ok(Some(held)) => break Ok(held),
                Err(problem) => break Err(problem),
                Ok(None) if system.clock().saturating_sub(begun) >= PATIENCE => {
                    return Err(Problem::new(Code::OthersTurn).with("minutes", PATIENCE.as_secs() / 60));
                }
                Ok(None) => {}
            }
            refusals += 1;
            // Who only looks for interrupted changes has let go by the second try.
            if refusals == 2 {
                told(self.open(system).pop());
            }
            system.pause(PAUSE).await;
        };
        Ok(Turn { journal: self.clone(), what: what.to_owned(), of: None, held })
    }

    fn lock(&self, system: &dyn System) -> Result<Option<Held>, Problem> {
        system.make_dir(self.folder(), 0o700)?;
        system.lock(&self.lock_file())
    }
}
