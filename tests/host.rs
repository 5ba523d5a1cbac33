//! `gateward run` over real processes, each test with a home of its own.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;

#[path = "host/adopting.rs"]
mod adopting;
#[path = "host/output.rs"]
mod output;
#[path = "host/restarting.rs"]
mod restarting;
#[path = "host/starting.rs"]
mod starting;
#[path = "host/stopping.rs"]
mod stopping;
