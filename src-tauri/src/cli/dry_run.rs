//! A plan before it is carried out: numbered steps, exact commands, and the files' differences.

use serde_json::{Value, json};

use super::invocation::Invocation;
use super::{Exit, Output};
use crate::plan::{Plan, Step, StepView};
use crate::view::plan::{difference, octal, sentence, step_view};

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
        plan.steps.iter().enumerate().map(|(number, step)| {
            format!("{:>2}. {}", number + 1, with_difference(step, change(step, at), at))
        });
    let lines: Vec<String> = [heading].into_iter().chain(steps).collect();
    lines.join("\n") + "\n"
}

/// The steps in words, each with what it makes of its file.
pub fn planned(plan: &Plan, at: &Invocation<'_>) -> Vec<StepView> {
    plan.steps.iter().map(|step| step_view(step, |path| standing(path, at), at.words())).collect()
}

/// The steps as JSON.
pub fn steps(plan: &Plan, at: &Invocation<'_>) -> Value {
    plan.steps.iter().map(|step| shape(step, at)).collect()
}

/// One step in words, and below it what it makes of a file.
pub fn with_difference(step: &Step, difference: Option<String>, at: &Invocation<'_>) -> String {
    let line = sentence(step, at.words());
    difference.map_or(line.clone(), |difference| format!("{line}\n{}", indented(&difference)))
}

fn change(step: &Step, at: &Invocation<'_>) -> Option<String> {
    difference(step, |path| standing(path, at), at.words())
}

fn standing(path: &str, at: &Invocation<'_>) -> String {
    at.world.system.read(path).ok().flatten().map(|contents| contents.text()).unwrap_or_default()
}

fn shape(step: &Step, at: &Invocation<'_>) -> Value {
    match step {
        Step::MakeDir { path, mode } => json!({ "step": "make-dir", "path": path, "mode": octal(*mode) }),
        Step::Write { path, mode, .. } => {
            json!({ "step": "write", "path": path, "mode": octal(*mode), "diff": change(step, at) })
        }
        Step::Keep { from, to } => json!({ "step": "keep", "from": from, "to": to }),
        Step::Remove { path } => json!({ "step": "remove", "path": path }),
        Step::Run { call, .. } => json!({ "step": "run", "command": call.to_string() }),
        Step::Await { until, deadline, .. } => {
            json!({ "step": "await", "until": format!("{until:?}"), "seconds": deadline.as_secs() })
        }
    }
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("      {line}")).collect::<Vec<_>>().join("\n")
}
