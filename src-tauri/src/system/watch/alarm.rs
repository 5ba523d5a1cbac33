//! Waits with a timerfd(2). For a moment of the wall clock: it goes off on time also when the machine slept over it, and when the clock
//! is set. For a long while: the runtime's own timer wakes for a far deadline several times before it is due.

use std::time::Duration;

use jiff::Timestamp;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};

use super::on_reactor;

/// Ends at `at`, or as soon as the clock is set to another time.
pub async fn wait(at: Timestamp) -> std::io::Result<()> {
    // A time of zero would switch the timer off.
    let value = Timespec { tv_sec: at.as_second().max(1), tv_nsec: i64::from(at.subsec_nanosecond().max(0)) };
    let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
    go_off(TimerfdClockId::Realtime, flags, value).await
}

/// Ends after `duration`, which is not zero, in which the machine is awake.
pub async fn pass(duration: Duration) -> std::io::Result<()> {
    let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let value = Timespec { tv_sec: seconds, tv_nsec: duration.subsec_nanos().into() };
    go_off(TimerfdClockId::Monotonic, TimerfdTimerFlags::empty(), value).await
}

async fn go_off(clock: TimerfdClockId, flags: TimerfdTimerFlags, value: Timespec) -> std::io::Result<()> {
    let timer = timerfd_create(clock, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
    let once = Timespec { tv_sec: 0, tv_nsec: 0 };
    timerfd_settime(&timer, flags, &Itimerspec { it_interval: once, it_value: value })?;
    on_reactor(timer)?.readable().await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

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

    #[tokio::test]
    async fn a_while_is_waited_out() {
        let begun = Instant::now();
        let waited = tokio::time::timeout(Duration::from_secs(60), pass(Duration::from_millis(150))).await;
        assert!(waited.is_ok() && begun.elapsed() >= Duration::from_millis(150));
    }
}
