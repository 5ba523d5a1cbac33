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
#[cfg(late)]
mod late;
#[cfg(late)]
#[path = "../cli/main.rs"]
mod line;
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
    #[cfg(late)]
    if !is_called_as_tray() {
        return line::main();
    }
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

/// In the packages for Linux one file is both programs.
#[cfg(late)]
fn is_called_as_tray() -> bool {
    let name = gateward::system::os::called_as();
    name.is_none_or(|name| name.to_string_lossy().starts_with("gateward-tray"))
}
