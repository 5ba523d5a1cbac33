//! From Task Scheduler's answers and the files to the first fact: what is registered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::script::{self, Generation, Script};
use super::task::{Action, Task};
use super::{Schtasks, answers, audit, calls, query, task_path};
use crate::adapter::builtin;
use crate::environment;
use crate::identity::{self, Identity};
use crate::layout;
use crate::model::{Autostart, Fact, Flaw, Origin, Registered, Registration, Value};
use crate::observe::{find, seen};
use crate::plan::{Answer, Outcome};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Contents, Report, Seen};

/// What there is of the service.
pub enum Found {
    Task(Box<Task>),
    /// No task, but an item in the Startup folder.
    Startup(String),
    Nothing,
    Unclear(Problem),
}

/// Who runs the gateway of what was found.
pub enum Runner {
    /// Our host.
    Host,
    /// A script of OpenClaw's.
    Script(Box<Script>, Generation),
    /// Its program or script is gone.
    Gone(String),
    Stranger(Vec<String>),
}

impl Schtasks {
    pub(super) fn further_asks(&self, id: &Identity, reports: &[Report]) -> Vec<Ask> {
        let mut asks: Vec<Ask> = match self.found(id, reports) {
            Found::Task(task) => {
                self.script_of(&task, id).into_iter().map(|path| Ask::File { path }).collect()
            }
            // A refusal in words nobody here knows: the list of all tasks tells without any.
            Found::Unclear(_) => vec![Ask::Tasks],
            Found::Startup(_) | Found::Nothing => Vec::new(),
        };
        if let Some(Seen::File(contents)) =
            seen(reports, |ask| *ask == Ask::File { path: self.own.record(id) })
            && let Ok(record) = builtin::record::parse(&contents.text(), "")
        {
            asks.extend(record.asks(self.os));
        }
        if let Runner::Script(script, _) = self.runner(id, reports) {
            asks.push(Ask::Port { port: port_of(&script, id) });
        }
        asks.retain(|ask| find(reports, |asked| asked == ask).is_none());
        asks
    }

    pub(super) fn found(&self, id: &Identity, reports: &[Report]) -> Found {
        match (self.definition(id, reports), self.item(id, reports)) {
            (Ok(Some(task)), _) => Found::Task(Box::new(task)),
            (Ok(None) | Err(_), Some(path)) => Found::Startup(path),
            (Ok(None), None) => Found::Nothing,
            (Err(_), None) if is_not_listed(id, reports) => Found::Nothing,
            (Err(why), None) => Found::Unclear(why),
        }
    }

    /// The item in the Startup folder, ours or OpenClaw's.
    fn item(&self, id: &Identity, reports: &[Report]) -> Option<String> {
        let items = [self.place.startup_item(id), self.place.openclaws_startup_item(id)];
        items.into_iter().find(|path| file(reports, path).is_some())
    }

    fn definition(&self, id: &Identity, reports: &[Report]) -> Result<Option<Task>, Problem> {
        match seen(reports, |ask| *ask == Ask::TaskDefinition { name: id.task.clone() }) {
            Some(Seen::Answered(answer)) => defined(id, answer),
            Some(Seen::Missing) => Ok(None),
            Some(Seen::Failed(why)) => Err(why.clone()),
            Some(_) | None => Err(Problem::new(Code::Internal).with("report", "task")),
        }
    }

    pub(super) fn runner(&self, id: &Identity, reports: &[Report]) -> Runner {
        match self.found(id, reports) {
            Found::Task(task) => self.runner_of(&task, id, reports),
            Found::Startup(path) => self.runner_of_item(&path, id, reports),
            Found::Nothing | Found::Unclear(_) => Runner::Host,
        }
    }

    fn runner_of(&self, task: &Task, id: &Identity, reports: &[Report]) -> Runner {
        let Some(action) = task.action() else { return Runner::Stranger(Vec::new()) };
        if self.place.is_host(&action, id) {
            return Runner::Host;
        }
        match self.script_of(task, id) {
            Some(path) => scripted(&path, reports),
            None => Runner::Stranger(words_of(&action)),
        }
    }

