//! Looks after credentials beside the engine's loop: reads them when something changed or a moment has come, tells what is to be told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, UnboundedSender, channel};
use tokio::sync::watch;

use super::{CredentialWords, Setup};
use crate::auth::judge::next_change;
use crate::auth::outlook::outlook;
use crate::auth::sign_in;
use crate::auth::stages::{Limits, Memory, due, next_moment};
use crate::auth::survey::{Place, Survey, survey};
use crate::layout;
use crate::model::{Answers, Credential, Credentials, Doubt, Expiry, GatewayState, Verdict};
use crate::observe::service_port;
use crate::settings;
use crate::system::{Hint, Watch, Watching};
use crate::update::Event;

mod waking;

use waking::{Due, Restless, Wake};

/// Where a keeper gets its orders and tells what it finds.
pub struct Desk {
    pub states: watch::Receiver<Option<Arc<GatewayState>>>,
    /// Ids of credentials that a person wants to hear of later.
    pub later: UnboundedReceiver<String>,
    pub events: UnboundedSender<Event>,
}

/// "Later" is this much later.
const LATER: SignedDuration = SignedDuration::from_hours(4);

/// Without any sign, and for sources that cannot be watched.
const SAFETY_NET: SignedDuration = SignedDuration::from_hours(1);

/// A writer may be half done when its first change is seen.
const SETTLING: Duration = Duration::from_millis(300);

/// How often a file that looks half written is read again, a second apart.
const PATIENCE: u32 = 3;

pub async fn keep(setup: Setup, words: CredentialWords, desk: Desk) {
    let (tell, hints) = channel(64);
    let keeper = Keeper {
        shelf: shelf(&setup),
        memory: Memory::default(),
        found: Restless::default(),
        watches: BTreeMap::new(),
        tell,
        setup,
        words,
        desk,
    };
    keeper.run(hints).await;
}

struct Keeper {
    setup: Setup,
    words: CredentialWords,
    desk: Desk,
    /// The memory's file.
    shelf: Option<String>,
    memory: Memory,
    found: Restless,
    watches: BTreeMap<Watch, Watching>,
    tell: tokio::sync::mpsc::Sender<Hint>,
}

impl Keeper {
    async fn run(mut self, mut hints: Receiver<Hint>) {
        self.memory = self.remembered();
        let mut up = None;
        // The first observation says whether the gateway can be asked.
        while up.is_none() {
            if self.desk.states.changed().await.is_err() {
                return;
            }
            up = self.is_up();
        }
        loop {
            let due = Due { at: self.look().await, log_at: None };
            match self.wake(&mut hints, due, &mut up).await {
                // Waits until a writer is done, and drops what was heard meanwhile.
                Wake::Changed | Wake::Opened => {
                    self.setup.world.system.pause(SETTLING).await;
                    while hints.try_recv().is_ok() {}
                }
                Wake::Turned | Wake::Moment => {}
                Wake::Later(id) => self.remind_later(&id),
                Wake::Over => return,
            }
        }
    }

    fn is_up(&self) -> Option<bool> {
        let state = self.desk.states.borrow();
        state.as_ref().map(|state| state.verdict == Verdict::Ready)
    }

    /// Reads, publishes and tells; returns when to look again.
    async fn look(&mut self) -> Timestamp {
        let survey = self.whole_survey().await;
        self.watch(&survey);
        let looked_at = Some(self.setup.world.system.now());
        self.found = Restless {
            looked_at,
            signs_at: looked_at,
            databases: survey.databases.clone(),
            log: survey.log.clone(),
            signs: survey.signs.clone(),
        };
        let limits = self.limits();
        self.announce(&survey, limits);
        let now = self.setup.world.system.now();
        self.publish(&survey, now);
        let stages = next_moment(&self.memory, &survey.credentials, now, limits);
        let changes = survey.credentials.iter().filter_map(|it| next_change(it, now));
        changes.chain(stages).chain([now + SAFETY_NET]).min().unwrap_or(now + SAFETY_NET)
    }

    /// A damaged file is read again before it is called damaged.
    async fn whole_survey(&mut self) -> Survey {
        let mut found = self.survey().await;
        for _ in 0..PATIENCE {
            if !found.credentials.iter().any(is_damaged) {
                break;
            }
            self.setup.world.system.pause(Duration::from_secs(1)).await;
            found = self.survey().await;
        }
        found
    }

