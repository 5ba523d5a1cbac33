//! How the program is called.

use clap::Parser;

/// Gateward's tray icon and window.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "gateward-tray", version)]
pub struct Options {
    /// The gateway to look after, as in `openclaw --profile`
    #[arg(long, env = "OPENCLAW_PROFILE", value_name = "NAME")]
    pub profile: Option<String>,
    /// Only the tray icon, no window (as at login)
    #[arg(long)]
    pub hidden: bool,
    /// Start even if another one runs
    #[arg(long)]
    pub no_single: bool,
    /// Seconds from closing the window to giving its memory back
    #[arg(long, value_name = "SECONDS", default_value_t = 50, hide = true)]
    pub renew_after: u32,
}

impl Options {
    /// The arguments that start this program anew with the tray icon only.
    pub fn hidden_again(&self) -> Vec<String> {
        let mut arguments = vec!["--hidden".to_owned()];
        arguments.extend(self.profile.iter().flat_map(|name| ["--profile".to_owned(), name.clone()]));
        arguments.extend(self.no_single.then(|| "--no-single".to_owned()));
        arguments.push(format!("--renew-after={}", self.renew_after));
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starting_anew_keeps_everything_but_the_window() {
        let first = Options::parse_from(["gateward-tray", "--profile", "work", "--no-single"]);
        let words: Vec<String> =
            ["gateward-tray".to_owned()].into_iter().chain(first.hidden_again()).collect();
        assert_eq!(Options::parse_from(words), Options { hidden: true, ..first });
    }
}
