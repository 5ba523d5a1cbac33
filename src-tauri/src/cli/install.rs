//! `install` and `render`: from wishes to a definition.

use std::collections::BTreeMap;

use serde_json::json;

use super::args::{Install, Render, Wanted};
use super::chronicle::Chronicle;
use super::invocation::Invocation;
use super::lifecycle::{carry, carry_somehow, foreign, running};
use super::report::{Done, Report, failure};
use super::taken::occupied;
use super::turn::Moment;
use super::warning::{forewarn, recalled};
use super::{Exit, Output, dry_run, ghosts, inside};
use crate::adapter::{self, Intent, systemd};
use crate::auth::survey::mismatches;
use crate::changes::Turn;
use crate::config::Config;
use crate::environment;
use crate::execute::Stage;
use crate::identity::{self, DEFAULT_PORT};
use crate::model::{
    Action, Autostart, Fact, Manager, Observation, Origin, PortUse, Registered, Registration, ServiceSpec,
    Value, Variable,
};
use crate::observe::observe;
use crate::plan::{Plan, Step};
use crate::ports::{self, Marks};
use crate::problem::{Code, Problem};
use crate::programs;
use crate::settings;
use crate::setup::Review;
use crate::spec::{self, Wish};
use crate::system::{Ask, answer_all};
use crate::world::Gateway;

const VERB: &str = "install";

pub async fn run(install: &Install, at: &Invocation<'_>) -> Output {
    match at.gateway() {
        Ok(gateway) => install_one(install, &gateway, at).await,
        Err(problem) => failure(VERB, problem, at),
    }
}

/// The same for a gateway that is already found.
pub async fn install_one(install: &Install, gateway: &Gateway, at: &Invocation<'_>) -> Output {
    let moment = at.moment();
    let outcome = match prepared(install, gateway, at).await {
        Ok(Prepared::Ready(ready)) if at.flags.dry_run => return dry_run::output(VERB, &ready.plan, at),
        Ok(prepared) => settled(prepared, moment, install, gateway, at).await,
        Err(problem) => Err(problem),
    };
    let stage = gateway.stage(at.world);
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    Report { action: VERB, outcome, seen: Some((gateway.adapter.manager(), seen)) }.output(at)
}

/// The installation itself.
///
/// # Errors
/// What refused it, or the step that failed; by then everything is put back.
pub async fn outcome(install: &Install, gateway: &Gateway, at: &Invocation<'_>) -> Result<Done, Problem> {
    let moment = at.moment();
    settled(prepared(install, gateway, at).await?, moment, install, gateway, at).await
}

async fn settled(
    prepared: Prepared,
    moment: Moment,
    install: &Install,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Result<Done, Problem> {
    match prepared {
        Prepared::Already(done) => Ok(done),
        Prepared::Ready(ready) => in_turn(*ready, moment, install, gateway, at).await,
    }
}

/// What the installation would come to, in words and with the files' differences.
///
/// # Errors
/// What would refuse it.
pub async fn review(install: &Install, gateway: &Gateway, at: &Invocation<'_>) -> Result<Review, Problem> {
    match prepared(install, gateway, at).await? {
        Prepared::Already(_) => Ok(Review::InPlace),
        Prepared::Ready(ready) => {
            Ok(Review::Plan { port: ready.spec.identity.port, steps: dry_run::planned(&ready.plan, at) })
        }
    }
}

enum Prepared {
    Already(Done),
    Ready(Box<Ready>),
}

/// A definition that is about to be written.
pub struct Ready {
    pub action: Action,
    /// The result's name when it is done.
    pub result: &'static str,
    pub spec: ServiceSpec,
    pub plan: Plan,
    pub force: bool,
    /// We run inside the gateway ourselves.
    pub inside: bool,
    pub warnings: Vec<String>,
    pub seen: Observation,
}

/// Everything that can be refused is refused here, before anything is touched.
async fn prepared(install: &Install, gateway: &Gateway, at: &Invocation<'_>) -> Result<Prepared, Problem> {
    let config = gateway.config.as_ref().map_err(Clone::clone)?;
    let typed = Typed::read(&install.wanted, at)?;
    let stage = gateway.stage(at.world);
    let seen = observe(stage.system, stage.adapter, stage.id).await;
    seen.supervised.value.known()?;
    let old = replaceable(&seen.registered.value, install.force)?;
    let manager = gateway.adapter.manager();
    if let Some(old) = old.filter(|old| !install.force && is_in_place(manager, old)) {
        return Ok(Prepared::Already(already(old)));
    }
    let port = typed.port.unwrap_or_else(|| port_by_rank(gateway, config, old, at));
    let (wish, mut warnings) = wish(typed, port, config, old, at).await?;
    let settled = ghosts::settle(install.legacy, gateway, at).await?;
    free_port(&wish, gateway, &seen, &settled.ends, at).await?;
    let (kept, lost) = carried_over(old, gateway, at).await;
    warnings.extend(lost);
    let spec = spec::service(&gateway.id, &at.world.around, &wish, kept);
    let intent = Intent::Install { spec: &spec, force: install.force };
    let mut plan = gateway.adapter.plan(&intent, &spec.identity, &seen)?;
    plan.steps.splice(0..0, settled.steps);
    warnings.extend(settled.warning);
    if install.linger {
        // Before anything is written: where it is refused, nothing has changed.
        plan.steps.insert(0, lingering(manager, at)?);
    }
    let inside = inside::is_inside(&*at.world.system, &gateway.id, &seen).await;
    let (action, result, force) = (Action::Install, "installed", install.force);
    Ok(Prepared::Ready(Box::new(Ready { action, result, spec, plan, force, inside, warnings, seen })))
}

/// What was typed, checked as far as it can be without looking at the service.
struct Typed<'a> {
    port: Option<u16>,
    working_dir: Option<String>,
    variables: BTreeMap<String, Value>,
    wanted: &'a Wanted,
}

