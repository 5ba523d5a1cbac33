//! Every plan for the built-in manager, killed before each of its acts on a real file system, and met by every other fault.

use std::path::Path;

use gateward::adapter::Intent;
use gateward::identity::Surroundings;
use gateward::plan::{Answer, Call, End};
use gateward::system::scripted::Scripted;

use super::deaths::{self, matrix::assert_reliable};
use super::deaths::{Scene, survives_every_death};
use super::machine::{self, Host, desk, spec, surroundings};

async fn scene(running: bool) -> Scene<Host> {
    let desk = desk();
    if running {
        desk.install().await.unwrap();
    }
    Scene::new(desk.system, desk.adapter, &desk.id, surroundings(&[]))
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

/// Its incident database is in `own`.
fn machine(own: &Path) -> (Scripted<Host>, Surroundings) {
    let around = surroundings(&[("XDG_STATE_HOME", &own.display().to_string())]);
    (machine::machine(&around), around)
}

/// Our own program is the manager: while it is being replaced it cannot be run.
fn nobody(_: &Call) -> Option<Answer> {
    let end = End::NotStarted("No such file or directory (os error 2)".to_owned());
    Some(Answer { end, ..Answer::default() })
}

#[test]
fn every_action_meets_what_goes_wrong_around_it_at_every_act() {
    let gateway = "/usr/bin/node serve --port 18789";
    deaths::surroundings::Desk { name: "builtin", machine, gateway, nobody }.assert_reliable();
}
