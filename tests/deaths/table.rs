//! The tables of docs/reliability.md.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

/// How an action ended that met a fault. Whatever is none of these fails the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// It came true all the same, and said so unless it was killed.
    Done,
    /// It came true by another way of the manager's, such as the Startup folder in the place of a task.
    Detour,
    /// It failed, said so unless it was killed, and the definitions are as before.
    PutBack,
    /// It came true and said that it failed: what proves it could not be asked, or its answer was lost.
    Unproven,
    /// The journal offers to finish or revert it; the revert was tried, and the definitions are as before.
    Offered,
}

impl Ending {
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Detour => "detour",
            Self::PutBack => "as before",
            Self::Unproven => "unproven",
            Self::Offered => "offered",
        }
    }
}

/// ` | done 2, as before 1`
pub fn cell(endings: Vec<Ending>) -> String {
    let mut counted: BTreeMap<Ending, u32> = BTreeMap::new();
    endings.into_iter().for_each(|ending| *counted.entry(ending).or_default() += 1);
    let told: Vec<String> =
        counted.iter().map(|(ending, count)| format!("{} {count}", ending.word())).collect();
    format!(" | {}", told.join(", "))
}

/// Holds the table between the marks of that `name` in docs/reliability.md to `rows`; `GATEWARD_WRITE_DOCS` writes it.
pub fn assert_documented<'a>(name: &str, heads: impl Iterator<Item = &'a str>, rows: &[String]) {
    // Tests of one program run side by side, and all write the same page.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap();
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reliability.md");
    let heads: Vec<&str> = heads.collect();
    let table = format!(
        "| Action | {} |\n|---|{}\n{}\n",
        heads.join(" | "),
        "---|".repeat(heads.len()),
        rows.join("\n")
    );
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let text = std::fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once(&begin).unwrap();
    let (found, tail) = rest.split_once(&end).unwrap();
    if std::env::var_os("GATEWARD_WRITE_DOCS").is_some() {
        std::fs::write(&page, format!("{head}{begin}{table}{end}{tail}")).unwrap();
        return;
    }
    let (found, table): (Vec<&str>, Vec<&str>) = (found.lines().collect(), table.lines().collect());
    assert_eq!(found, table, "docs/reliability.md is stale: run this test with GATEWARD_WRITE_DOCS=1");
}
