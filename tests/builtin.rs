//! The built-in manager over the real machine: real hosts, real gateways (the demo's), a home of its own for each test.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

#[path = "deaths/mod.rs"]
mod deaths;
#[path = "builtin/deaths.rs"]
mod deaths_of_plans;
#[path = "builtin/definition.rs"]
mod definition;
#[path = "builtin/ending.rs"]
mod ending;
#[path = "builtin/inside.rs"]
mod inside;
#[path = "builtin/life.rs"]
mod life;
#[path = "builtin/machine.rs"]
mod machine;
#[path = "rig/port.rs"]
mod port;
#[path = "builtin/rig.rs"]
mod rig;
// What the stories of the other managers need besides.
#[allow(dead_code)]
mod scripted;
