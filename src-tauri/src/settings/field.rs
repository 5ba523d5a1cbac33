//! The settings that have a field on the window's page, and how what is typed there is read.
//!
//! Routes are made and own credential sources named on the command line, as both have parts that are secret or run programs.

use serde_json::{Value, json};

use super::Settings;
use crate::identity::Profile;
use crate::layout::Os;
use crate::problem::{Code, Problem};

/// Fields that belong together, under a name of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub name: &'static str,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As in the file: `notices.crash`.
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Switch,
    Amount(Unit),
    /// Quiet hours; empty for none.
    Hours,
    /// Absolute; empty lets Gateward look for itself.
    Path,
    /// With https://; empty for the build's own.
    Address,
    /// One of these words.
    Choice(&'static [&'static str]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    PerHour,
    Seconds,
    Hours,
    Mebibytes,
    Percent,
}

/// Those that are always there, in the page's order.
const SECTIONS: &[(&str, &[(&str, Kind)])] = &[
    (
        "window",
        &[
            ("window.language", Kind::Choice(&["system", "en", "zh-cn"])),
            ("window.theme", Kind::Choice(&["system", "light", "dark"])),
            ("window.zoom", Kind::Amount(Unit::Percent)),
        ],
    ),
    (
        "notices",
        &[
            ("notices.crash", Kind::Switch),
            ("notices.loop", Kind::Switch),
            ("notices.gave_up", Kind::Switch),
            ("notices.config_error", Kind::Switch),
            ("notices.hung", Kind::Switch),
            ("notices.recovered", Kind::Switch),
            ("notices.credential", Kind::Switch),
            ("notices.other", Kind::Switch),
            ("notices.quiet_hours", Kind::Hours),
            ("notices.per_hour", Kind::Amount(Unit::PerHour)),
        ],
    ),
    (ALERTS, &[("alerts.per_hour", Kind::Amount(Unit::PerHour))]),
    (
        "thresholds",
        &[
            ("thresholds.hung_after_s", Kind::Amount(Unit::Seconds)),
            ("thresholds.calm_after_s", Kind::Amount(Unit::Seconds)),
            ("credentials.warn_hours", Kind::Amount(Unit::Hours)),
        ],
    ),
    (PROFILES, &[]),
    ("programs", &[("programs.node", Kind::Path), ("programs.openclaw", Kind::Path)]),
    ("logs", &[("logs.max_mib", Kind::Amount(Unit::Mebibytes))]),
    (UPDATES, &[("updates.check", Kind::Switch), ("updates.url", Kind::Address)]),
];

/// The section that also tells of a newer version.
pub const UPDATES: &str = "updates";

const ALERTS: &str = "alerts";
const PROFILES: &str = "profiles";

/// What of each route can be switched.
pub const ROUTE_SWITCHES: [&str; 2] = ["on", "urgent_only"];

/// All fields; each route that `settings` name has its own, and so has each of `profiles`.
pub fn sections(settings: &Settings, profiles: &[String]) -> Vec<Section> {
    let fixed = |(name, fields): &(&'static str, &[(&str, Kind)])| Section {
        name,
        fields: fields.iter().map(|(name, kind)| Field::new(*name, *kind)).collect(),
    };
    let mut all: Vec<Section> = SECTIONS.iter().map(fixed).collect();
    for section in &mut all {
        if section.name == ALERTS {
            section.fields.extend(route_fields(settings));
        } else if section.name == PROFILES {
            section.fields.extend(profiles.iter().map(|profile| Field::of_profile(profile)));
        }
    }
    all
}

/// The profile that a field is about.
pub fn profile_of(field: &str) -> Option<&str> {
    let profile = field.strip_prefix(PROFILES)?.strip_prefix('.')?.strip_suffix(IN_MENU)?;
    (!profile.is_empty() && Profile::parse(profile, Os::Linux).is_ok()).then_some(profile)
}

const IN_MENU: &str = ".in_menu";

fn route_fields(settings: &Settings) -> impl Iterator<Item = Field> {
    // A dot in a name would lead elsewhere in the file.
    let names = settings.alerts.routes.keys().filter(|name| !name.contains('.'));
    names.flat_map(|name| {
        ROUTE_SWITCHES.map(|switch| Field::new(format!("alerts.routes.{name}.{switch}"), Kind::Switch))
    })
}

