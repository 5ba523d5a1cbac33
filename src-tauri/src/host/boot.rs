//! `gateward run --at-boot on|off`: puts the host into the account's crontab, or takes it out.

use std::time::Duration;

use super::Place;
use crate::adapter::builtin::crontab;
use crate::plan::{Call, End, Tool};
use crate::problem::{Code, Problem};
use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtBoot {
    On,
    Off,
}

/// Without cron, or where it is not for this account, there is nothing to do: the observation tells that nothing starts it at boot.
///
/// # Errors
/// `StepFailed` with crontab's words when the line stays behind, `WriteFailed`.
pub async fn set(world: &World, place: &Place, wanted: AtBoot) -> Result<(), Problem> {
    let Some(table) = table(world).await else { return Ok(()) };
    let profile = place.id.profile.to_string();
    let changed = match wanted {
        AtBoot::On => crontab::with_line(&table, &world.around.exe, &profile),
        AtBoot::Off => crontab::without_line(&table, &profile),
    };
    if changed == table {
        return Ok(());
    }
    match (replace(world, place, &changed).await, wanted) {
        (Err(problem), AtBoot::On) => {
            tracing::warn!(%problem, "cron does not take the line");
            Ok(())
        }
        (outcome, AtBoot::On | AtBoot::Off) => outcome,
    }
}

async fn replace(world: &World, place: &Place, table: &str) -> Result<(), Problem> {
    let path = place.own.crontab(&place.id);
    world.system.write(&path, table.as_bytes(), 0o600)?;
    let call = call(&[&path]);
    let answer = world.system.run(&call).await;
    world.system.remove(&path)?;
    match answer.is_success() {
        true => Ok(()),
        false => Err(Problem::new(Code::StepFailed).with("command", call).because(answer.words())),
    }
}

/// The account's table, empty when it has none; `None` without cron.
async fn table(world: &World) -> Option<String> {
    let answer = world.system.run(&call(&["-l"])).await;
    // Vixie's and cronie's words, and busybox'.
    let is_empty = ["no crontab for", "can't open"].iter().any(|words| answer.words().contains(words));
    match answer.end {
        End::Exited(0) => Some(answer.stdout),
        End::Exited(_) if is_empty => Some(String::new()),
        End::Exited(_) | End::Killed(_) | End::TimedOut | End::NotStarted(_) => None,
    }
}

fn call(args: &[&str]) -> Call {
    Call::new(Tool::Crontab, args, PATIENCE)
}
