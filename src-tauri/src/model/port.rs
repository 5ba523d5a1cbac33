//! Who holds a TCP port.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// Who holds the service's TCP port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum PortUse {
    Free {
        port: u16,
    },
    Owned {
        port: u16,
        owner: Listener,
    },
    /// Somebody listens, but the system does not show who.
    Hidden {
        port: u16,
    },
    Unknown {
        port: u16,
        why: Problem,
    },
}

impl PortUse {
    pub fn port(&self) -> u16 {
        match self {
            PortUse::Free { port }
            | PortUse::Owned { port, .. }
            | PortUse::Hidden { port }
            | PortUse::Unknown { port, .. } => *port,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Listener {
    pub pid: u32,
    /// The executable's file name.
    pub program: String,
    /// Masked like [`Registration::command`].
    pub command: Vec<String>,
    pub user: String,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub since: Option<Timestamp>,
    pub address: String,
    /// The unit, plist, task or container that started it, where the system tells.
    pub started_by: Option<String>,
    pub belongs: Belongs,
}

/// Whose process a listener is, as far as it is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Belongs {
    /// The supervised process or a descendant of it.
    Service,
    /// A gateway by its command line, but not the supervised one.
    Gateway,
    Stranger,
}
