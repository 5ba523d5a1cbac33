//! What OpenClaw itself wrote and said (fixtures/openclaw/README.md).

use super::*;

type Row = (String, CredentialKind, Standing);

fn rows(found: &[Credential]) -> Vec<Row> {
    found.iter().map(|it| (it.id.clone(), it.kind, standing(it))).collect()
}

fn row(id: &str, kind: CredentialKind, standing: Standing) -> Row {
    (id.to_owned(), kind, standing)
}

macro_rules! written {
    ($name:literal) => {
        include_str!(concat!("fixtures/openclaw/", $name))
    };
}

#[test]
fn the_store_of_2026_2_is_read() {
    let text = written!("2026.2.9-auth-profiles.json");
    let found = profiles::read(text.as_bytes(), "main", "/s").unwrap();
    let wanted = [
        row("anthropic:default", CredentialKind::ApiKey, Standing::Static),
        row("anthropic:manual", CredentialKind::Token, Standing::Ok),
        row("anthropic:static", CredentialKind::Token, Standing::Static),
    ];
    assert_eq!(rows(&found), wanted);
    assert_eq!(found[1].expiry.at().unwrap().as_millisecond(), 1_796_251_463_499);
    assert!(!format!("{found:?}").contains("FAKE"));
}

#[test]
fn the_command_line_of_2026_2_says_the_same_as_its_store() {
    let told = cli_answer::read(written!("2026.2.9-models-status.json")).unwrap();
    let stored = profiles::read(written!("2026.2.9-auth-profiles.json").as_bytes(), "main", "/s").unwrap();
    assert_eq!(rows(&told), rows(&stored));
}

#[test]
fn the_gateway_of_2026_9_says_the_same_as_its_command_line() {
    let wanted = [
        row("anthropic:default", CredentialKind::ApiKey, Standing::Static),
        row("anthropic:manual", CredentialKind::Token, Standing::Ok),
    ];
    let told = gateway_answer::read(written!("2026.9.6-models-authStatus.json").as_bytes()).unwrap();
    assert_eq!(rows(&told), wanted);
    let printed = cli_answer::read(written!("2026.9.6-models-status.json")).unwrap();
    assert_eq!(rows(&printed), wanted);
    assert_eq!(told[1].expiry, printed[1].expiry);
}

#[test]
fn a_store_of_2026_2_keeps_2026_9_from_answering() {
    assert_eq!(cli_answer::read(written!("2026.9.6-unmigrated.json")), Err(Doubt::Unmigrated));
}
