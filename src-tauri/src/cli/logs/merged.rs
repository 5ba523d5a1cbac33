//! `logs --all`: every sink of the gateway as one log, in the order of time.

use serde_json::{Value, json};

use super::super::args::{Logs, Loudness, Wanting};
use super::super::invocation::Invocation;
use super::super::{Exit, Output};
use crate::logs::filter::{Filter, expression, here};
use crate::logs::live::Live;
use crate::logs::page::Reader;
use crate::logs::save::rendered;
use crate::logs::search::Search;
use crate::logs::sinks::Sinks;
use crate::model::{Anchor, Level, LogFilter, LogLine, Position};
use crate::problem::Problem;
use crate::world::Gateway;

/// # Errors
/// `BadPattern`, `BadValue`, `ReadFailed`.
pub async fn run(logs: &Logs, gateway: &Gateway, at: &Invocation<'_>) -> Result<Output, Problem> {
    let find = gateway.sinks(at.world).await;
    let (sinks, mut filter) = (find(), Filter::of(&typed(&logs.of), &here(at.world.system.now()))?);
    if let Some(pattern) = logs.of.grep.as_deref().filter(|_| logs.of.count) {
        return count(pattern, &sinks, &filter, at).await;
    }
    filter.pattern = logs.of.grep.as_deref().map(|pattern| expression(pattern, false)).transpose()?;
    let reader = Reader { system: &*at.world.system, sinks: &sinks, filter: &filter };
    let (lines, end) = newest(reader, logs.lines as usize).await?;
    if !logs.follow {
        return Ok(shown(&sinks, &lines, at));
    }
    let mut told = lines.iter().try_for_each(|line| say(line, at));
    let mut live = Live::from(at.world.system.clone(), find, filter, end)?;
    while told.is_ok() {
        told = live.next().await?.lines.iter().try_for_each(|line| say(line, at));
    }
    Ok(Output::default())
}

fn typed(wanting: &Wanting) -> LogFilter {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    LogFilter {
        from: wanting.level.map(|level| match level {
            Loudness::Debug => Level::Debug,
            Loudness::Info => Level::Info,
            Loudness::Warn => Level::Warn,
            Loudness::Error => Level::Error,
        }),
        subsystem: text(&wanting.subsystem),
        since: text(&wanting.since),
        until: text(&wanting.until),
        ..LogFilter::default()
    }
}

/// The last `count` lines that fit, however far back they are, and where they end.
async fn newest(reader: Reader<'_>, count: usize) -> Result<(Vec<LogLine>, Position), Problem> {
    let mut page = reader.page(&Anchor::End, count).await?;
    let (mut lines, end) = (page.lines, page.newer);
    while page.more_older && lines.len() < count {
        page = reader.page(&Anchor::Before { position: page.older }, count - lines.len()).await?;
        lines.splice(0..0, page.lines);
    }
    Ok((if count == 0 { Vec::new() } else { lines }, end))
}

async fn count(
    pattern: &str,
    sinks: &Sinks,
    filter: &Filter,
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    let expression = expression(pattern, false)?;
    let search = Search { system: &*at.world.system, sinks, filter, expression: &expression };
    let found = search.run(&|_| true).await?;
    Ok(match at.flags.json {
        true => Output::json(json!({ "hits": found.hits, "bytes": found.bytes }), Exit::Ok),
        false => Output { text: format!("{}\n", found.hits), ..Output::default() },
    })
}

fn shown(sinks: &Sinks, lines: &[LogLine], at: &Invocation<'_>) -> Output {
    let sources: Vec<String> = sinks.list().into_iter().map(|sink| sink.source).collect();
    let source = sources.join(", ");
    if at.flags.json {
        let lines: Vec<Value> = lines.iter().map(|line| json!(line)).collect();
        return Output::json(json!({ "source": source, "lines": lines }), Exit::Ok);
    }
    let complaint = match lines.is_empty() {
        true if sources.is_empty() => at.say("logs-nowhere", &[]) + "\n",
        true => at.say("logs-empty", &[("source", &source)]) + "\n",
        false => String::new(),
    };
    Output { text: lines.iter().map(|line| rendered(line) + "\n").collect(), complaint, ..Output::default() }
}

fn say(line: &LogLine, at: &Invocation<'_>) -> Result<(), super::Closed> {
    match at.flags.json {
        true => at.console.say(&json!(line).to_string()),
        false => at.console.say(&rendered(line)),
    }
}
