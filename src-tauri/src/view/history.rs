//! The history as the window draws it and as a terminal tells it.

use serde::{Deserialize, Serialize};

use super::incident::exit_words;
use super::short_duration;
use super::window::{Background, background};
use crate::history::{Reason, Summary};
use crate::model::{Incident, IncidentKind, PastNotice};
use crate::words::Words;

/// The answer of the window's `history` command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct History {
    pub summary: Summary,
    pub reasons: Vec<ReasonView>,
    /// Newest first.
    pub incidents: Vec<Incident>,
    /// One for each incident, in their order.
    pub backgrounds: Vec<Background>,
    /// Newest first.
    pub notices: Vec<PastNotice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReasonView {
    pub text: String,
    pub count: u32,
}

pub fn history(
    summary: Summary,
    incidents: Vec<Incident>,
    notices: Vec<PastNotice>,
    words: &Words,
) -> History {
    let view = |reason: &Reason| ReasonView { text: reason_words(reason, words), count: reason.count };
    let backgrounds = incidents.iter().map(|it| background(it, &incidents, words)).collect();
    History { reasons: summary.reasons.iter().map(view).collect(), summary, incidents, backgrounds, notices }
}

/// One line for each of: share of time up, crashes, longest outage, reasons.
pub fn lines(summary: &Summary, words: &Words) -> Vec<String> {
    let share = match summary.uptime_percent {
        Some(percent) => words.say("history-up", &[("percent", &percent_words(percent))]),
        None => words.say("history-up-unknown", &[]),
    };
    let crashes = words.say("history-crashes", &[("n", &summary.crashes.to_string())]);
    let outage = summary.longest_outage.map(|outage| {
        words.say("history-outage", &[("for", &short_duration(outage.length().as_secs(), words))])
    });
    let reasons = summary.reasons.iter().map(|reason| {
        let (n, what) = (reason.count.to_string(), reason_words(reason, words));
        words.say("history-reason", &[("n", &n), ("what", &what)])
    });
    [share, crashes].into_iter().chain(outage).chain(reasons).collect()
}

/// Three nines matter, so the last percent gets two places; never rounded up to a whole that it is not.
pub fn percent_words(percent: f64) -> String {
    let cut = (percent * 100.0).floor() / 100.0;
    if cut.fract() == 0.0 { format!("{cut:.0}") } else { format!("{cut:.2}") }
}

fn reason_words(reason: &Reason, words: &Words) -> String {
    let cause = reason.cause.as_ref().and_then(|cause| words.find(&format!("cause-{cause}"), &[]));
    match (cause, reason.exit, reason.kind) {
        (Some(cause), _, _) => cause,
        (None, Some(exit), _) => exit_words(exit, words),
        (None, None, IncidentKind::Hung) => words.say("incident-hung", &[]),
        (None, None, IncidentKind::PortTaken) => words.say("incident-port-taken", &[]),
        (None, None, _) => words.say("incident-crash", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_up_to_a_whole() {
        for (percent, text) in [(100.0, "100"), (99.9999, "99.99"), (97.5, "97.50"), (0.0, "0")] {
            assert_eq!(percent_words(percent), text);
        }
    }
}
