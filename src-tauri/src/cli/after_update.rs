//! `after-update`: OpenClaw or node was updated by npm or another program, which tells no service manager (A7).

use std::time::Duration;

use super::args::{Install, Undo};
use super::invocation::Invocation;
use super::lifecycle::{Change, change_one, running};
use super::report::{Done, Report, failure};
use super::{Exit, Output, install, undo};
use crate::execute::Stage;
use crate::model::{Observation, Verdict};
use crate::observe::{observe, observe_until};
use crate::problem::{Code, Problem};
use crate::programs::{self, Version};
use crate::settings;
use crate::verdict::{is_outdated, judge};
use crate::world::Gateway;

const VERB: &str = "after-update";

/// Between two looks at the package: npm replaces it file by file.
const SETTLING: Duration = Duration::from_secs(2);
/// How many looks an installation in progress is given.
const LOOKS: u32 = 60;
/// How long the new version may take from its first answer to its readiness.
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn run(at: &Invocation<'_>) -> Output {
    match at.gateway() {
        Ok(gateway) => follow(&gateway, at).await,
        Err(problem) => failure(VERB, problem, at),
    }
}

async fn follow(gateway: &Gateway, at: &Invocation<'_>) -> Output {
    let stage = gateway.stage(at.world);
    let (need, seen) = match settled(stage, at).await {
        Ok(found) => found,
        Err(problem) => return failure(VERB, problem, at),
    };
    let repaired = match need {
        Need::Nothing => return report(Ok(up_to_date(&seen)), gateway, seen, at),
        Need::Restart => change_one(Change::Restart, gateway, at).await,
        Need::Move | Need::Reinstall => install::install_one(&anew(), gateway, at).await,
    };
    let change = at.newest_change();
    // A step that failed was put back with those before it, and is told already.
    if repaired.exit != Exit::Ok || at.flags.dry_run {
        return repaired;
    }
    let is_ready = |seen: &Observation| judge(seen) == Verdict::Ready;
    let seen = observe_until((stage.system, stage.adapter, stage.id), PATIENCE, is_ready).await;
    let outcome = match is_ready(&seen) && !is_outdated(&seen) {
        true => Ok(updated(&seen)),
        false => Err(unproven(need, change, &seen, at).await),
    };
    report(outcome, gateway, seen, at)
}

fn report(
    outcome: Result<Done, Problem>,
    gateway: &Gateway,
    seen: Observation,
    at: &Invocation<'_>,
) -> Output {
    Report { action: VERB, outcome, seen: Some((gateway.adapter.manager(), seen)) }.output(at)
}

/// The one repair that helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    /// The definition is right, the process is old.
    Restart,
    /// A newer OpenClaw is installed in another place; what the definition names is still there.
    Move,
    /// The definition names what is not there any more.
    Reinstall,
}

/// What is needed, once two looks in a row have seen the same: a restart in the middle of an update would start half of it.
///
/// # Errors
/// `NotInstalled`; `NotPossibleNow` while the package keeps changing.
async fn settled(stage: Stage<'_>, at: &Invocation<'_>) -> Result<(Need, Observation), Problem> {
    let mut last = look(stage, at).await?;
    for _ in 0..LOOKS {
        if last.0 == Need::Nothing {
            return Ok(last);
        }
        stage.system.pause(SETTLING).await;
        let now = look(stage, at).await?;
        if (now.0, &now.1.installed) == (last.0, &last.1.installed) {
            return Ok(now);
        }
        last = now;
    }
    Err(Problem::new(Code::NotPossibleNow).because("OpenClaw's package is still being changed"))
}

async fn look(stage: Stage<'_>, at: &Invocation<'_>) -> Result<(Need, Observation), Problem> {
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    let Some(found) = seen.registration() else { return Err(Problem::not_installed()) };
    let need = if !programs::missing(stage.system, found).is_empty() {
        Need::Reinstall
    } else if is_older_than_another(&seen, at).await {
        Need::Move
    } else if is_outdated(&seen) {
        Need::Restart
    } else {
        Need::Nothing
    };
    Ok((need, seen))
}

/// Whether an installation would take a newer OpenClaw than the definition's.
async fn is_older_than_another(seen: &Observation, at: &Invocation<'_>) -> bool {
    let (system, around) = (&*at.world.system, &at.world.around);
    let version = |text: &Option<String>| text.as_deref().and_then(Version::parse);
    let Some(own) = version(&seen.installed.version) else { return false };
    let given = settings::current(system, around).programs;
    let other = programs::find(system, around, &given).await.ok();
    other.and_then(|other| version(&other.openclaw.version)).is_some_and(|other| own < other)
}

fn anew() -> Install {
    Install { force: true, ..Install::default() }
}

fn up_to_date(seen: &Observation) -> Done {
    Done::new("up-to-date").with("version", version(seen))
}

fn updated(seen: &Observation) -> Done {
    let Done { values, .. } = running("updated", seen);
    Done { values, ..Done::new("updated") }.with("version", version(seen))
}

fn version(seen: &Observation) -> &str {
    seen.answers.value.version().or(seen.installed.version.as_deref()).unwrap_or("–")
}

/// Puts the definition back where the one before could run, by taking `change` back. The programs are npm's: it alone can bring an
/// old version back.
async fn unproven(need: Need, change: Option<u32>, seen: &Observation, at: &Invocation<'_>) -> Problem {
    let installed = seen.installed.version.clone().unwrap_or_else(|| "–".to_owned());
    let problem = Problem::new(Code::UpdateUnproven)
        .with("installed", installed)
        .with("runs", seen.answers.value.version().unwrap_or("–"))
        .hint_command("see-logs", "gateward logs");
    match need {
        // The definition before named what is gone.
        Need::Nothing | Need::Restart | Need::Reinstall => problem,
        Need::Move if is_taken_back(change, at).await => {
            problem.because(at.say("cause-definition-put-back", &[]))
        }
        Need::Move => problem.hint_command("see-changes", "gateward changes"),
    }
}

/// Somebody may have changed something since, which is not ours to take back.
async fn is_taken_back(change: Option<u32>, at: &Invocation<'_>) -> bool {
    let Some(number) = change else { return false };
    undo::run(&Undo { number: Some(number), force: false }, at).await.exit == Exit::Ok
}
