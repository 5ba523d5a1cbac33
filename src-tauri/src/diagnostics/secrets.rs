//! The secrets that are known on this machine, by their values: what is hidden wherever it turns up.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::environment::mask_command;
use crate::identity::Surroundings;
use crate::markup::{escaped, percent_encoded, unescaped};
use crate::redact::{is_secret_name, secrets_in};

/// A shorter value is a word of every text: it is hidden only where its name stands beside it.
const SHORTEST: usize = 5;

#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeSet<String>);

impl Secrets {
    /// In the order of their letters.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// A value as it stands, its lines and words where it has several, and the spellings that formats give it.
    pub fn learn(&mut self, value: &str) {
        let value = value.trim().trim_matches(['"', '\'', '`']).trim();
        if value.starts_with("${") || !value.contains(|c: char| c.is_alphanumeric()) {
            return;
        }
        self.insert(value);
        if value.contains(char::is_whitespace) {
            value.split_whitespace().for_each(|word| self.insert(word));
        }
    }

    fn insert(&mut self, value: &str) {
        if value.chars().count() < SHORTEST {
            return;
        }
        let quoted = Value::from(value).to_string();
        let in_json = quoted[1..quoted.len() - 1].to_owned();
        // plist leaves quotes alone, others do not.
        let in_attribute = escaped(value);
        let in_xml = in_attribute.replace("&quot;", "\"");
        let in_unit = value.replace('\\', "\\\\").replace('%', "%%");
        let in_command = in_unit.replace('$', "$$");
        let spellings = [in_json, in_xml, in_attribute, in_unit, in_command, percent_encoded(value)];
        self.0.insert(value.to_owned());
        self.0.extend(spellings);
    }

    pub fn learn_environment(&mut self, around: &Surroundings) {
        let secret = around.variables.iter().filter(|(name, _)| is_secret_name(name));
        secret.for_each(|(_, value)| self.learn(value));
        around.variables.values().flat_map(|value| secrets_in(value)).for_each(|found| self.learn(found));
    }

    /// `--token X`, `--password=X` and `NAME=value`, and what looks like a secret by itself.
    pub fn learn_command(&mut self, words: &[String]) {
        for (word, masked) in words.iter().zip(mask_command(words)).filter(|(word, masked)| *word != masked) {
            match masked.contains('=') {
                true => self.learn(word.split_once('=').map_or(word, |(_, value)| value)),
                false => self.learn(word),
            }
        }
        words.iter().flat_map(|word| secrets_in(word)).for_each(|found| self.learn(found));
    }

    /// A config, definition, script or environment file: whatever it sets under a secret's name.
    pub fn learn_text(&mut self, text: &str) {
        if let Ok(value) = json5::from_str::<Value>(text) {
            return self.learn_value(&value);
        }
        // A unit's lines and a shell's go on behind a backslash.
        let joined = text.replace("\r\n", "\n").replace("\\\n", " ");
        joined.lines().for_each(|line| self.learn_line(line));
        self.learn_xml(&joined);
    }

    pub fn learn_value(&mut self, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, inner)| match is_telling(name) {
                true => self.learn_under_a_name(inner),
                false => self.learn_value(inner),
            }),
            Value::Array(items) => {
                let words: Vec<String> =
                    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
                self.learn_command(&words);
                items.iter().for_each(|item| self.learn_value(item));
            }
            Value::String(text) => secrets_in(text).for_each(|found| self.learn(found)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn learn_under_a_name(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn(text),
            Value::Number(number) => self.learn(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.learn_under_a_name(item)),
            Value::Object(_) => self.learn_value(value),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn learn_line(&mut self, line: &str) {
        secrets_in(line).for_each(|found| self.learn(found));
        assignments(line).for_each(|value| self.learn(value));
        let words = line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned());
        self.learn_command(&words.collect::<Vec<_>>());
    }

    /// Of a property list: `<key>NAME</key>` with the string behind it, and the strings of an argument list.
    fn learn_xml(&mut self, text: &str) {
        for rest in text.split("<key>").skip(1) {
            if let Some((name, rest)) = rest.split_once("</key>")
                && is_telling(name)
                && let Some(value) = strings(rest).next()
            {
                self.learn(&value);
            }
        }
        self.learn_command(&strings(text).collect::<Vec<_>>());
    }
}

/// Also what a store of credentials calls its tokens.
pub fn is_telling(name: &str) -> bool {
    is_secret_name(name) || ["access", "refresh"].contains(&name)
}

/// The values that a line assigns to secret names: up to the quote that stands before the name, and to the line's end where the
/// name begins it.
fn assignments(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices('=').filter_map(|(at, _)| {
        let before = line[..at].trim_end();
        let is_outside = |(_, c): &(usize, char)| !c.is_ascii_alphanumeric() && *c != '_';
        let last = before.char_indices().rfind(is_outside);
        let start = last.map_or(0, |(at, c)| at + c.len_utf8());
        if !is_secret_name(&before[start..]) {
            return None;
        }
        let value = &line[at + 1..];
        match before[..start].chars().next_back() {
            Some(quote @ ('"' | '\'')) => Some(value.rsplit_once(quote).map_or(value, |(inner, _)| inner)),
            Some(_) if !before[..start].trim_end().ends_with("export") => None,
            Some(_) | None => Some(value),
        }
    })
}

fn strings(text: &str) -> impl Iterator<Item = String> {
    let inner = text.split("<string>").skip(1).filter_map(|rest| rest.split_once("</string>"));
    inner.map(|(text, _)| unescaped(text))
}
