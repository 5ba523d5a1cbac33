//! `start`, `stop`, `restart`, `uninstall`.

use super::chronicle::Chronicle;
use super::invocation::Invocation;
use super::report::{Done, Report, failure};
use super::taken::port_taken;
use super::warning::{foreseen, forewarn, recalled};
use super::{Output, drain, dry_run, inside};
use crate::adapter::Intent;
use crate::adapter::inside::refusal;
use crate::changes::Turn;
use crate::execute::{Stage, execute, execute_or_detour};
use crate::model::{Action, Autostart, Observation, Origin, PortUse, Registered, Supervised, Verdict};
use crate::observe::observe;
use crate::plan::Plan;
use crate::problem::{Code, Problem};
use crate::verdict;
use crate::view;
use crate::world::Gateway;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Start,
    Stop { stay: bool },
    Restart,
    Uninstall,
}

impl Change {
    pub fn verb(self) -> &'static str {
        match self {
            Change::Start => "start",
            Change::Stop { .. } => "stop",
            Change::Restart => "restart",
            Change::Uninstall => "uninstall",
        }
    }

    fn action(self) -> Action {
        match self {
            Change::Start => Action::Start,
            Change::Stop { stay: false } => Action::Stop,
            Change::Stop { stay: true } => Action::Disable,
            Change::Restart => Action::Restart,
            Change::Uninstall => Action::Uninstall,
        }
    }

    fn intent(self) -> Intent<'static> {
        match self {
            Change::Start => Intent::Start,
            Change::Stop { stay } => Intent::Stop { stay },
            Change::Restart => Intent::Restart,
            Change::Uninstall => Intent::Uninstall,
        }
    }
}

impl Invocation<'_> {
    /// Only an uninstallation changes files.
    async fn turn_for(&self, change: Change) -> Result<Turn, Problem> {
        match change {
            Change::Start | Change::Stop { .. } | Change::Restart => self.turn(change.verb()).await,
            Change::Uninstall => self.turn_for_files(change.verb()).await,
        }
    }
}

pub async fn run(change: Change, at: &Invocation<'_>) -> Output {
    match at.gateway() {
        Ok(gateway) => change_one(change, &gateway, at).await,
        Err(problem) => failure(change.verb(), problem, at),
    }
}

/// The same for a gateway that is already found.
pub async fn change_one(change: Change, gateway: &Gateway, at: &Invocation<'_>) -> Output {
    let stage = gateway.stage(at.world);
    let moment = at.moment();
    let mut before = observe(stage.system, stage.adapter, stage.id).await;
    let mut way = match way_from(change, gateway, &before, at).await {
        Ok(Way::Carry(plan)) if at.flags.dry_run => return dry_run::output(change.verb(), &plan, at),
        way => way,
    };
    let turn = match way {
        Ok(Way::Nothing(_)) | Err(_) => None,
        Ok(Way::Carry(_) | Way::HandOver(_)) => match at.turn_for(change).await {
            Ok(turn) => Some(turn),
            Err(problem) => return failure(change.verb(), problem, at),
        },
    };
    if turn.is_some() && at.moment() != moment {
        before = observe(stage.system, stage.adapter, stage.id).await;
        way = way_from(change, gateway, &before, at).await;
    }
    let stage = Stage { turn: turn.as_ref(), ..stage };
    let acts = matches!(way, Ok(Way::Carry(_) | Way::HandOver(_)));
    let found = if acts { foreseen(change, stage, &before, at) } else { Vec::new() };
    forewarn(&found, at);
    let chronicle = acts.then(|| Chronicle::begun(&change.action(), gateway, &before, at));
    let outcome = match way {
        Ok(Way::Nothing(done)) => Ok(done),
        Ok(Way::Carry(plan)) => carried(change, stage, &plan, &before, at).await,
        Ok(Way::HandOver(plan)) => carry(stage, &plan, at).await.map(|()| Done::new("scheduled")),
        Err(problem) => Err(problem),
    };
    let outcome = outcome.map(|done| recalled(done, &found, at));
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    chronicle.into_iter().for_each(|chronicle| chronicle.ended(&seen, at));
    Report { action: change.verb(), outcome, seen: Some((gateway.adapter.manager(), seen)) }.output(at)
}

/// What an action comes to, given what is seen.
enum Way {
    /// It is already so.
    Nothing(Done),
    Carry(Plan),
    /// Carried out by the manager after we are gone: we run inside the gateway ourselves.
    HandOver(Plan),
}

