//! A gateway that outlived its host. It is adopted or ended, and only when it is proven to be the host's: it was written down, or
//! it speaks into the host's pipes.

use std::time::Duration;

use super::{Place, desk};
use crate::adapter::builtin::proof::{Life, Proof};
use crate::adapter::builtin::record::Record;
use crate::problem::{Code, Problem};
use crate::system::System;
use crate::system::child::{self, Asked, Offspring, Other};
use crate::world::World;

/// Takes hold of a proven process; `None` when it is gone. The handle comes first, so that the proof is about what it holds.
///
/// # Errors
/// `ReadFailed` when the system does not tell who it is.
pub async fn hold(world: &World, proof: &Proof) -> Result<Option<Other>, Problem> {
    let Some(other) = Other::open(proof.pid) else { return Ok(None) };
    match desk::life(&*world.system, world.around.os, proof).await {
        Life::Alive => Ok(Some(other)),
        Life::Gone => Ok(None),
        Life::Unknown(why) => Err(why),
    }
}

/// The gateway that the writer of `record` left behind: the one in it, or a later one that did not get into it any more.
///
/// # Errors
/// `ReadFailed` or `Internal` when the system does not tell who it is.
pub async fn left_by(
    world: &World,
    place: &Place,
    record: &Record,
) -> Result<Option<(Proof, Other)>, Problem> {
    if let Some(proof) = &record.gateway
        && let Some(other) = hold(world, proof).await?
    {
        return Ok(Some((proof.clone(), other)));
    }
    if record.phase.is_over() {
        return Ok(None);
    }
    let speaker = child::speaker(&place.own.pipes(&place.id));
    let Some((pid, other)) = speaker.and_then(|pid| Some((pid, Other::open(pid)?))) else { return Ok(None) };
    tracing::warn!(pid, "a gateway that its host could not write down is still alive");
    Ok(Some((desk::prove(&*world.system, world.around.os, pid).await?, other)))
}

/// How long a killed process may take to vanish.
const REAP: Duration = Duration::from_secs(5);

/// Asks a held gateway to end, and kills its group at the deadline; what else it started does not outlive it.
///
/// # Errors
/// `StillRunning` when it cannot even be killed.
pub async fn end(system: &dyn System, other: &Other, pid: u32, drain: Duration) -> Result<(), Problem> {
    let offspring = Offspring::of(pid);
    let outcome = end_alone(system, other, pid, drain).await;
    if let Some(offspring) = offspring {
        offspring.end(REAP).await;
    }
    outcome
}

async fn end_alone(system: &dyn System, other: &Other, pid: u32, drain: Duration) -> Result<(), Problem> {
    if let Err(error) = other.ask(Asked::Stop) {
        tracing::warn!(pid, %error, "it cannot be asked to end");
    }
    if within(system, drain, other).await {
        return Ok(());
    }
    tracing::warn!(pid, "it did not end in time and is killed");
    other.kill_group();
    match within(system, REAP, other).await {
        true => Ok(()),
        false => Err(Problem::new(Code::StillRunning).with("pid", pid)),
    }
}

/// Whether the process ends before the deadline.
pub async fn within(system: &dyn System, deadline: Duration, other: &Other) -> bool {
    tokio::select! {
        () = other.ended() => true,
        () = system.pause(deadline) => false,
    }
}
