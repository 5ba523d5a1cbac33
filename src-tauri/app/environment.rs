//! The Environment page's side of this program: what it shows, and what a change would do.

use gateward::adapter::Intent;
use gateward::alteration::{altered, last_alteration, lasting_node, refusal, rows};
use gateward::changes::Change;
use gateward::model::Edit;
use gateward::observe::observe;
use gateward::problem::{Code, Problem};
use gateward::view::plan::step_view;
use gateward::view::variables::{EnvironmentView, Preview, UndoView, command_view, row_view};

use crate::desk::Desk;

/// As it was last seen.
///
/// # Errors
/// `NotInstalled`; `NotPossibleNow` before the first look.
pub async fn view(desk: &Desk) -> Result<EnvironmentView, Problem> {
    let state = desk.state().ok_or_else(|| Problem::new(Code::NotPossibleNow))?;
    let seen = &state.observation;
    let found = seen.registration().ok_or_else(Problem::not_installed)?;
    let rows = rows(&desk.world, &desk.gateway, found);
    let undo = |change: Change| UndoView { change: change.number, at: change.at };
    Ok(EnvironmentView {
        rows: rows.into_iter().map(|row| row_view(row, found, &desk.words)).collect(),
        command: command_view(&found.command, &desk.words),
        lasting_node: lasting_node(&desk.world, found).await,
        undo: last_alteration(&desk.world, &desk.gateway).map(undo),
        refusal: refusal(&seen.registered.value),
    })
}

/// # Errors
/// As [`altered`] and the manager's plan.
pub async fn preview(desk: &Desk, edits: &[Edit]) -> Result<Preview, Problem> {
    // Anew: what a change would do must not depend on how old the last look is.
    let seen = observe(&*desk.world.system, &*desk.gateway.adapter, &desk.gateway.id).await;
    let spec = altered(&desk.world, &desk.gateway, edits, &seen).await?;
    let intent = Intent::Install { spec: &spec, force: false };
    let plan = desk.gateway.adapter.plan(&intent, &spec.identity, &seen)?;
    let standing = |path: &str| {
        desk.world.system.read(path).ok().flatten().map(|contents| contents.text()).unwrap_or_default()
    };
    Ok(Preview { steps: plan.steps.iter().map(|step| step_view(step, standing, &desk.words)).collect() })
}
