//! `gateward run` while the wall clock jumps by a day: nothing happens sooner or later for it.
//!
//! libfaketime stands between the host and its C library and changes what CLOCK_REALTIME says, on a running process. The
//! monotonic clock is left alone, as it is when somebody sets the machine's clock.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;
mod rig;

use std::time::{Duration, Instant};

use hosted::{PATIENCE, Rig, STUBBORN, is_gone, kill, until};
use jiff::Timestamp;
use rustix::process::Signal;

const AHEAD: &str = "+1d";
const BACK: &str = "-1d";

#[test]
fn the_clock_of_the_rig_really_jumps() {
    let clock = Clock::new();
    let _host = clock.rig.host(&["--restart-delay=0ms"], "exec sleep 600");
    let gateway = clock.rig.gateway();
    let told = |rig: &Rig| rig.record()["since"].as_str().unwrap().parse::<Timestamp>().unwrap();
    let before = told(&clock.rig);
    clock.jump(AHEAD);
    kill(gateway, Signal::KILL);
    clock.rig.next_gateway(gateway);
    assert_eq!(before.duration_until(told(&clock.rig)).as_hours(), 24);
}

#[test]
fn a_restart_is_neither_early_nor_late() {
    for jump in [AHEAD, BACK] {
        let clock = Clock::new();
        let _host = clock.rig.host(&["--restart-delay=3s"], "exec sleep 600");
        let gateway = clock.rig.gateway();
        let crashed = Instant::now();
        kill(gateway, Signal::KILL);
        until("the crash is noted", || clock.rig.record()["notes"].to_string().contains("crash"));
        clock.jump(jump);
        // A day late would be waited for in vain.
        clock.rig.next_gateway(gateway);
        assert!(crashed.elapsed() >= Duration::from_secs(3), "{jump}: {:?}", crashed.elapsed());
    }
}

#[test]
fn the_deadline_of_a_stop_is_neither_early_nor_late() {
    for jump in [AHEAD, BACK] {
        let clock = Clock::new();
        let mut host = clock.rig.host(&["--stop-timeout=3s"], STUBBORN);
        clock.rig.until_said("up");
        let asked = Instant::now();
        host.signal(Signal::TERM);
        clock.rig.until_phase("stopping");
        clock.jump(jump);
        assert_eq!(host.code(), 124);
        assert!(asked.elapsed() >= Duration::from_secs(3), "{jump}: {:?}", asked.elapsed());
    }
}

#[test]
fn failures_are_not_forgotten() {
    let clock = Clock::new();
    let script = "read n < n; echo $((n + 1)) > n; echo run-$n; read go < go; exit 1";
    let fifo = clock.rig.path("go");
    std::fs::write(clock.rig.path("n"), "1\n").unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let mut host = clock.rig.host(&["--restart-delay=0ms", "--give-up-after=3"], script);
    for (run, jump) in [(1, AHEAD), (2, BACK), (3, AHEAD)] {
        clock.rig.until_said(&format!("run-{run}"));
        clock.jump(jump);
        std::fs::write(&fifo, "go\n").unwrap();
    }
    assert_eq!(host.code(), 3);
}

#[test]
fn how_long_the_gateway_ran_is_told_by_the_clock_that_does_not_jump() {
    let clock = Clock::new();
    let _host = clock.rig.host(&["--restart-delay=0ms"], "exec sleep 600");
    let gateway = clock.rig.gateway();
    clock.jump(AHEAD);
    kill(gateway, Signal::KILL);
    clock.rig.next_gateway(gateway);
    assert!(clock.rig.record()["last_uptime_s"].as_u64().unwrap() < 3600);
}

#[test]
fn a_gateway_that_outlived_its_host_is_still_known() {
    for jump in [AHEAD, BACK] {
        let clock = Clock::new();
        let mut first = clock.rig.host(&[], "exec sleep 600");
        let gateway = clock.rig.gateway();
        first.signal(Signal::KILL);
        first.code();
        clock.jump(jump);
        let mut second = clock.rig.host(&[], "exec sleep 600");
        until("the second host has it", || clock.rig.record()["host"]["pid"] == second.0.id());
        assert_eq!(clock.rig.gateway(), gateway, "{jump}");
        second.signal(Signal::TERM);
        second.code();
        assert!(is_gone(gateway));
    }
}

#[test]
fn a_permission_to_restart_neither_ends_early_nor_lasts_longer() {
    for (jump, lasting, is_valid) in [(AHEAD, PATIENCE, true), (BACK, Duration::ZERO, false)] {
        let clock = Clock::new();
        let host = clock.rig.host(&[], "exec sleep 600");
        let gateway = clock.rig.gateway();
        let token = clock.rig.permit(lasting);
        clock.jump(jump);
        host.signal(Signal::USR1);
        until("the token is used or removed", || !token.exists());
        match is_valid {
            true => assert_ne!(clock.rig.next_gateway(gateway), gateway),
            false => {
                until("it is noted", || clock.rig.record()["notes"].to_string().contains("signal-ignored"))
            }
        }
    }
}

/// A home whose wall clock is told by a file.
struct Clock {
    rig: Rig,
    /// Beside the home, which is the rig's own.
    file: tempfile::NamedTempFile,
}

impl Clock {
    #[track_caller]
    fn new() -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        let rig = Rig::with(&[
            ("LD_PRELOAD", rig::clock::library().display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", file.path().display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("FAKETIME_ONLY_CMDS", "gateward".to_owned()),
        ]);
        let clock = Self { rig, file };
        clock.jump("+0");
        clock
    }

    /// Sets the wall clock of everything in the home to so much beside the real one.
    fn jump(&self, offset: &str) {
        std::fs::write(self.file.path(), offset).unwrap();
    }
}

impl Drop for Clock {
    /// libfaketime's shared memory outlives a process that was killed; its name ends with the process id.
    fn drop(&mut self) {
        let entries = std::fs::read_dir("/dev/shm").into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let owner = name.contains("faketime").then(|| name.rsplit('_').next()?.parse().ok()).flatten();
            if owner.is_some_and(is_gone) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}
