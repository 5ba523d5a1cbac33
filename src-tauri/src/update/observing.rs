//! What an observation changes.

use std::time::Duration;

use super::{Effect, Look, Model, Moment, Standing, notices};
use crate::incidents::{Tell, is_loop};
use crate::model::{By, Incident, IncidentKind, Verdict};
use crate::system::{Hint, Watch};
use crate::verdict::judge;

const SAFETY_NET: Duration = Duration::from_secs(30);
/// Without working watches, and while something is wrong that no watch tells of.
const UNWATCHED: Duration = Duration::from_secs(5);
/// While something is under way: readiness shows only by asking the gateway.
const UNDER_WAY: Duration = Duration::from_secs(2);

impl Model {
    pub(super) fn hinted(&mut self, hint: Hint) -> Vec<Effect> {
        let (watch, standing) = match hint {
            Hint::Changed { watch, exit } => {
                match exit {
                    Some(record) if self.looking.under_way => self.story.heard_meanwhile(record),
                    Some(record) => self.story.heard(record),
                    None => {}
                }
                (watch, Standing::Works)
            }
            Hint::Watching { watch } => (watch, Standing::Works),
            Hint::Lost { watch, why } => {
                tracing::debug!(?watch, why, "watch lost");
                (watch, Standing::Lost)
            }
        };
        // A watch that was ended meanwhile may still have a hint under way.
        if let Some(own) = self.watches.get_mut(&watch) {
            *own = standing;
        }
        self.look().into_iter().collect()
    }

    pub(super) fn observed(&mut self, look: Look, now: Moment) -> Vec<Effect> {
        let is_stale = self.looking.is_stale;
        let again = std::mem::take(&mut self.looking).again;
        if is_stale {
            return self.look().into_iter().collect();
        }
        if !self.doubted && self.story.doubts(&look.seen) {
            self.doubted = true;
            return self.look().into_iter().collect();
        }
        let mut effects = self.adopt(look, now);
        if again {
            effects.extend(self.look());
        }
        effects
    }

    pub(super) fn adopt(&mut self, look: Look, now: Moment) -> Vec<Effect> {
        self.doubted = false;
        let acting = self.story.is_acting();
        let mut told = self.story.tell(&look.seen, now.wall);
        self.verdict = judge(&look.seen);
        self.observation = Some(look.seen);
        told.iter().for_each(|incident| self.keep(incident.clone()));
        let mut tells = if acting { Vec::new() } else { self.weigh(&told, now) };
        if let Some(incident) = self.follow(now, acting) {
            tells.extend(self.trouble.tell(&incident, now.clock));
            self.keep(incident.clone());
            told.push(incident);
        }
        let mut effects = self.watch(look.watches);
        effects.push(Effect::Publish);
        effects.extend(notices(tells));
        effects.extend(told.into_iter().flat_map(recorded));
        effects.push(Effect::Arm(self.patience()));
        effects
    }

    pub(super) fn weigh(&mut self, told: &[Incident], now: Moment) -> Vec<Tell> {
        let looping = is_loop(self.incidents.make_contiguous(), self.verdict, now.wall);
        self.trouble.weigh(told, looping, now.clock)
    }

    pub(super) fn follow(&mut self, now: Moment, acting: bool) -> Option<Incident> {
        if acting {
            return None;
        }
        let kind = self.trouble.follow(self.verdict, now.clock)?;
        let pid = self.observation.as_ref().and_then(|seen| seen.supervised.value.pid());
        Some(Incident {
            id: 0,
            profile: self.profile.clone(),
            at: now.wall,
            kind,
            pid,
            exit: None,
            uptime_s: None,
            restarts: None,
            last_words: Vec::new(),
            by: By::Itself,
        })
    }

    pub(super) fn watch(&mut self, wanted: Vec<Watch>) -> Vec<Effect> {
        let before: Vec<&Watch> = self.watches.keys().collect();
        let mut sorted: Vec<&Watch> = wanted.iter().collect();
        sorted.sort();
        sorted.dedup();
        if before == sorted {
            return Vec::new();
        }
        let standing = |watch: &Watch| self.watches.get(watch).copied().unwrap_or(Standing::Opening);
        self.watches = wanted.iter().map(|watch| (watch.clone(), standing(watch))).collect();
        vec![Effect::Watch(self.watches.keys().cloned().collect())]
    }

    /// How long nothing may be asked.
    pub(super) fn patience(&self) -> Duration {
        let works = |standing: &Standing| *standing != Standing::Lost;
        let is_watched = !self.watches.is_empty() && self.watches.values().all(works);
        if self.busy.is_some() {
            return UNDER_WAY;
        }
        match self.verdict {
            Verdict::Starting | Verdict::Stopping | Verdict::CrashLoop => UNDER_WAY,
            Verdict::Degraded | Verdict::Hung | Verdict::Unknown => UNWATCHED,
            Verdict::NotInstalled
            | Verdict::Stopped
            | Verdict::Disabled
            | Verdict::Ready
            | Verdict::GaveUp
            | Verdict::ConfigError
            | Verdict::Orphan
            | Verdict::ForeignOwner
            | Verdict::TwoManagers
            | Verdict::Unloaded
            | Verdict::External => {
                if is_watched {
                    SAFETY_NET
                } else {
                    UNWATCHED
                }
            }
        }
    }
}

/// Stored at once, lest it be lost with us; its last words follow.
fn recorded(incident: Incident) -> Vec<Effect> {
    let speaks = match incident.kind {
        IncidentKind::Crash
        | IncidentKind::ConfigError
        | IncidentKind::GaveUp
        | IncidentKind::Hung
        | IncidentKind::KilledAtDeadline => true,
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored => false,
    };
    let mut effects = vec![Effect::Store(incident.clone())];
    if speaks {
        effects.push(Effect::ReadLastWords(incident));
    }
    effects
}
