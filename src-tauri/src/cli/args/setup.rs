//! The grammar of `setup`.

use clap::Args as ClapArgs;

const ANSWERS: &str = r#"
An answers file is one JSON object. Every key may be left out:
  "program":  "openclaw", or "demo" for the built-in demo gateway
  "openclaw": "npm", "pnpm", "bun" or "brew": installs OpenClaw where it is missing
  "node":     the node to run it with, by its absolute path
  "port":     from 1 to 65535
  "workdir":  the gateway's working folder, absolute
  "envFile":  a file with one NAME=VALUE in each line, absolute
  "legacy":   "keep" or "remove": what becomes of services under earlier names
  "linger":   true lets the gateway run on after logout (systemd)

Exit codes: 0 nothing is left to do · 1 a step failed · 2 an answer is wrong or missing"#;

#[derive(ClapArgs, Clone, Debug, Default)]
#[command(after_help = ANSWERS)]
pub struct Setup {
    /// Takes the answers from this file and asks nothing.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<String>,

    /// Begins anew: forgets what was decided and skipped before. What is done stays done.
    #[arg(long)]
    pub again: bool,
}
