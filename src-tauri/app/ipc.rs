//! What the page may ask for. Every input is a typed value of ours; the page has no other way to this machine.

use std::collections::BTreeMap;
use std::sync::Mutex;

use gateward::model::{GatewayState, Page, Request};
use gateward::view;
use gateward::words::Words;
use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter, Manager, State};

use crate::desk::{self, Desk};
use crate::window;

/// The state now; `null` before the first observation.
#[tauri::command]
pub fn snapshot(app: AppHandle, desk: State<'_, Desk>) -> Option<serde_json::Value> {
    // The page listens before it asks, so it hears which page it was opened for.
    if let Some(page) = desk.take_wanted_page().filter(|page| *page != Page::Overview) {
        let _ = app.emit_to(window::LABEL, "page", page);
    }
    desk.state().map(|state| shown(&state, &desk.words))
}

#[tauri::command]
pub fn ask(app: AppHandle, request: Request) {
    desk::ask(&app, request);
}

#[tauri::command]
pub fn follow_logs(channel: Channel<Vec<String>>, lines: u32) -> u32 {
    let _ = (channel, lines);
    0
}

#[tauri::command]
pub fn stop_logs(id: u32) {
    let _ = id;
}

#[derive(Serialize)]
pub struct About {
    version: &'static str,
    profile: String,
    tray: bool,
}

#[tauri::command]
pub fn about(desk: State<'_, Desk>) -> About {
    About {
        version: env!("CARGO_PKG_VERSION"),
        profile: desk.options.profile.clone().unwrap_or_else(|| "default".to_owned()),
        tray: desk.is_tray_shown(),
    }
}

pub fn shown(state: &GatewayState, words: &Words) -> serde_json::Value {
    serde_json::json!({ "state": state, "view": { "headline": view::headline(state, words), "tone": view::tone(state) } })
}
