//! Carries a plan out, step by step: the only code that changes the machine. What it wrote is put back when a later step fails.

use std::time::Duration;

use crate::adapter::{Adapter, Intent};
use crate::changes::{Acting, Change, Record, State, Turn, edited};
use crate::identity::Identity;
use crate::model::{Answers, Autostart, Belongs, ExitRecord, Observation, PortUse, Registered, Supervised};
use crate::observe::observe;
use crate::plan::{Answer, Call, Outcome, Plan, Retry, Step, Until};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Seen, System};

mod retreat;
mod why;

pub use retreat::{Retreat, UNDO, newest_undoable};

/// Everything a plan needs around it.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    pub system: &'a dyn System,
    pub adapter: &'a dyn Adapter,
    pub id: &'a Identity,
    /// The right to change something; without one nothing is recorded, as in tests.
    pub turn: Option<&'a Turn>,
}

impl<'a> Stage<'a> {
    pub fn in_turn(self, turn: &'a Turn) -> Self {
        Self { turn: Some(turn), ..self }
    }

    fn acting(&self) -> Acting<'a> {
        Acting { system: self.system, turn: self.turn, identity: self.id, manager: self.adapter.manager() }
    }
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
    carry(stage, Record::begun(&stage.acting(), plan)?, progress).await
}

