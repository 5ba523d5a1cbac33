//! What all parts of the program share, and where every request goes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gateward::engine::NoticeEvent;
use gateward::history::Past;
use gateward::layout;
use gateward::model::{GatewayState, Notice, Page, Place, Request, Supervised};
use gateward::problem::{Code, Problem};
use gateward::system::store::Store;
use gateward::view;
use gateward::view::history::History;
use gateward::view::tray::Extras;
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
use crate::others::Others;
use crate::renewal::Renewal;
use crate::theme::Wardrobe;
use crate::{dashboard, notify, report, settings, sign_in, window};

pub struct Desk {
    pub options: Options,
    pub words: Arc<Words>,
    pub world: World,
    pub gateway: Gateway,
    pub librarian: Librarian,
    pub cabinet: Cabinet,
    pub engine: Engine,
    pub others: Others,
    pub notices: notify::Board,
    pub extras: watch::Sender<Extras>,
    pub clerk: settings::Clerk,
    pub wardrobe: Wardrobe,
    pub renewal: Renewal,
    login: LoginStart,
    tray_shown: AtomicBool,
    /// The page that a window being opened is to show first.
    wanted_page: Mutex<Option<Page>>,
}

impl Desk {
    pub fn new(options: Options, words: Arc<Words>, world: World, gateway: Gateway, engine: Engine) -> Self {
        let login = LoginStart::new(gateway.id.profile.name());
        let hidden = settings::current(&world).hidden_profiles();
        let extras = Extras { starts_at_login: login.is_on(), hidden, ..Extras::default() };
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
            others: Others::default(),
            extras: watch::Sender::new(extras),
            clerk: settings::Clerk::default(),
            wardrobe: Wardrobe::default(),
            renewal: Renewal::default(),
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

    /// Those of this account whose gateways are installed, but for our own.
    pub fn other_profiles(&self) -> Vec<String> {
        let own = self.gateway.id.profile.to_string();
        let mut profiles = self.world.profiles().unwrap_or_default();
        profiles.retain(|profile| *profile != own);
        profiles
    }

    /// Whether an action of any gateway is in flight.
    pub fn is_busy(&self) -> bool {
        self.state().is_some_and(|state| state.busy.is_some()) || self.others.is_busy()
    }

    /// Ends every engine when what it has begun is done and stored.
    pub fn finish(&self) {
        self.engine.finish();
        self.others.finish();
    }

    /// As it is now, whoever changed it; the tray's mark follows.
    pub fn starts_at_login(&self) -> Option<bool> {
        let now = self.login.is_on();
        self.extras.send_if_modified(|known| std::mem::replace(&mut known.starts_at_login, now) != now);
        now
    }

    /// Shows the catalogue's `WORDS-title` and `WORDS-body`.
    pub fn notify(&self, key: &str, words: &str) {
        let [title, body] = ["title", "body"].map(|part| self.words.say(&format!("{words}-{part}"), &[]));
        self.notices.order(NoticeEvent::Show(Notice::plain(key, title, body)));
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
        Request::Dashboard => return dashboard::open(app, &desk),
        Request::Reveal { place } => reveal(app, place),
        Request::CopyReport => report::copy(app),
        Request::Of { profile, request } => return desk.others.ask(&profile, *request),
        Request::StartAtLogin { on } => return start_at_login(app, &desk, on),
        Request::Quit => app.exit(0),
    }
    Ok(())
}

/// A menu shows nothing of what became of a choice, so a refusal is told.
pub fn ask_or_tell(app: &AppHandle, request: Request) {
    if let Err(problem) = ask(app, request) {
        tell(&app.state::<Desk>(), &problem);
    }
}

/// Tells a person of a problem that is part of no state.
pub fn tell(desk: &Desk, problem: &Problem) {
    tracing::warn!(%problem, "refused");
    let hint = problem.hints.first().map(|hint| match &hint.command {
        Some(command) => format!("{} {command}", desk.words.hint(hint)),
        None => desk.words.hint(hint),
    });
    let body = [Some(desk.words.problem(problem)), problem.cause.clone(), hint];
    let body = body.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let title = desk.words.say("tray-refused-title", &[]);
    desk.notices.order(NoticeEvent::Show(Notice::plain("refused", title, body)));
}

/// Where there is nobody to show a refusal to, it is logged.
pub fn ask_or_log(app: &AppHandle, request: Request) {
    if let Err(problem) = ask(app, request) {
        tracing::warn!(%problem, "refused");
    }
}

fn reveal(app: &AppHandle, place: Place) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let desk = app.state::<Desk>();
        let shown = match place {
            Place::Config => existing(&desk, &desk.gateway.id.config_path),
            Place::Logs => logs_folder(&desk).await,
        };
        if let Err(problem) = shown.and_then(|path| show(&app, &path)) {
            tell(&desk, &problem);
        }
    });
}

fn existing(desk: &Desk, path: &str) -> Result<String, Problem> {
    let missing = || Problem::new(Code::ReadFailed).with("path", path).because("no such file");
    desk.world.system.entry(path).map(|_| path.to_owned()).ok_or_else(missing)
}

/// Of the newest file that the gateway writes; where a journal has it all there is none, and the window shows it.
async fn logs_folder(desk: &Desk) -> Result<String, Problem> {
    let sinks = desk.librarian.sinks(&desk.world, &desk.gateway).await;
    let path = sinks.into_iter().find_map(|sink| sink.path.filter(|path| layout::is_absolute(path)));
    let none = || Problem::new(Code::NotPossibleNow).hint_command("see-logs", "gateward logs --all");
    path.map(|path| layout::parent(&path).to_owned()).ok_or_else(none)
}

/// With the desktop's own program for it.
///
/// # Errors
/// `StepFailed`.
pub fn show(app: &AppHandle, path: &str) -> Result<(), Problem> {
    #[allow(deprecated)] // Its successor is another plugin with another opener; this one is the same call.
    let opened = app.shell().open(path, None);
    opened.map_err(|error| Problem::new(Code::StepFailed).with("command", path).because(error.to_string()))
}

fn start_at_login(app: &AppHandle, desk: &Desk, on: bool) -> Result<(), Problem> {
    let changed = desk.login.set(on);
    // A refused change draws the old mark again.
    desk.extras.send_modify(|extras| extras.starts_at_login = desk.login.is_on());
    settings::tell(app);
    changed
        .map_err(|error| Problem::new(Code::WriteFailed).with("path", "autostart").because(error.to_string()))
}
