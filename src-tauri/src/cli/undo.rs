//! `undo`: takes a change back.

use super::args::Undo;
use super::invocation::Invocation;
use super::lifecycle::carry;
use super::report::{Done, Report};
use super::{Output, dry_run};
use crate::changes::{Change, Journal};
use crate::execute::{Retreat, UNDO, newest_undoable};
use crate::model::{Manager, Observation};
use crate::observe::observe;
use crate::problem::{Code, Problem};

pub async fn run(wanted: &Undo, at: &Invocation<'_>) -> Output {
    match prepared(wanted, at) {
        Ok(ready) if at.flags.dry_run => dry_run::output(UNDO, &ready.way.plan, at),
        // What was meant by now: waiting for its turn must not make it another one.
        Ok(ready) => carried(&Undo { number: Some(ready.change.number), ..wanted.clone() }, at).await,
        Err(problem) => Report { action: UNDO, outcome: Err(problem), seen: None }.output(at),
    }
}

fn prepared(wanted: &Undo, at: &Invocation<'_>) -> Result<Retreat, Problem> {
    let (system, journal) = (&*at.world.system, Journal::new(&at.world.around)?);
    let change = chosen(wanted.number, &journal, at)?;
    Retreat::from(change, &journal, wanted.force, system, &at.world.around)
}

fn chosen(number: Option<u32>, journal: &Journal, at: &Invocation<'_>) -> Result<Change, Problem> {
    let system = &*at.world.system;
    match number {
        Some(number) => journal.change(system, number),
        None => {
            let none = || Problem::new(Code::NotUndoable).with("reason", "none").with("number", 0);
            newest_undoable(journal, system, &at.gateway()?.id.profile).ok_or_else(none)
        }
    }
}

async fn carried(wanted: &Undo, at: &Invocation<'_>) -> Output {
    match taken_back(wanted, at).await {
        Ok((done, manager, seen)) => {
            Report { action: UNDO, outcome: Ok(done), seen: Some((manager, seen)) }.output(at)
        }
        Err(problem) => Report { action: UNDO, outcome: Err(problem), seen: None }.output(at),
    }
}

async fn taken_back(wanted: &Undo, at: &Invocation<'_>) -> Result<(Done, Manager, Observation), Problem> {
    let mut turn = at.turn_for_files(UNDO).await?;
    // Another change may have come between.
    let ready = prepared(wanted, at)?;
    ready.mark(&mut turn);
    let system = &*at.world.system;
    let stage = ready.stage(system, &turn);
    carry(stage, &ready.way.plan, at).await?;
    ready.remember(system, &turn.journal)?;
    let seen = observe(system, stage.adapter, stage.id).await;
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
