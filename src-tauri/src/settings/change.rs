//! One change of one setting, as a person makes it in the window, and the way back.

use serde_json::Value;

use super::document::Document;
use super::field::{Field, profile_of, sections};
use crate::identity::Surroundings;
use crate::problem::{Code, Problem};
use crate::system::System;

#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    field: Field,
    /// What the file said; `None` where it left that to the default.
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    /// Sets `name` to what was typed and writes the file; nothing typed means the default again. `None` when the file says that
    /// already.
    ///
    /// # Errors
    /// `BadSetting`, `NoSuchSetting`; as [`Document::load`] and [`Document::save`]. Nothing is changed then.
    pub fn make(
        name: &str,
        text: &str,
        system: &dyn System,
        around: &Surroundings,
    ) -> Result<Option<Self>, Problem> {
        let mut document = Document::load(system, around)?;
        let field = offered(&document, name)?;
        let before = document.written(name).cloned();
        let value = field.read(text)?;
        document.set(name, value).map_err(|problem| field.advise(problem))?;
        let after = document.written(name).cloned();
        if before == after {
            return Ok(None);
        }
        document.save(system)?;
        Ok(Some(Self { field, before, after }))
    }

    pub fn field(&self) -> &Field {
        &self.field
    }

    /// Whether it still holds: nobody has set it to something else meanwhile.
    pub fn holds(&self, document: &Document) -> bool {
        document.written(&self.field.name) == self.after.as_ref()
    }

    /// Puts the file back to what it said before.
    ///
    /// # Errors
    /// `NotPossibleNow` when it no longer holds; as [`Document::load`] and [`Document::save`].
    pub fn take_back(&self, system: &dyn System, around: &Surroundings) -> Result<(), Problem> {
        let mut document = Document::load(system, around)?;
        if !self.holds(&document) {
            return Err(Problem::new(Code::NotPossibleNow));
        }
        document.set(&self.field.name, self.before.clone())?;
        document.save(system)
    }
}

fn offered(document: &Document, name: &str) -> Result<Field, Problem> {
    let fields = sections(document.settings(), &[]).into_iter().flat_map(|section| section.fields);
    let of_profile = profile_of(name).map(Field::of_profile);
    fields
        .chain(of_profile)
        .find(|field| field.name == name)
        .ok_or_else(|| Problem::new(Code::NoSuchSetting).with("field", crate::problem::clean(name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::settings::document::tests::machine;

    #[test]
    fn a_change_is_in_the_file_and_can_be_taken_back() {
        let (system, around) = machine();
        let get = || Document::load(&*system, &around).unwrap().get("notices.per_hour");
        let make = |text: &str| Change::make("notices.per_hour", text, &*system, &around).unwrap();
        let (first, second) = (make("5").unwrap(), make("6").unwrap());
        assert_eq!(make("6"), None);
        assert_eq!(get(), Some(json!(6)));
        second.take_back(&*system, &around).unwrap();
        assert_eq!(get(), Some(json!(5)));
        first.take_back(&*system, &around).unwrap();
        assert_eq!(get(), Some(json!(20)));
    }

    #[test]
    fn another_profile_leaves_the_menu_and_comes_back() {
        let (system, around) = machine();
        let in_menu =
            || !Document::load(&*system, &around).unwrap().settings().hidden_profiles().contains("work");
        assert!(in_menu());
        let change = Change::make("profiles.work.in_menu", "false", &*system, &around).unwrap().unwrap();
        assert!(!in_menu());
        change.take_back(&*system, &around).unwrap();
        assert!(in_menu());
    }

    #[test]
    fn what_somebody_else_has_set_since_is_left_alone() {
        let (system, around) = machine();
        let change = Change::make("notices.crash", "false", &*system, &around).unwrap().unwrap();
        let mut document = Document::load(&*system, &around).unwrap();
        document.set("notices.crash", Some(json!(true))).unwrap();
        document.save(&*system).unwrap();
        assert!(!change.holds(&document));
        assert_eq!(change.take_back(&*system, &around).map_err(|p| p.code), Err(Code::NotPossibleNow));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_would_and_nothing_is_written() {
        let (system, around) = machine();
        for (field, text, hint) in [
            ("thresholds.hung_after_s", "0", "whole-number"),
            ("window.zoom", "20", "whole-number"),
            ("notices.per_hour", "many", "whole-number"),
            ("notices.quiet_hours", "late", "quiet-hours"),
            ("programs.node", "node", "absolute-path"),
            ("updates.url", "http://g.test/m.json", "https-address"),
            ("updates.url", "http://localhost:80@evil.test/m.json", "https-address"),
            ("updates.url", "http://localhost.evil.test/m.json", "https-address"),
            ("updates.url", "https://g.test@evil.test/m.json", "https-address"),
        ] {
            let problem = Change::make(field, text, &*system, &around).unwrap_err();
            let hints: Vec<&str> = problem.hints.iter().map(|hint| hint.code.as_str()).collect();
            assert_eq!((problem.code, hints), (Code::BadSetting, vec![hint]), "{field}");
            assert!(problem.cause.is_some(), "{field}");
        }
        assert_eq!(system.read(&crate::settings::path(&around).unwrap()).unwrap(), None);
    }

    #[test]
    fn an_address_is_one_of_a_safe_server_or_of_this_machine() {
        let (system, around) = machine();
        for url in
            ["https://g.test/m.json", "http://localhost:80/m.json", "http://[::1]:80/m", "http://127.0.0.1/"]
        {
            assert!(Change::make("updates.url", url, &*system, &around).is_ok(), "{url}");
        }
    }

    #[test]
    fn only_what_the_page_offers_can_be_changed_from_there() {
        let (system, around) = machine();
        for field in ["alerts.routes.x", "credentials.sources", "profiles.a/b.in_menu", "schema", "x", ""] {
            let refused = Change::make(field, "1", &*system, &around).map_err(|problem| problem.code);
            assert_eq!(refused, Err(Code::NoSuchSetting), "{field}");
        }
    }
}
