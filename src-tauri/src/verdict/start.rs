//! How long a start may take before it is called a hang, learnt from past starts (A33).

use std::time::Duration;

use jiff::SignedDuration;

use crate::model::{Answers, Observation};

/// As long as a real gateway may take from exec to its first answer: 90 s and more were seen with a large database.
pub const START_GRACE: SignedDuration = SignedDuration::from_secs(120);

/// A gateway that needs longer than this to start does not start.
const LONGEST: SignedDuration = SignedDuration::from_mins(30);

/// Twice the longest of its past starts: databases grow, and machines are busier on some days.
pub fn grace(starts: &[Duration]) -> SignedDuration {
    let longest = starts.iter().max().copied().unwrap_or_default();
    let learnt = SignedDuration::try_from(longest.saturating_mul(2)).unwrap_or(LONGEST);
    learnt.clamp(START_GRACE, LONGEST)
}

/// What may still be its start, after such `starts`. The process `answered` has answered before: its silence is none.
pub fn grace_of(seen: &Observation, starts: &[Duration], answered: Option<u32>) -> SignedDuration {
    let pid = seen.supervised.value.pid();
    let is_silent = matches!(seen.answers.value, Answers::Silent { .. });
    if is_silent && pid.is_some() && pid == answered { SignedDuration::ZERO } else { grace(starts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Autostart, Belongs, PortUse, Verdict};
    use crate::verdict::judge_within;
    use crate::verdict::tests::{observation, owned, registration, run};

    fn after(seconds: i64, starts: &[u64]) -> Verdict {
        let starts: Vec<Duration> = starts.iter().map(|seconds| Duration::from_secs(*seconds)).collect();
        let free = PortUse::Free { port: 18789 };
        let seen = observation(registration(Autostart::On), run(seconds, 0), free, Answers::Refused);
        judge_within(&seen, grace(&starts))
    }

    #[test]
    fn a_gateway_that_always_starts_slowly_is_given_its_time() {
        assert_eq!(after(300, &[]), Verdict::Degraded);
        assert_eq!(after(300, &[20, 181]), Verdict::Starting);
        assert_eq!(after(400, &[20, 181]), Verdict::Degraded);
    }

    #[test]
    fn who_has_answered_before_and_is_silent_does_not_start() {
        let silent = Answers::Silent { waited_ms: 2000 };
        let own = owned(Belongs::Service, None);
        let seen = observation(registration(Autostart::On), run(5, 0), own, silent);
        let judged = |answered| judge_within(&seen, grace_of(&seen, &[], answered));
        assert_eq!(judged(None), Verdict::Starting);
        assert_eq!(judged(Some(41)), Verdict::Starting, "another process");
        assert_eq!(judged(Some(42)), Verdict::Hung);
    }

    #[test]
    fn quick_starts_do_not_shorten_the_time() {
        assert_eq!(after(100, &[1, 1, 1]), Verdict::Starting);
    }

    #[test]
    fn no_start_takes_for_ever() {
        assert_eq!(after(2000, &[100_000]), Verdict::Degraded);
    }
}
