//! What launchd's answer about a loaded job means.

use jiff::Timestamp;

use super::plist::Agent;
use super::print::{Ended, Job};
use crate::model::{Exit, ExitRecord, Run, SPAWN_FAILED, Supervised};
use crate::observe::seen;
use crate::problem::{Code, Problem};
use crate::system::{Ask, Report, Seen};

/// Whether launchd has the job in its domain, in whatever state.
pub fn is_loaded(supervised: &Supervised) -> bool {
    match supervised {
        Supervised::Running(_)
        | Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopping { .. }
        | Supervised::Stopped { .. }
        | Supervised::GaveUp { .. } => true,
        Supervised::Unloaded | Supervised::Absent | Supervised::Unknown { .. } => false,
    }
}

/// launchd runs what it read at bootstrap; kickstart does not read the file again.
pub fn is_older(job: &Job, agent: &Agent, file: &str) -> bool {
    let other_file = job.path.as_deref().is_some_and(|path| path.starts_with('/') && path != file);
    other_file || (!job.command.is_empty() && job.command != agent.command)
}

pub fn started(job: &Job, reports: &[Report]) -> Option<Timestamp> {
    let pid = job.pid?;
    let Some(Seen::Process(process)) = seen(reports, |ask| *ask == Ask::Process { pid }) else { return None };
    process.started
}

pub fn state(job: &Job, since: Option<Timestamp>) -> Supervised {
    let last_exit = last_exit(job);
    match (job.state.as_str(), job.pid) {
        ("SIGTERMed" | "SIGKILLed" | "languishing", pid) => Supervised::Stopping { pid, until: None },
        (_, Some(pid)) => Supervised::Running(Run { pid, since, restarts: restarts(job), last_exit }),
        ("running" | "spawning" | "xpcproxy", None) => Supervised::Starting,
        ("not running" | "exited" | "waiting" | "spawn scheduled", None) => at_rest(job, last_exit),
        (other, None) => Supervised::Unknown {
            why: Problem::new(Code::ToolAnswerUnreadable)
                .with("command", "launchctl print")
                .because(format!("state = {other}")),
        },
    }
}

/// A job with KeepAlive is never at rest by itself, unless launchd puts its start off without saying until when.
fn at_rest(job: &Job, last_exit: Option<ExitRecord>) -> Supervised {
    let scheduled = job.state == "spawn scheduled";
    if job.pended.is_some() || !(job.keep_alive || scheduled) {
        return Supervised::Stopped { last_exit };
    }
    if job.runs == Some(0) {
        Supervised::Starting
    } else {
        Supervised::Waiting { last_exit, restarts: restarts(job) }
    }
}

/// launchd counts all starts, those by hand too. Only after an end that nobody asked for do they tell of restarts.
fn restarts(job: &Job) -> u32 {
    let failed = match job.ended {
        Some(Ended::Code(code)) => !Exit::Code { code }.is_success(),
        // TERM and KILL are how `kickstart -k` and a logout end it.
        Some(Ended::Signal(signal)) => !matches!(signal, 1 | 2 | 9 | 15),
        None => false,
    };
    let counted = job.runs.unwrap_or(1).saturating_sub(1);
    job.crashes.unwrap_or(if failed { counted } else { 0 })
}

fn last_exit(job: &Job) -> Option<ExitRecord> {
    let exit = match job.ended? {
        Ended::Code(code) => Exit::Code { code },
        Ended::Signal(signal) => Exit::Signal { signal, core: false },
    };
    Some(ExitRecord { exit, at: None, pid: None, result: own_verdict(job) })
}

/// What launchd itself makes of the end. SIGTERM is how somebody asks for one, `kickstart -k` too; where that had to kill, the new
/// process runs because it was demanded.
fn own_verdict(job: &Job) -> Option<String> {
    match job.ended {
        _ if job.spawn_failed => Some(SPAWN_FAILED.to_owned()),
        Some(Ended::Signal(15)) => Some("success".to_owned()),
        Some(Ended::Signal(9)) if job.demanded => Some("success".to_owned()),
        Some(Ended::Code(_) | Ended::Signal(_)) | None => job.reason.clone(),
    }
}
