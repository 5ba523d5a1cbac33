//! A stop under way: its clock while it is waited for, and `stop --now`, which doesn't wait.

use std::time::Duration;

use super::Output;
use super::chronicle::Chronicle;
use super::invocation::Invocation;
use super::lifecycle::{carry, running};
use super::report::{Done, Report, failure};
use crate::adapter::Adapter;
use crate::execute::Stage;
use crate::identity::Identity;
use crate::model::{Action, Observation, Supervised};
use crate::observe::observe;
use crate::plan::{Plan, Step};
use crate::problem::{Code, Problem};
use crate::view::drain::drain;
use crate::world::Gateway;

const SECOND: Duration = Duration::from_secs(1);

/// Runs `work` and tells meanwhile what a stopping gateway is waited for and how long still.
pub async fn beside_its_clock<T>(stage: Stage<'_>, at: &Invocation<'_>, work: impl Future<Output = T>) -> T {
    let clock = async {
        loop {
            stage.system.pause(SECOND).await;
            let seen = observe(stage.system, stage.adapter, stage.id).await;
            if let Some(line) = line(&seen, at) {
                at.console.progress(&line);
            }
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        never = clock => never,
    }
}

fn line(seen: &Observation, at: &Invocation<'_>) -> Option<String> {
    let drain = drain(seen)?;
    let left = drain.left_s(at.world.system.now())?.to_string();
    let awaits = match drain.awaits.as_slice() {
        [] => String::new(),
        names => format!(" ({})", names.join(", ")),
    };
    Some(at.say("progress-draining", &[("awaits", &awaits), ("left", &left)]))
}

/// Kills what is left of a gateway that is being stopped.
pub async fn stop_now(at: &Invocation<'_>) -> Output {
    let gateway = match at.gateway() {
        Ok(gateway) => gateway,
        Err(problem) => return failure("stop", problem, at),
    };
    let before = observe(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    let plan = plan(&*gateway.adapter, &gateway.id, &before);
    if let (Ok(Some(plan)), true) = (&plan, at.flags.dry_run) {
        return super::dry_run::output("stop", plan, at);
    }
    let outcome = match plan {
        Ok(Some(plan)) => killed(&gateway, &plan, &before, at).await,
        Ok(None) => Ok(Done::worded("stopped", "already-stopped")),
        Err(problem) => Err(problem),
    };
    let seen = observe(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    Report { action: "stop", outcome, seen: Some((gateway.adapter.manager(), seen)) }.output(at)
}

/// Nothing where nothing runs.
fn plan(adapter: &dyn Adapter, id: &Identity, seen: &Observation) -> Result<Option<Plan>, Problem> {
    seen.supervised.value.known()?;
    if seen.supervised.value.is_at_rest() {
        return Ok(None);
    }
    let call = adapter
        .cut_short(id, seen)
        .ok_or_else(|| Problem::new(Code::NotPossibleNow).hint_command("stop-first", "gateward stop"))?;
    Ok(Some(Plan { steps: vec![Step::run(call)], on_undo: Vec::new() }))
}

async fn killed(
    gateway: &Gateway,
    plan: &Plan,
    before: &Observation,
    at: &Invocation<'_>,
) -> Result<Done, Problem> {
    let stage = gateway.stage(at.world);
    let chronicle = Chronicle::begun(&Action::Stop, gateway, before, at);
    let done = carry(stage, plan, at).await;
    let after = settled(stage).await;
    chronicle.ended(&after, at);
    done?;
    match &after.supervised.value {
        // It was the drain of a restart.
        Supervised::Running(_) | Supervised::Starting | Supervised::Waiting { .. } => {
            Ok(running("restarted", &after))
        }
        Supervised::Stopping { pid, .. } => {
            Err(Problem::new(Code::StillRunning).with("pid", pid.unwrap_or_default()))
        }
        Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => Ok(Done::worded("stopped", "killed")),
    }
}

/// As long as a manager may take to notice the end.
const PATIENCE: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

async fn settled(stage: Stage<'_>) -> Observation {
    let mut seen = observe(stage.system, stage.adapter, stage.id).await;
    for _ in 0..PATIENCE {
        if !matches!(seen.supervised.value, Supervised::Stopping { .. }) {
            break;
        }
        stage.system.pause(PAUSE).await;
        seen = observe(stage.system, stage.adapter, stage.id).await;
    }
    seen
}
