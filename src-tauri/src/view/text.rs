//! What a terminal shows of a state or a problem. Colour is never the only signal.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

mod credentials;
mod diagnostics;

use super::incident::incident_sentence;
use super::window::{Background, FactView, ProspectView, RemarkView, background, window};
use super::{Tone, headline, short_duration, tone};
use crate::model::{GatewayState, Incident, Listener, Registered, Supervised, Verdict};
use crate::plan::shell_quoted;
use crate::problem::{Hint, Problem};
use crate::words::Words;

/// How and for whom a text is drawn.
pub struct Page<'a> {
    pub words: &'a Words,
    pub zone: TimeZone,
    pub now: Timestamp,
    pub colour: bool,
    /// Named in commands to paste; `None` for the default profile.
    pub profile: Option<String>,
}

/// Columns of the terminal that labels take.
const LABELS: usize = 12;

/// The text in at least so many columns of a terminal.
fn padded(text: &str, columns: usize) -> String {
    text.to_owned() + &" ".repeat(columns.saturating_sub(text.width()))
}

impl Page<'_> {
    /// One screen: the sentence that is the truth, the four facts with source and age, what follows from them, the next step.
    pub fn state(&self, state: &GatewayState) -> String {
        let view = window(state, self.words);
        let mut lines = vec![self.heading(state), format!("  {}", view.why)];
        // Nobody fears for a gateway that is well.
        lines.extend((state.verdict != Verdict::Ready).then(|| format!("  {}", view.wont)));
        lines.push(String::new());
        lines.extend(view.facts.iter().flat_map(|fact| self.fact(fact)));
        lines.extend(self.prospects(&view.prospects));
        lines.extend(view.remarks.iter().flat_map(|remark| self.remark(remark)));
        lines.extend(self.recently(&state.incidents));
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

    /// The value, its details, and below them, paler, where it was read and when.
    fn fact(&self, fact: &FactView) -> Vec<String> {
        let age = match self.now.duration_since(fact.read_at).as_secs() {
            ..2 => self.words.say("text-now", &[]),
            age => self.words.say("text-ago", &[("age", &short_duration(age, self.words))]),
        };
        let origin = self.words.say("text-source", &[("source", &fact.source), ("age", &age)]);
        let origin = (!fact.source.is_empty()).then(|| self.row("", &self.pale(&origin)));
        let details = fact.details.iter().map(|detail| self.row("", detail));
        [self.row(&fact.title, &fact.value)].into_iter().chain(details).chain(origin).collect()
    }

    fn row(&self, label: &str, value: &str) -> String {
        format!("  {}{value}", padded(label, LABELS))
    }

    /// What will happen by itself, and paler how that is known.
    fn prospects(&self, prospects: &[ProspectView]) -> Vec<String> {
        let label = self.words.say("text-label-prospects", &[]);
        let labels = [label.as_str()].into_iter().chain(std::iter::repeat(""));
        let line = |(prospect, label): (&ProspectView, &str)| {
            let ProspectView { occasion, becomes, because } = prospect;
            let values = [("occasion", &**occasion), ("becomes", becomes)];
            let ground = self.words.say("text-because", &[("ground", because)]);
            self.row(label, &format!("{} {}", self.words.say("text-prospect", &values), self.pale(&ground)))
        };
        prospects.iter().zip(labels).map(line).collect()
    }

    fn remark(&self, remark: &RemarkView) -> [String; 2] {
        let label = self.words.say("text-label-remark", &[]);
        let command = self.words.say("text-try", &[("command", &self.paste(&remark.command))]);
        [self.row(&label, &remark.sentence), self.row("", &command)]
    }

    /// The newest incidents, as many as leave it one screen.
    fn recently(&self, incidents: &[Incident]) -> Vec<String> {
        let label = self.words.say("text-label-recently", &[]);
        let labels = [label.as_str()].into_iter().chain(std::iter::repeat(""));
        incidents
            .iter()
            .take(3)
            .zip(labels)
            .flat_map(|(incident, label)| {
                let row = self.row(label, &self.incident(incident));
                let more = self.background(incident, incidents);
                [row].into_iter().chain(more.into_iter().map(|line| self.row("", &format!("  {line}"))))
            })
            .collect()
    }

    /// Why it happened, what helps, and what changed before it, a line each, as far as any of it is known.
    pub fn background(&self, incident: &Incident, all: &[Incident]) -> Vec<String> {
        let Background { cause, command, changed } = background(incident, all, self.words);
        let command =
            command.map(|command| self.words.say("text-try", &[("command", &self.paste(&command))]));
        [cause, command, changed].into_iter().flatten().collect()
    }

    /// When, and what.
    pub fn incident(&self, incident: &Incident) -> String {
        format!("{}  {}", self.time(incident.at), incident_sentence(incident, self.words))
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
        self.toned(tone(state))
    }

    pub(super) fn toned(&self, tone: Tone) -> String {
        let (mark, colour) = match tone {
            Tone::Good => ("●", "32"),
            Tone::Working => ("◐", "36"),
            Tone::Idle => ("○", "37"),
            Tone::Attention => ("▲", "33"),
            Tone::Problem => ("✖", "31"),
            Tone::Unknown => ("?", "35"),
        };
        self.painted(mark, colour)
    }

    pub(super) fn bold(&self, text: &str) -> String {
        self.painted(text, "1")
    }

    pub(super) fn pale(&self, text: &str) -> String {
        self.painted(text, "2")
    }

    fn painted(&self, text: &str, style: &str) -> String {
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// `node (pid 7, user anna), started by x.service`.
pub fn owner_named(owner: &Listener, words: &Words) -> String {
    let pid = owner.pid.to_string();
    let named = words.say("text-owner", &[("program", &owner.program), ("pid", &pid), ("user", &owner.user)]);
    match &owner.started_by {
        Some(unit) => words.say("text-owner-started-by", &[("owner", &named), ("unit", unit)]),
        None => named,
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
        Verdict::NotInstalled => Some(("install-first", "gateward install")),
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
