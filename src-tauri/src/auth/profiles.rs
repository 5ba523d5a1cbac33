//! OpenClaw's own credential files of the generations before SQLite: `auth-profiles.json`, and the older `auth.json` and
//! `oauth.json` (OC 11.4).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::moment::Ends;
use super::secret::Presence;
use super::{Reading, name, parsed};
use crate::model::{Credential, CredentialKind, Doubt, Expiry, Failure, FailureReason, Renewal};

/// Reads a store. `agent` is the agent's id: profiles of others than `main` bear it in front of theirs.
///
/// # Errors
/// `Damaged`.
pub fn read(text: &[u8], agent: &str, source: &str) -> Reading {
    let file: File = parsed(text)?;
    let Some(profiles) = file.profiles else { return Err(Doubt::Damaged) };
    let credentials = profiles.into_iter().map(|(id, entry)| {
        let entry = entry.read();
        let provider = entry.provider.clone().unwrap_or_else(|| provider_of(&id));
        let failure = file.usage_stats.get(&id).and_then(|stats| stats.read().failure());
        Credential { failure, ..entry.credential(&id, &provider, agent, source) }
    });
    Ok(credentials.collect())
}

/// Reads `auth.json` (provider → credential) or `oauth.json` (provider → tokens, without a type).
///
/// # Errors
/// `Damaged`.
pub fn read_legacy(text: &[u8], agent: &str, source: &str) -> Reading {
    let file: BTreeMap<String, Lenient<Entry>> = parsed(text)?;
    if file.contains_key("profiles") {
        return read(text, agent, source);
    }
    let credentials = file.into_iter().filter_map(|(provider, entry)| {
        let entry = entry.read();
        let is_one = entry.kind().is_some() || entry.refresh.0 || entry.access.0;
        let entry = Entry { r#type: entry.r#type.clone().or_else(|| Some("oauth".to_owned())), ..entry };
        is_one.then(|| entry.credential(&format!("{provider}:default"), &provider, agent, source))
    });
    Ok(credentials.collect())
}

fn provider_of(id: &str) -> String {
    id.split(':').next().unwrap_or(id).to_owned()
}

/// `work/anthropic:default`; the main agent's profiles go without a prefix, as the gateway names them.
pub fn id_of(profile: &str, agent: &str) -> String {
    match agent {
        "main" => name::shown(profile),
        other => name::shown(&format!("{other}/{profile}")),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    profiles: Option<BTreeMap<String, Lenient<Entry>>>,
    #[serde(default)]
    usage_stats: BTreeMap<String, Lenient<Stats>>,
}

/// One odd entry does not spoil the others.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lenient<T> {
    Read(T),
    Odd(IgnoredAny),
}

impl<T: Default + Clone> Lenient<T> {
    fn read(&self) -> T {
        match self {
            Lenient::Read(value) => value.clone(),
            Lenient::Odd(_) => T::default(),
        }
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entry {
    r#type: Option<String>,
    /// What hand-written files call the type.
    mode: Option<String>,
    provider: Option<String>,
    key: Presence,
    api_key: Presence,
    key_ref: Presence,
    token: Presence,
    token_ref: Presence,
    access: Presence,
    refresh: Presence,
    expires: Ends,
}

impl Entry {
    fn kind(&self) -> Option<CredentialKind> {
        match self.r#type.as_deref().or(self.mode.as_deref())? {
            "api_key" => Some(CredentialKind::ApiKey),
            "token" => Some(CredentialKind::Token),
            "oauth" => Some(CredentialKind::Oauth),
            _ => None,
        }
    }

    fn credential(&self, id: &str, provider: &str, agent: &str, source: &str) -> Credential {
        let kind = self.kind();
        Credential {
            id: id_of(id, agent),
            provider: name::shown(provider),
            profile: name::shown(id),
            kind: kind.unwrap_or(CredentialKind::Own),
            expiry: kind.map_or(Expiry::Unknown { why: Doubt::Damaged }, |kind| self.expiry(kind)),
            renewal: if self.refresh.0 { Renewal::Itself } else { Renewal::ByPerson },
            failure: None,
            confidence: self.expires.confidence(),
            source: source.to_owned(),
        }
    }

    fn expiry(&self, kind: CredentialKind) -> Expiry {
        let present = match kind {
            CredentialKind::ApiKey => self.key.0 || self.api_key.0 || self.key_ref.0,
            CredentialKind::Token => self.token.0 || self.token_ref.0,
            CredentialKind::Oauth
            | CredentialKind::Certificate
            | CredentialKind::GatewayToken
            | CredentialKind::GatewayPassword
            | CredentialKind::Own => self.access.0 || self.refresh.0,
        };
        match kind {
            _ if !present => Expiry::Missing,
            CredentialKind::ApiKey => Expiry::Never,
            CredentialKind::Token => self.expires.expiry(Expiry::Never),
            CredentialKind::Oauth
            | CredentialKind::Certificate
            | CredentialKind::GatewayToken
            | CredentialKind::GatewayPassword
            | CredentialKind::Own => self.expires.expiry(Expiry::Unknown { why: Doubt::NotTold }),
        }
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Stats {
    last_used: Ends,
    last_failure_at: Ends,
    disabled_reason: Option<String>,
    error_count: Option<f64>,
    failure_counts: BTreeMap<String, f64>,
}

impl Stats {
    /// The last refusal, unless a use after it went well: OpenClaw then sets the count to 0 and `lastUsed` anew.
    fn failure(&self) -> Option<Failure> {
        let at = self.last_failure_at.at();
        let mended = self.error_count == Some(0.0) || (at.is_some() && self.last_used.at() > at);
        let counted = self.failure_counts.iter().filter(|(_, count)| **count > 0.0).map(|(name, _)| name);
        let reason = self.disabled_reason.iter().chain(counted).find_map(|name| reason(name))?;
        (!mended).then_some(Failure { at, reason })
    }
}

/// Limits of rate and time-outs pass by themselves.
fn reason(name: &str) -> Option<FailureReason> {
    match name {
        "auth" | "auth_permanent" => Some(FailureReason::Refused),
        "billing" => Some(FailureReason::Billing),
        _ => None,
    }
}
