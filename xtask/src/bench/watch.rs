//! The light watcher: what it costs with many gateways, and when it has stored what happened.

use super::process::{Memory, Running, cpu_time, memory};
use super::scene::Scene;
use super::tell;
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

/// Gateways that run at once, one after the other number.
const COUNTS: [usize; 4] = [1, 10, 50, 100];
/// MiB.
const MEMORY_GOAL: f64 = 30.0;
/// MiB for each gateway more.
const GROWTH_GOAL: f64 = 0.3;
/// From when the last gateway is seen ready to rest.
const SETTLED: Duration = Duration::from_secs(10);
/// Longer than the safety net, so that it is in it.
const WATCHED: Duration = Duration::from_secs(65);

pub fn compare(scene: &Scene, gateward: &Path) -> Result<Vec<Line>, String> {
    let mut costs = Vec::new();
    // The scene has one of its own.
    let mut running = 1;
    for count in COUNTS {
        scene.run_profiles(gateward, running..count)?;
        running = count;
        costs.push(Cost::of(count, scene, gateward)?);
    }
    let mut lines = Vec::new();
    for cost in &costs {
        lines.extend(cost.lines()?);
    }
    if let [_, few, .., many] = costs.as_slice() {
        lines.push(growth(few, many)?);
    }
    Ok(lines)
}

/// What it costs to watch so many gateways that are ready.
struct Cost {
    count: usize,
    memory: Memory,
    /// Of one core.
    busy: f64,
}

impl Cost {
    fn of(count: usize, scene: &Scene, gateward: &Path) -> Result<Self, String> {
        let watcher = Watcher::start(scene, gateward, &["--all"])?;
        watcher.await_ready(count)?;
        thread::sleep(SETTLED);
        let pid = watcher.running.pid();
        let (memory, before) = (memory(pid)?, cpu_time(pid)?);
        thread::sleep(WATCHED);
        let busy = (cpu_time(pid)? - before).as_secs_f64() / WATCHED.as_secs_f64();
        let Memory { proportional, resident } = memory;
        let percent = busy * 100.0;
        let told = format!("PSS {proportional:.2}, RSS {resident:.2} MiB, CPU {percent:.3} % of one core");
        tell(&name(count), &told);
        Ok(Self { count, memory, busy })
    }

    fn lines(&self) -> Result<[Line; 2], String> {
        let name = name(self.count);
        let goal = busy_goal(self.count);
        let busy_name = format!("{name}: under {:.1} % of a core at rest", goal * 100.0);
        let (unit, measured) = (Unit::Mebibytes, [self.memory.proportional]);
        Ok([
            Line::compare(&format!("{name}: PSS / 30 MiB"), unit, &measured, &[MEMORY_GOAL], 1.0)?,
            Line::Claim { name: busy_name, holds: self.busy < goal },
        ])
    }
}

fn name(count: usize) -> String {
    match count {
        1 => "1 gateway watched".to_owned(),
        count => format!("{count} gateways watched"),
    }
}

/// Of one core: 1 % for 50, which cannot be told from nothing by looking at the load, and for others in proportion. Of fewer than
/// five the clock's hundredths of a second would be too coarse.
fn busy_goal(count: usize) -> f64 {
    number(count.max(5)) * 0.01 / 50.0
}

/// What each gateway more costs; a single one also has what is needed once.
fn growth(few: &Cost, many: &Cost) -> Result<Line, String> {
    let more = number(many.count - few.count);
    let memory = (many.memory.proportional - few.memory.proportional) / more;
    let busy = (many.busy - few.busy) / more;
    tell("each gateway more", &format!("PSS {memory:.3} MiB, CPU {:.4} % of one core", busy * 100.0));
    Line::compare("each gateway more: PSS / 0.3 MiB", Unit::Mebibytes, &[memory], &[GROWTH_GOAL], 1.0)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
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
