//! How fast a worker's output comes into its log, and whether all of it does.

use super::Room;
use super::supervisor::{Supervisor, Tools};
use super::worker::Worker;
use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const LINES: u32 = 2_000_000;
const RUNS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(60);
/// In memory, so that the supervisors are compared and not the disk.
const PLACE: &str = "/dev/shm";

/// What became of the output.
pub struct Kept {
    /// Megabytes (10^6 bytes) a second, by run.
    pub speeds: Vec<f64>,
    /// In all runs.
    pub lost_lines: usize,
}

pub fn measure(supervisor: Supervisor, tools: &Tools) -> Result<Kept, String> {
    let text = text();
    let mut kept = Kept { speeds: Vec::new(), lost_lines: 0 };
    for _ in 0..RUNS {
        let (speed, lost) = run(supervisor, tools, &text)?;
        kept.speeds.push(speed);
        kept.lost_lines += lost;
    }
    Ok(kept)
}

fn run(supervisor: Supervisor, tools: &Tools, text: &str) -> Result<(f64, usize), String> {
    let room = Room::new(PLACE)?;
    let file = room.folder().join("text");
    fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    let worker = Worker::talker(room.folder(), &file)?;
    let supervised = supervisor.start(tools, room.folder(), &worker)?;
    let begun = worker.wait()?.at;
    worker.wait()?;
    let logs = supervised.log_folder();
    wait_until_kept(&logs, text.len() as u64);
    let took = begun.elapsed();
    // Far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    let speed = text.len() as f64 / 1e6 / took.as_secs_f64();
    drop(supervised);
    Ok((speed, lost(&logs, text)))
}

/// Numbered lines of about the length that a gateway writes.
fn text() -> String {
    let mut text = String::new();
    for number in 0..LINES {
        let _ = writeln!(
            text,
            "{number:08} 2026-11-22T12:00:00.000Z [gateway] a message was handed over to the channel"
        );
    }
    text
}

/// Returns when the logs have `size` bytes, or nothing is added any more.
fn wait_until_kept(logs: &Path, size: u64) {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE && total(logs) < size {
        std::thread::sleep(Duration::from_micros(500));
    }
}

fn total(logs: &Path) -> u64 {
    files(logs).iter().filter_map(|path| fs::metadata(path).ok()).map(|file| file.len()).sum()
}

fn files(logs: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(logs).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file() && !is_index(path)).collect()
}

/// When which line was written, beside `gateward run`'s logs.
fn is_index(path: &Path) -> bool {
    path.to_string_lossy().contains(".times")
}

/// How many of the lines are not in the logs as they were written.
fn lost(logs: &Path, text: &str) -> usize {
    let kept: Vec<String> = files(logs).iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let kept: HashSet<&str> = kept.iter().flat_map(|text| text.lines()).collect();
    text.lines().filter(|line| !kept.contains(line)).count()
}
