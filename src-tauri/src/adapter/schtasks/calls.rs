//! The calls to schtasks.exe, and to our own program for what Task Scheduler cannot do.

use std::time::Duration;

use crate::identity::Identity;
use crate::model::{Listener, RestartPolicy};
use crate::plan::{Call, Outcome, RESTART_LATER, Step, Tool};

/// A policy or a remote session can make schtasks wait for ever; OpenClaw gives it 15 to 30 s (OC 5.1).
const PATIENCE: Duration = Duration::from_secs(30);

/// What a host may need beyond its gateway's own deadline.
const MARGIN: Duration = Duration::from_secs(20);

/// How long a process that is told to end may take before it is killed; OpenClaw's own reserve on Windows.
const EVICTION: Duration = Duration::from_secs(30);

/// With `/HRESULT` the exit code says what failed, in no language; without it, it is 1 whatever happened.
fn schtasks(args: &[&str]) -> Call {
    Call::new(Tool::Schtasks, &[args, &["/HRESULT"]].concat(), PATIENCE)
}

/// The subcommand (`/Run`), or the empty text for another tool.
pub fn verb(call: &Call) -> &str {
    match call.tool {
        Tool::Schtasks => call.args.first().map(String::as_str).unwrap_or_default(),
        Tool::Systemctl
        | Tool::SystemdRun
        | Tool::Loginctl
        | Tool::Journalctl
        | Tool::Launchctl
        | Tool::Crontab
        | Tool::Sendmail
        | Tool::At(_) => "",
    }
}

/// The task a call is about.
pub fn task_of(call: &Call) -> Option<&str> {
    let at = call.args.iter().position(|word| word == "/TN")?;
    call.args.get(at + 1).map(String::as_str)
}

pub fn query(task: &str) -> Call {
    schtasks(&["/Query", "/TN", task])
}

pub fn create(task: &str, xml: &str) -> Step {
    Step::run(registration(task, xml))
}

pub fn registration(task: &str, xml: &str) -> Call {
    schtasks(&["/Create", "/TN", task, "/XML", xml, "/F"])
}

pub fn enable(task: &str) -> Step {
    Step::run(schtasks(&["/Change", "/TN", task, "/ENABLE"]))
}

pub fn disable(task: &str) -> Call {
    schtasks(&["/Change", "/TN", task, "/DISABLE"])
}

/// Puts another action into a task; everything else about it stays.
pub fn change_action(task: &str, line: &str) -> Call {
    schtasks(&["/Change", "/TN", task, "/TR", line])
}

pub fn start(task: &str) -> Call {
    schtasks(&["/Run", "/TN", task])
}

/// Ends what the task itself started, and only that: of a script it ends cmd.exe and leaves the gateway (upstream #52049).
pub fn end(task: &str) -> Step {
    Step::run_tolerating(schtasks(&["/End", "/TN", task]), &[Outcome::Already])
}

/// The same for one that may not run, or not even be there.
pub fn end_if_any(task: &str) -> Step {
    Step::run_tolerating(schtasks(&["/End", "/TN", task]), &[Outcome::Already, Outcome::UnknownService])
}

pub fn delete(task: &str) -> Call {
    schtasks(&["/Delete", "/TN", task, "/F"])
}

/// Our own `gateward run` for what is done to hosts.
pub fn host(program: &str, id: &Identity, options: &[&str], deadline: Duration) -> Call {
    let profile = id.profile.to_string();
    let words = [&["run", "--profile", &profile], options, &["--report"]].concat();
    Call::new(Tool::At(program.to_owned()), &words, deadline)
}

pub fn start_host(program: &str, id: &Identity) -> Call {
    host(program, id, &["--detach"], PATIENCE)
}

/// The deadline is the longest any host may take; the host itself keeps the service's own.
pub fn stop_host(program: &str, id: &Identity) -> Call {
    let longest = Duration::from_secs(RestartPolicy::default().stop_timeout_s.into());
    host(program, id, &["--stop"], longest + MARGIN)
}

/// Ends one process that is proven by pid, start and image, with what it started; nothing when it is gone or another one.
pub fn evict(program: &str, id: &Identity, owner: &Listener) -> Option<Call> {
    let (pid, since) = (owner.pid.to_string(), owner.since?.to_string());
    let options = ["--evict", &pid, "--since", &since, "--image", &owner.program];
    Some(host(program, id, &options, EVICTION + MARGIN))
}

/// Restarts the gateway when we are gone: a helper outside of the gateway's own process tree.
pub fn hand_off(program: &str, id: &Identity) -> Step {
    Step::run(host(program, id, &[RESTART_LATER], PATIENCE))
}
