//! What the gateway itself answers.

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// What the gateway itself answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Answers {
    Ready {
        version: Option<String>,
        latency_ms: u32,
    },
    /// Alive, but not ready yet; `failing` are the gateway's own names of what is missing.
    Live {
        failing: Vec<String>,
        latency_ms: u32,
    },
    /// Accepts connections and says nothing within `waited_ms`.
    Silent {
        waited_ms: u32,
    },
    /// Nobody listens.
    Refused,
    /// Something answers that is no gateway; `saw` describes it (`HTTP 200 text/html`).
    NotGateway {
        saw: String,
    },
    /// Not asked (the port is unknown) or the question failed.
    Unknown {
        why: Problem,
    },
}

impl Answers {
    /// The version that a ready gateway names.
    pub fn version(&self) -> Option<&str> {
        match self {
            Answers::Ready { version, .. } => version.as_deref(),
            Answers::Live { .. }
            | Answers::Silent { .. }
            | Answers::Refused
            | Answers::NotGateway { .. }
            | Answers::Unknown { .. } => None,
        }
    }
}
