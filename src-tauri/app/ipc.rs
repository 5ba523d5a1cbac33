//! What the page may ask for. Every input is a typed value of ours; the page has no other way to this machine.

use gateward::model::{LogLine, Page, Request};
use gateward::problem::Problem;
use gateward::view::history::History;
use gateward::view::settings::SettingsView;
use gateward::view::window::{About, Shown};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use crate::desk::{self, Desk};
use crate::settings;

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
#[tauri::command(async)]
pub fn history(desk: State<'_, Desk>, days: u16) -> Result<History, Problem> {
    desk.history(days)
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

/// Sends the last `lines` lines and then each new one, in batches, until `stop_logs` or the window's end.
#[tauri::command]
pub fn follow_logs(desk: State<'_, Desk>, channel: Channel<Vec<LogLine>>, lines: u32) -> u32 {
    desk.followers.follow(&desk.world, &desk.gateway, channel, lines)
}

#[tauri::command]
pub fn stop_logs(desk: State<'_, Desk>, id: u32) {
    desk.followers.stop(id);
}

#[tauri::command]
pub fn about(desk: State<'_, Desk>) -> About {
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tray: desk.is_tray_shown(),
        locale: "en".to_owned(),
        page: desk.take_wanted_page().unwrap_or(Page::Overview),
    }
}
