//! `gateward run --detach`: starts a host in the background and returns when its gateway was started.

use std::time::Duration;

use super::{Options, Place};
use crate::plan::{Call, Tool};
use crate::problem::{Code, Problem};
use crate::system::child;
use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(20);

pub async fn detach(world: &World, place: &Place, options: &Options) -> Result<(), Problem> {
    world.system.make_dir(&place.own.run(), 0o700)?;
    let call = call(world, place, options);
    let log = place.own.host_log(&place.id);
    let line = child::first_words(&call, &log).await;
    match line.as_deref() {
        Ok(READY) => Ok(()),
        Ok(line) => Err(told(line, &log)),
        Err(error) => Err(Problem::new(Code::DidNotStart).because(error.to_string())),
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
