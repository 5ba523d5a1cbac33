//! Hides what is secret, wherever it turns up: first what is known by its value, then what looks like it.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use serde_json::{Map, Value};

use super::Secrets;
use super::secrets::is_telling;
use crate::environment::mask_command;
use crate::layout::at_home;
use crate::logs::plain;
use crate::model::DOTS;
use crate::problem::{Code, Problem};
use crate::redact::{redact, redact_definition};

pub struct Veil {
    known: AhoCorasick,
    secrets: Vec<String>,
    named: Regex,
    home: String,
}

/// What was cut off at this many characters or more may end within a secret.
const LONG: usize = 400;
/// So much of a secret's beginning is hidden at the end of a line that was cut off.
const BEGINNING: usize = 4;

/// `token-abc` within a path: what stands behind a secret's name in the name of a file or folder.
const NAMED: &str = r#"(?i)((?:token|secret|password|passwd|passphrase|api[-_]?key|credential|cookie)[-_.=:+@])[^/\\\s"'<>]+"#;

impl Veil {
    /// `home` is shown as `~`: it tells the account's name.
    ///
    /// # Errors
    /// `Internal`.
    pub fn new(secrets: &Secrets, home: &str) -> Result<Self, Problem> {
        let failed = |error: String| Problem::new(Code::Internal).because(error);
        let secrets: Vec<String> = secrets.all().map(str::to_owned).collect();
        let known = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&secrets);
        Ok(Self {
            known: known.map_err(|error| failed(error.to_string()))?,
            secrets,
            named: Regex::new(NAMED).map_err(|error| failed(error.to_string()))?,
            home: home.to_owned(),
        })
    }

    /// A log, or another program's words.
    pub fn over_log(&self, text: &str) -> String {
        self.by_lines(text, redact)
    }

    /// A unit, plist, task, script or environment file: from the first secret on nothing of a line is shown.
    pub fn over_definition(&self, text: &str) -> String {
        self.by_lines(text, |line| redact(&redact_definition(line)))
    }

    /// A JSON value, which stays one.
    pub fn over_value(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => Value::Object(self.over_members(members)),
            Value::Array(items) => self.over_items(items),
            Value::String(text) => Value::from(self.over_log(text)),
            Value::Number(number) if self.over_log(&number.to_string()) != number.to_string() => DOTS.into(),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    /// The name of a file or folder, fit for an archive.
    pub fn over_name(&self, name: &str) -> String {
        let fit = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let veiled = self.over_log(name).replace(DOTS, "hidden");
        veiled.chars().map(|c| if fit(c) { c } else { '_' }).collect()
    }

    fn over_members(&self, members: &Map<String, Value>) -> Map<String, Value> {
        let veiled = |(name, inner): (&String, &Value)| {
            let hidden = is_telling(name) && (inner.is_string() || inner.is_number());
            (self.over_log(name), if hidden { DOTS.into() } else { self.over_value(inner) })
        };
        members.iter().map(veiled).collect()
    }

    /// An array of texts may be a command: what follows `--token` is its value.
    fn over_items(&self, items: &[Value]) -> Value {
        let words: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        match words {
            Some(words) => mask_command(&words).iter().map(|word| Value::from(self.over_log(word))).collect(),
            None => items.iter().map(|item| self.over_value(item)).collect(),
        }
    }

    /// What is known may stand over several lines.
    fn by_lines(&self, text: &str, veiled: impl Fn(&str) -> String) -> String {
        let text =
            text.split('\n').map(|line| self.without_cut_end(&plain(line))).collect::<Vec<_>>().join("\n");
        let hidden = vec![DOTS; self.secrets.len()];
        let text = self.known.replace_all(&text, &hidden);
        let mut in_key = false;
        let lines = text.split('\n').map(|line| {
            let line = without_key(line, &mut in_key);
            at_home(&self.home, &self.over_paths(&veiled(&line)))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The beginning of a secret at the end of a line that somebody cut off.
    fn without_cut_end(&self, line: &str) -> String {
        if line.chars().count() < LONG {
            return line.to_owned();
        }
        let cut = |secret: &String| {
            let mut ends = secret.char_indices().map(|(at, _)| at).skip(BEGINNING).collect::<Vec<_>>();
            ends.reverse();
            ends.into_iter().find(|end| line.ends_with(&secret[..*end]))
        };
        match self.secrets.iter().filter_map(cut).max() {
            Some(length) => line[..line.len() - length].to_owned() + DOTS,
            None => line.to_owned(),
        }
    }

    fn over_paths(&self, line: &str) -> String {
        match line.contains(['/', '\\']) || !line.contains(' ') {
            true => self.named.replace_all(line, format!("${{1}}{DOTS}").as_str()).into_owned(),
            false => line.to_owned(),
        }
    }
}

/// Hides what stands between the marks of a private key, on one line or over many.
fn without_key(line: &str, in_key: &mut bool) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while !rest.is_empty() {
        let mark = if *in_key { KEY_ENDS } else { KEY_BEGINS };
        let before_mark = rest.find(mark);
        let after_mark = before_mark.map_or("", |at| &rest[at + mark.len()..]);
        match (*in_key, before_mark) {
            (true, None) => return out + DOTS,
            (true, Some(_)) => out += DOTS,
            (false, None) => return out + rest,
            (false, Some(at)) => out += &rest[..at + mark.len()],
        }
        // The kind of key stands in the mark of its end too.
        rest = if *in_key { after_mark.split_once("-----").map_or("", |(_, rest)| rest) } else { after_mark };
        *in_key = !*in_key;
    }
    out
}

/// Of a private key in PEM (RFC 7468).
const KEY_BEGINS: &str = "PRIVATE KEY-----";
const KEY_ENDS: &str = "-----END ";
