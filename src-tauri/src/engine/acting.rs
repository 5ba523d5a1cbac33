//! Carries one action out, from its turn to what is seen after it.

use super::Setup;
use crate::adapter::Intent;
use crate::alteration::{ALTER, altered};
use crate::changes::{Journal, Turn};
use crate::execute::{Retreat, UNDO, act};
use crate::model::{Action, Observation, ServiceSpec};
use crate::observe::{ghosts, observe};
use crate::problem::{Code, Problem};

pub async fn carry_out(setup: &Setup, action: &Action) -> Result<Observation, Problem> {
    let waiting = |_| tracing::info!("another Gateward is at work; this waits for its end");
    let journal = Journal::new(&setup.world.around)?;
    let mut turn = journal.turn(&*setup.world.system, name(action), &waiting).await?;
    let spec: ServiceSpec;
    let intent = match action {
        Action::Install => {
            refuse_ghosts(setup).await?;
            spec = make_spec(setup).await?;
            Intent::Install { spec: &spec, force: false }
        }
        Action::Uninstall => Intent::Uninstall,
        Action::Start => Intent::Start,
        Action::Stop => Intent::Stop { stay: false },
        Action::Disable => Intent::Stop { stay: true },
        Action::Restart => Intent::Restart,
        Action::Repair { rule } => return Err(Problem::new(Code::NotPossibleNow).with("rule", rule)),
        Action::Alter { edits } => {
            let stage = setup.gateway.stage(&setup.world);
            let seen = observe(stage.system, stage.adapter, stage.id).await;
            spec = altered(&setup.world, &setup.gateway, edits, &seen).await?;
            Intent::Install { spec: &spec, force: false }
        }
        Action::TakeBack { change } => return take_back(setup, *change, &mut turn).await,
    };
    let stage = setup.gateway.stage(&setup.world).in_turn(&turn);
    act(stage, &intent, &|progress| tracing::debug!(?progress)).await
}

/// The catalogue's `change-<name>`.
fn name(action: &Action) -> &'static str {
    match action {
        Action::Install => "install",
        Action::Uninstall => "uninstall",
        Action::Start => "start",
        Action::Stop | Action::Disable => "stop",
        Action::Restart => "restart",
        Action::Repair { .. } => "fix",
        Action::Alter { .. } => ALTER,
        Action::TakeBack { .. } => UNDO,
    }
}

async fn take_back(setup: &Setup, number: u32, turn: &mut Turn) -> Result<Observation, Problem> {
    let (system, around) = (&*setup.world.system, &setup.world.around);
    let change = turn.journal.change(system, number)?;
    let retreat = Retreat::from(change, &turn.journal, false, system, around)?;
    retreat.mark(turn);
    retreat.carry_out(system, turn, &|progress| tracing::debug!(?progress)).await?;
    Ok(observe(system, &*setup.gateway.adapter, &setup.gateway.id).await)
}

/// Whether they go or stay is a person's decision, and the command line is where it is asked.
async fn refuse_ghosts(setup: &Setup) -> Result<(), Problem> {
    let gateway = &setup.gateway;
    let found = ghosts(&*setup.world.system, &*gateway.adapter, &gateway.id).await;
    let labels: Vec<&str> = found.iter().map(|ghost| ghost.label.as_str()).collect();
    if labels.is_empty() { Ok(()) } else { Err(Problem::legacy_services(&labels.join(", "))) }
}

async fn make_spec(setup: &Setup) -> Result<ServiceSpec, Problem> {
    let source = setup.spec.clone();
    match tokio::task::spawn_blocking(move || source()).await {
        Ok(spec) => spec,
        Err(error) => Err(Problem::new(Code::Internal).because(error.to_string())),
    }
}
