//! From launchd's answers and the files to the two facts: what is registered, and what launchd says of it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::plist::{self, Agent};
use super::print::{self, Job};
use super::state::{is_older, started, state};
use super::{Launchd, answers, wrapper};
use crate::environment;
use crate::identity::Identity;
use crate::layout;
use crate::model::{
    Autostart, DOTS, Fact, Origin, Redacted, Registered, Registration, Supervised, Value, Variable,
};
use crate::observe::{find, seen};
use crate::plan::{Answer, Call, Outcome, Tool};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Contents, Report, Seen};

/// launchd's answer about the job.
enum Told {
    Loaded(Box<Job>),
    NotLoaded,
    Unclear(Problem),
}

impl Launchd {
    pub(super) fn further_asks(&self, id: &Identity, reports: &[Report]) -> Vec<Ask> {
        let env_file =
            self.agent(id, reports).and_then(|agent| wrapper::unwrapped(&agent.command).0.map(str::to_owned));
        let pid = match self.told_of_job(id, reports) {
            Told::Loaded(job) => job.pid,
            Told::NotLoaded | Told::Unclear(_) => None,
        };
        let file = env_file.map(|path| Ask::File { path });
        file.into_iter().chain(pid.map(|pid| Ask::Process { pid })).collect()
    }

    fn agent(&self, id: &Identity, reports: &[Report]) -> Option<Agent> {
        let Some(Seen::File(contents)) = seen(reports, |ask| *ask == plist_ask(id)) else { return None };
        plist::parse(&contents.bytes).ok()
    }

    pub(super) fn output_files(&self, id: &Identity, reports: &[Report]) -> Vec<String> {
        let Some(agent) = self.agent(id, reports) else { return vec![layout::launchd_log(id)] };
        let mut files: Vec<String> = agent.stdout.into_iter().chain(agent.stderr).collect();
        files.dedup();
        files
    }

    /// Inline variables and those of the environment file.
    pub(super) fn own_variables(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        let Some(agent) = self.agent(id, reports) else { return BTreeMap::new() };
        let (env_file, command) = wrapper::unwrapped(&agent.command);
        if origin(&agent, command) == Origin::Foreign {
            return BTreeMap::new();
        }
        let secrets = env_file.and_then(|path| env_file_at(path, reports).ok()).unwrap_or_default();
        let inline =
            agent.environment.into_iter().map(|(name, text)| (environment::value_of(&name, &text), name));
        let hidden = secrets.into_iter().map(|(name, text)| (Value::Secret(Redacted::new(text)), name));
        inline.chain(hidden).map(|(value, name)| (name, value)).collect()
    }

    pub(super) fn registered(&self, id: &Identity, reports: &[Report]) -> Fact<Registered> {
        let file = layout::launch_agent(&id.home, &id.label);
        let report = find(reports, |ask| *ask == plist_ask(id));
        let value = match contents(report.map(|report| &report.seen), "plist") {
            Ok(None) => Registered::Missing { file },
            Ok(Some(contents)) => self.registration(id, file, contents, reports),
            Err(why) => Registered::Unknown { file, why },
        };
        fact(value, report)
    }

    fn registration(
        &self,
        id: &Identity,
        file: String,
        contents: &Contents,
        reports: &[Report],
    ) -> Registered {
        if let Some(why) = self.unsafe_file(&file, contents) {
            return Registered::Unknown { file, why };
        }
        match readable(&file, contents, reports) {
            Ok((agent, secrets)) => {
                Registered::Present(Box::new(self.in_use(id, file, &agent, secrets, reports)))
            }
            Err(why) => Registered::Unknown { file, why },
        }
    }

    fn in_use(
        &self,
        id: &Identity,
        file: String,
        agent: &Agent,
        secrets: Vec<Variable>,
        reports: &[Report],
    ) -> Registration {
        let job = match self.told_of_job(id, reports) {
            Told::Loaded(job) => Some(job),
            Told::NotLoaded | Told::Unclear(_) => None,
        };
        let stale = job.is_some_and(|job| is_older(&job, agent, &file));
        Registration { autostart: self.autostart(agent, reports), stale, ..described(file, agent, secrets) }
    }

