//! What OpenClaw's config says about credentials: the gateway's own token and password, variables it refers to and brings, and
//! certificates it names. Secrets stay wrapped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::environment::{is_blocked_in_config, is_name};
use crate::layout;
use crate::model::{Doubt, Redacted};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFacts {
    /// `gateway.auth.mode`.
    pub mode: Option<String>,
    pub token: Secret,
    pub password: Secret,
    pub tls: bool,
    /// `env.shellEnv.enabled`: the gateway asks the login shell for variables.
    pub shell_env: bool,
    /// Names of variables that `${NAME}` and references to the environment ask for.
    pub wanted: BTreeSet<String>,
    /// Variables that the config brings itself (OC 10.1), without those that OpenClaw blocks (OC 10.4).
    pub brought: BTreeMap<String, Redacted>,
    /// Names of those that it would bring, and OpenClaw blocks.
    pub blocked: BTreeSet<String>,
    /// Paths of certificates.
    pub certificates: Vec<String>,
}

/// How a secret stands in the config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Secret {
    #[default]
    Absent,
    Here(Redacted),
    Variable(String),
    /// In a file or behind a program that OpenClaw asks.
    Elsewhere,
}

/// Reads the config's text, JSON5.
///
/// # Errors
/// `Damaged`.
pub fn read(text: &str) -> Result<ConfigFacts, Doubt> {
    let root: Value = json5::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| Doubt::Damaged)?;
    let mut facts = ConfigFacts {
        mode: root.pointer("/gateway/auth/mode").and_then(Value::as_str).map(str::to_owned),
        token: Secret::of(root.pointer("/gateway/auth/token")),
        password: Secret::of(root.pointer("/gateway/auth/password")),
        tls: root.pointer("/gateway/tls/enabled").and_then(Value::as_bool).unwrap_or(false),
        shell_env: root.pointer("/env/shellEnv/enabled").and_then(Value::as_bool).unwrap_or(false),
        brought: brought(&root, |name| !is_blocked_in_config(name)),
        blocked: brought(&root, is_blocked_in_config).into_keys().collect(),
        ..ConfigFacts::default()
    };
    collect(&root, "", &mut facts);
    Ok(facts)
}

impl Secret {
    fn of(value: Option<&Value>) -> Self {
        match value {
            Some(Value::String(text)) if text.trim().is_empty() => Secret::Absent,
            Some(Value::String(text)) => match whole_reference(text) {
                Some(name) => Secret::Variable(name.to_owned()),
                None => Secret::Here(Redacted::new(text)),
            },
            Some(Value::Object(reference)) => match from_environment(reference) {
                Some(name) => Secret::Variable(name.to_owned()),
                None => Secret::Elsewhere,
            },
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) | None => Secret::Absent,
        }
    }

    pub fn is_set(&self) -> bool {
        *self != Secret::Absent
    }

    /// Its text, with variables looked up in `variables`.
    pub fn resolve(&self, variables: &BTreeMap<String, String>) -> Option<Redacted> {
        match self {
            Secret::Here(secret) => Some(secret.clone()),
            Secret::Variable(name) => variables.get(name).map(Redacted::new),
            Secret::Absent | Secret::Elsewhere => None,
        }
    }
}

fn whole_reference(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|name| is_name(name))
}

/// A SecretRef: `{source: "env", id: "NAME"}`.
fn from_environment(reference: &serde_json::Map<String, Value>) -> Option<&str> {
    let says = |key: &str| reference.get(key).and_then(Value::as_str);
    says("source").filter(|source| *source == "env").and_then(|_| says("id")).filter(|name| is_name(name))
}

