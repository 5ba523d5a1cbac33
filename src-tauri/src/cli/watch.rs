//! `watch`: every change of the state, every incident and every notice, as they happen. The engine does the watching.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::args::Watch;
use super::invocation::Invocation;
use super::{Closed, Output, status};
use crate::alerts::{self, Alert, Office};
use crate::engine::{self, Line, NoticeEvent, Outlets, Setup};
use crate::layout;
use crate::model::{GatewayState, Incident, Notice};
use crate::problem::{Code, Problem};
use crate::system::store::Shelf;
use crate::view::notice::notice;
use crate::words::Words;
use crate::world::Gateway;

mod service;

/// Version of the JSON shape of one line (docs/watching.md).
const SCHEMA: u32 = 1;

/// Something to tell about the gateway of this index.
enum News {
    State(usize, Arc<GatewayState>),
    Incident(usize, Incident),
    Notice(usize, Notice),
    Closed(usize, String),
    /// Its engine has ended.
    Ended,
}

/// Goes on until the reader is gone or the process is ended; `--install` and `--uninstall` end at once.
///
/// # Errors
/// As [`Invocation::gateway`].
pub async fn run(wanted: &Watch, at: &Invocation<'_>) -> Result<Output, Problem> {
    if wanted.install || wanted.uninstall {
        return service::run(wanted, at).await;
    }
    let gateways = match wanted.all {
        true => at.world.installed()?,
        false => vec![at.gateway()?],
    };
    let store = Shelf::new(layout::database(&at.world.around)?);
    let alerts = wanted.alert.then(|| office(store.clone(), at));
    let (tell, news) = unbounded_channel();
    let words = Arc::new(Words::of(at.language()));
    let shared = Shared { store: store.clone(), alerts, words, tell };
    // Dropping an asker ends its engine.
    let _askers: Vec<engine::Asker> =
        gateways.iter().enumerate().map(|(number, gateway)| begin(number, gateway, &shared, at)).collect();
    drop(shared);
    Listener { gateways: &gateways, at, stored: BTreeSet::new() }.listen(news).await;
    // What was told is stored before the end.
    let _ = store.ask(|_| Ok(())).await;
    Ok(Output::default())
}

/// What all watched gateways have in common.
struct Shared {
    store: Shelf,
    alerts: Option<UnboundedSender<Alert>>,
    words: Arc<Words>,
    tell: UnboundedSender<News>,
}

/// Delivers alerts beside the watching.
fn office(store: Shelf, at: &Invocation<'_>) -> UnboundedSender<Alert> {
    let office = Office { system: at.world.system.clone(), around: at.world.around.clone(), store };
    let (alerts, letters) = unbounded_channel();
    tokio::spawn(alerts::serve(office, letters));
    alerts
}

fn begin(number: usize, gateway: &Gateway, shared: &Shared, at: &Invocation<'_>) -> engine::Asker {
    let (incidents, heard) = unbounded_channel();
    let say = Arc::clone(&shared.words);
    let alerts = shared.alerts.clone();
    let setup = Setup {
        world: at.world.clone(),
        gateway: gateway.clone(),
        store: Some(shared.store.clone()),
        // It only watches.
        spec: Arc::new(|| Err(Problem::new(Code::NotPossibleNow))),
        words: Arc::new(move |incident, state| notice(incident, state, &say)),
        outlets: Outlets { incidents: Some(incidents), alerts, ..Outlets::default() },
    };
    let (line, ends) = engine::lines();
    let asker = line.asker.clone();
    tokio::spawn(pass_on(number, line, heard, shared.tell.clone()));
    tokio::spawn(engine::run(setup, ends));
    asker
}