async fn way_from(
    change: Change,
    gateway: &Gateway,
    before: &Observation,
    at: &Invocation<'_>,
) -> Result<Way, Problem> {
    if let Some(done) = already(change, before, at)? {
        return Ok(Way::Nothing(done));
    }
    fit_to(change, gateway, before, at)?;
    let plan = gateway.adapter.plan(&change.intent(), &gateway.id, before)?;
    if at.flags.dry_run {
        return Ok(Way::Carry(plan));
    }
    if plan.is_scheduled() {
        return Ok(Way::HandOver(plan));
    }
    let inside = change != Change::Start && inside::is_inside(&*at.world.system, &gateway.id, before).await;
    match (change, inside) {
        (Change::Uninstall, true) => Err(refusal()),
        (Change::Uninstall, false) => confirmed(gateway, &plan, at).map(|()| Way::Carry(plan)),
        (Change::Start | Change::Stop { .. } | Change::Restart, true) => {
            inside::handed_over(plan, gateway.adapter.manager()).map(Way::HandOver)
        }
        (Change::Start | Change::Stop { .. } | Change::Restart, false) => Ok(Way::Carry(plan)),
    }
}

/// What is to be said when nothing has to be done.
///
/// # Errors
/// `NotInstalled`, or why the manager cannot be asked.
fn already(change: Change, seen: &Observation, at: &Invocation<'_>) -> Result<Option<Done>, Problem> {
    let missing = matches!(seen.registered.value, Registered::Missing { .. });
    match (&seen.supervised.value, change) {
        (Supervised::Unknown { why }, _) => Err(why.clone()),
        (Supervised::Absent | Supervised::Stopped { .. } | Supervised::Unloaded, _) if missing => {
            absent(change, seen, at)
        }
        (Supervised::Running(run), Change::Start) => {
            Ok(Some(doubted(Done::new("already-running").with("pid", run.pid), seen, at)))
        }
        (Supervised::Starting | Supervised::Waiting { .. }, Change::Start) => {
            Ok(Some(Done::new("already-starting").hint("watch-state", "gateward watch")))
        }
        (_, Change::Stop { stay: true }) if starts_by_itself(seen) => Ok(None),
        (Supervised::Stopped { .. } | Supervised::GaveUp { .. }, Change::Stop { .. }) => {
            Ok(Some(doubted(Done::worded("stopped", "already-stopped"), seen, at)))
        }
        (Supervised::Unloaded | Supervised::Absent, Change::Stop { .. }) => {
            Ok(Some(doubted(Done::new("not-loaded"), seen, at)))
        }
        (
            Supervised::Running(_)
            | Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent,
            Change::Start | Change::Stop { .. } | Change::Restart | Change::Uninstall,
        ) => Ok(None),
    }
}

fn absent(change: Change, seen: &Observation, at: &Invocation<'_>) -> Result<Option<Done>, Problem> {
    match change {
        Change::Start | Change::Restart => Err(Problem::not_installed()),
        Change::Stop { .. } => Ok(Some(doubted(Done::new("not-loaded"), seen, at))),
        Change::Uninstall => Ok(Some(doubted(Done::worded("uninstalled", "nothing-installed"), seen, at))),
    }
}

/// Adds what else is true when it does not fit the good news.
fn doubted(done: Done, seen: &Observation, at: &Invocation<'_>) -> Done {
    let judged = verdict::judge(seen);
    match judged {
        Verdict::NotInstalled | Verdict::Stopped | Verdict::Disabled | Verdict::Ready | Verdict::Unloaded => {
            done
        }
        Verdict::Starting
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::Stopping
        | Verdict::CrashLoop
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::External
        | Verdict::Unknown => done
            .warn(at.say(&format!("verdict-{}", view::name(judged)), &[]))
            .hint("see-status", "gateward status"),
    }
}

/// Refuses what could only fail, or would harm something that is not ours.
fn fit_to(change: Change, gateway: &Gateway, seen: &Observation, at: &Invocation<'_>) -> Result<(), Problem> {
    match change {
        Change::Start | Change::Restart => {
            gateway.config.as_ref().map_err(Clone::clone)?;
            match &seen.port.value {
                PortUse::Owned { port, owner } => port_taken(*port, owner, at).map_or(Ok(()), Err),
                PortUse::Free { .. } | PortUse::Hidden { .. } | PortUse::Unknown { .. } => Ok(()),
            }
        }
        Change::Uninstall => match &seen.registered.value {
            Registered::Present(old) if old.origin == Origin::Foreign => Err(foreign(&old.file)),
            Registered::Present(_) | Registered::Missing { .. } | Registered::Unknown { .. } => Ok(()),
        },
        Change::Stop { .. } => Ok(()),
    }
}

