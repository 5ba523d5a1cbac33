//! The result of an action, for people and for scripts. The JSON is a superset of OpenClaw's (OC 8.2).

use serde::Serialize;
use serde_json::Value;

use super::invocation::Invocation;
use super::{Exit, Output};
use crate::model::{Autostart, Manager, Observation, Registered, Verdict};
use crate::problem::{Code, Hint, Problem};
use crate::verdict;

/// What became of an action.
pub struct Report {
    pub action: &'static str,
    pub outcome: Result<Done, Problem>,
    /// What was seen afterwards, where anything could be seen.
    pub seen: Option<(Manager, Observation)>,
}

/// A success, and what is worth knowing about it.
#[derive(Default)]
pub struct Done {
    /// OpenClaw's word for it: `installed`, `already-installed`, `stopped`, ….
    pub result: &'static str,
    /// The catalogue's `done-<words>`; mostly the result itself.
    pub words: &'static str,
    pub values: Vec<(&'static str, String)>,
    pub warnings: Vec<String>,
    pub hints: Vec<Hint>,
}

impl Done {
    pub fn new(result: &'static str) -> Self {
        Self::worded(result, result)
    }

    /// A result that is told in other words than its own.
    pub fn worded(result: &'static str, words: &'static str) -> Self {
        Self { result, words, ..Self::default() }
    }

    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    pub fn hint(mut self, code: &str, command: &str) -> Self {
        self.hints.push(Hint { code: code.to_owned(), command: Some(command.to_owned()) });
        self
    }

    pub fn warn(mut self, warning: String) -> Self {
        self.warnings.push(warning);
        self
    }
}

/// Keys with no value are left out, as OpenClaw leaves them out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    action: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hint_items: Vec<HintItem>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
}

#[derive(Serialize)]
struct HintItem {
    kind: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
}

/// The four keys by which OpenClaw names a service (OC 2).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    pub label: &'static str,
    pub loaded: bool,
    pub loaded_text: &'static str,
    pub not_loaded_text: &'static str,
}

impl Service {
    pub fn of(manager: Manager, seen: &Observation) -> Self {
        let (label, loaded_text, not_loaded_text) = match manager {
            Manager::Systemd => ("systemd", "enabled", "disabled"),
            Manager::Launchd => ("LaunchAgent", "loaded", "not loaded"),
            Manager::Schtasks => ("Scheduled Task", "registered", "missing"),
            Manager::Builtin => ("Gateward", "registered", "missing"),
        };
        Self { label, loaded: is_loaded(manager, seen), loaded_text, not_loaded_text }
    }
}

/// OpenClaw's "loaded": the manager starts it by itself (OC 3.6). The built-in manager's services are loaded once they are there.
fn is_loaded(manager: Manager, seen: &Observation) -> bool {
    match &seen.registered.value {
        Registered::Present(old) => manager == Manager::Builtin || old.autostart == Autostart::On,
        Registered::Missing { .. } | Registered::Unknown { .. } => false,
    }
}

impl Report {
    pub fn output(self, at: &Invocation<'_>) -> Output {
        if at.flags.json {
            return Output::json(self.json(at), self.exit());
        }
        let exit = self.exit();
        match &self.outcome {
            Ok(done) => Output { text: done_text(done, at), exit, ..Output::default() },
            Err(problem) => {
                Output { complaint: failed_text(self.action, problem, at), exit, ..Output::default() }
            }
        }
    }

    fn exit(&self) -> Exit {
        self.outcome.as_ref().map_or_else(Exit::of, |_| Exit::Ok)
    }

    fn json(&self, at: &Invocation<'_>) -> Value {
        let shape = match &self.outcome {
            Ok(done) => self.succeeded(done, at),
            Err(problem) => self.failed(problem, at),
        };
        serde_json::to_value(shape).unwrap_or_default()
    }

    fn succeeded(&self, done: &Done, at: &Invocation<'_>) -> Shape {
        Shape {
            ok: true,
            result: Some(done.result),
            message: Some(message(done, at)),
            hints: hint_texts(&done.hints, at),
            hint_items: hint_items(&done.hints, at),
            warnings: done.warnings.clone(),
            ..self.blank()
        }
    }

    fn failed(&self, problem: &Problem, at: &Invocation<'_>) -> Shape {
        Shape {
            // OpenClaw's newest generation names this one failure in `result` too.
            result: (problem.code == Code::NotInstalled).then_some("not-loaded"),
            error: Some(at.words().problem(problem)),
            code: Some(problem.code),
            cause: problem.cause.clone(),
            hints: hint_texts(&problem.hints, at),
            hint_items: hint_items(&problem.hints, at),
            ..self.blank()
        }
    }

    fn blank(&self) -> Shape {
        Shape {
            action: self.action,
            ok: false,
            result: None,
            message: None,
            error: None,
            code: None,
            cause: None,
            verdict: self.seen.as_ref().map(|(_, seen)| verdict::judge(seen)),
            hints: Vec::new(),
            hint_items: Vec::new(),
            warnings: Vec::new(),
            service: self.seen.as_ref().map(|(manager, seen)| Service::of(*manager, seen)),
        }
    }
}

fn message(done: &Done, at: &Invocation<'_>) -> String {
    let values: Vec<(&str, &str)> = done.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    at.say(&format!("done-{}", done.words), &values)
}

fn done_text(done: &Done, at: &Invocation<'_>) -> String {
    let page = at.page();
    let warnings = done.warnings.iter().map(|warning| at.say("text-warning", &[("warning", warning)]));
    let hints = done.hints.iter().map(|hint| page.hint(hint));
    [message(done, at)].into_iter().chain(warnings).chain(hints).map(|line| line + "\n").collect()
}

/// The three parts of a failure, introduced by what was being done.
pub fn failed_text(action: &str, problem: &Problem, at: &Invocation<'_>) -> String {
    let text = at.page().problem(problem);
    match at.words().find(&format!("failed-{action}"), &[]) {
        Some(doing) => at.say("text-headed", &[("head", &doing), ("text", &text)]) + "\n",
        None => format!("{text}\n"),
    }
}

/// A failure outside the lifecycle commands, as text or in the lifecycle commands' own JSON shape.
pub fn failure(action: &'static str, problem: Problem, at: &Invocation<'_>) -> Output {
    Report { action, outcome: Err(problem), seen: None }.output(at)
}

fn hint_texts(hints: &[Hint], at: &Invocation<'_>) -> Vec<String> {
    let page = at.page();
    hints
        .iter()
        .map(|hint| match &hint.command {
            Some(command) => format!("{} {}", at.words().hint(hint), page.paste(command)),
            None => at.words().hint(hint),
        })
        .collect()
}

fn hint_items(hints: &[Hint], at: &Invocation<'_>) -> Vec<HintItem> {
    let page = at.page();
    let item = |(hint, text): (&Hint, String)| HintItem {
        kind: kind(&hint.code),
        text,
        command: hint.command.as_ref().map(|command| page.paste(command)),
    };
    hints.iter().zip(hint_texts(hints, at)).map(item).collect()
}

/// OpenClaw's kinds (OC 8.2).
fn kind(code: &str) -> &'static str {
    match code {
        _ if code.starts_with("install") || code == "reinstall" => "install",
        _ if code.contains("wsl") => "wsl-systemd",
        _ if code.contains("linger") || code.contains("login") => "systemd-headless",
        _ if code.contains("systemd") || code.contains("bus") => "systemd-unavailable",
        _ if code.contains("container") => "container-foreground",
        _ => "generic",
    }
}
