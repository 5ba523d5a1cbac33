//! The gateways of other profiles, for the tray's submenus. Each has an engine of its own that only looks and acts: what happens to
//! it is recorded and told by its own Gateward.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gateward::engine::{self, Handle, Outlets, Setup};
use gateward::model::{GatewayState, Page, Request};
use gateward::problem::{Code, Problem};
use gateward::view::notice::notice;
use gateward::world::Gateway;
use tauri::{AppHandle, Manager};
use tokio::sync::watch;

use crate::desk::Desk;
use crate::renewal;

/// By profile.
#[derive(Default)]
pub struct Others(Mutex<BTreeMap<String, Handle>>);

impl Others {
    /// # Errors
    /// `NotInstalled` when there is no gateway of this profile; what is refused at once.
    pub fn ask(&self, profile: &str, request: Request) -> Result<(), Problem> {
        let engines = self.engines();
        let handle = engines.get(profile).ok_or_else(Problem::not_installed)?;
        match request {
            Request::Open { page: Page::Overview } => open(profile),
            request => {
                handle.ask(request);
                Ok(())
            }
        }
    }

    /// Ends them all at once, and returns when what they have begun is done.
    pub fn finish(&self) {
        let engines: Vec<Handle> = std::mem::take(&mut *self.engines()).into_values().collect();
        engines.iter().for_each(|engine| engine.ask(Request::Quit));
        engines.into_iter().for_each(Handle::finish);
    }

    /// Whether one of them acts at the moment.
    pub fn is_busy(&self) -> bool {
        let busy = |engine: &Handle| engine.state.borrow().as_ref().is_some_and(|state| state.busy.is_some());
        self.engines().values().any(busy)
    }

    fn engines(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Handle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its own Gateward shows it: a second start opens the window of the first.
fn open(profile: &str) -> Result<(), Problem> {
    let started = renewal::start_beside(&["--profile".to_owned(), profile.to_owned()]);
    started.map_err(|error| {
        Problem::new(Code::StepFailed).with("command", "gateward-tray").because(error.to_string())
    })
}

/// Looks who is installed, with each look at the own gateway: nothing wakes for it.
pub async fn keep(app: AppHandle) {
    let desk = app.state::<Desk>();
    let own = desk.gateway.id.profile.to_string();
    let mut states = desk.engine.state.clone();
    while states.changed().await.is_ok() {
        let mut profiles = desk.world.profiles().unwrap_or_default();
        profiles.retain(|profile| *profile != own);
        forget(&desk, &profiles);
        profiles.into_iter().for_each(|profile| welcome(&app, profile));
    }
}

fn forget(desk: &Desk, installed: &[String]) {
    let mut engines = desk.others.engines();
    let gone: Vec<String> = engines.keys().filter(|profile| !installed.contains(profile)).cloned().collect();
    for profile in gone {
        // It ends by itself when what it has begun is done.
        engines.remove(&profile).into_iter().for_each(|engine| engine.ask(Request::Quit));
        desk.extras.send_modify(|extras| drop(extras.others.remove(&profile)));
    }
}

/// A name that no profile may have is nobody's.
fn welcome(app: &AppHandle, profile: String) {
    let desk = app.state::<Desk>();
    let mut engines = desk.others.engines();
    if engines.contains_key(&profile) {
        return;
    }
    let Ok(gateway) = desk.world.gateway(Some(&profile)) else { return };
    match engine::start(setup(&desk, gateway)) {
        Ok(handle) => {
            tauri::async_runtime::spawn(keep_shown(app.clone(), profile.clone(), handle.state.clone()));
            engines.insert(profile, handle);
        }
        Err(problem) => tracing::warn!(%problem, profile, "another gateway cannot be watched"),
    }
}

fn setup(desk: &Desk, gateway: Gateway) -> Setup {
    let words = Arc::clone(&desk.words);
    Setup {
        world: desk.world.clone(),
        gateway,
        store: None,
        spec: Arc::new(|| Err(Problem::new(Code::NotPossibleNow))),
        words: Arc::new(move |incident, state| notice(incident, state, &words)),
        outlets: Outlets::default(),
    }
}

async fn keep_shown(app: AppHandle, profile: String, mut states: watch::Receiver<Option<Arc<GatewayState>>>) {
    while states.changed().await.is_ok() {
        let Some(state) = states.borrow_and_update().clone() else { continue };
        let desk = app.state::<Desk>();
        // A last state may come after its gateway was forgotten.
        let engines = desk.others.engines();
        if engines.contains_key(&profile) {
            desk.extras.send_modify(|extras| drop(extras.others.insert(profile.clone(), state)));
        }
    }
}
