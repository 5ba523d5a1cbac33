//! `settings try`: a test alert.

use serde_json::json;

use super::unknown;
use crate::alerts::{Alert, Office, SCHEMA, machine};
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Output};
use crate::layout;
use crate::model::NoticeKind;
use crate::problem::Problem;
use crate::settings::Document;
use crate::system::store::Shelf;

/// # Errors
/// `NoHome`, `NoSuchSetting` for a route that is not there.
pub async fn run(route: Option<&str>, document: &Document, at: &Invocation<'_>) -> Result<Output, Problem> {
    let routes = &document.settings().alerts.routes;
    let names: Vec<&str> = match route {
        Some(name) if routes.contains_key(name) => vec![name],
        Some(name) => return Err(unknown(&format!("alerts.routes.{name}"))),
        None => routes.keys().map(String::as_str).collect(),
    };
    let office = Office {
        system: at.world.system.clone(),
        around: at.world.around.clone(),
        store: Shelf::new(layout::database(&at.world.around)?),
    };
    let alert = test(at);
    let mut tried = Vec::new();
    for name in names {
        tried.push((name, office.send_now(&alert, name).await));
    }
    Ok(output(&tried, at))
}

fn test(at: &Invocation<'_>) -> Alert {
    Alert {
        schema: SCHEMA,
        event: NoticeKind::Other,
        profile: at.profile_to_paste().unwrap_or_else(|| "default".to_owned()),
        machine: machine(&*at.world.system, &at.world.around),
        at: at.world.system.now(),
        title: at.say("try-title", &[]),
        text: at.say("try-text", &[]),
        urgent: false,
    }
}

fn output(tried: &[(&str, Result<(), Problem>)], at: &Invocation<'_>) -> Output {
    let exit = if tried.iter().all(|(_, sent)| sent.is_ok()) { Exit::Ok } else { Exit::Failed };
    if at.flags.json {
        let routes: Vec<_> = tried
            .iter()
            .map(|(name, sent)| json!({ "route": name, "ok": sent.is_ok(), "problem": sent.as_ref().err() }))
            .collect();
        return Output::json(json!({ "ok": exit == Exit::Ok, "routes": routes }), exit);
    }
    let arrived = tried.iter().filter(|(_, sent)| sent.is_ok());
    let text: String = arrived.map(|(name, _)| at.say("try-arrived", &[("route", name)]) + "\n").collect();
    let failures = tried.iter().filter_map(|(_, sent)| sent.as_ref().err());
    let complaint: String = failures.map(|problem| at.page().problem(problem) + "\n").collect();
    let text = if tried.is_empty() { at.say("try-none", &[]) + "\n" } else { text };
    Output { text, complaint, exit, ..Output::default() }
}
