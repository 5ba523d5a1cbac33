//! Carries effects out beside the loop.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use super::credentials::{self, Desk};
use super::telling::Teller;
use super::{NoticeEvent, Setup, acting, pulse, stopper};
use crate::changes::Journal;
use crate::execute;
use crate::incidents::{Patience, trouble_key};
use crate::last_words::last_words;
use crate::model::{Action, GatewayState, Incident, Manager, Notice, Observation, PastNotice};
use crate::observe::{self, log_files, observe};
use crate::problem::Problem;
use crate::settings;
use crate::system::store::{Done, Store};
use crate::system::{Hint, Seen, Watch, Watching};
use crate::update::{Effect, Event, Look, Model};

pub struct Effects {
    pub setup: Setup,
    events: UnboundedSender<Event>,
    hints: (Sender<Hint>, Receiver<Hint>),
    state: watch::Sender<Option<Arc<GatewayState>>>,
    teller: Teller,
    watches: BTreeMap<Watch, Watching>,
    timer: Option<AbortHandle>,
    /// To whoever looks after credentials.
    later: Option<UnboundedSender<String>>,
    /// What is done to the gateway; it must not be cut off, and each call has a deadline of its own.
    acts: JoinSet<()>,
    /// What is written to the database.
    writes: JoinSet<()>,
    /// Work that may be: questions and waits.
    rest: JoinSet<()>,
}

/// Hints waiting to be heard; more than that are repetitions.
const HINTS: usize = 64;

/// How long the last writes to the database may take when the engine ends.
const FAREWELL: Duration = Duration::from_secs(5);

const REMEMBERED: u32 = 50;

impl Effects {
    pub fn new(
        setup: Setup,
        state: watch::Sender<Option<Arc<GatewayState>>>,
        notices: UnboundedSender<NoticeEvent>,
    ) -> (Self, UnboundedReceiver<Event>) {
        let (events, heard) = mpsc::unbounded_channel();
        let effects = Self {
            teller: Teller::new(&setup, notices),
            setup,
            events,
            hints: mpsc::channel(HINTS),
            state,
            watches: BTreeMap::new(),
            timer: None,
            later: None,
            acts: JoinSet::new(),
            writes: JoinSet::new(),
            rest: JoinSet::new(),
        };
        (effects, heard)
    }

    pub async fn hint(&mut self) -> Hint {
        // We hold a sender ourselves, so that the channel never closes.
        loop {
            if let Some(hint) = self.hints.1.recv().await {
                return hint;
            }
        }
    }

    /// Whether the engine goes on.
    pub fn start(&mut self, effect: Effect, model: &Model) -> bool {
        // Ended tasks are let go of.
        for tasks in [&mut self.acts, &mut self.writes, &mut self.rest] {
            while tasks.try_join_next().is_some() {}
        }
        match effect {
            Effect::Observe => self.observe(),
            Effect::Act(action) => self.act(action),
            Effect::LearnStart(took) => self.learn_start(took),
            Effect::FindStopper => self.find_stopper(),
            Effect::Backfill { since } => self.backfill(since),
            Effect::CutShort => self.cut_short(),
            Effect::Watch(watches) => self.watch(&watches),
            Effect::ReadLastWords(incident) => self.read_last_words(incident),
            Effect::Store(incident) => self.record(incident),
            Effect::Notify(incident) => self.notify(&incident, model),
            Effect::Tell(notice) => self.tell(notice, self.setup.world.system.now()),
            Effect::CloseNotice => self.teller.close(&trouble_key(&self.profile())),
            Effect::Arm(duration) => self.arm(duration),
            Effect::RemindLater(credential) => self.remind_later(credential),
            Effect::Publish => self.publish(model),
            Effect::Quit => return false,
        }
        true
    }

    /// Waits for what is done to the gateway and for database writes. Watches and questions end here.
    pub async fn finish(mut self) {
        self.watches.clear();
        self.rest.shutdown().await;
        while self.acts.join_next().await.is_some() {}
        let all_written = async { while self.writes.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, all_written).await.is_err() {
            tracing::warn!("the incident database did not take the last incidents in time");
        }
    }

