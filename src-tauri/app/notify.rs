//! Desktop notifications. One thread shows and closes them in order; each that has buttons is waited for on a thread of its own.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use gateward::engine::NoticeEvent;
use gateward::layout;
use gateward::model::{Notice, NoticeKind, Page, Request};
use notify_rust::{Notification, NotificationHandle, NotificationResponse, Timeout};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::desk::{self, Desk};

const APP_NAME: &str = "Gateward";

/// Takes orders; they are kept until [`work`] runs.
pub struct Board {
    orders: Sender<NoticeEvent>,
    waiting: Mutex<Option<Receiver<NoticeEvent>>>,
    shown: Shown,
}

/// Under its key, what is on the screen.
type Shown = Arc<Mutex<BTreeMap<String, Showing>>>;

struct Showing {
    /// The notification service's.
    id: u32,
    since: Instant,
    notice: Notice,
}

/// A service that ended has not told of what it showed; nobody presses a button that old.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Of one call of the notification service.
const PATIENCE: Duration = Duration::from_secs(10);

impl Default for Board {
    fn default() -> Self {
        let (orders, waiting) = mpsc::channel();
        Self { orders, waiting: Mutex::new(Some(waiting)), shown: Shown::default() }
    }
}

impl Board {
    pub fn order(&self, order: NoticeEvent) {
        let _ = self.orders.send(order);
    }

    /// Whether a button that is on the screen would lead nowhere if this process ended.
    pub fn is_empty(&self) -> bool {
        self.shown
            .try_lock()
            .is_ok_and(|shown| shown.values().all(|showing| showing.since.elapsed() > OLDEST))
    }
}

fn lock(shown: &Shown) -> MutexGuard<'_, BTreeMap<String, Showing>> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the thread that carries orders out.
pub fn work(app: &AppHandle) {
    let desk = app.state::<Desk>();
    let waiting = desk.notices.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (Some(orders), shown) = (waiting, Arc::clone(&desk.notices.shown)) else { return };
    if let Some(notices) = desk.engine.take_notices() {
        tauri::async_runtime::spawn(pass_on(app.clone(), notices));
    }
    let app = app.clone();
    spawn("notices", move || {
        name_ourselves(&app.config().identifier);
        for order in orders {
            match order {
                NoticeEvent::Show(notice) => show(&app, &shown, notice),
                NoticeEvent::Close(key) => close(&shown, &key),
            }
        }
    });
}

async fn pass_on(app: AppHandle, mut notices: UnboundedReceiver<NoticeEvent>) {
    while let Some(order) = notices.recv().await {
        app.state::<Desk>().notices.order(order);
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::warn!(%error, name, "no thread for notifications");
    }
}

/// macOS shows a notification as the application's whose identifier it is told, and as the Finder's without one. It takes only an
/// application that is installed as a bundle.
#[cfg(target_os = "macos")]
fn name_ourselves(identifier: &str) {
    if let Err(error) = notify_rust::set_application(identifier) {
        tracing::info!(%error, "notifications come under another application's name");
    }
}

#[cfg(not(target_os = "macos"))]
fn name_ourselves(_identifier: &str) {}

fn show(app: &AppHandle, shown: &Shown, notice: Notice) {
    let abilities = in_time(Abilities::ask).unwrap_or(Abilities::NONE);
    // Held until the notice is on the list: a press that comes at once, to whoever waits for the one whose place it takes, means the
    // new buttons.
    let mut known = lock(shown);
    let earlier = known.get(&notice.key).map(|showing| showing.id);
    let drawn = drawn(&notice, &abilities, earlier);
    match in_time(move || drawn.show()) {
        Some(Ok(handle)) if notice.buttons.is_empty() => drop(handle),
        Some(Ok(handle)) => {
            let (id, key) = (number(&handle), notice.key.clone());
            known.insert(key.clone(), Showing { id, since: Instant::now(), notice });
            wait(app, shown, (id, key), handle);
        }
        Some(Err(error)) => tracing::warn!(%error, title = notice.title, "a notification could not be shown"),
        None => tracing::warn!(title = notice.title, "the notification service does not answer"),
    }
}

/// Asks the notification service on a thread of its own, which is left behind where there is no answer: those after it are shown
/// all the same.
fn in_time<T: Send + 'static>(ask: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, answer) = mpsc::channel();
    spawn("notification", move || drop(sender.send(ask())));
    answer.recv_timeout(PATIENCE).ok()
}

/// What the notification service can do.
struct Abilities {
    buttons: bool,
    markup: bool,
}

impl Abilities {
    const NONE: Self = Self { buttons: false, markup: false };

    #[cfg(target_os = "linux")]
    fn ask() -> Self {
        let all = notify_rust::get_capabilities().unwrap_or_default();
        let can = |name: &str| all.iter().any(|ability| ability == name);
        Self { buttons: can("actions"), markup: can("body-markup") }
    }

    #[cfg(not(target_os = "linux"))]
    fn ask() -> Self {
        Self { buttons: true, markup: false }
    }
}

