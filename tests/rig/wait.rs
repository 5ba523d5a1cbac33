//! Waiting for a thing rather than for a time.

use std::thread;
use std::time::{Duration, Instant};

/// Enough for anything in the rig on a loaded machine with two cores.
pub const PATIENCE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(20);

/// Returns as soon as `is_so`; fails with `what` after `deadline`.
#[track_caller]
pub fn wait_until(deadline: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    wait_for(deadline, what, || is_so().then_some(()));
}

/// Returns the first `Some` of `look`; fails with `what` after `deadline`.
#[track_caller]
pub fn wait_for<T>(deadline: Duration, what: &str, look: impl FnMut() -> Option<T>) -> T {
    match wait_at_most(deadline, look) {
        Some(found) => found,
        None => panic!("waited {deadline:?} in vain: {what}"),
    }
}

/// Returns the first `Some` of `look`, or `None` after `deadline`.
pub fn wait_at_most<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + deadline;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() > end {
            return None;
        }
        thread::sleep(PAUSE);
    }
}
