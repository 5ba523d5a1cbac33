//! Follows all sinks together.

use std::sync::Arc;
use std::time::Duration;

use super::filter::Filter;
use super::journal::Entries;
use super::page::{Reader, checked};
use super::sinks::Sinks;
use crate::model::{JournalMark, LogLine, LogNews, Position, Spot};
use crate::problem::Problem;
use crate::system::System;

/// Told at once; more wait in their files.
pub const BATCH: usize = 2_000;
/// Between two looks at files that nothing tells us of.
const LOOK: Duration = Duration::from_millis(250);
/// Between two batches while lines come: 20 small ones a second keep a page at full speed, fewer large ones cost it frames
/// (`cargo xtask bench stream`).
const PAUSE: Duration = Duration::from_millis(50);

/// A reader of what is written from now on.
pub struct Live<F> {
    system: Arc<dyn System>,
    /// Looked up anew each time: the application log has another name every day.
    sinks: F,
    filter: Filter,
    position: Position,
    entries: Option<Entries>,
}

impl<F: Fn() -> Sinks + Send> Live<F> {
    /// # Errors
    /// `BadValue` for a position that is none.
    pub fn from(
        system: Arc<dyn System>,
        sinks: F,
        filter: Filter,
        position: Position,
    ) -> Result<Self, Problem> {
        let position = checked(&position)?;
        let unit = sinks().unit.filter(|_| filter.shows("journal"));
        let entries = unit.map(|unit| Entries::newer(&*system, &unit, &position.journal, true));
        Ok(Self { system, sinks, filter, position, entries })
    }

    /// Waits for lines that fit.
    ///
    /// # Errors
    /// `ReadFailed`.
    pub async fn next(&mut self) -> Result<LogNews, Problem> {
        loop {
            let files = self.files().await?;
            let told = self.entries(if files.is_empty() { LOOK } else { PAUSE }).await;
            let mut lines = merged(files, told);
            self.filter.keep_fitting(&mut lines);
            if !lines.is_empty() {
                return Ok(LogNews { lines, newer: self.position.clone() });
            }
        }
    }

    async fn files(&mut self) -> Result<Vec<LogLine>, Problem> {
        let sinks = Sinks { unit: None, ..(self.sinks)() };
        let reader = Reader { system: &*self.system, sinks: &sinks, filter: &self.filter };
        let (lines, files) = reader.news(&self.position, BATCH).await?;
        self.position.files = files;
        Ok(lines)
    }

    /// Those of the journal until there was nothing for a while.
    async fn entries(&mut self, wait: Duration) -> Vec<LogLine> {
        let Some(entries) = &mut self.entries else {
            self.system.pause(wait).await;
            return Vec::new();
        };
        let told = tokio::select! {
            told = entries.next_many(BATCH) => told,
            () = self.system.pause(wait) => return Vec::new(),
        };
        match told {
            Some(lines) => {
                if let Some(Spot::Journal { cursor }) = lines.last().map(|line| line.spot.clone()) {
                    self.position.journal = JournalMark::After { cursor };
                }
                self.system.pause(PAUSE).await;
                lines
            }
            None => {
                self.entries = None;
                Vec::new()
            }
        }
    }
}

/// In the order of their times; a line without one stays behind the line above it.
fn merged(one: Vec<LogLine>, other: Vec<LogLine>) -> Vec<LogLine> {
    let keyed = |lines: Vec<LogLine>| {
        let mut known = None;
        lines.into_iter().map(move |line| {
            known = line.at.or(known);
            (known, line)
        })
    };
    let mut all: Vec<_> = keyed(one).chain(keyed(other)).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::follow::tests::{Nothing, machine};
    use crate::logs::sinks::LogFile;
    use crate::model::Anchor;
    use crate::system::scripted::Scripted;

    fn looked(system: &Scripted<Nothing>) -> Sinks {
        let look = |path: &&str| LogFile::look(system, path, (*path).to_owned());
        Sinks { files: ["/a.log", "/b.log"].iter().filter_map(look).collect(), unit: None }
    }

    fn put(system: &Scripted<Nothing>, path: &str, text: &str) {
        system.with(|machine, _| machine.write(path, text.as_bytes(), 0o644).unwrap());
    }

    async fn end(system: &Scripted<Nothing>) -> Position {
        let (sinks, filter) = (looked(system), Filter::default());
        let reader = Reader { system, sinks: &sinks, filter: &filter };
        reader.page(&Anchor::End, 10).await.unwrap().newer
    }

    async fn told(live: &mut Live<impl Fn() -> Sinks + Send>) -> Vec<String> {
        live.next().await.unwrap().lines.into_iter().map(|line| line.text).collect()
    }

    #[tokio::test]
    async fn what_is_written_later_is_told_once_wherever_it_stands() {
        let system = Arc::new(machine(&[("/a.log", "old\n")]));
        let end = end(&system).await;
        let at = Arc::clone(&system);
        let mut live =
            Live::from(Arc::clone(&system) as Arc<dyn System>, move || looked(&at), Filter::default(), end)
                .unwrap();
        put(&system, "/a.log", "old\nnew\ntorn");
        assert_eq!(told(&mut live).await, ["new"]);
        put(&system, "/a.log", "old\nnew\ntorn no more\n");
        put(&system, "/b.log", "a log that came later\n");
        assert_eq!(told(&mut live).await, ["torn no more", "a log that came later"]);
    }

    #[tokio::test]
    async fn a_line_that_was_half_written_when_the_page_was_read_is_told_whole() {
        let system = Arc::new(machine(&[("/a.log", "old\nhalf")]));
        let end = end(&system).await;
        let at = Arc::clone(&system);
        let mut live =
            Live::from(Arc::clone(&system) as Arc<dyn System>, move || looked(&at), Filter::default(), end)
                .unwrap();
        put(&system, "/a.log", "old\nhalf and half\n");
        assert_eq!(told(&mut live).await, ["half and half"]);
    }

    #[tokio::test]
    async fn a_file_that_was_emptied_is_read_from_its_beginning() {
        let system = Arc::new(machine(&[("/a.log", "a long line\n")]));
        let end = end(&system).await;
        let at = Arc::clone(&system);
        let mut live =
            Live::from(Arc::clone(&system) as Arc<dyn System>, move || looked(&at), Filter::default(), end)
                .unwrap();
        put(&system, "/a.log", "short\n");
        assert_eq!(told(&mut live).await, ["short"]);
    }
}
