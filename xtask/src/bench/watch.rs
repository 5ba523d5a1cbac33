//! The light watcher: what it costs with many gateways, and when it has stored what happened.

use super::process::{Running, cpu_time, memory};
use super::scene::Scene;
use super::{Programs, tell};
use crate::rig::wait::PATIENCE;
use crate::statistics::{Line, Unit};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

const PROFILES: usize = 50;
/// MiB.
const MEMORY_GOAL: f64 = 30.0;
/// From when the last gateway is seen ready to rest.
const SETTLED: Duration = Duration::from_secs(10);
/// Longer than the safety net, so that it is in it.
const WATCHED: Duration = Duration::from_secs(65);
/// Of one core: what cannot be told from nothing by looking at the load.
const CPU_GOAL: f64 = 0.01;

pub fn compare(scene: &Scene, programs: &Programs) -> Result<Vec<Line>, String> {
    scene.run_profiles(&programs.gateward, PROFILES - 1)?;
    let watcher = Watcher::start(scene, &programs.gateward, &["--all"])?;
    watcher.await_ready(PROFILES)?;
    thread::sleep(SETTLED);
    let memory = memory(watcher.running.pid())?;
    let before = cpu_time(watcher.running.pid())?;
    thread::sleep(WATCHED);
    let busy = (cpu_time(watcher.running.pid())? - before).as_secs_f64() / WATCHED.as_secs_f64();
    let name = format!("{PROFILES} gateways watched");
    tell(&name, &format!("RSS {:.1} MiB, CPU {:.2} % of one core", memory.resident, busy * 100.0));
    let (memory_name, cpu_name) =
        (format!("{name}: PSS / 30 MiB"), format!("{name}: under 1 % of a core at rest"));
    Ok(vec![
        Line::compare(&memory_name, Unit::Mebibytes, &[memory.proportional], &[MEMORY_GOAL], 1.0)?,
        Line::Claim { name: cpu_name, holds: busy < CPU_GOAL },
    ])
}

/// `gateward watch --json`, and when it said what.
pub struct Watcher {
    running: Running,
    lines: Receiver<(Instant, String)>,
}

impl Watcher {
    pub fn start(scene: &Scene, gateward: &Path, arguments: &[&str]) -> Result<Self, String> {
        let mut command = scene.command(gateward);
        command.args(["watch", "--json"]).args(arguments).stdout(Stdio::piped());
        let mut running = Running::spawn(&mut command)?;
        let stdout = running.stdout().ok_or("The watcher has no output.")?;
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if tell.send((Instant::now(), line)).is_err() {
                    return;
                }
            }
        });
        Ok(Self { running, lines })
    }

    /// When it has stored the crash of process `pid`; `None` when it never did.
    pub fn stored_crash(&self, pid: u32) -> Option<Instant> {
        let marks = [r#""event":"incident""#, r#""kind":"crash""#, &format!(r#""pid":{pid},"#)];
        self.line(|line| marks.iter().all(|mark| line.contains(mark)))
    }

    /// Until it has told of so many gateways that they are ready.
    fn await_ready(&self, count: usize) -> Result<(), String> {
        let seen = RefCell::new(BTreeSet::new());
        let is_last = |line: &str| {
            let is_ready = line.contains(r#""event":"state""#) && line.contains(r#""verdict":"ready""#);
            seen.borrow_mut().extend(profile(line).filter(|_| is_ready).map(str::to_owned));
            seen.borrow().len() == count
        };
        let found = self.line(is_last);
        found.map(|_| ()).ok_or_else(|| format!("{} of {count} gateways are ready.", seen.borrow().len()))
    }

    fn line(&self, is_it: impl Fn(&str) -> bool) -> Option<Instant> {
        let end = Instant::now() + PATIENCE;
        loop {
            let (at, line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())).ok()?;
            if is_it(&line) {
                return Some(at);
            }
        }
    }
}

/// Whose line it is.
fn profile(line: &str) -> Option<&str> {
    line.split_once(r#""profile":""#)?.1.split('"').next()
}
