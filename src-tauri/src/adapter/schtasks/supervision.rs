//! The second fact: what runs. A host of ours tells by its record, proven by process; of OpenClaw's scripts Task Scheduler's number
//! tells, and the process that listens as the script says.

use jiff::Timestamp;

use super::query::{self, Standing};
use super::read::{Found, Runner, not_told, port_of};
use super::script::Script;
use super::{Schtasks, answers, calls};
use crate::adapter::builtin;
use crate::identity::Identity;
use crate::model::{Exit, ExitRecord, Fact, Registered, Run, Supervised};
use crate::observe::{find, seen};
use crate::plan::{Answer, Outcome};
use crate::problem::{Code, Problem};
use crate::system::{Ask, ProcessSeen, Report, Seen};

/// [`ExitRecord::result`] of a task whose program is gone.
pub const PROGRAM_GONE: &str = "0x80070002";

impl Schtasks {
    pub(super) fn supervised(
        &self,
        id: &Identity,
        reports: &[Report],
        registered: &Registered,
    ) -> Fact<Supervised> {
        let hosted = builtin::read::supervised(&self.own, id, self.os, reports, registered);
        if is_live(&hosted.value) {
            return hosted;
        }
        let value = match (self.found(id, reports), self.runner(id, reports)) {
            (Found::Nothing, _) => Supervised::Absent,
            (Found::Unclear(why), _) => Supervised::Unknown { why },
            (Found::Task(_), Runner::Script(script, _)) => {
                scripted(self.standing(id, reports), &script, id, reports)
            }
            (Found::Startup(_), Runner::Script(script, _)) => by_process(&script, id, reports),
            (Found::Task(_), Runner::Host | Runner::Gone(_) | Runner::Stranger(_)) => {
                unhosted(self.standing(id, reports), hosted.value)
            }
            (Found::Startup(_), Runner::Host | Runner::Gone(_) | Runner::Stranger(_)) => hosted.value,
        };
        let report = find(reports, |ask| *ask == Ask::Task { name: id.task.clone() });
        Fact {
            value,
            source: report.map(|report| report.source.clone()).unwrap_or_default(),
            read_at: report.map_or(Timestamp::UNIX_EPOCH, |report| report.at),
        }
    }

    fn standing(&self, id: &Identity, reports: &[Report]) -> Standing {
        match seen(reports, |ask| *ask == Ask::Task { name: id.task.clone() }) {
            Some(Seen::Properties(properties)) => query::of_properties(properties).standing(),
            Some(Seen::Answered(answer)) => told(id, answer),
            Some(Seen::Missing) => Standing::AtRest { result: None },
            Some(Seen::Failed(why)) => Standing::Unknown(why.clone()),
            Some(_) | None => Standing::Unknown(Problem::new(Code::Internal).with("report", "task")),
        }
    }
}

fn told(id: &Identity, answer: &Answer) -> Standing {
    let call = calls::query(&id.task);
    match answers::classify(&call, answer) {
        Outcome::Done => query::of_report(&answer.stdout).standing(),
        Outcome::UnknownService
        | Outcome::Already
        | Outcome::StartLimited
        | Outcome::Busy
        | Outcome::ManagerUnreachable
        | Outcome::Denied
        | Outcome::TimedOut
        | Outcome::Failed => Standing::Unknown(not_told(&call, answer)),
    }
}

/// A host at work tells more than the task does; one whose life is unknown must not be overruled either.
fn is_live(hosted: &Supervised) -> bool {
    match hosted {
        Supervised::Running(_)
        | Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopping { .. }
        | Supervised::Unknown { .. } => true,
        Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent => false,
    }
}

/// No host is at work. One that has just been started is not in its record yet.
fn unhosted(standing: Standing, hosted: Supervised) -> Supervised {
    match (standing, hosted) {
        (Standing::Running | Standing::Queued, _) => Supervised::Starting,
        (Standing::AtRest { result: Some(query::FILE_NOT_FOUND) }, _) => {
            Supervised::Stopped { last_exit: last_exit(Some(query::FILE_NOT_FOUND)) }
        }
        (Standing::AtRest { .. } | Standing::Unknown(_), hosted) => hosted,
    }
}

fn scripted(standing: Standing, script: &Script, id: &Identity, reports: &[Report]) -> Supervised {
    match (standing, listener(script, id, reports)) {
        (Standing::Running | Standing::Unknown(_), Some(run)) => Supervised::Running(run),
        (Standing::Running | Standing::Queued, _) => Supervised::Starting,
        (Standing::AtRest { result }, _) => Supervised::Stopped { last_exit: last_exit(result) },
        (Standing::Unknown(why), None) => Supervised::Unknown { why },
    }
}

/// Nobody supervises what an item in the Startup folder started (OC 5.6).
fn by_process(script: &Script, id: &Identity, reports: &[Report]) -> Supervised {
    match listener(script, id, reports) {
        Some(run) => Supervised::Running(run),
        None => Supervised::Stopped { last_exit: None },
    }
}

/// The process that listens on the script's port and runs what the script names.
fn listener(script: &Script, id: &Identity, reports: &[Report]) -> Option<Run> {
    let port = port_of(script, id);
    let Some(Seen::Listeners(listeners)) = seen(reports, |ask| *ask == Ask::Port { port }) else {
        return None;
    };
    let process =
        listeners.iter().filter_map(|seen| seen.process.as_ref()).find(|process| runs(process, script))?;
    Some(Run { pid: process.pid, since: process.started, restarts: 0, last_exit: None })
}

fn runs(process: &ProcessSeen, script: &Script) -> bool {
    let same = |text: &str| text.to_lowercase().replace('\\', "/");
    let is_entry = |word: &&String| [".js", ".mjs", ".cjs", ".ts"].iter().any(|kind| word.ends_with(kind));
    let entry = script.command.iter().find(is_entry).or(script.command.first());
    entry.is_some_and(|entry| process.command.iter().any(|word| same(word) == same(entry)))
}

/// How the task's last run ended; nothing of one that never was, still is, or was ended by a person.
fn last_exit(result: Option<u32>) -> Option<ExitRecord> {
    let code = result.filter(|code| ![query::RUNNING, query::NEVER_RUN, query::TERMINATED].contains(code))?;
    let told = (code > 0xffff).then(|| format!("{code:#010x}"));
    Some(ExitRecord { exit: Exit::Code { code: code.cast_signed() }, at: None, pid: None, result: told })
}
