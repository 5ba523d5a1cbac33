//! `gateward status` asks manager, files, port and gateway; `systemctl show` the manager alone, about the same unit; OpenClaw's own
//! `openclaw gateway status` all four as well.

use super::scene::{Scene, UNIT};
use super::tell;
use crate::rig::wait::{PATIENCE, wait_at_most};
use crate::statistics::{Line, Unit, milliseconds, range};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

const RUNS: usize = 60;
/// Milliseconds that one look at all four facts may take, the program's start and end included.
const GOAL: f64 = 25.0;
/// It takes seconds.
const RUNS_OF_OPENCLAW: usize = 5;

pub fn compare(scene: &Scene, gateward: &Path) -> Result<Vec<Line>, String> {
    let mut measured = scene.manager.command(gateward);
    measured.args(["status", "--json"]);
    let mut reference = scene.manager.command("systemctl");
    reference.args(["--user", "show", UNIT]);
    // Ready needs all four facts.
    prove(&mut measured, "\"verdict\": \"ready\"")?;
    prove(&mut reference, "ActiveState=active")?;
    let [measured, reference] = alternate(&mut measured, &mut reference, RUNS)?;
    let name = "gateward status --json / systemctl --user show";
    tell(name, &format!("{RUNS} runs each, {} ms / {} ms", range(&measured), range(&reference)));
    let whole = "gateward status --json, whole process / 25 ms";
    let mut lines = vec![
        Line::compare(name, Unit::Milliseconds, &measured, &reference, 3.0)?,
        Line::compare(whole, Unit::Milliseconds, &measured, &[GOAL], 1.0)?,
    ];
    lines.extend(beside_openclaw(scene, gateward)?);
    Ok(lines)
}

/// The real one, where there is one.
fn beside_openclaw(scene: &Scene, gateward: &Path) -> Result<Option<Line>, String> {
    let name = "gateward status --json / openclaw gateway status --json";
    let mut reference = scene.manager.command("openclaw");
    reference.args(["gateway", "status", "--json"]);
    if reference.output().is_err() {
        tell(name, "there is no openclaw in PATH, so this is not measured");
        return Ok(None);
    }
    let mut measured = scene.manager.command(gateward);
    measured.args(["status", "--json"]);
    prove(&mut reference, "\"status\": \"running\"")?;
    let [measured, reference] = alternate(&mut measured, &mut reference, RUNS_OF_OPENCLAW)?;
    tell(name, &format!("{RUNS_OF_OPENCLAW} runs each, {} ms / {} ms", range(&measured), range(&reference)));
    Line::compare(name, Unit::Milliseconds, &measured, &reference, 0.1).map(Some)
}

/// Runs `command` until it does its work, and fails when it never does: a program that fails at once is fast.
fn prove(command: &mut Command, expected: &str) -> Result<(), String> {
    let mut said = Err(String::new());
    wait_at_most(PATIENCE, || {
        said = says(command, expected);
        said.is_ok().then_some(())
    });
    said
}

fn says(command: &mut Command, expected: &str) -> Result<(), String> {
    let Output { stdout, stderr, status } =
        command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let stdout = String::from_utf8_lossy(&stdout);
    if stdout.contains(expected) {
        return Ok(());
    }
    let cause = String::from_utf8_lossy(&stderr).trim().to_owned();
    Err(format!("{} printed no {expected} ({status}). {cause}{stdout}", command.get_program().display()))
}

/// Milliseconds of both, run in turn `runs` times each: what disturbs the machine disturbs both alike.
fn alternate(one: &mut Command, other: &mut Command, runs: usize) -> Result<[Vec<f64>; 2], String> {
    let mut times = [Vec::with_capacity(runs), Vec::with_capacity(runs)];
    for _ in 0..runs {
        times[0].push(time(one)?);
        times[1].push(time(other)?);
    }
    Ok(times)
}

fn time(command: &mut Command) -> Result<f64, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    command.status().map_err(|error| format!("{command:?}: {error}"))?;
    Ok(milliseconds(started.elapsed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_programs_run_equally_often_and_in_turn() {
        let folder = std::env::temp_dir().join(format!("xtask-bench-{}", std::process::id()));
        let write = |letter: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("printf {letter} >> {}", folder.display())]);
            command
        };
        let times = alternate(&mut write("A"), &mut write("B"), 3).unwrap();
        let order = std::fs::read_to_string(&folder).unwrap();
        std::fs::remove_file(&folder).unwrap();
        assert_eq!((order.as_str(), times[0].len(), times[1].len()), ("ABABAB", 3, 3));
    }

    #[test]
    fn a_program_without_the_expected_output_is_not_measured() {
        let message = says(&mut Command::new("true"), "\"schema\"").unwrap_err();
        assert!(message.contains("printed no \"schema\""), "{message}");
    }
}
