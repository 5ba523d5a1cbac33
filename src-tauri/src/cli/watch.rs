//! `watch`: every change of the state, as it happens.

use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;

use super::invocation::Invocation;
use super::{Closed, Output, status};
use crate::model::{GatewayState, Verdict};
use crate::problem::Problem;
use crate::system::{Hint, Watching};
use crate::world::Gateway;

/// Looked at again without a hint, as a safety net.
const NET: Duration = Duration::from_secs(30);
/// The same where no watch is to be had.
const BLIND: Duration = Duration::from_secs(2);
/// While something is under way: readiness gives no signal.
const CLOSE: Duration = Duration::from_millis(500);

/// Goes on until the reader is gone or the process is ended.
///
/// # Errors
/// As [`Invocation::gateway`].
pub async fn run(at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let (tell, mut hints) = mpsc::channel(16);
    let mut state = at.state(&gateway).await;
    let _watching: Vec<Watching> = gateway
        .adapter
        .watch(&gateway.id, &state.observation)
        .into_iter()
        .map(|watch| at.world.system.watch(watch, tell.clone()))
        .collect();
    let mut blind = false;
    let mut told = tell_state(&state, &gateway, at);
    while told.is_ok() {
        if let Ok(Some(hint)) = tokio::time::timeout(pause(&state, blind), hints.recv()).await {
            blind = is_blind(&hint, blind);
        }
        let next = at.state(&gateway).await;
        if differs(&state, &next) {
            told = tell_state(&next, &gateway, at);
        }
        state = next;
    }
    Ok(Output::default())
}

fn tell_state(state: &GatewayState, gateway: &Gateway, at: &Invocation<'_>) -> Result<(), Closed> {
    match at.flags.json {
        true => at.console.say(&json!({ "state": status::json(state, gateway, at) }).to_string()),
        false => at.console.say(&at.page().line(state)),
    }
}

fn is_blind(hint: &Hint, before: bool) -> bool {
    match hint {
        Hint::Lost { .. } => true,
        Hint::Watching { .. } => false,
        Hint::Changed { .. } => before,
    }
}

fn pause(state: &GatewayState, blind: bool) -> Duration {
    match state.verdict {
        Verdict::Starting | Verdict::Stopping | Verdict::CrashLoop => CLOSE,
        Verdict::NotInstalled
        | Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Ready
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::Unloaded
        | Verdict::External
        | Verdict::Unknown => {
            if blind {
                BLIND
            } else {
                NET
            }
        }
    }
}

/// Ages and latencies change all the time and are no news.
fn differs(old: &GatewayState, new: &GatewayState) -> bool {
    old.verdict != new.verdict
        || old.observation.supervised.value.pid() != new.observation.supervised.value.pid()
        || old.observation.registered.value != new.observation.registered.value
}
