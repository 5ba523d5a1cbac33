//! Gateways that outlived their host.

use std::process::Command;

use rustix::process::Signal;

use super::hosted::{RECORD, Rig, is_gone, kill, until};

#[test]
fn a_gateway_outlives_a_killed_host_and_is_adopted_not_doubled() {
    let rig = Rig::new();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    let mut second = rig.host(&[], "exec sleep 600");
    until("the second host has the gateway", || {
        rig.record()["host"]["pid"] == second.0.id() && rig.gateway() == gateway
    });
    second.signal(Signal::TERM);
    assert_eq!(second.code(), 0);
    assert!(is_gone(gateway));
}

#[test]
fn a_gateway_of_another_command_is_ended_before_the_new_one_starts() {
    let rig = Rig::new();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    let second = rig.host(&[], "exec sleep 700");
    until("the new one runs", || {
        rig.record()["phase"] == "running" && rig.record()["host"]["pid"] == second.0.id()
    });
    assert!(is_gone(gateway) && rig.gateway() != gateway);
}

#[test]
fn an_adopted_gateway_that_ends_is_started_again() {
    let rig = Rig::new();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    let _second = rig.host(&["--restart-delay=10ms"], "exec sleep 600");
    rig.until_phase("running");
    kill(gateway, Signal::KILL);
    rig.next_gateway(gateway);
}

#[test]
fn a_process_that_only_has_the_pid_is_neither_adopted_nor_ended() {
    let rig = Rig::new();
    let mut stranger = Command::new("sleep").arg("600").spawn().unwrap();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    kill(gateway, Signal::KILL);
    let mut record = rig.record();
    record["gateway"]["pid"] = stranger.id().into();
    std::fs::write(rig.path(RECORD), record.to_string()).unwrap();
    assert_eq!(rig.command(&["--stop"]).status().unwrap().code(), Some(0));
    let mut second = rig.host(&[], "exec sleep 600");
    until("a gateway of its own runs", || {
        rig.record()["phase"] == "running" && rig.record()["host"]["pid"] == second.0.id()
    });
    assert_ne!(rig.gateway(), stranger.id());
    second.signal(Signal::TERM);
    second.code();
    assert_eq!(stranger.try_wait().unwrap(), None);
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn stopping_ends_a_gateway_that_outlived_its_host() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::KILL);
    host.code();
    assert!(!is_gone(gateway));
    assert_eq!(rig.command(&["--stop"]).status().unwrap().code(), Some(0));
    assert!(is_gone(gateway));
}
