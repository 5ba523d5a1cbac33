use std::time::Duration;

use clap::ValueEnum;

/// Which of the two observed gateways is imitated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Generation {
    /// As openclaw 2026.9.6: JSON health answers, WebSocket protocol 4.
    New,
    /// As openclaw 2026.2.9: a page on every path, WebSocket protocol 3.
    Old,
}

impl Generation {
    pub(super) fn protocol(self) -> u64 {
        match self {
            Self::New => 4,
            Self::Old => 3,
        }
    }

    pub(super) fn version(self) -> &'static str {
        match self {
            Self::New => "2026.9.6",
            Self::Old => "2026.2.9",
        }
    }

    /// How long a WebSocket client may say nothing before it is closed (observed 3.3).
    pub(super) fn silence(self) -> Duration {
        match self {
            Self::New => Duration::from_secs(15),
            Self::Old => Duration::from_secs(10),
        }
    }

    /// The exit code for a configuration that can't work (observed 6): only the new one tells it from other failures.
    pub(super) fn bad_config_exit(self) -> u8 {
        match self {
            Self::New => 78,
            Self::Old => 1,
        }
    }

    pub(super) fn methods(self) -> &'static [&'static str] {
        match self {
            Self::New => &["health", "status", "logs.tail", "models.authStatus"],
            Self::Old => &["health", "status", "logs.tail"],
        }
    }
}
