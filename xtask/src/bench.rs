//! `cargo xtask bench`: times whole processes against references in the same run, so that the machine's speed and load
//! cancel out.

use crate::packages::Purpose;
use crate::project::Project;
use crate::rig::user_manager::{UserManager, wait_for_state};
use crate::setup;
use crate::statistics::{Comparison, table};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 60;

/// The default profile's unit, which `gateward status` looks at.
const UNIT: &str = "openclaw-gateway.service";
const UNIT_TEXT: &str = "[Service]\nExecStart=/bin/sleep infinity\n";

pub fn bench(project: &Project) -> Result<(), String> {
    setup::prepare(project, Purpose::Bench)?;
    project.cargo(&["build", "--release", "--bin", "gateward"]).run()?;
    let comparisons = [status(&project.root.join(project.built("gateward", true)))?];
    println!("\nMedians of {RUNS} alternating runs, milliseconds\n{}", table(&comparisons));
    match comparisons.iter().all(Comparison::is_met) {
        true => Ok(()),
        false => Err("A goal was missed.".into()),
    }
}

/// `gateward status` asks manager, files and port, `systemctl show` the manager alone, about the same running unit.
fn status(gateward: &Path) -> Result<Comparison, String> {
    let manager = UserManager::start();
    manager.write_unit(UNIT, UNIT_TEXT);
    manager.systemctl(&["start", UNIT]);
    wait_for_state(&manager, UNIT, "active");
    let mut measured = manager.command(gateward);
    measured.args(["status", "--json"]);
    let mut reference = manager.command("systemctl");
    reference.args(["--user", "show", UNIT]);
    prove(&mut measured, "\"schema\"")?;
    prove(&mut reference, "ActiveState=active")?;
    let [measured, reference] = alternate(&mut measured, &mut reference, RUNS)?;
    Comparison::new("gateward status --json / systemctl --user show", &measured, &reference, 3.0)
}

/// Runs `command` once and checks that it does its work: a program that fails at once is fast.
fn prove(command: &mut Command, expected: &str) -> Result<(), String> {
    let Output { stdout, stderr, status } =
        command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if String::from_utf8_lossy(&stdout).contains(expected) {
        return Ok(());
    }
    let cause = String::from_utf8_lossy(&stderr).trim().to_owned();
    Err(format!("{} printed no {expected} ({status}). {cause}", command.get_program().display()))
}

/// Runs both in turn, `runs` times each: what disturbs the machine disturbs both alike.
fn alternate(one: &mut Command, other: &mut Command, runs: usize) -> Result<[Vec<Duration>; 2], String> {
    let mut times = [Vec::with_capacity(runs), Vec::with_capacity(runs)];
    for _ in 0..runs {
        times[0].push(time(one)?);
        times[1].push(time(other)?);
    }
    Ok(times)
}

fn time(command: &mut Command) -> Result<Duration, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    command.status().map_err(|error| format!("{command:?}: {error}"))?;
    Ok(started.elapsed())
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
        let message = prove(&mut Command::new("true"), "\"schema\"").unwrap_err();
        assert!(message.contains("printed no \"schema\""), "{message}");
    }
}
