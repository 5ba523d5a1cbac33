//! `cargo xtask package`: packs programs that were built before.

use clap::Parser;
use gateward_packaging::{Order, pack};
use std::process::ExitCode;

fn main() -> ExitCode {
    match pack(&Order::parse()) {
        Ok(files) => {
            files.iter().for_each(|file| println!("{}", file.display()));
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