impl<'a> Typed<'a> {
    fn read(wanted: &'a Wanted, at: &Invocation<'_>) -> Result<Self, Problem> {
        let around = &at.world.around;
        let is_folder = |path: &str| at.world.system.entry(path).is_some_and(|entry| entry.folder);
        let folder = |text: &String| spec::working_dir(text, around, is_folder);
        Ok(Self {
            port: wanted.port.as_deref().map(identity::port).transpose()?,
            working_dir: wanted.workdir.as_ref().map(folder).transpose()?,
            variables: variables(wanted, at)?,
            wanted,
        })
    }
}

/// Of the file first, so that the command line wins.
fn variables(wanted: &Wanted, at: &Invocation<'_>) -> Result<BTreeMap<String, Value>, Problem> {
    let mut set = match &wanted.env_file {
        Some(path) => spec::variables(&text_of(path, at)?)?,
        None => BTreeMap::new(),
    };
    for text in &wanted.env {
        let (name, value) = environment::assignment(text)?;
        set.insert(name, value);
    }
    Ok(set)
}

/// The text of a file that was named on the command line.
///
/// # Errors
/// `ReadFailed`.
pub fn text_of(path: &str, at: &Invocation<'_>) -> Result<String, Problem> {
    let around = &at.world.around;
    let path = crate::layout::absolute(path, around.home()?, &around.cwd, around.os);
    let missing = || Problem::new(Code::ReadFailed).with("path", &path).because("no such file");
    at.world.system.read(&path)?.map(|contents| contents.text()).ok_or_else(missing)
}

/// The definition that would be replaced.
///
/// # Errors
/// `UnitForeign` for a stranger's, unless `force`; why it cannot be read.
fn replaceable(registered: &Registered, force: bool) -> Result<Option<&Registration>, Problem> {
    match registered {
        Registered::Missing { .. } => Ok(None),
        Registered::Unknown { why, .. } => Err(why.clone()),
        Registered::Present(old) if old.origin == Origin::Foreign && !force => Err(foreign(&old.file)),
        Registered::Present(old) => Ok(Some(old)),
    }
}

/// A switched-off service is installed anew, as OpenClaw does: its "loaded" is "enabled" (OC 3.6). The built-in manager's has no
/// such switch where no desktop reads autostart entries.
fn is_in_place(manager: Manager, old: &Registration) -> bool {
    match (manager, old.autostart) {
        (Manager::Builtin, _) | (_, Autostart::On | Autostart::Unknown) => true,
        (Manager::Systemd | Manager::Launchd | Manager::Schtasks, Autostart::Off | Autostart::Blocked) => {
            false
        }
    }
}

fn already(old: &Registration) -> Done {
    Done::new("already-installed").with("path", &old.file).hint("reinstall", "gateward install --force")
}

/// Environment and config, then the old definition's, then the default: a reinstallation does not move a gateway.
fn port_by_rank(gateway: &Gateway, config: &Config, old: Option<&Registration>, at: &Invocation<'_>) -> u16 {
    let told = at.world.around.variable("OPENCLAW_GATEWAY_PORT").is_some() || config.port.is_some();
    let before = old.and_then(|old| identity::port_in(&old.command));
    if told { gateway.id.port } else { before.unwrap_or(DEFAULT_PORT) }
}

