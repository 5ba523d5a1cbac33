//! The named meaning of an observation.

use serde::{Deserialize, Serialize};

/// The named meaning of the four facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    NotInstalled,
    Stopped,
    Disabled,
    Starting,
    Ready,
    Degraded,
    Hung,
    Stopping,
    CrashLoop,
    GaveUp,
    ConfigError,
    Orphan,
    ForeignOwner,
    TwoManagers,
    Unloaded,
    External,
    Unknown,
}

impl Verdict {
    pub const ALL: &[Verdict] = &[
        Verdict::NotInstalled,
        Verdict::Stopped,
        Verdict::Disabled,
        Verdict::Starting,
        Verdict::Ready,
        Verdict::Degraded,
        Verdict::Hung,
        Verdict::Stopping,
        Verdict::CrashLoop,
        Verdict::GaveUp,
        Verdict::ConfigError,
        Verdict::Orphan,
        Verdict::ForeignOwner,
        Verdict::TwoManagers,
        Verdict::Unloaded,
        Verdict::External,
        Verdict::Unknown,
    ];

    /// Whether the gateway has ended by itself, so that what it said last is why.
    pub fn is_own_end(self) -> bool {
        match self {
            Verdict::CrashLoop | Verdict::GaveUp | Verdict::ConfigError => true,
            Verdict::NotInstalled
            | Verdict::Stopped
            | Verdict::Disabled
            | Verdict::Starting
            | Verdict::Ready
            | Verdict::Degraded
            | Verdict::Hung
            | Verdict::Stopping
            | Verdict::Orphan
            | Verdict::ForeignOwner
            | Verdict::TwoManagers
            | Verdict::Unloaded
            | Verdict::External
            | Verdict::Unknown => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::assert_lists_all;

    #[test]
    fn no_verdict_is_left_out_and_all_are_spelled_in_kebab_case() {
        assert_lists_all(Verdict::ALL);
        assert_eq!(serde_json::to_value(Verdict::CrashLoop).unwrap(), "crash-loop");
    }
}
