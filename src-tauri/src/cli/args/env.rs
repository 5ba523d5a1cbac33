//! The grammar of `env`.

use clap::{Args as ClapArgs, Subcommand};

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Env {
    #[command(subcommand)]
    pub change: Option<EnvChange>,
}

/// Each restarts the gateway, or starts it; `--dry-run` shows the difference, `gateward undo` takes it back.
#[derive(Subcommand, Clone, Debug)]
pub enum EnvChange {
    /// Gives the service a variable, or another value of it.
    Set(EnvSet),
    /// Gives the service what this shell has under these names.
    Take(EnvNames),
    /// Takes variables away.
    Unset(EnvNames),
    /// Sets the working folder; without one, the service manager's own.
    Workdir(EnvWorkdir),
    /// Runs OpenClaw with another node; without a path, with one whose path outlives updates.
    Node(EnvNode),
}

#[derive(ClapArgs, Clone, Debug)]
#[group(required = true, multiple = true)]
pub struct EnvSet {
    /// Secrets, told by their names, go into an owner-only file.
    #[arg(value_name = "NAME=VALUE")]
    pub variables: Vec<String>,

    /// A file with one NAME=VALUE in each line, so that secrets need not stand on the command line; `#` begins a comment.
    #[arg(long, value_name = "FILE")]
    pub env_file: Option<String>,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct EnvNames {
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct EnvWorkdir {
    #[arg(value_name = "DIR")]
    pub folder: Option<String>,
}

#[derive(ClapArgs, Clone, Debug)]
pub struct EnvNode {
    #[arg(value_name = "PATH")]
    pub path: Option<String>,
}
