//! What a person changes about an installed service: its variables, its working folder, its node. From the edits to the definition that
//! is to be written; everything else of it stays as it is.

use std::collections::BTreeMap;

use crate::auth::survey::references;
use crate::changes::{Change, Journal};
use crate::environment::{self, minimal_path, refused, split_path};
use crate::execute::newest_undoable;
use crate::identity::Surroundings;
use crate::layout;
use crate::model::{DOTS, Edit, Observation, Origin, Registered, Registration, ServiceSpec, Value};
use crate::observe::own_variables;
use crate::problem::{Code, Problem};
use crate::programs::{self, Given};
use crate::settings;
use crate::spec::{self, Wish};
use crate::variables::{Row, locked, table};
use crate::world::{Gateway, World};

/// The service as it is to be after `edits`, from what is `seen` of it.
///
/// # Errors
/// `NotInstalled`; `UnitForeign` for a stranger's definition; `SecretInCommand` when its command could not be written again;
/// `BadVariable`, `BadWorkingDir`, `ProgramMissing`, `NoNode`, `Unsupported` when an edit cannot be.
pub async fn altered(
    world: &World,
    gateway: &Gateway,
    edits: &[Edit],
    seen: &Observation,
) -> Result<ServiceSpec, Problem> {
    let old = own(&seen.registered.value)?;
    let own = own_variables(&*world.system, &*gateway.adapter, &gateway.id).await;
    let mut spec = standing(gateway, &world.around, old, own);
    for edit in edits {
        apply(edit, &mut spec, old, world).await?;
    }
    Ok(spec)
}

fn own(registered: &Registered) -> Result<&Registration, Problem> {
    let old = match registered {
        Registered::Missing { .. } => return Err(Problem::not_installed()),
        Registered::Unknown { why, .. } => return Err(why.clone()),
        Registered::Present(old) => old,
    };
    if old.origin == Origin::Foreign {
        let command = format!("cat {}", crate::plan::shell_quoted(&old.file));
        return Err(Problem::new(Code::UnitForeign)
            .with("path", &old.file)
            .hint_command("look-at-file", command));
    }
    match old.command.iter().any(|word| word.contains(DOTS)) {
        true => Err(Problem::new(Code::SecretInCommand)
            .hint_command("secret-into-file", "gateward install --force --env-file FILE")),
        false => Ok(old),
    }
}

/// The service as it is. Of a definition that OpenClaw wrote, what it generates is generated anew, as at any installation.
fn standing(
    gateway: &Gateway,
    around: &Surroundings,
    old: &Registration,
    own: BTreeMap<String, Value>,
) -> ServiceSpec {
    let wish = Wish {
        port: gateway.id.port,
        working_dir: old.working_dir.clone(),
        command: old.command.clone(),
        variables: BTreeMap::new(),
        folders: spec::path_of(old, around.os),
    };
    let mut spec = spec::service(&gateway.id, around, &wish, environment::of_a_person(own.clone()));
    if old.origin == Origin::Gateward {
        spec.environment = own.into_iter().filter(|(name, _)| !environment::is_blocked(name)).collect();
    }
    spec
}

async fn apply(
    edit: &Edit,
    spec: &mut ServiceSpec,
    old: &Registration,
    world: &World,
) -> Result<(), Problem> {
    match edit {
        Edit::Set { name, value } => set(name, value.reveal(), spec, old),
        Edit::FromSession { name } => {
            let own = world.around.variables.get(name).ok_or_else(|| refused(name, "not-here"))?;
            set(name, own, spec, old)
        }
        Edit::Unset { name } => {
            is_free(name, old)?;
            spec.environment.remove(name).map(|_| ()).ok_or_else(|| refused(name, "absent"))
        }
        Edit::WorkingDir { path } => {
            let is_folder = |path: &str| world.system.entry(path).is_some_and(|entry| entry.folder);
            let given = path.as_deref().map(|path| spec::working_dir(path, &world.around, is_folder));
            spec.working_dir = given.transpose()?;
            Ok(())
        }
        Edit::Node { path } => run_with(path, spec, world).await,
    }
}

fn set(name: &str, value: &str, spec: &mut ServiceSpec, old: &Registration) -> Result<(), Problem> {
    let (name, value) = environment::assigned(name, value)?;
    is_free(&name, old)?;
    spec.environment.insert(name, value);
    Ok(())
}

/// What stands elsewhere, or ties the definition to its profile, is not a person's to change here.
fn is_free(name: &str, old: &Registration) -> Result<(), Problem> {
    let own = old.environment.iter().find(|variable| variable.name == name);
    let source = own.map(|variable| variable.source.as_str()).unwrap_or_default();
    match locked(name, source, old) {
        Some(reason) => Err(refused(name, reason).with("source", source)),
        None => Ok(()),
    }
}

/// Another node for the same arguments; it is asked for its version first, and its folder leads PATH from then on.
async fn run_with(path: &str, spec: &mut ServiceSpec, world: &World) -> Result<(), Problem> {
    let around = &world.around;
    let behind_script = spec::node_options(&spec.command).len() + 2;
    let runs_openclaw = spec.command.get(behind_script).is_some_and(|word| word == "gateway");
    if !runs_openclaw {
        return Err(Problem::new(Code::Unsupported).hint("other-program"));
    }
    let given = settings::current(&*world.system, around).programs.with_node(Some(path.to_owned()));
    let node = programs::find(&*world.system, around, &given).await?.node.path;
    if let Some(Value::Plain(folders)) = spec.environment.get_mut("PATH") {
        let before = layout::parent(&spec.command[0]);
        let others = split_path(folders, around.os).filter(|folder| *folder != before);
        let others: Vec<String> = others.map(str::to_owned).collect();
        *folders = minimal_path([&[layout::parent(&node).to_owned()], &others], around.os);
    }
    spec.command[0] = node;
    Ok(())
}

/// What the service is given, beside what this session has and OpenClaw's config says.
pub fn rows(world: &World, gateway: &Gateway, registration: &Registration) -> Vec<Row> {
    let said = references(&*world.system, &world.around, &gateway.id);
    table(registration, &world.around, &said)
}

/// The newest alteration, while it is the newest change of the service's files.
pub fn last_alteration(world: &World, gateway: &Gateway) -> Option<Change> {
    let journal = Journal::new(&world.around).ok()?;
    newest_undoable(&journal, &*world.system, &gateway.id.profile).filter(|change| change.what == ALTER)
}

/// Why nothing of the service can be changed; `None` when it can.
pub fn refusal(registered: &Registered) -> Option<Problem> {
    own(registered).err()
}

/// What a turn is called in which something is altered: the catalogue's `change-alter`.
pub const ALTER: &str = "alter";

/// A node whose path outlives updates, where the service runs with one whose path does not (A18); `None` where there is nothing to mend.
pub async fn lasting_node(world: &World, registration: &Registration) -> Option<String> {
    let own = registration.command.first().filter(|path| !programs::is_stable(path))?;
    let set = settings::current(&*world.system, &world.around).programs;
    let found = programs::find(&*world.system, &world.around, &Given { node: None, ..set }).await.ok()?.node;
    (found.stable && found.path != *own).then_some(found.path)
}

#[cfg(test)]
mod tests;
