//! `gateward run --stop` and `--stop-now`: end the profile's host, or the gateway that outlived it.

use std::time::Duration;

use super::{Place, desk, orphan};
use crate::adapter::builtin::proof::Proof;
use crate::adapter::builtin::record::{Phase, Record};
use crate::model::RestartPolicy;
use crate::problem::{Code, Problem};
use crate::system::child::{Asked, Other};
use crate::world::World;

/// What a host may need beyond its own reckoning.
const MARGIN: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

pub async fn stop(world: &World, place: &Place) -> Result<(), Problem> {
    let path = place.own.record(&place.id);
    let Some(record) = desk::read(&*world.system, &path)? else { return Ok(()) };
    let longest = longest_stop(&record);
    ask_host(world, &record, Asked::Stop, longest + MARGIN).await?;
    end_orphan(world, place, &path, longest).await?;
    place.remove_pipes(&*world.system);
    Ok(())
}

/// Without a drain. A restart under way goes on to its start, and so does its host.
pub async fn force(world: &World, place: &Place) -> Result<(), Problem> {
    let path = place.own.record(&place.id);
    let Some(record) = desk::read(&*world.system, &path)? else { return Ok(()) };
    if let Some(host) = orphan::hold(world, &record.host).await? {
        host.ask(Asked::Force).map_err(|error| unheard(&record, &error))?;
        return settled(world, &path, &record, &host).await;
    }
    end_orphan(world, place, &path, Duration::ZERO).await?;
    place.remove_pipes(&*world.system);
    Ok(())
}

/// Waits until the host has let go of the gateway it had; with it, the record tells what followed.
async fn settled(world: &World, path: &str, before: &Record, host: &Other) -> Result<(), Problem> {
    let let_go = async {
        while desk::read(&*world.system, path)?.is_some_and(|now| now.gateway == before.gateway) {
            world.system.pause(PAUSE).await;
        }
        Ok(())
    };
    tokio::select! {
        biased;
        () = host.ended() => Ok(()),
        outcome = let_go => outcome,
        () = world.system.pause(MARGIN) => {
            Err(Problem::new(Code::StillRunning).with("pid", before.host.pid))
        }
    }
}

/// By the host's own reckoning; one of an older version told none.
fn longest_stop(record: &Record) -> Duration {
    match record.stops_within_s {
        0 => Duration::from_secs(RestartPolicy::default().stop_timeout_s.into()),
        seconds => Duration::from_secs(seconds),
    }
}

async fn ask_host(world: &World, record: &Record, asked: Asked, patience: Duration) -> Result<(), Problem> {
    let pid = record.host.pid;
    let Some(host) = orphan::hold(world, &record.host).await? else { return Ok(()) };
    tracing::info!(pid, "stopping the host");
    host.ask(asked).map_err(|error| unheard(record, &error))?;
    match orphan::within(&*world.system, patience, &host).await {
        true => Ok(()),
        false => Err(Problem::new(Code::StillRunning).with("pid", pid)),
    }
}

/// The host could not be asked: it is another account's.
pub fn unheard(record: &Record, error: &std::io::Error) -> Problem {
    Problem::new(Code::StillRunning).with("pid", record.host.pid).because(error.to_string())
}

/// The host's last word tells whether it left a gateway behind.
async fn end_orphan(world: &World, place: &Place, path: &str, drain: Duration) -> Result<(), Problem> {
    let Some(record) = desk::read(&*world.system, path)? else { return Ok(()) };
    match orphan::left_by(world, place, &record).await? {
        Some((Proof { pid, .. }, other)) => {
            tracing::info!(pid, "stopping the gateway that outlived its host");
            orphan::end(&*world.system, &other, pid, drain).await?;
        }
        None if record.gateway.is_none() => return Ok(()),
        None => {}
    }
    let ended = Record { gateway: None, since: None, due: None, phase: Phase::Stopped, ..record };
    desk::write(&*world.system, path, &ended)
}
