//! `gateward-tray`: the tray icon and the window. Tauri, and no decision about the gateway.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod aside;
mod autostart;
mod dashboard;
mod desk;
mod diagnostics;
mod display;
mod dock;
mod engine;
mod environment;
mod host;
mod icons;
mod ipc;
mod logs;
mod menu_bar;
mod notify;
mod options;
mod others;
mod renewal;
mod report;
mod settings;
mod setup;
mod shell;
mod sign_in;
mod signals;
mod start_menu;
mod theme;
mod tray;
mod web_view;
mod window;

use std::process::ExitCode;

use clap::Parser;
use gateward::system::os::surroundings;
use gateward::words::{Language, Words};

use crate::options::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    let level = std::env::var("GATEWARD_LOG").ok().and_then(|text| text.parse().ok());
    let level = level.unwrap_or(tracing::Level::INFO);
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level).with_target(false).init();
    let words = Words::of(Language::of(surroundings().locale()));
    match display::open(&words) {
        Ok(()) => shell::run(options, words),
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
