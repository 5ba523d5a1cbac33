//! "Sign in again": the command that renews a credential, in the user's own terminal. Started from here; the page has no shell.

use gateward::problem::{Code, Problem};
use gateward::view::terminal;
use tauri::AppHandle;
use tauri_plugin_shell::ShellExt;

use crate::desk::Desk;

/// # Errors
/// `NotPossibleNow` for a credential that no command renews; `ProgramMissing` when no terminal is found.
pub fn open(app: &AppHandle, desk: &Desk, credential: &str) -> Result<(), Problem> {
    let impossible = || Problem::new(Code::NotPossibleNow);
    let state = desk.state().ok_or_else(impossible)?;
    let judged = state.credentials.iter().flat_map(|all| &all.judged);
    let command = judged
        .filter(|it| it.credential.id == credential)
        .find_map(|it| it.sign_in.clone())
        .ok_or_else(impossible)?;
    let stays = desk.words.say("auth-terminal-stays", &[]);
    let lines = terminal::lines(&desk.world.around, &command, &stays);
    for (program, arguments) in lines {
        match app.shell().command(&program).args(&arguments).spawn() {
            Ok(_) => return Ok(()),
            Err(error) => tracing::debug!(program, %error, "no such terminal"),
        }
    }
    Err(Problem::new(Code::ProgramMissing).with("path", "terminal").hint_command("run-yourself", command))
}
