//! What a supervisor holds while its worker runs and nothing happens.

use super::Room;
use super::supervisor::{Supervisor, Tools};
use super::worker::Worker;
use crate::bench::process::{Memory, memory};
use std::thread;
use std::time::Duration;

const SETTLED: Duration = Duration::from_secs(3);

/// Of all its processes together.
pub fn measure(supervisor: Supervisor, tools: &Tools) -> Result<Memory, String> {
    let room = Room::new("/tmp")?;
    let worker = Worker::sleeper(room.folder())?;
    let supervised = supervisor.start(tools, room.folder(), &worker)?;
    let (pid, _) = worker.wait_pid()?;
    thread::sleep(SETTLED);
    let held = supervised.pids(pid).into_iter().map(memory).collect::<Result<Vec<_>, _>>()?;
    if held.is_empty() {
        return Err(format!("{}: no process to measure.", supervisor.name()));
    }
    Ok(Memory {
        proportional: held.iter().map(|memory| memory.proportional).sum(),
        resident: held.iter().map(|memory| memory.resident).sum(),
    })
}
