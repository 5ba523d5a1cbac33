//! What stands beside OpenClaw: the providers' own command lines, certificates, the user's own sources, and the log.

use jiff::Timestamp;

use super::{LOG_TAIL, Native, OWN_PATIENCE, Place, SIGNS_COUNT_FOR};
use crate::auth::config_facts::ConfigFacts;
use crate::auth::own::{Origin, OwnSource};
use crate::auth::{certificate, doubtful, log_signs, native};
use crate::layout::{self, Os};
use crate::logs;
use crate::model::{Credential, CredentialKind, Doubt, Expiry};
use crate::plan::{Call, Tool};
use crate::redact::redact;

impl Place<'_> {
    pub(super) fn native_files(&self) -> impl Iterator<Item = (String, &'static str, Native)> {
        let folder = |variable: &str, name: &str| match self.around.variable(variable) {
            Some(given) => self.absolute(given),
            None => self.path(&[name]),
        };
        let os = self.around.os;
        let in_folder = |folder: String, file: &str| layout::join(&folder, &[file], os);
        [
            (
                in_folder(folder("CLAUDE_CONFIG_DIR", ".claude"), ".credentials.json"),
                native::CLAUDE,
                native::claude as Native,
            ),
            (in_folder(folder("CODEX_HOME", ".codex"), "auth.json"), native::CODEX, native::codex as Native),
            (
                in_folder(self.path(&[".gemini"]), "oauth_creds.json"),
                native::GEMINI,
                native::gemini as Native,
            ),
        ]
        .into_iter()
    }

    pub(super) fn natives(&self) -> Vec<Credential> {
        let files = self.native_files();
        files
            .filter_map(|(path, id, read)| self.file(&path, id, |text| read(text, &path)))
            .flatten()
            .collect()
    }

    /// On macOS Claude keeps its login in the keychain. Asked without `-w`, so that the secret is never read (OC 11.1).
    pub(super) async fn keychain(&self) -> Vec<Credential> {
        let has_file = self
            .native_files()
            .any(|(path, id, _)| id == native::CLAUDE && self.system.entry(&path).is_some());
        if self.around.os != Os::MacOs || has_file {
            return Vec::new();
        }
        let tool = Tool::At("/usr/bin/security".to_owned());
        let call = Call::new(tool, &["find-generic-password", "-s", "Claude Code-credentials"], OWN_PATIENCE);
        let is_there = self.system.run(&call).await.is_success();
        is_there.then(|| native::keychain("macOS keychain")).into_iter().collect()
    }

    pub(super) fn certificates(&self, facts: &ConfigFacts) -> Vec<Credential> {
        let id = |path: &str| format!("certificate:{}", layout::file_name(path));
        let read = |path: &String| {
            let path = self.absolute(path);
            self.file(&path, &id(&path), |text| certificate::read(text, layout::file_name(&path), &path))
        };
        let missing = |path: &String| {
            let kind = CredentialKind::Certificate;
            vec![Credential { kind, ..wanted(&id(path), &self.absolute(path)) }]
        };
        facts.certificates.iter().flat_map(|path| read(path).unwrap_or_else(|| missing(path))).collect()
    }

    pub(super) async fn own_sources(&self) -> Vec<Credential> {
        let mut found = Vec::new();
        for source in self.own {
            let reading = match &source.from {
                Origin::File(path) | Origin::Certificate(path) => {
                    let missing = || vec![wanted(&source.id(), &source.shown_source())];
                    let read = |text: &[u8]| source.read(text);
                    self.file(&self.absolute(path), &source.id(), read).unwrap_or_else(missing)
                }
                Origin::Command(command) => self.output(source, command).await,
            };
            found.extend(reading);
        }
        found
    }

    fn unknown(&self, source: &OwnSource, why: Doubt) -> Credential {
        doubtful(&source.id(), &source.shown_source(), why)
    }

    async fn output(&self, source: &OwnSource, command: &[String]) -> Vec<Credential> {
        let Some((program, args)) = command.split_first() else { return Vec::new() };
        let call =
            Call { tool: Tool::At(self.absolute(program)), args: args.to_vec(), deadline: OWN_PATIENCE };
        let answer = self.system.run(&call).await;
        let reading =
            if answer.is_success() { source.read(answer.stdout.as_bytes()) } else { Err(Doubt::NoAnswer) };
        reading.unwrap_or_else(|why| vec![self.unknown(source, why)])
    }

    /// Refusals in the end of the application log.
    pub(super) fn signs(&self) -> Vec<log_signs::Sign> {
        let Some(path) = self.app_log() else { return Vec::new() };
        let length = self.system.read_part(&path, 0, 0).ok().flatten().map_or(0, |part| part.length);
        let from = length.saturating_sub(LOG_TAIL as u64);
        let Some(part) = self.system.read_part(&path, from, LOG_TAIL).ok().flatten() else {
            return Vec::new();
        };
        let text = String::from_utf8_lossy(&part.bytes).into_owned();
        let since = self.system.now() - SIGNS_COUNT_FOR;
        let lines = text.lines().map(|line| (logs::line::time_of(line.as_bytes()), redact(line)));
        let recent: Vec<_> = lines.filter(|(at, _)| at.is_some_and(|at| at >= since)).collect();
        log_signs::signs(recent.iter().map(|(at, line)| (*at, line.as_str())))
    }

    pub(super) fn written(&self, path: &str) -> Option<Timestamp> {
        self.system.read_part(path, 0, 0).ok().flatten()?.modified
    }

    pub(super) fn app_log(&self) -> Option<String> {
        let config = self.system.read(&self.id.config_path).ok().flatten();
        let config =
            config.and_then(|contents| crate::config::parse(&contents.text(), "").ok()).unwrap_or_default();
        logs::app_log(self.system, self.around, self.id, &config)
    }
}

/// Somebody named it, and it is not there.
fn wanted(id: &str, source: &str) -> Credential {
    Credential { expiry: Expiry::Missing, ..doubtful(id, source, Doubt::Unreadable) }
}
