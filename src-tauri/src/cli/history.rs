//! `history`: what happened to the gateway.

use serde_json::{Value, json};

use super::args::History;
use super::invocation::Invocation;
use super::{Exit, Output, chronicle};
use crate::explanations;
use crate::layout;
use crate::model::Incident;
use crate::problem::Problem;
use crate::system::store::Store;
use crate::view::incident::{cause_words, fix_words};

/// # Errors
/// As [`Invocation::gateway`], and `DatabaseUnusable`.
pub async fn run(wanted: &History, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    chronicle::backfill(&gateway, at).await;
    let profile = gateway.id.profile.to_string();
    let incidents = listed(wanted, &profile, at)?;
    if at.flags.json {
        let incidents: Vec<Value> = incidents.iter().map(|incident| with_cause(incident, at)).collect();
        return Ok(Output::json(json!({ "profile": profile, "incidents": incidents }), Exit::Ok));
    }
    if incidents.is_empty() {
        return Ok(Output { text: at.say("history-empty", &[]) + "\n", ..Output::default() });
    }
    let page = at.page();
    let lines = incidents.iter().flat_map(|incident| {
        let last_word = incident.last_words.last().map(|word| crate::logs::plain(word));
        let below = last_word.into_iter().chain(page.background(incident, &incidents));
        [page.incident(incident)].into_iter().chain(below.map(|line| format!("    {line}")))
    });
    Ok(Output { text: lines.map(|line| line + "\n").collect(), ..Output::default() })
}

fn listed(wanted: &History, profile: &str, at: &Invocation<'_>) -> Result<Vec<Incident>, Problem> {
    let Some(store) = Store::read(&layout::database(&at.world.around)?)? else { return Ok(Vec::new()) };
    match wanted.since {
        Some(span) => {
            let mut all = store.since(profile, at.world.system.now() - span)?;
            all.truncate(wanted.lines as usize);
            Ok(all)
        }
        None => store.newest(profile, wanted.lines),
    }
}

/// The incident, with the cause that its last words name.
fn with_cause(incident: &Incident, at: &Invocation<'_>) -> Value {
    let mut value = serde_json::to_value(incident).unwrap_or_default();
    if let Some(found) = explanations::of_incident(incident) {
        let (sentence, fix) = (cause_words(&found, at.words()), fix_words(&found, at.words()));
        value["cause"] = json!({ "name": found.known.id, "what": found.what, "sentence": sentence, "fix": fix, "command": found.known.command });
    }
    value
}
