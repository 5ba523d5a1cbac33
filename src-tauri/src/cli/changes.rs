//! `changes`: what was changed, and the end of what was cut off.

use serde_json::{Value, json};

use super::args::Changes;
use super::invocation::Invocation;
use super::report::{Done, Report};
use super::turn::settle;
use super::{Exit, Output, dry_run};
use crate::changes::{Change, Journal, Restoration, State, Touched, Way};
use crate::plan::Plan;
use crate::problem::{Code, Problem};
use crate::view::plan::{between, text_of};

const VERB: &str = "changes";

/// # Errors
/// `NoSuchChange`, `NoHome`; why a change cannot be read.
pub async fn run(wanted: &Changes, at: &Invocation<'_>) -> Result<Output, Problem> {
    let journal = Journal::new(&at.world.around)?;
    match (wanted.finish, wanted.revert, wanted.number) {
        (true, _, _) => Ok(settled(Way::Finish, wanted.force, at).await),
        (false, true, _) => Ok(settled(Way::Revert, wanted.force, at).await),
        (false, false, Some(number)) => Ok(shown(&journal.change(&*at.world.system, number)?, &journal, at)),
        (false, false, None) => Ok(listed(&journal, at)),
    }
}

fn listed(journal: &Journal, at: &Invocation<'_>) -> Output {
    let changes = journal.all(&*at.world.system);
    if at.flags.json {
        let list: Vec<Value> = changes.iter().map(shape).collect();
        return Output::json(json!({ "schema": 1, "changes": list }), Exit::Ok);
    }
    let lines: Vec<String> = match changes.is_empty() {
        true => vec![at.say("changes-none", &[])],
        false => changes.iter().map(|change| line(change, at)).collect(),
    };
    Output { text: lines.join("\n") + "\n", ..Output::default() }
}

/// The plan's texts are long, and are shown of one change only.
fn shape(change: &Change) -> Value {
    json!({
        "number": change.number,
        "at": change.at,
        "what": change.what,
        "of": change.of,
        "profile": change.identity.profile.to_string(),
        "manager": change.manager,
        "state": change.state,
        "interrupted": change.is_unfinished(),
        "undoable": change.can_be_taken_back(),
        "files": change.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
    })
}

fn line(change: &Change, at: &Invocation<'_>) -> String {
    let (number, profile) = (change.number.to_string(), change.identity.profile.to_string());
    let files = change.files.len().to_string();
    let values = [
        ("number", number.as_str()),
        ("at", &at.page().time(change.at)),
        ("what", &at.change_name(&change.what)),
        ("profile", &profile),
        ("files", &files),
        ("state", &state(change, at)),
    ];
    at.say("changes-line", &values)
}

fn state(change: &Change, at: &Invocation<'_>) -> String {
    let key = match change.state {
        State::Open => "changes-open",
        State::Done => "changes-done",
        State::PutBack => "changes-put-back",
        State::TakenBack => "changes-taken-back",
        State::Overtaken => "changes-overtaken",
    };
    at.say(key, &[])
}

fn shown(change: &Change, journal: &Journal, at: &Invocation<'_>) -> Output {
    if at.flags.json {
        let mut value = shape(change);
        value["plan"] = dry_run::steps(&change.plan, at);
        return Output::json(value, Exit::Ok);
    }
    let steps = change.plan.steps.iter().enumerate().map(|(number, step)| {
        let file = change.files.iter().find(|file| file.step == number);
        let difference = file.map(|file| difference(file, change, journal, at));
        format!("{:>2}. {}", number + 1, dry_run::with_difference(step, difference, at))
    });
    let lines: Vec<String> = [line(change, at)].into_iter().chain(steps).collect();
    Output { text: lines.join("\n") + "\n", ..Output::default() }
}

/// Between what stood there and what the step wrote.
fn difference(file: &Touched, change: &Change, journal: &Journal, at: &Invocation<'_>) -> String {
    if file.secret {
        return at.say("changes-secret", &[]);
    }
    let old = journal.kept(&*at.world.system, change.number, file).ok().flatten();
    let old = old.map(|contents| contents.text()).unwrap_or_default();
    between(&file.path, &old, &text_of(&change.plan.steps[file.step]), at.words())
}

async fn settled(way: Way, force: bool, at: &Invocation<'_>) -> Output {
    if at.flags.dry_run {
        return foreseen(way, at)
            .unwrap_or_else(|problem| Report { action: VERB, outcome: Err(problem), seen: None }.output(at));
    }
    let outcome = brought_to_an_end(way, force, at).await;
    Report { action: VERB, outcome, seen: None }.output(at)
}

/// What would be done to the changes that were cut off.
fn foreseen(way: Way, at: &Invocation<'_>) -> Result<Output, Problem> {
    let (system, journal) = (&*at.world.system, Journal::new(&at.world.around)?);
    let open = journal.interrupted(system);
    if open.is_empty() {
        return Err(nothing_interrupted());
    }
    let mut plan = Plan::default();
    for change in open {
        plan.steps.extend(match way {
            Way::Finish => change.plan.steps.into_iter().skip(change.done).collect(),
            Way::Revert => Restoration::of(&change, &journal, system)?.plan.steps,
        });
    }
    Ok(dry_run::output(VERB, &plan, at))
}

fn nothing_interrupted() -> Problem {
    Problem::new(Code::NotPossibleNow).hint("nothing-interrupted")
}

async fn brought_to_an_end(way: Way, force: bool, at: &Invocation<'_>) -> Result<Done, Problem> {
    let turn = at.turn(VERB).await?;
    let mut ended = None;
    for change in turn.interrupted(&*at.world.system) {
        ended = Some(change.number);
        settle(&turn, change, way, force, at).await?;
    }
    let number = ended.ok_or_else(nothing_interrupted)?;
    let result = match way {
        Way::Finish => Done::new("finished"),
        Way::Revert => Done::new("reverted"),
    };
    Ok(result.with("number", number))
}
