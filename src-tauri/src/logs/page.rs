//! Pages of the merged log: the lines before, behind and around a place, whichever sinks they come from.

use jiff::Timestamp;

use super::feed::{Feed, FileFeed, JournalFeed, Way};
use super::filter::Filter;
use super::journal::is_cursor;
use super::sinks::{LogFile, Sinks};
use super::{piece, place};
use crate::model::{Anchor, FileMark, JournalMark, LogLine, LogPage, Position, Spot};
use crate::problem::{Code, Problem};
use crate::system::System;

/// The most lines of one page.
pub const MOST_LINES: usize = 5_000;
/// A page that finds too little in this much is given as it is; the next one goes on from there.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Reads the log that `sinks` are together.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub system: &'a dyn System,
    pub sinks: &'a Sinks,
    pub filter: &'a Filter,
}

/// What was taken from one place on, oldest first.
struct Half {
    lines: Vec<LogLine>,
    reached: Position,
    more: bool,
}

impl Reader<'_> {
    /// About `count` lines at `anchor`, which is no hit: those have a place and a spot.
    ///
    /// # Errors
    /// `ReadFailed`; `BadValue` for a place that is none.
    pub async fn page(&self, anchor: &Anchor, count: usize) -> Result<LogPage, Problem> {
        let count = count.clamp(1, MOST_LINES);
        match anchor {
            Anchor::End => {
                let end = match self.filter.until {
                    Some(until) => self.at(until + jiff::SignedDuration::from_nanos(1))?,
                    None => self.end()?,
                };
                let page = self.older(&end, count).await?;
                Ok(LogPage { more_newer: self.filter.until.is_some(), ..page })
            }
            Anchor::Before { position } => self.older(&checked(position)?, count).await,
            Anchor::After { position } => {
                let half = self.take(&checked(position)?, Way::Newer, count).await?;
                Ok(LogPage {
                    lines: half.lines,
                    older: position.clone(),
                    newer: half.reached,
                    more_older: true,
                    more_newer: half.more,
                    mark: None,
                })
            }
            Anchor::Time { time } => self.around(&self.at(*time)?, None, count).await,
            Anchor::Hit { .. } => Err(Problem::new(Code::NotPossibleNow)),
        }
    }

    /// The lines before and behind the line at `spot`, which was written at `time`.
    ///
    /// # Errors
    /// As [`Reader::page`].
    pub async fn around_line(&self, time: Timestamp, spot: &Spot, count: usize) -> Result<LogPage, Problem> {
        let mut place = self.at(time)?;
        match spot {
            Spot::File { file, byte } => {
                place.files.iter_mut().filter(|mark| mark.file == *file).for_each(|mark| mark.byte = *byte);
            }
            Spot::Journal { cursor } => place.journal = JournalMark::Before { cursor: cursor.clone() },
        }
        self.around(&place, Some(spot), count.clamp(1, MOST_LINES)).await
    }

    /// What files hold behind `from`, and where that ends.
    ///
    /// # Errors
    /// `ReadFailed`.
    pub async fn news(
        &self,
        from: &Position,
        count: usize,
    ) -> Result<(Vec<LogLine>, Vec<FileMark>), Problem> {
        let half = self.take(from, Way::Newer, count).await?;
        Ok((half.lines, half.reached.files))
    }

    async fn older(&self, from: &Position, count: usize) -> Result<LogPage, Problem> {
        let half = self.take(from, Way::Older, count).await?;
        Ok(LogPage {
            lines: half.lines,
            older: half.reached,
            newer: from.clone(),
            more_older: half.more,
            more_newer: true,
            mark: None,
        })
    }

    async fn around(&self, place: &Position, spot: Option<&Spot>, count: usize) -> Result<LogPage, Problem> {
        let before = self.take(place, Way::Older, count / 2).await?;
        let behind = self.take(place, Way::Newer, count - count / 2).await?;
        let first_behind = before.lines.len();
        let lines: Vec<LogLine> = before.lines.into_iter().chain(behind.lines).collect();
        let mark = match spot {
            Some(spot) => lines.iter().position(|line| line.spot == *spot),
            None => (first_behind < lines.len()).then_some(first_behind),
        };
        Ok(LogPage {
            lines,
            older: before.reached,
            newer: behind.reached,
            more_older: before.more,
            more_newer: behind.more,
            mark: mark.and_then(|at| u32::try_from(at).ok()),
        })
    }

    /// The place between what was written before `time` and the rest.
    fn at(&self, time: Timestamp) -> Result<Position, Problem> {
        place::at_time(self.system, self.sinks, time)
    }

    /// Behind the last whole line of each sink.
    fn end(&self) -> Result<Position, Problem> {
        let mark = |file: &LogFile| {
            let byte = piece::end_of_lines(self.system, &file.path, file.length)?;
            Ok(FileMark { file: file.number, byte })
        };
        let files = self.sinks.files.iter().map(mark).collect::<Result<_, Problem>>()?;
        Ok(Position { files, journal: JournalMark::End })
    }

    async fn take(&self, from: &Position, way: Way, count: usize) -> Result<Half, Problem> {
        let mut feeds = self.feeds(from, way);
        let (mut lines, mut cost, mut more) = (Vec::new(), 0, true);
        while lines.len() < count && cost < MOST_BYTES {
            let Some((feed, key)) = self.next(&mut feeds, way).await? else {
                more = false;
                break;
            };
            let fits = |bytes: &[u8]| self.filter.is_in_time(key) && self.filter.fits_raw(bytes);
            let line = feed.take(way, fits);
            lines.extend(line.filter(|line| self.filter.fits(line)));
            cost += feed.cost();
        }
        if way == Way::Older {
            lines.reverse();
        }
        Ok(Half { lines, reached: reached(&feeds, from), more })
    }

    /// The feed whose turn it is, with the time of its next line. Of two with the same time the later one in the list is the newer.
    async fn next<'f, 's>(
        &self,
        feeds: &'f mut [Feed<'s>],
        way: Way,
    ) -> Result<Option<(&'f mut Feed<'s>, Timestamp)>, Problem> {
        let mut best: Option<(usize, Timestamp)> = None;
        for (at, feed) in feeds.iter_mut().enumerate() {
            let Some(key) = feed.peek(way).await?.filter(|key| self.is_before_the_end(*key, way)) else {
                continue;
            };
            let is_next = best.is_none_or(|(_, known)| match way {
                Way::Older => key >= known,
                Way::Newer => key < known,
            });
            if is_next {
                best = Some((at, key));
            }
        }
        Ok(best.and_then(|(at, key)| feeds.get_mut(at).map(|feed| (feed, key))))
    }

    fn is_before_the_end(&self, key: Timestamp, way: Way) -> bool {
        match way {
            Way::Older => self.filter.since.is_none_or(|since| key >= since),
            Way::Newer => self.filter.until.is_none_or(|until| key <= until),
        }
    }

    fn feeds(&self, from: &Position, way: Way) -> Vec<Feed<'_>> {
        let shown = self.sinks.files.iter().filter(|file| self.filter.shows(&file.source));
        let files = shown.map(|file| Feed::File(FileFeed::at(self.system, file, begin(file, from, way))));
        let unit = self.sinks.unit.as_deref().filter(|_| self.filter.shows("journal"));
        let journal = unit.map(|unit| JournalFeed::at(self.system, unit, &from.journal, way));
        files.chain(journal.map(Feed::Journal)).collect()
    }
}

