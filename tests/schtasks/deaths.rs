//! Every plan for a Scheduled Task, killed before each of its acts on a real file system.

use gateward::adapter::Intent;

use crate::deaths::matrix::assert_reliable;
use crate::deaths::{Scene, survives_every_death};
use crate::pc::{Desk, Pc, surroundings};

fn scene(desk: Desk) -> Scene<Pc> {
    Scene::new(desk.system, desk.adapter, &desk.id, surroundings(&[]))
}

#[tokio::test]
async fn an_installation_survives_every_death() {
    let spec = Desk::new().spec;
    let install = Intent::Install { spec: &spec, force: false };
    let acts = survives_every_death(|| async { scene(Desk::new()) }, &install).await;
    assert!(acts > 15, "{acts}");
}

#[tokio::test]
async fn an_installation_over_openclaws_task_survives_every_death() {
    let spec = Desk::new().spec;
    let install = Intent::Install { spec: &spec, force: false };
    survives_every_death(|| async { scene(Desk::openclaws()) }, &install).await;
}

#[tokio::test]
async fn a_removal_survives_every_death() {
    survives_every_death(|| async { scene(Desk::running().await) }, &Intent::Uninstall).await;
}

#[tokio::test]
async fn stop_and_restart_survive_every_death() {
    for intent in [Intent::Stop { stay: true }, Intent::Stop { stay: false }, Intent::Restart] {
        survives_every_death(|| async { scene(Desk::running().await) }, &intent).await;
    }
}

#[tokio::test]
async fn every_action_meets_every_fault_at_every_act() {
    assert_reliable(
        "schtasks",
        &Desk::new().spec,
        || async { scene(Desk::new()) },
        || async { scene(Desk::running().await) },
    )
    .await;
}
