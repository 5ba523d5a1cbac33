//! The grammar of `doctor`.

use clap::{Args as ClapArgs, ValueEnum};

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Doctor {
    /// Mends what this rule found, after showing how.
    #[arg(long, value_name = "RULE")]
    pub fix: Option<String>,

    /// Mends everything that the running gateway does not feel.
    #[arg(long, conflicts_with = "fix")]
    pub all_safe: bool,

    /// Prints the findings for another program.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["fix", "all_safe"])]
    pub format: Option<Format>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Sarif,
    Junit,
}
