//! The project's own rig: a private `systemd --user`, a desktop without a screen, and robots for tray, notifications
//! and window. Each is independent of the machine's own home, manager and display, and leaves nothing behind.
//!
//! ```ignore
//! mod rig;
//! let manager = rig::UserManager::start();
//! let desktop = rig::Desktop::with().panel().recorded_notifications().on(&manager).start();
//! let app = desktop.spawn(desktop.command(env!("CARGO_BIN_EXE_gateward-tray")));
//! let item = rig::TrayItem::wait(&desktop);
//! item.click(&["Restart"]);
//! ```
//!
//! Values go in reverse order of their making, so make the manager first: what stands on it then ends before it.

// Every test file uses another part; and a rig that can't be built is a failed test.
#![allow(dead_code, unused_imports)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

pub mod cgroup;
pub mod clock;
pub mod desktop;
pub mod display;
pub mod folder;
pub mod machine;
pub mod nobody;
pub mod notifications;
pub mod openclaw;
pub mod port;
pub mod processes;
pub mod screen;
pub mod tray;
pub mod user_manager;
pub mod wait;
pub mod webdriver;

pub use desktop::Desktop;
pub use folder::script;
pub use notifications::{Notification, Notifications};
pub use port::free_port;
pub use tray::{MenuEntry, TrayItem};
pub use user_manager::UserManager;
pub use wait::{wait_at_most, wait_for, wait_until};
pub use webdriver::{Window, eventually, mini_browser};
