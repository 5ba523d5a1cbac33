//! What the window's Settings page draws: every field with its words, its value and its default.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::problem::Problem;
use crate::releases::Standing;
use crate::settings::{
    Change, Document, Field, Kind, OtherProfile, ROUTE_SWITCHES, Section, Settings, UPDATES, Unit,
    profile_of, sections,
};
use crate::words::Words;

use super::release;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SettingsView {
    /// Where they stand; empty where there is no home to keep them in.
    pub path: String,
    /// Why the file cannot be used. The defaults hold meanwhile, and there are no sections.
    pub problem: Option<Problem>,
    pub sections: Vec<SectionView>,
    /// Whether Gateward itself starts at login; `None` where that cannot be known.
    pub starts_at_login: Option<bool>,
    /// The name of the setting whose last change can be taken back.
    pub undo: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SectionView {
    pub name: String,
    pub title: String,
    pub about: Option<String>,
    /// Does what the page does not offer, to paste.
    pub command: Option<String>,
    pub fields: Vec<FieldView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FieldView {
    /// As in the file.
    pub field: String,
    pub label: String,
    pub help: Option<String>,
    pub control: Control,
    /// The default in words, where something else is set.
    pub default: Option<String>,
    /// The profile whose own window can be opened from here.
    pub opens: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "control", rename_all = "kebab-case")]
pub enum Control {
    Switch { on: bool },
    Amount { value: String, unit: String },
    Text { value: String, placeholder: String },
    Choice { value: String, options: Vec<ChoiceView> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChoiceView {
    pub value: String,
    pub label: String,
}

/// What the page shows besides the file.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The last change that was made from it.
    pub last: Option<&'a Change>,
    pub starts_at_login: Option<bool>,
    /// Those of this account whose gateways are installed, but for our own.
    pub profiles: &'a [String],
    /// Whether a newer Gateward is known.
    pub standing: &'a Standing,
}

/// The page over `loaded`.
pub fn page(
    path: &str,
    loaded: Result<&Document, &Problem>,
    beside: Beside<'_>,
    words: &Words,
) -> SettingsView {
    let Beside { last, starts_at_login, profiles, standing } = beside;
    let document = loaded.ok();
    let drawn = document.map(|document| {
        let sections = sections(document.settings(), profiles);
        sections.iter().map(|section| shown(section, document, standing, words)).collect()
    });
    let undo = last.filter(|change| document.is_some_and(|document| change.holds(document)));
    SettingsView {
        path: path.to_owned(),
        problem: loaded.err().cloned(),
        sections: drawn.unwrap_or_default(),
        starts_at_login,
        undo: undo.zip(document).map(|(change, document)| label(change.field(), document, words)),
    }
}

/// What `section` lacks on the page is the command line's.
const MORE: &[(&str, &str)] = &[
    ("alerts", "gateward settings set alerts.routes.phone '{\"via\":\"ntfy\"}'"),
    ("profiles", "gateward --profile work setup"),
];

fn shown(section: &Section, document: &Document, standing: &Standing, words: &Words) -> SectionView {
    let more = MORE.iter().find(|(name, _)| *name == section.name);
    SectionView {
        name: section.name.to_owned(),
        title: words.say(&format!("settings-section-{}", section.name), &[]),
        about: match section.name {
            UPDATES => Some(release::standing(standing, words)),
            name => words.find(&format!("settings-{name}-about"), &[]),
        },
        command: more.map(|(_, command)| (*command).to_owned()),
        fields: section.fields.iter().map(|field| field_shown(field, document, words)).collect(),
    }
}

fn field_shown(field: &Field, document: &Document, words: &Words) -> FieldView {
    let usual = usual(field);
    let value = document.get(&field.name).or_else(|| usual.clone()).unwrap_or_default();
    FieldView {
        label: label(field, document, words),
        help: words.find(&format!("{}-help", key(&field.name)), &[]),
        default: usual.filter(|usual| *usual != value).map(|usual| in_words(field, &usual, words)),
        control: control(field, &value, words),
        opens: profile_of(&field.name).map(str::to_owned),
        field: field.name.clone(),
    }
}

fn key(name: &str) -> String {
    format!("settings-{}", name.replace(['.', '_'], "-"))
}

fn label(field: &Field, document: &Document, words: &Words) -> String {
    if let Some(profile) = profile_of(&field.name) {
        return words.say("settings-profile-in-menu", &[("profile", profile)]);
    }
    match route_of(&field.name) {
        Some((route, switch)) => {
            let via = document.settings().alerts.routes.get(route).map_or("", |found| found.via.name());
            let key = format!("settings-route-{}", switch.replace('_', "-"));
            words.say(&key, &[("route", route), ("via", via)])
        }
        None => words.say(&key(&field.name), &[]),
    }
}

fn route_of(name: &str) -> Option<(&str, &str)> {
    let (route, switch) = name.strip_prefix("alerts.routes.")?.split_once('.')?;
    ROUTE_SWITCHES.contains(&switch).then_some((route, switch))
}

/// The default; a route's switches have theirs beside the route only.
fn usual(field: &Field) -> Option<Value> {
    if profile_of(&field.name).is_some() {
        return Some(OtherProfile::default().in_menu.into());
    }
    let defaults = serde_json::to_value(Settings::default()).unwrap_or_default();
    field.name.split('.').try_fold(&defaults, |value, step| value.get(step)).cloned()
}

fn control(field: &Field, value: &Value, words: &Words) -> Control {
    match field.kind {
        Kind::Switch => Control::Switch { on: value.as_bool().unwrap_or_default() },
        Kind::Amount(unit) => Control::Amount { value: value.to_string(), unit: unit_word(unit, words) },
        Kind::Hours => text(value, "settings-default-never", words),
        Kind::Path => text(value, "settings-default-found", words),
        Kind::Address => text(value, "settings-default-built-in", words),
        Kind::Choice(options) => Control::Choice {
            value: plain(value),
            options: options.iter().map(|option| choice(field, option, words)).collect(),
        },
    }
}

fn text(value: &Value, placeholder: &str, words: &Words) -> Control {
    Control::Text { value: plain(value), placeholder: words.say(placeholder, &[]) }
}

fn choice(field: &Field, option: &str, words: &Words) -> ChoiceView {
    let label = words.say(&format!("{}-{option}", key(&field.name)), &[]);
    ChoiceView { value: option.to_owned(), label }
}

fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn in_words(field: &Field, value: &Value, words: &Words) -> String {
    match control(field, value, words) {
        Control::Switch { on: true } => words.say("settings-default-on", &[]),
        Control::Switch { on: false } => words.say("settings-default-off", &[]),
        Control::Amount { value, unit } => format!("{value} {unit}"),
        Control::Text { placeholder, .. } => placeholder,
        Control::Choice { value, options } => {
            options.into_iter().find(|option| option.value == value).map_or(value, |option| option.label)
        }
    }
}

fn unit_word(unit: Unit, words: &Words) -> String {
    words.say(
        match unit {
            Unit::PerHour => "settings-unit-per-hour",
            Unit::Seconds => "settings-unit-seconds",
            Unit::Hours => "settings-unit-hours",
            Unit::Mebibytes => "settings-unit-mebibytes",
            Unit::Percent => "settings-unit-percent",
        },
        &[],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::problem::Code;
    use crate::system::System;
    use crate::system::scripted::still;

    const FILE: &str = "/home/anna/.config/gateward/settings.json";

    /// The page over a file of this text, after `change` was made from it.
    fn drawn(text: &str, change: Option<(&str, &str)>) -> SettingsView {
        let (system, around) = (still(), around(&[]));
        system.write(FILE, text.as_bytes(), 0o600).unwrap();
        let last = change.and_then(|(field, text)| Change::make(field, text, &*system, &around).unwrap());
        let loaded = Document::load(&*system, &around);
        let profiles = ["work".to_owned()];
        let beside = Beside {
            last: last.as_ref(),
            starts_at_login: Some(true),
            profiles: &profiles,
            standing: &Standing::NoSource,
        };
        page(FILE, loaded.as_ref(), beside, &Words::english())
    }

    fn fields(page: &SettingsView) -> impl Iterator<Item = &FieldView> {
        page.sections.iter().flat_map(|section| &section.fields)
    }

    #[test]
    fn every_field_has_its_words() {
        let page = drawn(r#"{"alerts":{"routes":{"phone":{"via":"ntfy"}}}}"#, None);
        let said = serde_json::to_string(&page).unwrap();
        assert!(!said.contains("\"settings-"), "{said}");
        assert!(said.contains("phone (ntfy)"), "{said}");
    }

    #[test]
    fn what_differs_from_its_default_says_what_that_is() {
        let page = drawn(r#"{"notices":{"per_hour":3,"crash":false},"window":{"theme":"dark"}}"#, None);
        let changed: Vec<(&str, &str)> = fields(&page)
            .filter_map(|field| Some((field.field.as_str(), field.default.as_deref()?)))
            .collect();
        assert_eq!(
            changed,
            [("window.theme", "As the desktop"), ("notices.crash", "on"), ("notices.per_hour", "20 an hour")]
        );
    }

    #[test]
    fn another_profile_is_in_the_menu_until_it_is_taken_out_and_can_be_opened() {
        let drawn = |text: &str| {
            let page = drawn(text, None);
            let field = fields(&page).find(|field| field.opens.is_some()).unwrap();
            (field.control.clone(), field.opens.clone(), field.default.clone())
        };
        let work = Some("work".to_owned());
        assert_eq!(drawn("{}"), (Control::Switch { on: true }, work.clone(), None));
        let out = drawn(r#"{"profiles":{"work":{"in_menu":false}}}"#);
        assert_eq!(out, (Control::Switch { on: false }, work, Some("on".to_owned())));
    }

    #[test]
    fn the_last_change_is_offered_to_be_taken_back_by_its_label() {
        assert_eq!(drawn("{}", None).undo, None);
        let page = drawn("{}", Some(("notices.crash", "false")));
        assert_eq!(page.undo.as_deref(), Some("The gateway crashed"));
    }

    /// What the window's own tests and its demo in a browser draw.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_windows_canned_settings_are_up_to_date() {
        const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/demo/settings.json");
        let usual =
            r#"{"alerts":{"routes":{"phone":{"via":"ntfy"}}},"notices":{"quiet_hours":"22:00-07:00"}}"#;
        let canned = serde_json::json!({
            "usual": drawn(usual, Some(("notices.recovered", "false"))),
            "unusable": drawn(r#"{"notices":{"per_hour":"many"}}"#, None),
        });
        let wanted = serde_json::to_string_pretty(&canned).unwrap() + "\n";
        if std::env::var_os("GATEWARD_WRITE_BINDINGS").is_some() {
            std::fs::write(PATH, &wanted).unwrap();
        }
        let written = std::fs::read_to_string(PATH).unwrap_or_default();
        assert!(written == wanted, "stale: run GATEWARD_WRITE_BINDINGS=1 cargo test settings");
    }

    #[test]
    fn a_file_that_cannot_be_used_is_a_problem_and_no_fields() {
        let page = drawn(r#"{"notices":{"per_hour":"many"}}"#, None);
        let problem = page.problem.unwrap();
        assert_eq!(
            (problem.code, problem.values["field"].as_str()),
            (Code::SettingsInvalid, "notices.per_hour")
        );
        assert_eq!(page.sections, []);
        assert!(!problem.hints.is_empty());
    }
}
