//! What a person decides, and the file in which a machine says it beforehand.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::identity;
use crate::layout;
use crate::problem::{Code, Problem, clean};
use crate::programs::PackageTool;

/// What is left out is not decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Answers {
    pub program: Option<Program>,
    /// With what OpenClaw is installed where it is missing.
    pub openclaw: Option<PackageTool>,
    /// The node to run it with.
    pub node: Option<String>,
    pub port: Option<u16>,
    pub workdir: Option<String>,
    /// A file with one NAME=VALUE in each line.
    pub env_file: Option<String>,
    pub legacy: Option<Legacy>,
    pub linger: Option<bool>,
}

/// What the service is to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Program {
    Openclaw,
    Demo,
}

/// What becomes of services under OpenClaw's earlier names.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Legacy {
    Keep,
    Remove,
}

/// One key of the file: its name, what it may be, and how it is taken. `None` from the last one: the value is none of those.
struct Key {
    name: &'static str,
    allowed: &'static str,
    take: fn(&mut Answers, &Value) -> Option<()>,
}

const KEYS: &[Key] = &[
    Key {
        name: "program",
        allowed: "\"openclaw\", \"demo\"",
        take: |it, value| word(value).map(|program| it.program = Some(program)),
    },
    Key {
        name: "openclaw",
        allowed: "\"npm\", \"pnpm\", \"bun\", \"brew\"",
        take: |it, value| word(value).map(|tool| it.openclaw = Some(tool)),
    },
    Key {
        name: "node",
        allowed: "an absolute path",
        take: |it, value| path(value).map(|text| it.node = Some(text)),
    },
    Key {
        name: "port",
        allowed: "a whole number from 1 to 65535",
        take: |it, value| {
            let number = value.as_u64().and_then(|number| identity::port(&number.to_string()).ok())?;
            it.port = Some(number);
            Some(())
        },
    },
    Key {
        name: "workdir",
        allowed: "an absolute path",
        take: |it, value| path(value).map(|text| it.workdir = Some(text)),
    },
    Key {
        name: "envFile",
        allowed: "an absolute path",
        take: |it, value| path(value).map(|text| it.env_file = Some(text)),
    },
    Key {
        name: "legacy",
        allowed: "\"keep\", \"remove\"",
        take: |it, value| word(value).map(|legacy| it.legacy = Some(legacy)),
    },
    Key {
        name: "linger",
        allowed: "true, false",
        take: |it, value| value.as_bool().map(|on| it.linger = Some(on)),
    },
];

fn word<T: for<'de> Deserialize<'de>>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn path(value: &Value) -> Option<String> {
    value.as_str().filter(|text| layout::is_absolute(text)).map(str::to_owned)
}

impl Answers {
    /// Reads the text of an answers file: one JSON object.
    ///
    /// # Errors
    /// `BadAnswer`, with the key, what is allowed there, and no value: a slip may have put a secret there.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let keys = || KEYS.iter().map(|key| key.name).collect::<Vec<_>>().join(", ");
        let refused = |key: &str, reason: &str, allowed: &str| {
            Problem::new(Code::BadAnswer)
                .with("key", clean(key).chars().take(40).collect::<String>())
                .with("reason", reason)
                .with("allowed", allowed)
                .hint_command("see-answers", "gateward setup --help")
        };
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            refused("", "json", &keys()).because(place)
        })?;
        let Value::Object(object) = value else { return Err(refused("", "json", &keys())) };
        let mut answers = Self::default();
        for (name, value) in &object {
            let key = KEYS.iter().find(|key| key.name == name);
            let key = key.ok_or_else(|| refused(name, "unknown", &keys()))?;
            (key.take)(&mut answers, value).ok_or_else(|| refused(name, "value", key.allowed))?;
        }
        Ok(answers)
    }

    /// The question that an answers file has to answer by `key`.
    pub fn missing(key: &str, allowed: Option<&str>) -> Problem {
        let known = KEYS.iter().find(|known| known.name == key).map_or("", |known| known.allowed);
        Problem::new(Code::NoAnswer)
            .with("key", key)
            .with("allowed", allowed.unwrap_or(known))
            .hint_command("give-answers", "gateward setup --answers FILE")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_a_person_would() {
        let text = r#"{"program":"openclaw","openclaw":"pnpm","port":19000,"legacy":"remove","linger":true,"node":"/n/node"}"#;
        let read = Answers::parse(text).unwrap();
        assert_eq!((read.openclaw, read.port), (Some(PackageTool::Pnpm), Some(19000)));
        assert_eq!((read.legacy, read.linger), (Some(Legacy::Remove), Some(true)));
        assert_eq!((read.program, read.node.as_deref()), (Some(Program::Openclaw), Some("/n/node")));
    }

    #[test]
    fn a_wrong_answer_names_its_key_and_what_is_allowed_and_not_itself() {
        for (text, key, reason, allowed) in [
            (r#"{"legacy":"hunter2"}"#, "legacy", "value", "\"keep\", \"remove\""),
            (r#"{"port":0}"#, "port", "value", "a whole number from 1 to 65535"),
            (r#"{"port":"19000"}"#, "port", "value", "a whole number from 1 to 65535"),
            (r#"{"node":"node"}"#, "node", "value", "an absolute path"),
            (r#"{"linger":"yes"}"#, "linger", "value", "true, false"),
        ] {
            let problem = Answers::parse(text).unwrap_err();
            assert_eq!(problem.code, Code::BadAnswer);
            let value = |name: &str| problem.values[name].as_str();
            assert_eq!((value("key"), value("reason"), value("allowed")), (key, reason, allowed));
            assert!(!format!("{problem:?}").contains("hunter2"));
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_those_that_there_are() {
        let problem = Answers::parse(r#"{"prot":1}"#).unwrap_err();
        assert_eq!((problem.values["key"].as_str(), problem.values["reason"].as_str()), ("prot", "unknown"));
        assert!(problem.values["allowed"].contains("port, workdir, envFile"));
    }

    #[test]
    fn what_is_no_json_object_is_refused_with_its_place() {
        assert_eq!(Answers::parse("{\n \"port\": }").unwrap_err().cause.unwrap(), "line 2, column 10");
        assert_eq!(Answers::parse("[]").unwrap_err().values["reason"], "json");
    }

    #[test]
    fn every_key_is_one_that_is_kept_by_the_same_name() {
        let kept = serde_json::to_value(Answers::default()).unwrap();
        let mut names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        names.sort_unstable();
        assert_eq!(kept.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>(), names);
    }
}
