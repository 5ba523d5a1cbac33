//! docs/truth.md says what is so: every verdict and remark has a row, and every test that it names exists.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs;
use std::path::Path;

use gateward::model::{Remark, Verdict};

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/truth.md")).unwrap()
}

/// The cells of the tables' rows.
fn rows(page: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    page.lines().filter(|line| line.starts_with('|')).map(cells).collect()
}

fn has_row(name: &str) -> bool {
    rows(&page()).iter().any(|row| {
        let named = row.get(1).and_then(|cell| cell.split(',').next());
        named == Some(name) && row.get(2).is_some_and(|cell| cell.contains("::"))
    })
}

#[test]
fn every_verdict_and_every_remark_has_a_row() {
    let spelled = |verdict: &Verdict| serde_json::to_value(verdict).unwrap().as_str().unwrap().to_owned();
    let names =
        Verdict::ALL.iter().map(spelled).chain(Remark::ALL.iter().map(|remark| remark.name().to_owned()));
    let missing: Vec<String> = names.filter(|name| !has_row(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_test_that_is_named_exists() {
    let page = page();
    let named = page.split('`').filter(|text| text.contains("::") && !text.contains(' '));
    let mut count = 0;
    for name in named {
        let (place, test) = name.split_once("::").unwrap();
        count += 1;
        assert!(sources(place).iter().any(|text| text.contains(&format!("fn {test}("))), "{name}");
    }
    assert!(count > 20, "{count}");
}

/// The texts of an integration test, or of a module of the library and what is below it.
fn sources(place: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let integration = root.join("tests").join(format!("{place}.rs"));
    if integration.exists() {
        let own = fs::read_to_string(integration).unwrap();
        return [vec![own], below(&root.join("tests").join(place))].concat();
    }
    below(&root.join("src-tauri/src").join(place))
}

fn below(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { below(&path) } else { vec![fs::read_to_string(path).unwrap()] })
        .collect()
}
