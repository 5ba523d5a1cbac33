//! One archive for whoever helps: what is known of this account's gateways, without its secrets.
//!
//! It is collected first, looked at, and then saved: what was shown is what is written. Everything in it goes through the [`Veil`],
//! names of files too: it hides every secret that is known here by its value (of the environment, the config, the definitions and
//! their environment files, the arguments of processes, the stores of credentials), and whatever looks like one.

mod archive;
mod collect;
mod secrets;
#[cfg(test)]
mod tests;
mod veil;

pub use archive::{Archive, Entry, Kind};
pub use collect::{Subject, collect};
pub use secrets::Secrets;
pub use veil::Veil;
