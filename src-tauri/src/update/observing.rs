//! What an observation changes.

use std::time::Duration;

use super::{Effect, Look, Model, Moment, Standing, notices};
use crate::incidents::{Tell, is_loop};
use crate::model::{By, Incident, IncidentKind, Observation, Supervised, Verdict};
use crate::system::{Hint, Watch};
use crate::verdict::{grace_of, judge_within};

const SAFETY_NET: Duration = Duration::from_secs(30);
/// Without working watches, and while something is wrong that no watch tells of.
const UNWATCHED: Duration = Duration::from_secs(5);
/// While something is under way: readiness shows only by asking the gateway.
const UNDER_WAY: Duration = Duration::from_secs(2);

impl Model {
    pub(super) fn hinted(&mut self, hint: Hint) -> Vec<Effect> {
        let asks_for_stopper = self.may_be_a_stop(&hint);
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
        asks_for_stopper.then_some(Effect::FindStopper).into_iter().chain(self.look()).collect()
    }

    /// A change of the running service that is no end yet and none of ours: whoever asked for it may still be there.
    fn may_be_a_stop(&self, hint: &Hint) -> bool {
        let runs = self.observation.as_ref().is_some_and(|seen| seen.supervised.value.pid().is_some());
        let changes = matches!(hint, Hint::Changed { watch: Watch::Unit { .. }, exit: None });
        changes && runs && !self.story.is_acting()
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
        self.trouble.set_patience(look.patience);
        let acting = self.story.is_acting();
        let mut told = self.story.tell(&look.seen, now.wall);
        let stopping = matches!(look.seen.supervised.value, Supervised::Stopping { .. });
        self.attribute(&mut told, stopping, now);
        told.extend(self.reconfigured(look.config, now));
        self.verdict = judge_within(&look.seen, grace_of(&look.seen, &self.starts, self.answered));
        if self.verdict == Verdict::Ready {
            self.answered = look.seen.supervised.value.pid();
        }
        let learnt = self.time_start(&look.seen);
        self.observation = Some(look.seen);
        told.iter().for_each(|incident| self.keep(incident.clone()));
        let mut tells = if acting { Vec::new() } else { self.weigh(&told, now) };
        if let Some(incident) = self.follow(now, acting) {
            tells.extend(self.trouble.tell(&incident, now.clock));
            self.keep(incident.clone());
            told.push(incident);
        }
        let mut effects = self.watch(look.watches);
        effects.extend(learnt.map(Effect::LearnStart));
        effects.push(Effect::Publish);
        effects.extend(notices(tells));
        effects.extend(told.into_iter().flat_map(recorded));
        effects.push(Effect::Arm(self.patience()));
        effects
    }

    /// How long the start took that has come to its end; only one that was seen before it was ready can be timed.
    fn time_start(&mut self, seen: &Observation) -> Option<Duration> {
        let Supervised::Running(run) = &seen.supervised.value else { return None };
        if self.verdict == Verdict::Starting {
            self.starting = Some(run.pid);
        }
        if self.verdict != Verdict::Ready {
            return None;
        }
        self.starting.take().filter(|pid| *pid == run.pid)?;
        let took = Duration::try_from(seen.supervised.read_at.duration_since(run.since?)).ok()?;
        self.starts.insert(0, took);
        Some(took)
    }

    pub(super) fn starts_known(&mut self, starts: Vec<Duration>) -> Vec<Effect> {
        self.starts.extend(starts);
        Vec::new()
    }

    fn reconfigured(&mut self, config: Option<u64>, now: Moment) -> Option<Incident> {
        self.story.configured(config?, &self.config_path, now.wall)
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
        Some(Incident { pid, ..Incident::plain(&self.profile, kind, now.wall, By::Itself) })
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

    /// The configuration is read at each look anyway, and an account may watch only so many folders.
    fn is_kept(&self, (watch, standing): (&Watch, &Standing)) -> bool {
        *standing != Standing::Lost || *watch == Watch::File { path: self.config_path.clone() }
    }

    /// How long nothing may be asked.
    pub(super) fn patience(&self) -> Duration {
        let is_watched = !self.watches.is_empty() && self.watches.iter().all(|watch| self.is_kept(watch));
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
        | IncidentKind::SignalIgnored
        | IncidentKind::PortTaken
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped => false,
    };
    let mut effects = vec![Effect::Store(incident.clone())];
    if speaks {
        effects.push(Effect::ReadLastWords(incident));
    }
    effects
}
