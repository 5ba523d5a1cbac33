//! Where a gateway's lines go: its application log with its days and rotations, what its service writes, its own record of starts and
//! stops, and the journal.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{app_log_folders, date_of};
use crate::config::Config;
use crate::identity::{Identity, Surroundings};
use crate::layout::{self, Os};
use crate::model::{self, Spot};
use crate::problem::{Code, Problem};
use crate::system::System;

/// More files than anybody's gateway has; the newest by name are kept.
const MOST_FILES: usize = 32;

/// What is read together as one log.
#[derive(Clone, Debug, Default)]
pub struct Sinks {
    pub files: Vec<LogFile>,
    /// The unit whose lines are in the journal.
    pub unit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// Its name, or its path where two have the same name.
    pub source: String,
    pub path: String,
    /// Stays with the file when it is renamed.
    pub number: u32,
    pub length: u64,
    pub modified: Option<Timestamp>,
}

/// Finds the sinks of one gateway. `output` are the files that hold what the service writes; `None` where that is in the journal.
pub fn sinks(
    system: &dyn System,
    around: &Surroundings,
    id: &Identity,
    config: &Config,
    output: Option<Vec<String>>,
) -> Sinks {
    let unit = output.is_none().then(|| id.unit.clone());
    let audit = layout::join(&layout::host_log_dir(id, around.os), &["gateway-restart.log"], around.os);
    let written = output.into_iter().flatten().chain([audit]);
    let rotated = written.flat_map(|path| with_rotated(system, &path, around.os));
    let paths = app_files(system, around, id, config).into_iter().chain(rotated);
    let mut known = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths.filter(|path| known.insert(path.clone())).take(MOST_FILES) {
        let name = layout::file_name(&path).to_owned();
        let source = if names.insert(name.clone()) { name } else { path.clone() };
        files.extend(LogFile::look(system, &path, source));
    }
    Sinks { files, unit }
}

impl LogFile {
    /// `None` when it is gone, empty, or not to be read.
    pub fn look(system: &dyn System, path: &str, source: String) -> Option<Self> {
        let part = system.read_part(path, 0, 0).ok().flatten().filter(|part| part.length > 0)?;
        Some(Self {
            source,
            path: path.to_owned(),
            number: number(part.file, path),
            length: part.length,
            modified: part.modified,
        })
    }

    /// Whether it was renamed when it was full.
    pub fn is_rotated(&self) -> bool {
        let name = layout::file_name(&self.path);
        unrotated(name) != name
    }
}

/// 32 bits, as JavaScript's numbers don't hold 64; the path's where the system numbers no files.
fn number(file: u64, path: &str) -> u32 {
    let wide = match file {
        0 => path.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }),
        file => file,
    };
    (wide ^ (wide >> 32)) as u32
}

impl Sinks {
    /// # Errors
    /// `BadValue` for a spot that is in none of them.
    pub fn file_at(&self, spot: &Spot) -> Result<Option<(&LogFile, u64)>, Problem> {
        match spot {
            Spot::Journal { .. } => Ok(None),
            Spot::File { file, byte } => {
                let found = self.files.iter().find(|it| it.number == *file && *byte < it.length);
                let refused = || Problem::new(Code::BadValue).with("variable", "spot").with("value", byte);
                found.map(|file| Some((file, *byte))).ok_or_else(refused)
            }
        }
    }

    /// As they are shown: with the journal, without what is inside.
    pub fn list(&self) -> Vec<model::Sink> {
        let journal = self.unit.is_some().then(|| model::Sink {
            source: "journal".to_owned(),
            path: None,
            bytes: None,
        });
        let file = |file: &LogFile| model::Sink {
            source: file.source.clone(),
            path: Some(file.path.clone()),
            bytes: Some(file.length),
        };
        journal.into_iter().chain(self.files.iter().map(file)).collect()
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.length).sum()
    }
}

