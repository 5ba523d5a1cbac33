//! Which incidents a person is told of: the first crash, then only what is worse, then the recovery. Never one notice per crash
//! (A4).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Incident, IncidentKind, Verdict};

/// How far a person has been told.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    patience: Patience,
    stage: Stage,
    /// The recovery from this stage is told as well.
    is_over: bool,
    /// Since when every observation found it silent.
    silent_since: Option<Duration>,
    /// Until it has been well for long: a gateway that hangs now and then is told of once.
    hung_told: bool,
    ready_since: Option<Duration>,
    /// Whose notice is on the screen.
    shown: Option<Incident>,
    /// When the machine woke last.
    awake_since: Option<Duration>,
}

/// What counts as trouble, and as its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Silent for so long is a hang; one slow answer is none.
    pub hung_after: Duration,
    /// As long as it must be well before the next crash counts as a first one again.
    pub calm_after: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { hung_after: Duration::from_secs(10), calm_after: Duration::from_secs(600) }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    #[default]
    Calm,
    Hung,
    Crash,
    Loop,
    /// Nobody restarts it any more.
    Down,
}

/// What to do about notices.
#[derive(Clone, Debug, PartialEq)]
pub enum Tell {
    Show(Incident),
    /// The trouble that was shown is over.
    Close,
}

/// So long after sleep a crash that mends itself, and silence, are the sleep's doing and no news (A22).
const WAKING: Duration = Duration::from_secs(60);

/// So many crashes within [`LOOP_WINDOW`] are a loop.
const LOOP_CRASHES: usize = 3;
const LOOP_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// The key of all notices about one gateway's trouble: the newest replaces the one before, and the recovery closes it.
pub fn trouble_key(profile: &str) -> String {
    format!("{profile}/trouble")
}

/// Whether the newest incidents, or the manager itself, say that it crashes again and again.
pub fn is_loop(incidents: &[Incident], verdict: Verdict, now: Timestamp) -> bool {
    verdict == Verdict::CrashLoop || recent_crashes(incidents, now) >= LOOP_CRASHES
}

/// Crashes in the ten minutes before `now`.
pub fn recent_crashes(incidents: &[Incident], now: Timestamp) -> usize {
    let is_recent = |incident: &&Incident| {
        incident.kind == IncidentKind::Crash && now.duration_since(incident.at) < LOOP_WINDOW
    };
    incidents.iter().filter(is_recent).count()
}

impl Trouble {
    /// From now on something else counts as trouble.
    pub fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// Which of the incidents just told a person should hear of. `looping` is [`is_loop`], they included.
    pub fn weigh(&mut self, new: &[Incident], looping: bool, clock: Duration) -> Vec<Tell> {
        if new.iter().any(|incident| ends_trouble(incident.kind)) {
            return self.forget();
        }
        let worst = new
            .iter()
            .filter_map(|incident| stage(incident.kind, looping).map(|stage| (stage, incident)))
            .max_by_key(|(stage, _)| *stage);
        let Some((stage, incident)) = worst else { return Vec::new() };
        self.ready_since = None;
        // A hang is another matter than the crash before it; it is told once by itself.
        if stage <= self.stage && stage != Stage::Hung {
            return Vec::new();
        }
        if stage <= Stage::Crash && self.is_waking(clock) {
            return Vec::new();
        }
        self.stage = self.stage.max(stage);
        self.is_over = false;
        self.shown = Some(incident.clone());
        vec![Tell::Show(incident.clone())]
    }

    /// Whether the newest notice is of this incident, so that it may be completed in place.
    pub fn shows(&self, incident: &Incident) -> bool {
        let is_same =
            |own: &Incident| (own.kind, own.pid, own.at) == (incident.kind, incident.pid, incident.at);
        self.shown.as_ref().is_some_and(is_same) && !self.is_over
    }

    /// A person acts: they know, and what comes after is news again.
    pub fn forget(&mut self) -> Vec<Tell> {
        let shown = self.stage != Stage::Calm && !self.is_over;
        *self = Self { patience: self.patience, awake_since: self.awake_since, ..Self::default() };
        if shown { vec![Tell::Close] } else { Vec::new() }
    }

