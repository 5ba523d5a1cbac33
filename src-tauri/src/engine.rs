//! The loop: takes events, lets [`update`] decide, publishes the state and starts effects. Effects run beside it and come back
//! as events; nothing in here blocks.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use crate::alerts::Alert;
use crate::auth::stages::News;
use crate::model::{GatewayState, Incident, Notice, Pulse, Request, ServiceSpec};
use crate::problem::{Code, Problem};
use crate::system::store::Shelf;
use crate::update::{Event, Model, Moment, update};
use crate::world::{Gateway, World};

mod acting;
mod credentials;
mod effects;
mod pulse;
mod stopper;
mod telling;

use effects::Effects;

/// What an engine works with.
#[derive(Clone)]
pub struct Setup {
    pub world: World,
    pub gateway: Gateway,
    /// The incident database; without one incidents live as long as the engine.
    pub store: Option<Shelf>,
    pub spec: SpecSource,
    pub words: NoticeWords,
    pub outlets: Outlets,
}

/// Who else hears of what happens; nobody by default.
#[derive(Clone, Default)]
pub struct Outlets {
    /// Every incident when it is stored, and again when its last words are.
    pub incidents: Option<UnboundedSender<Incident>>,
    /// What notices say, for the alert routes.
    pub alerts: Option<UnboundedSender<Alert>>,
    /// Puts news about credentials into words; without it nobody looks after them.
    pub credential_words: Option<CredentialWords>,
    /// What the gateway uses; without it nobody measures.
    pub pulse: Option<PulseLine>,
}

/// To and from whoever looks at the pulse.
#[derive(Clone)]
pub struct PulseLine {
    pub tell: watch::Sender<Pulse>,
    /// Whether somebody looks at the moment, so that it is measured more often.
    pub closely: watch::Receiver<bool>,
}

/// Says what an installation would write down. Called off the loop: it may read files.
pub type SpecSource = Arc<dyn Fn() -> Result<ServiceSpec, Problem> + Send + Sync>;

/// Puts an incident into words: the view's `notice`, in the person's language.
pub type NoticeWords = Arc<dyn Fn(&Incident, &GatewayState) -> Notice + Send + Sync>;

/// The same for news about a credential, the command that renews it, and the moment.
pub type CredentialWords = Arc<dyn Fn(&News, Option<&str>, Timestamp) -> Notice + Send + Sync>;

/// A running engine. Dropping it, and every [`Asker`] taken from it, ends the engine.
pub struct Handle {
    /// `None` until the first observation.
    pub state: watch::Receiver<Option<Arc<GatewayState>>>,
    /// Closed when the engine has ended.
    pub notices: UnboundedReceiver<NoticeEvent>,
    asker: Asker,
    thread: std::thread::JoinHandle<()>,
}

/// Asks things of an engine. Cheap to clone.
#[derive(Clone)]
pub struct Asker(UnboundedSender<Request>);

/// What to do with notices on the desktop.
#[derive(Clone, Debug, PartialEq)]
pub enum NoticeEvent {
    /// Replaces the notice with the same key.
    Show(Notice),
    /// Takes the notice with this key back.
    Close(String),
}

impl Handle {
    pub fn ask(&self, request: Request) {
        self.asker.ask(request);
    }

    pub fn asker(&self) -> Asker {
        self.asker.clone()
    }

    /// Ends the engine and waits until what it has begun is done and stored. Blocks: not for a thread that draws.
    pub fn finish(self) {
        self.ask(Request::Quit);
        let Self { asker, notices, thread, .. } = self;
        drop((asker, notices));
        if thread.join().is_err() {
            tracing::error!("the engine panicked");
        }
    }
}

impl Asker {
    /// The answer is in the next state. Ignored when the engine has ended.
    pub fn ask(&self, request: Request) {
        let _ = self.0.send(request);
    }
}

/// Starts an engine in a thread of its own.
///
/// # Errors
/// `Internal` when the system gives no thread or runtime.
pub fn start(setup: Setup) -> Result<Handle, Problem> {
    let internal = |error: std::io::Error| Problem::new(Code::Internal).because(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(internal)?;
    let (line, ends) = lines();
    let thread = std::thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || runtime.block_on(run(setup, ends)))
        .map_err(internal)?;
    Ok(Handle { state: line.state, notices: line.notices, asker: line.asker, thread })
}

/// A view's side of an engine that the caller drives by itself with [`run`].
pub struct Line {
    pub state: watch::Receiver<Option<Arc<GatewayState>>>,
    pub notices: UnboundedReceiver<NoticeEvent>,
    pub asker: Asker,
}

/// The engine's side.
pub struct Ends {
    requests: UnboundedReceiver<Request>,
    state: watch::Sender<Option<Arc<GatewayState>>>,
    notices: UnboundedSender<NoticeEvent>,
}

/// Both sides of the connection between an engine and its views.
pub fn lines() -> (Line, Ends) {
    let (asker, requests) = mpsc::unbounded_channel();
    let (state, shown) = watch::channel(None);
    let (notices, heard) = mpsc::unbounded_channel();
    (Line { state: shown, notices: heard, asker: Asker(asker) }, Ends { requests, state, notices })
}

/// Runs an engine until it is asked to quit or nobody can ask any more.
pub async fn run(setup: Setup, ends: Ends) {
    let model = Model::new(&setup.gateway.id, setup.gateway.adapter.manager());
    let (effects, events) = Effects::new(setup, ends.state, ends.notices);
    Loop { model, effects, events }.run(ends.requests).await;
}

struct Loop {
    model: Model,
    effects: Effects,
    events: UnboundedReceiver<Event>,
}

impl Loop {
    async fn run(mut self, mut requests: UnboundedReceiver<Request>) {
        self.effects.load();
        self.effects.keep_credentials();
        self.effects.keep_pulse();
        let mut lasts = self.take(Event::Begun);
        let mut asks = true;
        while lasts {
            let event = tokio::select! {
                request = requests.recv(), if asks => match request {
                    Some(request) => Some(Event::Asked(request)),
                    None => {
                        asks = false;
                        Some(Event::Asked(Request::Quit))
                    }
                },
                event = self.events.recv() => event,
                hint = self.effects.hint() => Some(Event::Hinted(hint)),
            };
            lasts = event.is_some_and(|event| self.take(event));
        }
        self.effects.finish().await;
    }

    /// Whether the engine goes on.
    fn take(&mut self, event: Event) -> bool {
        let system = &self.effects.setup.world.system;
        let now = Moment { wall: system.now(), clock: system.clock(), slept: system.slept() };
        tracing::trace!(?event);
        let mut lasts = true;
        for effect in update(&mut self.model, now, event) {
            lasts &= self.effects.start(effect, &self.model);
        }
        lasts
    }
}
