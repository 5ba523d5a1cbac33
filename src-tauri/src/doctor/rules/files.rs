//! Who may read what, how large it has grown, and where it lies.

use super::{rule, with};
use crate::doctor::evidence::Role;
use crate::doctor::{Area, Evidence, FileFact, Remedy, Rule, Severity, Values};

/// 500 MB were the cap at which OpenClaw once fell silent (A20).
const LARGE_LOG: u64 = 200 * 1024 * 1024;
const LITTLE_DISK: u64 = 500 * 1024 * 1024;

pub const RULES: &[Rule] = &[
    rule("definition-open-with-secrets", Area::Files, Severity::Error, Remedy::Close, |it| {
        file(it, |file| file.role == Role::Definition && file.secret && is_open(file))
    }),
    rule("backup-with-secrets", Area::Files, Severity::Error, Remedy::Remove, |it| {
        file(it, |file| file.role == Role::Backup && file.secret)
    }),
    rule("environment-file-open", Area::Files, Severity::Error, Remedy::Close, |it| {
        file(it, |file| file.role == Role::Environment && is_open(file))
    }),
    rule("config-open", Area::Files, Severity::Warning, Remedy::Close, |it| {
        file(it, |file| file.role == Role::Config && is_open(file))
    }),
    rule("config-writable-by-others", Area::Files, Severity::Error, Remedy::Close, |it| {
        file(it, |file| file.role == Role::Config && file.mode & 0o022 != 0)
    }),
    rule("definition-writable-by-others", Area::Files, Severity::Error, Remedy::Close, |it| {
        file(it, |file| file.role == Role::Definition && file.mode & 0o022 != 0)
    }),
    rule("log-large", Area::Files, Severity::Warning, Remedy::Nothing, |it| {
        let found = it.file(|file| file.role == Role::Log && file.bytes > LARGE_LOG)?;
        let mut values = with("path", &found.path);
        values.extend(with("megabytes", found.bytes / 1_048_576));
        Some(values)
    }),
    rule("disk-nearly-full", Area::Files, Severity::Error, Remedy::Advice("df -h"), |it| {
        let free = it.free_bytes.filter(|free| *free < LITTLE_DISK)?;
        Some(with("megabytes", free / 1_048_576))
    }),
    rule("state-synced", Area::Files, Severity::Warning, Remedy::Nothing, |it| {
        let synced =
            ["/Dropbox/", "/OneDrive", "/Mobile Documents/", "/Google Drive/", "/Nextcloud/", "/iCloud"];
        let place = it.id.state_dir.replace('\\', "/") + "/";
        synced.iter().any(|part| place.contains(part)).then(|| with("path", &it.id.state_dir))
    }),
    rule("state-temporary", Area::Files, Severity::Warning, Remedy::Nothing, |it| {
        let place = it.id.state_dir.replace('\\', "/");
        let is_so = place.starts_with("/tmp/") || place.starts_with("/var/tmp/") || place.contains("/Temp/");
        is_so.then(|| with("path", &it.id.state_dir))
    }),
];

fn is_open(file: &FileFact) -> bool {
    file.mode & 0o077 != 0
}

fn file(evidence: &Evidence, fits: impl Fn(&FileFact) -> bool) -> Option<Values> {
    evidence.file(fits).map(|file| with("path", &file.path))
}
