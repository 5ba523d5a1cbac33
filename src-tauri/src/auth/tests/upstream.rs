//! OpenClaw's own tables, row by row: what it answers, and what we answer where that differs.

use serde_json::{Value, json};

use super::*;

/// A store with one profile.
fn store(profile: Value) -> Credential {
    let file = json!({ "version": 1, "profiles": { "anthropic:default": profile } });
    profiles::read(file.to_string().as_bytes(), "main", "/s").unwrap().remove(0)
}

fn oauth(refresh: &str, left: SignedDuration) -> Value {
    json!({ "type": "oauth", "provider": "anthropic", "access": "a", "refresh": refresh, "expires": ms(left) })
}

fn token_of(expires: Value) -> Value {
    json!({ "type": "token", "provider": "anthropic", "token": "t", "expires": expires })
}

#[test]
fn every_row_of_models_status_is_judged() {
    let day = hours(24);
    let later = hours(240);
    let moment = SignedDuration::from_millis(1);
    for (row, profile, wanted, exit) in [
        ("api key", json!({"type": "api_key", "provider": "p", "key": "k"}), Standing::Static, 0),
        (
            "api key by reference",
            json!({"type": "api_key", "provider": "p", "keyRef": {"source": "env", "id": "K"}}),
            Standing::Static,
            0,
        ),
        ("api key, empty", json!({"type": "api_key", "provider": "p", "key": " "}), Standing::Missing, 1),
        (
            "token without an end",
            json!({"type": "token", "provider": "p", "token": "t"}),
            Standing::Static,
            0,
        ),
        ("token, empty", json!({"type": "token", "provider": "p", "token": ""}), Standing::Missing, 1),
        ("token, past", token_of(json!(ms(-moment))), Standing::Expired, 1),
        ("token, exactly now", token_of(json!(ms(SignedDuration::ZERO))), Standing::Expired, 1),
        ("token, 24 h", token_of(json!(ms(day))), Standing::Expiring, 2),
        ("token, a moment more than 24 h", token_of(json!(ms(day + moment))), Standing::Ok, 0),
        ("token, 10 d", token_of(json!(ms(later))), Standing::Ok, 0),
        // OpenClaw calls these static (2026.2) or invalid (2026.9); nobody can know when they end.
        ("token, end 0", token_of(json!(0)), Standing::Unknown, 4),
        ("token, end `soon`", token_of(json!("soon")), Standing::Unknown, 4),
        // OpenClaw calls these missing, though the login is there.
        (
            "oauth without an end",
            json!({"type": "oauth", "provider": "p", "access": "a"}),
            Standing::Unknown,
            4,
        ),
        ("oauth, nothing in it", json!({"type": "oauth", "provider": "p"}), Standing::Missing, 1),
        ("oauth with refresh, 10 d", oauth("r", later), Standing::Ok, 0),
        // 2026.2 says ok, 2026.9 expiring and expired: it renews itself, but an expired one is never called ok.
        ("oauth with refresh, 2 h", oauth("r", hours(2)), Standing::Renews, 0),
        ("oauth with refresh, -1 h", oauth("r", hours(-1)), Standing::Renews, 0),
        ("oauth with refresh, -3 d", oauth("r", hours(-72)), Standing::Overdue, 2),
        ("oauth without refresh, 2 h", oauth("", hours(2)), Standing::Expiring, 2),
        ("oauth without refresh, -1 h", oauth("", hours(-1)), Standing::Expired, 1),
    ] {
        let found = standing(&store(profile));
        assert_eq!((found, judge::exit_code([found])), (wanted, exit), "{row}");
    }
}

#[test]
fn a_providers_worst_profile_decides() {
    use Standing::{Expired, Expiring, Missing, Ok, Renews, Static, Unknown};
    for (row, standings, exit) in [
        ("no profiles", vec![], 1),
        ("only api keys", vec![Static, Static], 0),
        ("one expired", vec![Ok, Expiring, Expired], 1),
        ("one missing", vec![Static, Missing, Expiring], 1),
        ("one expiring", vec![Ok, Expiring], 2),
        ("expiring beside unknown", vec![Unknown, Expiring], 2),
        ("unknown beside good ones", vec![Ok, Unknown], 4),
        ("all well", vec![Ok, Renews, Static], 0),
    ] {
        assert_eq!(judge::exit_code(standings), exit, "{row}");
    }
}

