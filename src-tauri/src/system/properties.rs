//! A systemd unit's properties as one map of texts, the same from D-Bus and from `systemctl show`.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The properties that are asked for: all that any version since systemd 239 gives over both routes.
pub const NAMES: &[&str] = &[
    "Id",
    "LoadState",
    "LoadError",
    "ActiveState",
    "SubState",
    "Result",
    "FragmentPath",
    "DropInPaths",
    "UnitFileState",
    "NeedDaemonReload",
    "MainPID",
    "ExecMainPID",
    "ExecMainCode",
    "ExecMainStatus",
    "ExecMainStartTimestamp",
    "ExecMainExitTimestamp",
    "StateChangeTimestamp",
    "NRestarts",
    "TimeoutStopUSec",
    "Restart",
    "StartLimitBurst",
    "KillMode",
    "EnvironmentFiles",
];

/// Reads `systemctl show --timestamp=us+utc`: `Name=text` lines, the first `=` separates. The lines of one that comes several times
/// are joined by line breaks; times become microseconds since the epoch, and an unset one is empty; spans become microseconds.
pub fn parse(text: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in text.lines().filter_map(|line| line.trim_end_matches('\r').split_once('=')) {
        let value = match name {
            _ if name.ends_with("Timestamp") => microseconds(value),
            _ if name.ends_with("USec") => span(value),
            _ => value.to_owned(),
        };
        found
            .entry(name.to_owned())
            .and_modify(|first| *first = format!("{first}\n{value}"))
            .or_insert(value);
    }
    found
}

/// `Sun 2026-11-22 16:12:21.936508 UTC` → `1795363941936508`. Anything else, such as a local time, is unknown.
fn microseconds(text: &str) -> String {
    let mut parts = text.split(' ');
    let (Some(_day), Some(date), Some(time), Some("UTC")) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return String::new();
    };
    let moment = format!("{date}T{time}").parse::<DateTime>().and_then(|at| at.to_zoned(TimeZone::UTC));
    moment.map_or_else(|_| String::new(), |at| at.timestamp().as_microsecond().to_string())
}

/// `5min 30s` → `330000000`. `infinity` is the largest number there is, as over D-Bus.
fn span(text: &str) -> String {
    if text == "infinity" {
        return u64::MAX.to_string();
    }
    let span = text.parse::<jiff::SignedDuration>().ok();
    span.map_or_else(String::new, |span| span.as_micros().to_string())
}

/// A list as `systemctl show` prints it: words with white space or quotes in them stand in double quotes.
pub fn list(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// systemd's `shell_maybe_quote`.
fn quoted(word: &str) -> String {
    let special = |c: char| c.is_ascii_whitespace() || "\"\\`$*?['()<>|&;!#~=".contains(c);
    // `=` and the pattern characters alone need no quotes there.
    let plain = |c: char| !special(c) || c == '=';
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let escape = |c: char| if "\"\\`$".contains(c) { format!("\\{c}") } else { c.to_string() };
    format!("\"{}\"", word.chars().map(escape).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equal_sign_separates() {
        assert_eq!(parse("A=b=c\r\nB=\n")["A"], "b=c");
    }

    #[test]
    fn times_are_microseconds_since_the_epoch() {
        let text = "XTimestamp=Sun 2026-11-22 16:12:21.936508 UTC\nYTimestamp=\nZTimestamp=Sun 2026-11-22 16:12:21 CET";
        let seen = parse(text);
        assert_eq!(
            (seen["XTimestamp"].as_str(), seen["YTimestamp"].as_str(), seen["ZTimestamp"].as_str()),
            ("1795363941936508", "", "")
        );
    }

    #[test]
    fn repeated_lines_are_kept() {
        assert_eq!(parse("F=/a (x)\nF=/b (y)")["F"], "/a (x)\n/b (y)");
    }

    #[test]
    fn a_list_is_printed_as_systemctl_does() {
        assert_eq!(list(&["/a b.conf".to_owned(), "/c.conf".to_owned()]), "\"/a b.conf\" /c.conf");
    }
}
