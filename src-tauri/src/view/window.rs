//! What the window's Overview draws: sentences, tones and the four facts as a chain.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::explanations;
use crate::incidents;
use crate::model::{Action, GatewayState, Ground, Incident, Page, Prospect, Registered, Remark, Verdict};
use crate::view::drain::{Drain, drain};
use crate::view::incident::{cause_words, changed_before, fix_words};
use crate::view::{self, Tone};
use crate::words::Words;

mod chain;
pub mod credentials;
pub mod facts;

pub use credentials::{CredentialView, CredentialsView};

/// The payload of the window's `state` event, and the answer of its `snapshot` command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Shown {
    pub state: GatewayState,
    pub view: WindowView,
}

/// The answer of the window's `about` command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct About {
    pub version: String,
    /// Whether a tray icon is shown; without one, closing the window ends Gateward.
    pub tray: bool,
    /// BCP 47, for dates and numbers.
    pub locale: String,
    /// The page that was asked for since the last answer, while the window could not listen.
    pub page: Option<Page>,
    /// The person does not want to be led to the wizard.
    pub setup_dismissed: bool,
}

/// What a new window is given with its page, so that it draws what is known at once and asks afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Opening {
    pub about: About,
    /// `None` before the first observation.
    pub shown: Option<Shown>,
}

impl Opening {
    /// For the page to run before everything else; it finds this as `window.gatewardOpening`.
    pub fn script(&self) -> String {
        // JSON is an expression of JavaScript's, whatever its texts hold (ECMA-262, since 2019).
        let told = serde_json::to_string(self).unwrap_or_else(|_| "null".to_owned());
        format!("window.gatewardOpening = {told};")
    }
}

/// Everything on the Overview that another view also says or decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WindowView {
    pub headline: String,
    pub tone: Tone,
    /// What the verdict means and what is advised.
    pub why: String,
    /// What Gateward will not do in this state.
    pub wont: String,
    pub remarks: Vec<RemarkView>,
    pub actions: Vec<ActionView>,
    /// A stop under way.
    pub drain: Option<Drain>,
    /// Always four: registered, supervised, port, answers.
    pub facts: Vec<FactView>,
    /// What will happen at logout, login and reboot; empty when nothing is registered.
    pub prospects: Vec<ProspectView>,
    /// What credentials ask of a person, as one sentence.
    pub plea: Option<String>,
    /// `None` until somebody has looked at them.
    pub credentials: Option<CredentialsView>,
    /// One for each of the state's incidents, in their order.
    pub backgrounds: Vec<Background>,
}

/// Something worth knowing beside the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RemarkView {
    pub sentence: String,
    /// What helps, to paste.
    pub command: String,
}

/// What will happen on one occasion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProspectView {
    /// A heading: `When you log out`.
    pub occasion: String,
    /// A sentence without a full stop.
    pub becomes: String,
    /// How that is known: the facts that decide it.
    pub because: String,
}

/// What is known of an incident beyond itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Background {
    /// Why it happened, and what helps.
    pub cause: Option<String>,
    /// What helps, to paste.
    pub command: Option<String>,
    /// What changed shortly before.
    pub changed: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ActionView {
    pub action: Action,
    pub label: String,
    /// Why it cannot be asked for now; `None` when it can.
    pub reason: Option<String>,
    /// The one that is advised.
    pub primary: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FactView {
    pub key: FactKey,
    pub title: String,
    pub standing: Standing,
    /// One line.
    pub value: String,
    /// Further lines, most telling first.
    pub details: Vec<String>,
    pub source: String,
    #[cfg_attr(test, ts(type = "string"))]
    pub read_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum FactKey {
    Registered,
    Supervised,
    Port,
    Answers,
}

impl FactKey {
    fn name(self) -> &'static str {
        match self {
            FactKey::Registered => "registered",
            FactKey::Supervised => "supervised",
            FactKey::Port => "port",
            FactKey::Answers => "answers",
        }
    }
}

/// How a fact stands in the chain from definition to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Holds,
    Pending,
    /// Not there, and nobody expects it.
    Rests,
    /// The chain ought to hold here and does not.
    Broken,
    Unknown,
}

pub fn shown(state: GatewayState, words: &Words) -> Shown {
    let view = window(&state, words);
    Shown { state, view }
}

pub fn window(state: &GatewayState, words: &Words) -> WindowView {
    WindowView {
        headline: view::standing(state, words),
        tone: view::tone(state),
        why: why(state, words),
        remarks: remarks(state, words),
        wont: words.say(&format!("verdict-wont-{}", view::name(state.verdict)), &[]),
        actions: actions(state, words),
        drain: drain(&state.observation),
        plea: view::credential::plea(state, words),
        credentials: credentials::page(state, words),
        facts: facts::facts(state, words),
        prospects: state.prospects.iter().map(|it| prospect_view(it, words)).collect(),
        backgrounds: state.incidents.iter().map(|it| background(it, &state.incidents, words)).collect(),
    }
}

