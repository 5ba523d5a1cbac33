use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// The newest gateway calls a login within 24 h of its end expiring, whether or not it can renew it (observed 4.2).
const WINDOW_MS: i64 = 24 * 3600 * 1000;

/// The payload of `models.authStatus` (observed 4.3), from a store in the form of auth-profiles.json.
pub fn answer(store: Option<&Path>, now: i64) -> Value {
    let text = store.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    let store: Value = serde_json::from_str(&text).unwrap_or_default();
    let mut providers: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (id, entry) in store["profiles"].as_object().into_iter().flatten() {
        let provider = entry["provider"].as_str().or_else(|| id.split(':').next()).unwrap_or_default();
        providers.entry(provider).or_default().push(profile(id, entry, now));
    }
    let providers: Vec<Value> =
        providers.into_iter().map(|(name, profiles)| provider(name, profiles)).collect();
    json!({ "ts": now, "providers": providers })
}

fn profile(id: &str, entry: &Value, now: i64) -> Value {
    let expires = entry["expires"].as_i64().filter(|_| entry["type"] != "api_key");
    let mut told = json!({ "profileId": id, "type": entry["type"], "status": status(expires, now), "logoutSupported": true });
    if let Some(at) = expires {
        told["expiry"] = expiry(at, now);
    }
    told
}

fn status(expires: Option<i64>, now: i64) -> &'static str {
    match expires.map(|at| at - now) {
        None => "static",
        Some(..=0) => "expired",
        Some(left) if left <= WINDOW_MS => "expiring",
        Some(_) => "ok",
    }
}

fn expiry(at: i64, now: i64) -> Value {
    let left = at - now;
    let label = match (left + 30_000) / 60_000 {
        ..=0 => "0m".to_owned(),
        minutes @ 1..60 => format!("{minutes}m"),
        minutes @ 60..2880 => format!("{}h", (minutes + 30) / 60),
        minutes => format!("{}d", (minutes + 720) / 1440),
    };
    json!({ "at": at, "remainingMs": left, "label": label })
}

/// A provider is as well as its worst profile, and ends with the first of them (OC 11.5).
fn provider(name: &str, profiles: Vec<Value>) -> Value {
    let has = |status: &str| profiles.iter().any(|profile| profile["status"] == status);
    let status = ["expired", "expiring", "ok"].into_iter().find(|status| has(status)).unwrap_or("static");
    let first = profiles.iter().filter_map(|it| it.get("expiry")).min_by_key(|expiry| expiry["at"].as_i64());
    let mut told = json!({ "provider": name, "status": status });
    if let Some(expiry) = first {
        told["expiry"] = expiry.clone();
    }
    told["profiles"] = profiles.into();
    told
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const NOW: i64 = 1_795_355_000_000;

    #[test]
    fn the_observed_answer_is_given() {
        let mut store = tempfile::NamedTempFile::new().unwrap();
        let entry = json!({ "type": "token", "provider": "anthropic", "token": "hunter2", "expires": NOW + 7_104_776 });
        write!(store, "{}", json!({ "profiles": { "anthropic:manual": entry } })).unwrap();
        let expiry = json!({ "at": NOW + 7_104_776, "remainingMs": 7_104_776, "label": "2h" });
        let profile = json!({
            "profileId": "anthropic:manual", "type": "token", "status": "expiring", "expiry": expiry, "logoutSupported": true,
        });
        let provider =
            json!({ "provider": "anthropic", "status": "expiring", "expiry": expiry, "profiles": [profile] });
        assert_eq!(answer(Some(store.path()), NOW), json!({ "ts": NOW, "providers": [provider] }));
    }

    #[test]
    fn without_a_store_there_are_no_providers() {
        assert_eq!(answer(None, NOW), json!({ "ts": NOW, "providers": [] }));
    }
}
