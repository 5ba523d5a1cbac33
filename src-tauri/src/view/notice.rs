//! What the desktop shows because of an incident.

use crate::explanations;
use crate::incidents;
use crate::model::{Action, Exit, GatewayState, Incident, IncidentKind, Page, Request, Supervised};
use crate::view::incident::{cause_words, exit_words, fix_words, incident_sentence};
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
            | IncidentKind::PortTaken
            | IncidentKind::ConfigChanged
            | IncidentKind::DefinitionChanged
            | IncidentKind::VersionChanged
            | IncidentKind::Slept
            | IncidentKind::CredentialEnding
            | IncidentKind::CredentialOver
            | IncidentKind::CredentialRenewed
            | IncidentKind::ClockJumped
            | IncidentKind::KilledAtDeadline => incidents::trouble_key(&incident.profile),
        },
        title: title(kind, &incident.profile, words),
        body: body(incident, state, words),
        buttons: buttons(kind, words),
        urgent: is_urgent(incident.kind, is_loop(incident, state)),
    }
}

fn notice_kind(kind: IncidentKind, looping: bool) -> NoticeKind {
    match kind {
        IncidentKind::Crash if looping => NoticeKind::Loop,
        IncidentKind::Crash => NoticeKind::Crash,
        IncidentKind::GaveUp => NoticeKind::GaveUp,
        IncidentKind::ConfigError => NoticeKind::ConfigError,
        IncidentKind::Hung => NoticeKind::Hung,
        IncidentKind::PortTaken => NoticeKind::PortTaken,
        IncidentKind::Recovered => NoticeKind::Recovered,
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped
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
    let say = |key: &str| Some(words.say(key, &[]));
    let sentences = match incident.kind {
        IncidentKind::Crash => {
            let looping = is_loop(incident, state).then(|| loop_words(state, incident, words)).flatten();
            vec![looping, Some(ended(incident, words)), cause(incident, words), next(incident, state, words)]
        }
        IncidentKind::GaveUp => {
            vec![Some(ended(incident, words)), cause(incident, words), say("notice-body-gave-up")]
        }
        IncidentKind::ConfigError => {
            vec![Some(ended(incident, words)), cause(incident, words), say("notice-body-config-error")]
        }
        IncidentKind::Hung => vec![say("notice-body-hung")],
        IncidentKind::Recovered => vec![say("notice-body-recovered")],
        IncidentKind::PortTaken => vec![taken(incident, words), say("notice-body-port-taken")],
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped
        | IncidentKind::KilledAtDeadline => vec![Some(incident_sentence(incident, words))],
    };
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The reason its own words name, and what helps. How it ended is said before, and explains nothing twice.
fn cause(incident: &Incident, words: &Words) -> Option<String> {
    let found = explanations::explain(&incident.last_words, incident.exit)?;
    let by_exit = incident.exit.and_then(explanations::of_exit);
    (by_exit.as_ref() != Some(&found)).then(|| {
        let (cause, fix) = (cause_words(&found, words), fix_words(&found, words));
        words.say("cause-and-fix", &[("cause", &cause), ("fix", &fix)])
    })
}

fn taken(incident: &Incident, words: &Words) -> Option<String> {
    let owner = incident.detail.as_deref()?;
    Some(words.say("notice-body-taken-by", &[("owner", owner)]))
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
        NoticeKind::PortTaken | NoticeKind::Credential | NoticeKind::Recovered | NoticeKind::Other => {
            vec![logs]
        }
    }
}

fn is_urgent(kind: IncidentKind, looping: bool) -> bool {
    match kind {
        IncidentKind::Crash => looping,
        IncidentKind::GaveUp | IncidentKind::ConfigError | IncidentKind::Hung | IncidentKind::PortTaken => {
            true
        }
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped
        | IncidentKind::KilledAtDeadline => false,
    }
}

#[cfg(test)]
mod tests;
