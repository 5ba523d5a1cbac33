//! Lines of a log as [`LogLine`] values, with time, level and subsystem where they say so.

use jiff::Timestamp;
use memchr::memmem;
use serde_json::{Map, Value};

use super::plain;
use crate::model::{Level, LogLine, Spot};
use crate::redact::redact;

/// The most characters of a line that are shown in a list.
pub const MOST_CHARACTERS: usize = 4_000;
/// A longer line is not looked into for JSON.
const LONGEST_JSON: usize = 256 * 1024;

/// One line of a file, without its ending.
pub fn of_file(bytes: &[u8], source: &str, spot: Spot) -> LogLine {
    let fields = fields(bytes);
    match &fields {
        Some(fields) => said(fields, bytes, source, spot),
        None => LogLine { at: time_of(bytes), ..written(bytes, source, spot) },
    }
}

/// One line of `journalctl --output=json`, with its message as it was written; `None` when it is not one.
pub fn of_journal(json: &str) -> Option<(Vec<u8>, LogLine)> {
    let entry = Entry::parse(json)?;
    let line = entry.line();
    Some((entry.message, line))
}

/// An entry of the journal, as far as it is read for certain: most of what a search looks at is never shown.
pub struct Entry {
    /// As it was written.
    pub message: Vec<u8>,
    fields: Map<String, Value>,
}

impl Entry {
    /// What is wanted of an entry, besides what journald always tells: cursor and time.
    pub const FIELDS: &str = "--output-fields=MESSAGE,PRIORITY";

    /// `None` for what is no line.
    pub fn parse(json: &str) -> Option<Self> {
        let fields: Map<String, Value> = serde_json::from_str(json).ok()?;
        let message = message(fields.get("MESSAGE")?)?;
        Some(Self { message, fields })
    }

    pub fn line(&self) -> LogLine {
        let text = |name: &str| self.fields.get(name).and_then(Value::as_str);
        let microseconds = text("__REALTIME_TIMESTAMP").and_then(|us| us.parse().ok());
        let spot = Spot::Journal { cursor: text("__CURSOR").unwrap_or_default().to_owned() };
        let line = of_file(&self.message, "journal", spot);
        LogLine {
            at: microseconds.and_then(|us| Timestamp::from_microsecond(us).ok()),
            level: match line.level {
                Level::Unknown => priority(text("PRIORITY")),
                Level::Debug | Level::Info | Level::Warn | Level::Error => line.level,
            },
            ..line
        }
    }
}

