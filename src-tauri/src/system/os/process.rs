//! Processes and listening sockets: from procfs and netlink on Linux, elsewhere through the system's own calls.

use crate::system::Seen;

#[cfg(target_os = "linux")]
pub use linux::{addresses, listeners, load, seen, source};

/// The addresses on which somebody listens on `port`.
#[cfg(not(target_os = "linux"))]
pub fn addresses(_port: u16) -> Vec<std::net::SocketAddr> {
    Vec::new()
}

/// Processes that name one of the words on their command line. Off the loop: it reads all of /proc.
#[cfg(target_os = "linux")]
pub async fn naming(words: &[String]) -> Seen {
    let words = words.to_vec();
    let looked = tokio::task::spawn_blocking(move || linux::naming(&words)).await;
    Seen::Processes(looked.unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
pub async fn naming(_words: &[String]) -> Seen {
    Seen::Processes(Vec::new())
}

#[cfg(not(target_os = "linux"))]
pub use portable::{listeners, load, seen, source};

#[cfg(any(test, not(target_os = "linux")))]
mod portable;

#[cfg(target_os = "linux")]
mod linux;

mod starter;

#[cfg(windows)]
mod family;
#[cfg(windows)]
pub use family::descendants;
