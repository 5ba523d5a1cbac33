//! The grammar of `changes` and `undo`.

use clap::Args as ClapArgs;

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Changes {
    /// Shows this one with its steps and the files' differences.
    #[arg(value_name = "N")]
    pub number: Option<u32>,

    /// Carries a change that was interrupted to its end.
    #[arg(long, conflicts_with_all = ["revert", "number"])]
    pub finish: bool,

    /// Puts everything back as it was before a change that was interrupted.
    #[arg(long, conflicts_with = "number")]
    pub revert: bool,

    /// Also where a file was edited by hand since.
    #[arg(long)]
    pub force: bool,
}

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Undo {
    /// The change, by its number in `gateward changes`. [default: the newest that can be taken back]
    #[arg(value_name = "N")]
    pub number: Option<u32>,

    /// Also where a file was edited since; what stands there now is kept as a change of its own.
    #[arg(long)]
    pub force: bool,
}
