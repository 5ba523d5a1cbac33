//! Puts the program together.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use gateward::model::Page;
use gateward::problem::{Code, Problem};
use gateward::releases;
use gateward::system::child::give_back_code;
use gateward::system::os::{Os, surroundings};
use gateward::words::Words;
use gateward::world::{Gateway, World};
use tauri::{App, AppHandle, Builder, Context, Manager, RunEvent, Wry};
use tokio::runtime::Runtime;

use crate::autostart::IDENTIFIER;
use crate::desk::Desk;
use crate::engine::Engine;
use crate::options::Options;
use crate::renewal::TRIES;
use crate::{dock, ipc, menu_bar, notify, others, renewal, settings, signals, start_menu, tray, window};

/// At login the panel may start after us; a window is shown only when none has come by then.
const HOST_GRACE: Duration = Duration::from_secs(10);

/// From the first look at the gateway until the menu is drawn and the watches stand.
const SETTLED: Duration = Duration::from_secs(2);

pub fn run(options: Options, words: Words) -> ExitCode {
    let around = surroundings();
    let system = Arc::new(Os::new(around.variable("GATEWARD_TOOLS").map(str::to_owned)));
    let world = World { system, around };
    words.speak(settings::language(&settings::current(&world), &world.around));
    let gateway = match world.gateway(options.profile.as_deref()) {
        Ok(gateway) => gateway,
        Err(problem) => return refuse(&words, &problem),
    };
    let hidden = options.hidden;
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&words, &Problem::new(Code::Internal).because(error.to_string())),
    };
    tauri::async_runtime::set(runtime.handle().clone());
    start_menu::introduce(IDENTIFIER, &world.around);
    match build(options, words, world, gateway) {
        Ok(app) => {
            app.run(move |app, event| match event {
                RunEvent::Ready => begin(app, hidden),
                // The last window was closed; the tray icon stays.
                RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
                RunEvent::Exit => app.state::<Desk>().finish(),
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => try_again(&error),
    }
}

/// What waits here needs one thread; with more of them each event wakes several. Work that holds a thread up is done `aside`.
fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

fn refuse(words: &Words, problem: &Problem) -> ExitCode {
    eprintln!("{}", words.problem(problem));
    for hint in &problem.hints {
        eprintln!("{} {}", words.hint(hint), hint.command.as_deref().unwrap_or_default());
    }
    ExitCode::FAILURE
}

fn build(options: Options, words: Words, world: World, gateway: Gateway) -> tauri::Result<App> {
    let profile = gateway.id.profile.name();
    let context = context(profile);
    menu_bar::add(single_instance(Builder::default(), &options, profile), &words)
        .plugin(tauri_plugin_shell::init())
        .manage(tray::Easel::default())
        .invoke_handler(tauri::generate_handler![
            ipc::history,
            ipc::settings,
            ipc::change_setting,
            ipc::undo_setting,
            ipc::setup,
            ipc::setup_do,
            ipc::environment,
            ipc::zoom,
            ipc::tray_check,
            ipc::pulse,
            ipc::look_closely,
            ipc::preview,
            ipc::snapshot,
            ipc::ask,
            ipc::log_sinks,
            ipc::log_page,
            ipc::log_line,
            ipc::search_logs,
            ipc::save_logs,
            ipc::preview_diagnostics,
            ipc::diagnostics_text,
            ipc::save_diagnostics,
            ipc::follow_logs,
            ipc::stop_logs,
            ipc::about
        ])
        .on_menu_event(tray::on_menu)
        .on_tray_icon_event(tray::on_click)
        .setup(move |app| {
            let words = Arc::new(words);
            let engine = Engine::start(world.clone(), gateway.clone(), Arc::clone(&words))?;
            tauri::async_runtime::spawn(releases::ask_daily(world.clone()));
            app.manage(Desk::new(options, words, world, gateway, engine));
            Ok(())
        })
        .build(context)
}

/// By its identifier a second start finds the first one; on Linux the name on the bus does it.
fn context(profile: Option<&str>) -> Context<Wry> {
    let mut context = tauri::generate_context!();
    if let Some(name) = profile.filter(|_| cfg!(windows)) {
        context.config_mut().identifier.push_str(&format!(".profile-{name}"));
    }
    context
}

/// A second start for the same `profile` opens the window of the first, unless it was a start at login.
fn single_instance(builder: Builder<Wry>, options: &Options, profile: Option<&str>) -> Builder<Wry> {
    if options.no_single {
        return builder;
    }
    let plugin = tauri_plugin_single_instance::Builder::new().callback(|app, arguments, _folder| {
        let shows = Options::try_parse_from(arguments).is_ok_and(|options| !options.hidden);
        if shows {
            window::open(app, Page::Overview);
        }
    });
    let plugin = match profile {
        Some(name) => plugin.dbus_id(format!("app.gateward.tray.profile-{name}")),
        None => plugin,
    };
    builder.plugin(plugin.build())
}

/// On the main thread, as soon as it takes events: the icon first, as it is there before a window could be.
fn begin(app: &AppHandle, hidden: bool) {
    renewal::after_update(app);
    dock::show(app, false);
    notify::work(app);
    tray::draw_first(app);
    tauri::async_runtime::spawn(tray::keep_drawn(app.clone()));
    tauri::async_runtime::spawn(keep_told(app.clone()));
    tauri::async_runtime::spawn(others::keep(app.clone()));
    tauri::async_runtime::spawn(keep_felt(app.clone()));
    tauri::async_runtime::spawn(signals::exit_on_signal(app.clone()));
    if hidden {
        tauri::async_runtime::spawn(settle(app.clone()));
        tauri::async_runtime::spawn(open_without_tray(app.clone()));
    } else {
        window::open(app, Page::Overview);
    }
}

/// Starting needs far more of the program than waiting does.
async fn settle(app: AppHandle) {
    let desk = app.state::<Desk>();
    if desk.engine.state.clone().changed().await.is_ok() {
        tokio::time::sleep(SETTLED).await;
        if app.get_webview_window(window::LABEL).is_none() {
            give_back_code();
        }
    }
}

async fn open_without_tray(app: AppHandle) {
    tokio::time::sleep(HOST_GRACE).await;
    if !app.state::<Desk>().is_tray_shown() {
        // The first time with the page that tells why.
        let told = notify::tell_once_of_no_host(&app);
        window::open(&app, if told { Page::Settings } else { Page::Overview });
    }
}

async fn keep_told(app: AppHandle) {
    let mut states = app.state::<Desk>().engine.state.clone();
    while states.changed().await.is_ok() {
        states.mark_unchanged();
        window::tell(&app);
    }
}

async fn keep_felt(app: AppHandle) {
    let mut pulse = app.state::<Desk>().engine.pulse.clone();
    while pulse.changed().await.is_ok() {
        let now = pulse.borrow_and_update().clone();
        window::feel(&app, &now);
    }
}

/// single-instance fails when the first instance is just ending: its name is taken and nobody answers. In one process there can
/// be one builder only, so the next try is a new process image.
fn try_again(error: &tauri::Error) -> ExitCode {
    let tries = std::env::var(TRIES).ok().and_then(|text| text.parse().ok()).unwrap_or(0_u8);
    if tries >= 5 {
        tracing::error!(%error, "the program could not start");
        return ExitCode::FAILURE;
    }
    std::thread::sleep(Duration::from_millis(300));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let error = renewal::start_anew(&arguments, &[(TRIES, &(tries + 1).to_string())]);
    tracing::error!(%error, "the program could not start anew");
    ExitCode::FAILURE
}
