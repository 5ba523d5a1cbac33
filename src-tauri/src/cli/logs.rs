//! `logs`: the journal, the files that hold the service's output, or OpenClaw's own log.

use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;

mod merged;

use super::args::Logs;
use super::invocation::Invocation;
use super::{Closed, Exit, Output};
use crate::logs::{Tail, app_log, app_log_folders, plain, timed};
use crate::observe::log_files;
use crate::plan::{Call, End, Tool};
use crate::problem::{Code, Problem};
use crate::world::Gateway;

/// # Errors
/// `ReadFailed`, `ToolMissing`.
pub async fn run(logs: &Logs, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    if logs.all || (logs.of.is_given() && !logs.app) {
        return merged::run(logs, &gateway, at).await;
    }
    if logs.app {
        return files(logs, at, || app_file(&gateway, at).map(|path| vec![path])).await;
    }
    match log_files(&*at.world.system, &*gateway.adapter, &gateway.id).await {
        Some(paths) if logs.follow => files(logs, at, || Ok(paths.clone())).await,
        Some(paths) => {
            let lines = timed::last_lines(&*at.world.system, &paths, logs.lines as usize)?;
            Ok(shown(&paths.join(", "), lines, at))
        }
        None => journal(logs, &gateway, at).await,
    }
}

fn app_file(gateway: &Gateway, at: &Invocation<'_>) -> Result<String, Problem> {
    let config = gateway.config.as_ref().map_err(Clone::clone)?;
    let around = &at.world.around;
    app_log(&*at.world.system, around, &gateway.id, config).ok_or_else(|| {
        Problem::new(Code::ReadFailed)
            .with("path", app_log_folders(around).join(", "))
            .because("no log of this profile")
            .hint_command("see-service-log", "gateward logs")
    })
}

/// `journalctl` without `--user`: the messages of root's user services are in the system's journal.
fn journal_call(unit: &str, logs: &Logs) -> Call {
    let lines = logs.lines.to_string();
    let mut args =
        vec!["--user-unit", unit, "--lines", &lines, "--output=short-iso", "--no-pager", "--quiet"];
    if logs.follow {
        args.push("--follow");
    }
    Call::new(Tool::Journalctl, &args, Duration::from_secs(20))
}

async fn journal(logs: &Logs, gateway: &Gateway, at: &Invocation<'_>) -> Result<Output, Problem> {
    let call = journal_call(&gateway.id.unit, logs);
    if logs.follow {
        let (tell, mut lines) = mpsc::channel(256);
        let _streaming = at.world.system.stream(&call, tell);
        while let Some(line) = lines.recv().await {
            if say(&plain(&line), at).is_err() {
                break;
            }
        }
        return Ok(Output::default());
    }
    let answer = at.world.system.run(&call).await;
    match &answer.end {
        End::Exited(0) => Ok(shown(&call.to_string(), answer.stdout.lines().map(plain).collect(), at)),
        End::NotStarted(words) => {
            Err(Problem::new(Code::ToolMissing).with("tool", "journalctl").because(words))
        }
        End::Exited(_) | End::Killed(_) | End::TimedOut => {
            Err(Problem::new(Code::ReadFailed).with("path", "journal").because(answer.words()))
        }
    }
}

/// Looked at so often where nothing tells that a file has grown.
const PAUSE: Duration = Duration::from_millis(250);

/// `places` is asked again and again: the application log has another name every day.
async fn files(
    logs: &Logs,
    at: &Invocation<'_>,
    places: impl Fn() -> Result<Vec<String>, Problem>,
) -> Result<Output, Problem> {
    let system = &*at.world.system;
    let mut paths = places()?;
    let (mut tails, last): (Vec<Tail>, Vec<Vec<String>>) =
        paths.iter().map(|path| Tail::open(system, path, logs.lines as usize)).collect::<Result<_, _>>()?;
    if !logs.follow {
        return Ok(shown(&paths.join(", "), last.concat(), at));
    }
    let mut told = say_all(last.concat(), at);
    while told.is_ok() {
        system.pause(PAUSE).await;
        for tail in &mut tails {
            told = told.and(say_all(tail.read(system)?, at));
        }
        let now = places()?;
        if now != paths {
            (tails, paths) = (now.iter().map(|path| Tail::at_start(path)).collect(), now);
        }
    }
    Ok(Output::default())
}

fn shown(source: &str, lines: Vec<String>, at: &Invocation<'_>) -> Output {
    if at.flags.json {
        return Output::json(json!({ "source": source, "lines": lines }), Exit::Ok);
    }
    let complaint = match lines.is_empty() {
        true => at.say("logs-empty", &[("source", source)]) + "\n",
        false => String::new(),
    };
    Output { text: lines.into_iter().map(|line| line + "\n").collect(), complaint, ..Output::default() }
}

fn say_all(lines: Vec<String>, at: &Invocation<'_>) -> Result<(), Closed> {
    lines.iter().try_for_each(|line| say(line, at))
}

fn say(line: &str, at: &Invocation<'_>) -> Result<(), Closed> {
    match at.flags.json {
        true => at.console.say(&json!({ "line": line }).to_string()),
        false => at.console.say(line),
    }
}
