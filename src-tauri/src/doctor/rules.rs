//! All rules.

use super::{Area, Evidence, Remedy, Rule, Severity, Values};

mod agent;
mod definition;
mod environment;
mod files;
mod machine;
mod state;
mod task;
mod unit;

/// The rules under the headings of docs/doctor.md, in the order in which findings of one severity are told.
pub const CHAPTERS: &[(&str, &[Rule])] = &[
    ("State", state::RULES),
    ("Any definition", definition::RULES),
    ("systemd units", unit::RULES),
    ("LaunchAgents", agent::RULES),
    ("Scheduled Tasks", task::RULES),
    ("Environment and credentials", environment::RULES),
    ("Files", files::RULES),
    ("Machine, programs, config", machine::RULES),
];

pub fn all() -> impl Iterator<Item = &'static Rule> {
    CHAPTERS.iter().flat_map(|(_, rules)| rules.iter())
}

const fn rule(
    id: &'static str,
    area: Area,
    severity: Severity,
    remedy: Remedy,
    look: fn(&Evidence) -> Option<Values>,
) -> Rule {
    Rule { id, severity, area, remedy, look }
}

fn hit(is_so: bool) -> Option<Values> {
    is_so.then(Values::new)
}

fn with(name: &str, value: impl ToString) -> Values {
    [(name.to_owned(), value.to_string())].into()
}

/// The first of `texts` that fits, as `path`.
fn path<'a>(texts: impl IntoIterator<Item = &'a String>, fits: impl Fn(&str) -> bool) -> Option<Values> {
    texts.into_iter().find(|text| fits(text)).map(|path| with("path", path))
}

/// systemd.time(7) as far as units use it: `30`, `5s`, `2min`, `1h`; `infinity` is very long.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    if text == "infinity" {
        return Some(u64::MAX);
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    match text[digits..].trim() {
        "" | "s" | "sec" => Some(number),
        "ms" => Some(number / 1000),
        "m" | "min" => Some(number * 60),
        "h" | "hr" => Some(number * 3600),
        _ => None,
    }
}

fn is_on(evidence: &Evidence, setting: &str) -> bool {
    evidence.setting(setting).is_some_and(|text| ["yes", "true", "on", "1"].contains(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_systemd_reads_them() {
        for (text, wanted) in [
            ("30", Some(30)),
            ("5s", Some(5)),
            ("2min", Some(120)),
            ("infinity", Some(u64::MAX)),
            ("x", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
    }
}
