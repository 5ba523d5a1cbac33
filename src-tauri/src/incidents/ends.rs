//! Which ends of processes an observation proves, and what became of them.

use jiff::{SignedDuration, Timestamp};

use super::Story;
use super::end::End;
use super::facts::{is_open, restarter};
use crate::model::{By, Exit, ExitRecord, Incident, IncidentKind, Observation, Run, Supervised};

/// Ends kept to recognise a record that arrives again.
const REMEMBERED: usize = 32;

impl Story {
    /// Fresh records of which `seen` already shows the outcome wait no longer. What came after one that it does not show is later
    /// still.
    pub(super) fn sift_fresh(&mut self, seen: &Supervised) {
        if matches!(seen, Supervised::Starting) || is_open(seen) {
            return;
        }
        let shown = self.fresh.iter().take_while(|record| !is_early(seen, record)).count();
        self.evidence.extend(self.fresh.drain(..shown));
    }

    /// Ends that are not told yet; they count as told from here on. A clean end stays evidence while it is open what follows.
    pub(super) fn new_ends(&mut self, seen: &Observation) -> Vec<End> {
        let restarts = seen.supervised.value.restarts();
        let observed = self.observed_record(seen);
        let heard = std::mem::take(&mut self.evidence);
        let heard = heard.into_iter().map(|record| with_verdict(record, observed.as_ref()));
        let heard: Vec<ExitRecord> = heard.collect();
        let mut ends = Vec::new();
        for record in heard.into_iter().chain(observed) {
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

    pub(super) fn keep(&mut self, end: End) {
        self.told.push_back(end);
        if self.told.len() > REMEMBERED {
            self.told.pop_front();
        }
    }

    /// The record in `seen`; one without a pid is of the run that was seen before it.
    pub(super) fn observed_record(&self, seen: &Observation) -> Option<ExitRecord> {
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

    pub(super) fn ended(&self, end: &End, seen: &Observation, now: Timestamp) -> Incident {
        let incident = |kind, by| Incident { kind, by, ..self.crash(end, seen, now) };
        if let Some(acting) = self.acting.as_ref().filter(|acting| acting.explains(end)) {
            return incident(acting.ended_as(), By::Gateward);
        }
        if self.was_leaving(end) {
            return match seen.supervised.value.is_wanted() {
                true => incident(IncidentKind::Restarted, By::Outside),
                false => incident(IncidentKind::Stopped, By::Outside),
            };
        }
        if end.is_failure() {
            return self.crash(end, seen, now);
        }
        match seen.supervised.value.is_wanted() {
            true => incident(IncidentKind::Restarted, restarter(&seen.supervised.value)),
            // With `Restart=always` a clean end stays an end only when somebody asked the manager for it.
            false => incident(IncidentKind::Stopped, By::Outside),
        }
    }

    /// Somebody else's stop, seen under way, explains a failing end too, unless the manager names a cause of its own.
    pub(super) fn was_leaving(&self, end: &End) -> bool {
        let own_cause = ["watchdog", "oom-kill", "core-dump"];
        let named = end.result.as_deref().is_some_and(|result| own_cause.contains(&result));
        self.leaving.is_some() && self.leaving == end.pid && !named
    }

    pub(super) fn crash(&self, end: &End, seen: &Observation, now: Timestamp) -> Incident {
        let kind = match end.exit.is_some_and(Exit::is_config_error) {
            true => IncidentKind::ConfigError,
            false => IncidentKind::Crash,
        };
        let at = end.at.unwrap_or(now);
        let by = if end.result.as_deref() == Some("oom-kill") { By::OomKiller } else { By::Itself };
        Incident {
            pid: end.pid,
            exit: end.exit,
            uptime_s: self.uptime_s(end.pid, at),
            restarts: seen.supervised.value.restarts(),
            ..self.plain(kind, at, by)
        }
    }

    pub(super) fn uptime_s(&self, pid: Option<u32>, at: Timestamp) -> Option<u64> {
        let run = self.run.as_ref().filter(|run| pid.is_none_or(|pid| pid == run.pid))?;
        u64::try_from(at.duration_since(run.since?).as_secs()).ok()
    }

    /// A run that is gone without any record of how it ended.
    pub(super) fn vanished(&mut self, seen: &Observation, now: Timestamp) -> Option<Incident> {
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
        // When it ended is not known: the action that is over by now may have done it, or its last moment.
        let undated = End { at: None, ..end.clone() };
        let by = match (&self.acting, kind) {
            (Some(acting), _) if acting.explains(&undated) => By::Gateward,
            (_, IncidentKind::Restarted) => restarter(&seen.supervised.value),
            (_, _) => By::Outside,
        };
        self.keep(end);
        let uptime_s = self.uptime_s(Some(run.pid), now);
        let restarts = seen.supervised.value.restarts();
        Some(Incident { pid: Some(run.pid), uptime_s, restarts, ..self.plain(kind, now, by) })
    }

    /// Whether the end of `run` is told; an older process of the same pid ended before it began.
    pub(super) fn has_told(&self, run: &Run) -> bool {
        let began_before =
            |at: Timestamp| run.since.is_none_or(|since| at >= since - SignedDuration::from_secs(1));
        self.told.iter().any(|end| end.pid == Some(run.pid) && end.at.is_none_or(began_before))
    }
}

/// Whether `record` is of an end that came after `seen` was true: of the process that runs there, or of a later one than that whose
/// end is the last there.
fn is_early(seen: &Supervised, record: &ExitRecord) -> bool {
    let Some(ended) = record.pid else { return false };
    match seen.pid() {
        Some(running) => running == ended,
        None => seen.last_exit().and_then(|last| last.pid).is_some_and(|last| last != ended),
    }
}

/// The kernel tells how a process ended, and only the manager whether somebody had asked for it.
fn with_verdict(heard: ExitRecord, observed: Option<&ExitRecord>) -> ExitRecord {
    let same = |record: &&ExitRecord| record.pid == heard.pid && record.exit == heard.exit;
    let told = observed.filter(same).and_then(|record| record.result.clone());
    ExitRecord { result: heard.result.clone().or(told), ..heard }
}
