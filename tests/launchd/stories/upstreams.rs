//! OC 7.3, the rows on repair, stop and restart; the rows on `print` are in adapter/launchd/print/tests.rs.

use super::*;

async fn unloaded() -> Desk {
    let desk = Desk::running().await;
    desk.act(&UNTIL_LOGIN).await.unwrap();
    desk.forget_calls();
    desk
}

#[tokio::test]
async fn repair_repairs() {
    let desk = unloaded().await;
    desk.act(&Intent::Start).await.unwrap();
    assert_eq!(desk.verbs(), ["enable", "bootstrap", "kickstart"]);
}

#[tokio::test]
async fn repair_of_a_job_that_is_loaded_after_all_is_one_kickstart() {
    for answer in [37, 5, 130] {
        let desk = unloaded().await;
        desk.launchd(|launchd| launchd.quirks.loaded_answer = answer);
        let plan = desk.plan(&Intent::Start).await.unwrap();
        desk.load(PLIST);
        desk.carry_out(&plan).await.unwrap();
        assert_eq!(desk.verbs(), ["enable", "bootstrap", "kickstart"], "{answer}");
    }
}

#[tokio::test]
async fn repair_that_cannot_bootstrap_does_not_kickstart() {
    let desk = unloaded().await;
    desk.launchd(|launchd| launchd.quirks.denied.insert("bootstrap".to_owned()));
    let problem = desk.act(&Intent::Start).await.unwrap_err();
    assert!(problem.values["command"].starts_with("launchctl bootstrap"), "{problem:?}");
    assert_eq!(desk.verbs(), ["enable", "bootstrap"]);
}

#[tokio::test]
async fn repair_whose_kickstart_is_denied_names_it() {
    let desk = unloaded().await;
    desk.launchd(|launchd| launchd.quirks.denied.insert("kickstart".to_owned()));
    let problem = desk.act(&Intent::Start).await.unwrap_err();
    assert!(problem.values["command"].starts_with("launchctl kickstart"), "{problem:?}");
}

#[tokio::test]
async fn stopping_an_unloaded_service_succeeds_without_bootout() {
    let desk = unloaded().await;
    desk.act(&UNTIL_LOGIN).await.unwrap();
    assert!(desk.verbs().is_empty());
}

/// Upstream boots out and calls it degraded; we were asked for a stop that stays, so a stop that does not is no success.
#[tokio::test]
async fn a_stop_for_good_that_may_not_disable_stops_nothing() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.denied.insert("disable".to_owned()));
    assert_eq!(desk.act(&FOR_GOOD).await.unwrap_err().code, Code::AccessDenied);
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_stop_whose_print_is_denied_is_not_called_stopped() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.denied.insert("print".to_owned()));
    assert_eq!(desk.act(&UNTIL_LOGIN).await.unwrap_err().code, Code::AccessDenied);
    assert!(desk.verbs().is_empty());
}

#[tokio::test]
async fn a_bootout_that_is_denied_is_a_failed_stop() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.denied.insert("bootout".to_owned()));
    assert_eq!(desk.act(&UNTIL_LOGIN).await.unwrap_err().code, Code::AccessDenied);
}

#[tokio::test]
async fn a_restart_of_an_unloaded_service_bootstraps_it() {
    let desk = unloaded().await;
    desk.act(&Intent::Restart).await.unwrap();
    assert_eq!(desk.verbs(), ["enable", "bootstrap", "kickstart"]);
    assert_eq!(desk.verdict().await, Verdict::Ready);
}
