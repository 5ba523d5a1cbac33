//! `status` and `watch`.

use serde_json::{Value, json};

use super::args::Status;
use super::invocation::Invocation;
use super::{Exit, Output, openclaw_json};
use crate::model::{GatewayState, Verdict};
use crate::problem::Problem;
use crate::world::Gateway;

/// # Errors
/// Only when the gateway cannot be named at all: no home, a bad profile name.
pub async fn run(status: &Status, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let state = at.state(&gateway).await;
    let exit = if status.check { checked(state.verdict) } else { Exit::Ok };
    if at.flags.json {
        return Ok(Output::json(json(&state, &gateway, at), exit));
    }
    let text = at.page().state(&state);
    let config = gateway.config.as_ref().err().map(|problem| format!("\n{}\n", at.page().problem(problem)));
    Ok(Output { text: text + &config.unwrap_or_default(), exit, ..Output::default() })
}

/// `GatewayState`, each fact with its age, and OpenClaw's keys beside ours (OC 8.6).
pub fn json(state: &GatewayState, gateway: &Gateway, at: &Invocation<'_>) -> Value {
    let mut value = serde_json::to_value(state).unwrap_or_default();
    let now = at.world.system.now();
    let seen = &state.observation;
    let read = [
        ("registered", seen.registered.read_at),
        ("supervised", seen.supervised.read_at),
        ("port", seen.port.read_at),
        ("answers", seen.answers.read_at),
    ];
    for (fact, read_at) in read {
        value["observation"][fact]["age_ms"] = json!(now.duration_since(read_at).as_millis() as i64);
    }
    if let (Value::Object(ours), Value::Object(theirs)) =
        (&mut value, openclaw_json::keys(state, gateway, at))
    {
        for (key, extra) in theirs {
            ours.entry(key).or_insert(extra);
        }
    }
    value
}

/// Exit codes of `status --check`; 3 and 4 as systemctl(1) has them.
fn checked(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Ready => Exit::Ok,
        Verdict::NotInstalled
        | Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Unloaded
        | Verdict::GaveUp
        | Verdict::ConfigError => Exit::NotRunning,
        Verdict::Unknown => Exit::Unknown,
        Verdict::Starting | Verdict::Stopping => Exit::UnderWay,
        Verdict::Degraded
        | Verdict::Hung
        | Verdict::CrashLoop
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::External => Exit::Unwell,
    }
}
