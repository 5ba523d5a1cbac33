//! The Windows host where there are windows, and with them the messages by which Windows ends a program: wine on a display without a
//! screen. Apart from the other tests under wine, which run without a display: the first program in a prefix decides that for all.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]
#![cfg(target_os = "linux")]

mod driven;
#[path = "wine/pc.rs"]
mod pc;
mod rig;
#[path = "wine/prefix.rs"]
mod wine;

use driven::Home;
use driven::task::Desk as _;
use pc::Pc;
use rig::{Desktop, port, wait_until};
use serde_json::Value as Json;

/// One after the other: the end of the session is the end of everything in it.
#[test]
fn a_message_to_close_and_the_end_of_the_session_end_the_gateway_in_good_order() {
    wine::end();
    let desktop = Desktop::start();
    let display = desktop.variable("DISPLAY");
    ended_by(display, |host| wine::run("taskkill", &["/PID", host], &[("DISPLAY", display)]).code);
    ended_by(display, |_| wine::run("wineboot", &["--end-session"], &[("DISPLAY", display)]).code);
    wine::end();
}

/// A gateway whose host is told to end by `tell`, which is given the host's pid.
#[track_caller]
fn ended_by(display: &str, tell: impl FnOnce(&str) -> Option<i32>) {
    let pc = Pc::new().on(display);
    pc.install();
    pc.ready_after(0);
    assert_eq!(tell(&pc.record()["host"]["pid"].to_string()), Some(0));
    wait_until(Pc::DEADLINE, "the host writes that it has ended", || pc.record()["phase"] == "stopped");
    let record = pc.record();
    assert_eq!(record["last_exit"]["exit"]["code"], Json::from(0), "{record:#}");
    wait_until(Pc::DEADLINE, "the port is free", || !pc.answers());
}
