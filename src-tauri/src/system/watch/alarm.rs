//! Waits for a moment of the wall clock with a timerfd(2): it goes off on time also when the machine slept over it, and when the clock
//! is set.

use jiff::Timestamp;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};

use super::on_reactor;

/// Ends at `at`, or as soon as the clock is set to another time.
pub async fn wait(at: Timestamp) -> std::io::Result<()> {
    let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
    let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
    // A time of zero would switch the timer off.
    let value = Timespec { tv_sec: at.as_second().max(1), tv_nsec: i64::from(at.subsec_nanosecond().max(0)) };
    let spec = Itimerspec { it_interval: zero, it_value: value };
    timerfd_settime(&timer, TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET, &spec)?;
    on_reactor(timer)?.readable().await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_moment_that_has_passed_is_not_waited_for() {
        let waited = tokio::time::timeout(Duration::from_secs(5), wait(Timestamp::UNIX_EPOCH)).await;
        assert!(waited.is_ok());
    }

    #[tokio::test]
    async fn a_moment_is_waited_for_and_not_missed() {
        let at = Timestamp::now() + jiff::SignedDuration::from_millis(150);
        let waited = tokio::time::timeout(Duration::from_secs(5), wait(at)).await;
        assert!(waited.is_ok() && Timestamp::now() >= at);
    }
}
