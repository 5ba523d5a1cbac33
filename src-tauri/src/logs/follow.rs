//! Reads the end of a file that grows, is cut off, or is replaced by a successor of the same name.

use crate::problem::Problem;
use crate::system::System;

/// A reader's place in a file.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    path: String,
    file: u64,
    offset: u64,
    /// The beginning of a line whose end is not written yet.
    partial: Vec<u8>,
}

/// Read at once; also the longest line that is kept whole.
const PIECE: usize = 256 * 1024;

impl Tail {
    /// The last `lines` lines of `path`, and the place behind them. A file that does not exist yet is empty.
    ///
    /// # Errors
    /// `ReadFailed`.
    pub fn open(system: &dyn System, path: &str, lines: usize) -> Result<(Self, Vec<String>), Problem> {
        let mut tail = Self::at_start(path);
        let Some(start) = system.read_part(path, 0, 0)? else { return Ok((tail, Vec::new())) };
        (tail.file, tail.offset) = (start.file, begin_of_last(system, path, start.length, lines)?);
        let mut last = tail.read(system)?;
        let surplus = last.len().saturating_sub(lines);
        Ok((tail, last.split_off(surplus)))
    }

    /// A place at the beginning of a file, which need not exist yet.
    pub fn at_start(path: &str) -> Self {
        Self { path: path.to_owned(), ..Self::default() }
    }

    /// The whole lines written since the last call. A shorter or another file of the same name is read from its beginning.
    ///
    /// # Errors
    /// `ReadFailed`.
    pub fn read(&mut self, system: &dyn System) -> Result<Vec<String>, Problem> {
        let mut lines = Vec::new();
        loop {
            let Some(part) = system.read_part(&self.path, self.offset, PIECE)? else { return Ok(lines) };
            if part.file != self.file || part.length < self.offset {
                lines.extend(self.rest_of_rotated(system, part.file));
                lines.extend(self.flush());
                (self.file, self.offset) = (part.file, 0);
                continue;
            }
            if part.bytes.is_empty() {
                return Ok(lines);
            }
            self.offset += part.bytes.len() as u64;
            lines.extend(self.whole_lines(&part.bytes));
        }
    }

    /// What was written to the file before it was renamed to `<path>.1` and a successor took its name.
    fn rest_of_rotated(&mut self, system: &dyn System, successor: u64) -> Vec<String> {
        if self.file == successor {
            return Vec::new();
        }
        match system.read_part(&format!("{}.1", self.path), self.offset, PIECE) {
            Ok(Some(part)) if part.file == self.file => self.whole_lines(&part.bytes),
            Ok(_) | Err(_) => Vec::new(),
        }
    }

    fn whole_lines(&mut self, bytes: &[u8]) -> Vec<String> {
        self.partial.extend_from_slice(bytes);
        let end = self.partial.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = if self.partial.len() > PIECE { self.partial.len() } else { end };
        let whole: Vec<u8> = self.partial.drain(..end).collect();
        String::from_utf8_lossy(&whole).lines().map(super::plain).collect()
    }

    /// A last line without an end, when its file is gone.
    fn flush(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.partial);
        (!rest.is_empty()).then(|| super::plain(&String::from_utf8_lossy(&rest)))
    }
}

/// Where the last `lines` lines begin, found backwards piece by piece.
pub fn begin_of_last(system: &dyn System, path: &str, length: u64, lines: usize) -> Result<u64, Problem> {
    let mut from = length;
    let mut ends = 0;
    while from > 0 {
        let start = from.saturating_sub(PIECE as u64);
        let Some(part) = system.read_part(path, start, (from - start) as usize)? else { return Ok(0) };
        // The very last byte ends the last line and begins none.
        for (at, _) in part.bytes.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n') {
            let begin = start + at as u64 + 1;
            ends += usize::from(begin < length);
            if begin < length && ends >= lines.max(1) {
                return Ok(if lines == 0 { length } else { begin });
            }
        }
        from = start;
    }
    Ok(if lines == 0 { length } else { 0 })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::plan::{Answer, Call};
    use crate::system::scripted::{Machine, Scripted, Simulator};
    use crate::system::{Ask, Seen};

    pub struct Nothing;

    impl Simulator for Nothing {
        fn run(&mut self, _call: &Call, _machine: &mut Machine) -> Answer {
            Answer::default()
        }

        fn answer(&mut self, _ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
            None
        }
    }

    pub fn machine(files: &[(&str, &str)]) -> Scripted<Nothing> {
        let system = Scripted::new(Nothing);
        system.with(|machine, _| {
            files.iter().for_each(|(path, text)| machine.write(path, text.as_bytes(), 0o644).unwrap());
        });
        system
    }

    fn put(system: &Scripted<Nothing>, text: &str) {
        system.with(|machine, _| machine.write("/l", text.as_bytes(), 0o644).unwrap());
    }

    fn numbered(count: usize) -> String {
        (1..=count).map(|n| format!("line {n}\n")).collect()
    }

    #[test]
    fn the_last_lines_are_found_in_a_file_of_many_pieces() {
        let system = machine(&[("/l", &numbered(100_000))]);
        let (_, last) = Tail::open(&system, "/l", 2).unwrap();
        assert_eq!(last, ["line 99999", "line 100000"]);
    }

    #[test]
    fn fewer_lines_than_asked_for_are_all_of_them() {
        let system = machine(&[("/l", "a\nb\n")]);
        assert_eq!(Tail::open(&system, "/l", 50).unwrap().1, ["a", "b"]);
        assert_eq!(Tail::open(&system, "/l", 0).unwrap().1, Vec::<String>::new());
        assert_eq!(Tail::open(&system, "/missing", 5).unwrap().1, Vec::<String>::new());
    }

    #[test]
    fn a_line_is_told_once_it_is_whole() {
        let system = machine(&[("/l", "a\nb")]);
        let (mut tail, last) = Tail::open(&system, "/l", 5).unwrap();
        assert_eq!(last, ["a"]);
        put(&system, "a\nbc\nd");
        assert_eq!(tail.read(&system).unwrap(), ["bc"]);
    }

    #[test]
    fn a_file_that_was_cut_off_is_read_from_its_beginning() {
        let system = machine(&[("/l", "a\nb\n")]);
        let (mut tail, _) = Tail::open(&system, "/l", 5).unwrap();
        put(&system, "c\n");
        assert_eq!(tail.read(&system).unwrap(), ["c"]);
    }

    #[test]
    fn a_file_that_appears_later_is_followed() {
        let system = machine(&[]);
        let (mut tail, _) = Tail::open(&system, "/l", 5).unwrap();
        put(&system, "first\n");
        assert_eq!(tail.read(&system).unwrap(), ["first"]);
    }
}
