//! The lines of one sink, one after the other in either direction, each with the time by which sinks are merged.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::journal::Entries;
use super::line;
use super::piece::{self, Piece};
use super::sinks::LogFile;
use super::timed::{Times, time_at, times};
use crate::model::{FileMark, JournalMark, LogLine, Spot};
use crate::problem::Problem;
use crate::system::System;

/// Which way lines are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Older,
    Newer,
}

pub enum Feed<'a> {
    File(FileFeed<'a>),
    Journal(JournalFeed),
}

impl Feed<'_> {
    /// The time of the next line; `None` at the sink's end.
    pub async fn peek(&mut self, way: Way) -> Result<Option<Timestamp>, Problem> {
        match self {
            Feed::File(feed) => feed.peek(way),
            Feed::Journal(feed) => Ok(feed.peek().await),
        }
    }

    /// Takes the line that was peeked at; `None` when its bytes do not fit.
    pub fn take(&mut self, way: Way, fits: impl Fn(&[u8]) -> bool) -> Option<LogLine> {
        match self {
            Feed::File(feed) => feed.take(way, fits),
            Feed::Journal(feed) => feed.take(way, fits),
        }
    }

    /// Bytes that were read from files since the last call.
    pub fn cost(&mut self) -> u64 {
        match self {
            Feed::File(feed) => std::mem::take(&mut feed.cost),
            Feed::Journal(_) => 0,
        }
    }
}

pub struct FileFeed<'a> {
    system: &'a dyn System,
    file: &'a LogFile,
    piece: Piece,
    lines: VecDeque<Keyed>,
    /// Where the lines that were not taken end, or begin.
    at: u64,
    /// Of the last line that had a time.
    last: Option<Timestamp>,
    times: Option<Times>,
    cost: u64,
}

#[derive(Clone, Copy, Debug)]
struct Keyed {
    key: Timestamp,
    from: usize,
    end: usize,
}

impl<'a> FileFeed<'a> {
    pub fn at(system: &'a dyn System, file: &'a LogFile, byte: u64) -> Self {
        let lines = VecDeque::new();
        Self { system, file, piece: Piece::default(), lines, at: byte, last: None, times: None, cost: 0 }
    }

    pub fn mark(&self) -> FileMark {
        FileMark { file: self.file.number, byte: self.at }
    }

    fn peek(&mut self, way: Way) -> Result<Option<Timestamp>, Problem> {
        if self.lines.is_empty() {
            self.load(way)?;
        }
        let next = match way {
            Way::Older => self.lines.back(),
            Way::Newer => self.lines.front(),
        };
        Ok(next.map(|line| line.key))
    }

    fn take(&mut self, way: Way, fits: impl Fn(&[u8]) -> bool) -> Option<LogLine> {
        let keyed = match way {
            Way::Older => self.lines.pop_back(),
            Way::Newer => self.lines.pop_front(),
        }?;
        self.at = match way {
            Way::Older => self.piece.from + keyed.from as u64,
            Way::Newer => self.piece.from + keyed.end as u64,
        };
        let bytes = unended(self.piece.bytes.get(keyed.from..keyed.end).unwrap_or_default());
        fits(bytes).then(|| {
            let spot = Spot::File { file: self.file.number, byte: self.piece.from + keyed.from as u64 };
            let line = line::of_file(bytes, &self.file.source, spot);
            // Only an index knows it better than the line itself.
            let indexed = self.times.as_deref().filter(|times| !times.is_empty()).map(|_| keyed.key);
            LogLine { at: line.at.or(indexed), ..line }
        })
    }

    fn load(&mut self, way: Way) -> Result<(), Problem> {
        self.piece = match way {
            Way::Older => piece::before(self.system, &self.file.path, self.at)?,
            Way::Newer => piece::after(self.system, &self.file.path, self.at)?,
        };
        self.cost += self.piece.bytes.len() as u64;
        let spans = self.piece.lines();
        let own: Vec<Option<Timestamp>> =
            spans.iter().map(|(from, end)| line::time_of(&self.piece.bytes[*from..*end])).collect();
        if self.times.is_none() && own.contains(&None) {
            self.times = Some(times(self.system, &self.file.path)?);
        }
        let has_time = own.iter().any(Option::is_some);
        let mut known = match way {
            // What comes first goes on from where the reader is.
            Way::Newer if has_time => self.last,
            Way::Newer | Way::Older => self.last.or(self.file.modified),
        }
        .unwrap_or(Timestamp::UNIX_EPOCH);
        // What belongs to a line of the piece before comes with it.
        let orphans = match way {
            Way::Older if self.piece.from > 0 && has_time => own.iter().take_while(|at| at.is_none()).count(),
            Way::Older | Way::Newer => 0,
        };
        self.lines = spans
            .into_iter()
            .zip(own)
            .skip(orphans)
            .map(|((from, end), own)| {
                let indexed =
                    || self.times.as_deref().and_then(|times| time_at(times, self.piece.from + from as u64));
                known = own.or_else(indexed).unwrap_or(known);
                Keyed { key: known, from, end }
            })
            .collect();
        self.last = match way {
            Way::Older => self.lines.front().map(|line| line.key),
            Way::Newer => self.lines.back().map(|line| line.key),
        };
        Ok(())
    }
}

fn unended(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

pub struct JournalFeed {
    entries: Entries,
    head: Option<(Vec<u8>, LogLine)>,
    ended: bool,
    mark: JournalMark,
}

impl JournalFeed {
    pub fn at(system: &dyn System, unit: &str, mark: &JournalMark, way: Way) -> Self {
        let entries = match way {
            Way::Older => Entries::older(system, unit, mark),
            Way::Newer => Entries::newer(system, unit, mark, false),
        };
        Self { entries, head: None, ended: false, mark: mark.clone() }
    }

    pub fn mark(&self) -> JournalMark {
        self.mark.clone()
    }

    async fn peek(&mut self) -> Option<Timestamp> {
        if self.head.is_none() && !self.ended {
            self.head = self.entries.next().await;
            self.ended = self.head.is_none();
        }
        self.head.as_ref().map(|(_, line)| line.at.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    fn take(&mut self, way: Way, fits: impl Fn(&[u8]) -> bool) -> Option<LogLine> {
        let (message, line) = self.head.take()?;
        if let Spot::Journal { cursor } = &line.spot {
            let cursor = cursor.clone();
            self.mark = match way {
                Way::Older => JournalMark::Before { cursor },
                Way::Newer => JournalMark::After { cursor },
            };
        }
        fits(&message).then_some(line)
    }
}
