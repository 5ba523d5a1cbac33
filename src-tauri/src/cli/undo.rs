//! `undo`: takes a change back. That is a change itself, and can be taken back too.

use super::args::Undo;
use super::invocation::Invocation;
use super::lifecycle::carry;
use super::report::{Done, Report};
use super::{Output, dry_run};
use crate::adapter::{self, Adapter};
use crate::changes::{Change, Journal, Restoration, State};
use crate::execute::Stage;
use crate::observe::observe;
use crate::problem::{Code, Problem};

const VERB: &str = "undo";

pub async fn run(wanted: &Undo, at: &Invocation<'_>) -> Output {
    match prepared(wanted, at) {
        Ok(ready) if at.flags.dry_run => dry_run::output(VERB, &ready.way.plan, at),
        Ok(_) => carried(wanted, at).await,
        Err(problem) => Report { action: VERB, outcome: Err(problem), seen: None }.output(at),
    }
}

struct Ready {
    change: Change,
    way: Restoration,
    adapter: Box<dyn Adapter>,
}

/// Everything that can be refused is refused here.
fn prepared(wanted: &Undo, at: &Invocation<'_>) -> Result<Ready, Problem> {
    let (system, journal) = (&*at.world.system, Journal::new(&at.world.around)?);
    let change = chosen(wanted.number, &journal, at)?;
    let way = Restoration::of(&change, &journal, system)?;
    if let (Some(path), false) = (way.edited.first(), wanted.force) {
        return Err(edited(path, &change, &journal, at));
    }
    if way.plan.steps.is_empty() {
        return Err(not_undoable(&change, if way.lost.is_empty() { "as-before" } else { "secrets" }));
    }
    let adapter = adapter::native(change.manager, &at.world.around)?;
    Ok(Ready { change, way, adapter })
}

fn chosen(number: Option<u32>, journal: &Journal, at: &Invocation<'_>) -> Result<Change, Problem> {
    let system = &*at.world.system;
    let Some(number) = number else {
        let profile = at.gateway()?.id.profile;
        let is_it = |change: &Change| {
            change.can_be_taken_back() && change.what != VERB && change.identity.profile == profile
        };
        let none = || Problem::new(Code::NotUndoable).with("reason", "none").with("number", 0);
        return journal.all(system).into_iter().find(is_it).ok_or_else(none);
    };
    let change = journal.change(system, number)?;
    match change.state {
        State::Done if !change.can_be_taken_back() => Err(not_undoable(&change, "no-files")),
        State::Done => Ok(change),
        State::Open if change.is_unfinished() => Err(Problem::interrupted(number)),
        State::Open | State::PutBack | State::TakenBack | State::Overtaken => {
            Err(not_undoable(&change, "state"))
        }
    }
}

fn not_undoable(change: &Change, reason: &str) -> Problem {
    Problem::new(Code::NotUndoable).with("number", change.number).with("reason", reason)
}

/// Names the later change that did it, or says that it was somebody's hand.
fn edited(path: &str, change: &Change, journal: &Journal, at: &Invocation<'_>) -> Problem {
    let problem = Problem::new(Code::ChangedByHand).with("path", path);
    let is_later = |later: &Change| {
        later.number > change.number
            && later.state == State::Done
            && later.files.iter().any(|file| file.path == path)
    };
    match journal.all(&*at.world.system).into_iter().find(is_later) {
        Some(later) => problem.hint_command("undo-later", format!("gateward undo {}", later.number)),
        None => problem.hint_command("see-changes", format!("gateward changes {}", change.number)),
    }
    .hint_command("undo-anyway", format!("gateward undo {} --force", change.number))
}

async fn carried(wanted: &Undo, at: &Invocation<'_>) -> Output {
    match taken_back(wanted, at).await {
        Ok((done, manager, seen)) => {
            Report { action: VERB, outcome: Ok(done), seen: Some((manager, seen)) }.output(at)
        }
        Err(problem) => Report { action: VERB, outcome: Err(problem), seen: None }.output(at),
    }
}

async fn taken_back(
    wanted: &Undo,
    at: &Invocation<'_>,
) -> Result<(Done, crate::model::Manager, crate::model::Observation), Problem> {
    let mut turn = at.turn_for_files(VERB).await?;
    // Another change may have come between.
    let ready = prepared(wanted, at)?;
    turn.of = Some(ready.change.number);
    let (system, id) = (&*at.world.system, &ready.change.identity);
    let stage = Stage { system, adapter: &*ready.adapter, id, turn: Some(&turn) };
    carry(stage, &ready.way.plan, at).await?;
    remember(&ready.change, &turn.journal, at)?;
    let seen = observe(system, &*ready.adapter, id).await;
    let done = Done::new("taken-back")
        .with("number", ready.change.number)
        .with("what", at.change_name(&ready.change.what));
    let done = match at.newest_change() {
        Some(own) => done.hint("redo", &format!("gateward undo {own}")),
        None => done,
    };
    let done = match ready.way.lost.is_empty() {
        true => done,
        false => done.warn(at.say("warn-secrets-not-kept", &[("names", &ready.way.lost.join(", "))])),
    };
    Ok((done, ready.adapter.manager(), seen))
}

/// What an undo had taken back is in force again when the undo itself is taken back.
fn remember(change: &Change, journal: &Journal, at: &Invocation<'_>) -> Result<(), Problem> {
    let system = &*at.world.system;
    journal.mark(system, change.number, State::TakenBack)?;
    match change.of {
        Some(first) => journal.mark(system, first, State::Done),
        None => Ok(()),
    }
}
