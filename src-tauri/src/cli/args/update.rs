//! The grammar of `update`.

use clap::Args as ClapArgs;

#[derive(ClapArgs, Clone, Debug)]
pub struct Update {
    /// Asks the publisher now, whatever the settings say about asking by itself. Ends with 7 when there is a newer version.
    #[arg(long, required = true)]
    pub check: bool,
}
