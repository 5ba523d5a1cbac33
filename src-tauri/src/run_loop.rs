//! What the host must do about signals, exits and deadlines: a pure state machine.
//!
//! [`RunLoop::step`] takes one [`Event`] and gives the [`Effect`]s that follow. Time is an argument: [`RunLoop::deadline`] says when
//! the next [`Event::Tick`] is due, so there is no timer that could be stale. docs/host.md has the table of states and signals.

use std::time::Duration;

use crate::model::{Exit, IncidentKind};

mod life;
mod rules;
mod stopping;

pub use rules::{LONGEST_DRAIN, Rules};

/// The host was asked to stop, or its gateway was, and everything ended in time.
pub const STOPPED: i32 = 0;
/// The gateway failed too often; it is not started again by itself.
pub const GAVE_UP: i32 = 3;
/// The drain deadline passed and the whole group was killed; as timeout(1) says it.
pub const KILLED: i32 = 124;

#[derive(Clone, Debug, PartialEq)]
pub struct RunLoop {
    rules: Rules,
    phase: Phase,
    /// Failures in a row since the last stable run; the exponent of the delay.
    streak: u32,
    /// When the failures within the window happened.
    failures: Vec<Duration>,
    restarts: u32,
    /// When a restart on request was last begun.
    renewed: Option<Duration>,
    dice: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has been started yet.
    Idle,
    /// A start is under way; a stop that came meanwhile waits for its outcome.
    Starting {
        stop: bool,
    },
    /// `renew` is when a requested restart begins that had to wait for the cool-down.
    Running {
        pid: u32,
        renew: Option<Duration>,
    },
    /// It ended and is started again at `until`.
    Waiting {
        until: Duration,
    },
    /// It was told to end, and is killed at `until`.
    Stopping {
        pid: u32,
        then: Then,
        until: Duration,
        signals: u32,
    },
    /// Its group was killed, and is given up at `until`.
    Killing {
        pid: u32,
        then: Then,
        until: Duration,
    },
    Ended(Ending),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Exit,
    Start,
}

/// Why the host is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Stopped,
    GaveUp,
    ConfigError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Begin,
    /// An earlier host's gateway was found alive and proven.
    Adopted {
        pid: u32,
    },
    Started {
        pid: u32,
    },
    StartFailed,
    /// `exit` is unknown for an adopted process: it is not our child.
    Exited {
        pid: u32,
        exit: Option<Exit>,
        uptime: Duration,
    },
    /// SIGTERM, SIGINT, or the end of the session.
    Stop,
    /// SIGQUIT: whoever waits for the drain waits no longer.
    Force,
    /// SIGHUP.
    Hangup,
    /// SIGUSR1.
    Restart {
        authorised: bool,
    },
    /// [`RunLoop::deadline`] passed.
    Tick,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Start,
    /// SIGTERM to the gateway itself, not to its group: its helpers are its own to stop (systemd's KillMode=mixed).
    Terminate {
        pid: u32,
    },
    /// SIGKILL to what is left of the group.
    KillGroup {
        pid: u32,
    },
    Note(IncidentKind),
    Exit(i32),
}

impl RunLoop {
    /// `seed` decides the jitter.
    pub fn new(rules: Rules, seed: u64) -> Self {
        Self {
            rules,
            phase: Phase::Idle,
            streak: 0,
            failures: Vec::new(),
            restarts: 0,
            renewed: None,
            dice: seed,
        }
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Automatic restarts so far.
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// When [`Event::Tick`] is due.
    pub fn deadline(&self) -> Option<Duration> {
        match self.phase {
            Phase::Waiting { until } | Phase::Stopping { until, .. } | Phase::Killing { until, .. } => {
                Some(until)
            }
            Phase::Running { renew, .. } => renew,
            Phase::Idle | Phase::Starting { .. } | Phase::Ended(_) => None,
        }
    }

    /// `now` is time on a clock that never jumps.
    #[must_use]
    pub fn step(mut self, now: Duration, event: Event) -> (Self, Vec<Effect>) {
        let effects = match event {
            Event::Begin => self.begin(),
            Event::Adopted { pid } => self.adopted(pid),
            Event::Started { pid } => self.started(now, pid),
            Event::StartFailed => self.start_failed(now),
            Event::Exited { pid, exit, uptime } if self.phase.pid() == Some(pid) => {
                self.exited(now, pid, exit, uptime)
            }
            Event::Exited { .. } => Vec::new(),
            Event::Stop => self.stop(now),
            Event::Force => self.force(now),
            Event::Hangup if self.rules.hangup_stops => self.stop(now),
            Event::Hangup => Vec::new(),
            Event::Restart { authorised: true } => self.restart(now),
            Event::Restart { authorised: false } => self.ignored(),
            Event::Tick => self.tick(now),
        };
        (self, effects)
    }

    fn tick(&mut self, now: Duration) -> Vec<Effect> {
        if self.deadline().is_none_or(|due| now < due) {
            return Vec::new();
        }
        match self.phase {
            Phase::Waiting { .. } => {
                self.restarts += 1;
                self.start()
            }
            Phase::Running { pid, .. } => self.renew(now, pid),
            Phase::Stopping { pid, then, .. } => {
                noted(IncidentKind::KilledAtDeadline, self.kill(now, pid, then))
            }
            // It cannot even be killed. A second gateway beside it would be worse than none.
            Phase::Killing { .. } => self.stopped(KILLED),
            Phase::Idle | Phase::Starting { .. } | Phase::Ended(_) => Vec::new(),
        }
    }

    fn stopped(&mut self, code: i32) -> Vec<Effect> {
        noted(IncidentKind::Stopped, self.end(Ending::Stopped, code))
    }

    fn end(&mut self, ending: Ending, code: i32) -> Vec<Effect> {
        self.phase = Phase::Ended(ending);
        vec![Effect::Exit(code)]
    }
}

impl Phase {
    /// The process that lives, as far as the loop knows.
    pub fn pid(self) -> Option<u32> {
        match self {
            Phase::Running { pid, .. } | Phase::Stopping { pid, .. } | Phase::Killing { pid, .. } => {
                Some(pid)
            }
            Phase::Idle | Phase::Starting { .. } | Phase::Waiting { .. } | Phase::Ended(_) => None,
        }
    }
}

fn noted(kind: IncidentKind, effects: Vec<Effect>) -> Vec<Effect> {
    [vec![Effect::Note(kind)], effects].concat()
}

#[cfg(test)]
mod tests;
