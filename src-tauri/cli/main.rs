//! The command line on the real machine.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use gateward::cli::args::Command;
use gateward::cli::{self, Args, Output};
use gateward::system::os::{Os, surroundings};
use gateward::world::World;

mod terminal;

/// On Windows a pipe is read by a thread that nothing can call back, and a grandchild may hold the pipe for ever.
const FAREWELL: Duration = Duration::from_millis(500);

pub fn main() -> ExitCode {
    let terminal = terminal::Terminal::new();
    let output = match Args::try_parse() {
        Ok(args) => carried_out(args, &terminal),
        Err(error) => cli::unparsed(&error, terminal::asks_for_json(), terminal.colour()),
    };
    terminal.print(&output);
    ExitCode::from(output.exit.code())
}

fn carried_out(args: Args, terminal: &terminal::Terminal) -> Output {
    let around = surroundings();
    let is_host = matches!(args.command, Command::Run(_));
    terminal::log_to_stderr(around.variable("GATEWARD_LOG"), is_host);
    let world =
        World { system: Arc::new(Os::new(around.variable("GATEWARD_TOOLS").map(str::to_owned))), around };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let output = runtime.block_on(cli::run(args, &world, terminal));
            runtime.shutdown_timeout(FAREWELL);
            output
        }
        Err(error) => {
            Output { complaint: format!("{error}\n"), exit: cli::Exit::Failed, ..Output::default() }
        }
    }
}
