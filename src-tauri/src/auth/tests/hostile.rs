//! Whatever stands in a credential file: no panic, no token in what comes out, no `ok` for what is damaged.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::stages::{Limits, Memory, due};
use super::*;
use crate::identity::Profile;
use crate::view::credential::notice::{Reader, notice};
use crate::words::Words;

const PLANTED: &str = "sk-ant-oat01-Pl4nt3dS3cretAAAABBBBCCCCDDDD0123456789";

type Read = fn(&[u8]) -> Reading;

const READERS: &[Read] = &[
    |text| profiles::read(text, "main", "/s"),
    |text| profiles::read_legacy(text, "main", "/s"),
    |text| native::claude(text, "/s"),
    |text| native::codex(text, "/s"),
    |text| native::gemini(text, "/s"),
    |text| gateway_answer::read(text),
    |text| cli_answer::read(&String::from_utf8_lossy(text)),
    |text| certificate::read(text, "c", "/s"),
];

/// Any JSON, with the names that readers look for and the planted secret among its texts.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::from(PLANTED)),
        Just(Value::from("oauth")),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let name = proptest::sample::select(&[
            "profiles",
            "type",
            "provider",
            "token",
            "access",
            "refresh",
            "expires",
            "key",
            "usageStats",
            "claudeAiOauth",
            "expiresAt",
            "accessToken",
            "tokens",
            "access_token",
            "expiry_date",
            "providers",
            "profileId",
            "auth",
            "oauth",
            "lastFailureAt",
            "disabledReason",
            "x",
            PLANTED,
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_reader_panics_or_lets_a_secret_out(value in values()) {
        for read in READERS {
            let found = read(value.to_string().as_bytes());
            let shown = format!("{found:?}");
            prop_assert!(!shown.contains("Pl4nt3d"));
            prop_assert!(!serde_json::to_string(&found.unwrap_or_default()).unwrap().contains("Pl4nt3d"));
        }
    }

    #[test]
    fn nothing_that_is_made_of_a_reading_holds_a_secret(value in values()) {
        let words = Words::english();
        let to = Reader { words: &words, zone: jiff::tz::TimeZone::UTC, now: now() };
        let memory = Memory::default();
        for read in READERS {
            let found = read(value.to_string().as_bytes()).unwrap_or_default();
            for news in due(&memory, &found, now(), Limits::default()) {
                let typed = sign_in::command(&news.credential, &Profile::default(), &[]);
                let told = notice(&news, typed.as_deref(), "default", &to);
                let kept = news.incident("default", now());
                let shown = format!("{told:?}{kept:?}");
                prop_assert!(!shown.contains("Pl4nt3d"));
            }
            let all = outlook::outlook(&found, Vec::new(), &memory, now(), (&Profile::default(), &[]));
            prop_assert!(!serde_json::to_string(&all).unwrap().contains("Pl4nt3d"));
        }
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_damaged(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for read in READERS {
            let _ = read(&bytes);
        }
    }

    #[test]
    fn a_half_written_file_is_never_ok_or_expired(cut in 0_usize..400) {
        let text = full();
        let cut = cut.min(text.len() - 1);
        prop_assert_eq!(profiles::read(&text.as_bytes()[..cut], "main", "/s"), Err(Doubt::Damaged));
    }

    #[test]
    fn an_expired_token_is_never_ok(past in 0_i64..10_000_000, seconds in any::<bool>()) {
        let end = (now() - SignedDuration::from_secs(past)).as_second() * if seconds { 1 } else { 1000 };
        let file = json!({ "profiles": { "p:x": { "type": "token", "provider": "p", "token": "t", "expires": end } } });
        let found = profiles::read(file.to_string().as_bytes(), "main", "/s").unwrap();
        prop_assert_eq!(standing(&found[0]), Standing::Expired);
    }
}

fn full() -> String {
    let profile = |kind: &str| json!({ "type": kind, "provider": "p", "token": PLANTED, "access": PLANTED, "refresh": PLANTED, "key": PLANTED, "expires": ms(hours(5)) });
    let stats =
        json!({ "p:a": { "disabledReason": "auth", "lastFailureAt": ms(hours(-1)), "errorCount": 2 } });
    json!({ "version": 1, "profiles": { "p:a": profile("oauth"), "p:b": profile("token"), "p:c": profile("api_key") }, "usageStats": stats })
        .to_string()
}

#[test]
fn a_file_of_a_thousand_profiles_is_read_whole() {
    let profile = json!({ "type": "token", "provider": "p", "token": PLANTED, "expires": ms(hours(5)) });
    let profiles: serde_json::Map<String, Value> =
        (0..1000).map(|n| (format!("p:{n}"), profile.clone())).collect();
    let text = json!({ "profiles": profiles }).to_string();
    assert_eq!(profiles::read(text.as_bytes(), "main", "/s").unwrap().len(), 1000);
}

#[test]
fn a_file_that_never_ends_is_damaged() {
    let text = vec![b' '; LONGEST + 1];
    assert_eq!(profiles::read(&text, "main", "/s"), Err(Doubt::Damaged));
}
