//! What the gateway's process uses at this moment, and how fast it answers.

use std::time::Duration;

use jiff::SignedDuration;

use super::{door, service_port};
use crate::health;
use crate::identity::Identity;
use crate::model::{Answers, Observation};
use crate::system::{Ask, LoadSeen, Seen, System};

/// `None` for what the system or the gateway does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Processor time since the process began.
    pub cpu: Option<Duration>,
    pub memory_bytes: Option<u64>,
    pub latency: Option<Duration>,
}

/// An answer that is no older is not asked for again.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// Of process `pid`, and of the port that the service has by what was `seen`.
pub async fn load(system: &dyn System, id: &Identity, seen: &Observation, pid: u32) -> Load {
    let used = match system.answer(&Ask::Load { pid }).await.seen {
        Seen::Load(used) => Some(used),
        _ => None,
    };
    let latency = match just_seen(system, seen) {
        Some(latency) => Some(latency),
        None => asked(system, id, seen).await,
    };
    Load {
        cpu: used.map(|LoadSeen { cpu, .. }| cpu),
        memory_bytes: used.map(|LoadSeen { resident, .. }| resident),
        latency,
    }
}

fn just_seen(system: &dyn System, seen: &Observation) -> Option<Duration> {
    let age = system.now().duration_since(seen.answers.read_at);
    match &seen.answers.value {
        Answers::Ready { latency_ms, .. } | Answers::Live { latency_ms, .. } if age <= FRESH => {
            Some(Duration::from_millis((*latency_ms).into()))
        }
        Answers::Ready { .. }
        | Answers::Live { .. }
        | Answers::Silent { .. }
        | Answers::Refused
        | Answers::NotGateway { .. }
        | Answers::Unknown { .. } => None,
    }
}

async fn asked(system: &dyn System, id: &Identity, seen: &Observation) -> Option<Duration> {
    let door = door::of(system, &seen.registered.value, id).ok()?;
    let port = service_port(&seen.registered, id);
    let question = Ask::Http { port, path: health::LIVE.to_owned(), door };
    match system.answer(&question).await.seen {
        Seen::Http(answer) => Some(answer.latency),
        _ => None,
    }
}
