//! What the gateway uses, and how fast it answers, over the last minutes.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// One measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Beat {
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
    /// A line is not drawn from one process to the next.
    pub pid: u32,
    /// Since the beat before, of one processor: two busy ones are 200. `None` for a process's first.
    pub cpu_percent: Option<f64>,
    /// Resident, with the files it has mapped.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub memory_bytes: Option<u64>,
    /// Of `GET /healthz`; `None` when nobody answered.
    pub latency_ms: Option<u32>,
}

/// Measurements, the oldest first; bounded by [`Pulse::MOST`] and [`Pulse::SPAN`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Pulse {
    pub beats: Vec<Beat>,
}

impl Pulse {
    /// As many as there are in [`Pulse::SPAN`] while somebody looks.
    pub const MOST: usize = 300;
    pub const SPAN: SignedDuration = SignedDuration::from_mins(10);

    /// Adds the newest, and forgets what is too old.
    pub fn add(&mut self, beat: Beat) {
        let since = beat.at - Self::SPAN;
        // A clock that was set back makes what was measured before it meaningless.
        self.beats.retain(|old| old.at >= since && old.at <= beat.at);
        self.beats.push(beat);
        let surplus = self.beats.len().saturating_sub(Self::MOST);
        self.beats.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(second: i64) -> Beat {
        let at = Timestamp::from_second(second).unwrap();
        Beat { at, pid: 1, cpu_percent: None, memory_bytes: None, latency_ms: None }
    }

    #[test]
    fn it_is_bounded_by_number_and_by_age() {
        let mut pulse = Pulse::default();
        (0..1000).for_each(|second| pulse.add(beat(second)));
        assert_eq!(pulse.beats.len(), Pulse::MOST);
        pulse.add(beat(1000 + Pulse::SPAN.as_secs()));
        assert_eq!(pulse.beats.len(), 1);
    }

    #[test]
    fn a_clock_that_was_set_back_begins_anew() {
        let mut pulse = Pulse::default();
        [100, 102, 50].into_iter().for_each(|second| pulse.add(beat(second)));
        assert_eq!(pulse.beats, [beat(50)]);
    }
}
