//! The message catalogue: every word a person reads, for window, tray, notices and CLI, in Fluent.

use std::sync::{OnceLock, PoisonError, RwLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::model::Flaw;
use crate::problem::{Hint, Problem};

/// One language's files; every language has the same.
macro_rules! catalogue {
    ($language:literal) => {
        catalogue!($language: "verdict" "problem" "flaw" "incident" "cause" "notice" "tray" "window" "cli" "auth" "settings" "changes" "diagnostics" "doctor" "setup")
    };
    ($language:literal: $($file:literal)*) => {
        &[$(include_str!(concat!("../locales/", $language, "/", $file, ".ftl"))),*]
    };
}

/// A language that Gateward speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language that a locale such as `zh_CN.UTF-8` or `en-GB` asks for; English for those that we do not speak.
    pub fn of(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.eq_ignore_ascii_case("zh") {
            true => Self::Chinese,
            false => Self::English,
        }
    }

    /// The BCP 47 tag of its catalogue.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The BCP 47 tag by which dates and numbers are written: the locale's own where it is one of this language.
    pub fn within(self, locale: &str) -> String {
        let mut parts = locale.split(['.', '@']).next().unwrap_or_default().split(['_', '-']);
        let region = parts
            .by_ref()
            .skip(1)
            .find(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_alphabetic()));
        match (self, region) {
            (Self::English, Some(region)) if Self::of(locale) == self => {
                format!("en-{}", region.to_uppercase())
            }
            (Self::English | Self::Chinese, _) => self.tag().to_owned(),
        }
    }

    fn texts(self) -> &'static [&'static str] {
        match self {
            Self::English => catalogue!("en"),
            Self::Chinese => catalogue!("zh-CN"),
        }
    }
}

/// The messages of one language at a time. English stands in for a message that another lacks.
pub struct Words {
    spoken: RwLock<Spoken>,
    english: OnceLock<Bundle>,
}

type Bundle = FluentBundle<FluentResource>;

struct Spoken {
    language: Language,
    bundle: Bundle,
}

impl Words {
    pub fn english() -> Self {
        Self::of(Language::English)
    }

    pub fn of(language: Language) -> Self {
        Self { spoken: RwLock::new(Spoken::of(language)), english: OnceLock::new() }
    }

    pub fn language(&self) -> Language {
        self.spoken.read().unwrap_or_else(PoisonError::into_inner).language
    }

    /// Speaks this language from now on; whether that is another one.
    pub fn speak(&self, language: Language) -> bool {
        let is_new = self.language() != language;
        if is_new {
            *self.spoken.write().unwrap_or_else(PoisonError::into_inner) = Spoken::of(language);
        }
        is_new
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
        let spoken = self.spoken.read().unwrap_or_else(PoisonError::into_inner);
        let english = || self.english.get_or_init(|| bundle(Language::English));
        sentence(&spoken.bundle, key, &args).or_else(|| match spoken.language {
            Language::English => None,
            Language::Chinese => sentence(english(), key, &args),
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

impl Spoken {
    fn of(language: Language) -> Self {
        Self { language, bundle: bundle(language) }
    }
}

fn sentence(bundle: &Bundle, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
}

fn bundle(language: Language) -> Bundle {
    let languages = language.tag().parse().map(|id| vec![id]).unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(languages);
    // Isolation marks would end up in terminals and on the clipboard.
    bundle.set_use_isolating(false);
    for text in language.texts() {
        // A broken entry is dropped here and found by the test below.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(partial, _)| partial);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::model::Verdict;
    use crate::problem::Code;

    /// Each key of a language with the names of the values that its sentence uses.
    fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for text in language.texts() {
            if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
                panic!("{language:?}: {errors:?}");
            }
            let mut last = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.contains([' ', '['])) {
                    last = key.to_owned();
                    let is_new = keys.insert(last.clone(), BTreeSet::new()).is_none();
                    assert!(is_new, "{language:?} defines {key} twice");
                }
                let named = |rest: &str| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
                };
                let values = line.split("{ $").skip(1).map(named);
                keys.entry(last.clone()).or_default().extend(values);
            }
        }
        keys
    }

    #[test]
    fn every_language_has_every_key_and_no_other() {
        let english: Vec<String> = keys(Language::English).into_keys().collect();
        assert!(english.len() > 900, "{}", english.len());
        for language in Language::ALL {
            let own: Vec<String> = keys(language).into_keys().collect();
            let lacks: Vec<_> = english.iter().filter(|key| !own.contains(key)).collect();
            let idle: Vec<_> = own.iter().filter(|key| !english.contains(key)).collect();
            assert!(
                lacks.is_empty() && idle.is_empty(),
                "{language:?} lacks {lacks:?} and has idle {idle:?}"
            );
        }
    }

    /// A translation may leave a value out (`$n` of a plural), but names none that nobody gives.
    #[test]
    fn no_translation_uses_a_value_that_english_has_not() {
        let english = keys(Language::English);
        for language in Language::ALL {
            for (key, values) in keys(language) {
                assert!(
                    values.is_subset(&english[&key]),
                    "{language:?} {key}: {values:?} of {:?}",
                    english[&key]
                );
            }
        }
    }

    /// Names, codes and commands are the same in every language.
    #[test]
    fn chinese_sentences_are_chinese() {
        let words = Words::of(Language::Chinese);
        let same: Vec<String> = keys(Language::English)
            .into_keys()
            .filter(|key| {
                let english = Words::english().find(key, &[]).unwrap_or_default();
                words
                    .find(key, &[])
                    .is_some_and(|own| own == english && own.contains(' ') && !own.contains("{$"))
            })
            .collect();
        assert_eq!(same, Vec::<String>::new());
    }

    #[test]
    fn the_language_follows_the_locale() {
        for (locale, language) in [
            ("zh_CN.UTF-8", Language::Chinese),
            ("zh-Hans-CN", Language::Chinese),
            ("en-GB", Language::English),
            ("C.UTF-8", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of(locale), language, "{locale}");
        }
    }

    #[test]
    fn dates_are_written_as_in_the_locales_own_country() {
        assert_eq!(Language::English.within("en_GB.UTF-8"), "en-GB");
        assert_eq!(Language::English.within("zh_CN.UTF-8"), "en");
        assert_eq!(Language::English.within("C"), "en");
        assert_eq!(Language::Chinese.within("zh_TW"), "zh-CN");
    }

    #[test]
    fn another_language_is_spoken_at_once() {
        let words = Words::english();
        assert!(words.speak(Language::Chinese) && !words.speak(Language::Chinese));
        assert_eq!(words.say("verdict-stopped", &[]), "网关已停止");
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
        let elsewhere =
            Language::English.texts().iter().filter(|text| !text.contains("\nproblem-internal = "));
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
