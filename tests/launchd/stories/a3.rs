//! A3: stopped is not gone.

use super::*;

#[tokio::test]
async fn a_stop_and_a_start_need_no_installation() {
    let desk = Desk::running().await;
    let seen = desk.act(&UNTIL_LOGIN).await.unwrap();
    assert_eq!(seen.supervised.value, Supervised::Unloaded);
    assert_eq!(desk.verdict().await, Verdict::Unloaded);
    desk.act(&Intent::Start).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_plain_stop_ends_with_the_next_login() {
    let desk = Desk::running().await;
    desk.act(&UNTIL_LOGIN).await.unwrap();
    desk.log_in_again();
    desk.pass(Duration::from_secs(2));
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_stop_for_good_outlives_the_login_and_ends_with_a_start() {
    let desk = Desk::running().await;
    desk.act(&FOR_GOOD).await.unwrap();
    desk.log_in_again();
    desk.pass(Duration::from_secs(2));
    assert_eq!(desk.verdict().await, Verdict::Disabled);
    desk.act(&Intent::Start).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
    desk.log_in_again();
    desk.pass(Duration::from_secs(2));
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

/// Upstream #71060: a second of polling was too short for a draining gateway.
#[tokio::test]
async fn a_stop_ends_when_process_and_port_are_gone() {
    let desk = Desk::new();
    desk.with(|_, mac| mac.behaviour.drains_ms = 15_000);
    desk.install().await.unwrap();
    let begun = desk.elapsed();
    desk.act(&UNTIL_LOGIN).await.unwrap();
    assert!(desk.elapsed() - begun >= Duration::from_secs(15));
    assert_eq!(desk.verdict().await, Verdict::Unloaded);
}

#[tokio::test]
async fn a_gateway_that_ignores_the_signal_is_killed_by_launchd_in_time() {
    let desk = Desk::new();
    desk.with(|_, mac| mac.behaviour.ignores_term = true);
    desk.install().await.unwrap();
    let begun = desk.elapsed();
    desk.act(&UNTIL_LOGIN).await.unwrap();
    let took = desk.elapsed() - begun;
    assert!((20..30).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test]
async fn a_stop_under_way_is_cut_short_by_a_kill() {
    let desk = Desk::new();
    desk.with(|_, mac| mac.behaviour.ignores_term = true);
    desk.install().await.unwrap();
    desk.order(&["bootout", &format!("gui/{UID}/{LABEL}")]);
    assert_eq!(desk.verdict().await, Verdict::Stopping);
    desk.cut_short().await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Unloaded);
}

#[tokio::test]
async fn an_uninstallation_leaves_nothing_and_a_second_one_is_no_failure() {
    let desk = Desk::running().await;
    for _ in 0..2 {
        desk.act(&Intent::Uninstall).await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::NotInstalled);
    }
}

#[tokio::test]
async fn an_installation_repeated_changes_nothing() {
    let desk = Desk::running().await;
    let pid = desk.pid().await;
    desk.install().await.unwrap();
    assert_eq!(desk.verbs(), ["enable", "kickstart"]);
    assert_eq!(desk.pid().await, pid);
}
