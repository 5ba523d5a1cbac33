//! `gateward run` with a gateway that misbehaves.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;
#[path = "rig/port.rs"]
mod port;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hosted::{Rig, is_gone, kill, until};
use port::free_port;
use rustix::process::Signal;

#[test]
fn a_gateway_that_ignores_every_signal_ends_at_its_deadline() {
    let rig = Rig::new();
    let mut host = rig
        .host(&["--stop-timeout=400ms"], "trap '' TERM INT HUP QUIT; echo up; while :; do sleep 0.05; done");
    rig.until_said("up");
    let gateway = rig.gateway();
    let asked = Instant::now();
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 124);
    assert!(asked.elapsed() >= Duration::from_millis(400), "{:?}", asked.elapsed());
    assert!(is_gone(gateway));
}

#[test]
fn a_helper_that_holds_the_port_does_not_outlive_its_gateway() {
    let port = free_port();
    let rig = Rig::new();
    let script = format!("{} & echo helper $!; exec sleep 600", demo(port));
    let mut host = rig.host(&["--restart-delay=0ms"], &script);
    until("the helper listens", || answers(port));
    let (gateway, helper) = (rig.gateway(), rig.said_number("helper"));
    kill(gateway, Signal::KILL);
    rig.next_gateway(gateway);
    until("the next helper listens", || answers(port));
    assert!(is_gone(helper));
    host.signal(Signal::TERM);
    host.code();
    assert!(!answers(port));
}

/// A helper in a session of its own, and one that has even lost its parent.
const ESCAPED: &str = "setsid sh -c 'echo helper $$; exec sleep 600' & sh -c 'setsid sh -c \"echo daemon \\$\\$; exec sleep 600\" &'";

fn escaped(rig: &Rig) -> [u32; 2] {
    ["helper", "daemon"].map(|word| {
        rig.until_said(word);
        rig.said_number(word)
    })
}

#[test]
fn a_helper_that_left_its_group_does_not_outlive_a_crash() {
    let rig = Rig::new();
    let _host = rig.host(&["--restart-delay=0ms"], &format!("{ESCAPED}; exec sleep 600"));
    let (escaped, gateway) = (escaped(&rig), rig.gateway());
    kill(gateway, Signal::KILL);
    rig.next_gateway(gateway);
    assert!(escaped.into_iter().all(is_gone));
}

#[test]
fn a_helper_that_left_its_group_does_not_outlive_a_stop() {
    for end in ["trap 'exit 0' TERM", "trap '' TERM"] {
        let rig = Rig::new();
        let mut host =
            rig.host(&["--stop-timeout=1s"], &format!("{end}; {ESCAPED}; while :; do sleep 0.05; done"));
        let escaped = escaped(&rig);
        host.signal(Signal::TERM);
        host.code();
        assert!(escaped.into_iter().all(is_gone), "{end}");
    }
}

#[test]
fn a_helper_that_left_its_group_is_known_to_the_next_host_too() {
    let rig = Rig::new();
    let script = format!("{ESCAPED}; exec sleep 600");
    let mut first = rig.host(&[], &script);
    let escaped = escaped(&rig);
    first.signal(Signal::KILL);
    first.code();
    let mut second = rig.host(&[], &script);
    rig.gateway_of(&second);
    second.signal(Signal::TERM);
    second.code();
    assert!(escaped.into_iter().all(is_gone));
}

#[test]
fn a_stop_without_a_host_ends_what_left_the_group() {
    let rig = Rig::new();
    let mut host = rig.host(&[], &format!("{ESCAPED}; exec sleep 600"));
    let escaped = escaped(&rig);
    host.signal(Signal::KILL);
    host.code();
    assert_eq!(rig.command(&["--stop"]).status().unwrap().code(), Some(0));
    assert!(escaped.into_iter().all(is_gone));
}

#[test]
fn the_helpers_of_another_gateway_and_whoever_shed_the_mark_are_left_alone() {
    let rigs = [Rig::new(), Rig::new()];
    let shed = "env -u GATEWARD_RUN setsid sh -c 'echo helper $$; exec sleep 600' & exec sleep 600";
    let mut hosts = [rigs[0].host(&[], shed), rigs[1].host(&[], &format!("{ESCAPED}; exec sleep 600"))];
    rigs.iter().for_each(|rig| rig.until_said("helper"));
    let [shed, others] = [rigs[0].said_number("helper"), rigs[1].said_number("helper")];
    hosts[0].signal(Signal::TERM);
    hosts[0].code();
    assert!(!is_gone(shed) && !is_gone(others));
    kill(shed, Signal::KILL);
}

#[test]
fn a_gateway_that_always_ends_during_its_start_can_be_stopped_at_any_moment() {
    for pause in 0..20 {
        let rig = Rig::new();
        let mut host = rig.host(&["--restart-delay=0ms", "--give-up-after=100000"], "exit 0");
        rig.until_phase("waiting");
        // Each time it meets another moment of a cycle.
        std::thread::sleep(Duration::from_micros(1400 * pause));
        host.signal(Signal::TERM);
        assert_eq!((host.code(), &rig.record()["phase"]), (0, &"stopped".into()), "after {pause}");
        assert!(rig.record()["gateway"].is_null());
    }
}

#[test]
fn a_stop_before_the_gateway_has_said_a_word_ends_it_too() {
    for _ in 0..20 {
        let rig = Rig::new();
        let mut host = rig.host(&[], "trap 'exit 0' TERM; while :; do sleep 0.01; done");
        let gateway = rig.gateway();
        host.signal(Signal::TERM);
        host.code();
        assert!(is_gone(gateway));
    }
}

#[test]
fn a_stopped_process_can_still_end_gracefully() {
    let rig = Rig::new();
    let mut host = rig
        .host(&["--stop-timeout=20s"], "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
    rig.until_said("up");
    kill(rig.gateway(), Signal::STOP);
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
    assert!(rig.log().contains("bye"));
}

#[test]
fn a_gateway_that_is_paused_and_resumed_has_not_ended() {
    let rig = Rig::new();
    let _host = rig.host(&["--restart-delay=0ms"], "exec sleep 600");
    let gateway = rig.gateway();
    for _ in 0..20 {
        kill(gateway, Signal::STOP);
        kill(gateway, Signal::CONT);
    }
    kill(gateway, Signal::KILL);
    rig.next_gateway(gateway);
    assert_eq!(rig.record()["restarts"], 1);
}

fn demo(port: u16) -> String {
    format!("'{}' demo --port {port}", env!("CARGO_BIN_EXE_gateward"))
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /health HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1."))
}