/// `claude-auth-status.sh` alarms on every expired access token; Claude renews one that has a refresh token.
#[test]
fn every_row_of_claude_auth_status_is_judged() {
    let file = |refresh: &str, left| {
        let login = json!({ "accessToken": "a", "refreshToken": refresh, "expiresAt": ms(left) });
        json!({ "claudeAiOauth": login }).to_string()
    };
    let minutes = SignedDuration::from_mins;
    for (row, text, wanted, exit) in [
        ("missing: no login", "{}".to_owned(), Standing::Missing, 1),
        // There it is MISSING as well; here it is not known when it ends.
        ("no end", json!({"claudeAiOauth": {"accessToken": "a"}}).to_string(), Standing::Unknown, 4),
        (
            "end 0",
            json!({"claudeAiOauth": {"accessToken": "a", "expiresAt": 0}}).to_string(),
            Standing::Unknown,
            4,
        ),
        ("expired", file("", minutes(-1)), Standing::Expired, 1),
        ("expired, renews itself", file("r", minutes(-1)), Standing::Renews, 0),
        ("expiring within the hour", file("", minutes(59)), Standing::Expiring, 2),
        // OK:2h0m there, whose window is an hour.
        ("ends in 2 h", file("", hours(2)), Standing::Expiring, 2),
        ("ok for 10 d", file("", hours(240)), Standing::Ok, 0),
    ] {
        let credential = native::claude(text.as_bytes(), "/c").unwrap().remove(0);
        let found = standing(&credential);
        assert_eq!((found, judge::exit_code([found])), (wanted, exit), "{row}");
    }
}

#[test]
fn the_gateways_own_answer_is_read() {
    let row = |kind: &str, status: &str, at: Option<SignedDuration>| {
        let expiry =
            at.map(|left| json!({ "at": ms(left), "remainingMs": left.as_millis() as i64, "label": "x" }));
        let profile =
            json!({ "profileId": "anthropic:manual", "type": kind, "status": status, "expiry": expiry });
        let answer = json!({ "ts": 1, "providers": [{ "provider": "anthropic", "status": status, "profiles": [profile] }] });
        standing(&gateway_answer::read(answer.to_string().as_bytes()).unwrap()[0])
    };
    for (kind, status, at, wanted) in [
        ("token", "expiring", Some(hours(2)), Standing::Expiring),
        ("token", "ok", Some(hours(240)), Standing::Ok),
        ("token", "static", None, Standing::Static),
        ("token", "expired", None, Standing::Expired),
        ("token", "expired", Some(hours(-1)), Standing::Expired),
        // A19: "ok, expires in 0m" for long-dead tokens.
        ("token", "ok", Some(hours(-72)), Standing::Expired),
        ("oauth", "ok", Some(hours(240)), Standing::Ok),
        ("oauth", "expiring", Some(hours(2)), Standing::Renews),
        ("oauth", "expired", Some(hours(-1)), Standing::Renews),
        ("oauth", "expired", None, Standing::Overdue),
        ("oauth", "missing", None, Standing::Missing),
        ("api_key", "static", None, Standing::Static),
        ("token", "brand-new-word", None, Standing::Unknown),
    ] {
        assert_eq!(row(kind, status, at), wanted, "{kind} {status} {at:?}");
    }
}

#[test]
fn the_command_lines_answer_is_read_past_its_boxes() {
    let profile = |id: &str, status: &str| json!({ "profileId": id, "provider": "anthropic", "type": "token", "status": status, "expiresAt": ms(hours(240)), "label": "sk-ant-o...FAKEFAKE" });
    let answer = json!({ "auth": {
        "missingProvidersInUse": ["openai"],
        "unusableProfiles": [{ "profileId": "b", "provider": "anthropic", "kind": "disabled", "reason": "auth" },
                             { "profileId": "a", "provider": "anthropic", "kind": "cooldown", "reason": "rate_limit" }],
        "oauth": { "warnAfterMs": 86_400_000, "profiles": [profile("a", "ok"), profile("b", "ok")] },
    }});
    let printed = format!("╭ Config warnings ╮\n│ {{}} │\n{answer:#}\n");
    let found = cli_answer::read(&printed).unwrap();
    let standings: Vec<_> = found.iter().map(|it| (it.id.as_str(), standing(it))).collect();
    let wanted = [("a", Standing::Ok), ("b", Standing::Failing), ("openai", Standing::Missing)];
    assert_eq!(standings, wanted);
    assert!(!format!("{found:?}").contains("FAKEFAKE"));
}

#[test]
fn a_left_over_store_keeps_the_newest_command_line_from_answering() {
    let error = r#"{"ok":false,"error":{"type":"cli_error","message":"AUTH_PROFILE_MIGRATION_REQUIRED: run openclaw doctor --fix"}}"#;
    assert_eq!(cli_answer::read(error), Err(Doubt::Unmigrated));
    assert_eq!(cli_answer::read("Config invalid\n"), Err(Doubt::NoAnswer));
    assert_eq!(cli_answer::read(""), Err(Doubt::NoAnswer));
}
