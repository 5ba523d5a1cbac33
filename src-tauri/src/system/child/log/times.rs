//! A log's index: when its lines were written. Without one the log is none the worse.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

pub struct Times {
    file: Option<File>,
    /// Bytes.
    pub size: u64,
    pub noted: Option<Instant>,
}

/// How exactly it is known when a line was written.
const GRAIN: Duration = Duration::from_millis(100);

impl Times {
    /// Of the log at `log`.
    pub fn append(log: &str) -> Self {
        let file = super::open(&path(log)).ok();
        let size = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |meta| meta.len());
        Self { file, size, noted: None }
    }

    /// What is written from here on is written now.
    pub fn note(&mut self, offset: u64) {
        if self.noted.is_some_and(|at| at.elapsed() < GRAIN) {
            return;
        }
        let line = format!("{:.3} {offset}\n", jiff::Timestamp::now());
        if let Some(Ok(())) = self.file.as_mut().map(|file| file.write_all(line.as_bytes())) {
            self.size += line.len() as u64;
        }
        self.noted = Some(Instant::now());
    }
}

/// `x.log` → `x.times`.
pub fn path(log: &str) -> String {
    format!("{}.times", log.strip_suffix(".log").unwrap_or(log))
}
