//! A log of 2 GB: opened at its end, and searched whole, beside the tools that do nothing else.

use super::tell;
use crate::statistics::{Line, Unit, milliseconds, range};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const BYTES: u64 = 2_000_000_000;
const RUNS: usize = 5;
/// In one line of a million.
const NEEDLE: &str = "needle-[0-9]+";

pub fn compare(gateward: &Path) -> Result<Vec<Line>, String> {
    let room = Room::new()?;
    let log = room.path("openclaw.log");
    let lines = write(&log)?;
    room.configure(&log)?;
    let file = log.display().to_string();
    let (mut open, mut tail, mut search, mut rg) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut memory = 0.0_f64;
    // The first of each reads the log from the disk.
    for run in 0..=RUNS {
        let opened = room.run(Command::new(gateward).args(["logs", "--all", "-n", "2000"]))?;
        let tailed = room.run(Command::new("tail").args(["-n", "2000", &file]))?;
        let searched = room.run(Command::new(gateward).args(["logs", "--count", "--grep", NEEDLE]))?;
        let ripped =
            room.run(Command::new("rg").args(["--count", "--no-mmap", "--threads", "1", NEEDLE, &file]))?;
        memory = memory.max(opened.memory).max(searched.memory);
        if run > 0 {
            open.push(opened.took);
            tail.push(tailed.took);
            search.push(searched.took);
            rg.push(ripped.took);
        }
    }
    tell("log of 2 GB", &format!("{lines} lines; search {} ms, ripgrep {} ms", range(&search), range(&rg)));
    Ok(vec![
        Line::compare("2 GB log, opened at its end / 300 ms", Unit::Milliseconds, &open, &[300.0], 1.0)?,
        Line::compare("the same / tail -n 2000, for comparison", Unit::Milliseconds, &open, &tail, 100.0)?,
        Line::compare("2 GB log, searched / 1 GB a second", Unit::Milliseconds, &search, &[2000.0], 1.0)?,
        Line::compare("the same / ripgrep on one thread", Unit::Milliseconds, &search, &rg, 2.0)?,
        Line::compare("most memory while it does so / 64 MiB", Unit::Mebibytes, &[memory], &[64.0], 1.0)?,
    ])
}

struct Run {
    /// Milliseconds.
    took: f64,
    /// MiB.
    memory: f64,
}

/// Lines of OpenClaw's own form; the number of lines.
fn write(path: &Path) -> Result<u64, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
    let (mut bytes, mut number) = (0, 0_u64);
    while bytes < BYTES {
        let what = if number % 1_000_000 == 999_999 {
            format!("needle-{number}")
        } else {
            format!("request {number} done")
        };
        let line = line(number, &what);
        file.write_all(line.as_bytes()).map_err(failed)?;
        bytes += line.len() as u64;
        number += 1;
    }
    file.flush().map_err(failed)?;
    Ok(number)
}

/// As OpenClaw writes it, a thousandth of a second after the one before.
pub fn line(number: u64, what: &str) -> String {
    let (second, thousandth) = (number / 1000 % 60, number % 1000);
    let (minute, hour) = (number / 60_000 % 60, number / 3_600_000 % 24);
    format!(
        "{{\"0\":\"{{\\\"subsystem\\\":\\\"gateway/ws\\\"}}\",\"1\":\"{what}\",\"_meta\":{{\"runtime\":\"node\",\"logLevelId\":3,\
         \"logLevelName\":\"INFO\",\"name\":\"{{\\\"subsystem\\\":\\\"gateway/ws\\\"}}\"}},\
         \"time\":\"2026-11-22T{hour:02}:{minute:02}:{second:02}.{thousandth:03}+00:00\",\"message\":\"{what}\"}}\n"
    )
}

/// A home with nothing but a config that names the log.
struct Room(PathBuf);

impl Room {
    fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("gateward-bench-logs-{}", std::process::id()));
        fs::create_dir_all(path.join(".openclaw")).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn configure(&self, log: &Path) -> Result<(), String> {
        let config = self.path(".openclaw/openclaw.json");
        let text = format!("{{ \"logging\": {{ \"file\": \"{}\" }} }}", log.display());
        fs::write(&config, text).map_err(|error| format!("{}: {error}", config.display()))
    }

    fn run(&self, command: &mut Command) -> Result<Run, String> {
        let said = format!("{command:?}");
        let start = Instant::now();
        let mut child = command
            .env("HOME", &self.0)
            .env("GATEWARD_MANAGER", "builtin")
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("{said}: {error}"))?;
        let mut memory = 0.0_f64;
        let status = loop {
            memory = memory.max(peak(&child));
            match child.try_wait().map_err(|error| format!("{said}: {error}"))? {
                Some(status) => break status,
                None => std::thread::sleep(std::time::Duration::from_millis(2)),
            }
        };
        match status.success() {
            true => Ok(Run { took: milliseconds(start.elapsed()), memory }),
            false => Err(format!("{said} failed.")),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The most that was resident until now, in MiB.
fn peak(child: &Child) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().map_or(0.0, |kib| kib / 1024.0)
}
