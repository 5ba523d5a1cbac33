//! Words about incidents: one sentence for lists, a notice for the desktop and the window.

use crate::incidents;
use crate::model::{Action, By, Exit, GatewayState, Incident, IncidentKind, Page, Request, Supervised};
use crate::view::short_duration;
use crate::words::Words;

pub use crate::model::{Button, Notice, NoticeKind};

/// What to show a person because of `incident`, in `state`.
pub fn notice(incident: &Incident, state: &GatewayState, words: &Words) -> Notice {
    let kind = notice_kind(incident.kind, is_loop(incident, state));
    Notice {
        kind,
        key: match incident.kind {
            IncidentKind::Recovered => format!("{}/recovered", incident.profile),
            IncidentKind::Started
            | IncidentKind::Stopped
            | IncidentKind::Restarted
            | IncidentKind::Crash
            | IncidentKind::GaveUp
            | IncidentKind::ConfigError
            | IncidentKind::Hung
            | IncidentKind::Installed
            | IncidentKind::Uninstalled
            | IncidentKind::SignalIgnored
            | IncidentKind::KilledAtDeadline => incidents::trouble_key(&incident.profile),
        },
        title: title(kind, &incident.profile, words),
        body: body(incident, state, words),
        buttons: buttons(kind, words),
        urgent: is_urgent(incident.kind, is_loop(incident, state)),
    }
}

/// One incident as one sentence, without a full stop: `Crashed: killed by signal 9 (SIGKILL), after 3 h`.
pub fn incident_sentence(incident: &Incident, words: &Words) -> String {
    let kind = kind_name(incident.kind);
    let by = match incident.by {
        By::Itself => String::new(),
        By::Gateward => "-gateward".to_owned(),
        By::Outside => "-outside".to_owned(),
    };
    let sentence = match (incident.exit, tells_exit(incident.kind)) {
        (Some(exit), true) => {
            words.say(&format!("incident-{kind}-how"), &[("how", &exit_words(exit, words))])
        }
        (Some(_) | None, _) => words
            .find(&format!("incident-{kind}{by}"), &[])
            .unwrap_or_else(|| words.say(&format!("incident-{kind}"), &[])),
    };
    match incident.uptime_s.and_then(|seconds| i64::try_from(seconds).ok()) {
        Some(seconds) => {
            words.say("incident-after", &[("sentence", &sentence), ("for", &short_duration(seconds, words))])
        }
        None => sentence,
    }
}

/// How a process ended: `killed by signal 9 (SIGKILL)`, `exit code 78 (configuration error: …)`.
pub fn exit_words(exit: Exit, words: &Words) -> String {
    match exit {
        Exit::Code { code } => match words.find(&format!("exit-meaning-{code}"), &[]) {
            Some(meaning) => {
                words.say("exit-code-meaning", &[("code", &code.to_string()), ("meaning", &meaning)])
            }
            None => words.say("exit-code", &[("code", &code.to_string())]),
        },
        Exit::Signal { signal, core } => {
            let name = signal_name(signal);
            let named = if name.is_some() { "-named" } else { "" };
            let dumped = if core { "-core" } else { "" };
            let values = [("signal", &*signal.to_string()), ("name", name.unwrap_or_default())];
            words.say(&format!("exit-signal{named}{dumped}"), &values)
        }
    }
}

/// Names of the signals that bear the same number on Linux and macOS.
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        _ => return None,
    })
}

fn kind_name(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::Started => "started",
        IncidentKind::Stopped => "stopped",
        IncidentKind::Restarted => "restarted",
        IncidentKind::Crash => "crash",
        IncidentKind::GaveUp => "gave-up",
        IncidentKind::ConfigError => "config-error",
        IncidentKind::Hung => "hung",
        IncidentKind::Recovered => "recovered",
        IncidentKind::Installed => "installed",
        IncidentKind::Uninstalled => "uninstalled",
        IncidentKind::SignalIgnored => "signal-ignored",
        IncidentKind::KilledAtDeadline => "killed-at-deadline",
    }
}

fn tells_exit(kind: IncidentKind) -> bool {
    match kind {
        IncidentKind::Crash | IncidentKind::GaveUp | IncidentKind::ConfigError => true,
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Hung
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::KilledAtDeadline => false,
    }
}

