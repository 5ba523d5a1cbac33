use std::sync::Mutex;

use super::*;
use crate::adapter::Intent;
use crate::identity::{Profile, identify, tests::around};
use crate::model::{Exit, ExitRecord, Fact, Manager, Registered, Run, ServiceSpec};
use crate::plan::{End, Text, Tool};
use crate::system::scripted::{Machine, Scripted, Simulator, answered};
use crate::system::{Ask, Report, Seen, Watch};

const FILE: &str = "/etc/service";
const WORDS: &str = "/run/words";

/// A manager that plays back `answers` to calls and `states` to observations, the last of each for ever.
#[derive(Default)]
struct Playback {
    answers: Vec<Answer>,
    states: Vec<Supervised>,
}

impl Simulator for Playback {
    fn run(&mut self, _call: &Call, _machine: &mut Machine) -> Answer {
        next(&mut self.answers).unwrap_or_default()
    }

    fn answer(&mut self, ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        matches!(ask, Ask::Process { .. }).then(|| Seen::Lines(vec![encode(next(&mut self.states))]))
    }
}

fn next<T: Clone>(queue: &mut Vec<T>) -> Option<T> {
    if queue.len() > 1 { Some(queue.remove(0)) } else { queue.first().cloned() }
}

/// States travel through a report as JSON.
fn encode(state: Option<Supervised>) -> String {
    serde_json::to_string(&state.unwrap_or(Supervised::Absent)).unwrap()
}

struct Plain;

impl Adapter for Plain {
    fn manager(&self) -> Manager {
        Manager::Builtin
    }

    fn asks(&self, _id: &Identity) -> Vec<Ask> {
        vec![Ask::Process { pid: 1 }]
    }

    fn read(&self, _id: &Identity, reports: &[Report]) -> (Fact<Registered>, Fact<Supervised>) {
        let report = &reports[0];
        let Seen::Lines(lines) = &report.seen else { panic!("{report:?}") };
        let fact = |value| Fact { value, source: String::new(), read_at: report.at };
        let missing = Registered::Missing { file: FILE.to_owned() };
        (
            Fact { value: missing, source: String::new(), read_at: report.at },
            fact(serde_json::from_str(&lines[0]).unwrap()),
        )
    }

    fn follow_up(&self, _id: &Identity, _reports: &[Report]) -> Vec<Ask> {
        Vec::new()
    }

    fn plan(&self, _intent: &Intent<'_>, _id: &Identity, _seen: &Observation) -> Result<Plan, Problem> {
        Ok(Plan::default())
    }

    fn classify(&self, _call: &Call, answer: &Answer) -> Outcome {
        match answer.end {
            End::Exited(0) => Outcome::Done,
            End::Exited(4) => Outcome::UnknownService,
            End::Exited(_) | End::Killed(_) | End::TimedOut | End::NotStarted(_) => Outcome::Failed,
        }
    }

    fn explain(&self, call: &Call, answer: &Answer) -> Problem {
        Problem::new(Code::StepFailed).with("command", call).because(answer.words())
    }

    fn last_words(&self, _id: &Identity) -> Option<String> {
        Some(WORDS.to_owned())
    }

    fn watch(&self, _id: &Identity, _seen: &Observation) -> Vec<Watch> {
        Vec::new()
    }

    fn render(&self, _spec: &ServiceSpec) -> Result<String, Problem> {
        Ok(String::new())
    }
}

async fn carried_out(system: &Scripted<Playback>, plan: &Plan) -> Result<(), Problem> {
    let id = identify(&Profile::default(), &around(&[]), None).unwrap();
    execute(Stage { system, adapter: &Plain, id: &id, turn: None }, plan, &|_| ()).await
}

fn call(args: &[&str]) -> Call {
    Call::new(Tool::Systemctl, args, Duration::from_secs(5))
}

fn write(text: &str) -> Step {
    Step::Write { path: FILE.to_owned(), text: Text::Plain(text.to_owned()), mode: 0o644 }
}

fn failing() -> Answer {
    answered(1, "", "no")
}

#[tokio::test]
async fn steps_run_in_order() {
    let system = Scripted::new(Playback::default());
    let plan = Plan {
        steps: vec![write("new"), Step::run(call(&["a"])), Step::run(call(&["b"]))],
        on_undo: vec![call(&["undo"])],
    };
    carried_out(&system, &plan).await.unwrap();
    assert_eq!(system.calls(), ["systemctl a", "systemctl b"]);
    assert_eq!(system.with(|machine, _| machine.text(FILE)).as_deref(), Some("new"));
}

#[tokio::test]
async fn a_failed_step_puts_the_previous_bytes_and_mode_back() {
    let system = Scripted::new(Playback { answers: vec![failing()], ..Playback::default() });
    system.with(|machine, _| machine.write(FILE, b"old", 0o600)).unwrap();
    let plan = Plan { steps: vec![write("new"), Step::run(call(&["a"]))], on_undo: vec![call(&["undo"])] };
    let problem = carried_out(&system, &plan).await.unwrap_err();
    assert_eq!(
        (problem.code, problem.values["step"].as_str(), problem.values["steps"].as_str()),
        (Code::StepFailed, "2", "2")
    );
    let (text, mode) = system.with(|machine, _| (machine.text(FILE), machine.files[FILE].mode));
    assert_eq!((text.as_deref(), mode), (Some("old"), 0o600));
    assert_eq!(system.calls(), ["systemctl a", "systemctl undo"]);
}

