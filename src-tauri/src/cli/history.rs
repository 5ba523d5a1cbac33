//! `history`: what happened to the gateway.

use serde_json::json;

use super::args::History;
use super::invocation::Invocation;
use super::{Exit, Output};
use crate::layout;
use crate::model::Incident;
use crate::problem::Problem;
use crate::system::store::Store;

/// # Errors
/// As [`Invocation::gateway`], and `DatabaseUnusable`.
pub fn run(wanted: &History, at: &Invocation<'_>) -> Result<Output, Problem> {
    let profile = at.gateway()?.id.profile.to_string();
    let incidents = listed(wanted, &profile, at)?;
    if at.flags.json {
        return Ok(Output::json(json!({ "profile": profile, "incidents": incidents }), Exit::Ok));
    }
    if incidents.is_empty() {
        return Ok(Output { text: at.say("history-empty", &[]) + "\n", ..Output::default() });
    }
    let page = at.page();
    let lines = incidents.iter().flat_map(|incident| {
        let last_word = incident.last_words.last().map(|word| format!("    {}", crate::logs::plain(word)));
        [page.incident(incident)].into_iter().chain(last_word)
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
