//! A2: a restart never loses the job.

use super::*;

/// Upstream #40905: bootout and bootstrap for a plain restart.
#[tokio::test]
async fn a_restart_stays_in_the_domain_and_changes_the_process() {
    let desk = Desk::running().await;
    let before = desk.pid().await;
    desk.act(&Intent::Restart).await.unwrap();
    assert_eq!(desk.verbs(), ["enable", "kickstart -k"]);
    assert_ne!(desk.pid().await, before);
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

/// Upstream #84630: bootout returns before the job has left, and bootstrap then fails with 5.
#[tokio::test]
async fn a_changed_definition_waits_for_a_draining_gateway() {
    let desk = Desk::new();
    desk.with(|_, mac| mac.behaviour.drains_ms = 12_000);
    desk.install().await.unwrap();
    desk.forget_calls();
    let mut changed = spec(&desk.id);
    changed.command.push("--verbose".to_owned());
    desk.act(&Intent::Install { spec: &changed, force: false }).await.unwrap();
    assert_eq!(desk.verbs(), ["enable", "bootout", "bootstrap", "kickstart"]);
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

/// Upstream #133647: bootstrap fails for a while although `print` no longer knows the label.
#[tokio::test]
async fn a_bootstrap_is_tried_again_while_launchd_settles() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.settles_ms = 4000);
    desk.act(&UNTIL_LOGIN).await.unwrap();
    desk.forget_calls();
    desk.act(&Intent::Start).await.unwrap();
    let tries = desk.verbs().iter().filter(|verb| *verb == "bootstrap").count();
    assert!((5..=10).contains(&tries), "{tries}");
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_bootstrap_that_never_works_ends_within_a_minute_with_launchds_words() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.settles_ms = 3_600_000);
    desk.act(&UNTIL_LOGIN).await.unwrap();
    let begun = desk.elapsed();
    let problem = desk.act(&Intent::Start).await.unwrap_err();
    assert!(problem.cause.unwrap().contains("5: Input/output error"));
    assert!((30..60).contains(&(desk.elapsed() - begun).as_secs()));
}

/// Upstream #84721: the app and the CLI bootstrap at the same moment.
#[tokio::test]
async fn another_programs_bootstrap_is_as_good_as_ours() {
    let desk = Desk::running().await;
    desk.act(&UNTIL_LOGIN).await.unwrap();
    desk.launchd(|launchd| launchd.quirks.rival = true);
    let begun = desk.elapsed();
    desk.act(&Intent::Start).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
    assert!(desk.elapsed() - begun < Duration::from_secs(5));
}

/// Upstream #41952, #52208: `kickstart -k` takes a job that has just started out of its domain.
#[tokio::test]
async fn a_job_that_drops_out_during_a_restart_is_brought_back() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.fragile_ms = 3_600_000);
    desk.act(&Intent::Restart).await.unwrap();
    assert_eq!(desk.verbs(), ["enable", "kickstart -k", "enable", "bootstrap", "kickstart"]);
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_job_that_vanished_is_unloaded_and_a_start_repairs_it() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.jobs.clear());
    desk.pass(Duration::from_secs(1));
    desk.with(|_, mac| mac.forget_processes());
    assert_eq!(desk.verdict().await, Verdict::Unloaded);
    desk.act(&Intent::Start).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

#[tokio::test]
async fn a_change_that_does_not_come_up_is_rolled_back_to_the_running_job() {
    let desk = Desk::running().await;
    let before = desk.with(|machine, _| machine.text(PLIST));
    let mute = Behaviour { listens_after_ms: None, ..Behaviour::default() };
    desk.with(|_, mac| mac.otherwise = Some(("--mute", mute)));
    let mut changed = spec(&desk.id);
    changed.command.push("--mute".to_owned());
    let problem = desk.act(&Intent::Install { spec: &changed, force: false }).await.unwrap_err();
    assert_eq!(problem.code, Code::NotAnswering);
    assert_eq!(desk.with(|machine, _| machine.text(PLIST)), before);
    desk.pass(Duration::from_secs(20));
    desk.seen().await;
    desk.pass(Duration::from_secs(5));
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

/// Upstream #849, #39211: a disabled label survives bootout and plist, and bootstrap fails with 119 or 5.
#[tokio::test]
async fn a_disabled_label_is_enabled_before_bootstrap() {
    for answer in [119, 5] {
        let desk = Desk::new();
        desk.launchd(|launchd| {
            launchd.disabled.insert(LABEL.to_owned(), true);
            launchd.quirks.disabled_answer = answer;
        });
        desk.install().await.unwrap();
        assert_eq!(desk.verdict().await, Verdict::Ready);
    }
}

#[tokio::test]
async fn other_versions_answers_change_nothing() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| {
        launchd.quirks.bootout_says_36 = true;
        launchd.quirks.running_answer = 37;
        launchd.quirks.loaded_answer = 5;
        launchd.quirks.booleans = true;
    });
    desk.act(&FOR_GOOD).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Disabled);
    desk.act(&Intent::Start).await.unwrap();
    assert_eq!(desk.verdict().await, Verdict::Ready);
}

/// The credential timer is an agent too, and is put in anew whenever it is installed again.
#[tokio::test]
async fn the_credential_timer_waits_for_launchd_to_settle_too() {
    let desk = Desk::running().await;
    desk.launchd(|launchd| launchd.quirks.settles_ms = 4000);
    let around = surroundings(&[]);
    for is_there in [false, true] {
        let timer = Timer { id: &desk.id, around: &around, pace: Pace::default(), is_there };
        desk.carry_out(&timer.install(Manager::Launchd, None).unwrap()).await.unwrap();
        assert!(desk.launchd(|launchd| launchd.jobs.contains_key("app.gateward.auth-monitor")));
    }
}
