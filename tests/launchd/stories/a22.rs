//! A22: sleep and power.

use super::*;

#[tokio::test]
async fn a_night_asleep_is_no_crash() {
    let desk = Desk::running().await;
    let pid = desk.pid().await;
    desk.pass(Duration::from_secs(4 * 3600 + 3000));
    assert_eq!((desk.verdict().await, desk.pid().await), (Verdict::Ready, pid));
}

/// Low Power Mode: launchd puts off every start that nobody demanded, for ever.
#[tokio::test]
async fn an_installation_on_a_saving_mac_demands_the_start() {
    let desk = Desk::new();
    desk.launchd(|launchd| launchd.quirks.pends = true);
    desk.install().await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_start_put_off_at_login_is_shown_as_stopped_and_can_be_started() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.pends = true);
    desk.log_in_again();
    desk.pass(Duration::from_secs(600));
    assert_eq!(desk.verdict().await, Verdict::Stopped);
    desk.act(&Intent::Start).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn without_a_desktop_session_nothing_is_changed_and_the_way_out_is_told() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.session = false);
    let files = desk.with(|machine, _| machine.files.clone());
    for intent in [Intent::Start, Intent::Restart, UNTIL_LOGIN, Intent::Uninstall] {
        let problem = desk.act(&intent).await.unwrap_err();
        assert_eq!((problem.code, problem.hints.len()), (Code::NoGuiSession, 2));
    }
    assert_eq!(desk.verdict().await, Verdict::Unknown);
    assert!(desk.with(|machine, _| machine.files == files && machine.calls.is_empty()));
}
