//! The engine's decisions: what an event changes, and what is to be done about it. Pure: clock and machine are arguments.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::identity::Identity;
use crate::incidents::{Patience, Story, Tell, Trouble};
use crate::model::{
    Action, Busy, By, Credentials, GatewayState, Incident, IncidentKind, Manager, Notice, Observation,
    Request, SCHEMA, Verdict,
};
use crate::problem::Problem;
use crate::system::{Hint, Watch};
use crate::verdict::{prospects, remarks};

mod kept;
mod observing;
mod requests;

/// Everything the engine knows of one gateway.
#[derive(Clone, Debug)]
pub struct Model {
    profile: String,
    config_path: String,
    manager: Manager,
    observation: Option<Observation>,
    verdict: Verdict,
    /// Newest first.
    incidents: VecDeque<Incident>,
    busy: Option<Busy>,
    problem: Option<Problem>,
    credentials: Option<Credentials>,
    looking: Looking,
    /// The last observation looked like a passing state; the next one decides.
    doubted: bool,
    watches: BTreeMap<Watch, Standing>,
    story: Story,
    trouble: Trouble,
    last: Option<Moment>,
    /// How long past starts took, from this and earlier lives of ours.
    starts: Vec<Duration>,
    /// The process that was seen before it was ready: its start can be timed.
    starting: Option<u32>,
    /// The process that has answered that it is ready.
    answered: Option<u32>,
    /// Who was seen asking for a stop, and when.
    stopper: Option<(By, Moment)>,
    leaving: bool,
}

/// Both clocks at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The wall clock; it may jump.
    pub wall: Timestamp,
    /// Never jumps; stands still while the machine sleeps.
    pub clock: Duration,
    /// How long the machine has slept since it was started.
    pub slept: Duration,
}

/// At most one observation is under way.
#[derive(Clone, Copy, Debug, Default)]
struct Looking {
    under_way: bool,
    /// Another one is wanted after it.
    again: bool,
    /// It began before something that it may not have seen.
    is_stale: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Opening,
    Works,
    Lost,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Begun,
    /// The database's newest incidents.
    Remembered(Vec<Incident>),
    Asked(Request),
    Hinted(Hint),
    Observed(Look),
    Done {
        action: Action,
        result: Result<Look, Problem>,
    },
    /// The last lines of the process whose end `of` is.
    WordsRead {
        of: Incident,
        lines: Vec<String>,
    },
    /// The database has `incident` under `id`.
    Stored {
        incident: Incident,
        id: i64,
    },
    StoreFailed(Problem),
    /// How long past starts took.
    StartsKnown(Vec<Duration>),
    /// What happened while nobody watched.
    Backfilled(Vec<Incident>),
    /// Somebody was seen asking the manager for a stop or restart.
    StopperFound(By),
    /// A stop under way could not be ended.
    NotCutShort(Problem),
    /// A change of an earlier Gateward was cut off in the middle.
    ChangeInterrupted(Problem),
    /// Somebody has looked at the credentials.
    Credentials(Credentials),
    /// Something about a credential is to be told and kept.
    CredentialNews {
        notice: Notice,
        incident: Incident,
    },
    TimerFired,
}

/// An observation with the watches under which it stays true.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub seen: Observation,
    pub watches: Vec<Watch>,
    /// Tells one text of OpenClaw's configuration from another; `None` where there is none to read.
    pub config: Option<u64>,
    /// What counts as trouble by now.
    pub patience: Patience,
}

/// What is to be done. Effects run beside the loop and come back as events.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Observe,
    Act(Action),
    /// A start took this long.
    LearnStart(Duration),
    /// Looks who asks the manager for the stop that has just begun.
    FindStopper,
    /// Reads what happened since then, or for some days, while nobody watched.
    Backfill {
        since: Option<Timestamp>,
    },
    /// Ends a stop under way at once.
    CutShort,
    /// The whole set of watches to have from now on.
    Watch(Vec<Watch>),
    ReadLastWords(Incident),
    Store(Incident),
    /// Shows the notice of this incident.
    Notify(Incident),
    /// Shows a notice that no incident is behind.
    Tell(Notice),
    /// Takes the notices about trouble back.
    CloseNotice,
    /// One timer: the new one replaces the old one.
    Arm(Duration),
    /// Says nothing about this credential for a while.
    RemindLater(String),
    Publish,
    Quit,
}

/// The wall clock has jumped, or the machine has slept, when the two clocks disagree by this much.
const JUMP: SignedDuration = SignedDuration::from_secs(10);

