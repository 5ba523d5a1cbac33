//! What an action stands on, under every manager: what is there is known and ours to change, and the tool could be asked.

use crate::model::{Observation, Origin, Registered};
use crate::plan::{Answer, Call, End};
use crate::problem::{Code, Problem};

/// Nothing is changed on the strength of a guess.
///
/// # Errors
/// Why it is not known what is registered or running.
pub fn known(seen: &Observation) -> Result<(), Problem> {
    seen.supervised.value.known()?;
    match &seen.registered.value {
        Registered::Unknown { why, .. } => Err(why.clone()),
        Registered::Missing { .. } | Registered::Present(_) => Ok(()),
    }
}

/// # Errors
/// `UnitForeign` for a definition that neither Gateward nor OpenClaw wrote.
pub fn ours_to_change(seen: &Observation) -> Result<(), Problem> {
    match seen.registration() {
        Some(found) if found.origin == Origin::Foreign => Err(Problem::new(Code::UnitForeign)
            .with("path", &found.file)
            .hint_command("overwrite-with-force", "gateward install --force")),
        Some(_) | None => Ok(()),
    }
}

/// The problem of a tool that is missing or did not answer in time.
pub fn without_answer(call: &Call, answer: &Answer) -> Option<Problem> {
    match &answer.end {
        End::NotStarted(words) => {
            Some(Problem::new(Code::ToolMissing).with("tool", call.tool.name()).because(words))
        }
        End::TimedOut => Some(
            Problem::new(Code::ToolHung)
                .with("command", call)
                .with("seconds", call.deadline.as_secs())
                .because(answer.words()),
        ),
        End::Exited(_) | End::Killed(_) => None,
    }
}
