//! What is to be saved for whoever helps, as a list to look through before.

use serde::Serialize;

use crate::words::Words;

/// The archive before it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DiagnosticsPreview {
    pub entries: Vec<DiagnosticsEntry>,
    /// `12 texts, 84.2 KiB` in words.
    pub total: String,
    /// Where it would be saved.
    pub path: String,
}

/// The archive once it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DiagnosticsSaved {
    pub path: String,
    pub size: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DiagnosticsEntry {
    pub name: String,
    pub what: String,
    /// `1.2 KiB`.
    pub size: String,
    pub bytes: u32,
}

impl DiagnosticsEntry {
    /// `kind` is the catalogue's `diagnostics-of-<kind>`.
    pub fn new(name: &str, kind: &str, bytes: usize, words: &Words) -> Self {
        Self {
            name: name.to_owned(),
            what: words.say(&format!("diagnostics-of-{kind}"), &[]),
            size: size(bytes),
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        }
    }
}

pub fn total(entries: &[DiagnosticsEntry], bytes: usize, words: &Words) -> String {
    let count = entries.len().to_string();
    words.say("diagnostics-total", &[("n", &count), ("size", &size(bytes))])
}

/// `812 B`, `84.2 KiB`, `1.3 MiB`.
pub fn size(bytes: usize) -> String {
    let kib = bytes as f64 / 1024.0;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{kib:.1} KiB"),
        _ => format!("{:.1} MiB", kib / 1024.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_the_unit_that_fits() {
        assert_eq!([0, 1023, 1024, 1_572_864].map(size), ["0 B", "1023 B", "1.0 KiB", "1.5 MiB"]);
    }
}
