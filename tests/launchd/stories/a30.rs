//! A30: ghosts of earlier names.

use gateward::adapter::launchd::plist::{Agent, render};
use gateward::adapter::{Adapter as _, Ghost};
use gateward::plan::Plan;

use super::*;

const OLD: &str = "com.clawdbot.gateway";
const OLD_PLIST: &str = "/Users/anna/Library/LaunchAgents/com.clawdbot.gateway.plist";

/// With an agent of OpenClaw's earlier name that runs.
fn haunted() -> Desk {
    let desk = Desk::new();
    let mut old = spec(&desk.id);
    old.identity.label = OLD.to_owned();
    let text = render(&Agent::of(&old)).unwrap();
    desk.with(|machine, _| machine.write(OLD_PLIST, text.as_bytes(), 0o644)).unwrap();
    desk.load(OLD_PLIST);
    desk.pass(Duration::from_secs(2));
    desk
}

async fn ghosts(desk: &Desk) -> Vec<Ghost> {
    gateward::observe::ghosts(&desk.system, &desk.adapter, &desk.id).await
}

#[tokio::test]
async fn an_agent_of_an_earlier_name_is_found_with_its_file_and_process() {
    let [found] = ghosts(&haunted()).await.try_into().unwrap();
    assert_eq!((found.label.as_str(), found.file.as_deref()), (OLD, Some(OLD_PLIST)));
    assert!(found.pid.is_some());
    assert_eq!(ghosts(&Desk::running().await).await, []);
}

/// Upstream #22377: launchd still has the job, the file is gone.
#[tokio::test]
async fn one_whose_file_is_gone_is_found_too() {
    let desk = haunted();
    desk.with(|machine, _| machine.files.remove(OLD_PLIST));
    let [found] = ghosts(&desk).await.try_into().unwrap();
    assert_eq!(found.file, None);
}

#[tokio::test]
async fn once_it_is_retired_the_port_is_ours_and_its_file_can_be_had_back() {
    let desk = haunted();
    let text = desk.with(|machine, _| machine.text(OLD_PLIST));
    let steps = desk.adapter.retire(&ghosts(&desk).await, &desk.id);
    desk.carry_out(&Plan { steps, on_undo: Vec::new() }).await.unwrap();
    desk.install().await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
    assert_eq!(ghosts(&desk).await, []);
    assert_eq!(desk.with(|machine, _| machine.text("/Users/anna/.Trash/com.clawdbot.gateway.plist")), text);
}

#[tokio::test]
async fn a_label_launchd_still_has_after_its_plist_went_is_told_and_can_be_removed() {
    let desk = Desk::running().await;
    desk.with(|machine, _| machine.files.remove(PLIST));
    assert_eq!(desk.verdict().await, Verdict::Degraded);
    desk.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::NotInstalled);
}
