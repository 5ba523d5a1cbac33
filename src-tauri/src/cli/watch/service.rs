//! `watch --install` and `--uninstall`: the watcher as a service of its own.

use crate::cli::args::Watch;
use crate::cli::invocation::Invocation;
use crate::cli::report::{Done, Report};
use crate::cli::{Output, dry_run};
use crate::execute::{Stage, execute};
use crate::identity::Identity;
use crate::model::{Manager, Registered};
use crate::observe::observe;
use crate::plan::{Plan, Step};
use crate::problem::Problem;
use crate::watcher::{self, Scope};
use crate::world::Gateway;

const VERB: &str = "watch";

/// # Errors
/// As [`Invocation::gateway`].
pub async fn run(wanted: &Watch, at: &Invocation<'_>) -> Result<Output, Problem> {
    let gateway = at.gateway()?;
    let scope = match wanted.all {
        true => Scope::All,
        false => Scope::One(gateway.id.profile.to_string()),
    };
    let id = watcher::identity(&gateway.id, &scope, &at.world.around)?;
    let plan = match wanted.install {
        true => install(&scope, &gateway, &id, at).await,
        false => uninstall(&gateway, &id, at).await,
    };
    let outcome = match plan {
        Ok(plan) if at.flags.dry_run => return Ok(dry_run::output(VERB, &plan, at)),
        Ok(plan) => carried(plan, wanted, &scope, &gateway, &id, at)
            .await
            .map(|plan| done(wanted, &plan, &gateway, &id)),
        Err(problem) => Err(problem),
    };
    Ok(Report { action: VERB, outcome, seen: None }.output(at))
}

async fn install(
    scope: &Scope,
    gateway: &Gateway,
    id: &Identity,
    at: &Invocation<'_>,
) -> Result<Plan, Problem> {
    let spec = watcher::spec(id, scope, &at.world.around);
    let seen = observe(&*at.world.system, &*gateway.adapter, id).await;
    if matches!(gateway.adapter.manager(), Manager::Systemd | Manager::Launchd) {
        seen.supervised.value.known()?;
    }
    watcher::install(&spec, &*gateway.adapter, &at.world.around, &seen)
}

async fn uninstall(gateway: &Gateway, id: &Identity, at: &Invocation<'_>) -> Result<Plan, Problem> {
    let seen = observe(&*at.world.system, &*gateway.adapter, id).await;
    let is_registered = gateway.adapter.manager() != Manager::Builtin;
    if is_registered && matches!(seen.registered.value, Registered::Missing { .. }) {
        return Ok(Plan::default());
    }
    watcher::uninstall(id, &*gateway.adapter, &at.world.around, &seen)
}

/// The plan that was carried out in the end.
async fn carried(
    plan: Plan,
    wanted: &Watch,
    scope: &Scope,
    gateway: &Gateway,
    id: &Identity,
    at: &Invocation<'_>,
) -> Result<Plan, Problem> {
    let turn = at.turn_for_files(VERB).await?;
    let stage = Stage { id, ..gateway.stage(at.world) }.in_turn(&turn);
    let Err(problem) = tried(&plan, stage, at).await else { return Ok(plan) };
    let spec = watcher::spec(id, scope, &at.world.around);
    let other = || watcher::install_otherwise(&spec, &*gateway.adapter, &at.world.around, &problem);
    let Some(other) = wanted.install.then(other).flatten() else { return Err(problem) };
    let other = other?;
    tried(&other, stage, at).await.map(|()| other)
}

async fn tried(plan: &Plan, stage: Stage<'_>, at: &Invocation<'_>) -> Result<(), Problem> {
    let done = execute(stage, plan, &|progress| at.show(progress)).await;
    at.console.progress("");
    done
}

fn done(wanted: &Watch, plan: &Plan, gateway: &Gateway, id: &Identity) -> Done {
    let mut files = plan.steps.iter().filter_map(|step| match step {
        Step::Write { path, .. } | Step::Remove { path } => Some(path.clone()),
        Step::MakeDir { .. } | Step::Keep { .. } | Step::Run { .. } | Step::Await { .. } => None,
    });
    let path = files.next_back().unwrap_or_default();
    match (wanted.install, gateway.adapter.manager()) {
        (false, _) if plan.steps.is_empty() => Done::worded("uninstalled", "watcher-not-there"),
        (false, _) => Done::worded("uninstalled", "watcher-uninstalled"),
        (true, Manager::Builtin) => at_login(path),
        (true, Manager::Schtasks) if !starts(plan) => at_login(path),
        (true, Manager::Systemd | Manager::Launchd) => installed(&path),
        // A task stands in no file.
        (true, Manager::Schtasks) => installed(&id.task),
    }
}

/// Whether it runs already, or is only written down for the next login.
fn starts(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| matches!(step, Step::Run { .. }))
}

fn at_login(path: String) -> Done {
    Done::worded("installed", "watcher-at-login")
        .with("path", path)
        .hint("watch-by-hand", "gateward watch --alert")
}

fn installed(place: &str) -> Done {
    Done::worded("installed", "watcher-installed")
        .with("path", place)
        .hint("try-routes", "gateward settings try")
}
