//! What the tray application costs while nothing happens: memory, processes, wake-ups.

use super::process::{Memory, memory, names_below, sleeps, woken};
use super::scene::Scene;
use super::{Programs, tell};
use crate::statistics::{Line, Unit, range};
use std::thread;
use std::time::Duration;

const MEMORY_RUNS: usize = 3;
/// From the icon to the reading of its memory.
const SETTLED: Duration = Duration::from_secs(5);
/// Some seconds after the start it decides once whether a window is needed, as no tray host may be there.
const AT_REST: Duration = Duration::from_secs(15);
/// Two of the engine's looks every 30 s: a shorter time would count one or none.
const WATCHED: Duration = Duration::from_secs(60);

pub fn compare(scene: &Scene, programs: &Programs) -> Result<Vec<Line>, String> {
    let (mut measured, mut reference) = (Vec::new(), Vec::new());
    let mut web = Vec::new();
    for _ in 0..MEMORY_RUNS {
        let own = scene.start_watching(&programs.tray)?;
        thread::sleep(SETTLED);
        measured.push(memory(own.pid())?);
        web.extend(names_below(own.pid()).into_iter().filter(|name| name.starts_with("WebKit")));
        drop(own);
        let bare = scene.start(&programs.bare, &[])?.running;
        thread::sleep(SETTLED);
        reference.push(memory(bare.pid())?);
    }
    Ok(vec![
        compare_memory(&measured, &reference)?,
        Line::Claim { name: "no web view process before the first window".into(), holds: web.is_empty() },
        wake_ups(scene, programs)?,
    ])
}

/// The goal is set in resident memory. The proportional kind is told beside it: a program's own file counts whole there.
fn compare_memory(measured: &[Memory], reference: &[Memory]) -> Result<Line, String> {
    let name = "RSS tray only: gateward-tray / bare Tauri tray";
    let both = [measured, reference];
    let resident = both.map(|all| all.iter().map(|memory| memory.resident).collect::<Vec<f64>>());
    let proportional = both.map(|all| all.iter().map(|memory| memory.proportional).collect::<Vec<f64>>());
    let [ours, bare] = resident.each_ref().map(|all| range(all));
    let [our_share, bare_share] = proportional.each_ref().map(|all| range(all));
    tell(
        name,
        &format!("{MEMORY_RUNS} runs each, {ours} MiB / {bare} MiB; PSS {our_share} MiB / {bare_share} MiB"),
    );
    let [ours, bare] = resident;
    Line::compare(name, Unit::Mebibytes, &ours, &bare, 1.15)
}

fn wake_ups(scene: &Scene, programs: &Programs) -> Result<Line, String> {
    let own = scene.start_watching(&programs.tray)?;
    thread::sleep(AT_REST);
    let before = sleeps(own.pid());
    thread::sleep(WATCHED);
    let woken = woken(&before, &sleeps(own.pid()));
    let name = "wake-ups of gateward-tray at rest";
    let awake: Vec<String> = woken
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    tell(name, &format!("in {} s by thread: {}", WATCHED.as_secs(), awake.join(", ")));
    let total: u64 = woken.values().sum();
    // Far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    let rate = total as f64 / WATCHED.as_secs_f64();
    Line::compare(name, Unit::PerSecond, &[rate], &[1.0], 0.5)
}
