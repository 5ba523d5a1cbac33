//! The clocks that nobody sets: since boot, with and without the machine's sleep.

use std::time::Duration;

#[cfg(any(target_os = "linux", target_os = "macos"))]
use posix::{WITHOUT_SLEEP, read};

/// Since boot, sleep included.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub fn uptime() -> Duration {
    read(posix::WITH_SLEEP)
}

/// In whole seconds.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub fn uptime() -> Duration {
    Duration::from_secs(sysinfo::System::uptime())
}

/// How long the machine has slept: what one of its clocks counts during sleep and another does not.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub fn slept() -> Duration {
    let without = read(WITHOUT_SLEEP);
    uptime().saturating_sub(without)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub fn slept() -> Duration {
    Duration::ZERO
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod posix {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    // Linux: the monotonic clock stands still during sleep. macOS: it goes on, and the uptime clock stands still.
    #[cfg(target_os = "linux")]
    pub const WITH_SLEEP: ClockId = ClockId::Boottime;
    #[cfg(target_os = "linux")]
    pub const WITHOUT_SLEEP: ClockId = ClockId::Monotonic;
    #[cfg(target_os = "macos")]
    pub const WITH_SLEEP: ClockId = ClockId::Monotonic;
    #[cfg(target_os = "macos")]
    pub const WITHOUT_SLEEP: ClockId = ClockId::UptimeRaw;

    pub fn read(clock: ClockId) -> Duration {
        Duration::try_from(clock_gettime(clock)).unwrap_or_default()
    }
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
