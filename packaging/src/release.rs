//! What all packages of one run have in common.

use crate::Order;

/// The processor that the programs are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    X86_64,
    Aarch64,
}

impl Architecture {
    /// As dpkg calls it.
    pub fn debian(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::Aarch64 => "arm64",
        }
    }

    /// As the kernel and rpm call it.
    pub fn kernel(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Release {
    /// Gateward's own, as in `gateward --version`.
    pub version: &'static str,
    /// Of the packaging.
    pub revision: u32,
    pub architecture: Architecture,
    /// Seconds since 1970: the time of every file.
    pub epoch: u32,
}

impl Release {
    pub fn of(order: &Order, architecture: Architecture) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            revision: order.revision,
            architecture,
            epoch: order.epoch,
        }
    }
}
