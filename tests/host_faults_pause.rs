//! `gateward run` suspended and resumed, as the machine does it to all processes alike.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;

use std::time::Duration;

use hosted::{Rig, STUBBORN, is_gone, kill, until};
use rustix::process::Signal;

#[test]
fn a_crash_during_the_hosts_sleep_is_answered_when_it_wakes() {
    let rig = Rig::new();
    let host = rig.host(&["--restart-delay=0ms"], "exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::STOP);
    kill(gateway, Signal::KILL);
    until("the gateway has ended", || is_gone(gateway));
    host.signal(Signal::CONT);
    rig.next_gateway(gateway);
    assert_eq!(rig.record()["last_exit"]["exit"]["signal"], 9);
}

#[test]
fn a_stop_during_the_hosts_sleep_is_answered_when_it_wakes() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
    rig.until_said("up");
    host.signal(Signal::STOP);
    host.signal(Signal::TERM);
    host.signal(Signal::CONT);
    assert_eq!(host.code(), 0);
    assert!(rig.log().contains("bye"));
}

#[test]
fn a_deadline_that_passed_in_the_hosts_sleep_is_kept_when_it_wakes() {
    let rig = Rig::new();
    // Long enough for all up to the sleep on any machine.
    let timeout = Duration::from_secs(6);
    let mut host = rig.host(&[&format!("--stop-timeout={}s", timeout.as_secs())], STUBBORN);
    rig.until_said("up");
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    host.signal(Signal::STOP);
    std::thread::sleep(timeout);
    let gateway = rig.gateway_in("stopping");
    assert!(!is_gone(gateway));
    host.signal(Signal::CONT);
    assert_eq!(host.code(), 124);
    assert!(is_gone(gateway));
}

#[test]
fn host_and_gateway_that_sleep_and_wake_together_go_on() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done");
    rig.until_said("up");
    let gateway = rig.gateway();
    for _ in 0..10 {
        kill(gateway, Signal::STOP);
        host.signal(Signal::STOP);
        std::thread::sleep(Duration::from_millis(20));
        host.signal(Signal::CONT);
        kill(gateway, Signal::CONT);
    }
    host.signal(Signal::TERM);
    assert_eq!((host.code(), &rig.record()["restarts"]), (0, &0.into()));
    assert!(is_gone(gateway));
}
