//! Collects the facts. It looks, and changes nothing.

use super::answers::Program;
use super::facts::{Facts, Review};
use super::kept::Kept;
use super::rivals::rivals;
use crate::auth::judge::judged;
use crate::auth::survey::{Place, survey};
use crate::changes::Journal;
use crate::config::Config;
use crate::identity::Surroundings;
use crate::last_words::last_words;
use crate::layout::Os;
use crate::model::{Judged, Observation, PortUse};
use crate::observe::{ghosts, observe};
use crate::ports::{self, Marks};
use crate::problem::Problem;
use crate::programs;
use crate::settings;
use crate::system::{Ask, Seen};
use crate::verdict;
use crate::world::{Gateway, World};

/// `review` is what an installation by the same decisions would come to.
pub async fn gather(world: &World, gateway: &Gateway, kept: &Kept, review: Result<Review, Problem>) -> Facts {
    let (system, around, id) = (&*world.system, &world.around, &gateway.id);
    let seen = observe(system, &*gateway.adapter, id).await;
    let given = settings::current(system, around).programs.with_node(kept.answers.node.clone());
    let port = port_use(world, gateway, kept, &seen).await;
    let inventory = programs::inventory(system, around).await;
    let is_here = seen.registration().is_some();
    let verdict = verdict::judge(&seen);
    let last_words =
        if verdict.is_own_end() { last_words(system, &*gateway.adapter, id).await } else { Vec::new() };
    Facts {
        manager: gateway.adapter.manager(),
        fetchers: programs::fetchers(system, around, &inventory.nodes),
        programs: programs::find(system, around, &given).await,
        verdict,
        last_words,
        ghosts: ghosts(system, &*gateway.adapter, id).await,
        rivals: rivals(system, &id.home, around.os, &seen).await,
        config: config(world, gateway),
        free_port: free_port(world, &port).await,
        port,
        credentials: if is_here { credentials(world, gateway).await } else { Vec::new() },
        tray_host: if has_screen(around) { system.tray_host().await } else { None },
        interrupted: Journal::new(around)
            .ok()
            .and_then(|journal| journal.interrupted(system).first().map(|change| change.number)),
        around: around.clone(),
        id: id.clone(),
        inventory,
        seen,
        review,
    }
}

fn config(world: &World, gateway: &Gateway) -> Result<Option<Config>, Problem> {
    let config = gateway.config.as_ref().map_err(Clone::clone)?;
    Ok(world.system.entry(&gateway.id.config_path).map(|_| config.clone()))
}

/// Of the port that was decided on, else of the service's own.
async fn port_use(world: &World, gateway: &Gateway, kept: &Kept, seen: &Observation) -> PortUse {
    let wanted = kept.answers.port.filter(|port| *port != seen.port.value.port());
    let Some(port) = wanted.filter(|_| seen.registration().is_none()) else { return seen.port.value.clone() };
    let report = world.system.answer(&Ask::Port { port }).await;
    let roots = seen.supervised.value.pid().into_iter().collect();
    ports::read(port, &Marks { roots, names: gateway.id.names(), rival: None }, &[report]).value
}

/// How many ports above the taken one are tried.
const TRIED: u16 = 50;

async fn free_port(world: &World, used: &PortUse) -> Option<u16> {
    let taken = match used {
        PortUse::Owned { port, .. } | PortUse::Hidden { port } => *port,
        PortUse::Free { .. } | PortUse::Unknown { .. } => return None,
    };
    for port in taken.checked_add(1)?..=taken.saturating_add(TRIED) {
        if world.system.answer(&Ask::Port { port }).await.seen == Seen::Listeners(Vec::new()) {
            return Some(port);
        }
    }
    None
}

async fn credentials(world: &World, gateway: &Gateway) -> Vec<Judged> {
    let set = settings::current(&*world.system, &world.around);
    let place = Place {
        system: &*world.system,
        around: &world.around,
        id: &gateway.id,
        own: &set.credentials.sources,
        given: &set.programs,
        port: None,
    };
    judged(&survey(&place).await.credentials, world.system.now())
}

fn has_screen(around: &Surroundings) -> bool {
    around.os == Os::Linux
        && ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| around.variable(name).is_some())
}

impl Kept {
    pub fn takes_demo(&self) -> bool {
        self.answers.program == Some(Program::Demo)
    }
}
