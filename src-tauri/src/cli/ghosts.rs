//! What becomes of services under earlier names: told, asked, removed or left alone (A30).

use super::invocation::Invocation;
use crate::adapter::Ghost;
use crate::observe::ghosts;
use crate::plan::Step;
use crate::problem::Problem;
use crate::setup::Legacy;
use crate::world::Gateway;

/// What an installation does about them.
#[derive(Default)]
pub struct Settled {
    /// To be taken before everything else.
    pub steps: Vec<Step>,
    /// Processes that those steps end: what they hold is free by then.
    pub ends: Vec<u32>,
    pub warning: Option<String>,
}

/// Asks a person where the command line does not say it already.
///
/// # Errors
/// `LegacyServices` when there are some and nobody says what to do.
pub async fn settle(
    wanted: Option<Legacy>,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Result<Settled, Problem> {
    let found = ghosts(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    if found.is_empty() {
        return Ok(Settled::default());
    }
    let agreed = at.flags.yes || at.flags.dry_run;
    let wish = wanted.or(agreed.then_some(Legacy::Remove)).or_else(|| asked(&found, at));
    match wish {
        Some(Legacy::Remove) => Ok(Settled {
            steps: gateway.adapter.retire(&found, &gateway.id),
            ends: found.iter().filter_map(|ghost| ghost.pid).collect(),
            warning: None,
        }),
        Some(Legacy::Keep) => {
            let warning = at.say("warn-legacy-kept", &[("labels", &names(&found))]);
            Ok(Settled { warning: Some(warning), ..Settled::default() })
        }
        None => Err(Problem::legacy_services(&names(&found))),
    }
}

fn asked(found: &[Ghost], at: &Invocation<'_>) -> Option<Legacy> {
    let rows: Vec<String> = found.iter().map(|ghost| row(ghost, at)).collect();
    let question = at.say("ask-legacy", &[("list", &rows.join("\n"))]);
    let remove = at.console.confirm(&question)?;
    Some(if remove { Legacy::Remove } else { Legacy::Keep })
}

fn row(ghost: &Ghost, at: &Invocation<'_>) -> String {
    let file = ghost.file.clone().unwrap_or_else(|| at.say("legacy-no-file", &[]));
    match ghost.pid {
        Some(pid) => {
            at.say("legacy-running", &[("label", &ghost.label), ("file", &file), ("pid", &pid.to_string())])
        }
        None => at.say("legacy-at-rest", &[("label", &ghost.label), ("file", &file)]),
    }
}

fn names(found: &[Ghost]) -> String {
    found.iter().map(|ghost| ghost.label.as_str()).collect::<Vec<_>>().join(", ")
}
