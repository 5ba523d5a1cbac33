//! `watch`: every change of the state and every incident, as it happens.

use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;

use super::invocation::Invocation;
use super::{Closed, Output, chronicle, status};
use crate::incidents::Story;
use crate::model::{GatewayState, Incident, Verdict};
use crate::problem::Problem;
use crate::system::{Hint, Watching};
use crate::world::Gateway;

/// Looked at again without a hint, as a safety net.
const NET: Duration = Duration::from_secs(30);
/// The same where no watch is to be had.
const BLIND: Duration = Duration::from_secs(2);
/// While something is under way: readiness gives no signal.
const CLOSE: Duration = Duration::from_millis(500);
/// How long an end may look final before the automatic restart shows.
const DOUBT: Duration = Duration::from_millis(50);

/// Goes on until the reader is gone or the process is ended.
///
/// # Errors
/// As [`Invocation::gateway`].
pub async fn run(at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let mut state = at.state(&gateway).await;
    let (mut hints, _watching) = watched(&state, &gateway, at);
    let mut story = Story::new(&state.profile);
    let mut told = tell_state(&state, &gateway, at).and(tell_incidents(&mut story, &state, at));
    let mut blind = false;
    while told.is_ok() {
        if let Ok(Some(hint)) = tokio::time::timeout(pause(&state, blind), hints.recv()).await {
            blind = heard(hint, &mut story, blind);
        }
        let next = settled(&story, &gateway, at).await;
        if differs(&state, &next) {
            told = tell_state(&next, &gateway, at);
        }
        told = told.and(tell_incidents(&mut story, &next, at));
        state = next;
    }
    Ok(Output::default())
}

fn watched(
    state: &GatewayState,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> (mpsc::Receiver<Hint>, Vec<Watching>) {
    let (tell, hints) = mpsc::channel(16);
    let watches = gateway.adapter.watch(&gateway.id, &state.observation);
    let watching = watches.into_iter().map(|watch| at.world.system.watch(watch, tell.clone())).collect();
    (hints, watching)
}

/// A state that is not the passing moment between a process's end and its automatic restart.
async fn settled(story: &Story, gateway: &Gateway, at: &Invocation<'_>) -> GatewayState {
    let first = at.state(gateway).await;
    if !story.doubts(&first.observation) {
        return first;
    }
    at.world.system.pause(DOUBT).await;
    at.state(gateway).await
}

/// Keeps what a hint proves; whether nothing watches any more.
fn heard(hint: Hint, story: &mut Story, blind: bool) -> bool {
    match hint {
        Hint::Lost { .. } => true,
        Hint::Watching { .. } => false,
        Hint::Changed { exit, .. } => {
            exit.into_iter().for_each(|record| story.heard(record));
            blind
        }
    }
}

fn tell_state(state: &GatewayState, gateway: &Gateway, at: &Invocation<'_>) -> Result<(), Closed> {
    match at.flags.json {
        true => at.console.say(&json!({ "state": status::json(state, gateway, at) }).to_string()),
        false => at.console.say(&at.page().line(state)),
    }
}

fn tell_incidents(story: &mut Story, state: &GatewayState, at: &Invocation<'_>) -> Result<(), Closed> {
    let incidents = story.tell(&state.observation, at.world.system.now());
    chronicle::record(&incidents, at);
    incidents.iter().try_for_each(|incident| tell_incident(incident, at))
}

fn tell_incident(incident: &Incident, at: &Invocation<'_>) -> Result<(), Closed> {
    match at.flags.json {
        true => at.console.say(&json!({ "incident": incident }).to_string()),
        false => at.console.say(&at.page().incident(incident)),
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
