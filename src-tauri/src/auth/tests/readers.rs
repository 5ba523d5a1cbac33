use serde_json::json;

use super::own::{Origin, OwnSource, Unit};
use super::*;
use crate::model::{Failure, FailureReason};

fn stats(stats: serde_json::Value) -> Option<Failure> {
    let profile = json!({ "type": "oauth", "provider": "p", "refresh": "r", "expires": ms(hours(5)) });
    let file = json!({ "profiles": { "p:x": profile }, "usageStats": { "p:x": stats } });
    profiles::read(file.to_string().as_bytes(), "main", "/s").unwrap().remove(0).failure
}

#[test]
fn a_refusal_counts_until_a_use_after_it_went_well() {
    let failed = ms(hours(-2));
    let refused = json!({ "disabledReason": "auth", "errorCount": 3, "lastUsed": ms(hours(-3)), "lastFailureAt": failed });
    let at = Some(now() - hours(2));
    assert_eq!(stats(refused.clone()), Some(Failure { at, reason: FailureReason::Refused }));
    let counted = json!({ "failureCounts": { "rate_limit": 9, "auth": 1 }, "lastFailureAt": failed });
    assert_eq!(stats(counted), Some(Failure { at, reason: FailureReason::Refused }));
    for (key, value) in [("lastUsed", ms(hours(-1))), ("errorCount", 0)] {
        let mut mended = refused.clone();
        mended[key] = json!(value);
        assert_eq!(stats(mended), None, "{key}");
    }
}

#[test]
fn limits_of_rate_are_no_failures() {
    assert_eq!(stats(json!({ "disabledReason": "rate_limit", "lastFailureAt": ms(hours(-1)) })), None);
    assert_eq!(stats(json!("nonsense")), None);
}

#[test]
fn an_odd_entry_does_not_spoil_the_others() {
    let file =
        r#"{"profiles":{"a":7,"b":{"type":"token","provider":"p","token":"t"},"c":{"type":"martian"}}}"#;
    let found: Vec<_> = profiles::read(file.as_bytes(), "main", "/s").unwrap().iter().map(standing).collect();
    assert_eq!(found, [Standing::Unknown, Standing::Static, Standing::Unknown]);
}

#[test]
fn legacy_files_are_read_in_both_forms() {
    let typed = json!({ "anthropic": { "type": "oauth", "access": "a", "refresh": "r", "expires": ms(hours(1)) }, "note": "x" });
    let bare = json!({ "anthropic": { "access": "a", "refresh": "r", "expires": ms(hours(1)) } });
    for file in [typed, bare] {
        let found = profiles::read_legacy(file.to_string().as_bytes(), "main", "/s").unwrap();
        let seen: Vec<_> = found.iter().map(|it| (it.id.as_str(), standing(it))).collect();
        assert_eq!(seen, [("anthropic:default", Standing::Renews)]);
    }
}

#[test]
fn another_agents_profile_bears_its_name() {
    let file = r#"{"profiles":{"anthropic:default":{"type":"api_key","key":"k"}}}"#;
    let found = profiles::read(file.as_bytes(), "work", "/s").unwrap();
    assert_eq!((found[0].id.as_str(), found[0].provider.as_str()), ("work/anthropic:default", "anthropic"));
}

#[test]
fn seconds_in_a_file_of_milliseconds_are_seen_through() {
    let file = json!({ "claudeAiOauth": { "accessToken": "a", "expiresAt": ms(hours(3)) / 1000 } });
    let found = native::claude(file.to_string().as_bytes(), "/c").unwrap();
    assert_eq!(found[0].confidence, Confidence::Inferred);
    assert_eq!(standing(&found[0]), Standing::Expiring);
}

#[test]
fn codex_tells_its_end_inside_the_token() {
    // {"exp":1795363112}
    let token = "e30.eyJleHAiOjE3OTUzNjMxMTJ9.x";
    let file = json!({ "OPENAI_API_KEY": null, "tokens": { "id_token": token, "access_token": token, "refresh_token": "r" }, "last_refresh": "2026-11-20T10:00:00Z" });
    let found = native::codex(file.to_string().as_bytes(), "/c").unwrap();
    assert_eq!(found[0].expiry.at().unwrap().as_second(), 1_795_363_112);
    assert_eq!(found[0].renewal, Renewal::Itself);
    let key = native::codex(br#"{"OPENAI_API_KEY":"sk-x"}"#, "/c").unwrap();
    assert_eq!((key[0].kind, standing(&key[0])), (CredentialKind::ApiKey, Standing::Static));
    assert_eq!(standing(&native::codex(b"{}", "/c").unwrap()[0]), Standing::Missing);
}

#[test]
fn geminis_file_is_read() {
    let file = json!({ "access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expiry_date": ms(hours(-1)) });
    assert_eq!(standing(&native::gemini(file.to_string().as_bytes(), "/g").unwrap()[0]), Standing::Renews);
}

#[test]
fn a_login_in_the_keychain_is_there_and_more_is_not_known() {
    assert_eq!(standing(&native::keychain("keychain")), Standing::Unknown);
}

#[test]
fn a_certificate_is_read_in_either_form_and_beside_its_key() {
    let pem = include_bytes!("fixtures/client.pem");
    let der = include_bytes!("fixtures/client.der");
    for bytes in [pem.as_slice(), der.as_slice()] {
        let found = certificate::read(bytes, "vpn", "/etc/vpn/client.pem").unwrap();
        assert_eq!(found[0].expiry.at().unwrap().to_string(), "2026-12-01T00:00:00Z");
        assert_eq!(found[0].profile, "client.pem");
    }
    assert_eq!(certificate::read(b"no certificate", "vpn", "/x"), Err(Doubt::Damaged));
    assert_eq!(certificate::read(&pem[..pem.len() / 2], "vpn", "/x"), Err(Doubt::Damaged));
}

fn own(pointer: Option<&str>, unit: Unit) -> OwnSource {
    OwnSource {
        name: "vpn".to_owned(),
        from: Origin::File("/v.json".to_owned()),
        pointer: pointer.map(str::to_owned),
        unit,
        renews_itself: false,
        sign_in: None,
    }
}

#[test]
fn an_own_source_is_a_place_in_a_file() {
    let text = json!({ "a/b": [{ "until": "2026-11-22T14:00:00+01:00" }, 1_795_363_112] }).to_string();
    let at = |pointer, unit| own(Some(pointer), unit).read(text.as_bytes()).unwrap().remove(0);
    assert_eq!(standing(&at("/a~1b/0/until", Unit::Seconds)), Standing::Expiring);
    assert_eq!(at("/a~1b/1", Unit::Seconds).confidence, Confidence::Read);
    assert_eq!(at("/a~1b/1", Unit::Milliseconds).confidence, Confidence::Inferred);
    assert_eq!(standing(&at("/nowhere", Unit::Seconds)), Standing::Unknown);
    assert_eq!(own(Some("/x"), Unit::Seconds).read(b"{"), Err(Doubt::Damaged));
}

#[test]
fn an_own_source_may_be_the_bare_moment() {
    let found = own(None, Unit::Seconds).read(b"  2026-11-22T13:00:00Z\n").unwrap();
    assert_eq!(standing(&found[0]), Standing::Expiring);
}
