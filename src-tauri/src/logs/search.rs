//! Looks for an expression in everything that is written: without an index, a bounded piece at a time, at the speed of the memory.

use std::collections::VecDeque;

use jiff::Timestamp;
use regex::bytes::Regex;

use super::filter::Filter;
use super::journal::Entries;
use super::line::{self, Entry};
use super::piece::{self, Piece};
use super::sinks::{LogFile, Sinks};
use super::timed::{Times, time_at, times};
use crate::model::{JournalMark, Searched, Spot};
use crate::problem::Problem;
use crate::system::System;

/// Read at once.
const PIECE: usize = 1024 * 1024;
/// Entries of the journal between two words of how far a search has come.
const TOLD_EVERY: u64 = 1000;
/// So many hits can be gone to; the older ones are only counted.
pub const MOST_HITS: usize = 100_000;

/// A line in which the expression was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// When it was written, as far as it or its neighbours say.
    pub at: Timestamp,
    pub spot: Spot,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Lines with the expression in them.
    pub hits: u64,
    /// The newest of them, oldest first; at most [`MOST_HITS`].
    pub kept: Vec<Hit>,
    pub bytes: u64,
}

/// Where the lines of a search come from, and which of them count.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub system: &'a dyn System,
    pub sinks: &'a Sinks,
    pub filter: &'a Filter,
    pub expression: &'a Regex,
}

impl Search<'_> {
    /// Reads every sink to its end. `goes_on` is told how far it has come, and ends the search by saying no.
    ///
    /// # Errors
    /// `ReadFailed`.
    pub async fn run(&self, goes_on: &(dyn Fn(Searched) -> bool + Sync)) -> Result<Found, Problem> {
        let mut found = Found::default();
        let of = self.sinks.bytes();
        for file in self.sinks.files.iter().filter(|file| self.filter.shows(&file.source)) {
            let told = |hits, bytes| goes_on(Searched { hits, bytes, of, ..Searched::default() });
            if !self.file(file, &mut found, &told)? {
                return Ok(found);
            }
        }
        if let Some(unit) = self.sinks.unit.as_deref().filter(|_| self.filter.shows("journal")) {
            let bytes = found.bytes;
            let told = |hits, entries| goes_on(Searched { hits, bytes, of, entries, ..Searched::default() });
            let from = JournalMark::At { time: self.filter.since.unwrap_or(Timestamp::UNIX_EPOCH) };
            let entries = Entries::newer(self.system, unit, &from, false);
            self.journal(entries, &mut found, &told).await;
        }
        // Stable: what has the same time stays as it was in its sink.
        found.kept.sort_by_key(|hit| hit.at);
        let surplus = found.kept.len().saturating_sub(MOST_HITS);
        found.kept.drain(..surplus);
        Ok(found)
    }

    fn file(
        &self,
        file: &LogFile,
        found: &mut Found,
        goes_on: &dyn Fn(u64, u64) -> bool,
    ) -> Result<bool, Problem> {
        let mut place =
            Place { search: self, file, times: None, known: None, newest: VecDeque::new(), hits: 0 };
        let mut at = 0;
        // What is written meanwhile belongs to the next search.
        while at < file.length {
            let piece = piece::lines_from(self.system, &file.path, at, PIECE)?;
            if piece.bytes.is_empty() {
                break;
            }
            place.search(&piece)?;
            at = piece.end();
            found.bytes += piece.bytes.len() as u64;
            if !goes_on(found.hits + place.hits, found.bytes) {
                return Ok(false);
            }
        }
        found.hits += place.hits;
        found.kept.extend(place.newest);
        Ok(true)
    }

    async fn journal(
        &self,
        mut entries: Entries,
        found: &mut Found,
        goes_on: &(dyn Fn(u64, u64) -> bool + Sync),
    ) {
        let (mut newest, mut read) = (VecDeque::new(), 0);
        while let Some(entry) = entries.next_entry().await {
            if let Some(hit) = self.hit(&entry) {
                found.hits += 1;
                keep(&mut newest, hit);
            }
            read += 1;
            if read % TOLD_EVERY == 0 && !goes_on(found.hits, read) {
                break;
            }
        }
        found.kept.extend(newest);
    }

    fn hit(&self, entry: &Entry) -> Option<Hit> {
        let Entry { message, .. } = entry;
        if !self.expression.is_match(message) || !self.filter.fits_raw(message) {
            return None;
        }
        let line = entry.line();
        let at = line.at.unwrap_or(Timestamp::UNIX_EPOCH);
        (self.filter.is_in_time(at) && self.filter.fits(&line)).then_some(Hit { at, spot: line.spot })
    }
}

