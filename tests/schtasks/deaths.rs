//! Every plan for a Scheduled Task, killed before each of its acts on a real file system.

use std::path::Path;

use gateward::adapter::Intent;
use gateward::identity::Surroundings;
use gateward::plan::{Answer, Call, Tool};
use gateward::system::scripted::{Scripted, answered};

use crate::deaths::matrix::assert_reliable;
use crate::deaths::{Scene, surroundings, survives_every_death};
use crate::pc::{self, Desk, Pc};

fn scene(desk: Desk) -> Scene<Pc> {
    Scene::new(desk.system, desk.adapter, &desk.id, pc::surroundings(&[]))
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

/// Its incident database is in `own`.
fn machine(own: &Path) -> (Scripted<Pc>, Surroundings) {
    let local = own.join("local").display().to_string();
    let variables = [("LOCALAPPDATA", local.as_str())];
    let desk = Desk::with_variables(&variables);
    desk.with(|machine, _| machine.write(r"C:\node.exe", b"", 0o755).unwrap());
    (desk.system, pc::surroundings(&variables))
}

/// RPC_S_SERVER_UNAVAILABLE. The host needs no Task Scheduler.
fn nobody(call: &Call) -> Option<Answer> {
    (call.tool == Tool::Schtasks).then(|| answered(0x8007_06ba_u32.cast_signed(), "", ""))
}

#[test]
fn every_action_meets_what_goes_wrong_around_it_at_every_act() {
    let gateway = r"C:\node.exe serve --port 18789";
    surroundings::Desk { name: "schtasks", machine, gateway, nobody }.assert_reliable();
}
