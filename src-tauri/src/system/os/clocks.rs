//! The clocks that nobody sets: since boot, with and without the machine's sleep.

use std::time::Duration;

#[cfg(any(target_os = "linux", target_os = "macos"))]
use posix::{WITH_SLEEP, read, without_sleep};

/// Since boot, sleep included.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub fn uptime() -> Duration {
    read(WITH_SLEEP)
}

/// In whole seconds.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub fn uptime() -> Duration {
    Duration::from_secs(sysinfo::System::uptime())
}

/// How long the machine has slept: what one of its clocks counts during sleep and another does not. On macOS since it was first
/// asked for.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub fn slept() -> Duration {
    let without = without_sleep();
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

    // Linux: the monotonic clock stands still during sleep. macOS: it goes on.
    #[cfg(target_os = "linux")]
    pub const WITH_SLEEP: ClockId = ClockId::Boottime;
    #[cfg(target_os = "macos")]
    pub const WITH_SLEEP: ClockId = ClockId::Monotonic;

    #[cfg(target_os = "linux")]
    pub fn without_sleep() -> Duration {
        read(ClockId::Monotonic)
    }

    /// Rust's own `Instant` is CLOCK_UPTIME_RAW there, which rustix does not offer.
    #[cfg(target_os = "macos")]
    pub fn without_sleep() -> Duration {
        use std::sync::OnceLock;
        use std::time::Instant;

        static FIRST: OnceLock<(Instant, Duration)> = OnceLock::new();
        let (began, clock) = FIRST.get_or_init(|| (Instant::now(), read(WITH_SLEEP)));
        *clock + began.elapsed()
    }

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