impl Field {
    fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }

    pub fn of_profile(profile: &str) -> Self {
        Self::new(format!("{PROFILES}.{profile}{IN_MENU}"), Kind::Switch)
    }

    /// What a person typed or chose, as a value for the file; `None` for nothing, which means the default.
    ///
    /// # Errors
    /// `BadSetting` when it is no value of this kind.
    pub fn read(&self, text: &str) -> Result<Option<Value>, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(match self.kind {
            Kind::Switch => json!(text.parse::<bool>().map_err(|error| self.refuse(&error.to_string()))?),
            Kind::Amount(_) => json!(text.parse::<u32>().map_err(|error| self.refuse(&error.to_string()))?),
            Kind::Hours | Kind::Path | Kind::Address | Kind::Choice(_) => json!(text),
        }))
    }

    fn refuse(&self, cause: &str) -> Problem {
        let problem = Problem::new(Code::BadSetting).with("field", &self.name).with("reason", "unfit");
        self.advise(problem.because(cause))
    }

    /// Says what would fit here.
    pub fn advise(&self, problem: Problem) -> Problem {
        match self.kind {
            Kind::Switch | Kind::Choice(_) => problem,
            Kind::Amount(_) => problem.hint("whole-number"),
            Kind::Hours => problem.hint("quiet-hours"),
            Kind::Path => problem.hint("absolute-path"),
            Kind::Address => problem.hint("https-address"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `alerts.routes` and `credentials.sources` are the command line's, and `profiles` those that are installed.
    #[test]
    fn every_setting_has_a_field() {
        let defaults = serde_json::to_value(Settings::default()).unwrap();
        let offered: Vec<String> = sections(&Settings::default(), &[])
            .into_iter()
            .flat_map(|it| it.fields)
            .map(|it| it.name)
            .collect();
        let mut written = leaves("", &defaults);
        written.retain(|name| !["alerts.routes", "credentials.sources", "profiles"].contains(&name.as_str()));
        written.sort();
        let mut sorted = offered;
        sorted.sort();
        assert_eq!(sorted, written);
    }

    fn leaves(above: &str, value: &Value) -> Vec<String> {
        match value.as_object().filter(|object| !object.is_empty()) {
            None => vec![above.trim_start_matches('.').to_owned()],
            Some(object) => {
                object.iter().flat_map(|(name, inner)| leaves(&format!("{above}.{name}"), inner)).collect()
            }
        }
    }

    #[test]
    fn each_route_has_its_switches() {
        let settings: Settings =
            serde_json::from_str(r#"{"alerts":{"routes":{"phone":{"via":"ntfy"}}}}"#).unwrap();
        let names: Vec<String> = route_fields(&settings).map(|field| field.name).collect();
        assert_eq!(names, ["alerts.routes.phone.on", "alerts.routes.phone.urgent_only"]);
    }

    #[test]
    fn each_profile_has_its_switch() {
        let all = sections(&Settings::default(), &["work".to_owned()]);
        let fields = &all.iter().find(|section| section.name == PROFILES).unwrap().fields;
        assert_eq!(*fields, [Field::of_profile("work")]);
        assert_eq!(profile_of(&fields[0].name), Some("work"));
        for other in ["profiles.a.b.in_menu", "profiles..in_menu", "profiles.work", "alerts.work.in_menu"] {
            assert_eq!(profile_of(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_typed_is_read_by_the_fields_kind() {
        let read = |kind, text: &str| Field::new("x", kind).read(text).map_err(|problem| problem.code);
        assert_eq!(read(Kind::Amount(Unit::Seconds), " 30 "), Ok(Some(json!(30))));
        assert_eq!(read(Kind::Switch, "false"), Ok(Some(json!(false))));
        assert_eq!(read(Kind::Path, "/a b"), Ok(Some(json!("/a b"))));
        assert_eq!(read(Kind::Hours, "  "), Ok(None));
        for (kind, text) in
            [(Kind::Amount(Unit::Hours), "two"), (Kind::Amount(Unit::Hours), "-1"), (Kind::Switch, "1")]
        {
            assert_eq!(read(kind, text), Err(Code::BadSetting), "{text}");
        }
    }
}
