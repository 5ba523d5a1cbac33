//! The grammar of `diagnostics`.

use clap::Args as ClapArgs;

#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Diagnostics {
    /// Saves the archive here, for its owner only; in a folder under a name with date and time. Without it nothing is saved.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<String>,

    /// Prints one of its texts, by the name in the list.
    #[arg(long, value_name = "NAME", conflicts_with = "output")]
    pub show: Option<String>,
}
