//! The file itself: read, changed at one place, written back whole.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Settings;
use crate::identity::Surroundings;
use crate::layout;
use crate::problem::{Code, Problem};
use crate::system::System;

/// `settings.json` in Gateward's configuration folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    path: String,
    /// Everything that stands in the file, known or not.
    root: Map<String, Value>,
    settings: Settings,
}

const FILE: &str = "settings.json";

/// The key of the version that wrote the file.
const SCHEMA: &str = "schema";

/// One step per version; `schema` counts those taken.
const STEPS: &[fn(&mut Map<String, Value>)] = &[stamped];

/// A file written by hand has no version yet, and nothing else to be changed.
fn stamped(_root: &mut Map<String, Value>) {}

impl Document {
    /// # Errors
    /// `NoHome`; `ReadFailed`; `SettingsInvalid`, with `path` and the `field` that cannot be used, as in `notices.per_hour`.
    pub fn load(system: &dyn System, around: &Surroundings) -> Result<Self, Problem> {
        let path = path(around)?;
        match system.read(&path)? {
            Some(contents) => Self::parse(path, &contents.text()),
            None => Self::parse(path, "{}"),
        }
    }

    fn parse(path: String, text: &str) -> Result<Self, Problem> {
        let invalid = |field: &str, cause: String| {
            Problem::new(Code::SettingsInvalid)
                .with("path", &path)
                .with("field", field)
                .because(cause)
                .hint("mend-settings")
        };
        let root: Value = serde_json::from_str(text).map_err(|error| invalid("{}", error.to_string()))?;
        let Value::Object(mut root) = root else {
            return Err(invalid("{}", "expected an object".to_owned()));
        };
        migrate(&mut root).map_err(|cause| invalid(SCHEMA, cause))?;
        let settings = read(&root).map_err(|(field, cause)| invalid(&field, cause))?;
        Ok(Self { path, root, settings })
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The text to be written: pretty JSON with a last newline.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(&self.root).unwrap_or_default() + "\n"
    }

    /// What holds at `field`, defaults included; `None` when there is no such setting.
    pub fn get(&self, field: &str) -> Option<Value> {
        let effective = serde_json::to_value(&self.settings).unwrap_or_default();
        steps(field).try_fold(&effective, |value, step| value.get(step)).cloned()
    }

    /// What the file itself says at `field`; `None` where it leaves that to the default.
    pub fn written(&self, field: &str) -> Option<&Value> {
        let (first, rest) = field.split_once('.').unwrap_or((field, ""));
        let found = self.root.get(first)?;
        steps(rest).filter(|step| !step.is_empty()).try_fold(found, |value, step| value.get(step))
    }

    /// Sets `field` to `value`, or back to its default with `None`.
    ///
    /// # Errors
    /// `NoSuchSetting` with `field`; `BadSetting` when the value does not fit there. Nothing is changed then.
    pub fn set(&mut self, field: &str, value: Option<Value>) -> Result<(), Problem> {
        let missing = || Problem::new(Code::NoSuchSetting).with("field", crate::problem::clean(field));
        let mut root = Value::Object(self.root.clone());
        match value {
            Some(value) => *place(&mut root, field).ok_or_else(missing)? = value,
            None => take_away(&mut root, field),
        }
        // The file could be used before, so it is this value that does not fit.
        let changed = Self::parse(self.path.clone(), &root.to_string()).map_err(|problem| {
            let cause = problem.cause.unwrap_or_default();
            Problem::new(Code::BadSetting).with("field", field).with("reason", "unfit").because(cause)
        })?;
        // What nobody reads is a slip of the pen; a setting that is taken away is there no more, or with its default.
        if changed.get(field).is_none() && self.get(field).is_none() {
            return Err(missing());
        }
        *self = changed;
        Ok(())
    }

    /// # Errors
    /// `WriteFailed`.
    pub fn save(&self, system: &dyn System) -> Result<(), Problem> {
        system.make_dir(layout::parent(&self.path), 0o700)?;
        system.write(&self.path, self.text().as_bytes(), 0o600)
    }
}

/// Where the settings stand.
///
/// # Errors
/// `NoHome`.
pub fn path(around: &Surroundings) -> Result<String, Problem> {
    Ok(layout::join(&layout::own_config_dir(around)?, &[FILE], around.os))
}

/// The settings as they hold; the defaults where the file cannot be used, which is logged.
pub fn current(system: &dyn System, around: &Surroundings) -> Settings {
    match Document::load(system, around) {
        Ok(document) => document.settings,
        Err(problem) => {
            tracing::warn!(%problem, "the settings cannot be used; the defaults hold");
            Settings::default()
        }
    }
}

fn migrate(root: &mut Map<String, Value>) -> Result<(), String> {
    let taken = match root.get(SCHEMA) {
        None => 0,
        Some(number) => number.as_u64().ok_or("expected a whole number")?,
    };
    let taken = usize::try_from(taken).unwrap_or(usize::MAX);
    let left = STEPS.get(taken..).ok_or_else(|| format!("a newer Gateward wrote it ({taken})"))?;
    left.iter().for_each(|step| step(root));
    root.insert(SCHEMA.to_owned(), json!(STEPS.len()));
    Ok(())
}

