//! What the stored incidents say of a stretch of time: how long it was up, how often it crashed and why. Pure.
//!
//! Nobody may have watched for a while, so each stretch has one of four standings, and what no incident proves is *unknown*: the
//! share of time up is one of the time that is known and was meant to be up.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::explanations;
use crate::model::{Exit, Incident, IncidentKind};

mod past;

pub use past::Past;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Summary {
    #[cfg_attr(test, ts(type = "string"))]
    pub since: Timestamp,
    #[cfg_attr(test, ts(type = "string"))]
    pub until: Timestamp,
    /// Of the time it was up or down; `None` when nothing is known.
    pub uptime_percent: Option<f64>,
    pub crashes: u32,
    pub longest_outage: Option<Stretch>,
    /// Of crashes, refused configurations and hangs; the most frequent first, at most five.
    pub reasons: Vec<Reason>,
    /// From `since` to `until` without a gap, oldest first.
    pub stretches: Vec<Stretch>,
}

/// A time in which nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Stretch {
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Timestamp,
    #[cfg_attr(test, ts(type = "string"))]
    pub until: Timestamp,
    pub being: Being,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Being {
    Up,
    /// It ought to have run.
    Down,
    /// Somebody wanted it stopped.
    Stopped,
    /// Nobody was there to see.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reason {
    pub kind: IncidentKind,
    pub exit: Option<Exit>,
    /// The name of the known cause (`gateward explain`), where its last words tell one.
    pub cause: Option<String>,
    pub count: u32,
}

const MOST_REASONS: usize = 5;

/// Summarises `incidents`, in any order, between two moments. Those from before `since` tell how it began; `running_since` is the
/// start of the process that runs now.
pub fn summary(
    incidents: &[Incident],
    since: Timestamp,
    until: Timestamp,
    running_since: Option<Timestamp>,
) -> Summary {
    let mut sorted: Vec<&Incident> = incidents.iter().filter(|incident| incident.at <= until).collect();
    sorted.sort_by_key(|incident| (incident.at, incident.id));
    let stretches = stretches(&sorted, since, until, running_since);
    let within: Vec<&Incident> = sorted.into_iter().filter(|incident| incident.at >= since).collect();
    let crashes = within.iter().filter(|incident| incident.kind == IncidentKind::Crash).count();
    Summary {
        since,
        until,
        uptime_percent: uptime_percent(&stretches),
        crashes: u32::try_from(crashes).unwrap_or(u32::MAX),
        longest_outage: longest_outage(&stretches),
        reasons: reasons(&within),
        stretches,
    }
}

fn stretches(
    sorted: &[&Incident],
    since: Timestamp,
    until: Timestamp,
    running_since: Option<Timestamp>,
) -> Vec<Stretch> {
    let mut line = Line { since, at: Timestamp::MIN, being: Being::Unknown, drawn: Vec::new() };
    for incident in sorted {
        if let Some(begun) = begun(incident) {
            line.turn(begun, Being::Up);
        }
        line.turn(incident.at, after(incident.kind).unwrap_or(line.being));
    }
    if let Some(begun) = running_since {
        line.turn(begun.min(until), Being::Up);
    }
    line.turn(until, Being::Unknown);
    line.drawn
}

/// The line being drawn, up to `at`.
struct Line {
    since: Timestamp,
    at: Timestamp,
    being: Being,
    drawn: Vec<Stretch>,
}

impl Line {
    /// It was as it was until `at`, and is `being` from then on. A moment before the line's end changes nothing before that.
    fn turn(&mut self, at: Timestamp, being: Being) {
        let (from, until) = (self.at.max(self.since), at.max(self.at));
        if from < until {
            match self.drawn.last_mut().filter(|last| last.being == self.being) {
                Some(last) => last.until = until,
                None => self.drawn.push(Stretch { from, until, being: self.being }),
            }
        }
        (self.at, self.being) = (until, being);
    }
}

/// When the run began whose end the incident is.
fn begun(incident: &Incident) -> Option<Timestamp> {
    // Of a sleep it is the sleep's length.
    if incident.kind == IncidentKind::Slept {
        return None;
    }
    let uptime = SignedDuration::from_secs(i64::try_from(incident.uptime_s?).ok()?);
    incident.at.checked_sub(uptime).ok()
}

/// `None`: as before.
fn after(kind: IncidentKind) -> Option<Being> {
    match kind {
        IncidentKind::Started | IncidentKind::Restarted | IncidentKind::Recovered => Some(Being::Up),
        IncidentKind::Crash
        | IncidentKind::GaveUp
        | IncidentKind::ConfigError
        | IncidentKind::Hung
        | IncidentKind::PortTaken => Some(Being::Down),
        // Killed in a stop that somebody wanted.
        IncidentKind::Stopped | IncidentKind::Uninstalled | IncidentKind::KilledAtDeadline => {
            Some(Being::Stopped)
        }
        IncidentKind::Installed
        | IncidentKind::SignalIgnored
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped => None,
    }
}

fn uptime_percent(stretches: &[Stretch]) -> Option<f64> {
    let total = |being: Being| -> f64 {
        let own = stretches.iter().filter(|stretch| stretch.being == being);
        own.map(|stretch| stretch.length().as_secs_f64()).sum()
    };
    let (up, down) = (total(Being::Up), total(Being::Down));
    (up + down > 0.0).then(|| 100.0 * up / (up + down))
}

impl Stretch {
    pub fn length(&self) -> SignedDuration {
        self.until.duration_since(self.from)
    }
}

fn longest_outage(stretches: &[Stretch]) -> Option<Stretch> {
    let outages = stretches.iter().filter(|stretch| stretch.being == Being::Down);
    outages.max_by_key(|stretch| stretch.length()).copied()
}

fn reasons(incidents: &[&Incident]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for incident in incidents.iter().filter(|incident| is_failure(incident.kind)) {
        let cause = explanations::of_incident(incident).map(|told| told.known.id.to_owned());
        let same = |reason: &&mut Reason| {
            (reason.kind, reason.exit, &reason.cause) == (incident.kind, incident.exit, &cause)
        };
        match reasons.iter_mut().find(same) {
            Some(reason) => reason.count += 1,
            None => reasons.push(Reason { kind: incident.kind, exit: incident.exit, cause, count: 1 }),
        }
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
    reasons.truncate(MOST_REASONS);
    reasons
}

/// Giving up is no reason of its own: the crashes before it are.
fn is_failure(kind: IncidentKind) -> bool {
    match kind {
        IncidentKind::Crash | IncidentKind::ConfigError | IncidentKind::Hung | IncidentKind::PortTaken => {
            true
        }
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::GaveUp
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