    /// An item of ours is a script that starts the host; OpenClaw's start the script in the state folder.
    fn runner_of_item(&self, path: &str, id: &Identity, reports: &[Report]) -> Runner {
        let own = file(reports, path).and_then(|contents| script::parse(&contents.bytes));
        match own {
            Some((_, Generation::Gateward)) => Runner::Host,
            Some(_) | None => scripted(&self.place.script(id), reports),
        }
    }

    /// The script that a task runs, if it runs one: itself, or behind the hidden launcher of 2026.9.
    fn script_of(&self, task: &Task, id: &Identity) -> Option<String> {
        let command = task.action()?.command.trim_matches('"').to_owned();
        let name = layout::file_name(&command).to_lowercase();
        if let Some(stem) = name.strip_suffix(".vbs") {
            return Some(layout::join(layout::parent(&command), &[&format!("{stem}.cmd")], self.os));
        }
        let same = command.eq_ignore_ascii_case(&self.place.script(id));
        (same || name.ends_with(".cmd") || name.ends_with(".bat")).then_some(command)
    }

    pub(super) fn registered(&self, id: &Identity, reports: &[Report]) -> Fact<Registered> {
        let value = match self.found(id, reports) {
            Found::Nothing => Registered::Missing { file: task_path(id) },
            Found::Unclear(why) => Registered::Unknown { file: task_path(id), why },
            Found::Task(task) => self.of_task(&task, id, reports),
            Found::Startup(path) => self.of_item(path, id, reports),
        };
        let report = find(reports, |ask| *ask == Ask::TaskDefinition { name: id.task.clone() });
        Fact {
            value,
            source: report.map(|report| report.source.clone()).unwrap_or_default(),
            read_at: report.map_or(Timestamp::UNIX_EPOCH, |report| report.at),
        }
    }

    fn of_task(&self, task: &Task, id: &Identity, reports: &[Report]) -> Registered {
        let runner = self.runner_of(task, id, reports);
        let mut flaws = audit::audit(task);
        flaws.extend(next_run(id, reports).map(audit::next_start));
        flaws.extend(self.item(id, reports).map(|path| audit::starts_twice(&path)));
        let autostart = match (task.is_enabled(), task.starts_by_itself()) {
            (true, true) => Autostart::On,
            (false, _) | (true, false) => Autostart::Off,
        };
        let described = match self.described(runner, &mut flaws, id, reports) {
            Ok(described) => described,
            Err(why) => return Registered::Unknown { file: task_path(id), why },
        };
        let text = Some(task.render());
        Registered::Present(Box::new(Registration {
            file: task_path(id),
            autostart,
            flaws,
            text,
            ..described
        }))
    }

    fn of_item(&self, path: String, id: &Identity, reports: &[Report]) -> Registered {
        let mut flaws = vec![audit::startup_item(&path)];
        match self.described(self.runner_of_item(&path, id, reports), &mut flaws, id, reports) {
            Ok(described) => {
                let autostart = Autostart::On;
                Registered::Present(Box::new(Registration { file: path, autostart, flaws, ..described }))
            }
            Err(why) => Registered::Unknown { file: path, why },
        }
    }

    /// What is run, by whatever is registered.
    fn described(
        &self,
        runner: Runner,
        flaws: &mut Vec<Flaw>,
        id: &Identity,
        reports: &[Report],
    ) -> Result<Registration, Problem> {
        match runner {
            Runner::Host => match builtin::read::registered(&self.own, id, self.os, reports).value {
                Registered::Present(found) => Ok(*found),
                Registered::Missing { file } => {
                    flaws.push(audit::missing(&file));
                    Ok(bare(Origin::Gateward, vec![self.place.host.clone()]))
                }
                Registered::Unknown { why, .. } => Err(why),
            },
            Runner::Script(script, generation) => Ok(of_script(&script, generation, &self.place.script(id))),
            Runner::Gone(path) => {
                flaws.push(audit::missing(&path));
                Ok(bare(Origin::OpenclawA, vec![path]))
            }
            Runner::Stranger(command) => Ok(bare(Origin::Foreign, command)),
        }
    }

    pub(super) fn own_variables(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        let Runner::Script(script, _) = self.runner(id, reports) else {
            return builtin::read::variables(&self.own, id, reports);
        };
        let own = script.environment.into_iter();
        own.map(|(name, text)| (name.clone(), environment::value_of(&name, &text))).collect()
    }
}

