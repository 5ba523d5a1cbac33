//! One fact as a clause.

use super::Page;
use crate::model::{
    Answers, Autostart, Belongs, Exit, ExitRecord, GatewayState, Listener, Manager, Origin, PortUse,
    Registered, Registration, Run, Supervised,
};
use crate::view::short_duration;

pub fn registered(page: &Page<'_>, fact: &Registered) -> String {
    match fact {
        Registered::Missing { .. } => page.words.say("text-registered-missing", &[]),
        Registered::Present(registration) => present(page, registration),
        Registered::Unknown { why, .. } => page.words.problem(why),
    }
}

fn present(page: &Page<'_>, registration: &Registration) -> String {
    let say = |key: &str| page.words.say(key, &[]);
    let mut clauses = vec![say(match registration.autostart {
        Autostart::On => "text-registered-on",
        Autostart::Off => "text-registered-off",
        Autostart::Blocked => "text-registered-blocked",
        Autostart::Unknown => "text-registered-unclear",
    })];
    match registration.origin {
        Origin::Gateward => {}
        Origin::OpenclawF | Origin::OpenclawA | Origin::OpenclawN => {
            clauses.push(say("text-written-by-openclaw"))
        }
        Origin::Foreign => clauses.push(say("text-written-by-other")),
    }
    if !registration.drop_ins.is_empty() {
        let count = registration.drop_ins.len().to_string();
        clauses.push(page.words.say("text-drop-ins", &[("n", &count)]));
    }
    if registration.stale {
        clauses.push(say("text-stale"));
    }
    clauses.join(", ")
}

pub fn supervised(page: &Page<'_>, fact: &Supervised) -> String {
    let say = |key: &str, values: &[(&str, &str)]| page.words.say(key, values);
    match fact {
        Supervised::Running(run) => running(page, run),
        Supervised::Starting => say("text-process-starting", &[]),
        Supervised::Waiting { restarts, .. } => {
            say("text-process-waiting", &[("restarts", &restarts.to_string())])
        }
        Supervised::Stopping { pid: Some(pid) } => {
            say("text-process-stopping-pid", &[("pid", &pid.to_string())])
        }
        Supervised::Stopping { pid: None } => say("text-process-stopping", &[]),
        Supervised::Stopped { .. } => say("text-process-stopped", &[]),
        Supervised::GaveUp { restarts, .. } => {
            say("text-process-gave-up", &[("restarts", &restarts.to_string())])
        }
        Supervised::Unloaded => say("text-process-unloaded", &[]),
        Supervised::Absent => say("text-process-absent", &[]),
        Supervised::Unknown { why } => page.words.problem(why),
    }
}

fn running(page: &Page<'_>, run: &Run) -> String {
    let mut clauses = vec![page.words.say("text-process-running", &[("pid", &run.pid.to_string())])];
    if let Some(since) = run.since {
        let age = short_duration(page.now.duration_since(since).as_secs(), page.words);
        clauses.push(page.words.say("text-since", &[("time", &page.time(since)), ("age", &age)]));
    }
    if run.restarts > 0 {
        clauses.push(page.words.say("text-restarts", &[("n", &run.restarts.to_string())]));
    }
    clauses.join(", ")
}

pub fn port(page: &Page<'_>, fact: &PortUse) -> String {
    match fact {
        PortUse::Free { port } => page.words.say("text-port-free", &[("port", &port.to_string())]),
        PortUse::Owned { port, owner } => {
            let key = match owner.belongs {
                Belongs::Service => "text-port-service",
                Belongs::Gateway => "text-port-gateway",
                Belongs::Stranger => "text-port-stranger",
            };
            page.words.say(key, &[("port", &port.to_string()), ("owner", &owner_named(page, owner))])
        }
        PortUse::Hidden { port } => page.words.say("text-port-hidden", &[("port", &port.to_string())]),
        PortUse::Unknown { port, why } => page
            .words
            .say("text-port-unknown", &[("port", &port.to_string()), ("why", &page.words.problem(why))]),
    }
}

/// `node (pid 7, user anna), started by x.service`.
pub fn owner_named(page: &Page<'_>, owner: &Listener) -> String {
    let pid = owner.pid.to_string();
    let named =
        page.words.say("text-owner", &[("program", &owner.program), ("pid", &pid), ("user", &owner.user)]);
    match &owner.started_by {
        Some(unit) if owner.belongs != Belongs::Service => {
            page.words.say("text-owner-started-by", &[("owner", &named), ("unit", unit)])
        }
        Some(_) | None => named,
    }
}

pub fn answers(page: &Page<'_>, fact: &Answers) -> String {
    let say = |key: &str, values: &[(&str, &str)]| page.words.say(key, values);
    match fact {
        Answers::Ready { version: Some(version), latency_ms } => {
            say("text-answers-ready-version", &[("ms", &latency_ms.to_string()), ("version", version)])
        }
        Answers::Ready { version: None, latency_ms } => {
            say("text-answers-ready", &[("ms", &latency_ms.to_string())])
        }
        Answers::Live { failing, .. } if failing.is_empty() => say("text-answers-live", &[]),
        Answers::Live { failing, .. } => say("text-answers-failing", &[("failing", &failing.join(", "))]),
        Answers::Silent { waited_ms } => {
            say("text-answers-silent", &[("seconds", &waited_ms.div_ceil(1000).to_string())])
        }
        Answers::Refused => say("text-answers-refused", &[]),
        Answers::NotGateway { saw } => say("text-answers-other", &[("saw", saw)]),
        Answers::Unknown { why } => page.words.problem(why),
    }
}

/// How the last run ended, where the manager still knows.
pub fn last_exit(page: &Page<'_>, fact: &Supervised) -> Option<String> {
    let record = match fact {
        Supervised::Running(run) => run.last_exit.as_ref(),
        Supervised::Waiting { last_exit, .. }
        | Supervised::Stopped { last_exit }
        | Supervised::GaveUp { last_exit, .. } => last_exit.as_ref(),
        Supervised::Starting
        | Supervised::Stopping { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => None,
    }?;
    Some(exit_record(page, record))
}

fn exit_record(page: &Page<'_>, record: &ExitRecord) -> String {
    let how = exit(page, record.exit);
    match record.at {
        Some(at) => page.words.say("text-exit-at", &[("how", &how), ("time", &page.time(at))]),
        None => how,
    }
}

/// `code 1`, `signal 9 (SIGKILL)`.
pub fn exit(page: &Page<'_>, exit: Exit) -> String {
    match exit {
        Exit::Code { code } => page.words.say("text-exit-code", &[("code", &code.to_string())]),
        Exit::Signal { signal, core } => {
            let key = if core { "text-exit-core" } else { "text-exit-signal" };
            page.words.say(key, &[("signal", &signal.to_string()), ("name", signal_name(signal))])
        }
    }
}

/// Linux's numbers; macOS agrees on all that end a gateway in practice.
fn signal_name(signal: i32) -> &'static str {
    match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => "?",
    }
}

/// What a logout does to the service, where the manager makes a difference.
pub fn logout(page: &Page<'_>, state: &GatewayState) -> Option<String> {
    let Registered::Present(registration) = &state.observation.registered.value else { return None };
    match (state.manager, registration.lingers) {
        (Manager::Systemd, Some(true)) => Some(page.words.say("text-lingers", &[])),
        (Manager::Systemd, Some(false)) => Some(page.words.say("text-lingers-not", &[])),
        (Manager::Systemd, None) | (Manager::Launchd | Manager::Schtasks | Manager::Builtin, _) => None,
    }
}
