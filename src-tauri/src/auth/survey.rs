//! Reads every source on this machine, each as cheaply as it can be had.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::SignedDuration;

use super::config_facts::ConfigFacts;
use super::findings::{Sides, findings};
use super::log_signs::{self, Sign};
use super::own::{Origin, OwnSource};
use super::{Reading, doubtful, profiles};
use crate::identity::{Identity, Surroundings};
use crate::layout;
use crate::model::{Credential, Doubt, Finding, Redacted, Registered, Variable};
use crate::programs::Given;
use crate::system::System;

mod beside;
mod door;
mod told;

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
}

/// Everything found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    pub credentials: Vec<Credential>,
    /// Files whose change may change the credentials.
    pub files: Vec<String>,
    /// Those among them that a working gateway writes all the time.
    pub databases: Vec<String>,
    /// The application log, and the refusals it tells of.
    pub log: Option<String>,
    pub signs: Vec<Sign>,
    pub facts: ConfigFacts,
    /// The gateway's token and password by the config, to be compared with the service's.
    pub token: Option<Redacted>,
    pub password: Option<Redacted>,
    /// Names that `<state>/.env` and the account give the gateway.
    pub dotenv: BTreeSet<String>,
    /// What `<state>/.env` itself says.
    pub assigned: BTreeMap<String, Redacted>,
}

pub async fn survey(at: &Place<'_>) -> Survey {
    let facts = at.facts();
    let stores = at.stores();
    let mut found = Survey {
        files: at.files(&stores, &facts),
        databases: at.databases(),
        log: at.app_log(),
        signs: at.signs(),
        ..Survey::default()
    };
    found.credentials = match at.gateways_own(&facts).await {
        Some(told) => told,
        None => at.without_gateway(&stores).await,
    };
    let beside = [
        at.natives(),
        at.keychain().await,
        at.own_door(&facts),
        at.certificates(&facts),
        at.own_sources().await,
    ];
    found.credentials.extend(beside.into_iter().flatten());
    log_signs::apply(&found.signs, &mut found.credentials, |it| at.written(&it.source));
    at.compare(facts, &mut found);
    found
}

/// What the log tells of refusals.
pub fn refusals(at: &Place<'_>) -> Vec<Sign> {
    at.signs()
}

/// What does not fit together between the config and the variables that a service has, without reading any credential.
pub fn mismatches(
    system: &dyn System,
    around: &Surroundings,
    id: &Identity,
    variables: &[Variable],
) -> Vec<Finding> {
    references(system, around, id).compared(variables)
}

/// What the config and `<state>/.env` say of variables; no credential is read.
pub fn references(system: &dyn System, around: &Surroundings, id: &Identity) -> Survey {
    let place = Place { system, around, id, own: &[], given: &Given::default(), port: None };
    let mut found = Survey::default();
    place.compare(place.facts(), &mut found);
    found
}

impl Survey {
    /// What does not fit to what is `registered`; nothing where no service is: it has no environment yet.
    pub fn findings(&self, registered: &Registered) -> Vec<Finding> {
        match registered {
            Registered::Present(registration) => self.compared(&registration.environment),
            Registered::Missing { .. } | Registered::Unknown { .. } => Vec::new(),
        }
    }

    /// What does not fit to the variables that a service has.
    pub fn compared(&self, variables: &[Variable]) -> Vec<Finding> {
        findings(&self.sides(variables))
    }

    fn sides<'a>(&'a self, variables: &'a [Variable]) -> Sides<'a> {
        Sides {
            facts: &self.facts,
            token: self.token.as_ref(),
            password: self.password.as_ref(),
            variables,
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

    /// Where OpenClaw 2026.9 keeps credentials, each with its journal (observed 4.1).
    fn databases(&self) -> Vec<String> {
        let os = self.around.os;
        let agents = layout::join(&self.id.state_dir, &["agents"], os);
        let own = |agent: String| layout::join(&agents, &[&agent, "agent", "openclaw-agent.sqlite"], os);
        let shared = layout::join(&self.id.state_dir, &["state", "openclaw.sqlite"], os);
        let all = self.system.names(&agents).into_iter().map(own).chain([shared]);
        all.flat_map(|path| [format!("{path}-wal"), path]).collect()
    }

    fn files(&self, stores: &[Store], facts: &ConfigFacts) -> Vec<String> {
        let own = self.own.iter().filter_map(|source| match &source.from {
            Origin::File(path) | Origin::Certificate(path) => Some(self.absolute(path)),
            Origin::Command(_) => None,
        });
        let mut files: Vec<String> = stores.iter().map(|store| store.path.clone()).collect();
        files.extend(self.native_files().map(|(path, _, _)| path));
        files.extend(self.databases());
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

    /// Files that an older OpenClaw left behind mean nothing beside the databases of a newer one, but for telling why it does not work.
    async fn without_gateway(&self, stores: &[Store]) -> Vec<Credential> {
        let read = || stores.iter().filter_map(|store| self.store(store)).flatten().collect::<Vec<_>>();
        let has_databases = self.databases().iter().any(|path| self.system.entry(path).is_some());
        let older = if has_databases { Vec::new() } else { read() };
        if !older.is_empty() {
            return older;
        }
        self.command_line().await.unwrap_or_else(read)
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
}

type Native = fn(&[u8], &str) -> Reading;

struct Store {
    agent: String,
    path: String,
    is_legacy: bool,
}

const OWN_PATIENCE: Duration = Duration::from_secs(20);
const LOG_TAIL: usize = 256 * 1024;
/// A gateway that works meanwhile does not say so in its log.
const SIGNS_COUNT_FOR: SignedDuration = SignedDuration::from_hours(24);
