use super::stages::{Limits, Memory, News, NewsKind, Stage, due, next_moment};
use super::*;
use crate::model::{Failure, FailureReason};

/// What is told at `at`, and remembered.
fn told(memory: &mut Memory, credentials: &[Credential], at: Timestamp) -> Vec<NewsKind> {
    let news = due(memory, credentials, at, Limits::default());
    news.iter().for_each(|news: &News| memory.keep(news, at, Limits::default()));
    news.into_iter().map(|news| news.kind).collect()
}

fn reached(stage: Stage) -> Vec<NewsKind> {
    vec![NewsKind::Reached(stage)]
}

#[test]
fn each_stage_is_told_once_at_its_very_moment() {
    let token = [token("t", hours(400))];
    let mut memory = Memory::default();
    let mut at = now();
    let mut heard = Vec::new();
    while let Some(moment) = next_moment(&memory, &token, at, Limits::default()) {
        let just_before = moment - SignedDuration::from_millis(1);
        assert_eq!(told(&mut memory, &token, just_before), []);
        heard.push((moment.duration_since(now() + hours(400)).as_hours(), told(&mut memory, &token, moment)));
        assert_eq!(told(&mut memory, &token, moment), []);
        at = moment;
    }
    let wanted = [(-168, Stage::Week), (-24, Stage::Day), (-2, Stage::Soon), (0, Stage::Over)];
    assert_eq!(heard, wanted.map(|(hour, stage)| (hour, reached(stage))));
}

#[test]
fn after_a_sleep_over_several_stages_only_the_worst_is_told() {
    let token = [token("t", hours(200))];
    let mut memory = Memory::default();
    assert_eq!(told(&mut memory, &token, now()), []);
    assert_eq!(told(&mut memory, &token, now() + hours(201)), reached(Stage::Over));
    assert_eq!(told(&mut memory, &token, now() + hours(202)), []);
}

/// The upstream script's one throttle swallowed an EXPIRED within the hour after "expires soon" (observed 4.4).
#[test]
fn worse_news_is_never_held_back_by_a_milder_one() {
    let token = [token("t", SignedDuration::from_mins(5))];
    let mut memory = Memory::default();
    assert_eq!(told(&mut memory, &token, now()), reached(Stage::Soon));
    assert_eq!(told(&mut memory, &token, now() + SignedDuration::from_mins(5)), reached(Stage::Over));
}

#[test]
fn two_profiles_do_not_hold_each_other_back() {
    let tokens = [token("a", hours(1)), token("b", hours(-1))];
    assert_eq!(told(&mut Memory::default(), &tokens, now()).len(), 2);
}

#[test]
fn news_that_was_not_delivered_stays_news() {
    let token = [token("t", hours(-1))];
    let memory = Memory::default();
    assert_eq!(
        due(&memory, &token, now(), Limits::default()),
        due(&memory, &token, now(), Limits::default())
    );
}

#[test]
fn a_renewed_one_is_told_and_then_quiet() {
    let mut memory = Memory::default();
    told(&mut memory, &[token("t", hours(-1))], now());
    let fresh = [token("t", hours(20))];
    assert_eq!(told(&mut memory, &fresh, now()), [NewsKind::Renewed]);
    assert_eq!(told(&mut memory, &fresh, now()), []);
    assert_eq!(told(&mut memory, &fresh, now() + hours(18)), reached(Stage::Soon));
}

#[test]
fn a_clock_that_is_set_back_renews_nothing_and_tells_nothing_twice() {
    let token = [token("t", hours(30))];
    let mut memory = Memory::default();
    assert_eq!(told(&mut memory, &token, now() + hours(29)), reached(Stage::Soon));
    assert_eq!(told(&mut memory, &token, now()), []);
    assert_eq!(told(&mut memory, &token, now() + hours(29)), []);
}

#[test]
fn one_that_renews_itself_is_never_nagged_about() {
    let login =
        [Credential { renewal: Renewal::Itself, kind: CredentialKind::Oauth, ..token("t", hours(200)) }];
    let mut memory = Memory::default();
    assert_eq!(next_moment(&memory, &login, now(), Limits::default()), None);
    for hour in [0, 199, 200, 201, 300, 5000] {
        assert_eq!(told(&mut memory, &login, now() + hours(hour)), [], "{hour}");
    }
}

#[test]
fn a_renewal_that_really_failed_is_told_and_so_is_its_mending() {
    let well = Credential { renewal: Renewal::Itself, ..token("t", hours(200)) };
    let failure = Some(Failure { at: Some(now()), reason: FailureReason::RenewalFailed });
    let failing = Credential { failure, ..well.clone() };
    let mut memory = Memory::default();
    assert_eq!(told(&mut memory, &[failing], now()), reached(Stage::Over));
    assert_eq!(told(&mut memory, &[well], now()), [NewsKind::Renewed]);
}

#[test]
fn what_cannot_be_read_is_no_news_and_mends_nothing() {
    let mut memory = Memory::default();
    told(&mut memory, &[token("t", hours(-1))], now());
    let unknown = [Credential { expiry: Expiry::Unknown { why: Doubt::Damaged }, ..token("t", hours(1)) }];
    assert_eq!(told(&mut memory, &unknown, now()), []);
    assert_eq!(told(&mut memory, &[token("t", hours(-1))], now()), []);
}

#[test]
fn a_snoozed_one_is_told_again_afterwards_and_worse_news_at_once() {
    let mut memory = Memory::default();
    let soon = [token("t", hours(20))];
    told(&mut memory, &soon, now());
    assert!(memory.snooze("t", now() + hours(4)));
    assert_eq!(next_moment(&memory, &soon, now(), Limits::default()), Some(now() + hours(4)));
    assert_eq!(told(&mut memory, &soon, now() + hours(3)), []);
    assert_eq!(told(&mut memory, &soon, now() + hours(4)), reached(Stage::Day));
    memory.snooze("t", now() + hours(19));
    assert_eq!(told(&mut memory, &soon, now() + hours(18)), reached(Stage::Soon));
}

#[test]
fn what_was_told_is_kept_over_restarts() {
    let token = [token("t", hours(1))];
    let mut memory = Memory::default();
    told(&mut memory, &token, now());
    let text = serde_json::to_string(&memory).unwrap();
    let mut memory: Memory = serde_json::from_str(&text).unwrap();
    assert_eq!(told(&mut memory, &token, now()), []);
}

#[test]
fn warn_hours_move_the_last_warning() {
    let limits = Limits { soon: hours(48) };
    let news = due(&Memory::default(), &[token("t", hours(47))], now(), limits);
    assert_eq!(news[0].kind, NewsKind::Reached(Stage::Soon));
}

#[test]
fn a_thousand_profiles_are_told_once_each() {
    let tokens: Vec<_> = (0..1000).map(|n| token(&format!("p{n}"), hours(n - 500))).collect();
    let mut memory = Memory::default();
    let heard = told(&mut memory, &tokens, now());
    assert_eq!(heard.len(), 500 + 168 + 1);
    assert_eq!(told(&mut memory, &tokens, now()), []);
}
