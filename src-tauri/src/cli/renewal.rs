//! `restart --graceful`: the host that runs the gateway restarts it.

use super::chronicle::Chronicle;
use super::invocation::Invocation;
use super::lifecycle::{self, Change, carry, renewed};
use super::report::{Done, Report, failure};
use super::{Output, dry_run};
use crate::adapter::Adapter;
use crate::adapter::builtin::Builtin;
use crate::execute::Stage;
use crate::model::{Action, Observation};
use crate::observe::{observe, service_port};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::world::Gateway;

pub async fn run(at: &Invocation<'_>) -> Output {
    let found = at.gateway().and_then(|gateway| Ok((gateway, Builtin::new(&at.world.around)?)));
    let (gateway, builtin) = match found {
        Ok(found) => found,
        Err(problem) => return failure("restart", problem, at),
    };
    // Under another manager the host writes the same record.
    let hosted = observe(&*at.world.system, &builtin, &gateway.id).await;
    if hosted.supervised.value.is_at_rest() {
        return lifecycle::change_one(Change::Restart, &gateway, at).await;
    }
    if builtin.is_inside(&gateway.id) {
        return handed_over(&gateway, &builtin, at).await;
    }
    let before = observe(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    let port = service_port(&before.registered, &gateway.id);
    let (asked, proven) = builtin.renewal(&gateway.id, port);
    if at.flags.dry_run {
        let whole = Plan { steps: [asked.steps, proven.steps].concat(), on_undo: Vec::new() };
        return dry_run::output("restart", &whole, at);
    }
    let turn = match at.turn("restart").await {
        Ok(turn) => turn,
        Err(problem) => return failure("restart", problem, at),
    };
    let chronicle = Chronicle::begun(&Action::Restart, &gateway, &before, at);
    let outcome =
        carried(gateway.stage(at.world).in_turn(&turn), &builtin, [&asked, &proven], &hosted, at).await;
    let outcome = outcome.map(|pid| Done::new("restarted").with("pid", pid).with("port", port));
    let seen = observe(&*at.world.system, &*gateway.adapter, &gateway.id).await;
    chronicle.ended(&seen, at);
    Report { action: "restart", outcome, seen: Some((gateway.adapter.manager(), seen)) }.output(at)
}

/// The host ends us together with its gateway, so somebody else has to ask it (A34).
async fn handed_over(gateway: &Gateway, builtin: &Builtin, at: &Invocation<'_>) -> Output {
    let plan = builtin.hand_off_renewal(&gateway.id);
    if at.flags.dry_run {
        return dry_run::output("restart", &plan, at);
    }
    let stage = Stage { adapter: builtin, ..gateway.stage(at.world) };
    let outcome = carry(stage, &plan, at).await.map(|()| Done::new("scheduled"));
    Report { action: "restart", outcome, seen: None }.output(at)
}

/// The host answers in the built-in manager's words, and knows the gateway's process; whether it answers is seen as always.
async fn carried(
    stage: Stage<'_>,
    builtin: &dyn Adapter,
    [asked, proven]: [&Plan; 2],
    before: &Observation,
    at: &Invocation<'_>,
) -> Result<u32, Problem> {
    carry(Stage { adapter: builtin, ..stage }, asked, at).await?;
    carry(stage, proven, at).await?;
    let after = observe(stage.system, builtin, stage.id).await;
    renewed(before, &after).map(|_| after.supervised.value.pid().unwrap_or_default())
}
