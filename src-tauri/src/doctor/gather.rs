//! Collects the evidence. It looks, and changes nothing.

use crate::adapter::{builtin, launchd, systemd};
use crate::auth::judge::judged;
use crate::auth::survey::{Place, survey};
use crate::changes::{self, Journal};
use crate::layout::{self, Os};
use crate::logs;
use crate::model::{Manager, Observation, Registration};
use crate::observe::{ghosts, log_files, observe};
use crate::plan::End;
use crate::programs;
use crate::settings;
use crate::system::{Ask, Seen};
use crate::verdict;
use crate::world::{Gateway, World};

use super::evidence::{Evidence, FileFact, Role};

pub async fn gather(world: &World, gateway: &Gateway) -> Evidence {
    let (system, around, id) = (&*world.system, &world.around, &gateway.id);
    let seen = observe(system, &*gateway.adapter, id).await;
    let set = settings::current(system, around);
    let own = set.credentials.sources.clone();
    let place = Place { system, around, id, own: &own, given: &set.programs, port: None };
    let surveyed = survey(&place).await;
    let now = system.now();
    let ghosts = ghosts(system, &*gateway.adapter, id).await;
    Evidence {
        around: around.clone(),
        id: id.clone(),
        manager: gateway.adapter.manager(),
        verdict: verdict::judge(&seen),
        settings: seen.registration().map(|found| written(found, world, gateway)).unwrap_or_default(),
        files: files(&seen, world, gateway).await,
        missing: seen.registration().map(|found| missing(found, world)).unwrap_or_default(),
        config: gateway.config.clone(),
        programs: programs::find(system, around, &set.programs).await,
        credentials: judged(&surveyed.credentials, now),
        mismatches: surveyed.findings(&seen.registered.value),
        has_starter: has_starter(world, gateway).await,
        ghosts: ghosts.into_iter().map(|ghost| ghost.label).collect(),
        interrupted: Journal::new(around)
            .map(|journal| journal.interrupted(system).iter().map(|change| change.number).collect())
            .unwrap_or_default(),
        free_bytes: system.free_space(&id.state_dir),
        now,
        seen,
    }
}

/// The built-in manager has only what a desktop reads, and cron.
async fn has_starter(world: &World, gateway: &Gateway) -> bool {
    match gateway.adapter.manager() {
        Manager::Systemd | Manager::Launchd | Manager::Schtasks => true,
        Manager::Builtin => builtin::has_desktop(&world.around) || has_cron(world).await,
    }
}

/// A crontab that is not there yet is an answer; a tool that is not there is none.
async fn has_cron(world: &World) -> bool {
    let Seen::Answered(answer) = world.system.answer(&Ask::Crontab).await.seen else { return false };
    !matches!(answer.end, End::NotStarted(_))
}

/// Its settings by name, with those of its drop-ins behind.
fn written(found: &Registration, world: &World, gateway: &Gateway) -> Vec<(String, String)> {
    let text = |path: &String| world.system.read(path).ok().flatten();
    match gateway.adapter.manager() {
        Manager::Systemd => {
            let all = [&found.file].into_iter().chain(&found.drop_ins);
            all.filter_map(text).flat_map(|contents| systemd::settings(&contents.text())).collect()
        }
        Manager::Launchd => {
            text(&found.file).map(|contents| launchd::settings(&contents.bytes)).unwrap_or_default()
        }
        // A task's are judged by its adapter; our own registration has nothing to judge.
        Manager::Schtasks | Manager::Builtin => Vec::new(),
    }
}

/// What a Scheduled Task lacks is a flaw that its adapter finds.
fn missing(found: &Registration, world: &World) -> Vec<String> {
    if world.around.os == Os::Windows {
        return Vec::new();
    }
    programs::missing(&*world.system, found)
}

async fn files(seen: &Observation, world: &World, gateway: &Gateway) -> Vec<FileFact> {
    let (system, id) = (&*world.system, &gateway.id);
    let definition = seen.registration().map(|found| found.file.clone());
    let mut sources: Vec<String> = seen
        .registration()
        .into_iter()
        .flat_map(|found| found.environment.iter().map(|variable| variable.source.clone()))
        .filter(|source| layout::is_absolute(source) && Some(source) != definition.as_ref())
        .collect();
    sources.sort();
    sources.dedup();
    let backup = definition.as_ref().map(|path| format!("{path}.bak"));
    let config = gateway.config.as_ref().ok();
    let app_log = config.and_then(|config| logs::app_log(system, &world.around, id, config));
    let written = log_files(system, &*gateway.adapter, id).await.unwrap_or_default();
    let small = [(definition, Role::Definition), (backup, Role::Backup)]
        .into_iter()
        .filter_map(|(path, role)| Some((path?, role)))
        .chain(sources.into_iter().map(|path| (path, Role::Environment)))
        .chain([(id.config_path.clone(), Role::Config)]);
    let small = small.filter_map(|(path, role)| fact(path, role, world));
    let large = written.into_iter().chain(app_log).filter_map(|path| {
        let part = system.read_part(&path, 0, 0).ok()??;
        Some(FileFact { path, role: Role::Log, mode: 0o600, bytes: part.length, secret: false })
    });
    small.chain(large).collect()
}

fn fact(path: String, role: Role, world: &World) -> Option<FileFact> {
    let contents = world.system.read(&path).ok()??;
    let secret = changes::holds_secret(&contents.bytes);
    Some(FileFact { path, role, mode: contents.mode, bytes: contents.bytes.len() as u64, secret })
}
