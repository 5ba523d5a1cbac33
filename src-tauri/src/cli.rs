//! The command line: one command in, one [`Output`] out. Nothing here prints; results that go on are told to the [`Console`].

use serde_json::Value;

use crate::problem::{Code, Problem};
use crate::world::World;
use crate::{demo, host};

mod after_update;
pub mod args;
mod auth;
mod changes;
mod chronicle;
pub mod console;
mod diagnostics;
mod doctor;
mod drain;
mod dry_run;
mod env;
mod everything;
mod explain;
mod ghosts;
mod history;
mod inside;
mod install;
mod invocation;
mod lifecycle;
mod logs;
mod openclaw_json;
mod renewal;
mod report;
mod settings;
pub mod setup;
mod status;
mod taken;
mod turn;
mod undo;
mod update;
mod wait;
mod warning;
mod watch;

pub use args::Args;
pub use console::{Closed, Console};

use args::Command;
use invocation::Invocation;
use lifecycle::Change;

/// What a command leaves behind.
#[derive(Debug, Default, PartialEq)]
pub struct Output {
    /// For standard output, with its last newline.
    pub text: String,
    /// For standard error, with its last newline.
    pub complaint: String,
    /// Stands in the place of both with `--json`.
    pub json: Option<Value>,
    pub exit: Exit,
}

