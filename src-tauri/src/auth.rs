//! Credentials: when logins, keys, tokens and certificates end, and when a person has to hear of it (OC 11, A19).
//!
//! Readers turn one source's text into [`Credential`]s; secrets end inside the parser ([`secret`]), because the types it fills have no
//! place for them. [`judge`] says what a credential comes to at a moment, [`stages`] what is to be told about it and when.

use crate::model::{Confidence, Credential, CredentialKind, Doubt, Expiry, Renewal};

pub mod certificate;
pub mod cli_answer;
pub mod config_facts;
pub mod findings;
pub mod gateway_answer;
pub mod judge;
pub mod log_signs;
pub mod native;
pub mod outlook;
pub mod own;
pub mod profiles;
pub mod routes;
pub mod sign_in;
pub mod stages;
pub mod survey;
pub mod timer;

mod moment;
mod name;
mod secret;

/// More than this is no credential file.
pub const LONGEST: usize = 8 * 1024 * 1024;

/// What a reader makes of a source that is there: its credentials, or why it says nothing.
pub type Reading = Result<Vec<Credential>, Doubt>;

/// Stands in the list for a source that could not be read, so that its silence is not taken for health.
pub fn doubtful(id: &str, source: &str, why: Doubt) -> Credential {
    Credential {
        id: id.to_owned(),
        provider: id.to_owned(),
        profile: String::new(),
        kind: CredentialKind::Own,
        expiry: Expiry::Unknown { why },
        renewal: Renewal::Unknown,
        failure: None,
        confidence: Confidence::Read,
        source: source.to_owned(),
    }
}

/// Parses JSON into a type without room for secrets. The parser's own words are dropped: they repeat what they choke on.
fn parsed<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<T, Doubt> {
    if text.len() > LONGEST {
        return Err(Doubt::Damaged);
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice(text).map_err(|_| Doubt::Damaged)
}

#[cfg(test)]
mod tests;