/// Finds the program, and says what may become a trouble with it.
async fn wish(
    typed: Typed<'_>,
    port: u16,
    config: &Config,
    old: Option<&Registration>,
    at: &Invocation<'_>,
) -> Result<(Wish, Vec<String>), Problem> {
    let (system, around) = (&*at.world.system, &at.world.around);
    let with = |command: Vec<String>| Wish {
        port,
        working_dir: typed.working_dir.clone(),
        variables: typed.variables.clone(),
        command,
        folders: Vec::new(),
    };
    if let Some((program, arguments)) = typed.wanted.program.split_first() {
        let program = programs::program(system, around, program)?;
        return Ok((with([program].into_iter().chain(arguments.iter().cloned()).collect()), Vec::new()));
    }
    let given = settings::current(system, around).programs.with_node(typed.wanted.node.clone());
    let found = programs::find(system, around, &given).await?;
    let shaky = [(found.node.stable, &found.node.path), (found.openclaw.stable, &found.openclaw.entry)];
    let paths = shaky.into_iter().filter(|(stable, _)| !stable);
    let mut warnings: Vec<String> =
        paths.map(|(_, path)| at.say("warn-unstable-path", &[("path", path)])).collect();
    if config.mode.as_deref() != Some("local") && !config.has_includes {
        warnings.push(
            at.say("warn-mode", &[("command", &at.page().paste("openclaw config set gateway.mode local"))]),
        );
    }
    let options = old.map(|old| spec::node_options(&old.command)).unwrap_or_default();
    let folders = programs::service_folders(system, around, &found.openclaw);
    Ok((Wish { folders, ..with(spec::openclaw_command(&found, options, port)) }, warnings))
}

/// # Errors
/// `PortTaken`, naming the owner, unless it is this very service or one of those that are about to end.
async fn free_port(
    wish: &Wish,
    gateway: &Gateway,
    seen: &Observation,
    ending: &[u32],
    at: &Invocation<'_>,
) -> Result<(), Problem> {
    let port = spec::effective_port(wish);
    let report = at.world.system.answer(&Ask::Port { port }).await;
    let roots = seen.supervised.value.pid().into_iter().collect();
    let used: Fact<_> =
        ports::read(port, &Marks { roots, names: gateway.id.names(), rival: None }, &[report]);
    match &used.value {
        PortUse::Owned { owner, .. } if ending.contains(&owner.pid) => Ok(()),
        used => occupied(used, at).map_or(Ok(()), Err),
    }
}

