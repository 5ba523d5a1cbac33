//! The merged log as text: for a terminal, and for a file to send to somebody.

use super::page::{MOST_LINES, Reader};
use crate::layout::{self, Os};
use crate::model::{Anchor, Level, LogLine};
use crate::problem::Problem;
use crate::system::System;

/// Where a file for a person goes: their downloads, else their home.
pub fn folder(system: &dyn System, home: &str, os: Os) -> String {
    let downloads = layout::join(home, &["Downloads"], os);
    let is_there = system.entry(&downloads).is_some_and(|entry| entry.folder);
    if is_there { downloads } else { home.to_owned() }
}

/// The newest lines that have room in this are saved.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What fits the filter, oldest first and redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    pub lines: usize,
    /// Older lines are left out.
    pub cut: bool,
}

/// # Errors
/// `ReadFailed`.
pub async fn newest(reader: Reader<'_>) -> Result<Text, Problem> {
    let (mut pages, mut lines, mut bytes) = (Vec::new(), 0, 0);
    let mut anchor = Anchor::End;
    let cut = loop {
        let page = reader.page(&anchor, MOST_LINES).await?;
        let text: String = page.lines.iter().map(|line| rendered(line) + "\n").collect();
        (lines, bytes) = (lines + page.lines.len(), bytes + text.len());
        pages.push(text);
        if !page.more_older || bytes >= MOST_BYTES {
            break page.more_older;
        }
        anchor = Anchor::Before { position: page.older };
    };
    // One page after the other, so that it is not in memory twice.
    let mut text = String::with_capacity(bytes);
    while let Some(page) = pages.pop() {
        text.push_str(&page);
    }
    Ok(Text { text, lines, cut })
}

/// `2026-11-22T12:00:00.000Z warn  gateway.log [channels] text`.
pub fn rendered(line: &LogLine) -> String {
    let at = line.at.map(|at| format!("{at:.3} ")).unwrap_or_default();
    let level = match line.level {
        Level::Debug => "debug ",
        Level::Info => "info  ",
        Level::Warn => "warn  ",
        Level::Error => "error ",
        Level::Unknown => "-     ",
    };
    // A plain line says it itself.
    let subsystem = line.subsystem.as_ref().filter(|it| !line.text.contains(&format!("[{it}]")));
    let subsystem = subsystem.map(|it| format!("[{it}] ")).unwrap_or_default();
    let cut = if line.cut > 0 { format!(" … +{}", line.cut) } else { String::new() };
    format!("{at}{level}{} {subsystem}{}{cut}", line.source, untimed(line))
}

/// The text without the time that stands before it already.
fn untimed(line: &LogLine) -> &str {
    let own = line
        .text
        .split_once(' ')
        .filter(|(first, _)| line.at.is_some() && line.at == super::line::time_of(first.as_bytes()));
    own.map_or(&line.text, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::filter::Filter;
    use crate::logs::follow::tests::machine;
    use crate::logs::sinks::{LogFile, Sinks};

    #[tokio::test]
    async fn everything_is_saved_in_its_order_and_redacted() {
        let text = "2026-11-22T12:00:00Z [gateway] ready\n{\"level\":\"warn\",\"time\":\"2026-11-22T12:00:01Z\",\"subsystem\":\"ws\",\"message\":\"token=hunter2hunter2\"}\n";
        let system = machine(&[("/l", text)]);
        let sinks = Sinks { files: vec![LogFile::look(&system, "/l", "l".to_owned()).unwrap()], unit: None };
        let reader = Reader { system: &system, sinks: &sinks, filter: &Filter::default() };
        let saved = newest(reader).await.unwrap();
        let lines: Vec<&str> = saved.text.lines().collect();
        assert_eq!(lines[0], "2026-11-22T12:00:00.000Z -     l [gateway] ready");
        assert!(lines[1].starts_with("2026-11-22T12:00:01.000Z warn  l [ws] token="), "{}", lines[1]);
        assert!(!saved.text.contains("hunter2"));
        assert_eq!((saved.lines, saved.cut), (2, false));
    }
}
