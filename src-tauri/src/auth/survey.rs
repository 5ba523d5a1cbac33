//! Reads every source on this machine, each as cheaply as it can be had.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;

use super::config_facts::ConfigFacts;
use super::findings::{Sides, findings};
use super::own::{Origin, OwnSource};
use super::{Reading, cli_answer, doubtful, log_signs, profiles};
use crate::identity::{Identity, Surroundings};
use crate::layout;
use crate::model::{Credential, Doubt, Finding, Redacted, Registered};
use crate::plan::{Call, Tool};
use crate::programs::{self, Given};
use crate::system::System;

mod beside;
mod door;

/// Where to look, and how far.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub system: &'a dyn System,
    pub around: &'a Surroundings,
    pub id: &'a Identity,
    pub own: &'a [OwnSource],
    /// The node and OpenClaw that a person insists on.
    pub given: &'a Given,
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
    at.compare(facts, &mut found);
    found
}

/// What does not fit together between the config and what is `registered`, without reading any credential.
pub fn mismatches(
    system: &dyn System,
    around: &Surroundings,
    id: &Identity,
    registered: &Registered,
) -> Vec<Finding> {
    let place = Place {
        system,
        around,
        id,
        own: &[],
        given: &Given::default(),
        port: None,
        command: CommandUse::Kept(&[]),
    };
    let mut found = Survey::default();
    place.compare(place.facts(), &mut found);
    findings(&found.sides(registered))
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
        let found = programs::find(self.system, self.around, self.given).await.ok()?;
        let profile = self.id.profile.name().map(|name| ["--profile", name]);
        let mut args = vec![found.openclaw.entry.as_str()];
        args.extend(profile.iter().flatten());
        args.extend(["models", "status", "--json"]);
        let answer =
            self.system.run(&Call::new(Tool::At(found.node.path.clone()), &args, COMMAND_PATIENCE)).await;
        let reading = cli_answer::read(&answer.stdout);
        Some(reading.unwrap_or_else(|why| vec![doubtful("openclaw", cli_answer::COMMAND, why)]))
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