/// The values that survive a reinstallation, and words about secrets that do not.
async fn carried_over(
    old: Option<&Registration>,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> (BTreeMap<String, Value>, Option<String>) {
    let Some(old) = old else { return (BTreeMap::new(), None) };
    let (system, adapter) = (&*at.world.system, &*gateway.adapter);
    let mut reports = answer_all(system, &adapter.asks(&gateway.id)).await;
    reports.extend(answer_all(system, &adapter.follow_up(&gateway.id, &reports)).await);
    let mut values = spec::kept(old);
    values.extend(adapter.carried_over(&gateway.id, &reports));
    let is_lost = |variable: &&Variable| variable.secret && !values.contains_key(&variable.name);
    let lost: Vec<&str> =
        old.environment.iter().filter(is_lost).map(|variable| variable.name.as_str()).collect();
    let warning = (!lost.is_empty()).then(|| at.say("warn-lost-secrets", &[("names", &lost.join(", "))]));
    (values, warning)
}

/// What was planned holds only while nobody else has changed anything.
async fn in_turn(
    ready: Ready,
    moment: Moment,
    install: &Install,
    gateway: &Gateway,
    at: &Invocation<'_>,
) -> Result<Done, Problem> {
    let turn = at.turn_for_files(VERB).await?;
    if at.moment() == moment {
        return carried(ready, gateway, &turn, at).await;
    }
    match prepared(install, gateway, at).await? {
        Prepared::Already(done) => Ok(done),
        Prepared::Ready(ready) => carried(*ready, gateway, &turn, at).await,
    }
}

/// Carries it out, and tells the history of it.
///
/// # Errors
/// As [`carry_somehow`].
pub async fn carried(
    ready: Ready,
    gateway: &Gateway,
    turn: &Turn,
    at: &Invocation<'_>,
) -> Result<Done, Problem> {
    let stage = Stage { id: &ready.spec.identity, ..gateway.stage(at.world) }.in_turn(turn);
    let chronicle = Chronicle::begun(&ready.action, gateway, &ready.seen, at);
    let outcome = carried_on(&ready, stage, at).await;
    chronicle.ended(&observe(stage.system, stage.adapter, stage.id).await, at);
    outcome
}

async fn carried_on(ready: &Ready, stage: Stage<'_>, at: &Invocation<'_>) -> Result<Done, Problem> {
    let found = mismatches(stage.system, &at.world.around, stage.id, &to_be_given(&ready.spec));
    forewarn(&found, at);
    carried_out(ready, stage, at).await.map(|done| recalled(done, &found, at))
}

/// What the service is going to find in its environment; its secrets will stand in a file of their own.
fn to_be_given(spec: &ServiceSpec) -> Vec<Variable> {
    let text = |value: &Value| match value {
        Value::Plain(text) => text.clone(),
        Value::Secret(secret) => secret.reveal().to_owned(),
    };
    spec.environment.iter().map(|(name, value)| environment::shown(name, &text(value), "")).collect()
}

async fn carried_out(ready: &Ready, stage: Stage<'_>, at: &Invocation<'_>) -> Result<Done, Problem> {
    if ready.inside {
        carry(stage, &inside::handed_over(ready.plan.clone(), stage.adapter.manager())?, at).await?;
        return Ok(Done { warnings: ready.warnings.clone(), ..Done::new("scheduled") });
    }
    let intent = Intent::Install { spec: &ready.spec, force: ready.force };
    carry_somehow(stage, &intent, &ready.seen, ready.plan.clone(), at).await?;
    let after = observe(stage.system, stage.adapter, stage.id).await;
    let done = Done { warnings: ready.warnings.clone(), ..running(ready.result, &after) };
    Ok(with_reboot(with_logout(done, &after, at), stage.adapter.manager(), &after, at))
}

/// What the built-in manager promises depends on what the machine has: an autostart folder, cron, or nothing.
fn with_reboot(done: Done, manager: Manager, after: &Observation, at: &Invocation<'_>) -> Done {
    match &after.registered.value {
        Registered::Present(registration)
            if manager == Manager::Builtin && registration.autostart == Autostart::Off =>
        {
            done.warn(at.say("warn-no-login-start", &[]))
        }
        Registered::Present(_) | Registered::Missing { .. } | Registered::Unknown { .. } => done,
    }
}

/// The most common surprise on a server: the gateway ends with the ssh session (A1).
fn with_logout(done: Done, after: &Observation, at: &Invocation<'_>) -> Done {
    match &after.registered.value {
        Registered::Present(registration) if registration.lingers == Some(false) => done
            .warn(at.say("text-lingers-not", &[]))
            .hint("keep-after-logout", "gateward install --force --linger"),
        Registered::Present(_) | Registered::Missing { .. } | Registered::Unknown { .. } => done,
    }
}

/// # Errors
/// `Unsupported` for a manager to which lingering means nothing.
fn lingering(manager: Manager, at: &Invocation<'_>) -> Result<Step, Problem> {
    match (manager, &at.world.around.user) {
        (Manager::Systemd, Some(user)) => Ok(systemd::enable_linger(user)),
        (Manager::Systemd, None) | (Manager::Builtin | Manager::Launchd | Manager::Schtasks, _) => {
            Err(Problem::new(Code::Unsupported).hint("linger-is-systemds"))
        }
    }
}

/// The text that `install` would write, for any manager.
pub async fn render(render: &Render, at: &Invocation<'_>) -> Output {
    match rendered(render, at).await {
        Ok(text) if at.flags.json => {
            Output::json(json!({ "manager": render.target.manager(), "text": text }), Exit::Ok)
        }
        Ok(text) => Output { text, ..Output::default() },
        Err(problem) => failure("render", problem, at),
    }
}

async fn rendered(render: &Render, at: &Invocation<'_>) -> Result<String, Problem> {
    let adapter = adapter::native(render.target.manager(), &at.world.around)?;
    let gateway = at.gateway()?;
    let config = gateway.config.as_ref().map_err(Clone::clone)?;
    let typed = Typed::read(&render.wanted, at)?;
    let port = typed.port.unwrap_or(gateway.id.port);
    let (wish, _) = wish(typed, port, config, None, at).await?;
    adapter.render(&spec::service(&gateway.id, &at.world.around, &wish, BTreeMap::new()))
}
