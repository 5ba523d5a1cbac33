//! Every plan for the built-in manager, killed before each of its acts on a real file system, and met by every other fault.

use gateward::adapter::Intent;

use super::deaths::matrix::assert_reliable;
use super::deaths::{Scene, survives_every_death};
use super::machine::{Host, desk, spec, surroundings};

async fn scene(running: bool) -> Scene<Host> {
    let desk = desk();
    if running {
        desk.install().await.unwrap();
    }
    Scene::new(desk.system, desk.adapter, &desk.id, surroundings())
}

#[tokio::test]
async fn installation_and_removal_survive_every_death() {
    let spec = spec();
    let install = Intent::Install { spec: &spec, force: false };
    let acts = survives_every_death(|| scene(false), &install).await;
    assert!(acts > 10, "{acts}");
    survives_every_death(|| scene(true), &Intent::Uninstall).await;
}

#[tokio::test]
async fn stop_and_restart_survive_every_death() {
    for intent in [Intent::Stop { stay: true }, Intent::Stop { stay: false }, Intent::Restart] {
        survives_every_death(|| scene(true), &intent).await;
    }
}

#[tokio::test]
async fn every_action_meets_every_fault_at_every_act() {
    assert_reliable("builtin", &spec(), || scene(false), || scene(true)).await;
}
