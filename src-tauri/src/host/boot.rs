//! `gateward run --at-boot on|off`: puts the host into the account's crontab, or takes it out.

use std::time::Duration;

use super::Place;
use crate::adapter::builtin::crontab;
use crate::plan::{Answer, Call, End, Tool};
use crate::problem::{Code, Problem};
use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtBoot {
    On,
    Off,
}

/// Without cron there is nothing to do; the observation tells that nothing starts it then.
///
/// # Errors
/// `StepFailed` with crontab's words, `WriteFailed`.
pub async fn set(world: &World, place: &Place, wanted: AtBoot) -> Result<(), Problem> {
    let Some(table) = table(world).await? else { return Ok(()) };
    let profile = place.id.profile.to_string();
    let changed = match wanted {
        AtBoot::On => crontab::with_line(&table, &world.around.exe, &profile),
        AtBoot::Off => crontab::without_line(&table, &profile),
    };
    if changed == table {
        return Ok(());
    }
    let path = place.own.crontab(&place.id);
    world.system.write(&path, changed.as_bytes(), 0o600)?;
    let call = call(&[&path]);
    let answer = world.system.run(&call).await;
    world.system.remove(&path)?;
    if answer.is_success() { Ok(()) } else { Err(failed(&call, &answer)) }
}

/// The account's table, empty when it has none; `None` without cron.
async fn table(world: &World) -> Result<Option<String>, Problem> {
    let call = call(&["-l"]);
    let answer = world.system.run(&call).await;
    match answer.end {
        End::Exited(0) => Ok(Some(answer.stdout)),
        End::Exited(1) if answer.words().contains("no crontab for") => Ok(Some(String::new())),
        End::NotStarted(_) => Ok(None),
        End::Exited(_) | End::Killed(_) | End::TimedOut => Err(failed(&call, &answer)),
    }
}

fn call(args: &[&str]) -> Call {
    Call::new(Tool::Crontab, args, PATIENCE)
}

fn failed(call: &Call, answer: &Answer) -> Problem {
    Problem::new(Code::StepFailed).with("command", call).because(answer.words())
}
