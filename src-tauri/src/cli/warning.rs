//! What a person should know of a service's environment before it is started with it (A15, A17).

use super::invocation::Invocation;
use super::lifecycle::Change;
use super::report::Done;
use crate::auth::survey::mismatches;
use crate::execute::Stage;
use crate::model::{Finding, Observation, Registered};
use crate::view::credential::finding;

/// What the environment lacks of what the config refers to, or has differently; nothing for what starts nothing.
pub fn foreseen(change: Change, stage: Stage<'_>, before: &Observation, at: &Invocation<'_>) -> Vec<Finding> {
    match (change, &before.registered.value) {
        (Change::Start | Change::Restart, Registered::Present(found)) => {
            mismatches(stage.system, &at.world.around, stage.id, &found.environment)
        }
        (Change::Stop { .. } | Change::Uninstall, _)
        | (Change::Start | Change::Restart, Registered::Missing { .. } | Registered::Unknown { .. }) => {
            Vec::new()
        }
    }
}

/// Tells it at once.
pub fn forewarn(found: &[Finding], at: &Invocation<'_>) {
    if !at.flags.json {
        let told = found.iter().map(|it| at.say("text-warning", &[("warning", &words(it, at))]));
        told.for_each(|line| at.console.warn(&line));
    }
}

/// Scripts get one answer, and find the warnings in it.
pub fn recalled(done: Done, found: &[Finding], at: &Invocation<'_>) -> Done {
    let told: &[Finding] = if at.flags.json { found } else { &[] };
    told.iter().fold(done, |done, it| done.warn(words(it, at)))
}

fn words(found: &Finding, at: &Invocation<'_>) -> String {
    at.page().paste(&finding(found, at.words()))
}
