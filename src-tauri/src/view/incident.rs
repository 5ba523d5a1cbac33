//! Words about incidents that every view shares.

use crate::explanations::Explanation;
use crate::model::{By, Exit, Incident, IncidentKind};
use crate::view::short_duration;
use crate::words::Words;

/// One incident as one sentence, without a full stop: `Crashed: killed by signal 9 (SIGKILL), after 3 h`.
pub fn incident_sentence(incident: &Incident, words: &Words) -> String {
    let kind = kind_name(incident.kind);
    let length = incident.uptime_s.and_then(|seconds| i64::try_from(seconds).ok());
    let length = length.map(|seconds| short_duration(seconds, words));
    match (incident.kind == IncidentKind::Slept, length) {
        (true, Some(length)) => words.say("incident-slept-for", &[("for", &length)]),
        (false, Some(length)) => words
            .say("incident-after", &[("sentence", &what_happened(incident, kind, words)), ("for", &length)]),
        (_, None) => what_happened(incident, kind, words),
    }
}

/// The most telling of the catalogue's sentences: by whom, how it ended, what exactly, or just what.
fn what_happened(incident: &Incident, kind: &str, words: &Words) -> String {
    let by = words.find(&format!("incident-{kind}{}", by_suffix(incident.by)), &[]);
    let by = by.filter(|_| incident.by != By::Itself);
    let how = || {
        let exit = incident.exit.filter(|_| tells_exit(incident.kind))?;
        words.find(&format!("incident-{kind}-how"), &[("how", &exit_words(exit, words))])
    };
    let detail =
        || words.find(&format!("incident-{kind}-detail"), &[("detail", incident.detail.as_deref()?)]);
    let is_unseen =
        (incident.kind, incident.by, incident.exit) == (IncidentKind::Restarted, By::Itself, None);
    let unseen = || is_unseen.then(|| words.say("incident-restarted-unseen", &[]));
    by.or_else(how)
        .or_else(detail)
        .or_else(unseen)
        .unwrap_or_else(|| words.say(&format!("incident-{kind}"), &[]))
}

fn by_suffix(by: By) -> &'static str {
    match by {
        By::Itself => "",
        By::Gateward => "-gateward",
        By::Outside => "-outside",
        By::Openclaw => "-openclaw",
        By::Systemctl => "-systemctl",
        By::OomKiller => "-oom-killer",
        By::Logout => "-logout",
        By::Shutdown => "-shutdown",
    }
}

/// What its last words or its exit say of the reason, as a sentence without a full stop: `Its port is taken by another program`.
pub fn cause_words(found: &Explanation, words: &Words) -> String {
    let id = found.known.id;
    let exact = || words.find(&format!("cause-{id}-what"), &[("what", found.what.as_deref()?)]);
    exact().unwrap_or_else(|| words.say(&format!("cause-{id}"), &[]))
}

pub fn fix_words(found: &Explanation, words: &Words) -> String {
    words.say(&format!("fix-{}", found.known.id), &[])
}

/// What changed shortly before `incident`, newest first, as one sentence; `None` where nothing did or nobody asks.
pub fn changed_before(incident: &Incident, all: &[Incident], words: &Words) -> Option<String> {
    let changes = crate::incidents::changes_before(incident, all);
    let told: Vec<String> = changes
        .into_iter()
        .map(|change| {
            let ago = short_duration(incident.at.duration_since(change.at).as_secs(), words);
            words.say("incident-before", &[("what", &incident_sentence(change, words)), ("ago", &ago)])
        })
        .collect();
    (!told.is_empty()).then(|| words.say("incident-changed-before", &[("changes", &told.join(", "))]))
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
        IncidentKind::PortTaken => "port-taken",
        IncidentKind::ConfigChanged => "config-changed",
        IncidentKind::DefinitionChanged => "definition-changed",
        IncidentKind::VersionChanged => "version-changed",
        IncidentKind::Slept => "slept",
        IncidentKind::ClockJumped => "clock-jumped",
        IncidentKind::CredentialEnding => "credential-ending",
        IncidentKind::CredentialOver => "credential-over",
        IncidentKind::CredentialRenewed => "credential-renewed",
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
        | IncidentKind::KilledAtDeadline
        | IncidentKind::PortTaken
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped => false,
    }
}
