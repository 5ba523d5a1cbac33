//! Every verdict under launchd that needs no story of its own (docs/truth.md).

use std::time::Duration;

use gateward::adapter::Intent;
use gateward::model::{Remark, Verdict};
use gateward::system::ProcessSeen;
use gateward::verdict::remarks;

use crate::desk::Desk;
use crate::mac::{Behaviour, LABEL, NODE, PLIST, UID};
use crate::scripted::{self, Replies};

const LONG: Duration = Duration::from_secs(3600);

/// A process on the gateway's port that launchd knows nothing of.
fn beside(desk: &Desk, command: &[&str], started_by: Option<&str>) {
    let words: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
    let unit = started_by.map(str::to_owned);
    let process = ProcessSeen { unit, ..scripted::process(77, command[0], &words) };
    desk.with(|_, mac| mac.beside = Some(process));
}

const GATEWAY: &[&str] = &[NODE, "/opt/openclaw/dist/index.js", "gateway"];

#[tokio::test]
async fn nothing_installed_is_not_installed() {
    assert_eq!(Desk::new().verdict().await, Verdict::NotInstalled);
}

#[tokio::test]
async fn a_gateway_that_does_not_listen_yet_is_starting() {
    let desk = Desk::running().await;
    desk.with(|_, mac| mac.behaviour.listens_after_ms = Some(60_000));
    desk.kill(9).await;
    desk.pass(Duration::from_secs(15));
    desk.seen().await;
    desk.pass(Duration::from_secs(5));
    assert_eq!(desk.verdict().await, Verdict::Starting);
}

#[tokio::test]
async fn a_gateway_that_has_stopped_answering_is_hung() {
    let desk = Desk::running().await;
    desk.pass(LONG);
    desk.with(|_, mac| mac.replies = Replies::Silence);
    assert_eq!(desk.verdict().await, Verdict::Hung);
}

#[tokio::test]
async fn a_page_instead_of_json_is_no_ready_gateway() {
    let desk = Desk::running().await;
    desk.pass(LONG);
    desk.with(|_, mac| mac.replies = Replies::Page);
    assert_eq!(desk.verdict().await, Verdict::Degraded);
}

#[tokio::test]
async fn a_gateway_that_drains_is_stopping() {
    let desk = Desk::new();
    desk.with(|_, mac| mac.behaviour = Behaviour { drains_ms: 15_000, ..Behaviour::default() });
    desk.install().await.unwrap();
    let args = ["bootout".to_owned(), format!("gui/{UID}/{LABEL}")];
    desk.with(|machine, mac| mac.obey(&args, machine));
    assert_eq!(desk.verdict().await, Verdict::Stopping);
}

#[tokio::test]
async fn a_stranger_on_the_port_of_a_running_service_is_a_foreign_owner() {
    let desk = Desk::running().await;
    beside(&desk, &["/usr/sbin/nginx"], None);
    assert_eq!(desk.verdict().await, Verdict::ForeignOwner);
}

#[tokio::test]
async fn an_apps_gateway_beside_the_agents_makes_two_managers() {
    let desk = Desk::running().await;
    beside(&desk, GATEWAY, Some("OpenClaw.app"));
    assert_eq!(desk.verdict().await, Verdict::TwoManagers);
}

#[tokio::test]
async fn a_gateway_on_the_port_of_a_job_that_was_booted_out_is_an_orphan() {
    let desk = Desk::running().await;
    desk.act(&Intent::Stop { stay: false }).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Unloaded);
    beside(&desk, GATEWAY, None);
    assert_eq!(desk.verdict().await, Verdict::Orphan);
}

#[tokio::test]
async fn a_gateway_without_any_agent_is_managed_elsewhere() {
    let desk = Desk::new();
    beside(&desk, GATEWAY, Some("docker container 0123456789ab"));
    assert_eq!(desk.verdict().await, Verdict::External);
}

#[tokio::test]
async fn a_plist_deleted_under_a_running_gateway_is_no_longer_well() {
    let desk = Desk::running().await;
    desk.with(|machine, _| machine.files.remove(PLIST));
    assert_eq!(desk.verdict().await, Verdict::Degraded);
}

#[tokio::test]
async fn a_plist_edited_under_us_is_remarked_as_drift() {
    let desk = Desk::running().await;
    let text = desk.with(|machine, _| machine.text(PLIST)).unwrap().replace("18789", "19001");
    desk.with(|machine, _| machine.write(PLIST, text.as_bytes(), 0o644)).unwrap();
    let seen = desk.seen().await;
    assert!(remarks(&seen).contains(&Remark::Drift), "{seen:?}");
}

#[tokio::test]
async fn without_a_session_at_the_screen_nothing_is_called_stopped() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.session = false);
    assert_eq!(desk.verdict().await, Verdict::Unknown);
}
