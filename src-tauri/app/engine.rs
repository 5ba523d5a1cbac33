//! The engine, as this program holds it.

use std::sync::{Arc, Mutex, PoisonError};

use gateward::engine::{self, Asker, Handle, NoticeEvent, Setup};
use gateward::layout;
use gateward::model::{GatewayState, Request};
use gateward::problem::{Code, Problem};
use gateward::view::notice::notice;
use gateward::words::Words;
use gateward::world::{Gateway, World};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

pub struct Engine {
    /// `None` before the first observation.
    pub state: watch::Receiver<Option<Arc<GatewayState>>>,
    asker: Asker,
    handle: Mutex<Option<Handle>>,
    notices: Mutex<Option<UnboundedReceiver<NoticeEvent>>>,
}

impl Engine {
    /// # Errors
    /// `Internal`.
    pub fn start(world: World, gateway: Gateway, words: Arc<Words>) -> Result<Self, Problem> {
        let store = layout::database(&world.around).ok();
        let say: engine::NoticeWords = Arc::new(move |incident, state| notice(incident, state, &words));
        let mut handle = engine::start(Setup { world, gateway, store, spec: Arc::new(no_spec), words: say })?;
        let notices = std::mem::replace(&mut handle.notices, unbounded_channel().1);
        Ok(Self {
            state: handle.state.clone(),
            asker: handle.asker(),
            handle: Mutex::new(Some(handle)),
            notices: Mutex::new(Some(notices)),
        })
    }

    pub fn ask(&self, request: Request) {
        self.asker.ask(request);
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

/// What the window's "Install" would write down.
fn no_spec() -> Result<gateward::model::ServiceSpec, Problem> {
    Err(Problem::new(Code::NotPossibleNow).hint_command("install-by-hand", "gateward install"))
}
