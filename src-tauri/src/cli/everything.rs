//! `uninstall --everything`: the whole account, in plans that are shown together and recorded one by one.

use serde_json::{Value, json};

use super::args::Flags;
use super::dry_run;
use super::invocation::Invocation;
use super::lifecycle::{self, Change, carry};
use super::report::{Done, Report, failure};
use super::{Exit, Output};
use crate::adapter::{self, Intent};
use crate::layout::{self, Os};
use crate::leftovers::{self, Leftovers, Stay};
use crate::model::{Manager, Origin, Registered, Supervised};
use crate::observe::observe;
use crate::plan::{Plan, Step};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Seen};
use crate::world::Gateway;

const VERB: &str = "uninstall";

/// What is there to be removed.
struct Inventory {
    /// Each installed service with its removal.
    services: Vec<(Gateway, Plan)>,
    /// The manager that this machine offers first; it has the jobs.
    own: Gateway,
    leftovers: Leftovers,
    /// Services that somebody else wrote under one of these names.
    foreign: Vec<Stay>,
    /// The tray writes its files anew as long as it runs.
    tray_runs: bool,
}

/// # Errors
/// As [`Invocation::gateway`]; why a removal cannot be planned.
pub async fn run(at: &Invocation<'_>) -> Result<Output, Problem> {
    let found = Inventory::take(at).await?;
    if at.flags.dry_run {
        return Ok(planned(&found, at));
    }
    if found.is_empty() {
        return Ok(Report {
            action: VERB,
            outcome: Ok(Done::worded("uninstalled", "nothing-left")),
            seen: None,
        }
        .output(at));
    }
    consented(&found, at)?;
    let mut numbers = Vec::new();
    for (gateway, _) in &found.services {
        let output = removed(gateway, at).await;
        if output.exit != Exit::Ok {
            return Ok(output);
        }
        numbers.extend(at.newest_change());
    }
    if let Err(problem) = cleared(&found.own, at).await {
        return Ok(failure(VERB, problem, at));
    }
    numbers.extend(at.newest_change());
    numbers.dedup();
    Ok(told(&found, &numbers, at))
}

impl Inventory {
    async fn take(at: &Invocation<'_>) -> Result<Self, Problem> {
        let own = at.gateway()?;
        let (mut services, mut foreign) = (Vec::new(), Vec::new());
        for gateway in candidates(&own, at)? {
            let seen = observe(&*at.world.system, &*gateway.adapter, &gateway.id).await;
            match (&seen.registered.value, &seen.supervised.value) {
                (Registered::Present(found), _) if found.origin == Origin::Foreign => {
                    foreign.push(Stay { what: found.file.clone(), why: "foreign" });
                }
                (Registered::Present(_), _) => {
                    let plan = gateway.adapter.plan(&Intent::Uninstall, &gateway.id, &seen)?;
                    services.push((gateway, plan));
                }
                (Registered::Missing { .. } | Registered::Unknown { .. }, Supervised::Unknown { why }) => {
                    tracing::debug!(%why, "a manager cannot be asked");
                }
                (Registered::Missing { .. } | Registered::Unknown { .. }, _) => {}
            }
        }
        let leftovers = leftovers::find(at.world, &own).await?;
        let tray_runs = runs_tray(at).await;
        Ok(Self { services, own, leftovers, foreign, tray_runs })
    }

    fn is_empty(&self) -> bool {
        self.services.is_empty() && self.leftovers.is_empty()
    }

    fn stays(&self) -> impl Iterator<Item = &Stay> {
        self.leftovers.stays.iter().chain(&self.foreign)
    }

    /// All steps, in their order.
    fn plan(&self) -> Plan {
        let removals = self.services.iter().flat_map(|(_, plan)| plan.steps.iter().cloned());
        let known: Vec<Step> = removals.collect();
        let rest = self.leftovers.plan(&self.own).steps.into_iter().filter(|step| !known.contains(step));
        Plan { steps: known.iter().cloned().chain(rest).collect(), on_undo: Vec::new() }
    }
}

/// Every profile with a definition, under every manager of this system: a service may have been installed under two.
fn candidates(own: &Gateway, at: &Invocation<'_>) -> Result<Vec<Gateway>, Problem> {
    let mut found = at.world.installed().unwrap_or_default();
    if !found.iter().any(|gateway| gateway.id.profile == own.id.profile) {
        found.push(own.clone());
    }
    if at.world.around.variable("GATEWARD_MANAGER").is_some() {
        return Ok(found);
    }
    let managers: &[Manager] = match at.world.around.os {
        Os::Linux => &[Manager::Systemd, Manager::Builtin],
        Os::MacOs => &[Manager::Launchd],
        Os::Windows => &[Manager::Schtasks],
    };
    let mut all = Vec::new();
    for gateway in found {
        for manager in managers.iter().filter(|manager| **manager != gateway.adapter.manager()) {
            let adapter = adapter::native(*manager, &at.world.around)?;
            all.push(Gateway { adapter: adapter.into(), ..gateway.clone() });
        }
        all.push(gateway);
    }
    Ok(all)
}