#[tokio::test]
async fn a_file_that_was_not_there_is_removed_again() {
    let system = Scripted::new(Playback { answers: vec![failing()], ..Playback::default() });
    carried_out(&system, &Plan { steps: vec![write("new"), Step::run(call(&["a"]))], on_undo: vec![] })
        .await
        .unwrap_err();
    assert_eq!(system.with(|machine, _| machine.text(FILE)), None);
}

#[tokio::test]
async fn a_check_that_fails_first_undoes_nothing() {
    let system = Scripted::new(Playback { answers: vec![failing()], ..Playback::default() });
    let plan =
        Plan { steps: vec![Step::run(call(&["show", "x"])), write("new")], on_undo: vec![call(&["undo"])] };
    carried_out(&system, &plan).await.unwrap_err();
    assert_eq!(system.calls(), ["systemctl show x"]);
}

#[tokio::test]
async fn a_tolerated_outcome_is_no_failure() {
    let system = Scripted::new(Playback { answers: vec![answered(4, "", "")], ..Playback::default() });
    let step = Step::run_tolerating(call(&["a"]), &[Outcome::UnknownService]);
    carried_out(&system, &Plan { steps: vec![step], on_undo: vec![] }).await.unwrap();
}

#[tokio::test]
async fn a_retry_runs_its_first_call_and_then_the_call_again() {
    let system = Scripted::new(Playback {
        answers: vec![answered(4, "", ""), answered(0, "", "")],
        ..Playback::default()
    });
    let retry = Retry {
        on: vec![Outcome::UnknownService],
        first: vec![call(&["reload"])],
        times: 1,
        pause: Duration::from_millis(100),
    };
    let step = Step::Run { call: call(&["a"]), tolerate: vec![], retry: Some(retry) };
    carried_out(&system, &Plan { steps: vec![step], on_undo: vec![] }).await.unwrap();
    assert_eq!(system.calls(), ["systemctl a", "systemctl reload", "systemctl a"]);
}

fn awaiting(until: Until) -> Plan {
    let otherwise = Box::new(Problem::new(Code::DidNotStart));
    Plan { steps: vec![Step::Await { until, deadline: Duration::from_secs(10), otherwise }], on_undo: vec![] }
}

fn running() -> Supervised {
    Supervised::Running(Run { pid: 1, since: None, restarts: 0, last_exit: None })
}

#[tokio::test]
async fn waiting_ends_when_it_is_so() {
    let states = vec![Supervised::Starting, Supervised::Starting, running()];
    let system = Scripted::new(Playback { states, ..Playback::default() });
    carried_out(&system, &awaiting(Until::Running)).await.unwrap();
}

#[tokio::test]
async fn waiting_ends_at_its_deadline_with_the_named_problem() {
    let system = Scripted::new(Playback { states: vec![Supervised::Starting], ..Playback::default() });
    let problem = carried_out(&system, &awaiting(Until::Running)).await.unwrap_err();
    assert_eq!((problem.code, problem.values["waited"].as_str()), (Code::DidNotStart, "10"));
}

#[tokio::test]
async fn waiting_for_a_start_ends_at_once_when_the_configuration_is_refused() {
    let last_exit = Some(ExitRecord { exit: Exit::Code { code: 78 }, at: None, pid: None, result: None });
    let system =
        Scripted::new(Playback { states: vec![Supervised::Stopped { last_exit }], ..Playback::default() });
    assert_eq!(carried_out(&system, &awaiting(Until::Answering)).await.unwrap_err().code, Code::ConfigError);
    assert_eq!(system.with(|machine, _| machine.elapsed), Duration::ZERO);
}

/// They may be gone with what is put back.
#[tokio::test]
async fn a_refusal_is_told_in_the_gateways_own_words_with_what_helps() {
    let last_exit = Some(ExitRecord { exit: Exit::Code { code: 78 }, at: None, pid: None, result: None });
    let states = vec![Supervised::Stopped { last_exit }];
    let system = Scripted::new(Playback { states, ..Playback::default() });
    let words = b"Gateway start blocked: set gateway.mode=local (current: unset)\n[shutdown] done\n";
    system.write(WORDS, words, 0o600).unwrap();
    let problem = carried_out(&system, &awaiting(Until::Answering)).await.unwrap_err();
    assert!(problem.cause.unwrap().contains("gateway.mode=local"));
    let next: Vec<_> = problem.hints.iter().filter_map(|hint| hint.command.as_deref()).collect();
    assert_eq!(next, ["openclaw config set gateway.mode local", "gateward logs"]);
}

#[tokio::test]
async fn a_manager_that_cannot_be_asked_is_not_taken_for_stopped() {
    let why = Problem::new(Code::NoUserBus);
    let system = Scripted::new(Playback { states: vec![Supervised::Unknown { why }], ..Playback::default() });
    assert!(carried_out(&system, &awaiting(Until::NotRunning)).await.is_err());
}

#[tokio::test]
async fn progress_counts_the_steps() {
    let system = Scripted::new(Playback::default());
    let id = identify(&Profile::default(), &around(&[]), None).unwrap();
    let told = Mutex::new(Vec::new());
    let plan = Plan { steps: vec![write("x"), Step::run(call(&["a"]))], on_undo: vec![] };
    let tell = |progress: Progress<'_>| {
        if let Progress::Step { number, total, .. } = progress {
            told.lock().unwrap().push((number, total));
        }
    };
    execute(Stage { system: &system, adapter: &Plain, id: &id, turn: None }, &plan, &tell).await.unwrap();
    assert_eq!(told.into_inner().unwrap(), [(1, 2), (2, 2)]);
}