/// The settings, or the field that cannot be used and why.
fn read(root: &Map<String, Value>) -> Result<Settings, (String, String)> {
    let settings: Settings = typed(Value::Object(root.clone()))?;
    for (name, route) in &settings.alerts.routes {
        if let Some(fault) = route.fault() {
            return Err((format!("alerts.routes.{name}"), fault.to_owned()));
        }
    }
    Ok(settings)
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, (String, String)> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| (error.path().to_string(), error.into_inner().to_string()))
}

fn steps(field: &str) -> impl DoubleEndedIterator<Item = &str> {
    field.split('.')
}

/// Where `field` stands, with the objects around it made where they are missing; `None` inside of something else.
fn place<'a>(root: &'a mut Value, field: &str) -> Option<&'a mut Value> {
    steps(field).try_fold(root, |value, step| {
        if value.is_null() {
            *value = json!({});
        }
        Some(value.as_object_mut()?.entry(step).or_insert(Value::Null))
    })
}

fn take_away(root: &mut Value, field: &str) {
    let (above, name) = field.rsplit_once('.').unwrap_or(("", field));
    let above =
        steps(above).filter(|step| !step.is_empty()).try_fold(root, |value, step| value.get_mut(step));
    if let Some(object) = above.and_then(Value::as_object_mut) {
        object.remove(name);
    }
}

#[cfg(test)]
pub mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::identity::tests::around;
    use crate::system::scripted::{Scripted, Still, still};

    pub fn machine() -> (Arc<Scripted<Still>>, Surroundings) {
        (still(), around(&[]))
    }

    fn parsed(text: &str) -> Result<Document, Problem> {
        Document::parse("/c/settings.json".to_owned(), text)
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let (system, around) = machine();
        assert_eq!(Document::load(&*system, &around).unwrap().settings(), &Settings::default());
    }

    #[test]
    fn what_was_set_is_there_again_for_the_owner_only() {
        let (system, around) = machine();
        let mut document = Document::load(&*system, &around).unwrap();
        document.set("notices.quiet_hours", Some(json!("22:00-07:00"))).unwrap();
        document.save(&*system).unwrap();
        let again = Document::load(&*system, &around).unwrap();
        assert_eq!(again.get("notices.quiet_hours"), Some(json!("22:00-07:00")));
        assert_eq!(system.read(again.path()).unwrap().unwrap().mode, 0o600);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused_with_its_field() {
        for (text, field) in [
            (r#"{"notices":{"per_hour":"many"}}"#, "notices.per_hour"),
            (r#"{"notices":{"quiet_hours":"late"}}"#, "notices.quiet_hours"),
            (r#"{"thresholds":{"hung_after_s":0}}"#, "thresholds.hung_after_s"),
            (r#"{"alerts":{"routes":{"x":{"via":"mail","to":"-f@x"}}}}"#, "alerts.routes.x"),
            (r#"{"alerts":{"routes":{"x":{"via":"pigeon"}}}}"#, "alerts.routes.x"),
            (r#"{"schema":99}"#, "schema"),
            ("[]", "{}"),
        ] {
            let problem = parsed(text).unwrap_err();
            assert_eq!(
                (problem.code, problem.values["field"].as_str()),
                (Code::SettingsInvalid, field),
                "{text}"
            );
        }
    }

    #[test]
    fn what_this_version_does_not_know_stays() {
        let mut document = parsed(r#"{"notices":{"sound":"bell"},"later":[1]}"#).unwrap();
        document.set("notices.crash", Some(json!(false))).unwrap();
        let root: Value = serde_json::from_str(&document.text()).unwrap();
        assert_eq!((&root["notices"]["sound"], &root["later"]), (&json!("bell"), &json!([1])));
        assert_eq!((&root["notices"]["crash"], &root["schema"]), (&json!(false), &json!(1)));
    }

    #[test]
    fn a_setting_that_nobody_reads_is_refused() {
        let mut document = parsed("{}").unwrap();
        for field in ["notices.craash", "x", "", "notices..crash"] {
            assert_eq!(
                document.set(field, Some(json!(true))).map_err(|p| p.code),
                Err(Code::NoSuchSetting),
                "{field}"
            );
        }
        assert_eq!(document, parsed("{}").unwrap());
    }

    #[test]
    fn taken_away_means_the_default_again() {
        let mut document = parsed(r#"{"notices":{"crash":false}}"#).unwrap();
        document.set("notices.crash", None).unwrap();
        assert_eq!(document.get("notices.crash"), Some(json!(true)));
    }

    #[test]
    fn a_route_is_made_and_removed_under_its_name() {
        let mut document = parsed("{}").unwrap();
        document.set("alerts.routes.phone", Some(json!({"via":"ntfy"}))).unwrap();
        document.set("alerts.routes.phone.urgent_only", Some(json!(true))).unwrap();
        assert!(document.settings().alerts.routes["phone"].urgent_only);
        document.set("alerts.routes.phone", None).unwrap();
        assert!(document.settings().alerts.routes.is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = parsed(&text);
        }

        #[test]
        fn no_field_and_value_make_it_panic(field in "[a-z_.]{0,20}", number in any::<i64>()) {
            let mut document = parsed("{}").unwrap();
            let _ = document.set(&field, Some(json!(number)));
            prop_assert!(parsed(&document.text()).is_ok());
        }
    }
}
