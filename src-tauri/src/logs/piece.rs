//! Whole lines of a file, a bounded piece at a time, forwards and backwards.

use crate::problem::Problem;
use crate::system::System;

/// Read at once.
const PIECE: usize = 64 * 1024;
/// The longest line that is kept whole; a longer one is read as several.
pub const LONGEST_LINE: usize = 5 * 256 * 1024;

/// Lines that follow each other in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Where the first line begins.
    pub from: u64,
    /// With their endings.
    pub bytes: Vec<u8>,
    /// The file's length when it was read.
    pub length: u64,
}

impl Piece {
    pub fn end(&self) -> u64 {
        self.from + self.bytes.len() as u64
    }

    /// Where each line lies within `bytes`, its ending included.
    pub fn lines(&self) -> Vec<(usize, usize)> {
        let mut from = 0;
        let ends = memchr::memchr_iter(b'\n', &self.bytes).map(|at| at + 1);
        let mut spans: Vec<(usize, usize)> =
            ends.map(|end| (std::mem::replace(&mut from, end), end)).collect();
        if from < self.bytes.len() {
            spans.push((from, self.bytes.len()));
        }
        spans
    }
}

/// The lines before byte `end`, which is where a line begins or the file ends; empty at the file's beginning. What stands behind the last
/// line ending is not whole yet and is left out.
///
/// # Errors
/// `ReadFailed`.
pub fn before(system: &dyn System, path: &str, end: u64) -> Result<Piece, Problem> {
    let mut size = PIECE;
    loop {
        let from = end.saturating_sub(size as u64);
        let Some(part) = system.read_part(path, from, (end - from) as usize)? else {
            return Ok(Piece::default());
        };
        let whole = match memchr::memrchr(b'\n', &part.bytes) {
            // The beginning of a line that was read as several.
            _ if end < part.length && !part.bytes.ends_with(b"\n") => part.bytes.len(),
            Some(at) => at + 1,
            None => 0,
        };
        // The last ending ends the last line and begins none.
        let inner = part.bytes.get(..whole.saturating_sub(1)).unwrap_or_default();
        let begin = if from == 0 { Some(0) } else { memchr::memchr(b'\n', inner).map(|at| at + 1) };
        let begin = match begin {
            Some(begin) => begin,
            None if size < LONGEST_LINE => {
                size = (size * 4).min(LONGEST_LINE);
                continue;
            }
            None => 0,
        };
        let whole = if whole == 0 && size >= LONGEST_LINE { part.bytes.len() } else { whole };
        let bytes = part.bytes.get(begin..whole).unwrap_or_default().to_vec();
        return Ok(Piece { from: from + begin as u64, bytes, length: part.length });
    }
}

/// Where the last whole line before byte `end` ends.
///
/// # Errors
/// `ReadFailed`.
pub fn end_of_lines(system: &dyn System, path: &str, end: u64) -> Result<u64, Problem> {
    let from = end.saturating_sub(LONGEST_LINE as u64);
    let near = end.saturating_sub(PIECE as u64);
    for from in [near, from] {
        let Some(part) = system.read_part(path, from, (end - from) as usize)? else { return Ok(0) };
        match memchr::memrchr(b'\n', &part.bytes) {
            Some(at) => return Ok(from + at as u64 + 1),
            None if from == 0 => return Ok(0),
            None => {}
        }
    }
    Ok(end)
}

/// The whole lines from byte `from` on; empty where none is whole yet.
///
/// # Errors
/// `ReadFailed`.
pub fn after(system: &dyn System, path: &str, from: u64) -> Result<Piece, Problem> {
    lines_from(system, path, from, PIECE)
}

/// The same, with at least `size` bytes at once where there are so many.
///
/// # Errors
/// `ReadFailed`.
pub fn lines_from(system: &dyn System, path: &str, from: u64, size: usize) -> Result<Piece, Problem> {
    let mut size = size;
    loop {
        let Some(mut part) = system.read_part(path, from, size)? else { return Ok(Piece::default()) };
        let is_at_end = part.bytes.len() < size;
        let whole = match memchr::memrchr(b'\n', &part.bytes) {
            Some(at) => at + 1,
            None if is_at_end && part.bytes.len() < LONGEST_LINE => 0,
            None if size < LONGEST_LINE => {
                size = (size * 4).min(LONGEST_LINE);
                continue;
            }
            None => part.bytes.len(),
        };
        part.bytes.truncate(whole);
        return Ok(Piece { from, bytes: part.bytes, length: part.length });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::follow::tests::machine;

    fn all_backwards(text: &str) -> Vec<String> {
        let system = machine(&[("/l", text)]);
        let mut end = text.len() as u64;
        let mut lines = Vec::new();
        loop {
            let piece = before(&system, "/l", end).unwrap();
            let here: Vec<String> = texts(&piece);
            if here.is_empty() {
                lines.reverse();
                return lines;
            }
            lines.extend(here.into_iter().rev());
            end = piece.from;
        }
    }

    fn all_forwards(text: &str) -> Vec<String> {
        let system = machine(&[("/l", text)]);
        let mut from = 0;
        let mut lines = Vec::new();
        loop {
            let piece = after(&system, "/l", from).unwrap();
            if piece.bytes.is_empty() {
                return lines;
            }
            lines.extend(texts(&piece));
            from = piece.end();
        }
    }

    fn texts(piece: &Piece) -> Vec<String> {
        let text =
            |&(from, end): &(usize, usize)| String::from_utf8_lossy(&piece.bytes[from..end]).into_owned();
        piece.lines().iter().map(text).collect()
    }

    #[test]
    fn both_directions_give_the_same_lines_as_the_text_has() {
        let lines: String = (0..40_000).map(|n| format!("line {n}\n")).collect();
        for text in ["", "\n", "a\n", "a\n\nb\n", &lines, &format!("{}\nb\n", "x".repeat(1_000_000))] {
            let wanted: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            assert_eq!(all_backwards(text), wanted);
            assert_eq!(all_forwards(text), wanted);
        }
    }

    #[test]
    fn a_line_that_is_not_whole_yet_waits() {
        assert_eq!(all_backwards("a\nbc"), ["a\n"]);
        assert_eq!(all_forwards("a\nbc"), ["a\n"]);
        assert_eq!(all_backwards("bc"), Vec::<String>::new());
    }

    #[test]
    fn no_byte_of_a_line_without_end_is_lost_or_kept_in_memory() {
        let text = format!("{}\nlast\n", "y".repeat(3 * LONGEST_LINE + 17));
        for lines in [all_backwards(&text), all_forwards(&text)] {
            assert_eq!(lines.concat(), text);
            assert!(lines.iter().all(|line| line.len() <= LONGEST_LINE + PIECE));
        }
    }
}
