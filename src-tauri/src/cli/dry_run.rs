//! A plan as a person reads it before it is carried out: numbered steps, exact commands, and the files' differences.

use serde_json::{Value, json};
use similar::TextDiff;

use super::invocation::Invocation;
use super::{Exit, Output};
use crate::plan::{Plan, Step, Text, Until};
use crate::redact::redact_definition;
use crate::system::System;

pub fn output(action: &'static str, plan: &Plan, at: &Invocation<'_>) -> Output {
    if at.flags.json {
        let value = json!({
            "action": action, "ok": true, "result": "planned", "message": at.say("done-planned", &[]), "plan": steps(plan, at),
        });
        return Output::json(value, Exit::Ok);
    }
    Output { text: listed(plan, at), ..Output::default() }
}

/// The steps as a numbered list, with the files' differences.
pub fn listed(plan: &Plan, at: &Invocation<'_>) -> String {
    let heading = match plan.steps.is_empty() {
        true => at.say("plan-nothing", &[]),
        false => at.say("plan-heading", &[]),
    };
    let steps =
        plan.steps.iter().enumerate().map(|(number, step)| format!("{:>2}. {}", number + 1, text(step, at)));
    let lines: Vec<String> = [heading].into_iter().chain(steps).collect();
    lines.join("\n") + "\n"
}

/// The steps as JSON.
pub fn steps(plan: &Plan, at: &Invocation<'_>) -> Value {
    plan.steps.iter().map(|step| shape(step, at)).collect()
}

fn text(step: &Step, at: &Invocation<'_>) -> String {
    let difference = match step {
        Step::Write { path, text, .. } => Some(change(path, text, at)),
        Step::MakeDir { .. }
        | Step::Keep { .. }
        | Step::Remove { .. }
        | Step::Run { .. }
        | Step::Await { .. } => None,
    };
    with_difference(step, difference, at)
}

/// One step in words, and below it what it makes of a file.
pub fn with_difference(step: &Step, difference: Option<String>, at: &Invocation<'_>) -> String {
    let line = in_words(step, at);
    difference.map_or(line.clone(), |difference| format!("{line}\n{}", indented(&difference)))
}

fn in_words(step: &Step, at: &Invocation<'_>) -> String {
    match step {
        Step::MakeDir { path, mode } => at.say("plan-make-dir", &[("path", path), ("mode", &octal(*mode))]),
        Step::Write { path, mode, .. } => at.say("plan-write", &[("path", path), ("mode", &octal(*mode))]),
        Step::Keep { from, to } => at.say("plan-keep", &[("from", from), ("to", to)]),
        Step::Remove { path } => at.say("plan-remove", &[("path", path)]),
        Step::Run { call, .. } => at.say("plan-run", &[("command", &call.to_string())]),
        Step::Await { until, deadline, .. } => {
            let key = match until {
                Until::Running => "plan-await-running",
                Until::NotRunning => "plan-await-not-running",
                Until::Gone => "plan-await-gone",
                Until::Answering => "plan-await-answering",
                Until::PortReleased => "plan-await-port-released",
                Until::PortFree => "plan-await-port-free",
                Until::ProcessGone { .. } => "plan-await-process-gone",
            };
            at.say(key, &[("seconds", &deadline.as_secs().to_string())])
        }
    }
}

fn shape(step: &Step, at: &Invocation<'_>) -> Value {
    match step {
        Step::MakeDir { path, mode } => json!({ "step": "make-dir", "path": path, "mode": octal(*mode) }),
        Step::Write { path, text, mode } => {
            json!({ "step": "write", "path": path, "mode": octal(*mode), "diff": change(path, text, at) })
        }
        Step::Keep { from, to } => json!({ "step": "keep", "from": from, "to": to }),
        Step::Remove { path } => json!({ "step": "remove", "path": path }),
        Step::Run { call, .. } => json!({ "step": "run", "command": call.to_string() }),
        Step::Await { until, deadline, .. } => {
            json!({ "step": "await", "until": format!("{until:?}"), "seconds": deadline.as_secs() })
        }
    }
}

/// As chmod(1) takes it, without the leading zero: the catalogue writes that.
fn octal(mode: u32) -> String {
    format!("{mode:03o}")
}

/// A unified diff from what stands there; of a secret text only how many variables it has.
fn change(path: &str, text: &Text, at: &Invocation<'_>) -> String {
    match text.readable() {
        Some(new) => between(path, &standing(&at.world.system, path), &new, at),
        None => {
            let count = variables_in(&String::from_utf8_lossy(&text.bytes()));
            at.say("plan-secret", &[("n", &count.to_string())])
        }
    }
}

/// Of an environment file or the built-in manager's JSON object.
fn variables_in(text: &str) -> usize {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => value.as_object().map_or(0, serde_json::Map::len),
        Err(_) => text.lines().filter(|line| line.contains('=') && !line.starts_with('#')).count(),
    }
}

/// A unified diff. The old text's secret variables are masked: OpenClaw of 2026.2 wrote tokens into units.
pub fn between(path: &str, old: &str, new: &str, at: &Invocation<'_>) -> String {
    let old: String = old.split_inclusive('\n').map(redact_definition).collect();
    let diff = TextDiff::from_lines(old.as_str(), new);
    match old == *new {
        true => at.say("plan-unchanged", &[]),
        false => diff.unified_diff().context_radius(2).header(path, path).to_string(),
    }
}

fn standing(system: &std::sync::Arc<dyn System>, path: &str) -> String {
    system.read(path).ok().flatten().map(|contents| contents.text()).unwrap_or_default()
}

/// What the step leaves in its file; nothing of a secret.
pub fn text_of(step: &Step) -> String {
    match step {
        Step::Write { text, .. } => text.readable().unwrap_or_default().into_owned(),
        Step::MakeDir { .. }
        | Step::Keep { .. }
        | Step::Remove { .. }
        | Step::Run { .. }
        | Step::Await { .. } => String::new(),
    }
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("      {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_reads_as_an_operator_writes_it() {
        assert_eq!(octal(0o600), "600");
    }
}
