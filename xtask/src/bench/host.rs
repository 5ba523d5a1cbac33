//! `cargo xtask bench host`: `gateward run` side by side with other supervisors, each with the same worker.

mod latency;
mod memory;
pub mod pm2;
mod start;
mod supervisor;
mod throughput;
mod worker;

use super::process::Memory;
use super::tell;
use crate::rig::user_manager::UserManager;
use crate::statistics::{Line, Unit, median, range};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use supervisor::{ALL, Supervisor, Tools};
use throughput::Kept;

/// What was measured of one supervisor.
struct Row {
    supervisor: Supervisor,
    /// Milliseconds.
    starts: Vec<f64>,
    memory: Memory,
    /// Milliseconds.
    restarts: Vec<f64>,
    kept: Kept,
}

pub fn compare(gateward: &Path, pm2: &Path) -> Result<Vec<Line>, String> {
    let tools = Tools { gateward: gateward.into(), pm2: pm2.into(), manager: UserManager::start() };
    let rows: Vec<Row> = ALL.into_iter().map(|one| measure(one, &tools)).collect::<Result<_, _>>()?;
    println!("\n{}\n", side_by_side(&rows));
    let Some((own, others)) = rows.split_first() else { return Ok(Vec::new()) };
    goals(own, others)
}

fn measure(supervisor: Supervisor, tools: &Tools) -> Result<Row, String> {
    let row = Row {
        supervisor,
        starts: start::measure(supervisor, tools)?,
        memory: memory::measure(supervisor, tools)?,
        restarts: latency::measure(supervisor, tools)?,
        kept: throughput::measure(supervisor, tools)?,
    };
    let Row { starts, restarts, kept, .. } = &row;
    let [starts, restarts, speeds] = [starts, restarts, &kept.speeds].map(|values| range(values));
    tell(supervisor.name(), &format!("start {starts} ms, restart {restarts} ms, log {speeds} MB/s"));
    Ok(row)
}

fn side_by_side(rows: &[Row]) -> String {
    let head = format!(
        "{:<24} {:>9} {:>9} {:>9} {:>11} {:>9} {:>10}",
        "", "start ms", "RSS MiB", "PSS MiB", "restart ms", "log MB/s", "lines lost"
    );
    let middle = |values: &[f64]| median(values).unwrap_or_default();
    let lines = rows.iter().map(|Row { supervisor, starts, memory, restarts, kept }| {
        format!(
            "{:<24} {:>9.1} {:>9.1} {:>9.1} {:>11.1} {:>9.0} {:>10}",
            supervisor.name(),
            middle(starts),
            memory.resident,
            memory.proportional,
            middle(restarts),
            middle(&kept.speeds),
            kept.lost_lines
        )
    });
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}

/// 5 MB.
const RESIDENT_MIB: f64 = 5e6 / 1024.0 / 1024.0;

fn goals(own: &Row, others: &[Row]) -> Result<Vec<Line>, String> {
    let runsv = others.iter().find(|row| row.supervisor == Supervisor::Runit);
    let runsv = runsv.map(|row| row.restarts.clone()).unwrap_or_default();
    let slowness = |row: &Row| row.kept.speeds.iter().map(|speed| 1e6 / speed).collect::<Vec<_>>();
    let keepers = others.iter().filter(|row| row.supervisor.keeps_output());
    let best = keepers
        .map(slowness)
        .min_by(|one, other| median(one).partial_cmp(&median(other)).unwrap_or(std::cmp::Ordering::Equal));
    Ok(vec![
        Line::compare(
            "RSS of gateward run / 5 MB",
            Unit::Mebibytes,
            &[own.memory.resident],
            &[RESIDENT_MIB],
            1.0,
        )?,
        Line::compare(
            "restart after kill -9: gateward run / runsv",
            Unit::Milliseconds,
            &own.restarts,
            &runsv,
            2.0,
        )?,
        Line::compare(
            "1 GB of output: gateward run / the best of the others",
            Unit::Milliseconds,
            &slowness(own),
            &best.unwrap_or_default(),
            1.0,
        )?,
        Line::Claim { name: "no line of output lost".into(), holds: own.kept.lost_lines == 0 },
    ])
}

/// A folder of one measurement; its processes are ended before it goes.
struct Room(PathBuf);

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Room {
    fn new(place: &str) -> Result<Self, String> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(place).join(format!("gateward-bench-{}-{number}", std::process::id()));
        let home = path.join("home");
        fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
        Ok(Self(path))
    }

    fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
