//! Which incidents an observation proves, given what was seen before. Pure.
//!
//! A crash is proven by an exit record and by nothing else: planned restarts raise the manager's restart counter too, and the
//! manager forgets the record as soon as the next process runs (observed 6). Records therefore come from two sides, signals and
//! observations, and each end of a process is told once.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::model::{
    Action, By, Exit, ExitRecord, Incident, IncidentKind, Observation, Registered, Run, Supervised,
};

mod trouble;

pub use trouble::{Patience, Tell, Trouble, is_loop, recent_crashes, trouble_key};

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

/// An action of ours, until the observation after it.
#[derive(Clone, Debug)]
struct Acting {
    action: Action,
    since: Timestamp,
    /// The process it found running.
    found: Option<u32>,
    /// Processes whose end was heard of before it began.
    gone: Vec<u32>,
    done: Option<Timestamp>,
}

/// What the previous observation leaves behind.
#[derive(Clone, Copy, Debug)]
struct Before {
    at_rest: bool,
    gave_up: bool,
    registered: Option<bool>,
}

/// One end of a process.
#[derive(Clone, Debug)]
struct End {
    pid: Option<u32>,
    at: Option<Timestamp>,
    /// `None` for an end that was told without a record.
    exit: Option<Exit>,
    restarts: Option<u32>,
    result: Option<String>,
}

/// Ends kept to recognise a record that arrives again.
const REMEMBERED: usize = 32;

