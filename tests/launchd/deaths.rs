//! Every plan for a LaunchAgent, killed before each of its acts on a real file system.

use std::path::Path;

use gateward::adapter::Intent;
use gateward::identity::Surroundings;
use gateward::plan::{Answer, Call, Tool};
use gateward::system::scripted::{Scripted, answered};

use crate::deaths::matrix::assert_reliable;
use crate::deaths::{Scene, surroundings, survives_every_death};
use crate::desk::{self, Desk};
use crate::mac::Mac;

fn scene(desk: Desk) -> Scene<Mac> {
    Scene::new(desk.system, desk.adapter, &desk.id, desk::surroundings(&[]))
}

#[tokio::test]
async fn an_installation_survives_every_death() {
    let spec = Desk::new().spec;
    let install = Intent::Install { spec: &spec, force: false };
    let acts = survives_every_death(|| async { scene(Desk::new()) }, &install).await;
    assert!(acts > 15, "{acts}");
}

#[tokio::test]
async fn another_installation_survives_every_death() {
    let mut spec = Desk::new().spec;
    spec.command.push("--verbose".to_owned());
    let install = Intent::Install { spec: &spec, force: true };
    survives_every_death(|| async { scene(Desk::running().await) }, &install).await;
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
        "launchd",
        &Desk::new().spec,
        || async { scene(Desk::new()) },
        || async { scene(Desk::running().await) },
    )
    .await;
}

/// Its incident database is in `own`.
fn machine(own: &Path) -> (Scripted<Mac>, Surroundings) {
    (Desk::new().system, desk::surroundings(&[("HOME", &own.display().to_string())]))
}

/// What launchctl says without a session.
fn nobody(call: &Call) -> Option<Answer> {
    (call.tool == Tool::Launchctl).then(|| answered(125, "", "Domain does not support specified action"))
}

#[test]
fn every_action_meets_what_goes_wrong_around_it_at_every_act() {
    let gateway = "/opt/node/bin/node serve --port 18789";
    surroundings::Desk { name: "launchd", machine, gateway, nobody }.assert_reliable();
}
