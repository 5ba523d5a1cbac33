//! The gateways of other profiles, for the tray's submenus. Each has an engine of its own that only looks and acts: what happens to
//! it is recorded and told by its own Gateward.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gateward::engine::{self, Handle, Outlets, Setup};
use gateward::model::{Page, Request};
use gateward::problem::{Code, Problem};
use gateward::view::notice::notice;
use gateward::world::Gateway;
use tauri::{AppHandle, Manager};

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

    /// Ends them when what they have begun is done.
    pub fn finish(&self) {
        std::mem::take(&mut *self.engines()).into_values().for_each(Handle::finish);
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
    let mut states = desk.engine.state.clone();
    while states.changed().await.is_ok() {
        states.mark_unchanged();
        let own = desk.gateway.id.profile.to_string();
        let installed = desk.world.installed().unwrap_or_default();
        let others: Vec<Gateway> =
            installed.into_iter().filter(|it| it.id.profile.to_string() != own).collect();
        forget(&app, &others);
        others.into_iter().for_each(|other| welcome(&app, other));
    }
}

fn forget(app: &AppHandle, installed: &[Gateway]) {
    let desk = app.state::<Desk>();
    let is_there =
        |profile: &String| installed.iter().any(|gateway| gateway.id.profile.to_string() == *profile);
    let mut engines = desk.others.engines();
    let gone: Vec<String> = engines.keys().filter(|profile| !is_there(profile)).cloned().collect();
    for profile in gone {
        if let Some(handle) = engines.remove(&profile) {
            handle.ask(Request::Quit);
        }
        desk.extras.send_modify(|extras| drop(extras.others.remove(&profile)));
    }
}

fn welcome(app: &AppHandle, gateway: Gateway) {
    let desk = app.state::<Desk>();
    let profile = gateway.id.profile.to_string();
    if desk.others.engines().contains_key(&profile) {
        return;
    }
    let words = Arc::clone(&desk.words);
    let setup = Setup {
        world: desk.world.clone(),
        gateway,
        store: None,
        spec: Arc::new(|| Err(Problem::new(Code::NotPossibleNow))),
        words: Arc::new(move |incident, state| notice(incident, state, &words)),
        outlets: Outlets::default(),
    };
    match engine::start(setup) {
        Ok(handle) => {
            tauri::async_runtime::spawn(keep_shown(app.clone(), profile.clone(), handle.state.clone()));
            desk.others.engines().insert(profile, handle);
        }
        Err(problem) => tracing::warn!(%problem, profile, "another gateway cannot be watched"),
    }
}

async fn keep_shown(
    app: AppHandle,
    profile: String,
    mut states: tokio::sync::watch::Receiver<Option<Arc<gateward::model::GatewayState>>>,
) {
    while states.changed().await.is_ok() {
        let state = states.borrow_and_update().clone();
        let Some(state) = state else { continue };
        app.state::<Desk>().extras.send_modify(|extras| drop(extras.others.insert(profile.clone(), state)));
    }
}
