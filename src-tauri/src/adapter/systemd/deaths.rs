//! Every plan for a systemd service, killed before each of its acts on a real file system.

use std::path::Path;

use super::simulator::Manager;
use super::stories::{self, Story};
use crate::adapter::Intent;
use crate::identity::Surroundings;
use crate::identity::tests::around;
use crate::model::ServiceSpec;
use crate::plan::{Answer, Call};
use crate::system::scripted::{Scripted, answered};

#[path = "../../../../tests/deaths/mod.rs"]
mod rig;

use rig::matrix::assert_reliable;
use rig::surroundings::Desk;
use rig::{Scene, survives_every_death};

/// A machine with this unit installed, enabled and running, if one is given.
async fn scene(unit: Option<&str>) -> Scene<Manager> {
    let story = unit.map_or_else(Story::new, Story::with_unit);
    Scene::new(story.system, story.adapter, &story.id, around(&[]))
}

fn wanted() -> ServiceSpec {
    stories::gateway()
}

#[tokio::test]
async fn an_installation_survives_every_death() {
    let spec = wanted();
    let acts = survives_every_death(|| scene(None), &Intent::Install { spec: &spec, force: false }).await;
    assert!(acts > 15, "{acts}");
}

#[tokio::test]
async fn an_installation_over_openclaws_unit_survives_every_death() {
    let spec = wanted();
    let over = &Intent::Install { spec: &spec, force: false };
    survives_every_death(|| scene(Some(stories::F)), over).await;
}

#[tokio::test]
async fn a_removal_survives_every_death() {
    survives_every_death(|| scene(Some(stories::N)), &Intent::Uninstall).await;
}

#[tokio::test]
async fn start_stop_and_restart_survive_every_death() {
    for intent in [Intent::Stop { stay: true }, Intent::Stop { stay: false }, Intent::Restart] {
        survives_every_death(|| scene(Some(stories::N)), &intent).await;
    }
}

#[tokio::test]
async fn every_action_meets_every_fault_at_every_act() {
    assert_reliable("systemd", &wanted(), || scene(None), || scene(Some(stories::N))).await;
}

/// Its incident database is in `own`.
#[allow(clippy::unwrap_used)]
fn machine(own: &Path) -> (Scripted<Manager>, Surroundings) {
    let story = Story::new();
    story.system.with(|machine, _| machine.write("/bin/gw", b"", 0o755).unwrap());
    (story.system, around(&[("XDG_STATE_HOME", &own.display().to_string())]))
}

fn nobody(_: &Call) -> Option<Answer> {
    Some(answered(1, "", "Failed to connect to bus: Connection refused"))
}

#[test]
fn every_action_meets_what_goes_wrong_around_it_at_every_act() {
    Desk { name: "systemd", machine, gateway: "/bin/gw serve --port 18789", nobody }.assert_reliable();
}
