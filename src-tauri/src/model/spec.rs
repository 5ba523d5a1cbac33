//! What an installation writes down.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Everything needed to write a service down.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceSpec {
    pub identity: crate::identity::Identity,
    pub description: String,
    /// Program first, as an absolute path in the target's syntax.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    pub environment: BTreeMap<String, Value>,
    pub restart: RestartPolicy,
}

/// When and how often the manager restarts, and how long it waits on stop. Defaults are OpenClaw's newest (OC 6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestartPolicy {
    pub delay_s: u32,
    /// At most `burst` starts within `interval_s`.
    pub burst: u32,
    pub interval_s: u32,
    pub start_timeout_s: u32,
    pub stop_timeout_s: u32,
}

impl Default for RestartPolicy {
    fn default() -> Self {
        Self { delay_s: 5, burst: 10, interval_s: 300, start_timeout_s: 30, stop_timeout_s: 330 }
    }
}

/// An environment value. Only renderers reveal a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Plain(String),
    Secret(Redacted),
}

/// A secret that prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted(String);

impl Redacted {
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// For renderers of owner-only files, and for nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What stands in a secret's place.
pub const DOTS: &str = "••••••";

impl std::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(DOTS)
    }
}

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(DOTS)
    }
}

impl Serialize for Redacted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(DOTS)
    }
}

impl<'de> Deserialize<'de> for Redacted {
    /// Whoever reads back what was serialised has dots, and has to fetch the secret from where it is kept.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_dots_only() {
        let value = Value::Secret(Redacted::new("hunter2"));
        assert!(!format!("{value:?}").contains("hunter2"));
        assert_eq!(Redacted::new("hunter2").to_string(), DOTS);
        assert_eq!(serde_json::to_value(Redacted::new("hunter2")).unwrap(), DOTS);
    }
}
