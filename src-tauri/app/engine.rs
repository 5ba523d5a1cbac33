//! The engine, as this program holds it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gateward::alerts::{self, Alert, Office};
use gateward::engine::{self, Asker, Handle, NoticeEvent, Outlets, PulseLine, Setup};
use gateward::layout;
use gateward::model::{GatewayState, Pulse, Request, ServiceSpec};
use gateward::problem::Problem;
use gateward::programs;
use gateward::settings;
use gateward::spec::{self, Wish};
use gateward::system::store::Shelf;
use gateward::view;
use gateward::view::credential::notice::Reader;
use gateward::view::notice::notice;
use gateward::words::Words;
use gateward::world::{Gateway, World};
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

pub struct Engine {
    /// `None` before the first observation.
    pub state: watch::Receiver<Option<Arc<GatewayState>>>,
    pub pulse: watch::Receiver<Pulse>,
    closely: watch::Sender<bool>,
    asker: Asker,
    handle: Mutex<Option<Handle>>,
    notices: Mutex<Option<UnboundedReceiver<NoticeEvent>>>,
}

impl Engine {
    /// # Errors
    /// `Internal`.
    pub fn start(world: World, gateway: Gateway, words: Arc<Words>) -> Result<Self, Problem> {
        let store = layout::database(&world.around).ok().map(Shelf::new);
        let (at, of) = (world.clone(), gateway.clone());
        let spec: engine::SpecSource = Arc::new(move || spec(&at, &of));
        let (tell, pulse) = watch::channel(Pulse::default());
        let (closely, looks) = watch::channel(false);
        let outlets = Outlets {
            incidents: None,
            alerts: store.clone().map(|store| office(&world, store)),
            credential_words: Some(credential_words(&gateway, Arc::clone(&words))),
            pulse: Some(PulseLine { tell, closely: looks }),
        };
        let say: engine::NoticeWords = Arc::new(move |incident, state| notice(incident, state, &words));
        let setup = Setup { world, gateway, store, spec, words: say, outlets };
        let mut handle = engine::start(setup)?;
        let notices = std::mem::replace(&mut handle.notices, unbounded_channel().1);
        Ok(Self {
            state: handle.state.clone(),
            pulse,
            closely,
            asker: handle.asker(),
            handle: Mutex::new(Some(handle)),
            notices: Mutex::new(Some(notices)),
        })
    }

    pub fn ask(&self, request: Request) {
        self.asker.ask(request);
    }

    pub fn look_closely(&self, looks: bool) {
        self.closely.send_if_modified(|now| std::mem::replace(now, looks) != looks);
    }

    /// What to do with notifications; to be had once.
    pub fn take_notices(&self) -> Option<UnboundedReceiver<NoticeEvent>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Ends it when what it has begun is done and stored.
    pub fn finish(&self) {
        if let Some(handle) = self.handle.lock().unwrap_or_else(PoisonError::into_inner).take() {
            handle.finish();
        }
    }
}

/// Delivers alerts for as long as the program runs.
fn office(world: &World, store: Shelf) -> UnboundedSender<Alert> {
    let office = Office { system: world.system.clone(), around: world.around.clone(), store };
    let (alerts, letters) = unbounded_channel();
    tauri::async_runtime::spawn(alerts::serve(office, letters));
    alerts
}

fn credential_words(gateway: &Gateway, words: Arc<Words>) -> engine::CredentialWords {
    let profile = gateway.id.profile.to_string();
    Arc::new(move |news, sign_in, now| {
        let reader = Reader { words: &words, zone: TimeZone::system(), now };
        view::credential::notice::notice(news, sign_in, &profile, &reader)
    })
}

/// What the window's "Install" writes down: OpenClaw's own command, as `gateward install` without arguments does. It is offered
/// only while nothing is registered, so there is nothing to carry over.
fn spec(world: &World, gateway: &Gateway) -> Result<ServiceSpec, Problem> {
    let given = settings::current(&*world.system, &world.around).programs;
    let found = tauri::async_runtime::block_on(programs::find(&*world.system, &world.around, &given))?;
    let wish = Wish {
        port: gateway.id.port,
        working_dir: None,
        command: spec::openclaw_command(&found, &[], gateway.id.port),
        variables: BTreeMap::new(),
        folders: programs::service_folders(&*world.system, &world.around, &found.openclaw),
    };
    Ok(spec::service(&gateway.id, &world.around, &wish, BTreeMap::new()))
}
