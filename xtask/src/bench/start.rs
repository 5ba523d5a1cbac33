//! From the program's start to its icon in the tray, against the least that Tauri can do.

use super::scene::Scene;
use super::{Programs, tell};
use crate::statistics::{Line, Unit, milliseconds, range};

const RUNS: usize = 12;

pub fn compare(scene: &Scene, programs: &Programs) -> Result<Vec<Line>, String> {
    let mut times = [Vec::new(), Vec::new()];
    // The first of each reads the program from the disk.
    for run in 0..=RUNS {
        let measured = scene.start(&programs.tray, &["--hidden"])?.took;
        let reference = scene.start(&programs.bare, &[])?.took;
        if run > 0 {
            times[0].push(milliseconds(measured));
            times[1].push(milliseconds(reference));
        }
    }
    let [measured, reference] = times;
    let name = "start to tray item: gateward-tray / bare Tauri tray";
    tell(name, &format!("{RUNS} runs each, {} ms / {} ms", range(&measured), range(&reference)));
    Ok(vec![Line::compare(name, Unit::Milliseconds, &measured, &reference, 1.3)?])
}
