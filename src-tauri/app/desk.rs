//! What all parts of the program share, and where every request goes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gateward::model::{GatewayState, Page, Request};
use gateward::view::tray::{Extras, dashboard_port};
use gateward::words::Words;
use gateward::world::World;
use tauri::{AppHandle, Manager};
use tauri_plugin_shell::ShellExt;
use tokio::sync::watch;

use crate::autostart::LoginStart;
use crate::engine::Engine;
use crate::options::Options;
use crate::{notify, window};

pub struct Desk {
    pub options: Options,
    pub words: Words,
    pub world: World,
    pub engine: Engine,
    pub notices: notify::Board,
    pub extras: watch::Sender<Extras>,
    login: LoginStart,
    tray_shown: AtomicBool,
    /// The page that a window being opened is to show first.
    wanted_page: Mutex<Option<Page>>,
}

impl Desk {
    pub fn new(options: Options, words: Words, world: World, engine: Engine) -> Self {
        let login = LoginStart::new(&options);
        let extras = watch::Sender::new(Extras { starts_at_login: login.is_on() });
        Self {
            notices: notify::Board::default(),
            tray_shown: AtomicBool::new(false),
            wanted_page: Mutex::new(None),
            options,
            words,
            world,
            engine,
            extras,
            login,
        }
    }

    pub fn state(&self) -> Option<Arc<GatewayState>> {
        self.engine.state.borrow().clone()
    }

    pub fn is_tray_shown(&self) -> bool {
        self.tray_shown.load(Ordering::Relaxed)
    }

    pub fn tray_is_shown(&self) {
        self.tray_shown.store(true, Ordering::Relaxed);
    }

    pub fn want_page(&self, page: Page) {
        *self.wanted_page.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
    }

    pub fn take_wanted_page(&self) -> Option<Page> {
        self.wanted_page.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Does what a person asked for, wherever they asked: menu, window, notification or second start.
pub fn ask(app: &AppHandle, request: Request) {
    tracing::debug!(?request, "asked");
    let desk = app.state::<Desk>();
    match request {
        Request::Act { .. } | Request::Observe | Request::DismissProblem => desk.engine.ask(request),
        Request::Open { page } => window::open(app, page),
        Request::Dashboard => open_dashboard(app, &desk),
        Request::StartAtLogin { on } => start_at_login(&desk, on),
        Request::Quit => app.exit(0),
    }
}

/// Without a token in the address: it would stand in the browser's history and in the argument list of the opener.
fn open_dashboard(app: &AppHandle, desk: &Desk) {
    let Some(port) = dashboard_port(desk.state().as_deref()) else {
        tracing::warn!("no gateway answers, so there is no dashboard to open");
        return;
    };
    #[allow(deprecated)] // Its successor is another plugin with another opener; this one is the same call.
    let opened = app.shell().open(format!("http://127.0.0.1:{port}/"), None);
    if let Err(error) = opened {
        tracing::warn!(%error, "the dashboard could not be opened");
    }
}

fn start_at_login(desk: &Desk, on: bool) {
    if let Err(error) = desk.login.set(on) {
        tracing::warn!(%error, on, "the start at login could not be changed");
    }
    // A refused change draws the old mark again.
    desk.extras.send_replace(Extras { starts_at_login: desk.login.is_on() });
}
