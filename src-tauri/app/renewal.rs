//! Starts the program anew in its own process, without a window: to give memory back and to become a newer version.
//!
//! WebKit keeps its network process and doubles this one's size after the last web view is gone; a new process image is free of
//! both. So not a minute after the window was closed the program replaces its image: whoever watches the process id sees no end.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager};

#[cfg(unix)]
mod update;

use crate::desk::Desk;
use crate::window;

/// Asks again after this long while something stands in the way.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often this start has been tried already: a variable of the process.
pub const TRIES: &str = "GATEWARD_TRIES";

/// The renewal that a closed window has set going.
#[derive(Default)]
pub struct Renewal(Mutex<Option<JoinHandle<()>>>);

impl Renewal {
    /// A window is there again; its own closing counts anew.
    pub fn call_off(&self) {
        self.become_task(None);
    }

    fn become_task(&self, task: Option<JoinHandle<()>>) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(former) = std::mem::replace(&mut *current, task) {
            former.abort();
        }
    }
}

/// When the window has been closed for a while, ends it and, once nothing would be lost, starts the program anew.
pub fn after_closing(app: &AppHandle) {
    let desk = app.state::<Desk>();
    let (app, wait) = (app.clone(), desk.options.renew_after);
    let task = tauri::async_runtime::spawn(async move {
        tokio::time::sleep(Duration::from_secs(wait.into())).await;
        window::end(&app);
        // Elsewhere the web view's processes are the system's, and go with the window.
        if cfg!(target_os = "linux") {
            renew_at_rest(app).await;
        }
    });
    desk.renewal.become_task(Some(task));
}

/// Becomes the new program after an update has put another file in this one's place: dpkg starts nothing of a user's.
#[cfg(unix)]
pub fn after_update(app: &AppHandle) {
    let Some(mut program) = update::Program::own() else { return };
    let world = app.state::<Desk>().world.clone();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if program.is_replaced(&world).await {
            tracing::info!(
                "another program stands in this one's place: it takes over as soon as the window is closed"
            );
            renew_at_rest(app).await;
        }
    });
}

/// Elsewhere the file of a running program cannot be replaced.
#[cfg(not(unix))]
pub fn after_update(_app: &AppHandle) {}

async fn renew_at_rest(app: AppHandle) {
    while !is_at_rest(&app) {
        tokio::time::sleep(PATIENCE).await;
    }
    let on_main = app.clone();
    let _ = app.run_on_main_thread(move || renew(&on_main));
}

/// No window, no action in flight, no notification whose buttons would lead nowhere.
fn is_at_rest(app: &AppHandle) -> bool {
    let desk = app.state::<Desk>();
    !window::is_open(app) && !desk.is_busy() && desk.notices.is_empty()
}

fn renew(app: &AppHandle) {
    if window::is_open(app) {
        return;
    }
    let desk = app.state::<Desk>();
    desk.finish();
    let arguments = desk.options.hidden_again();
    // Lets go of tray item and bus name, as at an exit.
    app.cleanup_before_exit();
    end_web_processes();
    let error = start_anew(&arguments, &[]);
    tracing::error!(%error, "the program could not be started anew");
    app.exit(1);
}

/// Replaces this process image; returns only when that fails.
#[cfg(unix)]
pub fn start_anew(arguments: &[String], variables: &[(&str, &str)]) -> std::io::Error {
    use std::os::unix::process::CommandExt;

    match program() {
        Ok(mut program) => program.args(arguments).envs(variables.iter().copied()).exec(),
        Err(error) => error,
    }
}

#[cfg(not(unix))]
pub fn start_anew(arguments: &[String], variables: &[(&str, &str)]) -> std::io::Error {
    let started =
        program().and_then(|mut program| program.args(arguments).envs(variables.iter().copied()).spawn());
    match started {
        Ok(_) => std::process::exit(0),
        Err(error) => error,
    }
}

/// Starts this program once more, beside this process.
///
/// # Errors
/// The system's.
pub fn start_beside(arguments: &[String]) -> std::io::Result<()> {
    let mut child = program()?.args(arguments).spawn()?;
    // Whoever starts a process has to collect it.
    std::thread::Builder::new().name("beside".to_owned()).spawn(move || drop(child.wait()))?;
    Ok(())
}

/// After an update the old file is gone, and the new one stands in its place.
fn program() -> std::io::Result<std::process::Command> {
    let mut program = std::process::Command::new(gateward::system::os::own_program()?);
    program.env_remove(TRIES);
    Ok(program)
}

/// They would end by themselves, but nobody would be left to collect them.
#[cfg(target_os = "linux")]
fn end_web_processes() {
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

    let own = rustix::process::getpid().as_raw_nonzero().get();
    let children = procfs::process::all_processes().into_iter().flatten().flatten();
    let web = children
        .filter_map(|child| child.stat().ok())
        .filter(|stat| stat.ppid == own && stat.comm.starts_with("WebKit"));
    for pid in web.filter_map(|stat| Pid::from_raw(stat.pid)) {
        let _ = kill_process(pid, Signal::KILL);
        let _ = waitpid(Some(pid), WaitOptions::empty());
    }
}

#[cfg(not(target_os = "linux"))]
fn end_web_processes() {}
