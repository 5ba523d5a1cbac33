//! What the facts mean for each step, and what can be done there. Pure: window, terminal and machines are told the same.

use super::facts::{Facts, Review};
use super::kept::Kept;
use super::step::{Deed, Line, Step, StepId, StepState};
use crate::model::Autostart;
use crate::plan::StepView;
use crate::problem::{Code, Problem};

mod afterwards;
mod ground;
mod machine;
mod service;

/// All steps, in their order; those that mean nothing here are among them.
pub fn steps(facts: &Facts, kept: &Kept) -> Vec<Step> {
    StepId::ALL.iter().map(|id| step(*id, facts, kept)).collect()
}

/// The first that is open: where the wizard stands, and where a failure leads back to.
pub fn current(steps: &[Step]) -> Option<&Step> {
    let failed = steps.iter().find(|step| step.state == StepState::Problem);
    let first = steps.iter().find(|step| step.state.is_open());
    match (first, failed) {
        // An optional question that stands before a failure can wait.
        (Some(first), Some(failed)) if first.id.is_optional() => Some(failed),
        (first, _) => first,
    }
}

fn step(id: StepId, facts: &Facts, kept: &Kept) -> Step {
    let step = match id {
        StepId::Programs => machine::programs(facts, kept),
        StepId::Container => ground::container(facts, kept),
        StepId::Wsl => ground::wsl(facts, kept),
        StepId::GuiSession => ground::gui_session(facts),
        StepId::Access => ground::access(facts),
        StepId::Manager => ground::manager(facts),
        StepId::Others => machine::others(facts, kept),
        StepId::Port => machine::port(facts),
        StepId::Config => machine::config(facts, kept),
        StepId::Plan => service::plan(facts, kept),
        StepId::Install => service::install(facts, kept),
        StepId::Linger => service::linger(facts, kept),
        StepId::Proof => service::proof(facts),
        StepId::TrayHost => ground::tray_host(facts, kept),
        StepId::Afterwards => afterwards::step(facts),
    };
    skipped(led_back(step, facts, kept), kept)
}

/// A refusal or a failure belongs to the step at which it can be mended, whatever else is true there (A32).
fn led_back(step: Step, facts: &Facts, kept: &Kept) -> Step {
    let refusal = facts.review.as_ref().err().filter(|problem| page_of(problem) == step.id);
    let problem = kept.failure_at(step.id).filter(|_| !is_mended(step.id, facts)).or(refusal);
    let cut_off = kept.doing.as_ref().filter(|deed| deed.step() == step.id && step.state.is_open());
    let step = match cut_off {
        Some(_) if kept.elsewhere => step.line(Line::plain("under-way", &[])),
        Some(_) => step.line(Line::warning("cut-off", &[])),
        None => step,
    };
    match problem {
        Some(problem) => Step { state: StepState::Problem, problem: Some(problem.clone()), ..again(step) },
        None => step,
    }
}

/// What failed before is true by now.
fn is_mended(id: StepId, facts: &Facts) -> bool {
    match id {
        StepId::Programs => facts.programs.is_ok(),
        StepId::Install | StepId::Access => facts.is_in_place() && facts.seen.supervised.value.is_at_work(),
        StepId::Linger => facts.registration().and_then(|found| found.lingers) == Some(true),
        StepId::Config => facts.config.as_ref().is_ok_and(machine::is_local),
        StepId::Container
        | StepId::Wsl
        | StepId::GuiSession
        | StepId::Manager
        | StepId::Others
        | StepId::Port
        | StepId::Plan
        | StepId::Proof
        | StepId::TrayHost
        | StepId::Afterwards => false,
    }
}

/// What stands in the way may be mended outside; then it is looked at again.
fn again(step: Step) -> Step {
    let has = |deed: &Deed| step.offers.iter().any(|offer| offer.deed == *deed);
    if has(&Deed::LookAgain) { step } else { step.offer(Deed::LookAgain) }
}

fn skipped(step: Step, kept: &Kept) -> Step {
    if !step.id.is_optional() || !step.state.is_open() {
        return step;
    }
    match kept.skipped.contains(&step.id) {
        true => Step { state: StepState::Skipped, ..step },
        false if step.offers.is_empty() => step,
        false => {
            let id = step.id;
            step.offer(Deed::Skip { step: id })
        }
    }
}

/// The step at which a problem can be mended.
pub fn page_of(problem: &Problem) -> StepId {
    match problem.code {
        Code::NoOpenClaw | Code::NoNode | Code::ProgramMissing => StepId::Programs,
        Code::NoGuiSession => StepId::GuiSession,
        Code::AccessDenied => StepId::Access,
        Code::NotSystemd
        | Code::NoUserBus
        | Code::NoUserManager
        | Code::NoTaskScheduler
        | Code::ToolMissing
        | Code::ToolHung
        | Code::ToolAnswerUnreadable => StepId::Manager,
        Code::LegacyServices | Code::UnitForeign | Code::SystemUnitExists => StepId::Others,
        Code::PortTaken => StepId::Port,
        Code::ConfigInvalid | Code::ConfigUnreadable | Code::ConfigError => StepId::Config,
        Code::ChangeInterrupted => StepId::Install,
        _ => StepId::Plan,
    }
}

/// Whether the manager knows the service and runs it, or will.
fn is_installed(facts: &Facts) -> bool {
    facts.is_in_place() && facts.registration().is_some_and(|found| found.autostart != Autostart::Blocked)
}

/// The plan, where something is to be written.
fn planned(facts: &Facts) -> Option<(u16, &[StepView])> {
    match &facts.review {
        Ok(Review::Plan { port, steps }) => Some((*port, steps.as_slice())),
        Ok(Review::InPlace) | Err(_) => None,
    }
}
