//! The built-in manager over the real machine: real hosts, real gateways (the demo's), a home of its own for each test.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

#[path = "builtin/definition.rs"]
mod definition;
#[path = "builtin/ending.rs"]
mod ending;
#[path = "builtin/inside.rs"]
mod inside;
#[path = "builtin/life.rs"]
mod life;
#[path = "rig/port.rs"]
mod port;
#[path = "builtin/rig.rs"]
mod rig;
