//! What the running gateway itself says: the payload of `models.authStatus` (observed 4.3). It holds no secrets.

use serde::Deserialize;

use super::moment::Ends;
use super::{Reading, name, parsed};
use crate::model::{Confidence, Credential, CredentialKind, Doubt, Expiry, Renewal};

/// The method's name, which is also its source's.
pub const METHOD: &str = "models.authStatus";

/// Reads the payload.
///
/// # Errors
/// `Damaged` when it has another shape.
pub fn read(payload: &[u8]) -> Reading {
    let answer: Answer = parsed(payload)?;
    Ok(answer.providers.iter().flat_map(Provider::credentials).collect())
}

#[derive(Deserialize)]
struct Answer {
    providers: Vec<Provider>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    provider: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    profiles: Vec<Profile>,
    api_key: Option<ApiKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiKey {
    env_var: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    profile_id: String,
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    status: String,
    expiry: Option<Told>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    at: Ends,
}

impl Provider {
    fn credentials(&self) -> Vec<Credential> {
        let key = self.api_key.as_ref().filter(|_| self.profiles.is_empty());
        let own = match (key, self.status.as_str()) {
            (Some(key), _) => {
                let variable = key.env_var.as_deref().unwrap_or("api-key");
                Some(self.credential(variable, CredentialKind::ApiKey, Expiry::Never))
            }
            (None, "missing") if self.profiles.is_empty() => {
                Some(self.credential("", CredentialKind::Oauth, Expiry::Missing))
            }
            (None, _) => None,
        };
        self.profiles.iter().map(|profile| self.profile(profile)).chain(own).collect()
    }

    fn profile(&self, profile: &Profile) -> Credential {
        let told = profile.expiry.as_ref().map_or(Ends::Absent, |told| told.at);
        let (kind, expiry) = described(&profile.r#type, &profile.status, told);
        self.credential(&profile.profile_id, kind, expiry)
    }

    fn credential(&self, profile: &str, kind: CredentialKind, expiry: Expiry) -> Credential {
        Credential {
            id: name::shown(if profile.is_empty() { &self.provider } else { profile }),
            provider: name::shown(&self.provider),
            profile: name::shown(profile),
            kind,
            expiry,
            renewal: renewal(kind),
            failure: None,
            confidence: Confidence::Told,
            source: METHOD.to_owned(),
        }
    }
}

/// Kind and expiry by OpenClaw's words for them. Where word and moment disagree, the worse one is taken: an expired token was seen
/// called `ok` (A19), and one that ended early `expired`.
pub(super) fn described(kind: &str, status: &str, told: Ends) -> (CredentialKind, Expiry) {
    let kind = match kind {
        "api_key" => CredentialKind::ApiKey,
        "token" => CredentialKind::Token,
        "oauth" => CredentialKind::Oauth,
        _ => CredentialKind::Own,
    };
    let expiry = match (status, told) {
        ("missing", _) => Expiry::Missing,
        ("static", _) => Expiry::Never,
        ("expired", Ends::At(moment)) => Expiry::At { at: moment.at },
        ("expired", Ends::Absent | Ends::Odd) => Expiry::Over,
        ("ok" | "expiring", told) => told.expiry(Expiry::Unknown { why: Doubt::NotTold }),
        (_, _) => Expiry::Unknown { why: Doubt::NoAnswer },
    };
    (kind, expiry)
}

/// OpenClaw asks for a refresh token with every OAuth login; a pasted token has none.
pub(super) fn renewal(kind: CredentialKind) -> Renewal {
    match kind {
        CredentialKind::Oauth => Renewal::Itself,
        CredentialKind::ApiKey
        | CredentialKind::Token
        | CredentialKind::Certificate
        | CredentialKind::GatewayToken
        | CredentialKind::GatewayPassword
        | CredentialKind::Own => Renewal::ByPerson,
    }
}