fn defined(id: &Identity, answer: &Answer) -> Result<Option<Task>, Problem> {
    let call = calls::query(&id.task);
    match answers::classify(&call, answer) {
        Outcome::Done => Task::parse(&answer.stdout)
            .map(Some)
            .map_err(|cause| Problem::new(Code::UnitUnreadable).with("path", task_path(id)).because(cause)),
        Outcome::UnknownService => Ok(None),
        Outcome::Already
        | Outcome::StartLimited
        | Outcome::Busy
        | Outcome::ManagerUnreachable
        | Outcome::Denied
        | Outcome::TimedOut
        | Outcome::Failed => Err(not_told(&call, answer)),
    }
}

/// A question is no step of a plan: what failed is told without one.
pub fn not_told(call: &crate::plan::Call, answer: &Answer) -> Problem {
    let problem = answers::explain(call, answer);
    match problem.code {
        Code::StepFailed => {
            Problem::new(Code::ToolAnswerUnreadable).with("command", call).because(answer.words())
        }
        _ => problem,
    }
}

/// Only COM tells it without words.
fn next_run(id: &Identity, reports: &[Report]) -> Option<DateTime> {
    let Some(Seen::Properties(told)) = seen(reports, |ask| *ask == Ask::Task { name: id.task.clone() })
    else {
        return None;
    };
    query::next_run(told)
}

/// Whether the list of all tasks was told and does not hold ours.
fn is_not_listed(id: &Identity, reports: &[Report]) -> bool {
    let Some(Seen::Answered(answer)) = seen(reports, |ask| *ask == Ask::Tasks) else { return false };
    let path = task_path(id).to_lowercase();
    let rows: Vec<Vec<String>> = answer.stdout.lines().map(query::cells).collect();
    let names = || rows.iter().filter_map(|row| row.first()).filter(|name| name.starts_with('\\'));
    answer.is_success() && names().next().is_some() && names().all(|name| name.to_lowercase() != path)
}

fn scripted(path: &str, reports: &[Report]) -> Runner {
    match file(reports, path).map(|contents| script::parse(&contents.bytes)) {
        Some(Some((script, generation))) if is_gateways(&script) => {
            Runner::Script(Box::new(script), generation)
        }
        Some(Some((script, _))) => Runner::Stranger(script.command),
        Some(None) | None => Runner::Gone(path.to_owned()),
    }
}

/// OpenClaw's mark, or its word in the command: before the mark there were scripts too.
fn is_gateways(script: &Script) -> bool {
    script.environment.get("OPENCLAW_SERVICE_MARKER").is_some_and(|text| text == "openclaw")
        || script.command.iter().any(|word| word == "gateway")
}

fn words_of(action: &Action) -> Vec<String> {
    let line = format!("{} {}", script::argument(action.command.trim_matches('"')), action.arguments);
    script::split(&line)
}

pub fn file<'a>(reports: &'a [Report], path: &str) -> Option<&'a Contents> {
    match seen(reports, |ask| matches!(ask, Ask::File { path: asked } if asked == path)) {
        Some(Seen::File(contents)) => Some(contents),
        Some(_) | None => None,
    }
}

fn bare(origin: Origin, command: Vec<String>) -> Registration {
    Registration {
        file: String::new(),
        drop_ins: Vec::new(),
        autostart: Autostart::Unknown,
        origin,
        command,
        working_dir: None,
        environment: Vec::new(),
        stale: false,
        lingers: None,
        flaws: Vec::new(),
        text: None,
    }
}

fn of_script(script: &Script, generation: Generation, path: &str) -> Registration {
    let origin = match generation {
        Generation::Gateward => Origin::Gateward,
        Generation::F => Origin::OpenclawF,
        Generation::A => Origin::OpenclawA,
        Generation::N => Origin::OpenclawN,
    };
    let shown = |(name, value): (&String, &String)| environment::shown(name, value, path);
    Registration {
        working_dir: script.working_dir.clone(),
        environment: script.environment.iter().map(shown).collect(),
        ..bare(origin, environment::mask_command(&script.command))
    }
}

/// OC 5.5: the command's, else the script's own variable, else the profile's.
pub fn port_of(script: &Script, id: &Identity) -> u16 {
    let told = || script.environment.get("OPENCLAW_GATEWAY_PORT").and_then(|text| identity::port(text).ok());
    identity::port_in(&script.command).or_else(told).unwrap_or(id.port)
}
