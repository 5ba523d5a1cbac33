//! `history`: what happened to the gateway, and what it comes to.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::args::History;
use super::invocation::Invocation;
use super::{Exit, Output};
use crate::history::{Past, Summary};
use crate::layout;
use crate::model::Incident;
use crate::observe::manager_facts;
use crate::problem::Problem;
use crate::system::store::Store;
use crate::view::history;

/// What a summary is about where nothing else is asked for.
const USUAL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// # Errors
/// As [`Invocation::gateway`], and `DatabaseUnusable`.
pub async fn run(wanted: &History, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let profile = gateway.id.profile.to_string();
    let now = at.world.system.now();
    let since = now.saturating_sub(wanted.since.unwrap_or(USUAL)).unwrap_or(Timestamp::MIN);
    let store = Store::read(&layout::database(&at.world.around)?)?;
    let past =
        store.as_ref().map(|store| Past::read(store, &profile, since)).transpose()?.unwrap_or_default();
    let (_, supervised) = manager_facts(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    let told = past.summary(since, now, &supervised.value);
    let shown = listed(wanted, store.as_ref(), &past, &profile)?;
    if at.flags.json {
        let value = json!({
            "schema": 1, "profile": profile, "summary": told, "incidents": shown, "notices": past.notices,
        });
        return Ok(Output::json(value, Exit::Ok));
    }
    Ok(Output { text: text(&told, &shown, at), ..Output::default() })
}

/// Without `--since` the newest, however old they are.
fn listed(
    wanted: &History,
    store: Option<&Store>,
    past: &Past,
    profile: &str,
) -> Result<Vec<Incident>, Problem> {
    match (wanted.since, store) {
        (Some(_), _) => Ok(past.incidents.iter().take(wanted.lines as usize).cloned().collect()),
        (None, Some(store)) => store.newest(profile, wanted.lines),
        (None, None) => Ok(Vec::new()),
    }
}

fn text(told: &Summary, shown: &[Incident], at: &Invocation<'_>) -> String {
    if shown.is_empty() {
        return at.say("history-empty", &[]) + "\n";
    }
    let page = at.page();
    let days = (told.until.duration_since(told.since).as_hours() / 24).max(1).to_string();
    let heading = at.say("history-heading", &[("days", &days)]);
    let summary = history::lines(told, at.words()).into_iter().map(|line| format!("  {line}"));
    let incidents = shown.iter().flat_map(|incident| {
        let last_word = incident.last_words.last().map(|word| format!("    {}", crate::logs::plain(word)));
        [page.incident(incident)].into_iter().chain(last_word)
    });
    let lines = [heading].into_iter().chain(summary).chain([String::new()]).chain(incidents);
    lines.map(|line| line + "\n").collect()
}