/// Until the engine has ended or nobody listens.
async fn pass_on(
    number: usize,
    line: Line,
    mut incidents: UnboundedReceiver<Incident>,
    tell: UnboundedSender<News>,
) {
    let Line { mut state, mut notices, .. } = line;
    loop {
        let news = tokio::select! {
            changed = state.changed() => match changed {
                Ok(()) => state.borrow_and_update().clone().map(|state| News::State(number, state)),
                Err(_) => Some(News::Ended),
            },
            Some(incident) = incidents.recv() => Some(News::Incident(number, incident)),
            Some(event) = notices.recv() => Some(match event {
                NoticeEvent::Show(notice) => News::Notice(number, notice),
                NoticeEvent::Close(key) => News::Closed(number, key),
            }),
        };
        let ended = matches!(news, Some(News::Ended));
        if news.is_some_and(|news| tell.send(news).is_err()) || ended {
            return;
        }
    }
}

struct Listener<'a> {
    gateways: &'a [Gateway],
    at: &'a Invocation<'a>,
    /// Incidents that were told, by row id: they come again with their last words.
    stored: BTreeSet<i64>,
}

impl Listener<'_> {
    async fn listen(mut self, mut news: UnboundedReceiver<News>) {
        let mut states: Vec<Option<Arc<GatewayState>>> = vec![None; self.gateways.len()];
        while let Some(one) = news.recv().await {
            let told = match one {
                News::State(number, state) => {
                    let is_news = states[number].as_ref().is_none_or(|old| differs(old, &state));
                    let told = if is_news { self.state(number, &state) } else { Ok(()) };
                    states[number] = Some(state);
                    told
                }
                News::Incident(number, incident) => self.incident(number, &incident),
                News::Notice(number, notice) => self.notice(number, &notice),
                News::Closed(number, key) => self.closed(number, &key),
                News::Ended => Ok(()),
            };
            if told.is_err() {
                return;
            }
        }
    }

    fn state(&self, number: usize, state: &GatewayState) -> Result<(), Closed> {
        match self.at.flags.json {
            true => {
                let value = status::json(state, &self.gateways[number], self.at);
                self.event(number, "state", "state", value)
            }
            false => self.at.console.say(&format!("{}{}", self.at.page().line(state), self.whose(number))),
        }
    }

    /// In text once; with `--json` again when its last words are known.
    fn incident(&mut self, number: usize, incident: &Incident) -> Result<(), Closed> {
        let is_new = self.stored.insert(incident.id) || incident.id == 0;
        match (self.at.flags.json, is_new) {
            (true, _) => self.event(number, "incident", "incident", json!(incident)),
            (false, true) => {
                let line = self.at.page().incident(incident);
                self.at.console.say(&format!("{line}{}", self.whose(number)))
            }
            (false, false) => Ok(()),
        }
    }

    fn notice(&self, number: usize, notice: &Notice) -> Result<(), Closed> {
        match self.at.flags.json {
            true => self.event(number, "notice", "notice", json!(notice)),
            false => Ok(()),
        }
    }

    fn closed(&self, number: usize, key: &str) -> Result<(), Closed> {
        match self.at.flags.json {
            true => self.event(number, "notice-closed", "key", json!(key)),
            false => Ok(()),
        }
    }

    fn event(&self, number: usize, event: &str, name: &str, value: Value) -> Result<(), Closed> {
        let mut line = json!({
            "schema": SCHEMA,
            "event": event,
            "at": self.at.world.system.now(),
            "profile": self.gateways[number].id.profile.to_string(),
        });
        line[name] = value;
        self.at.console.say(&line.to_string())
    }

    /// Named where there are several.
    fn whose(&self, number: usize) -> String {
        match self.gateways.len() {
            0 | 1 => String::new(),
            _ => format!("  ({})", self.gateways[number].id.profile),
        }
    }
}

/// Ages and latencies change all the time and are no news.
fn differs(old: &GatewayState, new: &GatewayState) -> bool {
    old.verdict != new.verdict
        || old.observation.supervised.value.pid() != new.observation.supervised.value.pid()
        || old.observation.registered.value != new.observation.registered.value
}
