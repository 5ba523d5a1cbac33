//! `gateward run --stop`: ends the profile's host, or the gateway that outlived it.

use std::time::Duration;

use super::{Place, desk, job, orphan};
use crate::adapter::builtin::record::{Phase, Record};
use crate::problem::{Code, Problem};
use crate::world::World;

/// What a host may need beyond its gateway's deadline: the kill, the log, the record.
const MARGIN: Duration = Duration::from_secs(10);

pub async fn stop(world: &World, place: &Place) -> Result<(), Problem> {
    let path = place.own.record(&place.id);
    let Some(record) = desk::read(&*world.system, &path)? else { return Ok(()) };
    let drain = job::drain(world, place);
    stop_host(world, &record, drain).await?;
    // The host's last word tells whether it left a gateway behind.
    match desk::read(&*world.system, &path)? {
        Some(record) => stop_orphan(world, &path, record, drain).await,
        None => Ok(()),
    }
}

async fn stop_host(world: &World, record: &Record, drain: Duration) -> Result<(), Problem> {
    let pid = record.host.pid;
    let Some(host) = orphan::hold(world, &record.host).await? else { return Ok(()) };
    tracing::info!(pid, "stopping the host");
    host.terminate();
    match orphan::within(&*world.system, drain + MARGIN, &host).await {
        true => Ok(()),
        false => Err(Problem::new(Code::StillRunning).with("pid", pid)),
    }
}

async fn stop_orphan(world: &World, path: &str, record: Record, drain: Duration) -> Result<(), Problem> {
    let Some(gateway) = &record.gateway else { return Ok(()) };
    if let Some(other) = orphan::hold(world, gateway).await? {
        tracing::info!(pid = gateway.pid, "stopping the gateway that outlived its host");
        orphan::end(&*world.system, &other, gateway.pid, drain).await?;
    }
    let ended = Record { gateway: None, since: None, phase: Phase::Stopped, ..record };
    desk::write(&*world.system, path, &ended)
}
