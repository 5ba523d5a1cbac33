//! The demo gateway: a stand-in that answers as OpenClaw's gateway was observed to.
//!
//! It is the product's demo mode and the double under the real tests, so it misbehaves on demand: see [`Options`].
//! What it imitates is written in `openclaw-observed.md`, sections 3, 6 and 7. It is a program of its own and shares
//! nothing with the rest of the library.

// It plays a foreign program: reading its own arguments, environment and clock is its job, not a way around `System`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod auth_status;
mod config;
mod connection;
mod error;
mod gateway;
mod generation;
mod handshake;
mod http;
mod launch;
mod life;
mod listen;
mod log;
mod machine;
mod methods;
mod options;
mod server;
mod session;
mod tls;

pub use error::DemoError;
pub use generation::Generation;
pub use options::Options;

/// Plays the gateway until it is told to end, and returns the process' exit code.
///
/// What the real gateway would refuse (bad configuration, port in use) is told on stderr in its words and ends with its
/// exit code. A fatal signal asked for with `--die-by-signal` ends the process from in here.
///
/// # Errors
/// When an option names a file that can't be used, or the process can't listen to its signals.
pub async fn serve(options: Options) -> Result<u8, DemoError> {
    if let Some(path) = &options.print_launch {
        launch::record(path)?;
    }
    life::run(&options).await
}
