//! Who decides: a person at the terminal, or answers that were given beforehand.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Desk;
use crate::cli::invocation::Invocation;
use crate::model::{Observation, Verdict};
use crate::observe::observe_until;
use crate::problem::{Code, Problem};
use crate::setup::{Deed, Step, StepId, current, decided};
use crate::verdict::judge;
use crate::view::setup::page;

/// How long a gateway may take to come up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Goes from step to step until nothing is open.
///
/// # Errors
/// What no answer was given for, or what failed. It is kept for the next start.
pub async fn unattended(
    desk: &mut Desk,
    at: &Invocation<'_>,
    own: &Invocation<'_>,
) -> Result<(), Option<Problem>> {
    let mut has_waited = false;
    let mut told = Told::default();
    loop {
        let steps = desk.steps(own).await;
        told.news(&steps, desk, at);
        let Some(step) = current(&steps) else { return Ok(()) };
        let deed = decided(step, &desk.kept.answers, at.flags.yes)?;
        if deed == Deed::LookAgain {
            if has_waited {
                let problem = Problem::new(Code::NotProven).hint_command("see-status", "gateward status");
                return Err(Some(problem));
            }
            has_waited = true;
            let stage = desk.gateway.stage(at.world);
            let has_come = |seen: &Observation| judge(seen) != Verdict::Starting;
            observe_until((stage.system, stage.adapter, stage.id), PATIENCE, has_come).await;
        } else if !desk.act(deed, own).await? {
            return Err(desk.kept.failed.as_ref().map(|failed| failed.problem.clone()));
        }
    }
}

/// The same with a person who is shown each open step and asked what to do.
///
/// # Errors
/// As [`super::asks`] where nobody can be asked; `None` where they have left.
pub async fn with_person(
    desk: &mut Desk,
    at: &Invocation<'_>,
    own: &Invocation<'_>,
) -> Result<(), Option<Problem>> {
    let mut told = Told::default();
    let mut is_there = false;
    loop {
        let steps = desk.steps(own).await;
        let Some(step) = current(&steps) else {
            told.news(&steps, desk, at);
            return Ok(());
        };
        let asked = at.say("setup-ask", &[("n", &step.offers.len().to_string())]);
        told.news(&steps, desk, at);
        told.open(step, desk, at);
        match answer(&asked, step, &mut is_there, at) {
            Said::Deed(deed) => drop(desk.act(deed, own).await?),
            Said::Leave => {
                at.console.warn(&at.say("setup-left", &[]));
                return Err(None);
            }
            Said::Nobody => return Err(super::asks(&steps)),
        }
    }
}

enum Said {
    Deed(Deed),
    Leave,
    Nobody,
}

/// A number, or nothing for the first; asked again until it is one of them. Who has answered before and does not now has left.
fn answer(question: &str, step: &Step, is_there: &mut bool, at: &Invocation<'_>) -> Said {
    loop {
        let Some(typed) = at.console.ask(question) else {
            return if *is_there { Said::Leave } else { Said::Nobody };
        };
        *is_there = true;
        let number = if typed.is_empty() { Some(1) } else { typed.parse::<usize>().ok() };
        let offer = number.and_then(|number| step.offers.get(number.checked_sub(1)?));
        match offer {
            Some(offer) => return Said::Deed(offer.deed.clone()),
            None if ["q", "quit"].contains(&typed.to_lowercase().as_str()) => return Said::Leave,
            None => at.console.warn(&at.say("setup-ask-again", &[])),
        }
    }
}

/// What has been printed already.
#[derive(Default)]
struct Told {
    settled: BTreeSet<StepId>,
    begun: bool,
}

impl Told {
    /// The steps that have come to an end since.
    fn news(&mut self, steps: &[Step], desk: &Desk, at: &Invocation<'_>) {
        if at.flags.json {
            return;
        }
        let view = page(steps, &desk.kept, &desk.gateway.id, &at.page());
        if !std::mem::replace(&mut self.begun, true) {
            at.console.warn(&format!("{}\n", view.title));
        }
        let until = current(steps).map_or(usize::MAX, |step| step.id as usize);
        for shown in &view.steps {
            let settled = !shown.state.is_open() && (shown.id as usize) < until;
            if settled && self.settled.insert(shown.id) {
                at.console.warn(&shown.text(&at.page()));
            }
        }
    }

    fn open(&self, step: &Step, desk: &Desk, at: &Invocation<'_>) {
        let view = page(std::slice::from_ref(step), &desk.kept, &desk.gateway.id, &at.page());
        let texts = view.steps.iter().map(|shown| shown.text_with_offers(&at.page()));
        texts.for_each(|text| at.console.warn(&text));
    }
}
