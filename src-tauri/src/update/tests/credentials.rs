//! What becomes of news about credentials.

use super::*;
use crate::model::{Notice, NoticeKind};

fn news(kind: IncidentKind, credential: &str, at: Timestamp) -> Event {
    let notice = Notice {
        kind: NoticeKind::Credential,
        key: credential.to_owned(),
        title: "x".to_owned(),
        body: String::new(),
        buttons: Vec::new(),
        urgent: true,
    };
    let plain = Incident::plain("default", kind, at, By::Itself);
    Event::CredentialNews { notice, incident: Incident { detail: Some(credential.to_owned()), ..plain } }
}

/// Whether it was told, and whether it was stored.
fn outcome(effects: &[Effect]) -> (bool, bool) {
    let told = effects.iter().any(|effect| matches!(effect, Effect::Tell(_)));
    let stored = effects.iter().any(|effect| matches!(effect, Effect::Store(_)));
    (told, stored)
}

#[test]
fn each_stage_is_told_and_the_history_keeps_one_end_until_it_is_renewed() {
    use IncidentKind::{CredentialEnding, CredentialOver, CredentialRenewed};
    let mut desk = Desk::seeing(running(7, 0));
    for (kind, stored) in [
        (CredentialEnding, true),
        (CredentialEnding, false),
        (CredentialOver, true),
        (CredentialOver, false),
        (CredentialRenewed, true),
        (CredentialOver, true),
    ] {
        let effects = desk.feed(news(kind, "a", desk.now.wall));
        assert_eq!(outcome(&effects), (true, stored), "{kind:?}");
    }
}

#[test]
fn two_credentials_that_end_at_one_moment_are_two_incidents() {
    let mut desk = Desk::seeing(running(7, 0));
    for credential in ["a", "b"] {
        let effects = desk.feed(news(IncidentKind::CredentialOver, credential, desk.now.wall));
        assert_eq!(outcome(&effects), (true, true), "{credential}");
    }
    assert_eq!(desk.kinds().len(), 2);
}
