//! Lines of a log as [`LogLine`] values, with time and level where they say so.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::{Level, LogLine};
use crate::redact::redact;

/// One line of `journalctl --output=json`; `None` when it is not one.
pub fn of_journal(json: &str) -> Option<LogLine> {
    let entry: Map<String, Value> = serde_json::from_str(json).ok()?;
    let text = message(entry.get("MESSAGE")?)?;
    let microseconds =
        entry.get("__REALTIME_TIMESTAMP").and_then(Value::as_str).and_then(|us| us.parse().ok());
    let at = microseconds.and_then(|us| Timestamp::from_microsecond(us).ok());
    let level = match level_of(&text) {
        Level::Unknown => priority(entry.get("PRIORITY").and_then(Value::as_str)),
        told => told,
    };
    Some(LogLine { at, source: "journal".to_owned(), level, text: redact(&text) })
}

/// One line of a file; its time is what the line itself says.
pub fn of_file(line: &str, source: &str) -> LogLine {
    let first = line.split_whitespace().next().and_then(|word| word.parse().ok());
    let at = first.or_else(|| fields(line)?.get("time")?.as_str()?.parse().ok());
    LogLine { at, source: source.to_owned(), level: level_of(line), text: redact(line) }
}

/// journald writes text that is not UTF-8, or has control characters, as an array of bytes; a list of messages as an array of
/// those.
fn message(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(bytes) => {
            let bytes: Option<Vec<u8>> =
                bytes.iter().map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect();
            bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
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
fn level_of(line: &str) -> Level {
    let Some(fields) = fields(line) else { return Level::Unknown };
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

fn fields(line: &str) -> Option<Map<String, Value>> {
    line.starts_with('{').then(|| serde_json::from_str(line).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_line_has_its_time_and_its_level() {
        let json = r#"{"__REALTIME_TIMESTAMP":"1795348800000000","PRIORITY":"4","MESSAGE":"slow"}"#;
        let line = of_journal(json).unwrap();
        assert_eq!(
            (line.at.unwrap().as_second(), line.level, line.text.as_str()),
            (1_795_348_800, Level::Warn, "slow")
        );
    }

    #[test]
    fn an_applications_own_level_beats_the_journals() {
        let json = r#"{"PRIORITY":"6","MESSAGE":"{\"level\":\"error\",\"message\":\"boom\"}"}"#;
        assert_eq!(of_journal(json).unwrap().level, Level::Error);
    }

    #[test]
    fn bytes_become_text_and_nonsense_becomes_nothing() {
        assert_eq!(of_journal(r#"{"MESSAGE":[104,105,255]}"#).unwrap().text, "hi\u{fffd}");
        for nonsense in ["", "-- No entries --", "{}", r#"{"MESSAGE":null}"#, r#"{"MESSAGE":[1,999]}"#] {
            assert_eq!(of_journal(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn secrets_do_not_pass() {
        assert!(!of_file("started with --token hunter2hunter2", "x").text.contains("hunter2"));
    }

    #[test]
    fn a_files_line_says_its_own_time() {
        let line = of_file("2026-11-22T12:00:00Z [gateway] ready", "gateway.log");
        assert_eq!(line.at.unwrap(), "2026-11-22T12:00:00Z".parse().unwrap());
    }
}
