//! The incidents that are kept, and what the database says of them.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Effect, Model, Moment};
use crate::explanations;
use crate::model::{By, Incident, IncidentKind, Notice};
use crate::redact;

/// Incidents kept in [`crate::model::GatewayState`].
const KEPT: usize = 50;

/// A stop begins within this time of its being asked for. While it lasts, the evidence does.
const EVIDENCE_LASTS: Duration = Duration::from_secs(10);

/// Two reports of one incident without a pid are no further apart.
const SAME_MOMENT: SignedDuration = SignedDuration::from_secs(2);

impl Model {
    pub(super) fn remembered(&mut self, mut incidents: Vec<Incident>) -> Vec<Effect> {
        incidents.retain(|old| !self.incidents.iter().any(|own| is_same(own, old)));
        self.incidents.extend(incidents);
        self.incidents.truncate(KEPT);
        let since = self.incidents.iter().map(|incident| incident.at).max();
        vec![Effect::Publish, Effect::Backfill { since }]
    }

    /// What is news takes its place in time. Nobody is told of the past by a notice.
    pub(super) fn backfilled(&mut self, mut past: Vec<Incident>) -> Vec<Effect> {
        past.retain(|old| !self.incidents.iter().any(|own| is_same(own, old)));
        if past.is_empty() {
            return Vec::new();
        }
        self.incidents.extend(past.iter().cloned());
        self.incidents.make_contiguous().sort_by_key(|incident| std::cmp::Reverse(incident.at));
        self.incidents.truncate(KEPT);
        past.into_iter().map(Effect::Store).chain([Effect::Publish]).collect()
    }

    /// The notice may say more than the history, where one end of a credential is one incident.
    pub(super) fn credential_news(&mut self, notice: Notice, incident: Incident) -> Vec<Effect> {
        let before = self.incidents.iter().find(|old| is_about_same_credential(old, &incident));
        let is_known = before.is_some_and(|old| old.kind == incident.kind);
        let mut effects = vec![Effect::Tell(notice)];
        if !is_known {
            self.incidents.push_front(incident.clone());
            self.incidents.truncate(KEPT);
            effects.extend([Effect::Store(incident), Effect::Publish]);
        }
        effects
    }

    /// The evidence may come before or after the observation that shows the end.
    pub(super) fn stopper_found(&mut self, by: By, now: Moment) -> Vec<Effect> {
        self.stopper = Some((by, now));
        let told = self.incidents.iter_mut().filter(|told| is_anonymous(told));
        let Some(newest) = told.into_iter().next().filter(|told| is_recent(told, now)) else {
            return Vec::new();
        };
        newest.by = by;
        vec![Effect::Store(newest.clone()), Effect::Publish]
    }

    /// Names the one who was seen asking for the ends just told. `lasts`: the stop is still under way.
    pub(super) fn attribute(&mut self, told: &mut [Incident], lasts: bool, now: Moment) {
        let Some((by, seen)) = self.stopper else { return };
        let is_fresh = now.clock.saturating_sub(seen.clock) <= EVIDENCE_LASTS;
        // Seen late, an end is still of its own moment.
        let is_due = |incident: &Incident| is_fresh || is_recent(incident, seen);
        let anonymous = told.iter_mut().filter(|incident| is_anonymous(incident) && is_due(incident));
        anonymous.for_each(|incident| incident.by = by);
        if lasts && is_fresh {
            self.stopper = Some((by, now));
        }
    }

    /// What the past had told already keeps its place; who was seen asking for it is news.
    pub(super) fn keep(&mut self, incident: Incident) {
        match self.incidents.iter_mut().find(|own| is_same(own, &incident)) {
            Some(own) if is_anonymous(own) => own.by = incident.by,
            Some(_) => {}
            None => {
                self.incidents.push_front(incident);
                self.incidents.truncate(KEPT);
            }
        }
    }

    pub(super) fn words_read(&mut self, of: &Incident, lines: &[String]) -> Vec<Effect> {
        let last_words = redact::last_words(lines);
        if last_words.is_empty() {
            return Vec::new();
        }
        let told = Incident { last_words, ..of.clone() };
        if let Some(own) = self.incidents.iter_mut().find(|own| is_same(own, of)) {
            own.last_words.clone_from(&told.last_words);
        }
        let mut effects = vec![Effect::Store(told.clone()), Effect::Publish];
        // The notice went out before the words were there; what they explain completes it.
        let explains = told.last_words.iter().any(|line| explanations::of_line(line).is_some());
        if explains && self.trouble.shows(&told) {
            effects.push(Effect::Notify(told));
        }
        effects
    }

    pub(super) fn stored(&mut self, incident: &Incident, id: i64) -> Vec<Effect> {
        let Some(own) = self.incidents.iter_mut().find(|own| is_same(own, incident)) else {
            return Vec::new();
        };
        if std::mem::replace(&mut own.id, id) == id { Vec::new() } else { vec![Effect::Publish] }
    }
}

fn is_anonymous(incident: &Incident) -> bool {
    let is_asked_for = matches!(incident.kind, IncidentKind::Stopped | IncidentKind::Restarted);
    is_asked_for && incident.by == By::Outside
}

fn is_recent(incident: &Incident, now: Moment) -> bool {
    let ago = now.wall.duration_since(incident.at).unsigned_abs();
    ago <= EVIDENCE_LASTS
}

fn is_about_same_credential(a: &Incident, b: &Incident) -> bool {
    a.kind.is_of_credential() && b.kind.is_of_credential() && a.detail == b.detail
}

/// The same thing, stored or not. The past knows no pids; two credentials may end at one moment.
fn is_same(a: &Incident, b: &Incident) -> bool {
    let is_close = a.at.duration_since(b.at).abs() <= SAME_MOMENT;
    let is_other = a.kind.is_of_credential() && a.detail != b.detail;
    let vague = (a.pid.is_none() || b.pid.is_none()) && is_close;
    let is_one = a.kind == b.kind && !is_other && (vague || (a.pid, a.at) == (b.pid, b.at));
    (a.id != 0 && a.id == b.id) || is_one
}