/// The application log of every day that is still there, the newest first, with its rotations.
fn app_files(system: &dyn System, around: &Surroundings, id: &Identity, config: &Config) -> Vec<String> {
    if let Some(file) = &config.log_file {
        let path = layout::absolute(file, &id.home, &around.cwd, around.os);
        return with_rotated(system, &path, around.os);
    }
    let mut found = Vec::new();
    for folder in app_log_folders(around) {
        let names = system.names(&folder).into_iter();
        let days =
            names.filter_map(|name| Some((date_of(&unrotated(&name), id.profile.name())?.to_owned(), name)));
        found.extend(days.map(|(date, name)| (date, layout::join(&folder, &[&name], around.os))));
    }
    found.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    found.into_iter().map(|(_, path)| path).collect()
}

/// `path` and what it was renamed to when it was full: `x.log.1`, `x.1.log`.
fn with_rotated(system: &dyn System, path: &str, os: Os) -> Vec<String> {
    let (folder, name) = (layout::parent(path), layout::file_name(path));
    let alike = |other: &String| unrotated(other) == name;
    system.names(folder).into_iter().filter(alike).map(|name| layout::join(folder, &[&name], os)).collect()
}

/// A log's name without the number of its rotation.
fn unrotated(name: &str) -> String {
    let is_number =
        |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((stem, number)) = name.rsplit_once('.')
        && is_number(number)
    {
        return stem.to_owned();
    }
    if let Some((stem, number)) = name.strip_suffix(".log").and_then(|name| name.rsplit_once('.'))
        && is_number(number)
    {
        return format!("{stem}.log");
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::identity::{Profile, identify};
    use crate::logs::follow::tests::machine;

    fn found(files: &[&str], config: &Config, output: Option<Vec<String>>) -> Vec<String> {
        let written: Vec<(&str, &str)> = files.iter().map(|path| (*path, "a\n")).collect();
        let here = around(&[]);
        let id = identify(&Profile::default(), &here, None).unwrap();
        let sinks = sinks(&machine(&written), &here, &id, config, output);
        sinks.list().into_iter().map(|sink| sink.path.unwrap_or(sink.source)).collect()
    }

    #[test]
    fn every_day_and_rotation_of_this_profile_is_read() {
        let files = [
            "/tmp/openclaw/openclaw-2026-11-21.log",
            "/tmp/openclaw/openclaw-2026-11-22.1.log",
            "/tmp/openclaw/openclaw-2026-11-22.log",
            "/tmp/openclaw/openclaw-work-2026-11-22.log",
            "/tmp/openclaw/notes.txt",
        ];
        let wanted = ["journal", files[1], files[2], files[0]];
        assert_eq!(found(&files, &Config::default(), None), wanted);
    }

    #[test]
    fn the_services_output_comes_with_its_rotations_and_the_record_of_stops() {
        let files = [
            "/l/out.log",
            "/l/out.log.1",
            "/l/out.times",
            "/l/out.err.log",
            "/home/anna/.openclaw/logs/gateway-restart.log",
        ];
        let output = Some(vec!["/l/out.log".to_owned(), "/l/out.err.log".to_owned()]);
        assert_eq!(found(&files, &Config::default(), output), [files[0], files[1], files[3], files[4]]);
    }

    #[test]
    fn the_configs_own_log_is_read_in_place_of_the_days() {
        let config = Config { log_file: Some("~/own.log".to_owned()), ..Config::default() };
        let files = ["/home/anna/own.log", "/home/anna/own.1.log", "/tmp/openclaw/openclaw-2026-11-22.log"];
        assert_eq!(found(&files, &config, None), ["journal", "/home/anna/own.1.log", "/home/anna/own.log"]);
    }

    #[test]
    fn two_files_of_one_name_are_told_apart_by_their_paths() {
        let written = [
            ("/tmp/openclaw/openclaw-2026-11-22.log", "a\n"),
            ("/tmp/openclaw-1000/openclaw-2026-11-22.log", "a\n"),
        ];
        let here = around(&[]);
        let id = identify(&Profile::default(), &here, None).unwrap();
        let sinks = sinks(&machine(&written), &here, &id, &Config::default(), Some(Vec::new()));
        let sources: Vec<&str> = sinks.files.iter().map(|file| file.source.as_str()).collect();
        assert_eq!(sources, ["openclaw-2026-11-22.log", "/tmp/openclaw/openclaw-2026-11-22.log"]);
    }
}
