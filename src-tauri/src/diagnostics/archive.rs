//! The archive: texts by name, and the file that they become.

use std::io::{Cursor, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::layout::{self, Os};
use crate::logs::save::folder;
use crate::problem::{Code, Problem};
use crate::system::System;
use crate::view::diagnostics::{DiagnosticsEntry, DiagnosticsPreview, total};
use crate::words::Words;

/// What an entry tells of; its words are the catalogue's `diagnostics-of-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What the archive is, and what was taken out of it.
    About,
    Versions,
    /// What every gateway is found to be, one line each.
    Verdicts,
    State,
    Doctor,
    /// A unit, plist, task, script or environment file.
    Definition,
    /// The manager's own words.
    Manager,
    Config,
    Incidents,
    Log,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::About => "about",
            Kind::Versions => "versions",
            Kind::Verdicts => "verdicts",
            Kind::State => "state",
            Kind::Doctor => "doctor",
            Kind::Definition => "definition",
            Kind::Manager => "manager",
            Kind::Config => "config",
            Kind::Incidents => "incidents",
            Kind::Log => "log",
        }
    }
}

/// One text of the archive, veiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Letters, digits, `.`, `-`, `_` and `/`; in each archive once.
    pub name: String,
    pub kind: Kind,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    pub at: Timestamp,
    pub entries: Vec<Entry>,
}

impl Archive {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.text.as_str())
    }

    /// To be looked through before it is saved as `path`.
    pub fn preview(&self, path: String, words: &Words) -> DiagnosticsPreview {
        let entry = |it: &Entry| DiagnosticsEntry::new(&it.name, it.kind.name(), it.text.len(), words);
        let entries: Vec<DiagnosticsEntry> = self.entries.iter().map(entry).collect();
        // The file is smaller.
        let bytes = self.entries.iter().map(|entry| entry.text.len()).sum();
        DiagnosticsPreview { total: total(&entries, bytes, words), entries, path }
    }

    /// `gateward-diagnostics-2026-11-22-130000.zip`, in local time.
    pub fn file_name(&self) -> String {
        let local = self.at.to_zoned(TimeZone::system());
        format!("gateward-diagnostics-{}.zip", local.strftime("%Y-%m-%d-%H%M%S"))
    }

    /// Where it goes when nobody names a place.
    pub fn place(&self, system: &dyn System, home: &str, os: Os) -> String {
        layout::join(&folder(system, home, os), &[&self.file_name()], os)
    }

    /// Writes it atomically, for its owner only. Gives the number of bytes.
    ///
    /// # Errors
    /// `WriteFailed`.
    pub fn save(&self, system: &dyn System, path: &str) -> Result<usize, Problem> {
        let bytes = self.zipped()?;
        system.write(path, &bytes, 0o600)?;
        Ok(bytes.len())
    }

    /// As a ZIP file, which every desktop opens by itself.
    ///
    /// # Errors
    /// `WriteFailed`.
    pub fn zipped(&self) -> Result<Vec<u8>, Problem> {
        let failed = |words: String| Problem::new(Code::WriteFailed).with("path", "zip").because(words);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(0o600)
            .last_modified_time(self.written());
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for entry in &self.entries {
            zip.start_file(entry.name.as_str(), options).map_err(|error| failed(error.to_string()))?;
            zip.write_all(entry.text.as_bytes()).map_err(|error| failed(error.to_string()))?;
        }
        zip.finish().map(Cursor::into_inner).map_err(|error| failed(error.to_string()))
    }

    /// ZIP knows local times from 1980 to 2107.
    fn written(&self) -> DateTime {
        let local = self.at.to_zoned(TimeZone::system());
        let part = |number: i8| u8::try_from(number).unwrap_or_default();
        let year = u16::try_from(local.year()).unwrap_or_default();
        let (month, day) = (part(local.month()), part(local.day()));
        let (hour, minute, second) = (part(local.hour()), part(local.minute()), part(local.second()));
        DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
    }
}
