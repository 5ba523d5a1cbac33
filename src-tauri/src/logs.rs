//! Where a gateway's log is, how its lines are read from any place in it, and how they are made fit for a terminal.
//!
//! Two readers share the files: [`Tail`] gives one log as it is (`gateward logs`), [`page`], [`live`] and [`search`] give all of a gateway's
//! [`sinks`] as one log in the order of its times (`gateward logs --all`, the Logs page). None holds more than a few pieces of each file.

use crate::config::Config;
use crate::identity::{Identity, Surroundings};
use crate::layout::{self, Os};
use crate::system::System;

mod feed;
pub mod filter;
mod follow;
mod journal;
pub mod line;
pub mod live;
pub mod page;
mod piece;
mod place;
pub mod save;
pub mod search;
pub mod sinks;
pub mod timed;

pub use follow::Tail;

/// Folders of OpenClaw's application log, the preferred one first (OC 13.4, observed 2.5).
pub fn app_log_folders(around: &Surroundings) -> Vec<String> {
    let temporary = match around.os {
        Os::Windows => around.variable("TEMP").unwrap_or(r"C:\Windows\Temp").to_owned(),
        Os::Linux | Os::MacOs => "/tmp".to_owned(),
    };
    let own = format!("openclaw-{}", around.uid);
    ["openclaw", &own].iter().map(|folder| layout::join(&temporary, &[folder], around.os)).collect()
}

/// The application log of today, else the newest there is: `logging.file` of the config, else
/// `<folder>/openclaw[-<profile>]-YYYY-MM-DD.log`.
pub fn app_log(system: &dyn System, around: &Surroundings, id: &Identity, config: &Config) -> Option<String> {
    if let Some(file) = &config.log_file {
        return Some(layout::absolute(file, &id.home, &around.cwd, around.os));
    }
    let newest = |folder: &String| {
        let names = system.names(folder);
        names.into_iter().filter_map(|name| Some((date_of(&name, id.profile.name())?.to_owned(), name))).max()
    };
    let found = app_log_folders(around).into_iter().filter_map(|folder| {
        let (date, name) = newest(&folder)?;
        Some((date, layout::join(&folder, &[&name], around.os)))
    });
    // Of two folders with the same date the first one wins.
    found.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, path)| path)
}

/// The date in the name of a profile's log. Gateways before 2026.9 wrote every profile's lines into the nameless file.
fn date_of<'a>(name: &'a str, profile: Option<&str>) -> Option<&'a str> {
    let stem = name.strip_prefix("openclaw-")?.strip_suffix(".log")?;
    let date = match profile {
        Some(profile) => stem.strip_prefix(profile)?.strip_prefix('-')?,
        None => stem,
    };
    let digits = |part: &str, width: usize| part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = date.split('-').collect();
    matches!(parts.as_slice(), [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2)).then_some(date)
}

/// A line without control sequences; tabs stay.
pub fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_sequence(&mut chars),
            '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// ECMA-48: `ESC [ … final`, `ESC ] … BEL` or `… ESC \`, and two-character `ESC x`.
fn skip_sequence(chars: &mut std::str::Chars<'_>) {
    match chars.next() {
        Some('[') => drop(chars.find(|c| ('@'..='~').contains(c))),
        Some(']') => drop(chars.find(|c| *c == '\u{7}' || *c == '\\')),
        Some(_) | None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::identity::{Profile, identify};

    #[test]
    fn names_of_other_profiles_are_not_ours() {
        assert_eq!(date_of("openclaw-2026-11-22.log", None), Some("2026-11-22"));
        assert_eq!(date_of("openclaw-work-2026-11-22.log", None), None);
        assert_eq!(date_of("openclaw-work-2026-11-22.log", Some("work")), Some("2026-11-22"));
        assert_eq!(date_of("openclaw-2026-11-22.log", Some("work")), None);
        assert_eq!(date_of("openclaw-2026-11-22.1.log", None), None);
    }

    #[test]
    fn the_second_folder_is_named_after_the_account() {
        assert_eq!(app_log_folders(&around(&[])), ["/tmp/openclaw", "/tmp/openclaw-1000"]);
    }

    #[test]
    fn the_newest_log_is_chosen_and_the_configs_file_beats_all() {
        let system = follow::tests::machine(&[
            ("/tmp/openclaw/openclaw-2026-11-21.log", ""),
            ("/tmp/openclaw-1000/openclaw-2026-11-22.log", ""),
            ("/tmp/openclaw/openclaw-work-2026-11-23.log", ""),
        ]);
        let here = around(&[]);
        let id = identify(&Profile::default(), &here, None).unwrap();
        let chosen = |config: &Config| app_log(&system, &here, &id, config);
        assert_eq!(chosen(&Config::default()).as_deref(), Some("/tmp/openclaw-1000/openclaw-2026-11-22.log"));
        let named = Config { log_file: Some("~/own.log".to_owned()), ..Config::default() };
        assert_eq!(chosen(&named).as_deref(), Some("/home/anna/own.log"));
    }

    #[test]
    fn control_sequences_do_not_reach_the_terminal() {
        let line = "\u{1b}[31mred\u{1b}[0m\tx\u{1b}]0;title\u{7}y\u{8}\r";
        assert_eq!(plain(line), "red\txy");
    }
}
