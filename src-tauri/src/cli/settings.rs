//! `settings`: shows and changes what a person has set.

use serde_json::{Value, json};

use super::args::{Field, Setting, Settings, Try};
use super::invocation::Invocation;
use super::{Exit, Output, dry_run};
use crate::execute::execute;
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
        Settings::Set(Setting { field, value }) => set(field, value.as_deref(), &document, at).await,
        Settings::Unset(Field { field }) => unset(field, at).await,
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

async fn set(
    field: &str,
    value: Option<&str>,
    document: &Document,
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    if let Some((route, secret)) = secret_of(field) {
        return set_secret(route, secret, value, document, at).await;
    }
    let text =
        value.ok_or_else(|| Problem::new(Code::BadSetting).with("field", field).with("reason", "empty"))?;
    // Words need no quotes: what is no JSON is a text.
    let value = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
    carried(&|| changed(field, Some(value.clone()), at), at).await
}

/// Route and field of `alerts.routes.NAME.url` and the like.
fn secret_of(field: &str) -> Option<(&str, &str)> {
    let (route, secret) = field.strip_prefix("alerts.routes.")?.split_once('.')?;
    SECRET_FIELDS.contains(&secret).then_some((route, secret))
}

/// Never from the arguments: everybody on the machine can read those, and the shell keeps them.
async fn set_secret(
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
    carried(&|| with_secret(route, field, Some(secret), at), at).await
}

async fn unset(field: &str, at: &Invocation<'_>) -> Result<Output, Problem> {
    match secret_of(field) {
        Some((route, secret)) => carried(&|| with_secret(route, secret, None, at), at).await,
        None => carried(&|| without(field, at), at).await,
    }
}

/// What is forgotten of a route takes its secrets along.
fn without(field: &str, at: &Invocation<'_>) -> Result<Vec<Step>, Problem> {
    let mut steps = changed(field, None, at)?;
    let mut secrets = Secrets::load(&*at.world.system, &at.world.around)?;
    if field.strip_prefix("alerts.routes.").is_some_and(|route| secrets.forget(route)) {
        steps.extend(secret_steps(&secrets, at)?);
    }
    Ok(steps)
}

fn with_secret(
    route: &str,
    field: &str,
    secret: Option<&str>,
    at: &Invocation<'_>,
) -> Result<Vec<Step>, Problem> {
    let mut secrets = Secrets::load(&*at.world.system, &at.world.around)?;
    secrets.set(route, field, secret.map(Redacted::new));
    secret_steps(&secrets, at)
}

fn changed(field: &str, value: Option<Value>, at: &Invocation<'_>) -> Result<Vec<Step>, Problem> {
    let mut document = Document::load(&*at.world.system, &at.world.around)?;
    document.set(field, value).map_err(|problem| match problem.code {
        Code::NoSuchSetting => unknown(field),
        _ => problem,
    })?;
    Ok(written(document.path(), Text::Plain(document.text())))
}

fn secret_steps(secrets: &Secrets, at: &Invocation<'_>) -> Result<Vec<Step>, Problem> {
    Ok(written(&Secrets::path(&at.world.around)?, Text::Secret(secrets.text())))
}

fn written(path: &str, text: Text) -> Vec<Step> {
    let folder = layout::parent(path).to_owned();
    let path = path.to_owned();
    vec![Step::MakeDir { path: folder, mode: 0o700 }, Step::Write { path, text, mode: 0o600 }]
}

/// A change like any other: shown on `--dry-run`, in the journal, and taken back by `gateward undo`. `steps` are made anew when our
/// turn has come: until then somebody else may have written the same file.
async fn carried(
    steps: &(dyn Fn() -> Result<Vec<Step>, Problem> + Sync),
    at: &Invocation<'_>,
) -> Result<Output, Problem> {
    let planned = || steps().map(|steps| Plan { steps, on_undo: Vec::new() });
    let plan = planned()?;
    if at.flags.dry_run {
        return Ok(dry_run::output(VERB, &plan, at));
    }
    let gateway = at.gateway()?;
    let turn = at.turn_for_files(VERB).await?;
    let plan = planned()?;
    execute(gateway.stage(at.world).in_turn(&turn), &plan, &|progress| at.show(progress)).await?;
    match at.flags.json {
        true => Ok(Output::json(json!({ "action": VERB, "ok": true }), Exit::Ok)),
        false => Ok(Output::default()),
    }
}
