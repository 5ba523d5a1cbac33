//! Scheduled Tasks from end to end without a Windows: stories over a simulated Task Scheduler, independent readers of our files, and
//! the same simulator as a `schtasks.exe` program under which the real host runs the demo gateway.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]
#![cfg(target_os = "linux")]

// Each user of the simulator needs another part of it.
#[allow(dead_code)]
#[path = "doubles/schtasks/simulator.rs"]
mod simulator;

#[path = "doubles/ntfy.rs"]
mod ntfy;

#[path = "schtasks/auth_monitor.rs"]
mod auth_monitor;
#[path = "deaths/mod.rs"]
mod deaths;
#[path = "schtasks/deaths.rs"]
mod deaths_of_plans;
#[path = "schtasks/double.rs"]
mod double;
mod driven;
#[path = "schtasks/parsers.rs"]
mod parsers;
#[path = "schtasks/pc.rs"]
mod pc;
#[path = "rig/port.rs"]
mod port;
mod scripted;
#[path = "schtasks/setup.rs"]
mod setup;
#[path = "schtasks/stories.rs"]
mod stories;
#[path = "schtasks/truth.rs"]
mod truth;
mod wizard;
