//! Reads every source on this machine, each as cheaply as it can be had.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::config_facts::{self, ConfigFacts};
use super::findings::Sides;
use super::own::{Origin, OwnSource};
use super::{Reading, certificate, cli_answer, doubtful, gateway_answer, log_signs, native, profiles};
use crate::identity::{Identity, Surroundings};
use crate::layout::{self, Os};
use crate::logs;
use crate::model::{
    Confidence, Credential, CredentialKind, Doubt, Expiry, LogLine, Redacted, Registered, Renewal,
};
use crate::plan::{Call, Tool};
use crate::programs;
use crate::system::{DoorKey, System};

/// Where to look, and how far.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub system: &'a dyn System,
    pub around: &'a Surroundings,
    pub id: &'a Identity,
    pub own: &'a [OwnSource],
    /// The port of the running gateway; asked first, since it knows best.
    pub port: Option<u16>,
    /// The credentials that OpenClaw's command line gave last, and when: it takes 3 s of processor time.
    pub command: CommandUse<'a>,
}

/// Whether OpenClaw's command line may be run.
#[derive(Clone, Copy)]
pub enum CommandUse<'a> {
    May,
    /// What it said last.
    Kept(&'a [Credential]),
}

/// Everything found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    pub credentials: Vec<Credential>,
    /// Files whose change may change the credentials.
    pub files: Vec<String>,
    /// What the command line said, to be kept.
    pub from_command: Option<Vec<Credential>>,
    pub facts: ConfigFacts,
    /// The gateway's token and password by the config, to be compared with the service's.
    pub token: Option<Redacted>,
    pub password: Option<Redacted>,
    /// Names in `<state>/.env`.
    pub dotenv: BTreeSet<String>,
}

pub async fn survey(at: &Place<'_>) -> Survey {
    let facts = at.facts();
    let stores = at.stores();
    let mut found = Survey { files: at.files(&stores, &facts), ..Survey::default() };
    match at.gateways_own(&facts).await {
        Some(told) => found.credentials = told,
        None => at.without_gateway(&stores, &mut found).await,
    }
    let beside = [
        at.natives(),
        at.keychain().await,
        at.own_door(&facts),
        at.certificates(&facts),
        at.own_sources().await,
    ];
    found.credentials.extend(beside.into_iter().flatten());
    log_signs::apply(&at.signs(), &mut found.credentials, |it| at.written(&it.source));
    let dotenv = at.dotenv();
    let given = at.around.variables.clone().into_iter().chain(dotenv.clone()).collect();
    found.token = facts.token.resolve(&given);
    found.password = facts.password.resolve(&given);
    found.dotenv = dotenv.into_keys().collect();
    found.facts = facts;
    found
}

impl Survey {
    /// What the config says, beside what is `registered`.
    pub fn sides<'a>(&'a self, registered: &'a Registered) -> Sides<'a> {
        Sides {
            facts: &self.facts,
            token: self.token.as_ref(),
            password: self.password.as_ref(),
            registered,
            dotenv: &self.dotenv,
        }
    }
}

