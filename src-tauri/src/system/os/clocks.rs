//! How long the machine has slept: what one of its clocks counts during sleep and another does not.

use std::time::Duration;

#[cfg(any(target_os = "linux", target_os = "macos"))]
pub fn slept() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    // Linux: the monotonic clock stands still during sleep. macOS: it goes on, and the uptime clock stands still.
    #[cfg(target_os = "linux")]
    let (with, without) = (ClockId::Boottime, ClockId::Monotonic);
    #[cfg(target_os = "macos")]
    let (with, without) = (ClockId::Monotonic, ClockId::UptimeRaw);
    let read = |clock| Duration::try_from(clock_gettime(clock)).unwrap_or_default();
    let without = read(without);
    read(with).saturating_sub(without)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub fn slept() -> Duration {
    Duration::ZERO
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_stays_awake_sleeps_no_longer() {
        let before = slept();
        assert!(slept().abs_diff(before) < Duration::from_millis(100));
    }
}
