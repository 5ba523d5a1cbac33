//! What all parts of the program share, and where every request goes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gateward::history::Past;
use gateward::layout;
use gateward::model::{GatewayState, Page, Request, Supervised};
use gateward::problem::{Code, Problem};
use gateward::system::store::Store;
use gateward::view;
use gateward::view::history::History;
use gateward::view::tray::{Extras, dashboard_port};
use gateward::view::window::Shown;
use gateward::words::Words;
use gateward::world::{Gateway, World};
use jiff::SignedDuration;
use tauri::{AppHandle, Manager};
use tauri_plugin_shell::ShellExt;
use tokio::sync::watch;

use crate::autostart::LoginStart;
use crate::diagnostics::Cabinet;
use crate::engine::Engine;
use crate::logs::Librarian;
use crate::options::Options;
use crate::theme::Wardrobe;
use crate::{notify, settings, sign_in, window};

pub struct Desk {
    pub options: Options,
    pub words: Arc<Words>,
    pub world: World,
    pub gateway: Gateway,
    pub librarian: Librarian,
    pub cabinet: Cabinet,
    pub engine: Engine,
    pub notices: notify::Board,
    pub extras: watch::Sender<Extras>,
    pub clerk: settings::Clerk,
    pub wardrobe: Wardrobe,
    login: LoginStart,
    tray_shown: AtomicBool,
    /// The page that a window being opened is to show first.
    wanted_page: Mutex<Option<Page>>,
}

impl Desk {
    pub fn new(options: Options, words: Arc<Words>, world: World, gateway: Gateway, engine: Engine) -> Self {
        let login = LoginStart::new(&options);
        let extras = watch::Sender::new(Extras { starts_at_login: login.is_on() });
        Self {
            notices: notify::Board::default(),
            tray_shown: AtomicBool::new(false),
            wanted_page: Mutex::new(None),
            options,
            words,
            world,
            gateway,
            librarian: Librarian::default(),
            cabinet: Cabinet::default(),
            engine,
            extras,
            clerk: settings::Clerk::default(),
            wardrobe: Wardrobe::default(),
            login,
        }
    }

    pub fn state(&self) -> Option<Arc<GatewayState>> {
        self.engine.state.borrow().clone()
    }

    pub fn shown(&self) -> Option<Shown> {
        self.state().map(|state| view::window::shown((*state).clone(), &self.words))
    }

    /// # Errors
    /// `DatabaseUnusable`, `NoHome`.
    pub fn history(&self, days: u16) -> Result<History, Problem> {
        let now = self.world.system.now();
        let since = now - SignedDuration::from_hours(24 * i64::from(days));
        let store = Store::read(&layout::database(&self.world.around)?)?;
        let profile = self.gateway.id.profile.to_string();
        let past = store.map(|store| Past::read(&store, &profile, since)).transpose()?.unwrap_or_default();
        let supervised = self.state().map(|state| state.observation.supervised.value.clone());
        let summary = past.summary(since, now, supervised.as_ref().unwrap_or(&Supervised::Absent));
        Ok(view::history::history(summary, past.incidents, past.notices, &self.words))
    }

    /// As it is now, whoever changed it; the tray's mark follows.
    pub fn starts_at_login(&self) -> Option<bool> {
        let now = Extras { starts_at_login: self.login.is_on() };
        self.extras.send_if_modified(|known| std::mem::replace(known, now.clone()) != now);
        now.starts_at_login
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
///
/// # Errors
/// What is refused at once. What fails later becomes part of the state.
pub fn ask(app: &AppHandle, request: Request) -> Result<(), Problem> {
    tracing::debug!(?request, "asked");
    let desk = app.state::<Desk>();
    match request {
        Request::Act { .. }
        | Request::ForceStop
        | Request::Observe
        | Request::DismissProblem
        | Request::RemindLater { .. } => desk.engine.ask(request),
        Request::SignIn { credential } => return sign_in::open(app, &desk, &credential),
        Request::Open { page } => window::open(app, page),
        Request::Dashboard => return open_dashboard(app, &desk),
        Request::StartAtLogin { on } => return start_at_login(app, &desk, on),
        Request::Quit => app.exit(0),
    }
    Ok(())
}

/// Where there is nobody to show a refusal to, it is logged.
pub fn ask_or_log(app: &AppHandle, request: Request) {
    if let Err(problem) = ask(app, request) {
        tracing::warn!(%problem, "refused");
    }
}

/// Without a token in the address: it would stand in the browser's history and in the argument list of the opener.
fn open_dashboard(app: &AppHandle, desk: &Desk) -> Result<(), Problem> {
    let Some(port) = dashboard_port(desk.state().as_deref()) else {
        return Err(Problem::new(Code::NotPossibleNow));
    };
    let address = format!("http://127.0.0.1:{port}/");
    #[allow(deprecated)] // Its successor is another plugin with another opener; this one is the same call.
    let opened = app.shell().open(&address, None);
    opened.map_err(|error| Problem::new(Code::StepFailed).with("command", address).because(error.to_string()))
}

fn start_at_login(app: &AppHandle, desk: &Desk, on: bool) -> Result<(), Problem> {
    let changed = desk.login.set(on);
    // A refused change draws the old mark again.
    desk.extras.send_replace(Extras { starts_at_login: desk.login.is_on() });
    settings::tell(app);
    changed
        .map_err(|error| Problem::new(Code::WriteFailed).with("path", "autostart").because(error.to_string()))
}
