//! The Settings page: what it shows, what is changed from it, and that it follows the file while the window is open.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gateward::identity::Surroundings;
use gateward::problem::{Code, Problem};
use gateward::releases;
use gateward::settings::{self, Change, Document, Settings};
use gateward::system::{Hint, Watch};
use gateward::view::settings::{Beside, SettingsView, page};
use gateward::words::Language;
use gateward::world::World;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::mpsc::{Receiver, channel};

use crate::desk::Desk;
use crate::{ipc, window};

/// Where no watch can be had, or the folder is not there yet, the file is looked at this often while the window is open.
const LOOK: Duration = Duration::from_secs(2);

/// What is kept between two requests of the page.
#[derive(Default)]
pub struct Clerk {
    last: Mutex<Option<Change>>,
    following: Mutex<Option<JoinHandle<()>>>,
}

pub fn view(desk: &Desk) -> SettingsView {
    let (system, around) = (&*desk.world.system, &desk.world.around);
    let loaded = Document::load(system, around);
    let path = settings::path(around).unwrap_or_default();
    let last = lock(&desk.clerk.last);
    let standing = releases::standing(system, around);
    let beside = Beside {
        last: last.as_ref(),
        starts_at_login: desk.starts_at_login(),
        profiles: &desk.other_profiles(),
        standing: &standing,
    };
    page(&path, loaded.as_ref(), beside, &desk.words)
}

pub fn current(world: &World) -> Settings {
    settings::current(&*world.system, &world.around)
}

/// # Errors
/// As [`Change::make`].
pub fn change(app: &AppHandle, field: &str, text: &str) -> Result<SettingsView, Problem> {
    let desk = app.state::<Desk>();
    if let Some(made) = Change::make(field, text, &*desk.world.system, &desk.world.around)? {
        *lock(&desk.clerk.last) = Some(made);
    }
    dress(app);
    Ok(view(&desk))
}

/// Takes the last change back.
///
/// # Errors
/// `NotPossibleNow` when there is none; as [`Change::take_back`].
pub fn undo(app: &AppHandle) -> Result<SettingsView, Problem> {
    let desk = app.state::<Desk>();
    let mut last = lock(&desk.clerk.last);
    let change = last.as_ref().ok_or_else(|| Problem::new(Code::NotPossibleNow))?;
    change.take_back(&*desk.world.system, &desk.world.around)?;
    *last = None;
    drop(last);
    dress(app);
    Ok(view(&desk))
}

/// The language that is set, else that of the locale.
pub fn language(set: &Settings, around: &Surroundings) -> Language {
    Language::of(set.window.language.locale(around))
}

/// One step larger or smaller, or the usual size.
///
/// # Errors
/// As [`Change::make`].
pub fn zoom(app: &AppHandle, direction: i32) -> Result<SettingsView, Problem> {
    let desk = app.state::<Desk>();
    let percent = current(&desk.world).window.zoomed(direction).to_string();
    change(app, "window.zoom", &percent)
}

fn dress(app: &AppHandle) {
    let desk = app.state::<Desk>();
    let set = current(&desk.world);
    desk.wardrobe.change(app, set.window.theme);
    window::zoom(app, set.window.zoom);
    let hidden = set.hidden_profiles();
    desk.extras.send_if_modified(|extras| std::mem::replace(&mut extras.hidden, hidden.clone()) != hidden);
    if desk.words.speak(language(&set, &desk.world.around)) {
        // The menu, and whoever draws the state, has other words for the same.
        desk.extras.send_modify(|_| {});
        let _ = app.emit_to(window::LABEL, "about", ipc::about_now(&desk));
        window::tell(app);
    }
}

/// Tells the page of what the settings are by now; for as long as the window is open.
pub fn follow(app: &AppHandle) {
    let task = tauri::async_runtime::spawn(keep_told(app.clone()));
    end(lock(&app.state::<Desk>().clerk.following).replace(task));
}

pub fn stop_following(desk: &Desk) {
    end(lock(&desk.clerk.following).take());
}

fn end(task: Option<JoinHandle<()>>) {
    if let Some(task) = task {
        task.abort();
    }
}

async fn keep_told(app: AppHandle) {
    let desk = app.state::<Desk>();
    let Ok(path) = settings::path(&desk.world.around) else { return };
    let (sender, mut hints) = channel(8);
    let mut told = view(&desk);
    loop {
        let watching = desk.world.system.watch(Watch::File { path: path.clone() }, sender.clone());
        while is_watched(&mut hints).await {
            tell_news(&app, &mut told);
        }
        drop(watching);
        tokio::time::sleep(LOOK).await;
        tell_news(&app, &mut told);
    }
}

/// Waits for a reason to look; `false` when the watch is lost.
async fn is_watched(hints: &mut Receiver<Hint>) -> bool {
    match hints.recv().await {
        Some(Hint::Changed { .. } | Hint::Watching { .. }) => true,
        Some(Hint::Lost { .. }) | None => false,
    }
}

fn tell_news(app: &AppHandle, told: &mut SettingsView) {
    let now = view(&app.state::<Desk>());
    if now != *told {
        *told = now;
        dress(app);
        tell(app);
    }
}

/// Tells an open window of the settings.
pub fn tell(app: &AppHandle) {
    let _ = app.emit_to(window::LABEL, "settings", view(&app.state::<Desk>()));
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
