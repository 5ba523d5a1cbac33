use std::process::ExitCode;

use clap::Parser;
use gateward::demo;

#[derive(Parser)]
#[command(version)]
enum Command {
    /// Plays a gateway, without OpenClaw.
    Demo(demo::Options),
}

fn main() -> ExitCode {
    let Command::Demo(options) = Command::parse();
    match play(options) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn play(options: demo::Options) -> Result<u8, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(demo::serve(options))?)
}
