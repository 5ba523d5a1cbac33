//! The engine's decisions: what an event changes, and what is to be done about it. Pure: clock and machine are arguments.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::identity::Identity;
use crate::incidents::{Patience, Story, Tell, Trouble, is_loop};
use crate::model::{
    Action, Busy, By, GatewayState, Incident, IncidentKind, Manager, Observation, Request, SCHEMA, Verdict,
};
use crate::problem::{Code, Problem};
use crate::redact;
use crate::system::{Hint, Watch};
use crate::verdict::judge;

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
    /// The whole set of watches to have from now on.
    Watch(Vec<Watch>),
    ReadLastWords(Incident),
    Store(Incident),
    /// Shows the notice of this incident.
    Notify(Incident),
    /// Takes the notices about trouble back.
    CloseNotice,
    /// One timer: the new one replaces the old one.
    Arm(Duration),
    Publish,
    Quit,
}

/// Incidents kept in [`GatewayState`].
const KEPT: usize = 50;

const SAFETY_NET: Duration = Duration::from_secs(30);
/// Without working watches, and while something is wrong that no watch tells of.
const UNWATCHED: Duration = Duration::from_secs(5);
/// While something is under way: readiness shows only by asking the gateway.
const UNDER_WAY: Duration = Duration::from_secs(2);

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
        Event::StoreFailed(problem) => model.fails(problem),
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

    fn remembered(&mut self, mut incidents: Vec<Incident>) -> Vec<Effect> {
        incidents.retain(|old| !self.incidents.iter().any(|own| is_same(own, old)));
        self.incidents.extend(incidents);
        self.incidents.truncate(KEPT);
        vec![Effect::Publish]
    }

    fn asked(&mut self, request: Request, now: Moment) -> Vec<Effect> {
        match request {
            Request::Act { action } => self.begin(action, now),
            Request::Observe => self.look().into_iter().collect(),
            Request::DismissProblem => {
                self.problem = None;
                vec![Effect::Publish]
            }
            Request::Quit => {
                self.leaving = true;
                self.leave().into_iter().collect()
            }
            // The desktop's own; one that reaches an engine without a desktop is answered all the same.
            Request::Open { .. } | Request::Dashboard | Request::StartAtLogin { .. } => {
                self.fails(Problem::new(Code::NotPossibleNow))
            }
        }
    }

    fn begin(&mut self, action: Action, now: Moment) -> Vec<Effect> {
        if let Some(busy) = &self.busy {
            let under_way = busy.action.verb();
            let refusal =
                Problem::new(Code::AlreadyBusy).with("busy", under_way).with("asked", action.verb());
            return self.fails(refusal);
        }
        if self.leaving {
            return self.fails(Problem::new(Code::NotPossibleNow));
        }
        self.busy = Some(Busy { action: action.clone(), since: now.wall });
        self.story.begun(&action, now.wall);
        let mut effects = notices(self.trouble.forget());
        effects.extend([Effect::Act(action), Effect::Publish]);
        effects
    }

    fn fails(&mut self, problem: Problem) -> Vec<Effect> {
        self.problem = Some(problem);
        vec![Effect::Publish]
    }

    /// A plan is not left half done.
    fn leave(&self) -> Option<Effect> {
        (self.leaving && self.busy.is_none()).then_some(Effect::Quit)
    }

    fn hinted(&mut self, hint: Hint) -> Vec<Effect> {
        let (watch, standing) = match hint {
            Hint::Changed { watch, exit } => {
                match exit {
                    Some(record) if self.looking.under_way => self.story.heard_meanwhile(record),
                    Some(record) => self.story.heard(record),
                    None => {}
                }
                (watch, Standing::Works)
            }
            Hint::Watching { watch } => (watch, Standing::Works),
            Hint::Lost { watch, why } => {
                tracing::debug!(?watch, why, "watch lost");
                (watch, Standing::Lost)
            }
        };
        // A watch that was ended meanwhile may still have a hint under way.
        if let Some(own) = self.watches.get_mut(&watch) {
            *own = standing;
        }
        self.look().into_iter().collect()
    }

    fn observed(&mut self, look: Look, now: Moment) -> Vec<Effect> {
        let is_stale = self.looking.is_stale;
        let again = std::mem::take(&mut self.looking).again;
        if is_stale {
            return self.look().into_iter().collect();
        }
        if !self.doubted && self.story.doubts(&look.seen) {
            self.doubted = true;
            return self.look().into_iter().collect();
        }
        let mut effects = self.adopt(look, now);
        if again {
            effects.extend(self.look());
        }
        effects
    }

    fn done(&mut self, result: Result<Look, Problem>, now: Moment) -> Vec<Effect> {
        self.busy = None;
        self.looking.is_stale = self.looking.under_way;
        let mut effects = match result {
            Ok(look) => {
                self.problem = None;
                self.adopt(look, now)
            }
            Err(problem) => {
                self.problem = Some(problem);
                vec![Effect::Publish]
            }
        };
        self.story.done(now.wall);
        effects.extend(self.look());
        effects.extend(self.leave());
        effects
    }

    fn adopt(&mut self, look: Look, now: Moment) -> Vec<Effect> {
        self.doubted = false;
        let acting = self.story.is_acting();
        let mut told = self.story.tell(&look.seen, now.wall);
        self.verdict = judge(&look.seen);
        self.observation = Some(look.seen);
        told.iter().for_each(|incident| self.keep(incident.clone()));
        let mut tells = if acting { Vec::new() } else { self.weigh(&told, now) };
        if let Some(incident) = self.follow(now, acting) {
            tells.extend(self.trouble.tell(&incident, now.clock));
            self.keep(incident.clone());
            told.push(incident);
        }
        let mut effects = self.watch(look.watches);
        effects.push(Effect::Publish);
        effects.extend(notices(tells));
        effects.extend(told.into_iter().flat_map(recorded));
        effects.push(Effect::Arm(self.patience()));
        effects
    }

    fn weigh(&mut self, told: &[Incident], now: Moment) -> Vec<Tell> {
        let looping = is_loop(self.incidents.make_contiguous(), self.verdict, now.wall);
        self.trouble.weigh(told, looping, now.clock)
    }

    fn follow(&mut self, now: Moment, acting: bool) -> Option<Incident> {
        if acting {
            return None;
        }
        let kind = self.trouble.follow(self.verdict, now.clock)?;
        let pid = self.observation.as_ref().and_then(|seen| seen.supervised.value.pid());
        Some(Incident {
            id: 0,
            profile: self.profile.clone(),
            at: now.wall,
            kind,
            pid,
            exit: None,
            uptime_s: None,
            restarts: None,
            last_words: Vec::new(),
            by: By::Itself,
        })
    }

    fn keep(&mut self, incident: Incident) {
        let known = self.incidents.iter().any(|own| is_same(own, &incident));
        if !known {
            self.incidents.push_front(incident);
            self.incidents.truncate(KEPT);
        }
    }

    fn watch(&mut self, wanted: Vec<Watch>) -> Vec<Effect> {
        let before: Vec<&Watch> = self.watches.keys().collect();
        let mut sorted: Vec<&Watch> = wanted.iter().collect();
        sorted.sort();
        sorted.dedup();
        if before == sorted {
            return Vec::new();
        }
        let standing = |watch: &Watch| self.watches.get(watch).copied().unwrap_or(Standing::Opening);
        self.watches = wanted.iter().map(|watch| (watch.clone(), standing(watch))).collect();
        vec![Effect::Watch(self.watches.keys().cloned().collect())]
    }

    /// How long nothing may be asked.
    fn patience(&self) -> Duration {
        let works = |standing: &Standing| *standing != Standing::Lost;
        let is_watched = !self.watches.is_empty() && self.watches.values().all(works);
        if self.busy.is_some() {
            return UNDER_WAY;
        }
        match self.verdict {
            Verdict::Starting | Verdict::Stopping | Verdict::CrashLoop => UNDER_WAY,
            Verdict::Degraded | Verdict::Hung | Verdict::Unknown => UNWATCHED,
            Verdict::NotInstalled
            | Verdict::Stopped
            | Verdict::Disabled
            | Verdict::Ready
            | Verdict::GaveUp
            | Verdict::ConfigError
            | Verdict::Orphan
            | Verdict::ForeignOwner
            | Verdict::TwoManagers
            | Verdict::Unloaded
            | Verdict::External => {
                if is_watched {
                    SAFETY_NET
                } else {
                    UNWATCHED
                }
            }
        }
    }

    fn words_read(&mut self, of: &Incident, lines: &[String]) -> Vec<Effect> {
        let last_words = redact::last_words(lines);
        if last_words.is_empty() {
            return Vec::new();
        }
        let told = Incident { last_words, ..of.clone() };
        if let Some(own) = self.incidents.iter_mut().find(|own| is_same(own, of)) {
            own.last_words.clone_from(&told.last_words);
        }
        vec![Effect::Store(told), Effect::Publish]
    }

    fn stored(&mut self, incident: &Incident, id: i64) -> Vec<Effect> {
        let Some(own) = self.incidents.iter_mut().find(|own| is_same(own, incident)) else {
            return Vec::new();
        };
        if std::mem::replace(&mut own.id, id) == id { Vec::new() } else { vec![Effect::Publish] }
    }
}

/// The same thing, stored or not.
fn is_same(a: &Incident, b: &Incident) -> bool {
    (a.id != 0 && a.id == b.id) || (a.kind, a.pid, a.at) == (b.kind, b.pid, b.at)
}

fn notices(tells: Vec<Tell>) -> Vec<Effect> {
    let effect = |tell| match tell {
        Tell::Show(incident) => Effect::Notify(incident),
        Tell::Close => Effect::CloseNotice,
    };
    tells.into_iter().map(effect).collect()
}

/// Stored at once, lest it be lost with us; its last words follow.
fn recorded(incident: Incident) -> Vec<Effect> {
    let speaks = match incident.kind {
        IncidentKind::Crash | IncidentKind::ConfigError | IncidentKind::GaveUp | IncidentKind::Hung => true,
        IncidentKind::Started
        | IncidentKind::Stopped
        | IncidentKind::Restarted
        | IncidentKind::Recovered
        | IncidentKind::Installed
        | IncidentKind::Uninstalled
        | IncidentKind::SignalIgnored => false,
    };
    let mut effects = vec![Effect::Store(incident.clone())];
    if speaks {
        effects.push(Effect::ReadLastWords(incident));
    }
    effects
}

#[cfg(test)]
mod tests;
