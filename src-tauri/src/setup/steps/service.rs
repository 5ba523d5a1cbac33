//! The service itself: what will be written, the installation, the proof.

use super::{is_installed, planned};
use crate::explanations;
use crate::model::{Manager, Standing, Supervised, Verdict};
use crate::problem::{Code, Problem};
use crate::setup::facts::{Facts, Review};
use crate::setup::kept::Kept;
use crate::setup::step::{Deed, Line, Mark, Step, StepId};

pub fn plan(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Plan;
    match &facts.review {
        Ok(Review::InPlace) => {
            let file = facts.registration().map(|found| found.file.clone()).unwrap_or_default();
            Step::done(id).line(Line::good("plan-in-place", &[("file", &file)]))
        }
        Ok(Review::Plan { steps, .. }) => {
            let step = if kept.agreed { Step::done(id) } else { Step::to_do(id) };
            let step = Step { plan: steps.clone(), ..step.line(Line::plain("plan", &[])) };
            if kept.agreed { step } else { step.offer(Deed::Install) }
        }
        Err(_) => Step::to_do(id).line(Line::plain("plan-later", &[])),
    }
}

pub fn install(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Install;
    if let Some(number) = facts.interrupted {
        return Step::stuck(id, Problem::interrupted(number)).offer(Deed::Finish).offer(Deed::Revert);
    }
    if is_installed(facts) {
        return installed(facts);
    }
    match planned(facts).filter(|_| kept.agreed) {
        Some((_, steps)) => Step { plan: steps.to_vec(), ..Step::to_do(id) }.offer(Deed::Install),
        None => Step::to_do(id).line(Line::plain("install-later", &[])),
    }
}

fn installed(facts: &Facts) -> Step {
    let id = StepId::Install;
    let file = facts.registration().map(|found| found.file.clone()).unwrap_or_default();
    let values = [("file", file.as_str()), ("manager", facts.manager.name())];
    match facts.seen.supervised.value.is_at_rest() {
        false => Step::done(id).line(Line::good("installed", &values)),
        true => Step::to_do(id).line(Line::warning("installed-stopped", &values)).offer(Deed::Start),
    }
}

/// Only systemd ends an account's services with its last login (A1).
pub fn linger(facts: &Facts, kept: &Kept) -> Step {
    let id = StepId::Linger;
    let lingers = facts.registration().and_then(|found| found.lingers);
    match (facts.manager, lingers) {
        (Manager::Launchd | Manager::Schtasks | Manager::Builtin, _) => Step::not_here(id),
        (Manager::Systemd, Some(true)) => Step::done(id).line(Line::good("lingers", &[])),
        (Manager::Systemd, Some(false)) => {
            let user = facts.around.user.clone().unwrap_or_default();
            let step =
                Step::to_do(id).lines([Line::warning("lingers-not", &[]), Line::plain("linger-why", &[])]);
            step.offer_running(Deed::Linger, format!("loginctl enable-linger {user}"))
        }
        (Manager::Systemd, None) if is_installed(facts) => Step::not_here(id),
        (Manager::Systemd, None) => match kept.answers.linger {
            Some(true) => Step::to_do(id).line(Line::plain("linger-after", &[])),
            Some(false) | None => Step::to_do(id).line(Line::plain("after-install", &[])),
        },
    }
}

pub fn proof(facts: &Facts) -> Step {
    let id = StepId::Proof;
    if !is_installed(facts) {
        return Step::to_do(id).line(Line::plain("after-install", &[]));
    }
    let lines = [supervised(facts), answers(facts), credentials(facts)];
    let stuck = |code| {
        let problem = Problem::new(code);
        let hinted =
            problem.hint_command("see-status", "gateward status").hint_command("see-logs", "gateward logs");
        explanations::blame(hinted, &facts.last_words)
    };
    let step = match facts.verdict {
        Verdict::Ready => return Step::done(id).lines(lines),
        Verdict::Starting => Step::to_do(id),
        Verdict::ConfigError => Step::stuck(id, stuck(Code::ConfigError)),
        Verdict::GaveUp | Verdict::CrashLoop => Step::stuck(id, stuck(Code::GaveUp)),
        Verdict::NotInstalled
        | Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::Stopping
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::Unloaded
        | Verdict::External
        | Verdict::Unknown => Step::stuck(id, stuck(Code::NotProven)),
    };
    step.lines(lines).offer(Deed::LookAgain)
}

fn supervised(facts: &Facts) -> Line {
    let manager = facts.manager.name();
    match &facts.seen.supervised.value {
        Supervised::Running(run) => {
            let pid = run.pid.to_string();
            Line::good("proof-runs", &[("manager", manager), ("pid", &pid)])
        }
        Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopping { .. }
        | Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => Line::warning("proof-runs-not", &[("manager", manager)]),
    }
}

fn answers(facts: &Facts) -> Line {
    let port = facts.seen.port.value.port().to_string();
    match facts.verdict == Verdict::Ready {
        true => Line::good("proof-answers", &[("port", &port)]),
        false => Line::warning("proof-answers-not", &[("port", &port)]),
    }
}

/// The worst first: one that ended is what a person will have to see to.
fn credentials(facts: &Facts) -> Line {
    let of = |standings: &[Standing]| {
        let fits = facts.credentials.iter().filter(|judged| standings.contains(&judged.standing));
        fits.map(|judged| judged.credential.id.as_str()).collect::<Vec<_>>().join(", ")
    };
    let bad = of(&[Standing::Expired, Standing::Failing, Standing::Missing]);
    let soon = of(&[Standing::Expiring, Standing::Overdue]);
    let count = facts.credentials.len().to_string();
    match (facts.credentials.is_empty(), bad.is_empty(), soon.is_empty()) {
        (true, _, _) => Line::plain("proof-credentials-none", &[]),
        (false, false, _) => Line::warning("proof-credentials-bad", &[("names", &bad)]),
        (false, true, false) => Line::warning("proof-credentials-soon", &[("names", &soon)]),
        (false, true, true) => {
            Line { mark: Mark::Good, ..Line::plain("proof-credentials", &[("n", &count)]) }
        }
    }
}
