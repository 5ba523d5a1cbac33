//! What the host must do about signals, exits and deadlines: a pure state machine.
//!
//! [`RunLoop::step`] takes one [`Event`] and gives the [`Effect`]s that follow. Time is an argument: [`RunLoop::deadline`] says when
//! the next [`Event::Tick`] is due, so there is no timer that could be stale.

use std::time::Duration;

use crate::model::{Exit, IncidentKind, RestartPolicy};

/// The host was asked to stop, or its gateway was, and everything ended in time.
pub const STOPPED: i32 = 0;
/// The gateway failed too often; it is not started again by itself.
pub const GAVE_UP: i32 = 3;
/// The drain deadline passed and the whole group was killed; as timeout(1) says it.
pub const KILLED: i32 = 124;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// From SIGTERM to the kill of the whole group.
    pub drain: Duration,
    /// What a second signal leaves of the drain.
    pub hurry: Duration,
    /// How long a killed process may take to vanish; one in an uninterruptible wait may never.
    pub reap: Duration,
    pub first_delay: Duration,
    pub longest_delay: Duration,
    /// A run this long makes the next delay the first one again.
    pub stable: Duration,
    /// An exit with success before this is no planned restart: without a delay it would spin.
    pub brief: Duration,
    /// The failure that makes `burst` of them within `window` is the last one.
    pub burst: usize,
    pub window: Duration,
    /// A terminal that goes away ends the host; a detached host has none.
    pub hangup_stops: bool,
}

/// As long as a real gateway may take from exec to its first answer (A33).
const START_ATTEMPT: Duration = Duration::from_secs(120);
const LONGEST_DELAY: Duration = Duration::from_secs(60);

impl Rules {
    pub fn new(policy: &RestartPolicy) -> Self {
        // A window shorter than the failing attempts never trips (A4): it holds `burst` of the longest ones by construction.
        let attempts = (START_ATTEMPT + LONGEST_DELAY) * policy.burst;
        Self {
            drain: seconds(policy.stop_timeout_s),
            hurry: Duration::from_secs(3),
            reap: Duration::from_secs(5),
            first_delay: Duration::from_secs(1),
            longest_delay: LONGEST_DELAY,
            stable: START_ATTEMPT,
            brief: Duration::from_secs(10),
            burst: usize::try_from(policy.burst).unwrap_or(usize::MAX),
            window: attempts.max(seconds(policy.interval_s)),
            hangup_stops: true,
        }
    }
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(count.into())
}

