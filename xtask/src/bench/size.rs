//! What both programs take on the disk, as the desktop package installs them: one file by two names.

use super::{Programs, tell};
use crate::statistics::{Line, Unit};
use std::fs;
use std::path::Path;

/// MB.
const GOAL: f64 = 15.0;

pub fn compare(programs: &Programs) -> Result<Vec<Line>, String> {
    let [headless, tray, bare] = [&programs.gateward, &programs.tray, &programs.bare].map(|it| megabytes(it));
    let (headless, tray, bare) = (headless?, tray?, bare?);
    tell(
        "size",
        &format!("both programs {tray:.2} MB; the headless one {headless:.2}; a bare tray {bare:.2}"),
    );
    Ok(vec![Line::compare("both programs / 15 MB", Unit::Megabytes, &[tray], &[GOAL], 1.0)?])
}

fn megabytes(program: &Path) -> Result<f64, String> {
    let found = fs::metadata(program).map_err(|error| format!("{}: {error}", program.display()))?;
    // Far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    Ok(found.len() as f64 / 1_000_000.0)
}
