//! The message catalogue: every word a person reads, for window, tray, notices and CLI, in Fluent.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::model::Flaw;
use crate::problem::{Hint, Problem};

/// One locale's messages. English stands in for a message that a locale lacks.
pub struct Words {
    bundles: Vec<FluentBundle<FluentResource>>,
}

const ENGLISH: &[&str] = &[
    include_str!("../locales/en/verdict.ftl"),
    include_str!("../locales/en/problem.ftl"),
    include_str!("../locales/en/flaw.ftl"),
    include_str!("../locales/en/incident.ftl"),
    include_str!("../locales/en/cause.ftl"),
    include_str!("../locales/en/notice.ftl"),
    include_str!("../locales/en/tray.ftl"),
    include_str!("../locales/en/window.ftl"),
    include_str!("../locales/en/cli.ftl"),
    include_str!("../locales/en/auth.ftl"),
    include_str!("../locales/en/settings.ftl"),
    include_str!("../locales/en/changes.ftl"),
    include_str!("../locales/en/doctor.ftl"),
];

impl Words {
    pub fn english() -> Self {
        Self { bundles: vec![bundle("en", ENGLISH)] }
    }

    /// The sentence for `key`, with its values filled in; the key itself when the catalogue has none, so that a gap is seen and
    /// not silent.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.find(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence for `key`, if the catalogue has it. A text that is a whole number takes part in plural rules.
    pub fn find(&self, key: &str, values: &[(&str, &str)]) -> Option<String> {
        let mut args = FluentArgs::new();
        for (name, text) in values {
            args.set((*name).to_owned(), value(text));
        }
        self.bundles.iter().find_map(|bundle| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
        })
    }

    /// A problem's own sentence.
    pub fn problem(&self, problem: &Problem) -> String {
        let values: Vec<(&str, &str)> =
            problem.values.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        self.say(&format!("problem-{}", problem.code), &values)
    }

    /// A sentence about a definition.
    pub fn flaw(&self, flaw: &Flaw) -> String {
        let values: Vec<(&str, &str)> =
            flaw.values.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        self.say(&format!("flaw-{}", flaw.rule), &values)
    }

    /// A hint's sentence; the command is shown apart from it.
    pub fn hint(&self, hint: &Hint) -> String {
        self.say(&format!("hint-{}", hint.code), &[])
    }
}

/// Ports, pids and exit codes are names, not amounts: only texts that `NUMBER` or a selector can use become numbers, and these
/// are printed without grouping.
fn value(text: &str) -> FluentValue<'_> {
    match text.parse::<i64>() {
        Ok(number) => FluentValue::from(number),
        Err(_) => FluentValue::from(text),
    }
}

fn bundle(locale: &str, texts: &[&str]) -> FluentBundle<FluentResource> {
    let languages = locale.parse().map(|id| vec![id]).unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(languages);
    // Isolation marks would end up in terminals and on the clipboard.
    bundle.set_use_isolating(false);
    for text in texts {
        // A broken entry is dropped here and found by the test below.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(partial, _)| partial);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Verdict;
    use crate::problem::Code;

    #[test]
    fn every_catalogue_file_parses_without_a_broken_entry() {
        for text in ENGLISH {
            if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
                panic!("{errors:?}");
            }
        }
    }

    #[test]
    fn no_key_is_defined_twice() {
        let mut bundle = FluentBundle::new_concurrent(Vec::new());
        for text in ENGLISH {
            let resource = FluentResource::try_new((*text).to_owned()).unwrap();
            assert_eq!(bundle.add_resource(resource), Ok(()));
        }
    }

    #[test]
    fn every_problem_has_a_sentence() {
        let words = Words::english();
        let silent: Vec<_> =
            Code::ALL.iter().filter(|code| words.find(&format!("problem-{code}"), &[]).is_none()).collect();
        assert!(silent.is_empty(), "{silent:?}");
    }

    #[test]
    fn every_verdict_has_a_sentence_and_an_explanation() {
        let words = Words::english();
        for verdict in Verdict::ALL {
            let name = serde_json::to_value(verdict).unwrap();
            for prefix in ["verdict", "verdict-why", "verdict-wont", "verdict-short"] {
                let key = format!("{prefix}-{}", name.as_str().unwrap());
                assert!(words.find(&key, &[]).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn every_remark_has_a_sentence() {
        let words = Words::english();
        for remark in crate::model::Remark::ALL {
            assert!(words.find(&format!("remark-{}", remark.name()), &[]).is_some(), "{remark:?}");
        }
    }

    /// Every hint that the sources give, by the literal after the builder call.
    #[test]
    fn every_hint_has_a_sentence() {
        let words = Words::english();
        let mut found = 0;
        for code in literals_after(".hint(\"").chain(literals_after(".hint_command(\"")) {
            found += 1;
            assert!(words.find(&format!("hint-{code}"), &[]).is_some(), "hint-{code}");
        }
        assert!(found > 3);
    }

    /// The window, which reads only some of the files, shows any problem with its hints.
    #[test]
    fn problems_and_hints_stand_in_one_file() {
        let elsewhere = ENGLISH.iter().filter(|text| !text.contains("\nproblem-internal = "));
        let lost: Vec<&str> = elsewhere
            .flat_map(|text| text.lines())
            .filter(|line| line.starts_with("hint-") || line.starts_with("problem-"))
            .collect();
        assert!(lost.is_empty(), "{lost:?}");
    }

    /// Every whole key that the sources ask for.
    #[test]
    fn every_key_that_is_asked_for_exists() {
        let words = Words::english();
        let asked = literals_after(".say(\"").chain(literals_after(" say(\""));
        let missing: Vec<String> = asked.filter(|key| words.find(key, &[]).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    fn literals_after(marker: &'static str) -> impl Iterator<Item = String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri");
        sources(&root)
            .into_iter()
            .flat_map(move |text| {
                text.split(marker)
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next())
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .filter(|code| {
                !code.is_empty()
                    && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            })
    }

    #[allow(clippy::disallowed_methods)]
    fn sources(folder: &std::path::Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| match path.is_dir() {
                true => sources(&path),
                false if path.extension().is_some_and(|kind| kind == "rs") => {
                    vec![std::fs::read_to_string(&path).unwrap()]
                }
                false => Vec::new(),
            })
            .collect()
    }
}