/// The exit codes, which scripts rely on; docs/cli.md explains them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exit {
    #[default]
    Ok,
    Failed,
    /// What was typed makes no sense.
    Usage,
    /// `status --check`: nothing runs.
    NotRunning,
    /// `status --check`: the service manager cannot be asked.
    Unknown,
    /// `status --check`: starting or stopping.
    UnderWay,
    /// `status --check`: something runs, but not as it should.
    Unwell,
    /// `update --check`: there is one.
    Newer,
    /// `wait`: it did not come in time; as timeout(1) says it.
    Late,
    /// The code of the program that the command ran.
    Program(u8),
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::NotRunning => 3,
            Exit::Unknown => 4,
            Exit::UnderWay => 5,
            Exit::Unwell => 6,
            Exit::Newer => 7,
            Exit::Late => 124,
            Exit::Program(code) => code,
        }
    }

    fn of(problem: &Problem) -> Self {
        match problem.code {
            Code::BadProfile
            | Code::BadPort
            | Code::BadVariable
            | Code::BadValue
            | Code::BadWorkingDir
            | Code::BadSetting
            | Code::NoSuchSetting
            | Code::BadAnswer
            | Code::NoAnswer => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

impl Output {
    pub fn json(value: Value, exit: Exit) -> Self {
        Self { json: Some(value), exit, ..Self::default() }
    }
}

/// Carries out one command.
pub async fn run(args: Args, world: &World, console: &dyn Console) -> Output {
    let at = Invocation::new(world, &args.flags, console);
    let verb = args.command.verb();
    if tells_of_interruptions(&args.command) {
        at.tell_of_interruptions();
    }
    let result = match at.flags.dry_run && acts_without_a_plan(&args.command) {
        true => Err(Problem::new(Code::BadValue).with("variable", "--dry-run").with("reason", "no-plan")),
        false => carried_out(args.command, &at).await,
    };
    result.unwrap_or_else(|problem| report::failure(verb, problem, &at))
}

#[expect(clippy::cognitive_complexity, reason = "one arm for each command")]
async fn carried_out(command: Command, at: &Invocation<'_>) -> Result<Output, Problem> {
    match command {
        Command::Setup(wanted) => setup::run(&wanted, at).await,
        Command::Install(wanted) => Ok(install::run(&wanted, at).await),
        Command::Uninstall(wanted) => uninstall(&wanted, at).await,
        Command::Start => Ok(lifecycle::run(Change::Start, at).await),
        Command::Stop(wanted) => Ok(stop(&wanted, at).await),
        Command::Restart(wanted) => Ok(restart(&wanted, at).await),
        Command::AfterUpdate => Ok(after_update::run(at).await),
        Command::Status(wanted) => status::run(&wanted, at).await,
        Command::Logs(wanted) => logs::run(&wanted, at).await,
        Command::Env(wanted) => env::run(&wanted, at).await,
        Command::Render(wanted) => Ok(install::render(&wanted, at).await),
        Command::Run(options) => hosted(*options, at).await,
        Command::Demo(options) => Ok(demo(*options).await),
        Command::Watch(wanted) => watch::run(&wanted, at).await,
        Command::Wait(wanted) => wait::run(&wanted, at).await,
        Command::History(wanted) => history::run(&wanted, at).await,
        Command::Changes(wanted) => changes::run(&wanted, at).await,
        Command::Undo(wanted) => Ok(undo::run(&wanted, at).await),
        Command::Doctor(wanted) => doctor::run(&wanted, at).await,
        Command::Diagnostics(wanted) => diagnostics::run(&wanted, at).await,
        Command::Explain(wanted) => Ok(explain::run(&wanted, at)),
        Command::Auth(wanted) => auth::run(&wanted, at).await,
        Command::Settings(wanted) => settings::run(&wanted, at).await,
        Command::Update(_) => update::run(at).await,
    }
}

/// What does something that no plan can show beforehand.
fn acts_without_a_plan(command: &Command) -> bool {
    match command {
        Command::Run(_) | Command::Demo(_) | Command::Settings(args::Settings::Try(_)) => true,
        Command::Auth(args::Auth::Monitor(wanted)) => !wanted.install && !wanted.uninstall,
        Command::Setup(_)
        | Command::Install(_)
        | Command::Uninstall(_)
        | Command::Start
        | Command::Stop(_)
        | Command::Restart(_)
        | Command::AfterUpdate
        | Command::Status(_)
        | Command::Logs(_)
        | Command::Env(_)
        | Command::Render(_)
        | Command::Watch(_)
        | Command::Wait(_)
        | Command::History(_)
        | Command::Changes(_)
        | Command::Undo(_)
        | Command::Doctor(_)
        | Command::Diagnostics(_)
        | Command::Explain(_)
        | Command::Auth(args::Auth::Status(_))
        | Command::Settings(_)
        | Command::Update(_) => false,
    }
}

/// Not what the manager or a plan of ours starts, nor what only prints: nobody would read it there.
fn tells_of_interruptions(command: &Command) -> bool {
    match command {
        Command::Run(_)
        | Command::Demo(_)
        | Command::Render(_)
        | Command::Explain(_)
        | Command::Update(_)
        | Command::Changes(_) => false,
        Command::Setup(_)
        | Command::Install(_)
        | Command::Uninstall(_)
        | Command::Start
        | Command::Stop(_)
        | Command::Restart(_)
        | Command::AfterUpdate
        | Command::Status(_)
        | Command::Logs(_)
        | Command::Env(_)
        | Command::Watch(_)
        | Command::Wait(_)
        | Command::History(_)
        | Command::Undo(_)
        | Command::Doctor(_)
        | Command::Diagnostics(_)
        | Command::Settings(_)
        | Command::Auth(_) => true,
    }
}

async fn uninstall(wanted: &args::Uninstall, at: &Invocation<'_>) -> Result<Output, Problem> {
    match wanted.everything {
        true => everything::run(at).await,
        false => Ok(lifecycle::run(Change::Uninstall, at).await),
    }
}

async fn stop(wanted: &args::Stop, at: &Invocation<'_>) -> Output {
    match wanted.now {
        true => drain::stop_now(at).await,
        false => lifecycle::run(Change::Stop { stay: wanted.stay }, at).await,
    }
}

async fn restart(wanted: &args::Restart, at: &Invocation<'_>) -> Output {
    match wanted.graceful {
        true => renewal::run(at).await,
        false => lifecycle::run(Change::Restart, at).await,
    }
}

async fn hosted(options: host::Options, at: &Invocation<'_>) -> Result<Output, Problem> {
    let options = host::Options { profile: at.flags.profile.clone(), ..options };
    let code = host::run(at.world.clone(), options).await?;
    Ok(Output { exit: Exit::Program(u8::try_from(code).unwrap_or(1)), ..Output::default() })
}

async fn demo(options: demo::Options) -> Output {
    match demo::serve(options).await {
        Ok(code) => Output { exit: Exit::Program(code), ..Output::default() },
        Err(error) => Output { complaint: format!("{error}\n"), exit: Exit::Failed, ..Output::default() },
    }
}

/// What clap has to say instead of a parsed command: help, version, or what was wrong with the arguments.
pub fn unparsed(error: &clap::Error, json: bool, colour: bool) -> Output {
    let rendered = error.render();
    let text = if colour { rendered.ansi().to_string() } else { rendered.to_string() };
    match (error.use_stderr(), json) {
        (false, _) => Output { text, ..Output::default() },
        (true, true) => {
            let plain = rendered.to_string();
            Output::json(
                serde_json::json!({ "ok": false, "code": "usage", "error": plain.trim_end() }),
                Exit::Usage,
            )
        }
        (true, false) => Output { complaint: text, exit: Exit::Usage, ..Output::default() },
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod turn_tests;
