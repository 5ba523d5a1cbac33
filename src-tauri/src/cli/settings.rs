//! `settings`: shows and changes what a person has set.

use serde_json::{Value, json};

use super::args::{Field, Setting, Settings, Try};
use super::invocation::Invocation;
use super::{Exit, Output, dry_run};
use crate::layout;
use crate::model::Redacted;
use crate::plan::{Plan, Step, Text};
use crate::problem::{Code, Problem};
use crate::settings::{Document, SECRET_FIELDS, Secrets};

mod trial;

const VERB: &str = "settings";

/// # Errors
/// As [`Document::load`] and [`Document::set`].
pub async fn run(wanted: &Settings, at: &Invocation<'_>) -> Result<Output, Problem> {
    let document = Document::load(&*at.world.system, &at.world.around)?;
    match wanted {
        Settings::Show => show(&document, at),
        Settings::Get(Field { field }) => get(field, &document, at),
        Settings::Set(Setting { field, value }) => set(field, value.as_deref(), document, at),
        Settings::Unset(Field { field }) => unset(field, document, at),
        Settings::Try(Try { route }) => trial::run(route.as_deref(), &document, at).await,
    }
}

fn show(document: &Document, at: &Invocation<'_>) -> Result<Output, Problem> {
    let shown = shown(document, at)?;
    if at.flags.json {
        return Ok(Output::json(shown, Exit::Ok));
    }
    let heading = at.say("settings-file", &[("path", document.path())]);
    Ok(Output { text: format!("{heading}\n{}", lines("", &shown)), ..Output::default() })
}

/// Everything that holds; secrets as dots and fingerprint.
fn shown(document: &Document, at: &Invocation<'_>) -> Result<Value, Problem> {
    let secrets = Secrets::load(&*at.world.system, &at.world.around)?;
    let mut value = serde_json::to_value(document.settings()).unwrap_or_default();
    for (name, route) in value["alerts"]["routes"].as_object_mut().into_iter().flatten() {
        for (field, dots) in secrets.of(name).shown() {
            route[field] = json!(dots);
        }
    }
    Ok(value)
}

/// `field = value` in each line, as `set` takes them.
fn lines(above: &str, value: &Value) -> String {
    let Some(object) = value.as_object().filter(|object| !object.is_empty()) else {
        return format!("{above} = {}\n", plain(value));
    };
    let dot = if above.is_empty() { "" } else { "." };
    object.iter().map(|(name, inner)| lines(&format!("{above}{dot}{name}"), inner)).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn get(field: &str, document: &Document, at: &Invocation<'_>) -> Result<Output, Problem> {
    let shown = shown(document, at)?;
    let found =
        field.split('.').try_fold(&shown, |value, step| value.get(step)).ok_or_else(|| unknown(field))?;
    if at.flags.json {
        return Ok(Output::json(found.clone(), Exit::Ok));
    }
    let text = if found.is_object() { lines(field, found) } else { plain(found) + "\n" };
    Ok(Output { text, ..Output::default() })
}

fn unknown(field: &str) -> Problem {
    Problem::new(Code::NoSuchSetting)
        .with("field", crate::problem::clean(field))
        .hint_command("see-settings", "gateward settings show")
}

fn set(field: &str, value: Option<&str>, document: Document, at: &Invocation<'_>) -> Result<Output, Problem> {
    if let Some((route, secret)) = secret_of(field) {
        return set_secret(route, secret, value, &document, at);
    }
    let text =
        value.ok_or_else(|| Problem::new(Code::BadSetting).with("field", field).with("reason", "empty"))?;
    // Words need no quotes: what is no JSON is a text.
    let value = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
    change(field, Some(value), document, at)
}

/// Route and field of `alerts.routes.NAME.url` and the like.
fn secret_of(field: &str) -> Option<(&str, &str)> {
    let (route, secret) = field.strip_prefix("alerts.routes.")?.split_once('.')?;
    SECRET_FIELDS.contains(&secret).then_some((route, secret))
}

/// Never from the arguments: everybody on the machine can read those, and the shell keeps them.
fn set_secret(
    route: &str,
    field: &str,
    value: Option<&str>,
    document: &Document,
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    let refused = |reason: &str| {
        let full = format!("alerts.routes.{route}.{field}");
        let command = format!("gateward settings set {full} < FILE");
        Problem::new(Code::BadSetting)
            .with("field", full)
            .with("reason", reason)
            .hint_command("secret-input", command)
    };
    if !document.settings().alerts.routes.contains_key(route) {
        return Err(unknown(&format!("alerts.routes.{route}")));
    }
    if value.is_some() {
        return Err(refused("secret"));
    }
    let typed = at.console.secret(&at.say("ask-secret", &[("field", field)])).unwrap_or_default();
    let secret = Some(typed.trim()).filter(|text| !text.is_empty()).ok_or_else(|| refused("empty"))?;
    let mut secrets = Secrets::load(&*at.world.system, &at.world.around)?;
    secrets.set(route, field, Some(Redacted::new(secret)));
    done(at, |at| secrets.save(&*at.world.system, &at.world.around))
}

fn unset(field: &str, document: Document, at: &Invocation<'_>) -> Result<Output, Problem> {
    let mut secrets = Secrets::load(&*at.world.system, &at.world.around)?;
    if let Some((route, secret)) = secret_of(field) {
        secrets.set(route, secret, None);
        return done(at, |at| secrets.save(&*at.world.system, &at.world.around));
    }
    let is_gone = field.strip_prefix("alerts.routes.").is_some_and(|route| secrets.forget(route));
    let output = change(field, None, document, at)?;
    if is_gone && !at.flags.dry_run {
        secrets.save(&*at.world.system, &at.world.around)?;
    }
    Ok(output)
}

fn change(
    field: &str,
    value: Option<Value>,
    mut document: Document,
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    document.set(field, value).map_err(|problem| match problem.code {
        Code::NoSuchSetting => unknown(field),
        _ => problem,
    })?;
    if at.flags.dry_run {
        return Ok(dry_run::output(VERB, &plan(&document), at));
    }
    done(at, |at| document.save(&*at.world.system))
}

fn plan(document: &Document) -> Plan {
    let folder = layout::parent(document.path()).to_owned();
    let write =
        Step::Write { path: document.path().to_owned(), text: Text::Plain(document.text()), mode: 0o600 };
    Plan { steps: vec![Step::MakeDir { path: folder, mode: 0o700 }, write], on_undo: Vec::new() }
}

fn done(
    at: &Invocation<'_>,
    write: impl FnOnce(&Invocation<'_>) -> Result<(), Problem>,
) -> Result<Output, Problem> {
    if !at.flags.dry_run {
        write(at)?;
    }
    match at.flags.json {
        true => Ok(Output::json(json!({ "action": VERB, "ok": true }), Exit::Ok)),
        false => Ok(Output::default()),
    }
}