    /// Lets somebody look after credentials, where there are words for them.
    pub fn keep_credentials(&mut self) {
        let Some(words) = self.setup.outlets.credential_words.clone() else { return };
        let (ask, later) = mpsc::unbounded_channel();
        self.later = Some(ask);
        let states = self.state.subscribe();
        let desk = Desk { states, later, events: self.events.clone() };
        self.rest.spawn(credentials::keep(self.setup.clone(), words, desk));
    }

    /// Measures the gateway, where there is somebody to tell.
    pub fn keep_pulse(&mut self) {
        let Some(line) = self.setup.outlets.pulse.clone() else { return };
        let (world, gateway) = (self.setup.world.clone(), self.setup.gateway.clone());
        self.rest.spawn(pulse::keep(world, gateway, line, self.state.subscribe()));
    }

    /// Nobody may look after credentials; then nobody reminds either.
    fn remind_later(&self, credential: String) {
        if let Some(later) = &self.later {
            let _ = later.send(credential);
        }
    }

    fn observe(&mut self) {
        let (setup, events) = (self.setup.clone(), self.events.clone());
        self.rest.spawn(async move {
            let seen = observe(&*setup.world.system, &*setup.gateway.adapter, &setup.gateway.id).await;
            let _ = events.send(Event::Observed(look(&setup, seen)));
        });
    }

    fn act(&mut self, action: Action) {
        let (setup, events) = (self.setup.clone(), self.events.clone());
        self.acts.spawn(async move {
            let result = acting::carry_out(&setup, &action).await.map(|seen| look(&setup, seen));
            let _ = events.send(Event::Done { action, result });
        });
    }

    fn find_stopper(&mut self) {
        let (setup, events) = (self.setup.clone(), self.events.clone());
        self.rest.spawn(async move {
            let unit = &setup.gateway.id.unit;
            if let Seen::Processes(processes) = setup.world.system.answer(&stopper::ask(unit)).await.seen
                && let Some(by) = stopper::find(unit, &processes)
            {
                let _ = events.send(Event::StopperFound(by));
            }
        });
    }

    fn cut_short(&mut self) {
        let (setup, events) = (self.setup.clone(), self.events.clone());
        self.acts.spawn(async move {
            if let Err(problem) = execute::cut_short(setup.gateway.stage(&setup.world)).await {
                let _ = events.send(Event::NotCutShort(problem));
            }
        });
    }

    fn backfill(&mut self, since: Option<Timestamp>) {
        let (setup, events) = (self.setup.clone(), self.events.clone());
        self.rest.spawn(async move {
            let (system, gateway) = (&*setup.world.system, &setup.gateway);
            let past = observe::history(system, &*gateway.adapter, &gateway.id, since).await;
            let _ = events.send(Event::Backfilled(past));
        });
    }

    fn watch(&mut self, wanted: &[Watch]) {
        self.watches.retain(|watch, _| wanted.contains(watch));
        for watch in wanted {
            let (system, tell) = (&self.setup.world.system, &self.hints.0);
            self.watches.entry(watch.clone()).or_insert_with(|| system.watch(watch.clone(), tell.clone()));
        }
    }

    fn read_last_words(&mut self, of: Incident) {
        let (setup, events) = (self.setup.clone(), self.events.clone());
        self.rest.spawn(async move {
            let (system, gateway) = (&*setup.world.system, &setup.gateway);
            let lines = last_words(system, &*gateway.adapter, &gateway.id).await;
            let _ = events.send(Event::WordsRead { of, lines });
            trim_logs(&setup).await;
        });
    }

    fn notify(&mut self, incident: &Incident, model: &Model) {
        let Some(state) = model.state() else { return };
        let notice = (self.setup.words)(incident, &state);
        self.tell(notice, incident.at);
    }

    fn tell(&mut self, notice: Notice, at: Timestamp) {
        let past = self.teller.tell(notice, at);
        self.keep(past);
    }

    fn profile(&self) -> String {
        self.setup.gateway.id.profile.to_string()
    }

    fn arm(&mut self, duration: Duration) {
        if let Some(timer) = self.timer.take() {
            timer.abort();
        }
        let (system, events) = (self.setup.world.system.clone(), self.events.clone());
        let timer = async move {
            system.pause(duration).await;
            let _ = events.send(Event::TimerFired);
        };
        self.timer = Some(self.rest.spawn(timer));
    }

