//! What both programs take on the disk, as they are installed.

use super::{Programs, tell};
use crate::statistics::{Line, Unit};
use std::fs;
use std::path::Path;

/// MB.
const GOAL: f64 = 15.0;

pub fn compare(programs: &Programs) -> Result<Vec<Line>, String> {
    let [command, tray, bare] = [&programs.gateward, &programs.tray, &programs.bare].map(|it| megabytes(it));
    let (command, tray, bare) = (command?, tray?, bare?);
    tell("size", &format!("gateward {command:.2} MB, gateward-tray {tray:.2} MB; a bare tray {bare:.2} MB"));
    Ok(vec![Line::compare("both programs / 15 MB", Unit::Megabytes, &[command + tray], &[GOAL], 1.0)?])
}

fn megabytes(program: &Path) -> Result<f64, String> {
    let found = fs::metadata(program).map_err(|error| format!("{}: {error}", program.display()))?;
    // Far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    Ok(found.len() as f64 / 1_000_000.0)
}
