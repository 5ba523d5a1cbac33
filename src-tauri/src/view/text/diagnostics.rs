//! The list of what a diagnostics archive holds.

use super::{Page, padded};
use crate::view::diagnostics::{DiagnosticsEntry, DiagnosticsPreview};

impl Page<'_> {
    /// One row for each text: its name, its size to the right, and what it is.
    pub fn diagnostics(&self, preview: &DiagnosticsPreview) -> String {
        let DiagnosticsPreview { entries, total, .. } = preview;
        let widest = |of: fn(&DiagnosticsEntry) -> &str| {
            entries
                .iter()
                .map(|entry| unicode_width::UnicodeWidthStr::width(of(entry)))
                .max()
                .unwrap_or_default()
        };
        let (names, sizes) = (widest(|entry| &entry.name), widest(|entry| &entry.size));
        let row = |entry: &DiagnosticsEntry| {
            format!("  {}  {:>sizes$}  {}\n", padded(&entry.name, names), entry.size, entry.what)
        };
        let rows: String = entries.iter().map(row).collect();
        format!("{}\n{rows}{total}\n", self.words.say("diagnostics-heading", &[]))
    }
}