#[derive(Clone, Debug, PartialEq)]
pub struct RunLoop {
    rules: Rules,
    phase: Phase,
    /// Failures in a row since the last stable run; the exponent of the delay.
    streak: u32,
    /// When the failures within the window happened.
    failures: Vec<Duration>,
    restarts: u32,
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
    Running {
        pid: u32,
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
        Self { rules, phase: Phase::Idle, streak: 0, failures: Vec::new(), restarts: 0, dice: seed }
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
            Phase::Idle | Phase::Starting { .. } | Phase::Running { .. } | Phase::Ended(_) => None,
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
            Event::Hangup if self.rules.hangup_stops => self.stop(now),
            Event::Hangup => Vec::new(),
            Event::Restart { authorised: true } => self.restart(now),
            Event::Restart { authorised: false } => self.ignored(),
            Event::Tick => self.tick(now),
        };
        (self, effects)
    }

    fn begin(&mut self) -> Vec<Effect> {
        if self.phase == Phase::Idle { self.start() } else { Vec::new() }
    }

    fn adopted(&mut self, pid: u32) -> Vec<Effect> {
        if self.phase == Phase::Idle {
            self.phase = Phase::Running { pid };
        }
        Vec::new()
    }

    fn start(&mut self) -> Vec<Effect> {
        self.phase = Phase::Starting { stop: false };
        vec![Effect::Start]
    }

    fn started(&mut self, now: Duration, pid: u32) -> Vec<Effect> {
        let Phase::Starting { stop } = self.phase else { return Vec::new() };
        self.phase = Phase::Running { pid };
        let mut effects = vec![Effect::Note(IncidentKind::Started)];
        if stop {
            effects.extend(self.terminate(now, pid, Then::Exit));
        }
        effects
    }

    fn start_failed(&mut self, now: Duration) -> Vec<Effect> {
        match self.phase {
            Phase::Starting { stop: true } => self.end(Ending::Stopped, STOPPED),
            Phase::Starting { stop: false } => self.failed(now, Duration::ZERO),
            Phase::Idle
            | Phase::Running { .. }
            | Phase::Waiting { .. }
            | Phase::Stopping { .. }
            | Phase::Killing { .. }
            | Phase::Ended(_) => Vec::new(),
        }
    }

    /// What is left of the group would hold the port against the next start, so it goes first.
    fn exited(&mut self, now: Duration, pid: u32, exit: Option<Exit>, uptime: Duration) -> Vec<Effect> {
        let mut effects = vec![Effect::KillGroup { pid }];
        effects.extend(match self.phase {
            Phase::Running { .. } => self.ended_by_itself(now, exit, uptime),
            Phase::Stopping { then: Then::Exit, .. } => self.stopped(exit_code(exit)),
            Phase::Killing { then: Then::Exit, .. } => self.stopped(KILLED),
            Phase::Stopping { then: Then::Start, .. } | Phase::Killing { then: Then::Start, .. } => {
                self.start_afresh()
            }
            Phase::Idle | Phase::Starting { .. } | Phase::Waiting { .. } | Phase::Ended(_) => Vec::new(),
        });
        effects
    }

    fn ended_by_itself(&mut self, now: Duration, exit: Option<Exit>, uptime: Duration) -> Vec<Effect> {
        let succeeded = exit.is_some_and(Exit::is_success);
        if exit.is_some_and(Exit::is_config_error) {
            return noted(
                IncidentKind::ConfigError,
                self.end(Ending::ConfigError, crate::model::EXIT_CONFIG),
            );
        }
        // The gateway exits with success to be started again (OC 9.4).
        if succeeded && uptime >= self.rules.brief {
            self.restarts += 1;
            return noted(IncidentKind::Restarted, self.start_afresh());
        }
        let kind = if succeeded { IncidentKind::Restarted } else { IncidentKind::Crash };
        noted(kind, self.failed(now, uptime))
    }

    fn failed(&mut self, now: Duration, uptime: Duration) -> Vec<Effect> {
        self.streak = if uptime >= self.rules.stable { 1 } else { self.streak.saturating_add(1) };
        self.failures.retain(|at| now.saturating_sub(*at) < self.rules.window);
        self.failures.push(now);
        if self.failures.len() >= self.rules.burst {
            return noted(IncidentKind::GaveUp, self.end(Ending::GaveUp, GAVE_UP));
        }
        self.phase = Phase::Waiting { until: now + self.delay() };
        Vec::new()
    }

    /// Doubles with each failure in a row; up to a fifth is added by chance, so that several gateways don't start in step.
    fn delay(&mut self) -> Duration {
        let doublings = self.streak.saturating_sub(1).min(16);
        let delay = self.rules.first_delay.saturating_mul(1 << doublings).min(self.rules.longest_delay);
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let chance = u32::try_from(self.dice >> 33).unwrap_or_default() % 1000;
        (delay + delay * chance / 5000).min(self.rules.longest_delay)
    }

    fn start_afresh(&mut self) -> Vec<Effect> {
        self.streak = 0;
        self.start()
    }

    fn stop(&mut self, now: Duration) -> Vec<Effect> {
        match self.phase {
            Phase::Idle | Phase::Waiting { .. } => self.stopped(STOPPED),
            Phase::Starting { .. } => {
                self.phase = Phase::Starting { stop: true };
                Vec::new()
            }
            Phase::Running { pid } => self.terminate(now, pid, Then::Exit),
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

    fn terminate(&mut self, now: Duration, pid: u32, then: Then) -> Vec<Effect> {
        self.phase = Phase::Stopping { pid, then, until: now + self.rules.drain, signals: 1 };
        vec![Effect::Terminate { pid }]
    }

    fn kill(&mut self, now: Duration, pid: u32, then: Then) -> Vec<Effect> {
        self.phase = Phase::Killing { pid, then, until: now + self.rules.reap };
        vec![Effect::KillGroup { pid }]
    }

    fn restart(&mut self, now: Duration) -> Vec<Effect> {
        match self.phase {
            Phase::Running { pid } => self.terminate(now, pid, Then::Start),
            Phase::Waiting { .. } => self.start(),
            // A start is under way or will follow, or a stop was wanted after it.
            Phase::Idle
            | Phase::Starting { .. }
            | Phase::Stopping { .. }
            | Phase::Killing { .. }
            | Phase::Ended(_) => Vec::new(),
        }
    }

    fn ignored(&self) -> Vec<Effect> {
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

    fn tick(&mut self, now: Duration) -> Vec<Effect> {
        if self.deadline().is_none_or(|due| now < due) {
            return Vec::new();
        }
        match self.phase {
            Phase::Waiting { .. } => {
                self.restarts += 1;
                self.start()
            }
            Phase::Stopping { pid, then, .. } => self.kill(now, pid, then),
            // It cannot even be killed. A second gateway beside it would be worse than none.
            Phase::Killing { .. } => self.stopped(KILLED),
            Phase::Idle | Phase::Starting { .. } | Phase::Running { .. } | Phase::Ended(_) => Vec::new(),
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
            Phase::Running { pid } | Phase::Stopping { pid, .. } | Phase::Killing { pid, .. } => Some(pid),
            Phase::Idle | Phase::Starting { .. } | Phase::Waiting { .. } | Phase::Ended(_) => None,
        }
    }
}

fn noted(kind: IncidentKind, effects: Vec<Effect>) -> Vec<Effect> {
    [vec![Effect::Note(kind)], effects].concat()
}

/// SIGTERM's number everywhere.
const SIGTERM: i32 = 15;

/// The host's code for a gateway that ended as it was told: its own failure is passed on, as a shell would.
fn exit_code(exit: Option<Exit>) -> i32 {
    match exit {
        Some(exit) if exit.is_success() => STOPPED,
        Some(Exit::Signal { signal: SIGTERM, .. }) | None => STOPPED,
        Some(Exit::Code { code }) => code,
        Some(Exit::Signal { signal, .. }) => 128 + signal,
    }
}

#[cfg(test)]
mod tests;