fn keep(newest: &mut VecDeque<Hit>, hit: Hit) {
    if newest.len() == MOST_HITS {
        newest.pop_front();
    }
    newest.push_back(hit);
}

/// A search within one file.
struct Place<'a> {
    search: &'a Search<'a>,
    file: &'a LogFile,
    times: Option<Times>,
    /// The time of the last hit that had one.
    known: Option<Timestamp>,
    newest: VecDeque<Hit>,
    hits: u64,
}

impl Place<'_> {
    fn search(&mut self, piece: &Piece) -> Result<(), Problem> {
        let text = piece.bytes.as_slice();
        let mut from = 0;
        while let Some(found) = self.search.expression.find_at(text, from) {
            // An empty match behind the last line is in no line.
            if found.start() >= text.len() {
                break;
            }
            let begin = memchr::memrchr(b'\n', &text[..found.start()]).map_or(0, |at| at + 1);
            let end =
                memchr::memchr(b'\n', &text[found.start()..]).map_or(text.len(), |at| found.start() + at);
            let line = &text[begin..end];
            // An expression may also match over the end of a line.
            if found.end() <= end || self.search.expression.is_match(line) {
                self.hit(piece, begin, line)?;
            }
            from = end + 1;
            if from > text.len() {
                break;
            }
        }
        Ok(())
    }

    fn hit(&mut self, piece: &Piece, begin: usize, line: &[u8]) -> Result<(), Problem> {
        let byte = piece.from + begin as u64;
        let at = match line::time_of(line) {
            Some(at) => at,
            None => self.time_before(piece, begin, byte)?,
        };
        self.known = Some(at);
        let filter = self.search.filter;
        let spot = Spot::File { file: self.file.number, byte };
        let fits = filter.is_in_time(at)
            && filter.fits_raw(line)
            && (filter.needs_no_reading()
                || filter.fits(&line::of_file(line, &self.file.source, spot.clone())));
        if fits {
            self.hits += 1;
            keep(&mut self.newest, Hit { at, spot });
        }
        Ok(())
    }

    /// Of a line that does not say: what the index says, else the nearest line above it that does, in sight.
    fn time_before(&mut self, piece: &Piece, begin: usize, byte: u64) -> Result<Timestamp, Problem> {
        const SIGHT: usize = 16 * 1024;
        if self.times.is_none() {
            self.times = Some(times(self.search.system, &self.file.path)?);
        }
        let indexed = self.times.as_deref().and_then(|times| time_at(times, byte));
        let above = || {
            let above = &piece.bytes[begin.saturating_sub(SIGHT)..begin];
            above.split(|byte| *byte == b'\n').rev().take(50).find_map(line::time_of)
        };
        let found = indexed.or_else(above).or(self.known).or(self.file.modified);
        Ok(found.unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::logs::filter::{expression, here};
    use crate::logs::follow::tests::machine;
    use crate::model::{Level, LogFilter};

    async fn found(files: &[(&str, &str)], pattern: &str, typed: &LogFilter) -> Found {
        let system = machine(files);
        let file = |path: &&str| LogFile::look(&system, path, (*path).to_owned()).unwrap();
        let sinks = Sinks { files: files.iter().map(|(path, _)| path).map(file).collect(), unit: None };
        let filter = Filter::of(typed, &here(Timestamp::UNIX_EPOCH)).unwrap();
        let expression = expression(pattern, false).unwrap();
        let search = Search { system: &system, sinks: &sinks, filter: &filter, expression: &expression };
        search.run(&|_| true).await.unwrap()
    }

    async fn hits(text: &str, pattern: &str) -> u64 {
        found(&[("/l", text)], pattern, &LogFilter::default()).await.hits
    }

    #[tokio::test]
    async fn a_line_counts_once_however_often_it_matches() {
        assert_eq!(hits("aaa\nb\nxax\n", "a").await, 2);
        assert_eq!(hits("a\n\nb\n", "").await, 3);
        assert_eq!(hits("a\n\nb\n", "^$").await, 1);
        assert_eq!(hits("x a\r\nb\r\n", "a$").await, 1);
    }

    #[tokio::test]
    async fn what_only_matches_over_a_lines_end_is_no_hit() {
        assert_eq!(hits("a\nb\n", r"a\sb").await, 0);
        assert_eq!(hits("a\nb a b\n", r"a\s+b").await, 1);
    }

    #[tokio::test]
    async fn every_line_of_many_pieces_is_searched() {
        let text: String = (0..150_000).map(|n| format!("line {n} end\n")).collect();
        assert_eq!(hits(&text, " 1399[0-9]{2} ").await, 100);
    }

    #[tokio::test]
    async fn no_more_hits_are_kept_than_have_room_and_they_are_the_newest() {
        let text = "a\n".repeat(MOST_HITS + 5);
        let found = found(&[("/l", &text)], "a", &LogFilter::default()).await;
        assert_eq!((found.hits, found.kept.len()), (MOST_HITS as u64 + 5, MOST_HITS));
        let Spot::File { byte, .. } = found.kept[0].spot else { panic!() };
        assert_eq!(byte, 10);
    }

    #[tokio::test]
    async fn hits_of_all_sinks_come_in_the_order_of_their_times() {
        let files = [
            ("/a", "2026-11-22T12:00:01Z x\n2026-11-22T12:00:03Z x\n  x of the third\n"),
            ("/b", "2026-11-22T12:00:02Z x\n"),
        ];
        let found = found(&files, "x", &LogFilter::default()).await;
        let seconds: Vec<i64> = found.kept.iter().map(|hit| hit.at.as_second() % 60).collect();
        assert_eq!(seconds, [1, 2, 3, 3]);
    }

    #[tokio::test]
    async fn a_search_in_the_journal_says_how_far_it_is_and_ends_when_it_is_not_wanted() {
        let entry = |n: usize| {
            let message = if n % 10 == 0 { "x" } else { "y" };
            format!(r#"{{"MESSAGE":"{message}","__REALTIME_TIMESTAMP":"{n}","__CURSOR":"s={n}"}}"#)
        };
        let told = Mutex::new(Vec::new());
        let stop_at = |end: u64| {
            let told = &told;
            move |hits, entries| {
                told.lock().unwrap().push((hits, entries));
                entries < end
            }
        };
        let (system, sinks, filter) = (machine(&[]), Sinks::default(), Filter::default());
        let expression = expression("x", false).unwrap();
        let search = Search { system: &system, sinks: &sinks, filter: &filter, expression: &expression };
        let mut found = Found::default();
        search.journal(Entries::of((0..5000).map(entry).collect()), &mut found, &stop_at(2000)).await;
        assert_eq!(*told.lock().unwrap(), [(100, 1000), (200, 2000)]);
        assert_eq!((found.hits, found.kept.len()), (200, 200));
    }

    #[tokio::test]
    async fn a_search_heeds_the_filter() {
        let text = "{\"level\":\"error\",\"message\":\"x\"}\n{\"level\":\"info\",\"message\":\"x\"}\n";
        let typed = LogFilter { from: Some(Level::Warn), ..LogFilter::default() };
        assert_eq!(found(&[("/l", text)], "x", &typed).await.hits, 1);
        let typed = LogFilter { hidden: vec!["/l".to_owned()], ..LogFilter::default() };
        assert_eq!(found(&[("/l", text)], "x", &typed).await.hits, 0);
    }
}