    /// launchd refuses a plist that others could change (122). It must be the user's own file.
    fn unsafe_file(&self, file: &str, contents: &Contents) -> Option<Problem> {
        let reason = if contents.owner != self.uid {
            "owner"
        } else if contents.mode & 0o022 != 0 {
            "writable"
        } else {
            return None;
        };
        let problem = Problem::new(Code::UnitUnsafe).with("path", file).with("reason", reason);
        Some(answers::own_the_file(problem, file))
    }

    /// A disabled label is *off*, not *blocked*: launchd itself no longer starts it, but nobody has forbidden us to, and our start
    /// enables it first, as OpenClaw's does.
    fn autostart(&self, agent: &Agent, reports: &[Report]) -> Autostart {
        let asked = seen(reports, |ask| *ask == Ask::Overrides { domain: self.domain() });
        let Some(Seen::Answered(answer)) = asked else { return Autostart::Unknown };
        let overrides = print::overrides(&answer.stdout).filter(|_| answer.is_success());
        match overrides.map(|list| list.get(&agent.label).copied().unwrap_or(agent.disabled)) {
            None => Autostart::Unknown,
            Some(true) => Autostart::Off,
            Some(false) if agent.run_at_load || agent.keep_alive => Autostart::On,
            Some(false) => Autostart::Off,
        }
    }

    pub(super) fn supervised(&self, id: &Identity, reports: &[Report]) -> Fact<Supervised> {
        let plist_missing = matches!(seen(reports, |ask| *ask == plist_ask(id)), Some(Seen::Missing));
        let value = match self.told_of_job(id, reports) {
            Told::Loaded(job) => state(&job, started(&job, reports)),
            Told::NotLoaded if plist_missing => Supervised::Absent,
            Told::NotLoaded => Supervised::Unloaded,
            Told::Unclear(why) => Supervised::Unknown { why },
        };
        fact(value, find(reports, |ask| *ask == self.job_ask(id)))
    }

    fn job_ask(&self, id: &Identity) -> Ask {
        Ask::Job { domain: self.domain(), label: id.label.clone() }
    }

    fn told_of_job(&self, id: &Identity, reports: &[Report]) -> Told {
        let call =
            Call::new(Tool::Launchctl, &["print", &self.target(id)], std::time::Duration::from_secs(5));
        match seen(reports, |ask| *ask == self.job_ask(id)) {
            Some(Seen::Answered(answer)) => self.heard(&call, answer),
            Some(other) => Told::Unclear(failure(other, "job")),
            None => Told::Unclear(unasked("job")),
        }
    }

    fn heard(&self, call: &Call, answer: &Answer) -> Told {
        match answers::classify(call, answer) {
            Outcome::Done => match print::job(&answer.stdout) {
                Some(job) => Told::Loaded(Box::new(job)),
                None => Told::Unclear(illegible(call, &answer.stdout)),
            },
            Outcome::UnknownService => Told::NotLoaded,
            Outcome::Already
            | Outcome::StartLimited
            | Outcome::Busy
            | Outcome::ManagerUnreachable
            | Outcome::Denied
            | Outcome::TimedOut
            | Outcome::Failed => Told::Unclear(self.not_told(call, answer)),
        }
    }

    /// A question is no step of a plan: what failed is told without one.
    fn not_told(&self, call: &Call, answer: &Answer) -> Problem {
        let problem = self.told(call, answer);
        if problem.code == Code::StepFailed { illegible(call, &answer.words()) } else { problem }
    }
}

fn illegible(call: &Call, words: &str) -> Problem {
    Problem::new(Code::ToolAnswerUnreadable).with("command", call).because(words)
}

/// `None` for a file that is not there.
fn contents<'a>(seen: Option<&'a Seen>, report: &str) -> Result<Option<&'a Contents>, Problem> {
    match seen {
        Some(Seen::File(contents)) => Ok(Some(contents)),
        Some(Seen::Missing) => Ok(None),
        Some(other) => Err(failure(other, report)),
        None => Err(unasked(report)),
    }
}