/// Direct keys override those under `vars`.
fn brought(root: &Value, fits: impl Fn(&str) -> bool) -> BTreeMap<String, Redacted> {
    let vars = root.pointer("/env/vars").and_then(Value::as_object).into_iter().flatten();
    let direct = root.pointer("/env").and_then(Value::as_object).into_iter().flatten();
    let texts = vars.chain(direct).filter_map(|(name, value)| Some((name.trim(), value.as_str()?)));
    texts
        .filter(|(name, text)| !text.trim().is_empty() && is_name(name) && fits(name))
        .map(|(name, text)| (name.to_owned(), Redacted::new(text)))
        .collect()
}

fn collect(value: &Value, key: &str, facts: &mut ConfigFacts) {
    match value {
        Value::String(text) => {
            facts.wanted.extend(references(text).map(str::to_owned));
            if names_certificate(key, text) {
                facts.certificates.push(text.clone());
            }
        }
        Value::Array(list) => list.iter().for_each(|it| collect(it, key, facts)),
        Value::Object(map) => {
            facts.wanted.extend(from_environment(map).map(str::to_owned));
            map.iter().for_each(|(key, it)| collect(it, key, facts));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The names in `${NAME}`; `$${NAME}` is text.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").filter_map(|(at, mark)| {
        let name = text[at + mark.len()..].split_once('}')?.0;
        (!text[..at].ends_with('$') && is_name(name)).then_some(name)
    })
}

/// `certPath`, `clientCert` and the like, but neither a key nor an authority's bundle.
fn names_certificate(key: &str, text: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let kind = [".pem", ".crt", ".cer", ".der"].iter().any(|end| text.to_ascii_lowercase().ends_with(end));
    let is_path = layout::is_absolute(text) || text.starts_with("~/");
    key.contains("cert") && !key.contains("key") && !key.starts_with("ca") && kind && is_path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_may_stand_there_or_be_referred_to() {
        let token = |text: &str| read(&format!("{{gateway: {{auth: {{token: {text}}}}}}}")).unwrap().token;
        assert_eq!(token("'abc'"), Secret::Here(Redacted::new("abc")));
        assert_eq!(token("'${GW_TOKEN}'"), Secret::Variable("GW_TOKEN".to_owned()));
        assert_eq!(token("{source: 'env', id: 'GW_TOKEN'}"), Secret::Variable("GW_TOKEN".to_owned()));
        assert_eq!(token("{source: 'exec', id: 'pass'}"), Secret::Elsewhere);
        assert_eq!(token("' '"), Secret::Absent);
    }

    #[test]
    fn variables_are_told_apart_by_who_brings_them() {
        let facts = read(
            "{env: {vars: {A: '1', NODE_OPTIONS: 'x', EMPTY: ''}, B: '2', shellEnv: {enabled: true}},
              models: {key: 'Bearer ${OPENAI_KEY}', other: '$${TEXT}', ref: {source: 'env', id: 'REF'}}}",
        )
        .unwrap();
        let brought = ["A", "B"].map(|name| (name, facts.brought[name].reveal()));
        assert_eq!(brought, [("A", "1"), ("B", "2")]);
        assert_eq!(facts.brought.len(), 2);
        assert_eq!(facts.blocked, ["NODE_OPTIONS".to_owned()].into());
        assert_eq!(facts.wanted, ["OPENAI_KEY", "REF"].map(str::to_owned).into());
    }

    #[test]
    fn certificates_are_found_by_key_and_path() {
        let facts = read(
            "{gateway: {tls: {certPath: '/c/gw.pem', keyPath: '/c/gw.key.pem', caPath: '/c/ca.pem'}},
              remote: {clientCert: '~/vpn/me.crt', certNote: 'renew in May'}}",
        )
        .unwrap();
        assert_eq!(facts.certificates, ["/c/gw.pem", "~/vpn/me.crt"]);
    }

    #[test]
    fn a_secret_is_not_in_the_debug_text() {
        let facts = read("{gateway: {auth: {token: 'hunter2', password: 'hunter3'}}}").unwrap();
        assert!(!format!("{facts:?}").contains("hunter"));
    }
}
