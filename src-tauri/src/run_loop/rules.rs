//! How long, how often: the numbers the run loop goes by.

use std::time::Duration;

use crate::model::RestartPolicy;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// From SIGTERM to the kill of the whole group.
    pub drain: Duration,
    /// What a second signal leaves of the drain.
    pub hurry: Duration,
    /// How long a killed process may take to vanish; one in an uninterruptible wait may never.
    pub reap: Duration,
    /// What the host needs after its gateway's end: the last words, the record.
    pub farewell: Duration,
    pub first_delay: Duration,
    pub longest_delay: Duration,
    /// A run this long makes the next delay the first one again.
    pub stable: Duration,
    /// An exit with success before this is no planned restart: without a delay it would spin.
    pub brief: Duration,
    /// The failure that makes `burst` of them within `window` is the last one.
    pub burst: usize,
    pub window: Duration,
    /// From one restart on request to the next (OC 9.2).
    pub cool_down: Duration,
    /// A terminal that goes away ends the host; a detached host has none.
    pub hangup_stops: bool,
}

/// As long as a real gateway may take from exec to its first answer (A33).
pub const START_ATTEMPT: Duration = Duration::from_secs(120);
const LONGEST_DELAY: Duration = Duration::from_secs(60);
/// Nobody who waits for a host's end waits longer than this.
pub const LONGEST_DRAIN: Duration = Duration::from_secs(3600);

impl Rules {
    pub fn new(policy: &RestartPolicy) -> Self {
        // A window shorter than the failing attempts never trips (A4): it holds `burst` of the longest ones by construction.
        let attempts = (START_ATTEMPT + LONGEST_DELAY) * policy.burst;
        Self {
            drain: seconds(policy.stop_timeout_s).min(LONGEST_DRAIN),
            hurry: Duration::from_secs(3),
            reap: Duration::from_secs(5),
            farewell: Duration::from_secs(2),
            first_delay: Duration::from_secs(1),
            longest_delay: LONGEST_DELAY,
            stable: START_ATTEMPT,
            brief: Duration::from_secs(10),
            burst: usize::try_from(policy.burst).unwrap_or(usize::MAX),
            window: attempts.max(seconds(policy.interval_s)),
            cool_down: Duration::from_secs(30),
            hangup_stops: true,
        }
    }

    /// The same, with every stop over before whoever runs the host kills it at `limit` after SIGTERM (A13): drain, kill and
    /// farewell fit into it, whatever it is.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        let farewell = self.farewell.min(limit / 8);
        let reap = self.reap.min(limit / 8);
        let drain = self.drain.min(limit.saturating_sub(farewell + reap));
        Self { drain, reap, farewell, hurry: self.hurry.min(drain), ..self }
    }

    /// The longest any stop takes, from the signal to the host's exit.
    pub fn longest_stop(&self) -> Duration {
        self.drain + self.reap + self.farewell
    }
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(count.into())
}
