//! The last lines a unit wrote, from the journal.

use jiff::Timestamp;
use serde_json::Value;

use super::PATIENCE;
use crate::plan::{Call, End, Tool};
use crate::problem::{Code, Problem};
use crate::system::os::Os;
use crate::system::{Seen, System};

/// A longer line is cut; what matters of it comes first.
const LONGEST_LINE: usize = 2000;

const MOST_ENTRIES: u32 = 2000;
const FIELDS: &str =
    "--output-fields=MESSAGE_ID,USER_UNIT,EXIT_CODE,EXIT_STATUS,UNIT_RESULT,N_RESTARTS,_BOOT_ID";

/// Only what the service itself printed; systemd's own lines about the unit bear another field. A machine without a journal has no
/// last words, which is no failure.
pub async fn last_words(os: &Os, unit: &str, lines: u32) -> (Seen, String) {
    let [count, unit] = [format!("--lines={lines}"), format!("_SYSTEMD_USER_UNIT={unit}")];
    let owner = format!("_UID={}", os.uid());
    // `--all`: without it a long message or one with control characters is not shown.
    let args =
        ["--output=json", "--output-fields=MESSAGE", "--all", "--quiet", "--no-pager", &count, &unit, &owner];
    let answer = os.run(&Call::new(Tool::Journalctl, &args, PATIENCE)).await;
    let seen = match answer.end {
        End::Exited(0) => Seen::Lines(messages(&answer.stdout)),
        End::NotStarted(_) => Seen::Lines(Vec::new()),
        End::Exited(_) | End::Killed(_) | End::TimedOut => {
            Seen::Failed(Problem::new(Code::ReadFailed).with("path", "journal").because(answer.words()))
        }
    };
    (seen, "journalctl".to_owned())
}

/// What systemd wrote about a unit, and about the end of the session that may have taken it along; no more than [`MOST_ENTRIES`].
pub async fn journal(os: &Os, unit: &str, since: Timestamp) -> (Seen, String) {
    let lines = format!("--lines={MOST_ENTRIES}");
    let since = format!("--since=@{}", since.as_second());
    let owner = format!("_UID={}", os.uid());
    let [unit, session] = [unit, "exit.target"].map(|unit| format!("USER_UNIT={unit}"));
    // Terms of the same field are alternatives.
    let args = ["--output=json", FIELDS, "--quiet", "--no-pager", &lines, &since, &unit, &session, &owner];
    let answer = os.run(&Call::new(Tool::Journalctl, &args, PATIENCE)).await;
    let seen = match answer.end {
        End::Exited(0) => Seen::Lines(answer.stdout.lines().map(str::to_owned).collect()),
        End::Exited(_) | End::Killed(_) | End::TimedOut | End::NotStarted(_) => {
            Seen::Failed(Problem::new(Code::ReadFailed).with("path", "journal").because(answer.words()))
        }
    };
    (seen, "journalctl".to_owned())
}

/// One JSON object a line, oldest first.
fn messages(json: &str) -> Vec<String> {
    let objects = json.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    objects.filter_map(|object| message(object.get("MESSAGE")?)).map(|text| cut(&text)).collect()
}

/// A text, or its bytes as numbers when it isn't UTF-8.
fn message(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(bytes) => {
            let byte = |number: &Value| number.as_u64().and_then(|number| u8::try_from(number).ok());
            let bytes: Vec<u8> = bytes.iter().filter_map(byte).collect();
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_shown_as_far_as_they_are() {
        let json =
            "{\"MESSAGE\":\"one\"}\n{\"MESSAGE\":[97,255,98]}\n{\"MESSAGE\":null}\n{\"X\":\"y\"}\nrubbish\n";
        assert_eq!(messages(json), ["one", "a\u{fffd}b"]);
    }

    #[test]
    fn a_long_line_is_cut() {
        assert_eq!(cut(&"ä".repeat(5000)).chars().count(), LONGEST_LINE + 1);
    }
}