/// Two records of the same pid further apart than this are of two processes: the pid was used again.
const SAME_MOMENT: SignedDuration = SignedDuration::from_secs(10);

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

    /// Fresh records of which `seen` already shows the outcome wait no longer.
    fn sift_fresh(&mut self, seen: &Supervised) {
        if matches!(seen, Supervised::Starting) || is_open(seen) {
            return;
        }
        let running = seen.pid();
        let is_early = |record: &ExitRecord| running.is_some() && record.pid == running;
        let (early, shown) = std::mem::take(&mut self.fresh).into_iter().partition(is_early);
        self.fresh = early;
        self.evidence.extend::<Vec<ExitRecord>>(shown);
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

    /// Ends that are not told yet; they count as told from here on. A clean end stays evidence while it is open what follows.
    fn new_ends(&mut self, seen: &Observation) -> Vec<End> {
        let restarts = restarts(&seen.supervised.value);
        let heard = std::mem::take(&mut self.evidence);
        let mut ends = Vec::new();
        for record in heard.into_iter().chain(self.observed_record(seen)) {
            let end = End::of(record.clone(), restarts);
            if self.told.iter().any(|told| told.is_same(&end)) {
                continue;
            }
            let still_runs = end.pid.is_some() && end.pid == seen.supervised.value.pid();
            let is_open = still_runs || is_open(&seen.supervised.value);
            if !end.is_failure() && is_open && self.acting.is_none() {
                self.evidence.push(record);
                continue;
            }
            self.keep(end.clone());
            ends.push(end);
        }
        ends
    }

    fn keep(&mut self, end: End) {
        self.told.push_back(end);
        if self.told.len() > REMEMBERED {
            self.told.pop_front();
        }
    }

    /// The record in `seen`; one without a pid is of the run that was seen before it.
    fn observed_record(&self, seen: &Observation) -> Option<ExitRecord> {
        let known = self.run.as_ref().map(|run| run.pid);
        let record = seen.supervised.value.last_exit()?.clone();
        let pid = match &seen.supervised.value {
            // The run that still lasts has not ended: the record is of an older one.
            Supervised::Running(run) if known == Some(run.pid) => record.pid,
            Supervised::Running(_)
            | Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent
            | Supervised::Unknown { .. } => record.pid.or(known),
        };
        let is_dated = pid.is_some() || record.at.is_some();
        let is_told_run = matches!(&seen.supervised.value, Supervised::Running(run) if pid == Some(run.pid));
        let stands_alone = !matches!(seen.supervised.value, Supervised::Running(_));
        ((is_dated || stands_alone) && !is_told_run).then_some(ExitRecord { pid, ..record })
    }

    fn ended(&self, end: &End, seen: &Observation, now: Timestamp) -> Incident {
        let incident = |kind, by| Incident { kind, by, ..self.crash(end, seen, now) };
        if let Some(acting) = self.acting.as_ref().filter(|acting| acting.explains(end)) {
            return incident(acting.ended_as(), By::Gateward);
        }
        if self.was_leaving(end) {
            return match comes_back(&seen.supervised.value) {
                true => incident(IncidentKind::Restarted, By::Outside),
                false => incident(IncidentKind::Stopped, By::Outside),
            };
        }
        if end.is_failure() {
            return self.crash(end, seen, now);
        }
        match comes_back(&seen.supervised.value) {
            true => incident(IncidentKind::Restarted, restarter(&seen.supervised.value)),
            // With `Restart=always` a clean end stays an end only when somebody asked the manager for it.
            false => incident(IncidentKind::Stopped, By::Outside),
        }
    }

    /// Somebody else's stop, seen under way, explains a failing end too, unless the manager names a cause of its own.
    fn was_leaving(&self, end: &End) -> bool {
        let own_cause = ["watchdog", "oom-kill", "core-dump"];
        let named = end.result.as_deref().is_some_and(|result| own_cause.contains(&result));
        self.leaving.is_some() && self.leaving == end.pid && !named
    }

    fn crash(&self, end: &End, seen: &Observation, now: Timestamp) -> Incident {
        let kind = match end.exit.is_some_and(Exit::is_config_error) {
            true => IncidentKind::ConfigError,
            false => IncidentKind::Crash,
        };
        let at = end.at.unwrap_or(now);
        Incident {
            pid: end.pid,
            exit: end.exit,
            uptime_s: self.uptime_s(end.pid, at),
            restarts: restarts(&seen.supervised.value),
            ..self.plain(kind, at, By::Itself)
        }
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

    fn uptime_s(&self, pid: Option<u32>, at: Timestamp) -> Option<u64> {
        let run = self.run.as_ref().filter(|run| pid.is_none_or(|pid| pid == run.pid))?;
        u64::try_from(at.duration_since(run.since?).as_secs()).ok()
    }

    /// A run that is gone without any record of how it ended.
    fn vanished(&mut self, seen: &Observation, now: Timestamp) -> Option<Incident> {
        let run = self.run.clone()?;
        if self.has_told(&run) {
            return None;
        }
        let kind = match &seen.supervised.value {
            Supervised::Running(other) if other.pid != run.pid => IncidentKind::Restarted,
            Supervised::Stopped { .. } | Supervised::Absent | Supervised::Unloaded => IncidentKind::Stopped,
            Supervised::Running(_)
            | Supervised::Starting
            | Supervised::Waiting { .. }
            | Supervised::Stopping { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unknown { .. } => return None,
        };
        let end = End { pid: Some(run.pid), at: Some(now), exit: None, restarts: None, result: None };
        let by = match (&self.acting, kind) {
            (Some(acting), _) if acting.explains(&end) => By::Gateward,
            (_, IncidentKind::Restarted) => restarter(&seen.supervised.value),
            (_, _) => By::Outside,
        };
        self.keep(end);
        let uptime_s = self.uptime_s(Some(run.pid), now);
        let restarts = restarts(&seen.supervised.value);
        Some(Incident { pid: Some(run.pid), uptime_s, restarts, ..self.plain(kind, now, by) })
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
            Supervised::Stopping { pid: Some(pid) } => Some(*pid),
            Supervised::Stopping { pid: None } | Supervised::Unknown { .. } => self.leaving,
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

    /// Whether the end of `run` is told; an older process of the same pid ended before it began.
    fn has_told(&self, run: &Run) -> bool {
        let began_before =
            |at: Timestamp| run.since.is_none_or(|since| at >= since - SignedDuration::from_secs(1));
        self.told.iter().any(|end| end.pid == Some(run.pid) && end.at.is_none_or(began_before))
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

impl Acting {
    /// Whether the action is the reason of `end`.
    fn explains(&self, end: &End) -> bool {
        let is_older = end.pid.is_some_and(|pid| self.gone.contains(&pid));
        let is_within = |at| at >= self.since && self.done.is_none_or(|done| at < done);
        if is_older || !end.at.is_none_or(is_within) {
            return false;
        }
        match self.action {
            Action::Stop | Action::Uninstall => true,
            Action::Restart | Action::Install | Action::Repair { .. } => {
                end.pid.is_some() && end.pid == self.found
            }
            Action::Start => false,
        }
    }

    fn ended_as(&self) -> IncidentKind {
        match self.action {
            Action::Stop | Action::Uninstall => IncidentKind::Stopped,
            Action::Restart | Action::Install | Action::Repair { .. } | Action::Start => {
                IncidentKind::Restarted
            }
        }
    }

    fn restarts_what_it_found(&self) -> bool {
        self.found.is_some()
            && matches!(self.action, Action::Restart | Action::Install | Action::Repair { .. })
    }
}

impl End {
    fn of(record: ExitRecord, restarts: Option<u32>) -> Self {
        Self { pid: record.pid, at: record.at, exit: Some(record.exit), restarts, result: record.result }
    }

    /// systemd calls a death by SIGTERM, SIGINT, SIGHUP or SIGPIPE a success; its own verdict counts.
    fn is_failure(&self) -> bool {
        let excused = self.result.as_deref() == Some("success");
        self.exit.is_some_and(|exit| !exit.is_success()) && !excused
    }

    fn is_same(&self, other: &End) -> bool {
        if self.pid.is_some() && other.pid.is_some() {
            return self.pid == other.pid && self.is_close(other.at);
        }
        if self.at.is_some() && other.at.is_some() {
            return self.is_close(other.at);
        }
        self.exit == other.exit && self.restarts == other.restarts
    }

    fn is_close(&self, at: Option<Timestamp>) -> bool {
        match (self.at, at) {
            (Some(own), Some(other)) => own.duration_since(other).abs() <= SAME_MOMENT,
            (None, _) | (_, None) => true,
        }
    }
}

fn restarts(supervised: &Supervised) -> Option<u32> {
    match supervised {
        Supervised::Running(run) => Some(run.restarts),
        Supervised::Waiting { restarts, .. } | Supervised::GaveUp { restarts, .. } => Some(*restarts),
        Supervised::Starting
        | Supervised::Stopping { .. }
        | Supervised::Stopped { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => None,
    }
}

/// Whether it is still open if the process comes back.
fn is_open(supervised: &Supervised) -> bool {
    matches!(supervised, Supervised::Stopping { .. } | Supervised::Unknown { .. })
}

fn comes_back(supervised: &Supervised) -> bool {
    matches!(supervised, Supervised::Running(_) | Supervised::Starting | Supervised::Waiting { .. })
}

/// A start by hand sets systemd's restart counter back to 0; an automatic one raises it.
fn restarter(supervised: &Supervised) -> By {
    match supervised {
        Supervised::Running(run) if run.restarts == 0 => By::Outside,
        Supervised::Running(_)
        | Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopping { .. }
        | Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => By::Itself,
    }
}

fn is_registered(seen: &Observation) -> Option<bool> {
    match &seen.registered.value {
        Registered::Present(_) => Some(true),
        Registered::Missing { .. } => Some(false),
        Registered::Unknown { .. } => None,
    }
}
