//! From before the supervisor's start to its worker's first word.

use super::Room;
use super::supervisor::{Supervisor, Tools};
use super::worker::Worker;
use crate::statistics::milliseconds;
use std::time::Instant;

const RUNS: usize = 6;

pub fn measure(supervisor: Supervisor, tools: &Tools) -> Result<Vec<f64>, String> {
    let mut times = Vec::new();
    // The first one reads the programs from the disk.
    for run in 0..=RUNS {
        let room = Room::new("/tmp")?;
        let worker = Worker::sleeper(room.folder())?;
        let begun = Instant::now();
        let _supervised = supervisor.start(tools, room.folder(), &worker)?;
        let (_, at) = worker.wait_pid()?;
        if run > 0 {
            times.push(milliseconds(at.duration_since(begun)));
        }
    }
    Ok(times)
}
