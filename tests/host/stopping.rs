//! Signals that end a gateway, and the clock they run against.

use std::time::Duration;

use jiff::SignedDuration;
use rustix::process::Signal;

use super::hosted::{Rig, STUBBORN, is_gone, until};

#[test]
fn sigterm_ends_the_gateway_gracefully() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
    rig.until_said("up");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
    assert!(rig.log().contains("bye"));
    assert_eq!(rig.record()["phase"], "stopped");
}

#[test]
fn a_gateway_that_ignores_sigterm_is_killed_with_its_group() {
    let rig = Rig::new();
    let script = "trap '' TERM; sleep 600 & echo helper $!; while :; do sleep 0.05; done";
    let mut host = rig.host(&["--stop-timeout=300ms"], script);
    rig.until_said("helper");
    let helper = rig.said_number("helper");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 124);
    until("the helper is gone", || is_gone(helper));
}

#[test]
fn helpers_left_behind_by_a_graceful_end_are_killed() {
    let rig = Rig::new();
    let mut host =
        rig.host(&[], "trap 'exit 0' TERM; sleep 600 & echo helper $!; while :; do sleep 0.05; done");
    rig.until_said("helper");
    let helper = rig.said_number("helper");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
    until("the helper is gone", || is_gone(helper));
}

#[test]
fn a_third_signal_kills_without_waiting() {
    let rig = Rig::new();
    let mut host = rig.host(&["--stop-timeout=600s"], STUBBORN);
    rig.until_said("up");
    for _ in 0..3 {
        host.signal(Signal::INT);
        // Signals of one kind that are not yet taken count as one.
        rig.until_phase("stopping");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(host.code(), 124);
}

#[test]
fn a_second_signal_shortens_the_wait() {
    let rig = Rig::new();
    let mut host = rig.host(&["--stop-timeout=600s"], STUBBORN);
    rig.until_said("up");
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    host.signal(Signal::INT);
    assert_eq!(host.code(), 124);
}

#[test]
fn a_hangup_ends_a_host_in_a_terminal() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "exec sleep 600");
    rig.until_phase("running");
    host.signal(Signal::HUP);
    assert_eq!(host.code(), 0);
}

#[test]
fn stopping_what_does_not_run_succeeds() {
    assert_eq!(Rig::new().command(&["--stop"]).status().unwrap().code(), Some(0));
}

#[test]
fn a_forced_stop_cuts_the_drain_short() {
    let rig = Rig::new();
    let mut host = rig.host(&["--stop-timeout=600s"], STUBBORN);
    rig.until_said("up");
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    assert_eq!(rig.command(&["--stop-now"]).status().unwrap().code(), Some(0));
    assert_eq!(host.code(), 124);
}

#[test]
fn the_record_says_until_when_a_drain_may_last() {
    let rig = Rig::new();
    let host = rig.host(&["--stop-timeout=600s"], STUBBORN);
    rig.until_said("up");
    let asked = jiff::Timestamp::now();
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    let due: jiff::Timestamp = rig.record()["due"].as_str().unwrap().parse().unwrap();
    assert!(due >= asked + SignedDuration::from_secs(599), "{due}");
    assert!(due <= jiff::Timestamp::now() + SignedDuration::from_secs(600), "{due}");
    rig.command(&["--stop-now"]).status().unwrap();
}

#[test]
fn a_kill_at_the_deadline_is_in_the_history_with_what_it_hung_on() {
    let rig = Rig::new();
    let script = format!("echo still busy with task 7 >&2; {STUBBORN}");
    let mut host = rig.host(&["--stop-timeout=200ms"], &script);
    rig.until_said("up");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 124);
    let told = rig.history();
    let killed =
        told.iter().find(|incident| incident["kind"] == "killed-at-deadline").expect("no such incident");
    assert_eq!(killed["last_words"][0], "still busy with task 7");
}

#[test]
fn a_manager_that_would_kill_soon_shortens_the_drain() {
    let rig = Rig::new();
    let host = rig.host(&["--kill-limit=60s"], STUBBORN);
    rig.until_said("up");
    assert_eq!(rig.record()["stops_within_s"], 60);
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    let due: jiff::Timestamp = rig.record()["due"].as_str().unwrap().parse().unwrap();
    // What is left to 60 s is for killed processes to vanish, and for the last words.
    assert!(due <= jiff::Timestamp::now() + SignedDuration::from_secs(53), "{due}");
    rig.command(&["--stop-now"]).status().unwrap();
}
