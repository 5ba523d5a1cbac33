//! The credential files of the providers' own command lines: Claude Code, Codex, Gemini CLI.

use serde::Deserialize;

use super::moment::Ends;
use super::secret::{JwtEnd, Presence};
use super::{Reading, parsed};
use crate::model::{Credential, CredentialKind, Doubt, Expiry, Renewal};

pub const CLAUDE: &str = "claude-cli";
pub const CODEX: &str = "codex-cli";
pub const GEMINI: &str = "gemini-cli";

/// `~/.claude/.credentials.json` (OC 11.1). A file without the login is a logged-out Claude.
///
/// # Errors
/// `Damaged`.
pub fn claude(text: &[u8], source: &str) -> Reading {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        claude_ai_oauth: Option<Login>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Login {
        access_token: Presence,
        refresh_token: Presence,
        expires_at: Ends,
    }
    let file: File = parsed(text)?;
    let login = file.claude_ai_oauth.unwrap_or_default();
    let found = Found {
        present: login.access_token.0 || login.refresh_token.0,
        refreshes: login.refresh_token.0,
        ends: login.expires_at,
    };
    Ok(vec![found.credential(CLAUDE, "anthropic", source)])
}

/// `~/.codex/auth.json`. The access token is a JWT whose own claim says when it ends; `OPENAI_API_KEY` alone has no end.
///
/// # Errors
/// `Damaged`.
pub fn codex(text: &[u8], source: &str) -> Reading {
    #[derive(Deserialize)]
    struct File {
        #[serde(default, rename = "OPENAI_API_KEY")]
        key: Presence,
        tokens: Option<Tokens>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Tokens {
        access_token: JwtEnd,
        refresh_token: Presence,
    }
    let file: File = parsed(text)?;
    if file.tokens.is_none() && file.key.0 {
        let key =
            Found { present: true, refreshes: false, ends: Ends::Absent }.credential(CODEX, "openai", source);
        return Ok(vec![Credential { kind: CredentialKind::ApiKey, expiry: Expiry::Never, ..key }]);
    }
    let tokens = file.tokens.unwrap_or_default();
    let found = Found {
        present: tokens.access_token.present || tokens.refresh_token.0,
        refreshes: tokens.refresh_token.0,
        ends: tokens.access_token.end.map_or(Ends::Absent, Ends::At),
    };
    Ok(vec![found.credential(CODEX, "openai-codex", source)])
}

/// `~/.gemini/oauth_creds.json`, as Google's client library writes it.
///
/// # Errors
/// `Damaged`.
pub fn gemini(text: &[u8], source: &str) -> Reading {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct File {
        access_token: Presence,
        refresh_token: Presence,
        expiry_date: Ends,
    }
    let file: File = parsed(text)?;
    let found = Found {
        present: file.access_token.0 || file.refresh_token.0,
        refreshes: file.refresh_token.0,
        ends: file.expiry_date,
    };
    Ok(vec![found.credential(GEMINI, "google-gemini-cli", source)])
}

/// Claude's login in the macOS keychain: its attributes tell that it is there and nothing else.
pub fn keychain(source: &str) -> Credential {
    let found = Found { present: true, refreshes: true, ends: Ends::Absent };
    found.credential(CLAUDE, "anthropic", source)
}

struct Found {
    present: bool,
    refreshes: bool,
    ends: Ends,
}

impl Found {
    fn credential(&self, id: &str, provider: &str, source: &str) -> Credential {
        let unknown = Expiry::Unknown { why: Doubt::NotTold };
        Credential {
            id: id.to_owned(),
            provider: provider.to_owned(),
            profile: id.to_owned(),
            kind: CredentialKind::Oauth,
            expiry: if self.present { self.ends.expiry(unknown) } else { Expiry::Missing },
            renewal: if self.refreshes { Renewal::Itself } else { Renewal::ByPerson },
            failure: None,
            confidence: self.ends.confidence(),
            source: source.to_owned(),
        }
    }
}