/// What will keep the gateway or its clients from working stands beside the buttons that start it (A17).
fn remarks(state: &GatewayState, words: &Words) -> Vec<RemarkView> {
    let findings = state.credentials.iter().flat_map(|credentials| &credentials.findings).map(|found| {
        let sentence = view::credential::finding(found, words);
        RemarkView { sentence, command: view::credential::mending(found).to_owned() }
    });
    state.remarks.iter().map(|remark| remark_view(*remark, words)).chain(findings).collect()
}

fn remark_view(remark: Remark, words: &Words) -> RemarkView {
    RemarkView {
        sentence: words.say(&format!("remark-{}", remark.name()), &[]),
        command: remark.command().to_owned(),
    }
}

/// What the verdict means; of a gateway that crashes or refuses to run, also how often and its last error.
fn why(state: &GatewayState, words: &Words) -> String {
    let general = words.say(&format!("verdict-why-{}", view::name(state.verdict)), &[]);
    let newest_end = || state.incidents.iter().find(|incident| incident.kind.is_end());
    let own_end = state.verdict.is_own_end().then(newest_end).flatten();
    let cause = own_end.and_then(explanations::of_incident);
    let cause = cause.map(|found| words.say("verdict-last-error", &[("cause", &cause_words(&found, words))]));
    let rate = (state.verdict == Verdict::CrashLoop).then(|| rate(state, words)).flatten();
    [rate, cause].into_iter().flatten().fold(general, |told, more| format!("{told} {more}"))
}

/// How often it crashed of late, and how many restarts the manager counts.
fn rate(state: &GatewayState, words: &Words) -> Option<String> {
    let crashes = incidents::recent_crashes(&state.incidents, state.observation.supervised.read_at);
    let restarts = state.observation.supervised.value.restarts().unwrap_or_default().to_string();
    let values =
        [("n", &*crashes.to_string()), ("hourly", &*(crashes * 6).to_string()), ("restarts", &*restarts)];
    (crashes > 0).then(|| words.say("verdict-crash-rate", &values))
}

pub fn background(incident: &Incident, all: &[Incident], words: &Words) -> Background {
    let found = explanations::of_incident(incident);
    let cause = found.as_ref().map(|found| {
        let (cause, fix) = (cause_words(found, words), fix_words(found, words));
        words.say("cause-and-fix", &[("cause", &cause), ("fix", &fix)])
    });
    Background {
        cause,
        command: found.and_then(|found| found.known.command).map(str::to_owned),
        changed: changed_before(incident, all, words),
    }
}

/// In the order of the tray's menu; Install stands first, and only while nothing is registered.
fn actions(state: &GatewayState, words: &Words) -> Vec<ActionView> {
    let missing = matches!(state.observation.registered.value, Registered::Missing { .. });
    let install = missing.then_some(Action::Install);
    let stays = view::starts_by_itself(state).then_some(Action::Disable);
    let others =
        [Some(Action::Start), Some(Action::Stop), stays, Some(Action::Restart)].into_iter().flatten();
    let advised = advised(state.verdict);
    install.into_iter().chain(others).map(|action| button(action, advised.as_ref(), state, words)).collect()
}

fn button(action: Action, advised: Option<&Action>, state: &GatewayState, words: &Words) -> ActionView {
    let reason = view::why_not(state, &action).map(|reason| words.say(&format!("why-not-{reason}"), &[]));
    ActionView {
        label: words.say(&format!("window-do-{}", action.verb()), &[]),
        primary: reason.is_none() && advised == Some(&action),
        reason,
        action,
    }
}

fn advised(verdict: Verdict) -> Option<Action> {
    match verdict {
        Verdict::NotInstalled => Some(Action::Install),
        Verdict::Stopped | Verdict::Disabled | Verdict::GaveUp | Verdict::ConfigError | Verdict::Unloaded => {
            Some(Action::Start)
        }
        Verdict::Hung | Verdict::Degraded => Some(Action::Restart),
        Verdict::Ready
        | Verdict::Starting
        | Verdict::Stopping
        | Verdict::CrashLoop
        | Verdict::Orphan
        | Verdict::ForeignOwner
        | Verdict::TwoManagers
        | Verdict::External
        | Verdict::Unknown => None,
    }
}

fn prospect_view(prospect: &Prospect, words: &Words) -> ProspectView {
    let ground = |ground: &Ground| words.say(&format!("ground-{}", ground.name()), &[]);
    let because: Vec<String> = prospect.because.iter().map(ground).collect();
    ProspectView {
        occasion: words.say(&format!("prospect-{}", prospect.occasion.name()), &[]),
        becomes: words.say(&format!("becomes-{}", prospect.becomes.name()), &[]),
        because: because.join(&words.say("ground-and", &[])),
    }
}

#[cfg(test)]
pub mod tests;
