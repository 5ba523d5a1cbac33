//! Crashes, loops and refused configurations.

use super::*;

async fn ending(after_ms: u64, end: Ended) -> Desk {
    let desk = Desk::running().await;
    let behaviour =
        Behaviour { ends_after_ms: Some((after_ms, end)), listens_after_ms: None, ..Behaviour::default() };
    desk.with(|_, mac| mac.behaviour = behaviour);
    desk.kill(9).await;
    for _ in 0..60 {
        desk.pass(Duration::from_secs(1));
        desk.seen().await;
    }
    desk
}

#[tokio::test]
async fn a_crash_is_followed_by_a_start_within_the_throttle() {
    let desk = Desk::running().await;
    desk.pass(Duration::from_secs(60));
    desk.kill(9).await;
    assert!(matches!(desk.seen().await.supervised.value, Supervised::Running(_)));
    desk.pass(Duration::from_secs(1));
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_gateway_that_fails_again_and_again_is_a_crash_loop() {
    let desk = ending(500, Ended::Code(1)).await;
    assert_eq!(desk.verdict().await, Verdict::CrashLoop);
}

#[tokio::test]
async fn a_refused_configuration_is_named_although_launchd_goes_on() {
    let desk = ending(500, Ended::Code(78)).await;
    assert_eq!(desk.verdict().await, Verdict::ConfigError);
}

#[tokio::test]
async fn an_installation_whose_configuration_is_refused_says_so() {
    let desk = Desk::new();
    let refusing = Behaviour {
        ends_after_ms: Some((500, Ended::Code(78))),
        listens_after_ms: None,
        ..Behaviour::default()
    };
    desk.with(|_, mac| mac.behaviour = refusing);
    assert_eq!(desk.install().await.unwrap_err().code, Code::ConfigError);
    desk.pass(Duration::from_secs(1));
    assert_eq!(desk.verdict().await, Verdict::NotInstalled);
}

#[tokio::test]
async fn a_program_that_went_away_is_a_loop_and_no_configuration_error() {
    let desk = Desk::running().await;
    desk.with(|machine, _| machine.files.remove(NODE));
    desk.kill(9).await;
    for _ in 0..60 {
        desk.pass(Duration::from_secs(1));
        desk.seen().await;
    }
    assert_eq!(desk.verdict().await, Verdict::CrashLoop);
}

#[tokio::test]
async fn planned_exits_are_no_crashes() {
    let desk = ending(2000, Ended::Code(0)).await;
    assert_eq!(desk.verdict().await, Verdict::Starting);
}
