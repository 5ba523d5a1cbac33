//! When the keeper looks again: at its moments, at changes, and after a rest at what changes all the time.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::Receiver;

use super::Keeper;
use crate::auth::log_signs::Sign;
use crate::auth::survey::refusals;
use crate::system::{Hint, System, Watch};

/// The gateway's databases and its log are written all the time while it works.
const REST: SignedDuration = SignedDuration::from_secs(20);

/// What the last look found of files that are written all the time.
#[derive(Default)]
pub struct Restless {
    pub looked_at: Option<Timestamp>,
    /// When the log was looked into, perhaps without a look at the rest.
    pub signs_at: Option<Timestamp>,
    pub databases: Vec<String>,
    pub log: Option<String>,
    pub signs: Vec<Sign>,
}

/// When to look next.
pub struct Due {
    pub at: Timestamp,
    /// When to look whether the log tells of new refusals.
    pub log_at: Option<Timestamp>,
}

/// Why the keeper wakes.
pub enum Wake {
    /// A watched file changed.
    Changed,
    /// A watch has begun to work.
    Opened,
    /// The gateway came up or went down.
    Turned,
    Moment,
    Later(String),
    /// Nobody listens any more.
    Over,
}

impl Keeper {
    pub(super) async fn wake(
        &mut self,
        hints: &mut Receiver<Hint>,
        mut due: Due,
        up: &mut Option<bool>,
    ) -> Wake {
        let system = self.setup.world.system.clone();
        loop {
            let moment = due.log_at.map_or(due.at, |log_at| log_at.min(due.at));
            tokio::select! {
                hint = hints.recv() => match hint {
                    Some(Hint::Changed { watch: Watch::File { path }, .. }) => {
                        if !self.puts_off(&path, &mut due) {
                            return Wake::Changed;
                        }
                    }
                    // What changed between the look and the watch would be missed.
                    Some(Hint::Watching { .. }) => return Wake::Opened,
                    // A folder that is not there yet: the next look tries again.
                    Some(Hint::Lost { watch, .. }) => drop(self.watches.remove(&watch)),
                    Some(Hint::Changed { .. }) => {}
                    None => return Wake::Over,
                },
                changed = self.desk.states.changed() => {
                    if changed.is_err() {
                        return Wake::Over;
                    }
                    let now = self.is_up();
                    if std::mem::replace(up, now) != now {
                        return Wake::Turned;
                    }
                },
                id = self.desk.later.recv() => return id.map_or(Wake::Over, Wake::Later),
                () = until(&*system, moment) => {
                    if system.now() >= due.at || self.has_new_signs() {
                        return Wake::Moment;
                    }
                    due.log_at = None;
                }
            }
        }
    }

    /// Whether a change of this file can wait until the last look is a while ago; `due` is then told.
    fn puts_off(&self, path: &str, due: &mut Due) -> bool {
        let now = self.setup.world.system.now();
        let after_rest = |at: Option<Timestamp>| at.map_or(now, |at| (at + REST).max(now));
        if self.found.log.as_deref() == Some(path) {
            due.log_at.get_or_insert(after_rest(self.found.signs_at));
            return true;
        }
        let is_written_on = self.port().is_some() && self.found.databases.iter().any(|it| it == path);
        let soonest = after_rest(self.found.looked_at);
        let waits = is_written_on && soonest > now;
        if waits {
            due.at = due.at.min(soonest);
        }
        waits
    }

    fn has_new_signs(&mut self) -> bool {
        self.found.signs_at = Some(self.setup.world.system.now());
        let settings = self.settings();
        refusals(&self.place(&settings)) != self.found.signs
    }
}

async fn until(system: &dyn System, moment: Timestamp) {
    while system.now() < moment {
        system.pause_until(moment).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::system::scripted::still;

    #[tokio::test]
    async fn a_moment_is_waited_for_over_many_naps_and_not_missed() {
        let system = still();
        let moment = system.now() + SignedDuration::from_mins(125) + SignedDuration::from_millis(1);
        until(&*system, moment).await;
        assert_eq!(system.now(), moment);
    }

    #[tokio::test]
    async fn a_moment_that_the_machine_slept_over_is_not_waited_for() {
        let system = still();
        let moment = system.now() + SignedDuration::from_hours(1);
        system.with(|machine, _| machine.elapsed += Duration::from_secs(8 * 3600));
        let woken = system.now();
        until(&*system, moment).await;
        assert_eq!(system.now(), woken);
    }
}
