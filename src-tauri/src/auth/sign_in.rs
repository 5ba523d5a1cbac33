//! The command that renews a credential, as it is typed in a terminal.

use super::native::{CLAUDE, CODEX, GEMINI};
use super::own::OwnSource;
use crate::identity::Profile;
use crate::model::{Credential, CredentialKind};
use crate::plan::shell_quoted;

/// The command for `credential`; `None` where no program is known to renew it. Names out of credential files are quoted: nobody
/// vouches for them.
pub fn command(credential: &Credential, profile: &Profile, own: &[OwnSource]) -> Option<String> {
    match credential.id.as_str() {
        CLAUDE => return Some("claude setup-token".to_owned()),
        CODEX => return Some("codex login".to_owned()),
        GEMINI => return Some("gemini".to_owned()),
        _ => {}
    }
    let provider = shell_quoted(&credential.provider);
    let openclaw = openclaw(profile);
    match credential.kind {
        CredentialKind::Oauth => {
            Some(format!("{openclaw} models auth login --provider {provider}{}", agent(credential)))
        }
        CredentialKind::Token => Some(format!(
            "{openclaw} models auth paste-token --provider {provider} --profile-id {}{}",
            shell_quoted(&credential.profile),
            agent(credential)
        )),
        CredentialKind::ApiKey => Some(format!("{openclaw} configure --section model")),
        CredentialKind::GatewayToken | CredentialKind::GatewayPassword => {
            Some(format!("{openclaw} doctor --fix"))
        }
        CredentialKind::Certificate | CredentialKind::Own => {
            own.iter().find(|source| source.id() == credential.id).and_then(|source| source.sign_in.clone())
        }
    }
}

/// With the profile, so that a pasted command hits the same gateway (OC 8.3).
pub fn openclaw(profile: &Profile) -> String {
    profile.name().map_or("openclaw".to_owned(), |name| format!("openclaw --profile {name}"))
}

fn agent(credential: &Credential) -> String {
    let agent = credential.id.strip_suffix(&format!("/{}", credential.profile));
    agent.map(|agent| format!(" --agent {}", shell_quoted(agent))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::auth::tests::token;
    use crate::layout::Os;

    fn typed(credential: &Credential, profile: &str) -> Option<String> {
        command(credential, &Profile::parse(profile, Os::Linux).unwrap(), &[])
    }

    #[test]
    fn each_kind_has_its_own_command() {
        let pasted = token("anthropic:default", SignedDuration::ZERO);
        assert_eq!(
            typed(&pasted, "work").unwrap(),
            "openclaw --profile work models auth paste-token --provider anthropic --profile-id anthropic:default"
        );
        let login = Credential {
            kind: CredentialKind::Oauth,
            id: "dev/anthropic:default".to_owned(),
            ..pasted.clone()
        };
        assert_eq!(typed(&login, "").unwrap(), "openclaw models auth login --provider anthropic --agent dev");
        assert_eq!(typed(&Credential { id: CODEX.to_owned(), ..pasted.clone() }, "").unwrap(), "codex login");
        assert_eq!(typed(&Credential { kind: CredentialKind::Certificate, ..pasted }, ""), None);
    }

    #[test]
    fn a_name_out_of_a_file_cannot_add_a_command() {
        let evil = Credential { provider: "x; rm -rf ~".to_owned(), ..token("p", SignedDuration::ZERO) };
        assert!(typed(&evil, "").unwrap().contains("--provider 'x; rm -rf ~'"));
    }
}
