//! Manual pages and completions, from the same grammar that reads the arguments.

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::tree::{Tree, gzip};

/// The desktop program is no library: its grammar is read where it stands.
#[path = "../../src-tauri/app/options.rs"]
#[allow(dead_code)]
mod options;

/// The grammar of `gateward`.
pub fn line() -> Command {
    gateward::cli::Args::command()
}

/// The grammar of `gateward-tray`.
pub fn tray() -> Command {
    options::Options::command()
}

/// Adds what `grammar`'s user reads and types by.
pub fn add(tree: &mut Tree, grammar: Command) -> Result<(), String> {
    add_completions(tree, &grammar);
    let mut grammar = grammar;
    grammar.build();
    add_page(tree, grammar)
}

/// One page for each command: `gateward-settings-set.1` is `gateward settings set`.
fn add_page(tree: &mut Tree, grammar: Command) -> Result<(), String> {
    for below in grammar.get_subcommands().filter(|below| !below.is_hide_set()) {
        add_page(tree, below.clone())?;
    }
    let page = Man::new(grammar).manual("Gateward").source(concat!("Gateward ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| error.to_string())?;
    tree.file(&format!("usr/share/man/man1/{}.gz", page.get_filename()), gzip(&text)?);
    Ok(())
}

fn add_completions(tree: &mut Tree, grammar: &Command) {
    let name = grammar.get_name().to_owned();
    for (shell, place) in [
        (Shell::Bash, format!("usr/share/bash-completion/completions/{name}")),
        (Shell::Zsh, format!("usr/share/zsh/vendor-completions/_{name}")),
        (Shell::Fish, format!("usr/share/fish/vendor_completions.d/{name}.fish")),
        // No folder is PowerShell's: a profile loads it by `. FILE`.
        (Shell::PowerShell, format!("usr/share/gateward/completions/{name}.ps1")),
    ] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut grammar.clone(), &name, &mut script);
        tree.file(&place, script);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Read;

    fn page(of: &str) -> String {
        let mut tree = Tree::default();
        add(&mut tree, line()).unwrap();
        let path = format!("usr/share/man/man1/{of}.1.gz");
        let (_, file) = tree.files().find(|(place, _)| *place == path).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&file.bytes[..]).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn every_command_has_a_page_that_names_its_options() {
        for command in line().get_subcommands() {
            let page = page(&format!("gateward-{}", command.get_name())).replace("\\-", "-");
            let shown = command.get_arguments().filter(|option| !option.is_hide_set());
            for option in shown.filter_map(|option| option.get_long()) {
                assert!(page.contains(&format!("--{option}")), "{} lacks --{option}", command.get_name());
            }
        }
    }

    #[test]
    fn the_first_page_names_every_command_and_the_exit_codes() {
        let page = page("gateward").replace("\\-", "-");
        assert!(
            line()
                .get_subcommands()
                .all(|command| page.contains(&format!("gateward-{}(1)", command.get_name())))
        );
        assert!(page.contains("124 not in time"), "{page}");
    }
}
