//! Finds a time in a log without reading it: each sink is ordered by time, so that halving its bytes takes a few reads.

use jiff::Timestamp;

use super::line;
use super::piece;
use super::sinks::{LogFile, Sinks};
use super::timed::{time_at, times};
use crate::model::{FileMark, JournalMark, Position};
use crate::problem::Problem;
use crate::system::System;

/// Bytes in which the search ends and reading begins.
const NEAR: u64 = 64 * 1024;

/// The place before the first line that was written at `time` or later.
///
/// # Errors
/// `ReadFailed`.
pub fn at_time(system: &dyn System, sinks: &Sinks, time: Timestamp) -> Result<Position, Problem> {
    let mark = |file: &LogFile| {
        let byte = byte_at(system, file, time)?;
        Ok(FileMark { file: file.number, byte })
    };
    let files = sinks.files.iter().map(mark).collect::<Result<_, Problem>>()?;
    Ok(Position { files, journal: JournalMark::At { time } })
}

fn byte_at(system: &dyn System, file: &LogFile, time: Timestamp) -> Result<u64, Problem> {
    let times = times(system, &file.path)?;
    let (mut low, mut high) = (0, file.length);
    while high - low > NEAR {
        let middle = low + (high - low) / 2;
        match first_time(system, file, middle, high, &times)? {
            // The line that was found begins behind the middle, and what is before it is older too.
            Some((byte, at)) if at < time => low = byte,
            Some(_) | None => high = middle,
        }
    }
    near(system, file, low, time, &times)
}

/// The first line that begins behind `from` and has a time.
fn first_time(
    system: &dyn System,
    file: &LogFile,
    from: u64,
    until: u64,
    times: &[(u64, Timestamp)],
) -> Result<Option<(u64, Timestamp)>, Problem> {
    let mut from = from;
    let mut is_first = true;
    while from < until {
        let piece = piece::after(system, &file.path, from)?;
        for (begin, end) in piece.lines().into_iter().skip(usize::from(is_first)) {
            let byte = piece.from + begin as u64;
            let at = line::time_of(&piece.bytes[begin..end]).or_else(|| time_at(times, byte));
            if let Some(at) = at.filter(|_| byte < until) {
                return Ok(Some((byte, at)));
            }
        }
        if piece.bytes.is_empty() {
            return Ok(None);
        }
        (from, is_first) = (piece.end(), false);
    }
    Ok(None)
}

fn near(
    system: &dyn System,
    file: &LogFile,
    from: u64,
    time: Timestamp,
    times: &[(u64, Timestamp)],
) -> Result<u64, Problem> {
    let mut from = from;
    let mut known = None;
    loop {
        let piece = piece::after(system, &file.path, from)?;
        for (begin, end) in piece.lines() {
            let byte = piece.from + begin as u64;
            known = line::time_of(&piece.bytes[begin..end]).or_else(|| time_at(times, byte)).or(known);
            if known.is_some_and(|at| at >= time) {
                return Ok(byte);
            }
        }
        if piece.bytes.is_empty() || from >= file.length {
            // A file without any time is as old as its last change.
            let is_newer = known.is_none() && file.modified.is_some_and(|at| at >= time);
            return Ok(if is_newer { 0 } else { from.max(file.length) });
        }
        from = piece.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::follow::tests::machine;

    fn line_at(text: &str, second: i64) -> String {
        let system = machine(&[("/l", text)]);
        let file = LogFile::look(&system, "/l", "l".to_owned()).unwrap();
        let time = Timestamp::from_second(1_795_348_800 + second).unwrap();
        let byte = byte_at(&system, &file, time).unwrap() as usize;
        text[byte..].lines().next().unwrap_or("end").to_owned()
    }

    fn numbered(count: i64) -> String {
        let at = |n: i64| Timestamp::from_second(1_795_348_800 + n).unwrap();
        (0..count).map(|n| format!("{} line {n}\n    at more of it\n", at(n))).collect()
    }

    #[test]
    fn a_time_is_found_in_a_file_of_many_pieces() {
        let text = numbered(20_000);
        for second in [0, 1, 777, 12_345, 19_999] {
            assert!(line_at(&text, second).ends_with(&format!("line {second}")), "{second}");
        }
        assert_eq!(line_at(&text, 20_000), "end");
        assert!(line_at(&text, -5).ends_with("line 0"));
    }

    #[test]
    fn long_lines_without_a_time_do_not_hide_what_is_behind_them() {
        let text = format!("{}{}\n{}", numbered(10), "x".repeat(500_000), numbered(2_000).split_at(0).1);
        assert!(line_at(&text, 5).ends_with("line 5"));
    }

    #[test]
    fn a_file_without_times_is_read_from_its_end() {
        assert_eq!(line_at(&"untimed\n".repeat(50_000), 0), "end");
    }
}
