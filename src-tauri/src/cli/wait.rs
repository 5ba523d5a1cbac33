//! `wait`: until the gateway is in a state.

use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::{self, Receiver};

use super::args::{Awaited, Wait};
use super::invocation::Invocation;
use super::{Exit, Output, status};
use crate::model::{GatewayState, Supervised, Verdict};
use crate::problem::Problem;
use crate::system::{Hint, Watching};
use crate::view;
use crate::world::Gateway;

/// Looked at again without a hint where the watches work: as a safety net.
const NET: Duration = Duration::from_secs(10);
/// Where no watch is to be had.
const BLIND: Duration = Duration::from_secs(1);
/// While a process runs that is not ready yet.
const CLOSE: Duration = Duration::from_millis(250);

/// # Errors
/// As [`Invocation::gateway`].
pub async fn run(wanted: &Wait, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let deadline = at.world.system.clock() + Duration::try_from(wanted.timeout).unwrap_or_default();
    let mut state = at.state(&gateway).await;
    let (mut hints, _watching) = watched(&state, &gateway, at);
    let mut blind = false;
    while !is_reached(wanted.target, &state) {
        let left = deadline.saturating_sub(at.world.system.clock());
        if left.is_zero() {
            return Ok(output(wanted, &state, &gateway, Exit::Late, at));
        }
        match hinted(&mut hints, pause(wanted.target, &state, blind).min(left), at).await {
            Some(Hint::Lost { .. }) => blind = true,
            Some(Hint::Watching { .. }) => blind = false,
            Some(Hint::Changed { .. }) | None => {}
        }
        state = at.state(&gateway).await;
    }
    Ok(output(wanted, &state, &gateway, Exit::Ok, at))
}

fn watched(state: &GatewayState, gateway: &Gateway, at: &Invocation<'_>) -> (Receiver<Hint>, Vec<Watching>) {
    let (tell, hints) = mpsc::channel(16);
    let watches = gateway.adapter.watch(&gateway.id, &state.observation);
    let watching = watches.into_iter().map(|watch| at.world.system.watch(watch, tell.clone())).collect();
    (hints, watching)
}

/// The next hint, or `None` after `pause`.
async fn hinted(hints: &mut Receiver<Hint>, pause: Duration, at: &Invocation<'_>) -> Option<Hint> {
    tokio::select! {
        Some(hint) = hints.recv() => Some(hint),
        () = at.world.system.pause(pause) => None,
    }
}

fn is_reached(target: Awaited, state: &GatewayState) -> bool {
    let supervised = &state.observation.supervised.value;
    match target {
        Awaited::Ready => state.verdict == Verdict::Ready,
        Awaited::Running => matches!(supervised, Supervised::Running(_)),
        Awaited::Stopped => supervised.is_at_rest(),
    }
}

/// Processes come and go with a signal; that one of them became ready shows only by asking it.
fn pause(target: Awaited, state: &GatewayState, blind: bool) -> Duration {
    let runs = matches!(state.observation.supervised.value, Supervised::Running(_));
    match target {
        Awaited::Ready if runs => CLOSE,
        Awaited::Ready | Awaited::Running | Awaited::Stopped if blind => BLIND,
        Awaited::Ready | Awaited::Running | Awaited::Stopped => NET,
    }
}

fn output(wanted: &Wait, state: &GatewayState, gateway: &Gateway, exit: Exit, at: &Invocation<'_>) -> Output {
    if at.flags.json {
        let mut value = status::json(state, gateway, at);
        value["reached"] = json!(exit == Exit::Ok);
        return Output::json(value, exit);
    }
    let headline = view::headline(state, at.words());
    if exit == Exit::Ok {
        return Output { text: headline + "\n", ..Output::default() };
    }
    let target = match wanted.target {
        Awaited::Ready => "ready",
        Awaited::Running => "running",
        Awaited::Stopped => "stopped",
    };
    let seconds = wanted.timeout.as_secs().to_string();
    let values = [("state", target), ("seconds", &*seconds), ("headline", &*headline)];
    Output { complaint: at.say("wait-late", &values) + "\n", exit, ..Output::default() }
}
