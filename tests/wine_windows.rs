//! The Windows programs, really run: under wine, with the simulator in the place of its schtasks, which answers 0 to whatever it does
//! not know. `cargo xtask test` builds them first (docs/platforms/windows.md says how, and what wine cannot show).

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]
#![cfg(target_os = "linux")]

#[path = "wine/command_line.rs"]
mod command_line;
mod driven;
#[path = "wine/pc.rs"]
mod pc;
mod rig;
#[path = "wine/scheduler.rs"]
mod scheduler;
#[path = "wine/scripts.rs"]
mod scripts;
#[path = "wine/prefix.rs"]
mod wine;

use rig::port;
