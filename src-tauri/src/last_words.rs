//! What a gateway's run said last.

use std::time::Duration;

use crate::adapter::Adapter;
use crate::identity::Identity;
use crate::logs::Tail;
use crate::observe::log_files;
use crate::redact;
use crate::system::{Ask, Seen, System};

/// The journal is another process and writes a moment after the gateway's end.
const JOURNAL_DELAY: Duration = Duration::from_millis(300);

/// Of the run that ended last, as the manager, its log file or the journal has them: masked, oldest first. None where nothing is kept.
pub async fn last_words(system: &dyn System, adapter: &dyn Adapter, id: &Identity) -> Vec<String> {
    if let Some(path) = adapter.last_words(id) {
        return kept(system, &path);
    }
    match log_files(system, adapter, id).await {
        Some(paths) => lines(system, &paths),
        None => messages(system, &id.unit).await,
    }
}

/// What the manager itself keeps of the run that ended last.
fn kept(system: &dyn System, path: &str) -> Vec<String> {
    let words = system.read(path).ok().flatten().map(|contents| contents.text()).unwrap_or_default();
    redact::last_words(&words.lines().map(str::to_owned).collect::<Vec<_>>())
}

/// At once: a file has everything as soon as the process has ended, and the next process is about to write into it.
fn lines(system: &dyn System, paths: &[String]) -> Vec<String> {
    let Some(path) = paths.last() else { return Vec::new() };
    match Tail::open(system, path, redact::LINES) {
        Ok((_, lines)) => lines,
        Err(problem) => {
            tracing::debug!(%problem, "no last words");
            Vec::new()
        }
    }
}

async fn messages(system: &dyn System, unit: &str) -> Vec<String> {
    system.pause(JOURNAL_DELAY).await;
    let lines = u32::try_from(redact::LINES).unwrap_or(u32::MAX);
    match system.answer(&Ask::LastWords { unit: unit.to_owned(), lines }).await.seen {
        Seen::Lines(lines) => lines,
        other => {
            tracing::debug!(?other, "no last words");
            Vec::new()
        }
    }
}
