//! The tests' private user manager, for measuring against a real one.

// A rig that can't be built ends the benchmark as it ends a test.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../tests/rig/folder.rs"]
pub mod folder;
#[path = "../../tests/rig/processes.rs"]
pub mod processes;
#[path = "../../tests/rig/user_manager.rs"]
pub mod user_manager;
#[path = "../../tests/rig/wait.rs"]
pub mod wait;
