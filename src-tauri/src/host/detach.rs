//! `gateward run --detach`: starts a host in the background and returns when its gateway was started.

use std::time::Duration;

use super::job::job;
use super::{Options, Place, desk};
use crate::adapter::builtin::proof::Life;
use crate::adapter::builtin::record::{Phase, Record};
use crate::plan::{Call, Tool};
use crate::problem::{Code, Problem};
use crate::system::child;
use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

pub async fn detach(world: &World, place: &Place, options: &Options) -> Result<(), Problem> {
    world.system.make_dir(&place.own.run(), 0o700)?;
    let call = call(world, place, options);
    let log = place.own.host_log(&place.id);
    let line = child::first_words(&call, &log).await;
    match line.as_deref() {
        Ok(READY) => Ok(()),
        Ok(line) => match told(line, &log) {
            problem if problem.code == Code::HostAlreadyRuns => {
                by_another(world, place, options, problem).await
            }
            problem => Err(problem),
        },
        Err(error) => Err(Problem::new(Code::DidNotStart).because(error.to_string())),
    }
}

/// A start that was cut off is taken a second time: a host that is at work for the installed service is what was asked for.
///
/// # Errors
/// `problem` when it is no such host.
async fn by_another(
    world: &World,
    place: &Place,
    options: &Options,
    problem: Problem,
) -> Result<(), Problem> {
    if !options.program.is_empty() {
        return Err(problem);
    }
    let wanted = job(world, place, options)?.fingerprint;
    let deadline = world.system.clock() + PATIENCE;
    // It holds its lock a moment before it says what it is.
    while world.system.clock() < deadline {
        match of_living_host(world, place).await {
            Some(record) if record.command == wanted && is_at_work(record.phase) => return Ok(()),
            Some(_) => break,
            None => world.system.pause(PAUSE).await,
        }
    }
    Err(problem)
}

async fn of_living_host(world: &World, place: &Place) -> Option<Record> {
    let record = desk::read(&*world.system, &place.own.record(&place.id)).ok().flatten()?;
    let life = desk::life(&*world.system, world.around.os, &record.host).await;
    matches!(life, Life::Alive).then_some(record)
}

fn is_at_work(phase: Phase) -> bool {
    match phase {
        Phase::Starting | Phase::Running | Phase::Waiting => true,
        Phase::Stopping | Phase::Stopped | Phase::GaveUp | Phase::ConfigError => false,
    }
}

/// What a detached host prints once its gateway was started.
pub const READY: &str = "ready";

fn call(world: &World, place: &Place, options: &Options) -> Call {
    let profile = place.id.profile.to_string();
    let mut args = vec!["run".to_owned(), "--profile".to_owned(), profile, "--detached".to_owned()];
    let mut put = |name: &str, value: Option<String>| {
        args.extend(value.into_iter().map(|value| format!("--{name}={value}")));
    };
    let time = |time: Duration| format!("{}ms", time.as_millis());
    put("workdir", options.workdir.clone());
    put("stop-timeout", options.stop_timeout.map(time));
    put("restart-delay", options.restart_delay.map(time));
    put("give-up-after", options.give_up_after.map(|count| count.to_string()));
    put("log-size", options.log_size.map(|bytes| bytes.to_string()));
    if !options.program.is_empty() {
        args.push("--".to_owned());
        args.extend(options.program.iter().cloned());
    }
    Call { tool: Tool::At(world.around.exe.clone()), args, deadline: PATIENCE }
}

/// The host tells its failure as a problem; one that died without a word left something in its log, perhaps.
fn told(line: &str, log: &str) -> Problem {
    serde_json::from_str(line).unwrap_or_else(|_| {
        let command = format!("tail {}", crate::plan::shell_quoted(log));
        Problem::new(Code::DidNotStart).because(line).hint_command("see-logs", command)
    })
}