    /// After sleep or a jump of the clock nothing can be said of how long it has been silent (A22).
    pub fn restart_clocks(&mut self) {
        self.silent_since = None;
        self.ready_since = None;
    }

    /// The machine has slept until `clock`.
    pub fn wakes(&mut self, clock: Duration) {
        self.awake_since = Some(clock);
    }

    fn is_waking(&self, clock: Duration) -> bool {
        self.awake_since.is_some_and(|since| clock.saturating_sub(since) < WAKING)
    }

    /// Follows the verdict over time: whether the gateway has hung or recovered by now.
    pub fn follow(&mut self, verdict: Verdict, clock: Duration) -> Option<IncidentKind> {
        self.silent_since = (verdict == Verdict::Hung).then(|| self.silent_since.unwrap_or(clock));
        self.ready_since = (verdict == Verdict::Ready).then(|| self.ready_since.unwrap_or(clock));
        if self.has_hung(clock) {
            self.hung_told = true;
            return Some(IncidentKind::Hung);
        }
        let ready_for = self.ready_since.map(|since| clock.saturating_sub(since))?;
        self.recovery(ready_for)
    }

    fn has_hung(&self, clock: Duration) -> bool {
        let silent =
            self.silent_since.is_some_and(|since| clock.saturating_sub(since) >= self.patience.hung_after);
        silent && !self.hung_told && !self.is_waking(clock)
    }

    fn recovery(&mut self, ready_for: Duration) -> Option<IncidentKind> {
        // In a loop every start looks like a recovery.
        let needed = if self.stage == Stage::Loop { self.patience.calm_after } else { Duration::ZERO };
        let recovers = self.stage != Stage::Calm && !self.is_over && ready_for >= needed;
        if recovers {
            self.is_over = true;
        }
        if self.is_over && (ready_for >= self.patience.calm_after || self.stage == Stage::Down) {
            self.stage = Stage::Calm;
            self.hung_told = false;
        }
        recovers.then_some(IncidentKind::Recovered)
    }

    /// Notices for what [`Trouble::follow`] told.
    pub fn tell(&mut self, incident: &Incident, clock: Duration) -> Vec<Tell> {
        match incident.kind {
            IncidentKind::Recovered => vec![Tell::Close, Tell::Show(incident.clone())],
            IncidentKind::Started
            | IncidentKind::Stopped
            | IncidentKind::Restarted
            | IncidentKind::Crash
            | IncidentKind::GaveUp
            | IncidentKind::ConfigError
            | IncidentKind::Hung
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
            | IncidentKind::ClockJumped
            | IncidentKind::KilledAtDeadline => self.weigh(std::slice::from_ref(incident), false, clock),
        }
    }
}

fn stage(kind: IncidentKind, looping: bool) -> Option<Stage> {
    match kind {
        IncidentKind::Crash if looping => Some(Stage::Loop),
        IncidentKind::Crash => Some(Stage::Crash),
        IncidentKind::Hung | IncidentKind::PortTaken => Some(Stage::Hung),
        IncidentKind::GaveUp | IncidentKind::ConfigError => Some(Stage::Down),
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped
        | IncidentKind::KilledAtDeadline => None,
    }
}

/// Somebody stopped or removed it on purpose: there is nothing left to worry about.
fn ends_trouble(kind: IncidentKind) -> bool {
    match kind {
        IncidentKind::Stopped | IncidentKind::Uninstalled => true,
        IncidentKind::Started
        | IncidentKind::Restarted
        | IncidentKind::Crash
        | IncidentKind::GaveUp
        | IncidentKind::ConfigError
        | IncidentKind::Hung
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::SignalIgnored
        | IncidentKind::PortTaken
        | IncidentKind::ConfigChanged
        | IncidentKind::DefinitionChanged
        | IncidentKind::VersionChanged
        | IncidentKind::Slept
        | IncidentKind::CredentialEnding
        | IncidentKind::CredentialOver
        | IncidentKind::CredentialRenewed
        | IncidentKind::ClockJumped
        | IncidentKind::KilledAtDeadline => false,
    }
}
