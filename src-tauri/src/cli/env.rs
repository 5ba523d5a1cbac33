//! `env`: what the service is given, beside what this shell and OpenClaw's config say; and changes of it.

use serde_json::json;

use super::args::{Env, EnvChange};
use super::install::{Ready, carried, text_of};
use super::invocation::Invocation;
use super::report::{Report, failure};
use super::{Exit, Output, dry_run, inside};
use crate::adapter::Intent;
use crate::alteration::{ALTER, altered, lasting_node, rows};
use crate::environment;
use crate::model::{Action, Edit, Redacted, Registered, Registration, Value};
use crate::observe::observe;
use crate::problem::Problem;
use crate::spec;
use crate::view::variables::{RowView, command_view, row_view};
use crate::world::Gateway;

const VERB: &str = "env";

/// # Errors
/// `NotInstalled`; why the definition cannot be read.
pub async fn run(wanted: &Env, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    match &wanted.change {
        None => listed(&gateway, at).await,
        Some(change) => Ok(changed(change, &gateway, at).await),
    }
}

async fn listed(gateway: &Gateway, at: &Invocation<'_>) -> Result<Output, Problem> {
    let seen = observe(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    let found = match seen.registered.value {
        Registered::Present(found) => found,
        Registered::Missing { .. } => return Err(Problem::not_installed()),
        Registered::Unknown { why, .. } => return Err(why),
    };
    let rows = rows(at.world, gateway, &found);
    let command = command_view(&found.command, at.words());
    if at.flags.json {
        let value = json!({
            "schema": 1, "file": found.file, "drop_ins": found.drop_ins, "working_dir": found.working_dir, "command": command,
            "lasting_node": lasting_node(at.world, &found).await, "variables": rows,
        });
        return Ok(Output::json(value, Exit::Ok));
    }
    let rows: Vec<RowView> = rows.into_iter().map(|row| row_view(row, &found, at.words())).collect();
    let mut lines = heading(&found, at);
    lines.extend(command.into_iter().filter_map(|word| word.warning));
    let node = lasting_node(at.world, &found).await;
    lines.extend(node.map(|path| at.say("env-lasting-node", &[("path", &path)])));
    lines.push(String::new());
    let width = rows.iter().map(|it| it.row.name.len()).max().unwrap_or_default();
    lines.extend(rows.iter().flat_map(|row| row_lines(row, width, at)));
    Ok(Output { text: lines.join("\n") + "\n", ..Output::default() })
}

fn heading(found: &Registration, at: &Invocation<'_>) -> Vec<String> {
    let folder = found.working_dir.clone().unwrap_or_else(|| at.say("window-working-dir-none", &[]));
    vec![
        at.say("env-file", &[("path", &found.file)]),
        at.say("env-command", &[("command", &found.command.join(" "))]),
        at.say("env-working-dir", &[("path", &folder)]),
    ]
}

/// Name, value and source; below them what is wrong with it.
fn row_lines(view: &RowView, width: usize, at: &Invocation<'_>) -> Vec<String> {
    let row = &view.row;
    let value = row.service.clone().unwrap_or_else(|| at.say("variable-none", &[]));
    let source = match row.source.as_deref() {
        None | Some("inline") => String::new(),
        Some(path) => format!("  {}", at.say("env-from", &[("path", path)])),
    };
    let line = format!("  {:width$}  {value}{source}", row.name);
    let signs = view.signs.iter().map(|sign| {
        let mark = if sign.harms { "!" } else { "·" };
        format!("      {mark} {}", at.say("text-headed", &[("head", &sign.name), ("text", &sign.why)]))
    });
    [line].into_iter().chain(signs).collect()
}

async fn changed(change: &EnvChange, gateway: &Gateway, at: &Invocation<'_>) -> Output {
    let edits = match edits(change, gateway, at).await {
        Ok(edits) => edits,
        Err(problem) => return failure(VERB, problem, at),
    };
    if at.flags.dry_run {
        return match prepared(&edits, gateway, at).await {
            Ok(ready) => dry_run::output(VERB, &ready.plan, at),
            Err(problem) => failure(VERB, problem, at),
        };
    }
    let outcome = async {
        let turn = at.turn_for_files(ALTER).await?;
        let ready = prepared(&edits, gateway, at).await?;
        carried(ready, gateway, &turn, at).await
    };
    let outcome = outcome.await;
    let stage = gateway.stage(at.world);
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    Report { action: VERB, outcome, seen: Some((gateway.adapter.manager(), seen)) }.output(at)
}

async fn edits(change: &EnvChange, gateway: &Gateway, at: &Invocation<'_>) -> Result<Vec<Edit>, Problem> {
    match change {
        EnvChange::Set(wanted) => {
            let mut set = match &wanted.env_file {
                Some(path) => spec::variables(&text_of(path, at)?)?,
                None => Default::default(),
            };
            for text in &wanted.variables {
                let (name, value) = environment::assignment(text)?;
                set.insert(name, value);
            }
            Ok(set.into_iter().map(|(name, value)| Edit::Set { name, value: redacted(value) }).collect())
        }
        EnvChange::Take(wanted) => {
            Ok(wanted.names.iter().map(|name| Edit::FromSession { name: name.clone() }).collect())
        }
        EnvChange::Unset(wanted) => {
            Ok(wanted.names.iter().map(|name| Edit::Unset { name: name.clone() }).collect())
        }
        EnvChange::Workdir(wanted) => Ok(vec![Edit::WorkingDir { path: wanted.folder.clone() }]),
        EnvChange::Node(wanted) => {
            Ok(vec![Edit::Node { path: node(wanted.path.clone(), gateway, at).await? }])
        }
    }
}

fn redacted(value: Value) -> Redacted {
    match value {
        Value::Plain(text) => Redacted::new(text),
        Value::Secret(secret) => secret,
    }
}

/// The one that was named, else one whose path outlives updates.
async fn node(named: Option<String>, gateway: &Gateway, at: &Invocation<'_>) -> Result<String, Problem> {
    if let Some(path) = named {
        return Ok(path);
    }
    let seen = observe(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    let found = seen.registration().ok_or_else(Problem::not_installed)?;
    match lasting_node(at.world, found).await {
        Some(path) => Ok(path),
        None => Ok(found.command.first().cloned().unwrap_or_default()),
    }
}

async fn prepared(edits: &[Edit], gateway: &Gateway, at: &Invocation<'_>) -> Result<Ready, Problem> {
    let stage = gateway.stage(at.world);
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    let spec = altered(at.world, gateway, edits, &seen).await?;
    let plan = stage.adapter.plan(&Intent::Install { spec: &spec, force: false }, &spec.identity, &seen)?;
    let inside = inside::is_inside(stage.system, stage.id, &seen).await;
    let action = Action::Alter { edits: edits.to_vec() };
    Ok(Ready { action, result: "altered", spec, plan, force: false, inside, warnings: Vec::new(), seen })
}
