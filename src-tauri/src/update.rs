//! The engine's decisions: what an event changes, and what is to be done about it. Pure: clock and machine are arguments.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::identity::Identity;
use crate::incidents::{Patience, Story, Tell, Trouble};
use crate::model::{
    Action, Busy, Credentials, GatewayState, Incident, Manager, Notice, Observation, Request, SCHEMA, Verdict,
};
use crate::problem::Problem;
use crate::system::{Hint, Watch};

mod kept;
mod observing;
mod requests;

/// Everything the engine knows of one gateway.
#[derive(Clone, Debug)]
pub struct Model {
    profile: String,
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
    leaving: bool,
}

/// Both clocks at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The wall clock; it may jump.
    pub wall: Timestamp,
    /// Never jumps; stands still while the machine sleeps.
    pub clock: Duration,
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
    /// A stop under way could not be ended.
    NotCutShort(Problem),
    /// Somebody has looked at the credentials.
    Credentials(Credentials),
    /// Something about a credential is to be told.
    CredentialNews(Notice),
    TimerFired,
}

/// An observation with the watches under which it stays true.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub seen: Observation,
    pub watches: Vec<Watch>,
}

/// What is to be done. Effects run beside the loop and come back as events.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Observe,
    Act(Action),
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
        Event::StoreFailed(problem) | Event::NotCutShort(problem) => model.fails(problem),
        Event::Credentials(credentials) => {
            model.credentials = Some(credentials);
            vec![Effect::Publish]
        }
        Event::CredentialNews(notice) => vec![Effect::Tell(notice)],
    };
    if jumped {
        effects.extend(model.look());
    }
    effects
}

impl Model {
    pub fn new(id: &Identity, manager: Manager) -> Self {
        let profile = id.profile.to_string();
        Self {
            story: Story::new(&profile),
            profile,
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
            leaving: false,
        }
    }

    /// With another idea of what counts as trouble.
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { trouble: Trouble::new(patience), ..self }
    }

    /// The value all views are drawn from; `None` before the first observation.
    pub fn state(&self) -> Option<GatewayState> {
        Some(GatewayState {
            schema: SCHEMA,
            profile: self.profile.clone(),
            manager: self.manager,
            verdict: self.verdict,
            observation: self.observation.clone()?,
            incidents: self.incidents.iter().cloned().collect(),
            busy: self.busy.clone(),
            problem: self.problem.clone(),
            credentials: self.credentials.clone(),
        })
    }

    fn keep_time(&mut self, now: Moment) -> bool {
        let ahead = self.last.map_or(SignedDuration::ZERO, |last| {
            let wall = now.wall.duration_since(last.wall);
            let clock = SignedDuration::try_from(now.clock.saturating_sub(last.clock)).unwrap_or_default();
            wall - clock
        });
        let jumped = ahead.abs() >= JUMP;
        if jumped {
            self.trouble.restart_clocks();
            self.story.restart_clock();
        }
        // Only a wall clock that ran on alone speaks of sleep.
        if ahead >= JUMP {
            self.trouble.wakes(now.clock);
        }
        self.last = Some(now);
        jumped
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
