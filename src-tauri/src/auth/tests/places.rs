//! Where a survey looks, on machines made of data.

use super::survey::{Place, survey};
use super::*;
use crate::identity::tests::around;
use crate::identity::{Profile, Surroundings, identify};
use crate::layout::Os;
use crate::plan::{Answer, Call, End};
use crate::programs::Given;
use crate::system::scripted::{Machine, Scripted, Simulator, answered};
use crate::system::{Ask, Seen};

/// A Mac whose keychain has Claude's login, and no program but the one that looks there.
struct Keychain;

impl Simulator for Keychain {
    fn run(&mut self, call: &Call, _machine: &mut Machine) -> Answer {
        match call.tool.name() {
            "/usr/bin/security" => answered(0, "keychain: \"login.keychain-db\"\n", ""),
            _ => Answer { end: End::NotStarted("no such file".to_owned()), ..Answer::default() },
        }
    }

    fn answer(&mut self, _ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        None
    }
}

async fn looked(system: &Scripted<Keychain>, os: Os) -> Vec<Credential> {
    let around = Surroundings { os, ..around(&[]) };
    let id = identify(&Profile::default(), &around, None).unwrap();
    let place = Place { system, around: &around, id: &id, own: &[], given: &Given::default(), port: None };
    survey(&place).await.credentials
}

fn asked_keychain(system: &Scripted<Keychain>) -> Vec<String> {
    system.calls().into_iter().filter(|call| call.contains("security")).collect()
}

#[tokio::test]
async fn on_a_mac_the_keychain_tells_of_claudes_login_and_is_not_asked_for_it() {
    let system = Scripted::new(Keychain);
    let found = looked(&system, Os::MacOs).await;
    let claude = found.iter().find(|it| it.id == native::CLAUDE).unwrap();
    assert_eq!((standing(claude), claude.source.as_str()), (Standing::Unknown, "macOS keychain"));
    let asked = asked_keychain(&system);
    assert_eq!(asked.len(), 1);
    // -w and -g would print the secret.
    assert!(!asked[0].contains(" -w") && !asked[0].contains(" -g"), "{asked:?}");
}

#[tokio::test]
async fn a_file_of_claudes_or_another_system_leaves_the_keychain_alone() {
    let system = Scripted::new(Keychain);
    assert_eq!(looked(&system, Os::Linux).await, []);
    let login = br#"{"claudeAiOauth":{"accessToken":"a","refreshToken":"r","expiresAt":1}}"#;
    system.with(|machine, _| {
        machine.write("/home/anna/.claude/.credentials.json", login, 0o600).unwrap();
    });
    let found = looked(&system, Os::MacOs).await;
    assert!(found[0].source.ends_with(".credentials.json"), "{found:?}");
    assert_eq!(asked_keychain(&system), Vec::<String>::new());
}

#[tokio::test]
async fn a_certificate_that_the_config_names_and_that_is_gone_is_missing() {
    let system = Scripted::new(Keychain);
    let config = b"{gateway: {tls: {certPath: '/c/gw.pem'}}}";
    system.with(|machine, _| machine.write("/home/anna/.openclaw/openclaw.json", config, 0o600).unwrap());
    let found = looked(&system, Os::Linux).await;
    assert_eq!((found[0].kind, standing(&found[0])), (CredentialKind::Certificate, Standing::Missing));
}