/// Where reading begins in a file, which may have been emptied, or have appeared, since the place was told.
fn begin(file: &LogFile, from: &Position, way: Way) -> u64 {
    let mark = from.files.iter().find(|mark| mark.file == file.number).map(|mark| mark.byte);
    match (mark, way) {
        (Some(byte), Way::Older) => byte.min(file.length),
        (Some(byte), Way::Newer) if byte > file.length => 0,
        (Some(byte), Way::Newer) => byte,
        (None, Way::Older) => 0,
        // A copy of what was told before its file was emptied.
        (None, Way::Newer) if file.is_rotated() => file.length,
        (None, Way::Newer) => 0,
    }
}

fn reached(feeds: &[Feed<'_>], from: &Position) -> Position {
    let mut position = from.clone();
    for feed in feeds {
        match feed {
            Feed::File(feed) => {
                let mark = feed.mark();
                position.files.retain(|known| known.file != mark.file);
                position.files.push(mark);
            }
            Feed::Journal(feed) => position.journal = feed.mark(),
        }
    }
    position
}

/// A place that came from outside; its bytes are held against the files when they are read.
///
/// # Errors
/// `BadValue` when it holds what journald has not written.
pub fn checked(position: &Position) -> Result<Position, Problem> {
    let is_fit = match &position.journal {
        JournalMark::End | JournalMark::At { .. } => true,
        JournalMark::Before { cursor } | JournalMark::After { cursor } => is_cursor(cursor),
    };
    match is_fit {
        true => Ok(position.clone()),
        false => Err(Problem::new(Code::BadValue).with("variable", "cursor")),
    }
}

#[cfg(test)]
mod tests;
