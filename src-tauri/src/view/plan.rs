//! A plan as a person reads it before it is carried out: exact commands in words, and the files' differences.

use diffy::DiffOptions;

pub use crate::plan::StepView;
use crate::plan::{Step, Text, Until};
use crate::redact::redact_definition;
use crate::words::Words;

pub fn step_view(step: &Step, standing: impl FnOnce(&str) -> String, words: &Words) -> StepView {
    StepView { sentence: sentence(step, words), difference: difference(step, standing, words) }
}

pub fn sentence(step: &Step, words: &Words) -> String {
    match step {
        Step::MakeDir { path, mode } => {
            words.say("plan-make-dir", &[("path", path), ("mode", &octal(*mode))])
        }
        Step::Write { path, mode, .. } => words.say("plan-write", &[("path", path), ("mode", &octal(*mode))]),
        Step::Keep { from, to } => words.say("plan-keep", &[("from", from), ("to", to)]),
        Step::Remove { path } => words.say("plan-remove", &[("path", path)]),
        Step::Run { call, .. } => words.say("plan-run", &[("command", &call.to_string())]),
        Step::Await { until, deadline, .. } => {
            let key = match until {
                Until::Running => "plan-await-running",
                Until::NotRunning => "plan-await-not-running",
                Until::Gone => "plan-await-gone",
                Until::Answering => "plan-await-answering",
                Until::PortReleased => "plan-await-port-released",
                Until::SwitchedOff => "plan-await-switched-off",
                Until::PortFree => "plan-await-port-free",
                Until::ProcessGone { .. } => "plan-await-process-gone",
            };
            words.say(key, &[("seconds", &deadline.as_secs().to_string())])
        }
    }
}

/// As chmod(1) takes it, without the leading zero: the catalogue writes that.
pub fn octal(mode: u32) -> String {
    format!("{mode:03o}")
}

/// What a step makes of the file whose text now is `standing` of its path; of a secret text only how many variables it has.
pub fn difference(step: &Step, standing: impl FnOnce(&str) -> String, words: &Words) -> Option<String> {
    match step {
        Step::Write { text: Text::Secret(secret), .. } => {
            let count = variables_in(secret.reveal()).to_string();
            Some(words.say("plan-secret", &[("n", &count)]))
        }
        Step::Write { path, .. } => Some(between(path, &standing(path), &text_of(step), words)),
        Step::MakeDir { .. }
        | Step::Keep { .. }
        | Step::Remove { .. }
        | Step::Run { .. }
        | Step::Await { .. } => None,
    }
}

/// Of an environment file or the built-in manager's JSON object.
fn variables_in(text: &str) -> usize {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => value.as_object().map_or(0, serde_json::Map::len),
        Err(_) => text.lines().filter(|line| line.contains('=') && !line.starts_with('#')).count(),
    }
}

/// A unified diff. The old text's secret variables are masked: OpenClaw of 2026.2 wrote tokens into units.
pub fn between(path: &str, old: &str, new: &str, words: &Words) -> String {
    let old: String = old.split_inclusive('\n').map(redact_definition).collect();
    if old == new {
        return words.say("plan-unchanged", &[]);
    }
    let mut options = DiffOptions::new();
    options.set_context_len(2).set_original_filename(path.to_owned()).set_modified_filename(path.to_owned());
    options.create_patch(&old, new).to_string()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_reads_as_an_operator_writes_it() {
        assert_eq!(octal(0o600), "600");
    }
}
