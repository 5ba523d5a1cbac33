//! What a Scheduled Task runs on Windows: `gateward` without a console window, for `gateward run`. It has nobody to speak to; what
//! the host has to say stands in its log.

#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use gateward::cli::{self, Args, Closed, Console};
use gateward::system::os::{Os, surroundings};
use gateward::world::World;

struct Nobody;

impl Console for Nobody {
    fn say(&self, _line: &str) -> Result<(), Closed> {
        Ok(())
    }

    fn warn(&self, _line: &str) {}
}

/// As in the other program.
const FAREWELL: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let Ok(args) = Args::try_parse() else { return ExitCode::from(cli::Exit::Usage.code()) };
    let around = surroundings();
    let tools = around.variable("GATEWARD_TOOLS").map(str::to_owned);
    let world = World { system: Arc::new(Os::new(tools)), around };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let output = runtime.block_on(cli::run(args, &world, &Nobody));
    runtime.shutdown_timeout(FAREWELL);
    ExitCode::from(output.exit.code())
}
