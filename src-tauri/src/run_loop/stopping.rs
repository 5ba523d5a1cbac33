//! Stops and restarts on request, and the clock they run against.

use std::time::Duration;

use super::{Effect, Phase, RunLoop, STOPPED, Then};
use crate::model::IncidentKind;

impl RunLoop {
    pub(super) fn stop(&mut self, now: Duration) -> Vec<Effect> {
        match self.phase {
            Phase::Idle | Phase::Waiting { .. } => self.stopped(STOPPED),
            Phase::Starting { .. } => {
                self.phase = Phase::Starting { stop: true };
                Vec::new()
            }
            Phase::Running { pid, .. } => self.terminate(now, pid, Then::Exit),
            Phase::Stopping { pid, then: Then::Start, until, signals } => {
                self.phase = Phase::Stopping { pid, then: Then::Exit, until, signals };
                Vec::new()
            }
            Phase::Stopping { pid, then: Then::Exit, until, signals } => {
                self.hurry(now, pid, until, signals + 1)
            }
            Phase::Killing { pid, until, .. } => {
                self.phase = Phase::Killing { pid, then: Then::Exit, until };
                Vec::new()
            }
            Phase::Ended(_) => Vec::new(),
        }
    }

    /// The second signal shortens the wait, the third one ends it.
    fn hurry(&mut self, now: Duration, pid: u32, until: Duration, signals: u32) -> Vec<Effect> {
        if signals > 2 {
            return self.kill(now, pid, Then::Exit);
        }
        let until = until.min(now + self.rules.hurry);
        self.phase = Phase::Stopping { pid, then: Then::Exit, until, signals };
        Vec::new()
    }

    /// A stop without a drain. What a restart was to start stays to be started.
    pub(super) fn force(&mut self, now: Duration) -> Vec<Effect> {
        match self.phase {
            Phase::Running { pid, .. } => self.kill(now, pid, Then::Exit),
            Phase::Stopping { pid, then, .. } => self.kill(now, pid, then),
            Phase::Idle | Phase::Starting { .. } | Phase::Waiting { .. } => self.stop(now),
            Phase::Killing { .. } | Phase::Ended(_) => Vec::new(),
        }
    }

    pub(super) fn terminate(&mut self, now: Duration, pid: u32, then: Then) -> Vec<Effect> {
        self.phase = Phase::Stopping { pid, then, until: now + self.rules.drain, signals: 1 };
        vec![Effect::Terminate { pid }]
    }

    pub(super) fn kill(&mut self, now: Duration, pid: u32, then: Then) -> Vec<Effect> {
        self.phase = Phase::Killing { pid, then, until: now + self.rules.reap };
        vec![Effect::KillGroup { pid }]
    }

    /// One restart answers all requests until it is done; the next one waits for the cool-down (OC 9.2).
    pub(super) fn restart(&mut self, now: Duration) -> Vec<Effect> {
        match self.phase {
            Phase::Running { pid, renew: None } => match self.cool_at().filter(|at| now < *at) {
                Some(at) => {
                    self.phase = Phase::Running { pid, renew: Some(at) };
                    Vec::new()
                }
                None => self.renew(now, pid),
            },
            Phase::Waiting { .. } => self.start(),
            // It is due already, or a start is under way or will follow, or a stop was wanted after it.
            Phase::Running { renew: Some(_), .. }
            | Phase::Idle
            | Phase::Starting { .. }
            | Phase::Stopping { .. }
            | Phase::Killing { .. }
            | Phase::Ended(_) => Vec::new(),
        }
    }

    fn cool_at(&self) -> Option<Duration> {
        self.renewed.map(|at| at + self.rules.cool_down)
    }

    pub(super) fn renew(&mut self, now: Duration, pid: u32) -> Vec<Effect> {
        self.renewed = Some(now);
        self.terminate(now, pid, Then::Start)
    }

    pub(super) fn ignored(&self) -> Vec<Effect> {
        match self.phase {
            Phase::Ended(_) => Vec::new(),
            Phase::Idle
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Waiting { .. }
            | Phase::Stopping { .. }
            | Phase::Killing { .. } => vec![Effect::Note(IncidentKind::SignalIgnored)],
        }
    }
}
