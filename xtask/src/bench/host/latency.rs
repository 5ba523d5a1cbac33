//! From `kill -9` of the worker to the first word of the next one.

use super::Room;
use super::supervisor::{Supervisor, Tools};
use super::worker::Worker;
use crate::rig::processes;
use crate::statistics::milliseconds;
use rustix::process::{Pid, Signal, kill_process};
use std::thread;
use std::time::{Duration, Instant};

const RUNS: usize = 8;
/// runsv and s6-supervise wait a second after a start before the next one; this sets it aside.
const RUNS_FOR: Duration = Duration::from_millis(1500);

pub fn measure(supervisor: Supervisor, tools: &Tools) -> Result<Vec<f64>, String> {
    let room = Room::new("/tmp")?;
    let worker = Worker::sleeper(room.folder())?;
    let _supervised = supervisor.start(tools, room.folder(), &worker)?;
    let (mut pid, _) = worker.wait_pid()?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        thread::sleep(RUNS_FOR);
        let killed = Instant::now();
        kill(pid)?;
        let (next, at) = worker.wait_pid()?;
        times.push(milliseconds(at.duration_since(killed)));
        pid = next;
    }
    if !processes::is_alive(pid) {
        return Err(format!("{}: the last worker does not run.", supervisor.name()));
    }
    Ok(times)
}

fn kill(pid: u32) -> Result<(), String> {
    let process = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or("no process id")?;
    kill_process(process, Signal::KILL).map_err(|error| format!("kill -9 {pid}: {error}"))
}
