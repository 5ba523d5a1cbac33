//! Views are projections of [`GatewayState`]; they never remember. Words that two views must agree on are here.

use serde::{Deserialize, Serialize};

use crate::model::{Action, Autostart, GatewayState, Registered, Verdict};
use crate::words::Words;

pub mod credential;
pub mod diagnostics;
pub mod drain;
pub mod history;
pub mod incident;
pub mod logs;
pub mod notice;
pub mod plan;
pub mod release;
pub mod report;
pub mod self_test;
pub mod settings;
pub mod setup;
pub mod terminal;
pub mod text;
pub mod tray;
pub mod variables;
pub mod window;

/// How a state feels: icon, colour and shape. Never the only signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    Good,
    /// Something is under way.
    Working,
    /// At rest because someone wants it so.
    Idle,
    /// Works, or will, but wants a look.
    Attention,
    Problem,
    Unknown,
}

pub fn tone(state: &GatewayState) -> Tone {
    if state.busy.is_some() {
        return Tone::Working;
    }
    match state.verdict {
        Verdict::Ready if credential::pleads(state) => Tone::Attention,
        Verdict::Ready => Tone::Good,
        Verdict::Starting | Verdict::Stopping => Tone::Working,
        Verdict::NotInstalled | Verdict::Stopped | Verdict::Disabled => Tone::Idle,
        Verdict::Degraded | Verdict::External | Verdict::Unloaded | Verdict::TwoManagers => Tone::Attention,
        Verdict::Hung
        | Verdict::CrashLoop
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::Orphan
        | Verdict::ForeignOwner => Tone::Problem,
        Verdict::Unknown => Tone::Unknown,
    }
}

/// The one sentence that is the truth: first CLI line, notice title; without its age window heading and first line of the tray.
pub fn headline(state: &GatewayState, words: &Words) -> String {
    let since = state.observation.supervised.value.run().and_then(|run| run.since);
    let Some(since) = since.filter(|_| state.busy.is_none() && state.verdict == Verdict::Ready) else {
        return standing(state, words);
    };
    let age = state.observation.supervised.read_at.duration_since(since);
    words.say("verdict-ready-for", &[("for", &short_duration(age.as_secs(), words))])
}

/// The same without how long: for what costs something to draw anew each minute, and for what would stand still between two looks.
pub fn standing(state: &GatewayState, words: &Words) -> String {
    match &state.busy {
        Some(busy) => words.say(&format!("busy-{}", busy.action.verb()), &[]),
        None => words.say(&format!("verdict-{}", name(state.verdict)), &[]),
    }
}

/// A verdict's stable name.
pub fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotInstalled => "not-installed",
        Verdict::Stopped => "stopped",
        Verdict::Disabled => "disabled",
        Verdict::Starting => "starting",
        Verdict::Ready => "ready",
        Verdict::Degraded => "degraded",
        Verdict::Hung => "hung",
        Verdict::Stopping => "stopping",
        Verdict::CrashLoop => "crash-loop",
        Verdict::GaveUp => "gave-up",
        Verdict::ConfigError => "config-error",
        Verdict::Orphan => "orphan",
        Verdict::ForeignOwner => "foreign-owner",
        Verdict::TwoManagers => "two-managers",
        Verdict::Unloaded => "unloaded",
        Verdict::External => "external",
        Verdict::Unknown => "unknown",
    }
}

/// Seconds as a person says them, in the largest unit that is not zero: `45 s`, `3 min`, `5 h`, `12 d`.
pub fn short_duration(seconds: i64, words: &Words) -> String {
    let (key, amount) = match seconds.max(0) {
        s @ 0..60 => ("duration-seconds", s),
        s @ 60..3600 => ("duration-minutes", s / 60),
        s @ 3600..172_800 => ("duration-hours", s / 3600),
        s => ("duration-days", s / 86_400),
    };
    words.say(key, &[("n", &amount.to_string())])
}

/// Why an action cannot be asked for now: the catalogue's `why-not-<reason>`; `None` when it can.
pub fn why_not(state: &GatewayState, action: &Action) -> Option<&'static str> {
    if state.busy.is_some() {
        return Some("busy");
    }
    match action {
        Action::Install => installable(state.verdict),
        Action::Uninstall => registered_only(state.verdict),
        Action::Start => startable(state.verdict),
        Action::Stop => stoppable(state.verdict),
        Action::Disable => disableable(state),
        Action::Restart => restartable(state.verdict),
        Action::Repair { .. } => Some("no-repair"),
        Action::Alter { .. } | Action::TakeBack { .. } => registered_only(state.verdict),
    }
}

fn installable(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::External => Some("external"),
        Verdict::Unknown => Some("unknown"),
        Verdict::NotInstalled
        | Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Starting
        | Verdict::Ready
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::Stopping
        | Verdict::CrashLoop
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::Unloaded => None,
    }
}

fn registered_only(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::NotInstalled => Some("not-installed"),
        Verdict::External => Some("external"),
        Verdict::Unknown => Some("unknown"),
        Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Starting
        | Verdict::Ready
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::Stopping
        | Verdict::CrashLoop
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::Unloaded => None,
    }
}

fn startable(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Stopped | Verdict::Disabled | Verdict::GaveUp | Verdict::ConfigError | Verdict::Unloaded => {
            None
        }
        Verdict::Ready | Verdict::Degraded | Verdict::Hung | Verdict::Starting | Verdict::CrashLoop => {
            Some("running")
        }
        Verdict::Stopping => Some("stopping"),
        Verdict::NotInstalled => Some("not-installed"),
        Verdict::Orphan | Verdict::ForeignOwner | Verdict::TwoManagers => Some("port-taken"),
        Verdict::External => Some("external"),
        Verdict::Unknown => Some("unknown"),
    }
}

fn stoppable(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Ready
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::Starting
        | Verdict::CrashLoop
        | Verdict::ForeignOwner
        | Verdict::TwoManagers => None,
        Verdict::Stopping => Some("stopping"),
        Verdict::NotInstalled => Some("not-installed"),
        Verdict::Stopped | Verdict::Disabled | Verdict::GaveUp | Verdict::ConfigError | Verdict::Unloaded => {
            Some("stopped")
        }
        Verdict::Orphan => Some("not-ours"),
        Verdict::External => Some("external"),
        Verdict::Unknown => Some("unknown"),
    }
}

/// A service at rest can still be told to stay so.
fn disableable(state: &GatewayState) -> Option<&'static str> {
    match stoppable(state.verdict) {
        Some("stopped") if starts_by_itself(state) => None,
        reason => reason,
    }
}

/// Whether a stop and a stop that stays are two things here: the service would start at the next login or boot.
pub fn starts_by_itself(state: &GatewayState) -> bool {
    match &state.observation.registered.value {
        Registered::Present(found) => found.autostart == Autostart::On,
        Registered::Missing { .. } | Registered::Unknown { .. } => false,
    }
}

fn restartable(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Ready
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::Starting
        | Verdict::CrashLoop
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Unloaded => None,
        Verdict::Stopping => Some("stopping"),
        Verdict::NotInstalled => Some("not-installed"),
        Verdict::Orphan | Verdict::ForeignOwner | Verdict::TwoManagers => Some("port-taken"),
        Verdict::External => Some("external"),
        Verdict::Unknown => Some("unknown"),
    }
}