fn notice_kind(kind: IncidentKind, looping: bool) -> NoticeKind {
    match kind {
        IncidentKind::Crash if looping => NoticeKind::Loop,
        IncidentKind::Crash => NoticeKind::Crash,
        IncidentKind::GaveUp => NoticeKind::GaveUp,
        IncidentKind::ConfigError => NoticeKind::ConfigError,
        IncidentKind::Hung => NoticeKind::Hung,
        IncidentKind::Recovered => NoticeKind::Recovered,
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::KilledAtDeadline => NoticeKind::Other,
    }
}

fn title(kind: NoticeKind, profile: &str, words: &Words) -> String {
    let topic = kind.name();
    match profile {
        "default" => words.say(&format!("notice-{topic}"), &[]),
        named => words.say(&format!("notice-{topic}-named"), &[("profile", named)]),
    }
}

fn body(incident: &Incident, state: &GatewayState, words: &Words) -> String {
    let plain = |key: &str| Some(words.say(key, &[]));
    let sentences = match incident.kind {
        IncidentKind::Crash if is_loop(incident, state) => {
            [loop_words(state, incident, words), Some(ended(incident, words)), next(incident, state, words)]
        }
        IncidentKind::Crash => [Some(ended(incident, words)), next(incident, state, words), None],
        IncidentKind::GaveUp => [Some(ended(incident, words)), plain("notice-body-gave-up"), None],
        IncidentKind::ConfigError => [Some(ended(incident, words)), plain("notice-body-config-error"), None],
        IncidentKind::Hung => [plain("notice-body-hung"), None, None],
        IncidentKind::Recovered => [plain("notice-body-recovered"), None, None],
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::KilledAtDeadline => [Some(incident_sentence(incident, words)), None, None],
    };
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn ended(incident: &Incident, words: &Words) -> String {
    let Some(exit) = incident.exit else { return words.say("notice-body-unknown-exit", &[]) };
    let how = exit_words(exit, words);
    let key = match exit {
        Exit::Signal { .. } => "notice-body-how",
        Exit::Code { .. } => "notice-body-exit",
    };
    match incident.uptime_s.and_then(|seconds| i64::try_from(seconds).ok()) {
        Some(seconds) => {
            words.say(&format!("{key}-after"), &[("how", &how), ("for", &short_duration(seconds, words))])
        }
        None => words.say(key, &[("how", &how)]),
    }
}

fn loop_words(state: &GatewayState, incident: &Incident, words: &Words) -> Option<String> {
    let crashes = incidents::recent_crashes(&state.incidents, incident.at);
    (crashes > 1).then(|| words.say("notice-body-loop", &[("n", &crashes.to_string())]))
}

/// Whether it comes back; nothing where that is open.
fn next(incident: &Incident, state: &GatewayState, words: &Words) -> Option<String> {
    let key = match &state.observation.supervised.value {
        Supervised::Waiting { .. } | Supervised::Starting => "notice-next-waiting",
        Supervised::Running(run) if Some(run.pid) != incident.pid => "notice-next-running",
        Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent => "notice-next-down",
        Supervised::Running(_) | Supervised::Stopping { .. } | Supervised::Unknown { .. } => return None,
    };
    Some(words.say(key, &[]))
}

fn is_loop(incident: &Incident, state: &GatewayState) -> bool {
    incidents::is_loop(&state.incidents, state.verdict, incident.at)
}

fn buttons(kind: NoticeKind, words: &Words) -> Vec<Button> {
    let act = |key: &str, action| Button { label: words.say(key, &[]), request: Request::Act { action } };
    let logs =
        Button { label: words.say("notice-button-logs", &[]), request: Request::Open { page: Page::Logs } };
    match kind {
        NoticeKind::Crash | NoticeKind::Hung => vec![act("notice-button-restart", Action::Restart), logs],
        NoticeKind::Loop => vec![act("notice-button-stop-loop", Action::Stop), logs],
        NoticeKind::GaveUp => vec![act("notice-button-start", Action::Start), logs],
        NoticeKind::ConfigError => vec![logs, act("notice-button-start", Action::Start)],
        NoticeKind::Credential | NoticeKind::Recovered | NoticeKind::Other => vec![logs],
    }
}

fn is_urgent(kind: IncidentKind, looping: bool) -> bool {
    match kind {
        IncidentKind::Crash => looping,
        IncidentKind::GaveUp | IncidentKind::ConfigError | IncidentKind::Hung => true,
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::KilledAtDeadline => false,
    }
}

#[cfg(test)]
mod tests;
