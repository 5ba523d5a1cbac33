//! What the gateway's process uses at this moment, and how fast it answers.

use std::time::Duration;

use super::{door, service_port};
use crate::health;
use crate::identity::Identity;
use crate::model::Observation;
use crate::system::{Ask, LoadSeen, Seen, System};

/// `None` for what the system or the gateway does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Processor time since the process began.
    pub cpu: Option<Duration>,
    pub memory_bytes: Option<u64>,
    pub latency: Option<Duration>,
}

/// Of process `pid`, and of the port that the service has by what was `seen`.
pub async fn load(system: &dyn System, id: &Identity, seen: &Observation, pid: u32) -> Load {
    let used = match system.answer(&Ask::Load { pid }).await.seen {
        Seen::Load(used) => Some(used),
        _ => None,
    };
    let latency = match door::of(system, &seen.registered.value, id) {
        Ok(door) => {
            let port = service_port(&seen.registered, id);
            let asked = Ask::Http { port, path: health::LIVE.to_owned(), door };
            match system.answer(&asked).await.seen {
                Seen::Http(answer) => Some(answer.latency),
                _ => None,
            }
        }
        Err(_) => None,
    };
    Load {
        cpu: used.map(|LoadSeen { cpu, .. }| cpu),
        memory_bytes: used.map(|LoadSeen { resident, .. }| resident),
        latency,
    }
}
