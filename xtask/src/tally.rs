//! How many tests passed and failed, read from what cargo's test harness and vitest print.

use std::iter::Sum;
use std::ops::Add;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    /// `#[ignore]` or `it.skip`: neither passed nor failed.
    pub ignored: u32,
}

impl Tally {
    /// Reads one line of output; a line that is no summary counts nothing.
    pub fn read(line: &str) -> Self {
        let plain = without_colours(line);
        let plain = plain.trim();
        if let Some(result) = plain.strip_prefix("test result: ") {
            return Self::of_parts(result.split(['.', ';']));
        }
        match plain.strip_prefix("Tests ") {
            Some(result) => Self::of_parts(result.split(['|', '('])),
            None => Self::default(),
        }
    }

    fn of_parts<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        parts.map(Self::of_part).sum()
    }

    /// Reads `12 passed`.
    fn of_part(part: &str) -> Self {
        let mut words = part.split_whitespace();
        let count = words.next().and_then(|word| word.parse().ok()).unwrap_or_default();
        match words.next() {
            Some("passed") => Self { passed: count, ..Self::default() },
            Some("failed") => Self { failed: count, ..Self::default() },
            Some("ignored" | "skipped" | "todo") => Self { ignored: count, ..Self::default() },
            _ => Self::default(),
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

/// Drops ANSI colour sequences, `ESC [ … m`.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split("\x1b[");
    let first = pieces.next().unwrap_or_default();
    let rest = pieces.map(|piece| piece.split_once('m').map_or("", |(_, text)| text));
    std::iter::once(first).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u32, failed: u32, ignored: u32) -> Tally {
        Tally { passed, failed, ignored }
    }

    #[test]
    fn a_cargo_summary_is_counted() {
        let line = "test result: FAILED. 5 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(Tally::read(line), tally(5, 1, 2));
    }

    #[test]
    fn a_vitest_summary_is_counted() {
        assert_eq!(Tally::read("      Tests  1 failed | 11 passed | 2 skipped (14)"), tally(11, 1, 2));
    }

    #[test]
    fn a_coloured_vitest_summary_is_counted() {
        let line =
            "\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m12 passed\x1b[39m\x1b[22m\x1b[90m (12)\x1b[39m";
        assert_eq!(Tally::read(line), tally(12, 0, 0));
    }

    #[test]
    fn the_files_line_of_vitest_and_ordinary_output_count_nothing() {
        assert_eq!(Tally::read(" Test Files  3 passed (3)"), Tally::default());
        assert_eq!(Tally::read("test tests::it_passed ... ok"), Tally::default());
    }
}
