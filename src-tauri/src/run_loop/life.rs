//! Starts, ends by itself, and the delay between the two.

use std::time::Duration;

use super::{Effect, Ending, GAVE_UP, KILLED, Phase, RunLoop, STOPPED, Then, noted};
use crate::model::{EXIT_CONFIG, Exit, IncidentKind};

impl RunLoop {
    pub(super) fn begin(&mut self) -> Vec<Effect> {
        if self.phase == Phase::Idle { self.start() } else { Vec::new() }
    }

    pub(super) fn adopted(&mut self, pid: u32) -> Vec<Effect> {
        if self.phase == Phase::Idle {
            self.phase = Phase::Running { pid, renew: None };
        }
        Vec::new()
    }

    pub(super) fn start(&mut self) -> Vec<Effect> {
        self.phase = Phase::Starting { stop: false };
        vec![Effect::Start]
    }

    pub(super) fn started(&mut self, now: Duration, pid: u32) -> Vec<Effect> {
        let Phase::Starting { stop } = self.phase else { return Vec::new() };
        self.phase = Phase::Running { pid, renew: None };
        let mut effects = vec![Effect::Note(IncidentKind::Started)];
        if stop {
            effects.extend(self.terminate(now, pid, Then::Exit));
        }
        effects
    }

    pub(super) fn start_failed(&mut self, now: Duration) -> Vec<Effect> {
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
    pub(super) fn exited(
        &mut self,
        now: Duration,
        pid: u32,
        exit: Option<Exit>,
        uptime: Duration,
    ) -> Vec<Effect> {
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
            return noted(IncidentKind::ConfigError, self.end(Ending::ConfigError, EXIT_CONFIG));
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
