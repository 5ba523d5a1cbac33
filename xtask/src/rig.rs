//! The tests' private user manager and desktop, for measuring on real ones.

// A rig that can't be built ends the benchmark as it ends a test.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../tests/rig/cgroup.rs"]
pub mod cgroup;
#[cfg(feature = "bench")]
#[path = "../../tests/rig/desktop.rs"]
pub mod desktop;
#[cfg(feature = "bench")]
#[path = "../../tests/rig/display.rs"]
pub mod display;
#[path = "../../tests/rig/folder.rs"]
pub mod folder;
#[cfg(feature = "bench")]
#[path = "../../tests/rig/notifications.rs"]
pub mod notifications;
#[path = "../../tests/rig/port.rs"]
pub mod port;
#[path = "../../tests/rig/processes.rs"]
pub mod processes;
#[cfg(feature = "bench")]
#[path = "../../tests/rig/screen.rs"]
pub mod screen;
#[cfg(feature = "bench")]
#[path = "../../tests/rig/tray.rs"]
pub mod tray;
#[path = "../../tests/rig/user_manager.rs"]
pub mod user_manager;
#[path = "../../tests/rig/wait.rs"]
pub mod wait;
#[cfg(feature = "bench")]
#[path = "../../tests/rig/webdriver.rs"]
pub mod webdriver;
