//! Carries a plan out, step by step: the only code that changes the machine. What it wrote is put back when a later step fails.

use std::time::Duration;

use crate::adapter::Adapter;
use crate::identity::Identity;
use crate::model::{Answers, Belongs, Observation, PortUse, Supervised};
use crate::observe::observe;
use crate::plan::{Answer, Call, Outcome, Plan, Retry, Step, Text, Until};
use crate::problem::{Code, Problem};
use crate::system::{Contents, System};

/// Everything a plan needs around it.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    pub system: &'a dyn System,
    pub adapter: &'a dyn Adapter,
    pub id: &'a Identity,
}

/// Where an execution stands; for progress lines.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// Step `number` of `total` begins.
    Step { number: usize, total: usize, step: &'a Step },
    /// Still waiting for `until`, `waited` so far of at most `deadline`.
    Waiting { until: Until, waited: Duration, deadline: Duration },
    /// A step failed; what was written is being put back.
    Undoing,
}

/// Carries `plan` out.
///
/// # Errors
/// `StepFailed` with the step's number, its command and the tool's words, or the problem an `Await` names. By then every file the
/// plan wrote or removed has its previous bytes and mode again, and `plan.on_undo` has run.
pub async fn execute(
    stage: Stage<'_>,
    plan: &Plan,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<(), Problem> {
    let mut changed = Vec::new();
    let total = plan.steps.len();
    for (at, step) in plan.steps.iter().enumerate() {
        progress(Progress::Step { number: at + 1, total, step });
        if let Err(problem) = take(stage, step, &mut changed, progress).await {
            progress(Progress::Undoing);
            undo(stage, plan, changed).await;
            return Err(problem.with("step", at + 1).with("steps", total));
        }
    }
    Ok(())
}

/// A file as it was before the plan touched it.
struct Before {
    path: String,
    contents: Option<Contents>,
}

async fn take(
    stage: Stage<'_>,
    step: &Step,
    changed: &mut Vec<Before>,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<(), Problem> {
    match step {
        Step::MakeDir { path, mode } => stage.system.make_dir(path, *mode),
        Step::Write { path, text, mode } => {
            changed.push(Before { path: path.clone(), contents: stage.system.read(path)? });
            stage.system.write(path, bytes(text), *mode)
        }
        Step::Keep { from, to } => keep(stage, from, to, changed),
        Step::Remove { path } => {
            changed.push(Before { path: path.clone(), contents: stage.system.read(path)? });
            stage.system.remove(path).map(|_| ())
        }
        Step::Run { call, tolerate, retry } => run(stage, call, tolerate, retry.as_ref()).await,
        Step::Await { until, deadline, otherwise } => {
            wait(stage, until, *deadline, otherwise, progress).await
        }
    }
}

fn keep(stage: Stage<'_>, from: &str, to: &str, changed: &mut Vec<Before>) -> Result<(), Problem> {
    let Some(original) = stage.system.read(from)? else { return Ok(()) };
    changed.push(Before { path: to.to_owned(), contents: stage.system.read(to)? });
    stage.system.write(to, &original.bytes, 0o600)
}

fn bytes(text: &Text) -> &[u8] {
    match text {
        Text::Plain(text) => text.as_bytes(),
        Text::Secret(secret) => secret.reveal().as_bytes(),
    }
}

async fn run(
    stage: Stage<'_>,
    call: &Call,
    tolerate: &[Outcome],
    retry: Option<&Retry>,
) -> Result<(), Problem> {
    let mut answer = stage.system.run(call).await;
    let mut left = retry.map_or(0, |retry| retry.times);
    while let Some(retry) = retry.filter(|retry| left > 0 && is_among(stage, call, &answer, &retry.on)) {
        left -= 1;
        stage.system.pause(retry.pause).await;
        for first in &retry.first {
            stage.system.run(first).await;
        }
        answer = stage.system.run(call).await;
    }
    match stage.adapter.classify(call, &answer) {
        Outcome::Done => Ok(()),
        outcome if tolerate.contains(&outcome) => Ok(()),
        _ => Err(stage.adapter.explain(call, &answer)),
    }
}

fn is_among(stage: Stage<'_>, call: &Call, answer: &Answer, outcomes: &[Outcome]) -> bool {
    outcomes.contains(&stage.adapter.classify(call, answer))
}

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

async fn wait(
    stage: Stage<'_>,
    until: &Until,
    deadline: Duration,
    otherwise: &Problem,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<(), Problem> {
    let begun = stage.system.clock();
    let mut pause = FIRST_PAUSE;
    loop {
        let seen = observe(stage.system, stage.adapter, stage.id).await;
        match standing(until, &seen) {
            Standing::Reached => return Ok(()),
            Standing::Hopeless(problem) => return Err(*problem),
            Standing::Open => {}
        }
        let waited = stage.system.clock().saturating_sub(begun);
        if waited >= deadline {
            return Err(otherwise.clone().with("waited", waited.as_secs()));
        }
        progress(Progress::Waiting { until: *until, waited, deadline });
        stage.system.pause(pause.min(deadline - waited)).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

enum Standing {
    Reached,
    Open,
    /// Waiting longer cannot help.
    Hopeless(Box<Problem>),
}

fn standing(until: &Until, seen: &Observation) -> Standing {
    if let Some(problem) = ended(until, &seen.supervised.value) {
        return Standing::Hopeless(Box::new(problem));
    }
    let reached = match until {
        Until::Running => matches!(seen.supervised.value, Supervised::Running(_)),
        Until::NotRunning => is_at_rest(&seen.supervised.value),
        Until::Gone => matches!(seen.supervised.value, Supervised::Absent | Supervised::Unloaded),
        Until::Answering => is_answering(seen),
        Until::PortReleased => !is_held_by_service(seen),
    };
    if reached { Standing::Reached } else { Standing::Open }
}

/// Why a start cannot succeed any more.
fn ended(until: &Until, supervised: &Supervised) -> Option<Problem> {
    if !matches!(until, Until::Running | Until::Answering) {
        return None;
    }
    match supervised {
        Supervised::GaveUp { last_exit, restarts } => {
            let config = last_exit.as_ref().is_some_and(|record| record.exit.is_config_error());
            let code = if config { Code::ConfigError } else { Code::GaveUp };
            Some(Problem::new(code).with("restarts", restarts).hint_command("see-logs", "gateward logs"))
        }
        Supervised::Stopped { last_exit: Some(record) } if record.exit.is_config_error() => {
            Some(Problem::new(Code::ConfigError).hint_command("see-logs", "gateward logs"))
        }
        Supervised::Running(_)
        | Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopping { .. }
        | Supervised::Stopped { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => None,
    }
}

fn is_at_rest(supervised: &Supervised) -> bool {
    match supervised {
        Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent => true,
        Supervised::Running(_)
        | Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopping { .. }
        | Supervised::Unknown { .. } => false,
    }
}

/// Alive by its own answer, and the answer is the service's: a stranger's gateway on the port proves nothing.
fn is_answering(seen: &Observation) -> bool {
    let alive = matches!(seen.answers.value, Answers::Ready { .. } | Answers::Live { .. });
    let foreign =
        matches!(&seen.port.value, PortUse::Owned { owner, .. } if owner.belongs != Belongs::Service);
    alive && !foreign && matches!(seen.supervised.value, Supervised::Running(_))
}

fn is_held_by_service(seen: &Observation) -> bool {
    matches!(&seen.port.value, PortUse::Owned { owner, .. } if owner.belongs == Belongs::Service)
}

/// Best effort: the first problem is the one to tell.
async fn undo(stage: Stage<'_>, plan: &Plan, changed: Vec<Before>) {
    for before in changed.into_iter().rev() {
        let restored = match before.contents {
            Some(old) => stage.system.write(&before.path, &old.bytes, old.mode),
            None => stage.system.remove(&before.path).map(|_| ()),
        };
        if let Err(problem) = restored {
            tracing::error!(path = before.path, %problem, "could not put the previous file back");
        }
    }
    for call in &plan.on_undo {
        let answer = stage.system.run(call).await;
        if !answer.is_success() {
            tracing::warn!(%call, words = answer.words(), "undo step failed");
        }
    }
}

/// One action from end to end: observe, plan, carry out, observe again.
///
/// # Errors
/// The plan's refusal (nothing was done) or the execution's failure (what was written has been put back).
pub async fn act(
    stage: Stage<'_>,
    intent: &crate::adapter::Intent<'_>,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<Observation, Problem> {
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    let plan = stage.adapter.plan(intent, stage.id, &seen)?;
    execute(stage, &plan, progress).await?;
    Ok(observe(stage.system, stage.adapter, stage.id).await)
}

#[cfg(test)]
mod tests;