    fn publish(&mut self, model: &Model) {
        for past in self.teller.release() {
            self.keep(past);
        }
        if let Some(state) = model.state() {
            self.state.send_replace(Some(Arc::new(state)));
        }
    }

    /// Reads what the database has of this gateway.
    pub fn load(&mut self) {
        let setup = self.setup.clone();
        self.rest.spawn(async move { trim_logs(&setup).await });
        self.tell_of_interruptions();
        let profile = self.profile();
        self.on_shelf(move |store| Ok(Some(Event::Remembered(store.newest(&profile, REMEMBERED)?))));
        let profile = self.profile();
        self.on_shelf(move |store| Ok(Some(Event::StartsKnown(store.starts(&profile)?))));
    }

    fn tell_of_interruptions(&self) {
        let world = &self.setup.world;
        let interrupted = Journal::new(&world.around).map(|journal| journal.interrupted(&*world.system));
        for change in interrupted.unwrap_or_default() {
            let _ = self.events.send(Event::ChangeInterrupted(Problem::interrupted(change.number)));
        }
    }

    fn learn_start(&mut self, took: Duration) {
        let profile = self.profile();
        self.on_shelf(move |store| store.record_start(&profile, took).map(|()| None));
    }

    fn record(&mut self, incident: Incident) {
        let outlet = self.setup.outlets.incidents.clone();
        let tell = move |incident| outlet.map(|outlet| drop(outlet.send(incident)));
        if self.setup.store.is_none() {
            tell(incident);
            return;
        }
        self.on_shelf(move |store| {
            let id = store.record(&incident)?;
            tell(Incident { id, ..incident.clone() });
            Ok(Some(Event::Stored { incident, id }))
        });
    }

    fn keep(&mut self, notice: PastNotice) {
        let profile = self.profile();
        self.on_shelf(move |store| store.keep_notice(&profile, &notice).map(|()| None));
    }

    fn on_shelf(&mut self, work: impl FnOnce(&mut Store) -> Result<Option<Event>, Problem> + Send + 'static) {
        let (Some(shelf), events) = (&self.setup.store, self.events.clone()) else { return };
        let asked = shelf.ask(work);
        self.writes.spawn(async move {
            let Done { result, moved } = asked.await;
            let failed = moved.map(Event::StoreFailed);
            let told = result.unwrap_or_else(|problem| Some(Event::StoreFailed(problem)));
            failed.into_iter().chain(told).for_each(|event| drop(events.send(event)));
        });
    }
}

/// launchd lets logs grow for ever. Looked at when the engine begins and after each crash: loops fill them fastest.
async fn trim_logs(setup: &Setup) {
    let (system, gateway) = (&*setup.world.system, &setup.gateway);
    if gateway.adapter.manager() != Manager::Launchd {
        return;
    }
    let limit = settings::current(system, &setup.world.around).logs.limit();
    let paths = log_files(system, &*gateway.adapter, &gateway.id).await;
    for path in paths.into_iter().flatten() {
        if let Err(problem) = system.rotate(&path, limit) {
            tracing::warn!(%problem, "the log could not be rotated");
        }
    }
}

fn look(setup: &Setup, seen: Observation) -> Look {
    let mut watches = setup.gateway.adapter.watch(&setup.gateway.id, &seen);
    let config = config_digest(setup);
    watches.extend(config.map(|_| Watch::File { path: setup.gateway.id.config_path.clone() }));
    Look { seen, watches, config, patience: patience(setup) }
}

/// Read at each look, so that a changed threshold counts from the next one on.
fn patience(setup: &Setup) -> Patience {
    let set = settings::current(&*setup.world.system, &setup.world.around).thresholds;
    Patience { hung_after: set.hung_after(), calm_after: set.calm_after() }
}

/// Tells one text of OpenClaw's configuration from another; nothing of it is kept.
fn config_digest(setup: &Setup) -> Option<u64> {
    let contents = setup.world.system.read(&setup.gateway.id.config_path).ok()??;
    let mut hasher = DefaultHasher::new();
    contents.bytes.hash(&mut hasher);
    Some(hasher.finish())
}
