//! What is worth knowing beside the verdict.

use serde::{Deserialize, Serialize};

/// A weakness of a service that may be perfectly well at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// Lingering is off: it ends with the login session (A9).
    StopsAtLogout,
    /// An older OpenClaw wrote its definition.
    OldDefinition,
    /// What runs is not what the definition says.
    Drift,
    /// It listens on all addresses of the machine, not only on loopback.
    OpenToNetwork,
    /// OpenClaw or node was updated since the gateway was started (A7).
    Updated,
}

impl Remark {
    pub const ALL: &[Remark] = &[
        Remark::StopsAtLogout,
        Remark::OldDefinition,
        Remark::Drift,
        Remark::OpenToNetwork,
        Remark::Updated,
    ];

    /// The catalogue has `remark-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Remark::StopsAtLogout => "stops-at-logout",
            Remark::OldDefinition => "old-definition",
            Remark::Drift => "drift",
            Remark::OpenToNetwork => "open-to-network",
            Remark::Updated => "updated",
        }
    }

    /// What helps, to paste.
    pub fn command(self) -> &'static str {
        match self {
            Remark::StopsAtLogout => "loginctl enable-linger",
            Remark::OldDefinition => "gateward install --force",
            Remark::Drift => "gateward restart",
            Remark::OpenToNetwork => "openclaw config set gateway.bind loopback",
            Remark::Updated => "gateward after-update",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::assert_lists_all;

    #[test]
    fn no_remark_is_left_out() {
        assert_lists_all(Remark::ALL);
    }
}
