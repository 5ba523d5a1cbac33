//! `gateward run` killed at any moment: what it hosted is adopted, never lost, never doubled.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;

use std::time::Duration;

use hosted::{Rig, STUBBORN, is_gone, kill, until};
use rustix::process::Signal;

/// What every script here becomes in the end.
const SLEEPER: [&str; 2] = ["sleep", "654321"];

#[test]
fn a_host_killed_at_any_moment_leaves_at_most_one_gateway_which_the_next_host_has() {
    let rig = Rig::new();
    for step in 0..60 {
        let mut host = rig.host(&["--restart-delay=0ms"], "exec sleep 654321");
        std::thread::sleep(Duration::from_micros(500 * step));
        host.signal(Signal::KILL);
        host.code();
        assert!(rig.alive(&SLEEPER).len() <= 1, "doubled after {step}");
    }
    let host = rig.host(&[], "exec sleep 654321");
    let gateway = rig.gateway_of(&host);
    until("it is the only one", || rig.alive(&SLEEPER) == [gateway]);
}

/// Lives for some milliseconds and has one process all the while: a child would for a moment be a second one by its command line.
const CRASHING: &str = "i=0; while [ $i -lt 5000 ]; do i=$((i+1)); done; exit 1";

#[test]
fn a_host_killed_while_it_restarts_a_crashing_gateway_leaves_at_most_one() {
    let rig = Rig::new();
    let gateways = || rig.alive(&["/bin/sh", "-c", CRASHING]).len();
    let mut seen = 0;
    for step in 0..40 {
        let mut host = rig.host(&["--restart-delay=0ms", "--give-up-after=100000"], CRASHING);
        rig.gateway_of(&host);
        seen = seen.max(gateways());
        std::thread::sleep(Duration::from_micros(300 * step));
        host.signal(Signal::KILL);
        host.code();
        seen = seen.max(gateways());
        assert!(seen <= 1, "doubled after {step}");
    }
    assert_eq!(seen, 1, "some were met alive");
    let host = rig.host(&[], "exec sleep 654321");
    let gateway = rig.gateway_of(&host);
    until("it is the only one", || rig.alive(&SLEEPER) == [gateway]);
}

#[test]
fn a_host_that_dies_while_it_stops_a_gateway_leaves_the_stop_to_the_next_one() {
    let rig = Rig::new();
    let mut host = rig.host(&[], STUBBORN);
    rig.until_said("up");
    let gateway = rig.gateway();
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    host.signal(Signal::KILL);
    host.code();
    kill(gateway, Signal::CONT);
    assert!(!is_gone(gateway));
    let mut second = rig.host(&["--stop-timeout=200ms"], STUBBORN);
    assert_eq!(rig.gateway_of(&second), gateway);
    second.signal(Signal::TERM);
    assert_eq!(second.code(), 124);
    assert!(is_gone(gateway));
}
