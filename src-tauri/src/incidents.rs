//! Which incidents an observation proves, given what was seen before. Pure.
//!
//! A crash is proven by an exit record and by nothing else: planned restarts raise the manager's restart counter too, and the
//! manager forgets the record as soon as the next process runs (observed 6). Records therefore come from two sides, signals and
//! observations, and each end of a process is told once.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::{Action, By, Exit, ExitRecord, Incident, IncidentKind, Observation, Run, Supervised};

mod acting;
mod end;
mod ends;
mod facts;
mod trouble;

pub use trouble::{Patience, Tell, Trouble, is_loop, recent_crashes, trouble_key};

use acting::Acting;
use end::End;
use facts::{is_registered, restarts};

/// What has been seen and told of one gateway so far.
#[derive(Clone, Debug)]
pub struct Story {
    profile: String,
    /// The newest run seen, until its end is told.
    run: Option<Run>,
    told: VecDeque<End>,
    /// Records that signals carried and no observation has explained yet.
    evidence: Vec<ExitRecord>,
    /// Records that came while an observation was under way: it may have looked before they were true.
    fresh: Vec<ExitRecord>,
    acting: Option<Acting>,
    /// The process that somebody else was seen stopping.
    leaving: Option<u32>,
    before: Option<Before>,
}

/// What the previous observation leaves behind.
#[derive(Clone, Copy, Debug)]
struct Before {
    at_rest: bool,
    gave_up: bool,
    registered: Option<bool>,
}

impl Story {
    pub fn new(profile: &str) -> Self {
        Self {
            profile: profile.to_owned(),
            run: None,
            told: VecDeque::new(),
            evidence: Vec::new(),
            fresh: Vec::new(),
            acting: None,
            leaving: None,
            before: None,
        }
    }

    /// Keeps the exit record of a signal until the next observation says what followed.
    pub fn heard(&mut self, record: ExitRecord) {
        self.evidence.push(record);
    }

    /// The same while an observation is under way: the one after it counts.
    pub fn heard_meanwhile(&mut self, record: ExitRecord) {
        self.fresh.push(record);
    }

    /// An observation begins.
    pub fn looks(&mut self) {
        self.evidence.append(&mut self.fresh);
    }

    /// An action of ours begins: what it ends is no crash.
    pub fn begun(&mut self, action: &Action, now: Timestamp) {
        let found = self.run.as_ref().map(|run| run.pid);
        let heard = self.evidence.iter().chain(&self.fresh);
        let gone = heard.filter_map(|record| record.pid).collect();
        self.acting = Some(Acting { action: action.clone(), since: now, found, gone, done: None });
    }

    /// The action has ended; the next observation is the last it explains.
    pub fn done(&mut self, now: Timestamp) {
        if let Some(acting) = &mut self.acting {
            acting.done = Some(now);
        }
    }

    /// The wall clock was set: moments from before say nothing about moments after.
    pub fn restart_clock(&mut self) {
        self.acting = self.acting.take().filter(|acting| acting.done.is_none());
        if let Some(acting) = &mut self.acting {
            acting.since = Timestamp::MIN;
        }
    }

    pub fn is_acting(&self) -> bool {
        self.acting.is_some()
    }

    /// Whether `seen` could be the passing state between a process's end and its automatic restart: systemd reports `failed`
    /// or `inactive` for up to 0.3 ms then (test-rigs part 2, 5).
    pub fn doubts(&self, seen: &Observation) -> bool {
        let was_up = self.before.is_some_and(|before| !before.at_rest);
        let may_pass =
            matches!(seen.supervised.value, Supervised::Stopped { .. } | Supervised::GaveUp { .. });
        was_up && may_pass && self.acting.is_none()
    }

    /// The incidents that `seen` proves, in the order they happened; they are told once.
    pub fn tell(&mut self, seen: &Observation, now: Timestamp) -> Vec<Incident> {
        self.sift_fresh(&seen.supervised.value);
        let mut told = match self.before {
            None => self.found(seen),
            Some(before) => self.followed(seen, before, now),
        };
        told.sort_by_key(|incident| incident.at);
        self.remember(seen);
        told
    }

