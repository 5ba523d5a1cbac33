//! What of the routes nobody may read: `alert-secrets.json`, for the owner only, apart from the settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::environment;
use crate::identity::Surroundings;
use crate::layout;
use crate::model::{DOTS, Redacted};
use crate::problem::{Code, Problem};
use crate::system::{Contents, System};

/// Secrets by the route's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets(BTreeMap<String, RouteSecrets>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteSecrets {
    /// The whole address of a webhook or an ntfy topic.
    pub url: Option<Redacted>,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<Redacted>,
}

/// The fields of a route that stand in here.
pub const SECRET_FIELDS: [&str; 2] = ["url", "token"];

/// The file's form.
#[derive(Default, Serialize, Deserialize)]
struct Written {
    #[serde(default)]
    routes: BTreeMap<String, BTreeMap<String, String>>,
}

const FILE: &str = "alert-secrets.json";

impl Secrets {
    /// # Errors
    /// `NoHome`, `ReadFailed`, `SettingsInvalid` with `path`.
    pub fn load(system: &dyn System, around: &Surroundings) -> Result<Self, Problem> {
        let path = Self::path(around)?;
        let Some(contents) = system.read(&path)? else { return Ok(Self::default()) };
        keep_private(system, around, &path, &contents)?;
        // The parser's words would repeat what stands there.
        let invalid = |_| Problem::new(Code::SettingsInvalid).with("path", &path).with("field", "routes");
        let written: Written = serde_json::from_slice(&contents.bytes).map_err(invalid)?;
        Ok(Self(written.routes.into_iter().map(|(name, fields)| (name, RouteSecrets::of(fields))).collect()))
    }

    /// As the file holds them.
    pub fn text(&self) -> Redacted {
        let routes = self.0.iter().map(|(name, secrets)| (name.clone(), secrets.written())).collect();
        Redacted::new(serde_json::to_string_pretty(&Written { routes }).unwrap_or_default() + "\n")
    }

    /// # Errors
    /// `NoHome`.
    pub fn path(around: &Surroundings) -> Result<String, Problem> {
        Ok(layout::join(&layout::own_config_dir(around)?, &[FILE], around.os))
    }

    pub fn of(&self, route: &str) -> RouteSecrets {
        self.0.get(route).cloned().unwrap_or_default()
    }

    /// Sets one of [`SECRET_FIELDS`]; `None` takes it away.
    pub fn set(&mut self, route: &str, field: &str, secret: Option<Redacted>) {
        let own = self.0.entry(route.to_owned()).or_default();
        match field {
            "url" => own.url = secret,
            _ => own.token = secret,
        }
    }

    pub fn forget(&mut self, route: &str) -> bool {
        self.0.remove(route).is_some()
    }
}

impl RouteSecrets {
    fn of(mut fields: BTreeMap<String, String>) -> Self {
        let mut take = |name: &str| fields.remove(name).map(Redacted::new);
        Self { url: take("url"), token: take("token") }
    }

    fn written(&self) -> BTreeMap<String, String> {
        let fields = self.fields().into_iter();
        fields.filter_map(|(name, secret)| Some((name.to_owned(), secret?.reveal().to_owned()))).collect()
    }

    /// How each that is set is shown: dots and a fingerprint.
    pub fn shown(&self) -> BTreeMap<&'static str, String> {
        let shown = |secret: &Redacted| format!("{DOTS} ({})", environment::fingerprint(secret.reveal()));
        self.fields().into_iter().filter_map(|(name, secret)| Some((name, shown(secret?)))).collect()
    }

    fn fields(&self) -> [(&'static str, Option<&Redacted>); 2] {
        [("url", self.url.as_ref()), ("token", self.token.as_ref())]
    }
}

/// A copy or a restored backup may have opened the file to others.
///
/// # Errors
/// `SettingsInvalid` for a file of another account: its owner would decide where alerts go; `WriteFailed`.
fn keep_private(
    system: &dyn System,
    around: &Surroundings,
    path: &str,
    contents: &Contents,
) -> Result<(), Problem> {
    // Root reads everybody's anyway.
    if ![contents.owner, 0].contains(&around.uid) {
        let problem = Problem::new(Code::SettingsInvalid).with("path", path).with("field", "routes");
        return Err(problem.because(format!("the file belongs to another account ({})", contents.owner)));
    }
    if contents.mode & 0o077 == 0 {
        return Ok(());
    }
    tracing::warn!(path, "others could read the alert routes' secrets; the file is closed to them");
    system.write(path, &contents.bytes, 0o600)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::document::tests::machine;

    #[test]
    fn a_file_that_others_could_read_is_closed_to_them_when_it_is_read() {
        let (system, around) = machine();
        let path = Secrets::path(&around).unwrap();
        system.write(&path, b"{\"routes\": {\"phone\": {\"token\": \"hunter2\"}}}", 0o644).unwrap();
        Secrets::load(&*system, &around).unwrap();
        assert_eq!(system.read(&path).unwrap().unwrap().mode, 0o600);
    }

    #[test]
    fn a_strangers_file_is_not_believed() {
        let (system, around) = machine();
        let path = Secrets::path(&around).unwrap();
        system.write(&path, b"{}", 0o600).unwrap();
        let other = Surroundings { uid: around.uid + 1, ..around };
        assert_eq!(Secrets::load(&*system, &other).unwrap_err().code, Code::SettingsInvalid);
    }

    #[test]
    fn secrets_read_back_and_are_shown_as_dots() {
        let (system, around) = machine();
        let mut secrets = Secrets::default();
        secrets.set("phone", "url", Some(Redacted::new("https://ntfy.sh/hunter2")));
        let path = Secrets::path(&around).unwrap();
        system.write(&path, secrets.text().reveal().as_bytes(), 0o600).unwrap();
        let again = Secrets::load(&*system, &around).unwrap();
        assert_eq!(again, secrets);
        let shown = format!("{:?} {:?}", again, again.of("phone").shown());
        assert!(shown.contains(DOTS) && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_broken_file_is_refused_without_its_text() {
        let (system, around) = machine();
        system.write(&Secrets::path(&around).unwrap(), b"{\"routes\": \"hunter2\"", 0o600).unwrap();
        let problem = Secrets::load(&*system, &around).unwrap_err();
        assert_eq!(problem.code, Code::SettingsInvalid);
        assert!(!format!("{problem:?}").contains("hunter2"));
    }
}
