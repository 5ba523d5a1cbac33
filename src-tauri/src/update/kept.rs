//! The incidents that are kept, and what the database says of them.

use super::{Effect, Model};
use crate::model::Incident;
use crate::redact;

/// Incidents kept in [`crate::model::GatewayState`].
const KEPT: usize = 50;

impl Model {
    pub(super) fn remembered(&mut self, mut incidents: Vec<Incident>) -> Vec<Effect> {
        incidents.retain(|old| !self.incidents.iter().any(|own| is_same(own, old)));
        self.incidents.extend(incidents);
        self.incidents.truncate(KEPT);
        vec![Effect::Publish]
    }

    pub(super) fn keep(&mut self, incident: Incident) {
        let known = self.incidents.iter().any(|own| is_same(own, &incident));
        if !known {
            self.incidents.push_front(incident);
            self.incidents.truncate(KEPT);
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
        vec![Effect::Store(told), Effect::Publish]
    }

    pub(super) fn stored(&mut self, incident: &Incident, id: i64) -> Vec<Effect> {
        let Some(own) = self.incidents.iter_mut().find(|own| is_same(own, incident)) else {
            return Vec::new();
        };
        if std::mem::replace(&mut own.id, id) == id { Vec::new() } else { vec![Effect::Publish] }
    }
}

/// The same thing, stored or not.
fn is_same(a: &Incident, b: &Incident) -> bool {
    (a.id != 0 && a.id == b.id) || (a.kind, a.pid, a.at) == (b.kind, b.pid, b.at)
}
