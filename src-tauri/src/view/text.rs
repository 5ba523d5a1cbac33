//! What a terminal shows of a state or a problem. Colour is never the only signal.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Tone, headline, name, short_duration, tone};
use crate::model::{Fact, GatewayState, Registered, Supervised, Verdict};
use crate::plan::shell_quoted;
use crate::problem::{Hint, Problem};
use crate::words::Words;

mod facts;

pub use facts::{exit, owner_named};

/// How and for whom a text is drawn.
pub struct Page<'a> {
    pub words: &'a Words,
    pub zone: TimeZone,
    pub now: Timestamp,
    pub colour: bool,
    /// Named in commands to paste; `None` for the default profile.
    pub profile: Option<String>,
}

/// Width of the column of labels.
const LABELS: usize = 12;

impl Page<'_> {
    /// One screen: the sentence that is the truth, the four facts with source and age, what follows from them, the next step.
    pub fn state(&self, state: &GatewayState) -> String {
        let mut lines = vec![self.heading(state), format!("  {}", self.why(state)), String::new()];
        let seen = &state.observation;
        lines.extend(self.fact("service", &seen.registered, facts::registered(self, &seen.registered.value)));
        lines.extend(self.fact("process", &seen.supervised, facts::supervised(self, &seen.supervised.value)));
        lines.extend(self.fact("port", &seen.port, facts::port(self, &seen.port.value)));
        lines.extend(self.fact("answers", &seen.answers, facts::answers(self, &seen.answers.value)));
        lines.extend(facts::last_exit(self, &seen.supervised.value).map(|text| self.row("last-exit", &text)));
        lines.extend(facts::logout(self, state).map(|text| self.row("logout", &text)));
        lines.extend(self.advice(state));
        lines.join("\n") + "\n"
    }

    /// One line for `watch`.
    pub fn line(&self, state: &GatewayState) -> String {
        let time = self.time(state.observation.supervised.read_at);
        format!("{time}  {} {}", self.mark(state), headline(state, self.words))
    }

    fn heading(&self, state: &GatewayState) -> String {
        let profile = match state.profile.as_str() {
            "default" => String::new(),
            name => format!("  ({})", self.words.say("text-profile", &[("name", name)])),
        };
        format!("{} {}{profile}", self.mark(state), self.bold(&headline(state, self.words)))
    }

    fn why(&self, state: &GatewayState) -> String {
        self.words.say(&format!("verdict-why-{}", name(state.verdict)), &[])
    }

    /// Two rows: the value, and below it, paler, where it was read and when.
    fn fact<T>(&self, label: &str, fact: &Fact<T>, value: String) -> Vec<String> {
        let age = self.now.duration_since(fact.read_at).as_secs();
        let age = match age {
            ..2 => self.words.say("text-now", &[]),
            age => self.words.say("text-ago", &[("age", &short_duration(age, self.words))]),
        };
        let origin = self.words.say("text-source", &[("source", &fact.source), ("age", &age)]);
        let mut rows = vec![self.row(label, &value)];
        if !fact.source.is_empty() {
            rows.push(format!("  {:LABELS$}{}", "", self.pale(&origin)));
        }
        rows
    }

    fn row(&self, label: &str, value: &str) -> String {
        let label = self.words.say(&format!("text-label-{label}"), &[]);
        format!("  {label:LABELS$}{value}")
    }

    /// What the facts could not tell, and what to do next.
    fn advice(&self, state: &GatewayState) -> Vec<String> {
        let unknown = unanswered(state).map(|why| self.problem(why));
        let next = next_step(state.verdict).map(|(key, command)| {
            let sentence = self.words.say(&format!("hint-{key}"), &[]);
            self.hint_lines(&sentence, command)
        });
        let mut lines: Vec<String> =
            unknown.into_iter().chain(next).flat_map(|text| [String::new(), text]).collect();
        lines.dedup();
        lines
    }

    /// What happened, why, and what to do: at most a line each, and the command to paste on a line of its own.
    pub fn problem(&self, problem: &Problem) -> String {
        let cause = problem.cause.iter().map(|cause| self.words.say("text-cause", &[("cause", cause)]));
        let hints = problem.hints.iter().map(|hint| self.hint(hint));
        let sentence = self.words.problem(problem);
        [sentence].into_iter().chain(cause).chain(hints).collect::<Vec<_>>().join("\n")
    }

    pub fn hint(&self, hint: &Hint) -> String {
        self.hint_lines(&self.words.hint(hint), hint.command.as_deref().unwrap_or_default())
    }

    fn hint_lines(&self, sentence: &str, command: &str) -> String {
        let line = self.words.say("text-hint", &[("hint", sentence)]);
        match command {
            "" => line,
            command => format!("{line}\n    {}", self.paste(command)),
        }
    }

    /// A command that hits the same profile when it is pasted (OC 8.3).
    pub fn paste(&self, command: &str) -> String {
        for_profile(command, self.profile.as_deref())
    }

    /// Local date and time, to the second.
    pub fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn mark(&self, state: &GatewayState) -> String {
        let (mark, colour) = match tone(state) {
            Tone::Good => ("●", "32"),
            Tone::Working => ("◐", "36"),
            Tone::Idle => ("○", "37"),
            Tone::Attention => ("▲", "33"),
            Tone::Problem => ("✖", "31"),
            Tone::Unknown => ("?", "35"),
        };
        self.painted(mark, colour)
    }

    fn bold(&self, text: &str) -> String {
        self.painted(text, "1")
    }

    fn pale(&self, text: &str) -> String {
        self.painted(text, "2")
    }

    fn painted(&self, text: &str, style: &str) -> String {
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Puts `--profile` behind the program name of `gateward` and `openclaw` commands that do not have it.
pub fn for_profile(command: &str, profile: Option<&str>) -> String {
    let Some(profile) = profile.filter(|_| !command.contains("--profile")) else { return command.to_owned() };
    match command.split_once(' ') {
        Some((program @ ("gateward" | "openclaw"), rest)) => {
            format!("{program} --profile {} {rest}", shell_quoted(profile))
        }
        Some(_) | None => command.to_owned(),
    }
}

/// Why the manager could not be asked, which says more than the verdict's own advice.
fn unanswered(state: &GatewayState) -> Option<&Problem> {
    match (&state.observation.supervised.value, &state.observation.registered.value) {
        (Supervised::Unknown { why }, _) => Some(why),
        (_, Registered::Unknown { why, .. }) => Some(why),
        (_, Registered::Missing { .. } | Registered::Present(_)) => None,
    }
}

/// The hint's code and the command that most likely helps.
fn next_step(verdict: Verdict) -> Option<(&'static str, &'static str)> {
    match verdict {
        Verdict::NotInstalled => Some(("install-service", "gateward install")),
        Verdict::Stopped | Verdict::Disabled | Verdict::Unloaded => Some(("start-service", "gateward start")),
        Verdict::Starting | Verdict::Stopping => Some(("watch-state", "gateward watch")),
        Verdict::Ready => None,
        Verdict::Degraded | Verdict::CrashLoop | Verdict::GaveUp => Some(("see-logs", "gateward logs")),
        Verdict::Hung => Some(("restart-service", "gateward restart")),
        Verdict::ConfigError => Some(("openclaw-doctor", "openclaw doctor")),
        Verdict::Orphan | Verdict::ForeignOwner | Verdict::TwoManagers => {
            Some(("install-other-port", "gateward install --force --port PORT"))
        }
        Verdict::External | Verdict::Unknown => None,
    }
}

#[cfg(test)]
mod tests;