pub fn update(model: &mut Model, now: Moment, event: Event) -> Vec<Effect> {
    let jumped = model.keep_time(now);
    let mut effects = match event {
        Event::Begun | Event::TimerFired => model.look().into_iter().collect(),
        Event::Remembered(incidents) => model.remembered(incidents),
        Event::Asked(request) => model.asked(request, now),
        Event::Hinted(hint) => model.hinted(hint),
        Event::Observed(look) => model.observed(look, now),
        Event::Done { action: _, result } => model.done(result, now),
        Event::WordsRead { of, lines } => model.words_read(&of, &lines),
        Event::Stored { incident, id } => model.stored(&incident, id),
        Event::StoreFailed(problem) | Event::NotCutShort(problem) | Event::ChangeInterrupted(problem) => {
            model.fails(problem)
        }
        Event::Credentials(credentials) => {
            model.credentials = Some(credentials);
            vec![Effect::Publish]
        }
        Event::CredentialNews { notice, incident } => model.credential_news(notice, incident),
        Event::StartsKnown(starts) => model.starts_known(starts),
        Event::Backfilled(past) => model.backfilled(past),
        Event::StopperFound(by) => model.stopper_found(by, now),
    };
    if !jumped.is_empty() {
        effects.extend(jumped.into_iter().map(Effect::Store));
        effects.extend(model.look());
        effects.push(Effect::Publish);
    }
    effects
}

impl Model {
    pub fn new(id: &Identity, manager: Manager) -> Self {
        let profile = id.profile.to_string();
        Self {
            story: Story::new(&profile),
            profile,
            config_path: id.config_path.clone(),
            manager,
            observation: None,
            verdict: Verdict::Unknown,
            incidents: VecDeque::new(),
            busy: None,
            problem: None,
            credentials: None,
            looking: Looking::default(),
            doubted: false,
            watches: BTreeMap::new(),
            trouble: Trouble::default(),
            last: None,
            starts: Vec::new(),
            starting: None,
            answered: None,
            stopper: None,
            leaving: false,
        }
    }

    /// The value all views are drawn from; `None` before the first observation.
    pub fn state(&self) -> Option<GatewayState> {
        Some(GatewayState {
            schema: SCHEMA,
            profile: self.profile.clone(),
            manager: self.manager,
            verdict: self.verdict,
            remarks: remarks(self.observation.as_ref()?),
            prospects: prospects(self.manager, self.observation.as_ref()?),
            observation: self.observation.clone()?,
            incidents: self.incidents.iter().cloned().collect(),
            busy: self.busy.clone(),
            problem: self.problem.clone(),
            credentials: self.credentials.clone(),
        })
    }

    /// The incidents that the clocks tell of: the machine has slept, or the wall clock was set. Both make moments from before
    /// meaningless for durations.
    fn keep_time(&mut self, now: Moment) -> Vec<Incident> {
        let Some(last) = self.last.replace(now) else { return Vec::new() };
        let span = |to: Duration, from: Duration| {
            SignedDuration::try_from(to.saturating_sub(from)).unwrap_or_default()
        };
        let slept = span(now.slept, last.slept);
        let set = now.wall.duration_since(last.wall) - span(now.clock, last.clock) - slept;
        let told: Vec<Incident> =
            [self.woken(slept, now), self.clock_set(set, now)].into_iter().flatten().collect();
        // Where the system does not tell of sleep, only a wall clock that ran on alone speaks of it.
        if slept + set >= JUMP {
            self.trouble.wakes(now.clock);
        }
        if !told.is_empty() {
            self.trouble.restart_clocks();
            self.story.restart_clock();
        }
        told.iter().for_each(|incident| self.keep(incident.clone()));
        told
    }

    fn woken(&self, slept: SignedDuration, now: Moment) -> Option<Incident> {
        let plain = Incident::plain(&self.profile, IncidentKind::Slept, now.wall, By::Outside);
        (slept >= JUMP).then(|| Incident { uptime_s: u64::try_from(slept.as_secs()).ok(), ..plain })
    }

    fn clock_set(&self, by: SignedDuration, now: Moment) -> Option<Incident> {
        let plain = Incident::plain(&self.profile, IncidentKind::ClockJumped, now.wall, By::Outside);
        (by.abs() >= JUMP).then(|| Incident { detail: Some(format!("{:+} s", by.as_secs())), ..plain })
    }

    fn look(&mut self) -> Option<Effect> {
        if self.looking.under_way {
            self.looking.again = true;
            return None;
        }
        self.looking.under_way = true;
        self.story.looks();
        Some(Effect::Observe)
    }
}

fn notices(tells: Vec<Tell>) -> Vec<Effect> {
    let effect = |tell| match tell {
        Tell::Show(incident) => Effect::Notify(incident),
        Tell::Close => Effect::CloseNotice,
    };
    tells.into_iter().map(effect).collect()
}

#[cfg(test)]
mod tests;
