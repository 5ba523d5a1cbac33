use super::*;
use proptest::prelude::*;

#[test]
fn secrets_in_known_spellings_are_masked() {
    let cases = [
        ("token=hunter2 next", "token=•••••• next"),
        (r#"{"apiKey": "hun ter2", "port": 5}"#, r#"{"apiKey": "••••••", "port": 5}"#),
        (r#"{\"apiKey\":\"hunter2\"}"#, r#"{\"apiKey\":\"••••••\"}"#),
        (r#"password: "a\"b" rest"#, r#"password: "••••••" rest"#),
        ("Authorization: Bearer abcdefgh", "Authorization: ••••••"),
        ("sent Bearer abcdefgh, ok", "sent Bearer ••••••, ok"),
        ("--token hunter2 --port 5", "--token •••••• --port 5"),
        ("at postgres://u:hunter2@db/x", "at postgres://u:••••••@db/x"),
        ("key sk-abcdefghij", "key ••••••"),
        ("invalid token 3f9a3f9a3f9a3f9a3f9a", "invalid token ••••••"),
        ("Cookie: a=b; c=d", "Cookie: ••••••"),
        ("gateway.auth.token=x", "gateway.auth.token=••••••"),
    ];
    for (line, wanted) in cases {
        assert_eq!(redact(line), wanted, "{line}");
    }
}

#[test]
fn ordinary_lines_stay_as_they_are() {
    for line in [
        "listening on ws://127.0.0.1:18789 (PID 4711)",
        "Error: Cannot find module '/opt/openclaw/dist/entry-Bx12.js'",
        "commit 17fcd13a9e7d0c5b4a3f2e1d0c9b8a7f6e5d4c3b",
        "risk-free task-list at 12:30:05, used 350 tokens: fine",
        "täglich — 中文 — ok: yes",
        "",
    ] {
        assert_eq!(redact(line), line);
    }
}

#[test]
fn last_words_are_the_newest_lines_cut_to_a_width() {
    let lines: Vec<String> = (0..30).map(|n| format!("{n} {}", "é".repeat(600))).collect();
    let kept = last_words(&lines);
    assert_eq!((kept.len(), kept[0].starts_with("10 ")), (LINES, true));
    assert!(kept.iter().all(|line| line.chars().count() == WIDTH));
}

/// A secret as people and issuers make them.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9]{5}[0-9][A-Za-z0-9]{13,30}"
}

fn noise() -> impl Strategy<Value = String> {
    "[ -~äß中]{0,30}"
}

/// Every way in which a secret is written.
fn planted(secret: &str) -> Vec<String> {
    [
        "sk-{}",
        "sk-ant-{}",
        "ghp_{}",
        "xoxb-{}",
        "Bearer {}",
        "bearer  {}",
        "token={}",
        "token = {}",
        "TOKEN={}",
        "apiKey: {}",
        "\"apiKey\": \"{}\"",
        "'apiKey':'{}'",
        "\\\"api_key\\\":\\\"{}\\\"",
        "--token {}",
        "--token={}",
        "--password '{}'",
        "https://me:{}@host/x",
        "OPENCLAW_GATEWAY_TOKEN={}",
        "Authorization: Basic {}",
        "token {}",
        "Set-Cookie: sid={}; Path=/",
        "?access_token={}&x=1",
    ]
    .iter()
    .map(|form| form.replace("{}", secret))
    .collect()
}

proptest! {
    #[test]
    fn no_planted_secret_survives(secret in secret(), before in noise(), after in noise()) {
        for form in planted(&secret) {
            let line = format!("{before} {form} {after}");
            prop_assert!(!redact(&line).contains(&secret), "{line} → {}", redact(&line));
        }
    }

    #[test]
    fn any_text_is_taken_without_panic(line in "\\PC{0,200}") {
        let _ = redact(&line);
    }

    #[test]
    fn redacting_twice_changes_nothing_more(secret in secret(), at in 0_usize..22) {
        let once = redact(&planted(&secret)[at]);
        prop_assert_eq!(redact(&once), once);
    }
}

#[test]
fn an_old_units_token_is_not_shown() {
    for line in [
        "Environment=OPENCLAW_GATEWAY_TOKEN=hunter2\n",
        "Environment=\"OPENCLAW_GATEWAY_TOKEN=hunter2\"\n",
        "Environment=A=1 \"X_API_KEY=hunter2\"\n",
        "ExecStart=/x gateway --token hunter2\n",
        "ExecStart=\"/x\" \"gateway\" \"--token\" \"hunter2\"\n",
        "Environment=\"MY_TOKEN=two hunter2\"\n",
    ] {
        assert!(!redact_definition(line).contains("hunter2"), "{line}");
        assert!(redact_definition(line).ends_with('\n'));
    }
}
