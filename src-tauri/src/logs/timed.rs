//! A host's two logs as one, in the order the lines were written (docs/host.md, "Output").

use jiff::Timestamp;

use super::follow::begin_of_last;
use super::{line, plain};
use crate::problem::Problem;
use crate::system::System;

/// The last `count` lines of the logs at `paths`. A line that doesn't say when it was written is given the index's time.
///
/// # Errors
/// `ReadFailed`.
pub fn last_lines(system: &dyn System, paths: &[String], count: usize) -> Result<Vec<String>, Problem> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(timed(system, path, count)?);
    }
    // Stable: what has the same time stays as it was in its log.
    all.sort_by_key(|(at, _)| *at);
    let surplus = all.len().saturating_sub(count);
    Ok(all.split_off(surplus).into_iter().map(|(at, text)| shown(at, text)).collect())
}

fn shown(at: Option<Timestamp>, text: String) -> String {
    match at {
        Some(at) if line::time_of(text.as_bytes()).is_none() => format!("{at:.3} {text}"),
        Some(_) | None => text,
    }
}

type Timed = (Option<Timestamp>, String);

/// Read at once at most; older lines of a longer piece are left out.
const MOST: usize = 4 * 1024 * 1024;

fn timed(system: &dyn System, path: &str, count: usize) -> Result<Vec<Timed>, Problem> {
    let Some(whole) = system.read_part(path, 0, 0)? else { return Ok(Vec::new()) };
    let from =
        begin_of_last(system, path, whole.length, count)?.max(whole.length.saturating_sub(MOST as u64));
    let Some(part) = system.read_part(path, from, MOST)? else { return Ok(Vec::new()) };
    let times = times(system, path)?;
    let mut offset = from;
    let lines = part.bytes.split_inclusive(|byte| *byte == b'\n').map(|bytes| {
        let at = time_at(&times, offset);
        offset += bytes.len() as u64;
        (at, plain(String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r'])))
    });
    Ok(lines.collect())
}

/// From which byte on a log was written at which time, as the index beside it says; empty where there is none.
pub type Times = Vec<(u64, Timestamp)>;

/// # Errors
/// `ReadFailed`.
pub fn times(system: &dyn System, path: &str) -> Result<Times, Problem> {
    let path = match path.rsplit_once(".log") {
        Some((stem, rotation)) => format!("{stem}.times{rotation}"),
        None => format!("{path}.times"),
    };
    let text = system.read(&path)?.map(|contents| contents.text()).unwrap_or_default();
    let entry = |line: &str| {
        let (at, offset) = line.split_once(' ')?;
        Some((offset.parse().ok()?, at.parse().ok()?))
    };
    Ok(text.lines().filter_map(entry).collect())
}

pub fn time_at(times: &[(u64, Timestamp)], offset: u64) -> Option<Timestamp> {
    let before = times.partition_point(|(from, _)| *from <= offset);
    before.checked_sub(1).and_then(|last| times.get(last)).map(|(_, at)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::follow::tests::machine;

    fn at(second: u32) -> String {
        format!("2026-11-22T12:00:0{second}.000Z")
    }

    fn logs() -> crate::system::scripted::Scripted<crate::logs::follow::tests::Nothing> {
        machine(&[
            ("/g.log", "one\nthree\nfour\n"),
            ("/g.times", &format!("{} 0\n{} 4\n", at(1), at(3))),
            ("/g.err.log", "two\n"),
            ("/g.err.times", &format!("{} 0\n", at(2))),
        ])
    }

    #[test]
    fn both_streams_come_in_the_order_they_were_written() {
        let paths = ["/g.log".to_owned(), "/g.err.log".to_owned()];
        let lines = last_lines(&logs(), &paths, 3).unwrap();
        assert_eq!(lines, [format!("{} two", at(2)), format!("{} three", at(3)), format!("{} four", at(3))]);
    }

    #[test]
    fn a_line_that_says_its_own_time_is_given_no_other() {
        let line = format!("{} [gateway] ready", at(5));
        let system = machine(&[("/g.log", &format!("{line}\n")), ("/g.times", &format!("{} 0\n", at(6)))]);
        assert_eq!(last_lines(&system, &["/g.log".to_owned()], 5).unwrap(), [line]);
    }

    #[test]
    fn without_an_index_the_lines_are_told_all_the_same() {
        let system = machine(&[("/g.log", "a\nb\n")]);
        assert_eq!(last_lines(&system, &["/g.log".to_owned(), "/no.log".to_owned()], 5).unwrap(), ["a", "b"]);
    }
}
