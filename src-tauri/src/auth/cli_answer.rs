//! What `openclaw models status --json` prints (OC 11.5). Slow (3 s of Node), so only the last resort.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::gateway_answer::{described, renewal};
use super::moment::Ends;
use super::{Reading, name, parsed};
use crate::model::{Confidence, Credential, CredentialKind, Doubt, Expiry, Failure, FailureReason};

/// The source's name.
pub const COMMAND: &str = "openclaw models status --json";

/// Reads the standard output. Lines before the JSON value are skipped: OpenClaw prints boxes and warnings there.
///
/// # Errors
/// `Unmigrated` when a file of an older generation is in the way; `NoAnswer` for any other error and for text that is no answer.
pub fn read(stdout: &str) -> Reading {
    let answer: Answer = parsed(json_in(stdout).as_bytes()).map_err(|_| Doubt::NoAnswer)?;
    match answer {
        Answer { auth: Some(auth), .. } => Ok(auth.credentials()),
        Answer { error: Some(error), .. } if UNMIGRATED.iter().any(|mark| error.says(mark)) => {
            Err(Doubt::Unmigrated)
        }
        Answer { .. } => Err(Doubt::NoAnswer),
    }
}

/// The code, and the words of 2026.9.6, which gives the code on standard error only.
const UNMIGRATED: &[&str] = &["AUTH_PROFILE_MIGRATION_REQUIRED", "legacy credential migration"];

fn json_in(stdout: &str) -> &str {
    let starts = |line: &&str| line.starts_with('{');
    let Some(line) = stdout.lines().find(starts) else { return "" };
    let at = line.as_ptr() as usize - stdout.as_ptr() as usize;
    stdout[at..].trim_end()
}

#[derive(Deserialize)]
struct Answer {
    auth: Option<Auth>,
    error: Option<Error>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Error {
    Words(String),
    Told { message: Option<String>, code: Option<String> },
}

impl Error {
    fn says(&self, mark: &str) -> bool {
        match self {
            Error::Words(words) => words.contains(mark),
            Error::Told { message, code } => {
                [message, code].into_iter().flatten().any(|words| words.contains(mark))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    #[serde(default)]
    missing_providers_in_use: Vec<String>,
    #[serde(default)]
    unusable_profiles: Vec<Unusable>,
    oauth: Oauth,
}

#[derive(Deserialize)]
struct Oauth {
    profiles: Vec<Profile>,
}

/// Not its `label`: that repeats the first and last letters of the secret (observed 4.2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    profile_id: String,
    #[serde(default)]
    provider: String,
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    expires_at: Ends,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unusable {
    profile_id: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: String,
}

impl Auth {
    fn credentials(&self) -> Vec<Credential> {
        let failures: BTreeMap<&str, FailureReason> = self
            .unusable_profiles
            .iter()
            .filter_map(|profile| Some((profile.profile_id.as_str(), profile.failure()?)))
            .collect();
        let profiles = self.oauth.profiles.iter().map(|profile| {
            let failure = failures.get(profile.profile_id.as_str());
            let failure = failure.map(|reason| Failure { at: None, reason: *reason });
            Credential { failure, ..profile.credential() }
        });
        let missing = self.missing_providers_in_use.iter().map(|provider| missing(provider));
        profiles.chain(missing).collect()
    }
}

impl Unusable {
    /// A cooldown passes by itself.
    fn failure(&self) -> Option<FailureReason> {
        match (self.kind.as_str(), self.reason.as_str()) {
            ("disabled", "auth" | "auth_permanent") => Some(FailureReason::Refused),
            ("disabled", "billing") => Some(FailureReason::Billing),
            (_, _) => None,
        }
    }
}

impl Profile {
    fn credential(&self) -> Credential {
        let (kind, expiry) = described(&self.r#type, &self.status, self.expires_at);
        Credential {
            id: name::shown(&self.profile_id),
            provider: name::shown(&self.provider),
            profile: name::shown(&self.profile_id),
            kind,
            expiry,
            renewal: renewal(kind),
            failure: None,
            confidence: self.expires_at.confidence(),
            source: COMMAND.to_owned(),
        }
    }
}

/// A provider that models in use need and that has no credentials.
fn missing(provider: &str) -> Credential {
    Credential {
        id: name::shown(provider),
        provider: name::shown(provider),
        profile: String::new(),
        kind: CredentialKind::Oauth,
        expiry: Expiry::Missing,
        renewal: crate::model::Renewal::ByPerson,
        failure: None,
        confidence: Confidence::Read,
        source: COMMAND.to_owned(),
    }
}