    /// What the very first observation tells: only trouble that lasts, and that a record dates, so that the database can
    /// recognise it when it was told before.
    fn found(&mut self, seen: &Observation) -> Vec<Incident> {
        let Some(record) = self.observed_record(seen) else { return Vec::new() };
        let end = End::of(record, restarts(&seen.supervised.value));
        self.keep(end.clone());
        let lasts = !matches!(seen.supervised.value, Supervised::Running(_)) && end.is_failure();
        let Some(at) = end.at.filter(|_| lasts) else { return Vec::new() };
        [Some(self.crash(&end, seen, at)), self.gave_up(seen, at)].into_iter().flatten().collect()
    }

    fn followed(&mut self, seen: &Observation, before: Before, now: Timestamp) -> Vec<Incident> {
        let ends = self.new_ends(seen);
        let mut told: Vec<Incident> = ends.iter().map(|end| self.ended(end, seen, now)).collect();
        told.extend(self.vanished(seen, now));
        if !before.gave_up {
            told.extend(self.gave_up(seen, now));
        }
        told.extend(self.started(seen, before, now));
        told.extend(self.registration(seen, before, now));
        told
    }

    fn plain(&self, kind: IncidentKind, at: Timestamp, by: By) -> Incident {
        Incident {
            id: 0,
            profile: self.profile.clone(),
            at,
            kind,
            pid: None,
            exit: None,
            uptime_s: None,
            restarts: None,
            last_words: Vec::new(),
            by,
        }
    }

    /// The manager stopped restarting; a wrong configuration is told as that, by its own exit.
    fn gave_up(&self, seen: &Observation, at: Timestamp) -> Option<Incident> {
        let Supervised::GaveUp { last_exit, restarts } = &seen.supervised.value else { return None };
        let exit = last_exit.as_ref().map(|record| record.exit);
        let told_otherwise = exit.is_some_and(Exit::is_config_error);
        let incident = || Incident {
            pid: last_exit.as_ref().and_then(|record| record.pid),
            exit,
            restarts: Some(*restarts),
            ..self.plain(IncidentKind::GaveUp, at, By::Itself)
        };
        (!told_otherwise).then(incident)
    }

    fn started(&self, seen: &Observation, before: Before, now: Timestamp) -> Option<Incident> {
        let Supervised::Running(run) = &seen.supervised.value else { return None };
        let restarts_ours = self.acting.as_ref().is_some_and(Acting::restarts_what_it_found);
        if !before.at_rest || restarts_ours {
            return None;
        }
        let by = if self.acting.is_some() { By::Gateward } else { By::Outside };
        let at = run.since.filter(|since| *since <= now).unwrap_or(now);
        Some(Incident { pid: Some(run.pid), ..self.plain(IncidentKind::Started, at, by) })
    }

    fn registration(&self, seen: &Observation, before: Before, now: Timestamp) -> Option<Incident> {
        let by = if self.acting.is_some() { By::Gateward } else { By::Outside };
        match (before.registered?, is_registered(seen)?) {
            (false, true) => Some(self.plain(IncidentKind::Installed, now, by)),
            (true, false) => Some(self.plain(IncidentKind::Uninstalled, now, by)),
            (true, true) | (false, false) => None,
        }
    }

    fn remember(&mut self, seen: &Observation) {
        let supervised = &seen.supervised.value;
        self.run = match supervised {
            Supervised::Running(run) => Some(run.clone()),
            Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent => None,
            Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::Unknown { .. } => self.run.take().filter(|run| !self.has_told(run)),
        };
        self.leaving = match supervised {
            Supervised::Stopping { pid: Some(pid), .. } => Some(*pid),
            Supervised::Stopping { pid: None, .. } | Supervised::Unknown { .. } => self.leaving,
            Supervised::Running(_)
            | Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent => None,
        };
        self.before = Some(self.left_behind(seen));
        self.acting = self.acting.take().filter(|acting| acting.done.is_none());
    }

    fn left_behind(&self, seen: &Observation) -> Before {
        let earlier = self.before;
        let unknown = matches!(seen.supervised.value, Supervised::Unknown { .. });
        let at_rest = match (unknown, earlier) {
            (true, Some(before)) => before.at_rest,
            (true, None) => false,
            (false, _) => seen.supervised.value.is_at_rest(),
        };
        Before {
            at_rest,
            gave_up: matches!(seen.supervised.value, Supervised::GaveUp { .. }),
            registered: is_registered(seen).or(earlier.and_then(|before| before.registered)),
        }
    }
}
