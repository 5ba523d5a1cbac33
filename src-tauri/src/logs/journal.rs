//! The journal's part of a log, one entry at a time.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::{self, Receiver};

use super::line::{self, Entry};
use crate::model::{JournalMark, LogLine, Spot};
use crate::plan::{Call, Tool};
use crate::system::{System, Watching};

/// Entries as they come; journalctl is ended with it.
pub struct Entries {
    told: Receiver<String>,
    /// The entry that the position names, which is not wanted again.
    skip: Option<String>,
    _reading: Watching,
}

impl Entries {
    /// Backwards from `from`.
    pub fn older(system: &dyn System, unit: &str, from: &JournalMark) -> Self {
        let (place, skip) = match from {
            JournalMark::End => (None, None),
            JournalMark::At { time } => (Some(format!("--until=@{}", seconds(*time, -1))), None),
            JournalMark::Before { cursor } => (Some(format!("--cursor={cursor}")), Some(cursor.clone())),
            JournalMark::After { cursor } => (Some(format!("--cursor={cursor}")), None),
        };
        Self::read(system, unit, place.into_iter().chain(["--reverse".to_owned()]), skip)
    }

    /// Forwards from `from`; with `follow` it goes on for ever.
    pub fn newer(system: &dyn System, unit: &str, from: &JournalMark, follow: bool) -> Self {
        let place = match from {
            JournalMark::End => "--lines=0".to_owned(),
            JournalMark::At { time } => format!("--since=@{}", seconds(*time, 0)),
            JournalMark::Before { cursor } => format!("--cursor={cursor}"),
            JournalMark::After { cursor } => format!("--after-cursor={cursor}"),
        };
        let follow = if follow { vec!["--follow".to_owned(), "--no-tail".to_owned()] } else { Vec::new() };
        // `--no-tail` would take `--lines=0` back.
        let follow = follow.into_iter().filter(|word| place != "--lines=0" || word != "--no-tail");
        Self::read(system, unit, [place.clone()].into_iter().chain(follow), None)
    }

    #[cfg(test)]
    pub fn of(entries: Vec<String>) -> Self {
        let (tell, told) = mpsc::channel(entries.len().max(1));
        entries.into_iter().for_each(|entry| tell.try_send(entry).unwrap());
        Self { told, skip: None, _reading: Watching::until_dropped(|| ()) }
    }

    /// Without `--user`: the messages of root's user services are in the system's journal.
    fn read(
        system: &dyn System,
        unit: &str,
        place: impl Iterator<Item = String>,
        skip: Option<String>,
    ) -> Self {
        let mut args = vec!["--user-unit".to_owned(), unit.to_owned()];
        args.extend(["--output=json", Entry::FIELDS, "--all", "--no-pager", "--quiet"].map(str::to_owned));
        args.extend(place);
        let (tell, told) = mpsc::channel(64);
        let call = Call { tool: Tool::Journalctl, args, deadline: Duration::from_secs(20) };
        Self { _reading: system.stream(&call, tell), told, skip }
    }

    /// The next entry that is a line of the gateway's. What the position names is among them.
    pub async fn next_entry(&mut self) -> Option<Entry> {
        loop {
            if let Some(entry) = Entry::parse(&self.told.recv().await?) {
                return Some(entry);
            }
        }
    }

    /// The next line, with its message as it was written.
    pub async fn next(&mut self) -> Option<(Vec<u8>, LogLine)> {
        loop {
            let entry = self.next_entry().await?;
            let (line, message) = (entry.line(), entry.message);
            let is_known =
                matches!(&line.spot, Spot::Journal { cursor } if self.skip.as_ref() == Some(cursor));
            if !is_known {
                return Some((message, line));
            }
        }
    }

    /// As many as there are at once.
    pub async fn next_many(&mut self, most: usize) -> Option<Vec<LogLine>> {
        let mut told = Vec::new();
        (self.told.recv_many(&mut told, most).await > 0)
            .then(|| told.iter().filter_map(|json| line::of_journal(json)).map(|(_, line)| line).collect())
    }
}

/// Whether `cursor` can be one of journald's: it becomes an argument.
pub fn is_cursor(cursor: &str) -> bool {
    cursor.len() <= 300
        && cursor.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'=' | b';' | b'-'))
}

/// Since the epoch, moved by some microseconds.
fn seconds(time: Timestamp, moved: i64) -> String {
    let micros = time.as_microsecond().max(1).saturating_add(moved);
    format!("{}.{:06}", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_cursor_becomes_an_argument() {
        assert!(is_cursor("s=0639d0c63e7b;i=1f;b=9a;m=1;t=2;x=3"));
        for bad in ["s=1 --rotate", "a\nb", "../x", &"a".repeat(301)] {
            assert!(!is_cursor(bad), "{bad}");
        }
    }

    #[test]
    fn a_time_is_told_to_the_microsecond() {
        let time: Timestamp = "1970-01-01T00:00:02Z".parse().unwrap();
        assert_eq!((seconds(time, 0), seconds(time, -1)), ("2.000000".to_owned(), "1.999999".to_owned()));
    }
}