impl Place<'_> {
    fn path(&self, parts: &[&str]) -> String {
        layout::join(&self.id.home, parts, self.around.os)
    }

    fn facts(&self) -> ConfigFacts {
        let text = self.system.read(&self.id.config_path).ok().flatten().map(|contents| contents.text());
        text.and_then(|text| config_facts::read(&text).ok()).unwrap_or_default()
    }

    /// The stores of all agents: agent, path, whether it is of the oldest form.
    fn stores(&self) -> Vec<Store> {
        let agents = layout::join(&self.id.state_dir, &["agents"], self.around.os);
        let in_agent =
            |agent: &String, file: &str| layout::join(&agents, &[agent, "agent", file], self.around.os);
        let mut names = self.system.names(&agents);
        if names.is_empty() {
            names.push("main".to_owned());
        }
        let per_agent = names.iter().flat_map(|agent| {
            [("auth-profiles.json", false), ("auth.json", true)].map(|(file, is_legacy)| Store {
                agent: agent.clone(),
                path: in_agent(agent, file),
                is_legacy,
            })
        });
        let shared = layout::join(&self.id.state_dir, &["credentials", "oauth.json"], self.around.os);
        per_agent.chain([Store { agent: "main".to_owned(), path: shared, is_legacy: true }]).collect()
    }

    fn files(&self, stores: &[Store], facts: &ConfigFacts) -> Vec<String> {
        let databases = ["openclaw.sqlite", "openclaw.sqlite-wal"]
            .map(|file| layout::join(&self.id.state_dir, &["state", file], self.around.os));
        let own = self.own.iter().filter_map(|source| match &source.from {
            Origin::File(path) | Origin::Certificate(path) => Some(self.absolute(path)),
            Origin::Command(_) => None,
        });
        let mut files: Vec<String> = stores.iter().map(|store| store.path.clone()).collect();
        files.extend(self.native_files().map(|(path, _, _)| path));
        files.extend(databases);
        files.extend(facts.certificates.iter().map(|path| self.absolute(path)));
        files.extend(own);
        files.push(self.id.config_path.clone());
        files.sort();
        files.dedup();
        files
    }

    fn absolute(&self, path: &str) -> String {
        layout::absolute(path, &self.id.home, &self.around.cwd, self.around.os)
    }

    /// What the running gateway says, where it can be asked with a token.
    async fn gateways_own(&self, facts: &ConfigFacts) -> Option<Vec<Credential>> {
        let port = self.port.filter(|_| !facts.tls)?;
        // Without a secret the question would only leave a warning in the gateway's log (observed 3.3).
        let key = self.key(facts)?;
        let answer = self.system.call_gateway(port, &key, gateway_answer::METHOD).await;
        match answer {
            Ok(payload) => gateway_answer::read(payload.as_bytes()).ok(),
            Err(problem) => {
                tracing::debug!(%problem, "the gateway does not tell its credentials");
                None
            }
        }
    }

    fn key(&self, facts: &ConfigFacts) -> Option<DoorKey> {
        let variables = self.variables();
        let variable = |name: &str| variables.get(name).filter(|text| !text.is_empty()).map(Redacted::new);
        let token = facts.token.resolve(&variables).or_else(|| variable("OPENCLAW_GATEWAY_TOKEN"));
        let password = facts.password.resolve(&variables).or_else(|| variable("OPENCLAW_GATEWAY_PASSWORD"));
        match (facts.mode.as_deref(), token, password) {
            (Some("password"), _, password) | (_, None, password) => password.map(DoorKey::Password),
            (_, Some(token), _) => Some(DoorKey::Token(token)),
        }
    }

    /// The variables that the service reads: its secrets' file, then `<state>/.env`, then ours.
    fn variables(&self) -> BTreeMap<String, String> {
        let mut set = self.around.variables.clone();
        set.extend(self.dotenv());
        set.extend(self.assignments(&layout::systemd_env_file(self.id)));
        set.extend(self.assignments(&layout::launchd_env_file(self.id)));
        set
    }

    fn dotenv(&self) -> BTreeMap<String, String> {
        self.assignments(&layout::join(&self.id.state_dir, &[".env"], self.around.os))
    }

    fn assignments(&self, path: &str) -> BTreeMap<String, String> {
        let text = self.system.read(path).ok().flatten().map(|contents| contents.text());
        assignments(&text.unwrap_or_default())
    }

    async fn without_gateway(&self, stores: &[Store], found: &mut Survey) {
        let read: Vec<Credential> = stores.iter().filter_map(|store| self.store(store)).flatten().collect();
        if !read.is_empty() {
            found.credentials = read;
            return;
        }
        let told = match self.command {
            CommandUse::May => self.ask_command().await,
            CommandUse::Kept(kept) => Some(kept.to_vec()),
        };
        found.credentials = told.clone().unwrap_or_default();
        found.from_command = told;
    }

    /// `None` when the store is not there.
    fn store(&self, store: &Store) -> Option<Vec<Credential>> {
        let read = |text: &[u8]| match store.is_legacy {
            true => profiles::read_legacy(text, &store.agent, &store.path),
            false => profiles::read(text, &store.agent, &store.path),
        };
        self.file(&store.path, &profiles::id_of("openclaw", &store.agent), read)
    }

    /// Reads a file; one that is there and says nothing becomes an unknown.
    fn file(&self, path: &str, id: &str, read: impl FnOnce(&[u8]) -> Reading) -> Option<Vec<Credential>> {
        let reading = match self.system.read(path) {
            Ok(Some(contents)) => read(&contents.bytes),
            Ok(None) => return None,
            Err(_) => Err(Doubt::Unreadable),
        };
        Some(reading.unwrap_or_else(|why| vec![doubtful(id, path, why)]))
    }

    /// `None` when OpenClaw is not installed.
    async fn ask_command(&self) -> Option<Vec<Credential>> {
        let found = programs::find(self.system, self.around, None).await.ok()?;
        let profile = self.id.profile.name().map(|name| ["--profile", name]);
        let mut args = vec![found.openclaw.entry.as_str()];
        args.extend(profile.iter().flatten());
        args.extend(["models", "status", "--json"]);
        let answer =
            self.system.run(&Call::new(Tool::At(found.node.path.clone()), &args, COMMAND_PATIENCE)).await;
        let reading = cli_answer::read(&answer.stdout);
        Some(reading.unwrap_or_else(|why| vec![doubtful("openclaw", cli_answer::COMMAND, why)]))
    }

    fn native_files(&self) -> impl Iterator<Item = (String, &'static str, Native)> {
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

    fn natives(&self) -> Vec<Credential> {
        let files = self.native_files();
        files
            .filter_map(|(path, id, read)| self.file(&path, id, |text| read(text, &path)))
            .flatten()
            .collect()
    }

    /// On macOS Claude keeps its login in the keychain. Asked without `-w`, so that the secret is never read (OC 11.1).
    async fn keychain(&self) -> Vec<Credential> {
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

    /// The gateway's own token or password: without one it admits nobody.
    fn own_door(&self, facts: &ConfigFacts) -> Vec<Credential> {
        let is_set = |name: &str| self.variables().get(name).is_some_and(|text| !text.trim().is_empty());
        let token = facts.token.is_set() || is_set("OPENCLAW_GATEWAY_TOKEN");
        let password = facts.password.is_set() || is_set("OPENCLAW_GATEWAY_PASSWORD");
        let door = |kind: CredentialKind, present: bool| Credential {
            id: kind.name().to_owned(),
            provider: "gateway".to_owned(),
            profile: kind.name().to_owned(),
            kind,
            expiry: if present { Expiry::Never } else { Expiry::Missing },
            renewal: Renewal::ByPerson,
            failure: None,
            confidence: Confidence::Read,
            source: self.id.config_path.clone(),
        };
        match facts.mode.as_deref() {
            Some("token") => vec![door(CredentialKind::GatewayToken, token)],
            Some("password") => vec![door(CredentialKind::GatewayPassword, password)],
            Some(_) => Vec::new(),
            None if token => vec![door(CredentialKind::GatewayToken, true)],
            None if password => vec![door(CredentialKind::GatewayPassword, true)],
            None => Vec::new(),
        }
    }

    fn certificates(&self, facts: &ConfigFacts) -> Vec<Credential> {
        let read = |path: &String| {
            let path = self.absolute(path);
            let id = format!("certificate:{}", layout::file_name(&path));
            self.file(&path, &id, |text| certificate::read(text, layout::file_name(&path), &path))
        };
        facts.certificates.iter().filter_map(read).flatten().collect()
    }

    async fn own_sources(&self) -> Vec<Credential> {
        let mut found = Vec::new();
        for source in self.own {
            let reading = match &source.from {
                Origin::File(path) | Origin::Certificate(path) => {
                    let missing = || {
                        vec![Credential {
                            expiry: Expiry::Missing,
                            ..self.unknown(source, Doubt::Unreadable)
                        }]
                    };
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
    fn signs(&self) -> Vec<log_signs::Sign> {
        let Some(path) = self.app_log() else { return Vec::new() };
        let length = self.system.read_part(&path, 0, 0).ok().flatten().map_or(0, |part| part.length);
        let from = length.saturating_sub(LOG_TAIL as u64);
        let Some(part) = self.system.read_part(&path, from, LOG_TAIL).ok().flatten() else {
            return Vec::new();
        };
        let text = String::from_utf8_lossy(&part.bytes).into_owned();
        let since = self.system.now() - SIGNS_COUNT_FOR;
        let lines: Vec<LogLine> = text.lines().map(|line| logs::line::of_file(line, "")).collect();
        let recent = lines.iter().filter(|line| line.at.is_some_and(|at| at >= since));
        log_signs::signs(recent.map(|line| (line.at, line.text.as_str())))
    }

    fn written(&self, path: &str) -> Option<Timestamp> {
        self.system.read_part(path, 0, 0).ok().flatten()?.modified
    }

    fn app_log(&self) -> Option<String> {
        let config = self.system.read(&self.id.config_path).ok().flatten();
        let config =
            config.and_then(|contents| crate::config::parse(&contents.text(), "").ok()).unwrap_or_default();
        logs::app_log(self.system, self.around, self.id, &config)
    }
}

type Native = fn(&[u8], &str) -> Reading;

struct Store {
    agent: String,
    path: String,
    is_legacy: bool,
}

/// Node needs 3 s on an idle machine (observed 2.1).
const COMMAND_PATIENCE: Duration = Duration::from_secs(60);
const OWN_PATIENCE: Duration = Duration::from_secs(20);
const LOG_TAIL: usize = 256 * 1024;
/// A gateway that works meanwhile does not say so in its log.
const SIGNS_COUNT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// `NAME=value` lines of an environment file; quotes around a value are dropped.
fn assignments(text: &str) -> BTreeMap<String, String> {
    let bare = |value: &str| value.trim().trim_matches(['"', '\'']).to_owned();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), bare(value))).collect()
}
