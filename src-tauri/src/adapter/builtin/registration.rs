//! What is installed, as an owner-only JSON file. Secrets stand in a file of their own, a JSON object of name and value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::environment;
use crate::layout::{self, Os};
use crate::model::{Redacted, RestartPolicy, ServiceSpec, Value};
use crate::problem::{Code, Problem};

pub const VERSION: u32 = 1;

/// One installed service. Paths are absolute, in the target's own syntax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installed {
    /// Of this file's shape; a later one is not read.
    pub version: u32,
    pub description: String,
    /// Program first.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    /// Without secrets and without what a supervisor would set.
    pub environment: BTreeMap<String, String>,
    pub log_dir: String,
    pub restart: Restart,
}

/// Tells one command, with the folder it runs in, from another.
pub fn fingerprint(command: &[String], working_dir: Option<&str>) -> String {
    environment::fingerprint(&format!("{command:?} {working_dir:?}"))
}

/// [`RestartPolicy`] as it is written down; seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restart {
    pub delay_s: u32,
    pub burst: u32,
    pub interval_s: u32,
    pub start_timeout_s: u32,
    pub stop_timeout_s: u32,
}

/// Renders `spec` as the registration's text: JSON, indented, with a newline at its end.
///
/// # Errors
/// `BadValue` when there is no program or a text holds NUL, which no process can be given; `BadWorkingDir` when the working
/// folder is not absolute.
pub fn render(spec: &ServiceSpec, os: Os) -> Result<String, Problem> {
    check(spec)?;
    let installed = Installed {
        version: VERSION,
        description: spec.description.clone(),
        command: spec.command.clone(),
        working_dir: spec.working_dir.clone(),
        environment: plain(spec),
        log_dir: layout::host_log_dir(&spec.identity, os),
        restart: (&spec.restart).into(),
    };
    let text = serde_json::to_string_pretty(&installed)
        .map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
    Ok(text + "\n")
}

/// Reads a registration.
///
/// # Errors
/// `UnitUnreadable` with `path` and the reason.
pub fn parse(text: &str, path: &str) -> Result<Installed, Problem> {
    let unreadable = |cause: String| Problem::new(Code::UnitUnreadable).with("path", path).because(cause);
    let installed: Installed = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    if installed.version > VERSION {
        return Err(unreadable(format!("version {} is newer than this program", installed.version)));
    }
    if installed.command.is_empty() {
        return Err(unreadable("it names no program".to_owned()));
    }
    Ok(installed)
}

/// The secret values of `spec` as the secrets file's text; `None` when there are none.
///
/// # Errors
/// `Internal` when they cannot be put into JSON.
pub fn render_secrets(spec: &ServiceSpec) -> Result<Option<Redacted>, Problem> {
    let secrets: BTreeMap<&str, &str> =
        spec.environment.iter().filter_map(|(name, value)| secret(name, value)).collect();
    if secrets.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_string(&secrets)
        .map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
    Ok(Some(Redacted::new(text)))
}

fn secret<'a>(name: &'a str, value: &'a Value) -> Option<(&'a str, &'a str)> {
    match value {
        Value::Secret(secret) => Some((name, secret.reveal())),
        Value::Plain(text) => environment::is_secret(name).then_some((name, text)),
    }
}

/// Reads a secrets file.
///
/// # Errors
/// `UnitUnreadable` with `path`; the text is never repeated.
pub fn parse_secrets(text: &str, path: &str) -> Result<BTreeMap<String, Redacted>, Problem> {
    let secrets: BTreeMap<String, String> = serde_json::from_str(text).map_err(|_| {
        Problem::new(Code::UnitUnreadable).with("path", path).because("not a JSON object of texts")
    })?;
    Ok(secrets.into_iter().map(|(name, value)| (name, Redacted::new(value))).collect())
}

fn check(spec: &ServiceSpec) -> Result<(), Problem> {
    let refused = |variable: &str, reason: &str| {
        Err(Problem::new(Code::BadValue).with("variable", variable).with("value", "").with("reason", reason))
    };
    if spec.command.first().is_none_or(String::is_empty) {
        return refused("command", "empty");
    }
    if spec.command.iter().any(|word| word.contains('\0')) {
        return refused("command", "letters");
    }
    let holds_nul = |(name, value): (&String, &Value)| text(value).contains('\0').then(|| name.clone());
    if let Some(name) = spec.environment.iter().find_map(holds_nul) {
        return refused(&name, "letters");
    }
    match &spec.working_dir {
        Some(path) if !layout::is_absolute(path) => {
            Err(Problem::new(Code::BadWorkingDir).with("path", path).with("reason", "not-absolute"))
        }
        Some(_) | None => Ok(()),
    }
}

fn text(value: &Value) -> &str {
    match value {
        Value::Plain(text) => text,
        Value::Secret(secret) => secret.reveal(),
    }
}

fn plain(spec: &ServiceSpec) -> BTreeMap<String, String> {
    let is_supervisors = |name: &str| environment::SUPERVISOR_VARIABLES.contains(&name);
    let kept = spec
        .environment
        .iter()
        .filter(|(name, value)| secret(name, value).is_none() && !is_supervisors(name));
    kept.map(|(name, value)| (name.clone(), text(value).to_owned())).collect()
}

impl From<&RestartPolicy> for Restart {
    fn from(policy: &RestartPolicy) -> Self {
        let RestartPolicy { delay_s, burst, interval_s, start_timeout_s, stop_timeout_s } = *policy;
        Self { delay_s, burst, interval_s, start_timeout_s, stop_timeout_s }
    }
}

impl From<&Restart> for RestartPolicy {
    fn from(written: &Restart) -> Self {
        let Restart { delay_s, burst, interval_s, start_timeout_s, stop_timeout_s } = *written;
        Self { delay_s, burst, interval_s, start_timeout_s, stop_timeout_s }
    }
}
