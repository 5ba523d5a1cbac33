//! What is mended, removed and taken back, over a real `systemd --user`; and two real programs that want to change something at once.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

#[path = "care/everything.rs"]
mod everything;
#[path = "care/fixes.rs"]
mod fixes;
mod rig;
#[path = "care/turns.rs"]
mod turns;