/// Carries a change that was interrupted to its end, from the step on in which it was.
///
/// # Errors
/// `ChangedByHand` when somebody has edited a file since, unless `force`; as [`execute`].
pub async fn finish(
    stage: Stage<'_>,
    turn: &Turn,
    change: Change,
    force: bool,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<(), Problem> {
    untouched(stage, &change, force)?;
    carry(stage, Record::resumed(stage.system, turn, change)?, progress).await
}

/// Puts everything back as it was before a change that was interrupted.
///
/// # Errors
/// `ChangedByHand` when somebody has edited a file since, unless `force`; `WriteFailed`: the change is then still open.
pub async fn revert(stage: Stage<'_>, turn: &Turn, change: Change, force: bool) -> Result<(), Problem> {
    untouched(stage, &change, force)?;
    let record = Record::resumed(stage.system, turn, change)?;
    undo(stage, &record).await?;
    record.close(State::PutBack);
    Ok(())
}

fn untouched(stage: Stage<'_>, change: &Change, force: bool) -> Result<(), Problem> {
    match edited(change, stage.system)?.as_slice() {
        [path, ..] if !force => Err(Problem::new(Code::ChangedByHand)
            .with("path", path)
            .hint("look-and-try-again")
            .hint("overwrite-with-force")),
        _ => Ok(()),
    }
}

async fn carry(
    stage: Stage<'_>,
    mut record: Record<'_>,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<(), Problem> {
    let plan = record.plan().clone();
    let (from, total) = (record.done(), plan.steps.len());
    let mut acted = from > 0;
    for (at, step) in plan.steps.iter().enumerate().skip(from) {
        progress(Progress::Step { number: at + 1, total, step });
        let taken = match record.before(at, step) {
            Ok(()) => {
                acted |= step.acts();
                take(stage, step, progress).await
            }
            Err(problem) => Err(problem),
        };
        if let Err(problem) = taken {
            // A check that failed first has changed nothing: the running service must not feel the undo.
            let undone = match acted {
                true => {
                    progress(Progress::Undoing);
                    undo(stage, &record).await
                }
                false => Ok(()),
            };
            // What could not be put back is still open: the next command offers to try again.
            match undone {
                Ok(()) => record.close(State::PutBack),
                Err(_) => record.back_to_its_beginning(),
            }
            return Err(problem.with("step", at + 1).with("steps", total));
        }
    }
    record.close(State::Done);
    Ok(())
}

/// Ends a stop that is under way at once: what is left of the gateway is killed.
///
/// # Errors
/// `NotPossibleNow` when none is; else as the manager explains it.
pub async fn cut_short(stage: Stage<'_>) -> Result<(), Problem> {
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    let call = stage.adapter.cut_short(stage.id, &seen).ok_or_else(|| Problem::new(Code::NotPossibleNow))?;
    run(stage, &call, &[], None).await
}

async fn take(
    stage: Stage<'_>,
    step: &Step,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<(), Problem> {
    match step {
        Step::MakeDir { path, mode } => stage.system.make_dir(path, *mode),
        Step::Write { path, text, mode } => stage.system.write(path, &text.bytes(), *mode),
        Step::Keep { from, to } => match stage.system.read(from)? {
            Some(original) => stage.system.write(to, &original.bytes, 0o600),
            None => Ok(()),
        },
        Step::Remove { path } => stage.system.remove(path).map(|_| ()),
        Step::Run { call, tolerate, retry } => run(stage, call, tolerate, retry.as_ref()).await,
        Step::Await { until, deadline, otherwise } => {
            let waited = wait(stage, until, *deadline, otherwise, progress).await;
            match waited {
                Ok(()) => Ok(()),
                Err(problem) => Err(why::explained(stage, problem).await),
            }
        }
    }
}

async fn run(
    stage: Stage<'_>,
    call: &Call,
    tolerate: &[Outcome],
    retry: Option<&Retry>,
) -> Result<(), Problem> {
    let Some(answer) = last_answer(stage, call, retry).await else { return Ok(()) };
    match stage.adapter.classify(call, &answer) {
        Outcome::Done => Ok(()),
        outcome if tolerate.contains(&outcome) => Ok(()),
        _ => Err(stage.adapter.explain(call, &answer)),
    }
}

/// That of the last try; `None` when somebody else has done it meanwhile.
async fn last_answer(stage: Stage<'_>, call: &Call, retry: Option<&Retry>) -> Option<Answer> {
    let mut answer = stage.system.run(call).await;
    let mut left = retry.map_or(0, |retry| retry.times);
    while let Some(retry) = retry.filter(|retry| left > 0 && is_among(stage, call, &answer, &retry.on)) {
        if is_settled(stage, call, &answer).await {
            return None;
        }
        left -= 1;
        stage.system.pause(retry.pause).await;
        for first in &retry.first {
            stage.system.run(first).await;
        }
        answer = stage.system.run(call).await;
    }
    Some(answer)
}

fn is_among(stage: Stage<'_>, call: &Call, answer: &Answer, outcomes: &[Outcome]) -> bool {
    outcomes.contains(&stage.adapter.classify(call, answer))
}

/// Somebody else may have done what a busy manager refuses us: two programs often start the same job (upstream #84721).
async fn is_settled(stage: Stage<'_>, call: &Call, answer: &Answer) -> bool {
    is_among(stage, call, answer, &[Outcome::Busy])
        && stage.adapter.is_settled(call, &observe(stage.system, stage.adapter, stage.id).await)
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
        match standing(stage, until, &seen).await {
            Standing::Reached => return Ok(()),
            Standing::Hopeless(problem) => return Err(*problem),
            Standing::Open => {}
        }
        let waited = stage.system.clock().saturating_sub(begun);
        if waited >= deadline {
            let told = keeps_refusing(until, &seen.supervised.value).unwrap_or_else(|| otherwise.clone());
            return Err(told.with("waited", waited.as_secs()));
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

async fn standing(stage: Stage<'_>, until: &Until, seen: &Observation) -> Standing {
    let in_vain = ended(until, &seen.supervised.value).or_else(|| stage.adapter.hopeless(*until, seen));
    if let Some(problem) = in_vain {
        return Standing::Hopeless(Box::new(problem));
    }
    let reached = match until {
        Until::Running => matches!(seen.supervised.value, Supervised::Running(_)),
        Until::NotRunning => seen.supervised.value.is_at_rest(),
        Until::Gone => matches!(seen.supervised.value, Supervised::Absent | Supervised::Unloaded),
        Until::Answering => is_answering(seen),
        Until::PortReleased => !is_held_by_service(seen),
        Until::PortFree => matches!(seen.port.value, PortUse::Free { .. }),
        Until::ProcessGone { pid } => {
            stage.system.answer(&Ask::Process { pid: *pid }).await.seen == Seen::Missing
        }
        Until::SwitchedOff => seen.registration().is_none_or(|found| found.autostart != Autostart::On),
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
            let config = last_exit.as_ref().is_some_and(ExitRecord::is_config_error);
            let code = if config { Code::ConfigError } else { Code::GaveUp };
            Some(Problem::new(code).with("restarts", restarts).hint_command("see-logs", "gateward logs"))
        }
        Supervised::Stopped { last_exit: Some(record) } if record.is_config_error() => {
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

/// A manager that cannot leave a service alone after exit 78 starts it again and again: the refusal is known at the deadline only,
/// since the first look may still show how the run before this start ended.
fn keeps_refusing(until: &Until, supervised: &Supervised) -> Option<Problem> {
    let last_exit = match supervised {
        Supervised::Running(run) => run.last_exit.as_ref(),
        Supervised::Waiting { last_exit, .. } => last_exit.as_ref(),
        Supervised::Starting
        | Supervised::Stopping { .. }
        | Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => None,
    };
    let starting = matches!(until, Until::Running | Until::Answering);
    let refuses = starting && last_exit.is_some_and(ExitRecord::is_config_error);
    refuses.then(|| Problem::new(Code::ConfigError).hint_command("see-logs", "gateward logs"))
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

/// Goes on after a failure; the first one is told.
async fn undo(stage: Stage<'_>, record: &Record<'_>) -> Result<(), Problem> {
    let mut result = Ok(());
    for (path, before) in record.changed() {
        let restored = match before {
            Some(old) => stage.system.write(path, &old.bytes, old.mode),
            None => stage.system.remove(path).map(|_| ()),
        };
        if let Err(problem) = restored {
            tracing::error!(path, %problem, "could not put the previous file back");
            result = result.and(Err(problem));
        }
    }
    let handed: Vec<_> = record.plan().handed().collect();
    for (path, text, mode) in &handed {
        result = result.and(stage.system.write(path, &text.bytes(), *mode));
    }
    for call in &record.plan().on_undo {
        if let Err(problem) = told_again(stage, call).await {
            result = result.and(Err(problem));
            break;
        }
    }
    handed.iter().fold(result, |result, (path, ..)| result.and(stage.system.remove(path).map(|_| ())))
}

/// Tells the manager what the files alone do not. What it makes of that is only logged: the files are what counts.
///
/// # Errors
/// When there is nobody to tell: then nothing of it is as before.
async fn told_again(stage: Stage<'_>, call: &Call) -> Result<(), Problem> {
    let Some(answer) = last_answer(stage, call, Some(&Retry::until_it_is_back())).await else {
        return Ok(());
    };
    let outcome = stage.adapter.classify(call, &answer);
    if outcome == Outcome::Done {
        return Ok(());
    }
    let problem = stage.adapter.explain(call, &answer);
    tracing::warn!(%call, %problem, "undo step failed");
    if outcome == Outcome::ManagerUnreachable { Err(problem) } else { Ok(()) }
}

/// Carries out `plan`, which is for `intent` on what is `seen`; where it fails and its manager knows other ways, those.
///
/// # Errors
/// As [`execute`], of the last way that was tried.
pub async fn execute_or_detour(
    stage: Stage<'_>,
    intent: &Intent<'_>,
    seen: &Observation,
    plan: Plan,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<(), Problem> {
    let mut result = execute(stage, &plan, progress).await;
    for _ in 0..MOST_DETOURS {
        let Err(problem) = &result else { return result };
        let Some(detour) = stage.adapter.detour(intent, seen, problem) else { return result };
        tracing::warn!(%problem, "another way is tried");
        result = execute(stage, &detour?, progress).await;
    }
    result
}

/// No manager knows more ways; a refusal must not be asked for again and again (A41).
const MOST_DETOURS: usize = 2;

/// One action from end to end: observe, plan, carry out, observe again. A start or restart under which the service dropped out
/// of its manager is planned once more from there: nobody else would bring it back (A2).
///
/// # Errors
/// The plan's refusal (nothing was done) or the execution's failure (what was written has been put back).
pub async fn act(
    stage: Stage<'_>,
    intent: &Intent<'_>,
    progress: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<Observation, Problem> {
    let before = observe(stage.system, stage.adapter, stage.id).await;
    let plan = stage.adapter.plan(intent, stage.id, &before)?;
    let carried_out = execute_or_detour(stage, intent, &before, plan, progress).await;
    let after = observe(stage.system, stage.adapter, stage.id).await;
    match carried_out {
        Ok(()) => Ok(after),
        Err(_) if dropped_out(intent, &before, &after) => {
            tracing::warn!("the service dropped out of its manager; it is brought back");
            execute(stage, &stage.adapter.plan(intent, stage.id, &after)?, progress).await?;
            Ok(observe(stage.system, stage.adapter, stage.id).await)
        }
        Err(problem) => Err(problem),
    }
}

fn dropped_out(intent: &Intent<'_>, before: &Observation, after: &Observation) -> bool {
    matches!(intent, Intent::Start | Intent::Restart)
        && before.supervised.value != Supervised::Unloaded
        && after.supervised.value == Supervised::Unloaded
        && matches!(after.registered.value, Registered::Present(_))
}

#[cfg(test)]
mod tests;