/// A definition that is no gateway's.
pub fn foreign(file: &str) -> Problem {
    Problem::new(Code::UnitForeign)
        .with("path", file)
        .hint_command("look-at-file", format!("cat {}", crate::plan::shell_quoted(file)))
        .hint_command("other-profile", "gateward --profile NAME install")
}

/// What goes and what stays is shown before anything is done.
fn confirmed(gateway: &Gateway, plan: &Plan, at: &Invocation<'_>) -> Result<(), Problem> {
    if at.flags.yes {
        return Ok(());
    }
    let stays = at.say("uninstall-stays", &[("path", &gateway.id.state_dir)]);
    at.console.warn(&format!("{}{stays}", dry_run::listed(plan, at)));
    let profile = gateway.id.profile.to_string();
    match at.console.confirm(&at.say("ask-uninstall", &[("profile", &profile)])) {
        Some(true) => Ok(()),
        Some(false) => Err(Problem::new(Code::Cancelled)),
        None => Err(Problem::new(Code::Cancelled)
            .because(at.say("cause-nobody-to-ask", &[]))
            .hint_command("say-yes", "gateward uninstall --yes")),
    }
}

/// [`carry`], with the manager's detours.
///
/// # Errors
/// As [`execute_or_detour`].
pub async fn carry_somehow(
    stage: Stage<'_>,
    intent: &Intent<'_>,
    seen: &Observation,
    plan: Plan,
    at: &Invocation<'_>,
) -> Result<(), Problem> {
    let result = execute_or_detour(stage, intent, seen, plan, &|progress| at.show(progress)).await;
    at.console.progress("");
    result
}

/// # Errors
/// As [`execute`].
pub async fn carry(stage: Stage<'_>, plan: &Plan, at: &Invocation<'_>) -> Result<(), Problem> {
    let result =
        drain::beside_its_clock(stage, at, execute(stage, plan, &|progress| at.show(progress))).await;
    at.console.progress("");
    result
}

async fn carried(
    change: Change,
    stage: Stage<'_>,
    plan: &Plan,
    before: &Observation,
    at: &Invocation<'_>,
) -> Result<Done, Problem> {
    carry(stage, plan, at).await?;
    let after = observe(stage.system, stage.adapter, stage.id).await;
    match change {
        Change::Start => Ok(running("started", &after)),
        Change::Restart => renewed(before, &after),
        Change::Stop { stay } => Ok(doubted(stopped(stay, &after), &after, at)),
        Change::Uninstall => gone(&after).map(|()| doubted(Done::new("uninstalled"), &after, at)),
    }
}

/// Who stopped it should know which of the two stops it was (A3).
fn stopped(stay: bool, after: &Observation) -> Done {
    match (stay, starts_by_itself(after)) {
        (true, _) => Done::worded("stopped", "stopped-for-good"),
        (false, true) => Done::new("stopped").hint("stay-stopped", "gateward stop --stay"),
        (false, false) => Done::new("stopped"),
    }
}

fn starts_by_itself(seen: &Observation) -> bool {
    matches!(&seen.registered.value, Registered::Present(found) if found.autostart == Autostart::On)
}

/// A result that names pid and port.
pub fn running(result: &'static str, after: &Observation) -> Done {
    let pid = after.supervised.value.pid().unwrap_or_default();
    Done::new(result).with("pid", pid).with("port", after.port.value.port())
}

/// A restart that left the old process running was none.
pub fn renewed(before: &Observation, after: &Observation) -> Result<Done, Problem> {
    let (old, new) = (before.supervised.value.pid(), after.supervised.value.pid());
    match new {
        Some(pid) if old == Some(pid) => Err(Problem::new(Code::DidNotStart)
            .because(format!("the process is still the one from before (pid {pid})"))
            .hint_command("see-logs", "gateward logs")),
        Some(_) | None => Ok(running("restarted", after)),
    }
}

fn gone(after: &Observation) -> Result<(), Problem> {
    match &after.registered.value {
        Registered::Present(left) => Err(Problem::new(Code::WriteFailed).with("path", &left.file)),
        Registered::Missing { .. } | Registered::Unknown { .. } => Ok(()),
    }
}
