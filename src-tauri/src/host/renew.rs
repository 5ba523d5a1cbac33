//! `gateward run --renew`: writes a one-time token, tells the host, and proves that another gateway runs afterwards.

use std::time::Duration;

use super::stop::unheard;
use super::token::{self, Token};
use super::{Place, desk, orphan};
use crate::adapter::builtin::proof::Proof;
use crate::adapter::builtin::record::{Phase, Record};
use crate::problem::{Code, Problem};
use crate::system::child::{Asked, Other};
use crate::world::World;

/// From the signal to the host's look at the token (OC 9.2).
const VALID: Duration = Duration::from_secs(5);
/// Beyond the drain: the host's cool-down between two restarts, and the start.
const MARGIN: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// # Errors
/// `NoHost` when none is at work; `StillRunning` when it cannot be told; `DidNotStart` when no other gateway runs in time, with
/// what became of it; `WriteFailed` when the token cannot be written.
pub async fn renew(world: &World, place: &Place) -> Result<(), Problem> {
    let Some((record, host)) = at_work(world, place).await? else {
        return Err(Problem::new(Code::NoHost).hint_command("start-service", "gateward start"));
    };
    let system = &*world.system;
    let until_s = (system.uptime() + VALID).as_secs_f64();
    token::write(world, place, &Token { count: 1, host: record.host.clone(), until_s })?;
    host.ask(Asked::Restart).map_err(|error| unheard(&record, &error))?;
    let patience = Duration::from_secs(record.stops_within_s) + MARGIN;
    let outcome = renewed(world, place, &record, &host, patience).await;
    // One that nobody used must not allow another's restart later.
    system.remove(&place.own.token(&place.id)).and(outcome)
}

async fn at_work(world: &World, place: &Place) -> Result<Option<(Record, Other)>, Problem> {
    let Some(record) = desk::read(&*world.system, &place.own.record(&place.id))? else { return Ok(None) };
    let host = orphan::hold(world, &record.host).await?;
    Ok(host.map(|host| (record, host)))
}

async fn renewed(
    world: &World,
    place: &Place,
    before: &Record,
    host: &Other,
    patience: Duration,
) -> Result<(), Problem> {
    let path = place.own.record(&place.id);
    let new = async {
        loop {
            match desk::read(&*world.system, &path)? {
                Some(now) if is_new(&now, before.gateway.as_ref()) => return Ok(()),
                Some(now) if is_over(now.phase) => return Err(problem(&now)),
                Some(_) | None => world.system.pause(PAUSE).await,
            }
        }
    };
    tokio::select! {
        biased;
        outcome = new => outcome,
        // It wrote its last word before it ended, and that may be later than the last look.
        () = host.ended() => Err(problem(desk::read(&*world.system, &path)?.as_ref().unwrap_or(before))),
        () = world.system.pause(patience) => Err(problem(before)),
    }
}

fn is_new(now: &Record, before: Option<&Proof>) -> bool {
    now.phase == Phase::Running && now.gateway.as_ref() != before
}

fn is_over(phase: Phase) -> bool {
    match phase {
        Phase::Stopped | Phase::GaveUp | Phase::ConfigError => true,
        Phase::Starting | Phase::Running | Phase::Waiting | Phase::Stopping => false,
    }
}

/// What the gateway said last is the best cause there is.
fn problem(record: &Record) -> Problem {
    let words = record.last_words.last().cloned().unwrap_or_default();
    let code = if record.phase == Phase::ConfigError { Code::ConfigError } else { Code::DidNotStart };
    Problem::new(code).because(words).hint_command("see-logs", "gateward logs")
}
