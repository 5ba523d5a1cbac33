//! Every verdict under Task Scheduler that needs no story of its own (docs/truth.md).

use std::time::Duration;

use gateward::adapter::Intent;
use gateward::adapter::builtin::OwnFolders;
use gateward::adapter::builtin::record::Phase;
use gateward::model::{Exit, ExitRecord, Remark, Verdict};
use gateward::verdict::remarks;

use crate::pc::{Desk, STARTUP, TASK, surroundings};
use crate::scripted::Replies;

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn nothing_installed_is_not_installed() {
    assert_eq!(Desk::new().verdict().await, Verdict::NotInstalled);
}

#[tokio::test]
async fn a_gateway_that_does_not_listen_yet_is_starting() {
    let desk = Desk::running().await;
    desk.with(|_, pc| pc.mute = true);
    desk.act(&Intent::Stop { stay: false }).await.unwrap();
    desk.schtasks(&["/Run", "/TN", TASK]);
    desk.pass(Duration::from_secs(5));
    assert_eq!(desk.verdict().await, Verdict::Starting);
    desk.pass(LONG);
    assert_eq!(desk.verdict().await, Verdict::Degraded);
}

#[tokio::test]
async fn a_gateway_that_has_stopped_answering_is_hung() {
    let desk = Desk::running().await;
    desk.pass(LONG);
    desk.with(|_, pc| pc.replies = Replies::Silence);
    assert_eq!(desk.verdict().await, Verdict::Hung);
}

#[tokio::test]
async fn a_page_instead_of_json_is_no_ready_gateway() {
    let desk = Desk::running().await;
    desk.pass(LONG);
    desk.with(|_, pc| pc.replies = Replies::Page);
    assert_eq!(desk.verdict().await, Verdict::Degraded);
}

#[tokio::test]
async fn a_stop_is_stopped_and_a_switched_off_one_disabled() {
    let desk = Desk::running().await;
    desk.act(&Intent::Stop { stay: false }).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Stopped);
    desk.act(&Intent::Stop { stay: true }).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Disabled);
}

#[tokio::test]
async fn what_the_host_says_of_its_gateway_is_believed() {
    let failed = |code: i32| ExitRecord { exit: Exit::Code { code }, at: None, pid: None, result: None };
    for (phase, code, wanted) in [
        (Phase::Stopping, 0, Verdict::Stopping),
        (Phase::Waiting, 1, Verdict::CrashLoop),
        (Phase::Waiting, 78, Verdict::ConfigError),
    ] {
        let desk = Desk::running().await;
        desk.host_says(|record| {
            (record.phase, record.restarts, record.last_exit) = (phase, 5, Some(failed(code)));
        });
        assert_eq!(desk.verdict().await, wanted, "{phase:?}");
    }
}

#[tokio::test]
async fn a_host_that_gave_up_is_believed_after_its_end() {
    let failed = |code: i32| ExitRecord { exit: Exit::Code { code }, at: None, pid: None, result: None };
    for (code, wanted) in [(1, Verdict::GaveUp), (78, Verdict::ConfigError)] {
        let desk = Desk::running().await;
        desk.host_says(|record| {
            (record.phase, record.restarts, record.last_exit) = (Phase::GaveUp, 10, Some(failed(code)));
        });
        desk.schtasks(&["/End", "/TN", TASK]);
        assert_eq!(desk.verdict().await, wanted);
    }
}

#[tokio::test]
async fn a_stranger_on_the_port_is_a_foreign_owner() {
    let desk = Desk::running().await;
    desk.act(&Intent::Stop { stay: false }).await.unwrap();
    desk.stranger();
    assert_eq!(desk.verdict().await, Verdict::ForeignOwner);
}

/// Upstream #52049: what `/End` leaves behind.
#[tokio::test]
async fn a_gateway_that_its_task_left_behind_is_an_orphan() {
    let desk = Desk::openclaws();
    desk.schtasks(&["/End", "/TN", TASK]);
    assert_eq!(desk.verdict().await, Verdict::Orphan);
}

/// Left behind by an installation from before the task could be made.
#[tokio::test]
async fn a_gateway_of_the_startup_folder_beside_the_task_makes_two_managers() {
    let desk = Desk::running().await;
    desk.act(&Intent::Stop { stay: false }).await.unwrap();
    desk.write(STARTUP, b"@echo off\r\nstart \"\" /min cmd.exe /d /c gateway.cmd\r\n");
    assert_eq!(desk.verdict().await, Verdict::Stopped);
    desk.gateway_by_hand();
    assert_eq!(desk.verdict().await, Verdict::TwoManagers);
}

#[tokio::test]
async fn a_gateway_without_any_task_is_managed_elsewhere() {
    let desk = Desk::new();
    desk.gateway_by_hand();
    assert_eq!(desk.verdict().await, Verdict::External);
}

#[tokio::test]
async fn a_task_deleted_under_a_running_gateway_is_no_longer_well() {
    let desk = Desk::running().await;
    desk.scheduler(|scheduler| scheduler.tasks.remove(TASK));
    assert_eq!(desk.verdict().await, Verdict::Degraded);
}

#[tokio::test]
async fn a_definition_edited_under_the_host_is_remarked_as_drift() {
    let desk = Desk::running().await;
    assert!(!remarks(&desk.seen().await).contains(&Remark::Drift));
    let path = OwnFolders::new(&surroundings(&[])).unwrap().registration(&desk.id);
    let text = desk.text(&path).unwrap().replace("18789", "19001");
    desk.write(&path, text.as_bytes());
    assert!(remarks(&desk.seen().await).contains(&Remark::Drift));
}

#[tokio::test]
async fn a_task_scheduler_that_does_not_answer_makes_nothing_stopped() {
    let desk = Desk::openclaws();
    desk.with(|_, pc| pc.processes.clear());
    desk.scheduler(|scheduler| scheduler.quirks.hangs.insert("/Query".to_owned()));
    assert_eq!(desk.verdict().await, Verdict::Unknown);
}
