use std::process::ExitCode;

use clap::Parser;
use gateward::{demo, host, system, world};

#[derive(Parser)]
#[command(version)]
enum Command {
    /// Plays a gateway, without OpenClaw.
    Demo(Box<demo::Options>),
    /// Runs the gateway as a child and answers signals.
    Run {
        #[arg(long)]
        profile: Option<String>,
        #[command(flatten)]
        options: Box<host::Options>,
    },
}

fn main() -> ExitCode {
    match act(Command::parse()) {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command) -> Result<i32, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match command {
        Command::Demo(options) => Ok(runtime.block_on(demo::serve(*options))?.into()),
        Command::Run { profile, options } => {
            let around = system::os::surroundings();
            let tools = around.variable("GATEWARD_TOOLS").map(str::to_owned);
            let world = world::World { system: std::sync::Arc::new(system::os::Os::new(tools)), around };
            Ok(runtime.block_on(host::run(world, host::Options { profile, ..*options }))?)
        }
    }
}
