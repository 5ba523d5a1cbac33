//! What the page may ask for. Every input is a typed value of ours; the page has no other way to this machine.

use gateward::model::{
    Anchor, Edit, LogFilter, LogNews, LogPage, Position, Pulse, Request, Searched, Sink, Spot,
};
use gateward::problem::Problem;
use gateward::setup::{Deed, Kept};
use gateward::view::diagnostics::{DiagnosticsPreview, DiagnosticsSaved};
use gateward::view::history::History;
use gateward::view::logs::Saved;
use gateward::view::self_test::{SelfTest, self_test};
use gateward::view::settings::SettingsView;
use gateward::view::setup::{SetupNews, SetupView};
use gateward::view::variables::{EnvironmentView, Preview};
use gateward::view::window::{About, Shown};
use gateward::world::World;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};

use crate::desk::{self, Desk};
use crate::{aside, environment, settings, setup};

/// The state now; `null` before the first observation. Later ones come as the event `state`.
#[tauri::command]
pub fn snapshot(desk: State<'_, Desk>) -> Option<Shown> {
    desk.shown()
}

/// Passes a request on. What comes of it is told by later states.
#[tauri::command]
pub fn ask(app: AppHandle, request: Request) -> Result<(), Problem> {
    desk::ask(&app, request)
}

/// What happened within the last `days`, and what it comes to.
#[tauri::command]
pub async fn history(app: AppHandle, days: u16) -> Result<History, Problem> {
    aside::from(move || app.state::<Desk>().history(days)).await
}

/// The settings now. Later ones come as the event `settings`.
#[tauri::command(async)]
pub fn settings(desk: State<'_, Desk>) -> SettingsView {
    settings::view(&desk)
}

/// Sets `field` to what was typed or chosen; an empty text is the default again.
#[tauri::command(async)]
pub fn change_setting(app: AppHandle, field: String, text: String) -> Result<SettingsView, Problem> {
    settings::change(&app, &field, &text)
}

#[tauri::command(async)]
pub fn undo_setting(app: AppHandle) -> Result<SettingsView, Problem> {
    settings::undo(&app)
}

/// Where the wizard stands.
#[tauri::command]
pub async fn setup(app: AppHandle) -> Result<SetupView, Problem> {
    setup::look(app).await
}

/// Does one thing of the wizard's, and tells on `channel` how it goes on.
#[tauri::command]
pub async fn setup_do(app: AppHandle, deed: Deed, channel: Channel<SetupNews>) -> Result<SetupView, Problem> {
    setup::act(app, deed, channel).await
}

/// Why the tray icon is shown or not.
#[tauri::command]
pub async fn tray_check(desk: State<'_, Desk>) -> Result<SelfTest, Problem> {
    let place = desk.world.system.tray_host().await;
    Ok(self_test(place, desk.is_tray_shown(), desk.world.around.is_gnome(), &desk.words))
}

/// One step larger (1) or smaller (-1), or the usual size (0).
#[tauri::command(async)]
pub fn zoom(app: AppHandle, direction: i32) -> Result<(), Problem> {
    settings::zoom(&app, direction).map(|_| settings::tell(&app))
}

/// What the gateway uses, over the last minutes. Later measurements come as the event `pulse`.
#[tauri::command]
pub fn pulse(desk: State<'_, Desk>) -> Pulse {
    desk.engine.pulse.borrow().clone()
}

/// Measures every two seconds from now on, or no more.
#[tauri::command]
pub fn look_closely(desk: State<'_, Desk>, looks: bool) {
    desk.engine.look_closely(looks);
}

/// What the service is given, beside what this session has and the config says.
#[tauri::command]
pub async fn environment(desk: State<'_, Desk>) -> Result<EnvironmentView, Problem> {
    environment::view(&desk).await
}

/// What applying `edits` would do. Nothing is changed.
#[tauri::command]
pub async fn preview(desk: State<'_, Desk>, edits: Vec<Edit>) -> Result<Preview, Problem> {
    environment::preview(&desk, &edits).await
}

/// Where the gateway's lines go, with the sizes.
#[tauri::command]
pub async fn log_sinks(desk: State<'_, Desk>) -> Result<Vec<Sink>, Problem> {
    Ok(desk.librarian.sinks(&desk.world, &desk.gateway).await)
}

/// About `count` lines at `anchor`.
#[tauri::command]
pub async fn log_page(
    desk: State<'_, Desk>,
    anchor: Anchor,
    filter: LogFilter,
    count: u32,
) -> Result<LogPage, Problem> {
    desk.librarian.page(&desk.world, &desk.gateway, anchor, filter, count).await
}

/// One line in full; `null` when there is no more of it than was told.
#[tauri::command]
pub async fn log_line(desk: State<'_, Desk>, spot: Spot) -> Result<Option<String>, Problem> {
    desk.librarian.line(&desk.world, &desk.gateway, spot).await
}

/// Sends each line that is written behind `position`, in batches, until `stop_logs` or the window's end.
#[tauri::command]
pub async fn follow_logs(
    desk: State<'_, Desk>,
    channel: Channel<LogNews>,
    position: Position,
    filter: LogFilter,
) -> Result<u32, Problem> {
    desk.librarian.follow(&desk.world, &desk.gateway, channel, position, filter).await
}

#[tauri::command]
pub fn stop_logs(desk: State<'_, Desk>, id: u32) {
    desk.librarian.stop(id);
}

/// Looks for a regular expression in everything that is there, and tells on `channel` how far it has come.
#[tauri::command]
pub async fn search_logs(
    desk: State<'_, Desk>,
    channel: Channel<Searched>,
    pattern: String,
    ignores_case: bool,
    filter: LogFilter,
) -> Result<Searched, Problem> {
    let wanted = (pattern, ignores_case);
    desk.librarian.search(&desk.world, &desk.gateway, channel, wanted, filter).await
}

/// Writes the lines that fit into a file of the person's.
#[tauri::command]
pub async fn save_logs(desk: State<'_, Desk>, filter: LogFilter) -> Result<Saved, Problem> {
    desk.librarian.save(&desk.world, &desk.gateway, filter).await
}

/// Collects what whoever helps needs to know, and lists it.
#[tauri::command]
pub async fn preview_diagnostics(desk: State<'_, Desk>) -> Result<DiagnosticsPreview, Problem> {
    desk.cabinet.preview(&desk).await
}

/// One text of the list, as it would be saved.
#[tauri::command]
pub fn diagnostics_text(desk: State<'_, Desk>, name: String) -> Result<String, Problem> {
    desk.cabinet.text(&name)
}

/// Saves what was listed.
#[tauri::command]
pub async fn save_diagnostics(app: AppHandle) -> Result<DiagnosticsSaved, Problem> {
    aside::from(move || {
        let desk = app.state::<Desk>();
        desk.cabinet.save(&desk)
    })
    .await
}

#[tauri::command]
pub fn about(desk: State<'_, Desk>) -> About {
    about_now(&desk)
}

/// Later ones come as the event `about`.
pub fn about_now(desk: &Desk) -> About {
    let World { system, around } = &desk.world;
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tray: desk.is_tray_shown(),
        locale: desk.words.language().within(desk.world.around.locale()),
        page: desk.take_wanted_page(),
        setup_dismissed: Kept::load(&**system, around, &desk.gateway.id).dismissed,
    }
}
