//! LaunchAgents from end to end without a Mac: stories over a simulated launchd, independent readers of our files, and the same
//! simulator as a `launchctl` program that starts the demo gateway for real.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]
#![cfg(target_os = "linux")]

// Each user of the simulator needs another part of it.
#[allow(dead_code)]
#[path = "doubles/launchctl/simulator.rs"]
mod simulator;

#[path = "doubles/ntfy.rs"]
mod ntfy;

#[path = "launchd/auth_monitor.rs"]
mod auth_monitor;
#[path = "launchd/bad_input.rs"]
mod bad_input;
#[path = "launchd/command_line.rs"]
mod command_line;
#[path = "deaths/mod.rs"]
mod deaths;
#[path = "launchd/deaths.rs"]
mod deaths_of_plans;
#[path = "launchd/desk.rs"]
mod desk;
#[path = "launchd/double.rs"]
mod double;
mod driven;
#[path = "launchd/engine.rs"]
mod engine;
#[path = "launchd/mac.rs"]
mod mac;
#[path = "launchd/parsers.rs"]
mod parsers;
#[path = "rig/port.rs"]
mod port;
mod scripted;
#[path = "launchd/setup.rs"]
mod setup;
#[path = "launchd/stories.rs"]
mod stories;
#[path = "launchd/truth.rs"]
mod truth;
mod wizard;