    async fn survey(&mut self) -> Survey {
        let settings = self.settings();
        survey(&self.place(&settings)).await
    }

    fn place<'a>(&'a self, settings: &'a settings::Settings) -> Place<'a> {
        Place {
            system: &*self.setup.world.system,
            around: &self.setup.world.around,
            id: &self.setup.gateway.id,
            own: &settings.credentials.sources,
            given: &settings.programs,
            port: self.port(),
        }
    }

    fn port(&self) -> Option<u16> {
        let state = self.desk.states.borrow();
        let seen = &state.as_ref()?.observation;
        let answers = matches!(seen.answers.value, Answers::Ready { .. } | Answers::Live { .. });
        answers.then(|| service_port(&seen.registered, &self.setup.gateway.id))
    }

    fn watch(&mut self, survey: &Survey) {
        let settings = settings::path(&self.setup.world.around).ok();
        let files = survey.files.iter().chain(&survey.log).cloned().chain(settings);
        let wanted: Vec<Watch> = files.map(|path| Watch::File { path }).collect();
        self.watches.retain(|watch, _| wanted.contains(watch));
        for watch in wanted {
            let system = &self.setup.world.system;
            self.watches.entry(watch.clone()).or_insert_with(|| system.watch(watch, self.tell.clone()));
        }
    }

    fn announce(&mut self, survey: &Survey, limits: Limits) {
        let now = self.setup.world.system.now();
        let own = self.settings().credentials.sources;
        for news in due(&self.memory, &survey.credentials, now, limits) {
            let command = sign_in::command(&news.credential, &self.setup.gateway.id.profile, &own);
            let notice = (self.words)(&news, command.as_deref(), now);
            let incident = news.incident(&self.setup.gateway.id.profile.to_string(), now);
            let _ = self.desk.events.send(Event::CredentialNews { notice, incident });
            self.memory.keep(&news, now, limits);
            self.remember();
        }
    }

    fn publish(&self, survey: &Survey, now: Timestamp) {
        let own = self.settings().credentials.sources;
        let registered = |state: &Arc<GatewayState>| survey.findings(&state.observation.registered.value);
        let found = self.desk.states.borrow().as_ref().map_or(Vec::new(), registered);
        let profile = &self.setup.gateway.id.profile;
        let credentials: Credentials =
            outlook(&survey.credentials, found, &self.memory, now, (profile, &own));
        let _ = self.desk.events.send(Event::Credentials(credentials));
    }

    fn remind_later(&mut self, id: &str) {
        let until = self.setup.world.system.now() + LATER;
        if self.memory.snooze(id, until) {
            self.remember();
        }
    }

    fn settings(&self) -> settings::Settings {
        settings::current(&*self.setup.world.system, &self.setup.world.around)
    }

    fn limits(&self) -> Limits {
        let hours = self.settings().credentials.warn_hours;
        Limits { soon: SignedDuration::from_hours(hours.into()) }
    }

    /// A damaged memory is none: telling twice is better than never.
    fn remembered(&self) -> Memory {
        let contents = self.shelf.as_ref().and_then(|path| self.setup.world.system.read(path).ok().flatten());
        contents.and_then(|contents| serde_json::from_slice(&contents.bytes).ok()).unwrap_or_default()
    }

    fn remember(&self) {
        let Some(path) = &self.shelf else { return };
        let system = &self.setup.world.system;
        let text = serde_json::to_string(&self.memory).unwrap_or_default();
        let written = system
            .make_dir(layout::parent(path), 0o700)
            .and_then(|()| system.write(path, text.as_bytes(), 0o600));
        if let Err(problem) = written {
            tracing::warn!(%problem, "what was told of credentials could not be kept");
        }
    }
}

fn is_damaged(credential: &Credential) -> bool {
    credential.expiry == Expiry::Unknown { why: Doubt::Damaged }
}

fn shelf(setup: &Setup) -> Option<String> {
    let profile = setup.gateway.id.profile.name().map(|name| format!("-{name}")).unwrap_or_default();
    let around = &setup.world.around;
    let folder = layout::own_state_dir(around).ok()?;
    Some(layout::join(&folder, &[&format!("credentials{profile}.json")], around.os))
}