/// When a line says it was written: its first word, with or without brackets, or the last `time` of a JSON object.
pub fn time_of(line: &[u8]) -> Option<Timestamp> {
    const NAME: &[u8] = br#""time":""#;
    let (from, ends) = match line.first()? {
        b'{' => (memmem::rfind(line, NAME)? + NAME.len(), b'"'),
        b'[' => (1, b']'),
        b'0'..=b'9' => (0, b' '),
        _ => return None,
    };
    let rest = line.get(from..)?;
    let word = rest.iter().take(40).position(|byte| *byte == ends).map_or(rest, |end| &rest[..end]);
    // `parse` would read the whole of a long line.
    let word = word.get(..word.len().min(40))?;
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// A line in full, fit to be shown: at most `most` bytes of it.
pub fn whole(bytes: &[u8], most: usize) -> String {
    redact(&plain(&String::from_utf8_lossy(&bytes[..bytes.len().min(most)])))
}

/// A line that is no JSON.
fn written(bytes: &[u8], source: &str, spot: Spot) -> LogLine {
    // Twice, as colours and invalid bytes take room that is not shown.
    let (text, cut) = short(whole(bytes, 2 * MOST_CHARACTERS), bytes.len());
    let subsystem = bracketed(&text).map(str::to_owned);
    LogLine { at: None, source: source.to_owned(), level: Level::Unknown, subsystem, text, cut, spot }
}

/// A JSON line of OpenClaw (tslog, OC 13.4): what was logged stands under `0`, `1`, …; the first of them may name the subsystem.
fn said(fields: &Map<String, Value>, bytes: &[u8], source: &str, spot: Spot) -> LogLine {
    let meta = |name: &str| fields.get("_meta").and_then(|meta| meta.get(name)).and_then(Value::as_str);
    let first = || fields.get("0").and_then(Value::as_str).and_then(subsystem);
    let subsystem = meta("name").and_then(subsystem).or_else(first).or_else(|| top(fields, "subsystem"));
    let told: Vec<String> = (0..10)
        .map_while(|index| fields.get(&index.to_string()))
        .filter(|value| value.as_str().and_then(self::subsystem).is_none())
        .map(worded)
        .collect();
    let message = match told.is_empty() {
        true => top(fields, "message").or_else(|| top(fields, "msg")),
        false => Some(told.join(" ")),
    };
    let Some(message) = message else {
        let line = written(bytes, source, spot);
        return LogLine { at: time_of(bytes), level: level_of(fields), ..line };
    };
    let most = message.len();
    let (text, cut) = short(whole(message.as_bytes(), 2 * MOST_CHARACTERS), most);
    let at = top(fields, "time").or_else(|| meta("date").map(str::to_owned)).and_then(|at| at.parse().ok());
    LogLine { at, source: source.to_owned(), level: level_of(fields), subsystem, text, cut, spot }
}

fn top(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// `{"subsystem":"gateway"}`, as text.
fn subsystem(text: &str) -> Option<String> {
    let value: Map<String, Value> = text.starts_with('{').then(|| serde_json::from_str(text).ok())??;
    Some(value.get("subsystem")?.as_str()?.to_owned())
}

fn worded(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}

/// `[gateway] ready`, after a time where there is one.
fn bracketed(text: &str) -> Option<&str> {
    let text = match text.split_once(' ') {
        Some((first, rest)) if time_of(first.as_bytes()).is_some() => rest,
        Some(_) | None => text,
    };
    let name = text.strip_prefix('[')?.split_once(']')?.0;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | ':' | '.');
    (!name.is_empty() && name.len() <= 40 && name.chars().all(fits) && time_of(text.as_bytes()).is_none())
        .then_some(name)
}

/// The beginning of a text, and how many of its line's bytes are left out.
fn short(text: String, length: usize) -> (String, u32) {
    let end = text.char_indices().nth(MOST_CHARACTERS).map_or(text.len(), |(at, _)| at);
    let is_whole = end == text.len() && length <= 2 * MOST_CHARACTERS;
    let cut = if is_whole { 0 } else { length.saturating_sub(end) };
    (text[..end].to_owned(), u32::try_from(cut).unwrap_or(u32::MAX))
}

/// journald writes text that is not UTF-8, or has control characters, as an array of bytes; a list of messages as an array of
/// those.
fn message(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.clone().into_bytes()),
        Value::Array(bytes) => {
            bytes.iter().map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// syslog's severities; standard output is 6, standard error too unless it says otherwise.
fn priority(text: Option<&str>) -> Level {
    match text {
        Some("0" | "1" | "2" | "3") => Level::Error,
        Some("4") => Level::Warn,
        Some("5" | "6") => Level::Info,
        Some("7") => Level::Debug,
        Some(_) | None => Level::Unknown,
    }
}

/// The level that an application's JSON line names (OC 13.4).
fn level_of(fields: &Map<String, Value>) -> Level {
    let nested = || fields.get("_meta").and_then(|meta| meta.get("logLevelName"));
    match fields.get("level").or_else(nested).and_then(Value::as_str).map(str::to_ascii_lowercase).as_deref()
    {
        Some("trace" | "debug" | "silly") => Level::Debug,
        Some("info") => Level::Info,
        Some("warn" | "warning") => Level::Warn,
        Some("error" | "fatal") => Level::Error,
        Some(_) | None => Level::Unknown,
    }
}

fn fields(line: &[u8]) -> Option<Map<String, Value>> {
    (line.first() == Some(&b'{') && line.len() <= LONGEST_JSON)
        .then(|| serde_json::from_slice(line).ok())
        .flatten()
}

#[cfg(test)]
mod tests;
