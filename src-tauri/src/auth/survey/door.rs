//! The gateway's own door: what its config and environment say of its token, its password and its variables, and what it tells to
//! whoever is let in.

use std::collections::BTreeMap;

use super::{Place, Survey};
use crate::auth::config_facts::{self, ConfigFacts};
use crate::auth::gateway_answer;
use crate::layout::{self, Os};
use crate::model::{Confidence, Credential, CredentialKind, Expiry, Redacted, Renewal};
use crate::system::DoorKey;

impl Place<'_> {
    pub(super) fn facts(&self) -> ConfigFacts {
        let text = self.system.read(&self.id.config_path).ok().flatten().map(|contents| contents.text());
        text.and_then(|text| config_facts::read(&text).ok()).unwrap_or_default()
    }

    /// Adds what the config says of secrets and variables.
    pub(super) fn compare(&self, facts: ConfigFacts, found: &mut Survey) {
        let dotenv = self.dotenv();
        let given = self.around.variables.clone().into_iter().chain(dotenv.clone()).collect();
        found.token = facts.token.resolve(&given);
        found.password = facts.password.resolve(&given);
        found.dotenv = dotenv.keys().cloned().chain(self.account_wide()).collect();
        found.assigned = dotenv.into_iter().map(|(name, text)| (name, Redacted::new(text))).collect();
        found.facts = facts;
    }

    /// What the running gateway says, where it can be asked with a token.
    pub(super) async fn gateways_own(&self, facts: &ConfigFacts) -> Option<Vec<Credential>> {
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
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let mut set = self.around.variables.clone();
        set.extend(self.dotenv());
        set.extend(self.assignments(&layout::systemd_env_file(self.id)));
        set.extend(self.assignments(&layout::launchd_env_file(self.id)));
        set
    }

    pub(super) fn dotenv(&self) -> BTreeMap<String, String> {
        self.assignments(&layout::join(&self.id.state_dir, &[".env"], self.around.os))
    }

    /// Names that every program of the account is given, services too.
    fn account_wide(&self) -> Vec<String> {
        match self.around.os {
            // environment.d(5)
            Os::Linux => {
                let config = layout::own_config_dir(self.around).unwrap_or_default();
                let folder = layout::join(layout::parent(&config), &["environment.d"], Os::Linux);
                let names = self.system.names(&folder).into_iter().filter(|name| name.ends_with(".conf"));
                let files = names.map(|name| layout::join(&folder, &[&name], Os::Linux));
                files.flat_map(|path| self.assignments(&path).into_keys()).collect()
            }
            Os::MacOs => Vec::new(),
            // A task gets the account's variables from the registry, as we did.
            Os::Windows => self.around.variables.keys().cloned().collect(),
        }
    }

    fn assignments(&self, path: &str) -> BTreeMap<String, String> {
        let text = self.system.read(path).ok().flatten().map(|contents| contents.text());
        assignments(&text.unwrap_or_default())
    }

    /// The gateway's own token or password: without one it admits nobody.
    pub(super) fn own_door(&self, facts: &ConfigFacts) -> Vec<Credential> {
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
}

/// `NAME=value` lines of an environment file; quotes around a value are dropped.
fn assignments(text: &str) -> BTreeMap<String, String> {
    let bare = |value: &str| value.trim().trim_matches(['"', '\'']).to_owned();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), bare(value))).collect()
}