fn failure(seen: &Seen, report: &str) -> Problem {
    if let Seen::Failed(why) = seen { why.clone() } else { unasked(report) }
}

fn plist_ask(id: &Identity) -> Ask {
    Ask::File { path: layout::launch_agent(&id.home, &id.label) }
}

fn unasked(report: &str) -> Problem {
    Problem::new(Code::Internal).with("report", report)
}

fn unreadable(file: &str, cause: &str) -> Problem {
    let quoted = crate::plan::shell_quoted(file);
    Problem::new(Code::UnitUnreadable)
        .with("path", file)
        .because(cause)
        .hint_command("move-away", format!("mv {quoted} {quoted}.broken"))
}

fn fact<T>(value: T, report: Option<&Report>) -> Fact<T> {
    Fact {
        value,
        source: report.map(|report| report.source.clone()).unwrap_or_default(),
        read_at: report.map_or(Timestamp::UNIX_EPOCH, |report| report.at),
    }
}

fn readable(file: &str, contents: &Contents, reports: &[Report]) -> Result<(Agent, Vec<Variable>), Problem> {
    let agent = plist::parse(&contents.bytes).map_err(|cause| unreadable(file, &cause))?;
    let env_file = wrapper::unwrapped(&agent.command).0.map(str::to_owned);
    let secrets = env_file.map_or(Ok(Vec::new()), |path| secrets(&path, reports))?;
    Ok((agent, secrets))
}

/// Everything the files alone say; `secrets` is what the environment file holds.
pub fn described(file: String, agent: &Agent, secrets: Vec<Variable>) -> Registration {
    let (_, command) = wrapper::unwrapped(&agent.command);
    let inline = agent.environment.iter().map(|(name, value)| environment::shown(name, value, "inline"));
    Registration {
        file,
        drop_ins: Vec::new(),
        autostart: Autostart::Unknown,
        origin: origin(agent, command),
        command: environment::mask_command(command),
        working_dir: agent.working_dir.clone(),
        environment: inline.chain(secrets).collect(),
        stale: false,
        lingers: None,
        flaws: Vec::new(),
        text: None,
    }
}

/// Whatever stands in the owner-only file is treated as a secret, whatever its name.
pub fn secret(name: &str, value: &str, file: &str) -> Variable {
    let shown = format!("{DOTS} ({})", environment::fingerprint(value));
    Variable { name: name.to_owned(), shown, secret: true, source: file.to_owned() }
}

fn secrets(path: &str, reports: &[Report]) -> Result<Vec<Variable>, Problem> {
    let variables = env_file_at(path, reports)?;
    Ok(variables.iter().map(|(name, value)| secret(name, value, path)).collect())
}

/// A missing file is empty here: the wrapper will refuse to start (exit 78), but the definition itself is still readable.
fn env_file_at(path: &str, reports: &[Report]) -> Result<BTreeMap<String, String>, Problem> {
    let wanted = Ask::File { path: path.to_owned() };
    let Some(contents) = contents(seen(reports, |ask| *ask == wanted), "environment file")? else {
        return Ok(BTreeMap::new());
    };
    wrapper::parse(&contents.text()).map_err(|cause| unreadable(path, &cause))
}

/// By the marks of the three generations (OC 6.2). Values are not compared: people edit them.
fn origin(agent: &Agent, command: &[String]) -> Origin {
    let marked = agent.environment.get("OPENCLAW_SERVICE_MARKER").is_some_and(|text| text == "openclaw");
    let through_wrapper = wrapper::unwrapped(&agent.command).0.is_some();
    let by_name = agent.label.starts_with("ai.openclaw.") && command.iter().any(|word| word == "gateway");
    if agent.ours {
        Origin::Gateward
    } else if !(marked || by_name) {
        Origin::Foreign
    } else if through_wrapper || agent.process_type.is_some() || agent.exit_timeout_s.is_some() {
        Origin::OpenclawN
    } else if agent.umask.is_some() || agent.throttle_s.is_some() {
        Origin::OpenclawA
    } else {
        Origin::OpenclawF
    }
}
