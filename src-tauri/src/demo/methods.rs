use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::auth_status;
use super::gateway::Gateway;
use super::generation::Generation;
use super::handshake::error;
use super::http::milliseconds;

/// Answers one request frame of an admitted client with a `res` frame.
pub fn answer(gateway: &Gateway, frame: &str, scopes: &[String]) -> Value {
    let request: Value = serde_json::from_str(frame).unwrap_or_default();
    let id = request["id"].clone();
    match perform(gateway, &request, scopes) {
        Ok(payload) => json!({ "type": "res", "id": id, "ok": true, "payload": payload }),
        Err(error) => json!({ "type": "res", "id": id, "ok": false, "error": error }),
    }
}

fn perform(gateway: &Gateway, request: &Value, scopes: &[String]) -> Result<Value, Value> {
    let method = request["method"].as_str().filter(|_| request["type"] == "req");
    let method = method.ok_or_else(|| invalid("invalid request frame"))?;
    if !gateway.generation.methods().contains(&method) {
        return Err(invalid(&format!("unknown method: {method}")));
    }
    // `health` needs no scope; what tells more needs operator.read, which operator.admin includes.
    if method != "health" && !scopes.iter().any(|scope| scope == "operator.read" || scope == "operator.admin")
    {
        return Err(invalid("missing scope: operator.read"));
    }
    match method {
        "health" => Ok(health()),
        "status" => Ok(status(gateway)),
        "logs.tail" => logs_tail(gateway, &request["params"]),
        "models.authStatus" => Ok(auth_status::answer(gateway.profiles.as_deref(), now())),
        unlisted => Err(invalid(&format!("unknown method: {unlisted}"))),
    }
}

fn health() -> Value {
    json!({ "ok": true, "ts": now(), "durationMs": 0, "channels": {}, "channelOrder": [], "agents": [] })
}

fn status(gateway: &Gateway) -> Value {
    let uptime = milliseconds(gateway);
    match gateway.generation {
        Generation::New => json!({
            "runtimeVersion": gateway.version, "pid": std::process::id(), "uptimeMs": uptime,
            "processMemory": { "rssBytes": resident_bytes() }, "failing": gateway.failing(),
        }),
        Generation::Old => json!({ "uptimeMs": uptime, "channelSummary": [], "queuedSystemEvents": [] }),
    }
}

/// The resident memory from Linux' /proc; null where there is none.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

fn logs_tail(gateway: &Gateway, params: &Value) -> Result<Value, Value> {
    let Some(path) = gateway.log.path() else {
        return Ok(
            json!({ "file": null, "cursor": 0, "size": 0, "lines": [], "truncated": false, "reset": false }),
        );
    };
    let tail = read_tail(path, &Wanted::from(params))
        .map_err(|cause| error("UNAVAILABLE", &cause.to_string(), Value::Null))?;
    Ok(json!({
        "file": path.to_string_lossy(), "cursor": tail.cursor, "size": tail.size, "lines": tail.lines,
        "truncated": tail.truncated, "reset": tail.reset,
    }))
}

/// Which part of the log is wanted: from byte `cursor` on, or the end when there is none.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    cursor: Option<u64>,
    lines: usize,
    bytes: u64,
}

impl From<&Value> for Wanted {
    fn from(params: &Value) -> Self {
        let lines = params["limit"].as_u64().unwrap_or(500).clamp(1, 5_000);
        let bytes = params["maxBytes"].as_u64().unwrap_or(250_000).clamp(1, 1_000_000);
        Self { cursor: params["cursor"].as_u64(), lines: usize::try_from(lines).unwrap_or(5_000), bytes }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Tail {
    lines: Vec<String>,
    /// Where the next call goes on: just after the last whole line.
    cursor: u64,
    size: u64,
    /// Some lines before these were left out.
    truncated: bool,
    /// The file has become shorter than the cursor.
    reset: bool,
}

fn read_tail(path: &Path, wanted: &Wanted) -> io::Result<Tail> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let reset = wanted.cursor.is_some_and(|cursor| cursor > size);
    let asked = wanted.cursor.filter(|_| !reset);
    let start = asked.unwrap_or(0).max(size.saturating_sub(wanted.bytes));
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(size - start).read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let mut lines: Vec<_> = String::from_utf8_lossy(&bytes[..whole]).lines().map(str::to_owned).collect();
    let in_mid_line = start > 0 && asked != Some(start);
    if in_mid_line && !lines.is_empty() {
        lines.remove(0);
    }
    let surplus = lines.len().saturating_sub(wanted.lines);
    lines.drain(..surplus);
    Ok(Tail { lines, cursor: start + whole as u64, size, truncated: in_mid_line || surplus > 0, reset })
}

fn invalid(why: &str) -> Value {
    error("INVALID_REQUEST", why, Value::Null)
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use tempfile::NamedTempFile;

    #[test]
    fn a_tail_goes_on_where_the_last_one_ended() {
        let mut file = log("one\ntwo\n");
        let first = read_tail(file.path(), &wanted(None)).unwrap();
        write!(file, "three\nhal").unwrap();
        let second = read_tail(file.path(), &wanted(Some(first.cursor))).unwrap();
        assert_eq!((first.lines, second.lines), (texts(&["one", "two"]), texts(&["three"])));
    }

    #[test]
    fn a_shortened_log_is_read_from_its_start() {
        let tail = read_tail(log("one\n").path(), &wanted(Some(4_000))).unwrap();
        assert_eq!((tail.reset, tail.lines), (true, texts(&["one"])));
    }

    #[test]
    fn a_long_log_is_cut_at_whole_lines() {
        let tail = read_tail(log("one\ntwo\nthree\n").path(), &Wanted { bytes: 8, ..wanted(None) }).unwrap();
        assert_eq!((tail.truncated, tail.lines), (true, texts(&["three"])));
    }

    #[test]
    fn only_the_last_lines_are_told() {
        let tail = read_tail(log("one\ntwo\n").path(), &Wanted { lines: 1, ..wanted(None) }).unwrap();
        assert_eq!((tail.truncated, tail.lines), (true, texts(&["two"])));
    }

    fn wanted(cursor: Option<u64>) -> Wanted {
        Wanted { cursor, lines: 10, bytes: 1_000 }
    }

    fn texts(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    fn log(text: &str) -> NamedTempFile {
        let mut file = NamedTempFile::new().unwrap();
        write!(file, "{text}").unwrap();
        file
    }
}