fn drawn(notice: &Notice, can: &Abilities, earlier: Option<u32>) -> Notification {
    let body = if can.markup { escaped(&notice.body) } else { notice.body.clone() };
    let mut drawn = Notification::new();
    drawn.appname(APP_NAME).summary(&notice.title).body(&body).icon("gateward-tray");
    #[cfg(target_os = "linux")]
    drawn.hint(notify_rust::Hint::DesktopEntry(APP_NAME.to_owned()));
    #[cfg(windows)]
    drawn.app_id(crate::autostart::IDENTIFIER);
    if notice.urgent {
        // On macOS the person decides in the system settings what stays on the screen.
        #[cfg(not(target_os = "macos"))]
        drawn.urgency(notify_rust::Urgency::Critical);
        drawn.timeout(Timeout::Never);
    }
    if let Some(id) = earlier {
        drawn.id(id);
    }
    if can.buttons && !notice.buttons.is_empty() {
        // A click beside the buttons; services show it as no button, and some call it by this key. Elsewhere it would be a button.
        if cfg!(target_os = "linux") {
            drawn.action("default", APP_NAME);
        }
        for (at, button) in notice.buttons.iter().enumerate() {
            drawn.action(&key(at), &button.label);
        }
    }
    drawn
}

fn key(at: usize) -> String {
    format!("button-{at}")
}

/// Services that know markup read `<` and `&` as its beginning.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn wait(app: &AppHandle, shown: &Shown, (id, key): (u32, String), handle: NotificationHandle) {
    let (app, shown) = (app.clone(), Arc::clone(shown));
    spawn("notice", move || {
        let answered = handle.wait_for_response(move |response: &NotificationResponse| {
            // Two threads wait for a notification that took an earlier one's place; the first answer counts, and it means the
            // buttons that are on the screen.
            let answered = take(&shown, &key, id);
            if let Some(request) = answered.and_then(|notice| asked(&notice, response)) {
                desk::ask_or_log(&app, request);
            }
        });
        if let Err(error) = answered {
            tracing::debug!(%error, "the notification service is gone");
        }
    });
}

#[cfg(target_os = "linux")]
fn number(handle: &NotificationHandle) -> u32 {
    handle.id()
}

/// Other systems give notifications no number, and only the newest under a key is ours to answer.
#[cfg(not(target_os = "linux"))]
fn number(_handle: &NotificationHandle) -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};

    static SHOWN: AtomicU32 = AtomicU32::new(0);
    SHOWN.fetch_add(1, Ordering::Relaxed)
}

/// What is shown under `key` with this `id`; it is not any more.
fn take(shown: &Shown, key: &str, id: u32) -> Option<Notice> {
    let mut shown = lock(shown);
    shown.get(key).filter(|showing| showing.id == id)?;
    shown.remove(key).map(|showing| showing.notice)
}

fn asked(notice: &Notice, response: &NotificationResponse) -> Option<Request> {
    match response {
        NotificationResponse::Default => Some(Request::Open { page: page(notice.kind) }),
        NotificationResponse::Action(pressed) => {
            let mut buttons = notice.buttons.iter().enumerate();
            buttons.find(|(at, _)| key(*at) == *pressed).map(|(_, button)| button.request.clone())
        }
        NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => None,
    }
}

fn page(kind: NoticeKind) -> Page {
    match kind {
        NoticeKind::Credential => Page::Credentials,
        NoticeKind::Crash
        | NoticeKind::Loop
        | NoticeKind::GaveUp
        | NoticeKind::ConfigError
        | NoticeKind::Hung
        | NoticeKind::PortTaken
        | NoticeKind::Recovered
        | NoticeKind::Other => Page::Overview,
    }
}

#[cfg(target_os = "linux")]
fn close(shown: &Shown, key: &str) {
    let Some(Showing { id, .. }) = lock(shown).remove(key) else { return };
    const NAME: &str = "org.freedesktop.Notifications";
    let close = move || {
        tauri::async_runtime::block_on(async {
            let bus = zbus::Connection::session().await?;
            bus.call_method(
                Some(NAME),
                "/org/freedesktop/Notifications",
                Some(NAME),
                "CloseNotification",
                &id,
            )
            .await
        })
    };
    match in_time(close) {
        Some(Ok(_)) => {}
        Some(Err(error)) => tracing::debug!(%error, "a notification could not be closed"),
        None => tracing::debug!("the notification service does not answer"),
    }
}

#[cfg(not(target_os = "linux"))]
fn close(shown: &Shown, key: &str) {
    lock(shown).remove(key);
}

/// Says once in this account's life where the window went.
pub fn tell_once_of_closing(app: &AppHandle) {
    tell_once(app, "told-of-closing", "tray-closed");
}

/// Says once that this desktop has no place for the icon; whether it was said now.
pub fn tell_once_of_no_host(app: &AppHandle) -> bool {
    tell_once(app, "told-of-no-host", "tray-no-host")
}

fn tell_once(app: &AppHandle, mark: &str, words: &str) -> bool {
    let desk = app.state::<Desk>();
    let Ok(folder) = layout::own_state_dir(&desk.world.around) else { return false };
    let (system, path) = (&desk.world.system, layout::join(&folder, &[mark], desk.world.around.os));
    if !matches!(system.read(&path), Ok(None)) {
        return false;
    }
    // Where it cannot be remembered it is better not said than said each time.
    let kept = system.make_dir(&folder, 0o700).and_then(|()| system.write(&path, b"", 0o600)).is_ok();
    if kept {
        desk.notify(mark, words);
    }
    kept
}