async fn runs_tray(at: &Invocation<'_>) -> bool {
    let asked = Ask::Commands { naming: vec![TRAY.to_owned()] };
    let Seen::Processes(all) = at.world.system.answer(&asked).await.seen else { return false };
    let user = at.world.around.user.as_deref();
    all.iter().any(|it| layout::file_name(&it.program).starts_with(TRAY) && Some(it.user.as_str()) == user)
}

const TRAY: &str = "gateward-tray";

/// What goes and what stays, in words.
fn shown(found: &Inventory, at: &Invocation<'_>) -> String {
    let mut lines = vec![at.say("everything-goes", &[])];
    lines.extend(found.services.iter().map(|(gateway, _)| {
        let profile = gateway.id.profile.to_string();
        let manager = at.say(&format!("window-manager-{}", gateway.adapter.manager().name()), &[]);
        format!("  {}", at.say("everything-service", &[("profile", &profile), ("manager", &manager)]))
    }));
    let jobs = found.leftovers.jobs.iter().map(|job| at.say("everything-job", &[("label", &job.label)]));
    lines.extend(jobs.chain(found.leftovers.files.iter().cloned()).map(|text| format!("  {text}")));
    lines.push(at.say("everything-stays", &[]));
    lines.extend(found.stays().map(|stay| {
        let why = at.say(&format!("stays-{}", stay.why), &[]);
        format!("  {}", at.say("everything-stay", &[("what", &stay.what), ("why", &why)]))
    }));
    lines.push(at.say("everything-undo", &[]));
    lines.extend(
        found.tray_runs.then(|| at.say("text-warning", &[("warning", &at.say("everything-tray", &[]))])),
    );
    lines.join("\n") + "\n"
}

fn planned(found: &Inventory, at: &Invocation<'_>) -> Output {
    let output = dry_run::output(VERB, &found.plan(), at);
    match output.json {
        Some(value) => Output { json: Some(with_lists(value, found, &[])), ..output },
        None => Output { text: shown(found, at) + &output.text, ..output },
    }
}

fn consented(found: &Inventory, at: &Invocation<'_>) -> Result<(), Problem> {
    if at.flags.yes {
        return Ok(());
    }
    at.console.warn(shown(found, at).trim_end());
    match at.console.confirm(&at.say("ask-everything", &[])) {
        Some(true) => Ok(()),
        Some(false) => Err(Problem::new(Code::Cancelled)),
        None => Err(Problem::new(Code::Cancelled)
            .because(at.say("cause-nobody-to-ask", &[]))
            .hint_command("say-yes", "gateward uninstall --everything --yes")),
    }
}

async fn removed(gateway: &Gateway, at: &Invocation<'_>) -> Output {
    let flags = Flags { yes: true, ..at.flags.clone() };
    let agreed = Invocation::new(at.world, &flags, at.console);
    lifecycle::change_one(Change::Uninstall, gateway, &agreed).await
}

/// Looks again: the removals have taken some of it with them.
async fn cleared(own: &Gateway, at: &Invocation<'_>) -> Result<(), Problem> {
    let turn = at.turn_for_files("uninstall-everything").await?;
    let plan = leftovers::find(at.world, own).await?.plan(own);
    if plan.steps.is_empty() {
        return Ok(());
    }
    carry(own.stage(at.world).in_turn(&turn), &plan, at).await
}

fn told(found: &Inventory, numbers: &[u32], at: &Invocation<'_>) -> Output {
    let mut done = Done::worded("uninstalled", "everything-uninstalled");
    for number in numbers.iter().rev() {
        done = done.hint("take-back", &format!("gateward undo {number}"));
    }
    if found.tray_runs {
        done = done.warn(at.say("everything-tray", &[]));
    }
    let output = Report { action: VERB, outcome: Ok(done), seen: None }.output(at);
    match output.json {
        Some(value) => Output { json: Some(with_lists(value, found, numbers)), ..output },
        None => Output { text: shown(found, at) + &output.text, ..output },
    }
}

fn with_lists(mut value: Value, found: &Inventory, numbers: &[u32]) -> Value {
    let services = found.services.iter().map(|(gateway, _)| {
        json!({ "profile": gateway.id.profile.to_string(), "manager": gateway.adapter.manager() })
    });
    value["removes"] = json!({
        "services": services.collect::<Vec<_>>(),
        "jobs": found.leftovers.jobs.iter().map(|job| &job.label).collect::<Vec<_>>(),
        "files": found.leftovers.files,
    });
    value["stays"] = json!(found.stays().collect::<Vec<_>>());
    value["changes"] = json!(numbers);
    value
}
