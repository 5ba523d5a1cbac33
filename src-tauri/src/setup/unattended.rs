//! What is done at a step without a person: what the answers say, and where they say nothing, only what changes nothing unasked.

use super::answers::Answers;
use super::step::{Deed, Step, StepId};
use crate::problem::{Code, Problem};

/// The deed for an open step. `yes` takes what is advised where the answers are silent.
///
/// # Errors
/// `NoAnswer` where one is needed; the step's own problem where no answer could help.
pub fn decided(step: &Step, answers: &Answers, yes: bool) -> Result<Deed, Problem> {
    match step.id {
        StepId::Programs => fetched(step, answers, yes),
        StepId::Container | StepId::Wsl | StepId::TrayHost => Ok(Deed::Seen { step: step.id }),
        StepId::GuiSession | StepId::Access | StepId::Manager => Err(stuck(step)),
        StepId::Others => others(step, yes),
        StepId::Port => Err(stuck(step)),
        StepId::Config => match (&step.problem, step.offers.first()) {
            (Some(problem), _) => Err(problem.clone()),
            (None, Some(offer)) if yes && offer.deed == Deed::SetMode => Ok(Deed::SetMode),
            (None, _) => Ok(Deed::Skip { step: step.id }),
        },
        StepId::Plan | StepId::Install => acted(step),
        StepId::Linger => match (answers.linger, &step.problem) {
            (Some(true), None) => Ok(Deed::Linger),
            (Some(true), Some(problem)) => Err(problem.clone()),
            (Some(false) | None, _) => Ok(Deed::Skip { step: step.id }),
        },
        StepId::Proof => match &step.problem {
            Some(problem) => Err(problem.clone()),
            None => Ok(Deed::LookAgain),
        },
        StepId::Afterwards => Err(stuck(step)),
    }
}

fn fetched(step: &Step, answers: &Answers, yes: bool) -> Result<Deed, Problem> {
    let offered = |deed: &Deed| step.offers.iter().any(|offer| offer.deed == *deed);
    let told = answers.openclaw.map(|with| Deed::Fetch { with });
    let advised = step.offers.first().map(|offer| &offer.deed);
    match (told, advised) {
        (Some(deed), _) if offered(&deed) => Ok(deed),
        (Some(_), _) => Err(stuck(step)),
        (None, Some(deed @ Deed::Fetch { .. })) if yes => Ok(deed.clone()),
        (None, Some(Deed::Fetch { .. })) => Err(Answers::missing("openclaw", Some(&tools(step)))),
        (None, _) => Err(stuck(step)),
    }
}

/// The package managers that are there.
fn tools(step: &Step) -> String {
    let names = step.offers.iter().filter_map(|offer| match offer.deed {
        Deed::Fetch { with } => Some(format!("\"{}\"", with.name())),
        _ => None,
    });
    names.collect::<Vec<_>>().join(", ")
}

fn others(step: &Step, yes: bool) -> Result<Deed, Problem> {
    match step.offers.first().map(|offer| &offer.deed) {
        Some(deed @ Deed::Legacy { .. }) if yes => Ok(deed.clone()),
        Some(Deed::Legacy { .. }) => Err(Answers::missing("legacy", None)),
        Some(deed @ Deed::Seen { .. }) => Ok(deed.clone()),
        Some(_) | None => Err(stuck(step)),
    }
}

/// Nothing is tried again by itself, and what was cut off is a person's to finish or to put back.
fn acted(step: &Step) -> Result<Deed, Problem> {
    let deed = step.offers.first().map(|offer| offer.deed.clone());
    match (&step.problem, deed) {
        (None, Some(deed @ (Deed::Install | Deed::Start))) => Ok(deed),
        (Some(_), _) | (None, _) => Err(stuck(step)),
    }
}

fn stuck(step: &Step) -> Problem {
    step.problem.clone().unwrap_or_else(|| Problem::new(Code::NotPossibleNow))
}
