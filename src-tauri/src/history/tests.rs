use proptest::prelude::*;

use super::*;
use crate::model::By;

/// Minutes after midnight.
fn at(minute: i64) -> Timestamp {
    "2026-11-22T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

fn incident(minute: i64, kind: IncidentKind) -> Incident {
    Incident { pid: Some(7), ..Incident::plain("default", kind, at(minute), By::Itself) }
}

fn crash(minute: i64, after_minutes: u64) -> Incident {
    Incident {
        uptime_s: Some(after_minutes * 60),
        exit: Some(Exit::Signal { signal: 9, core: false }),
        ..incident(minute, IncidentKind::Crash)
    }
}

fn drawn(incidents: &[Incident], running_since: Option<i64>) -> Vec<(i64, i64, Being)> {
    let told = summary(incidents, at(0), at(100), running_since.map(at));
    let minute = |moment: Timestamp| moment.duration_since(at(0)).as_mins();
    told.stretches.iter().map(|it| (minute(it.from), minute(it.until), it.being)).collect()
}

#[test]
fn a_sleep_is_no_start() {
    let slept = Incident { uptime_s: Some(20 * 60), ..incident(50, IncidentKind::Slept) };
    let stopped = incident(10, IncidentKind::Stopped);
    assert_eq!(drawn(&[stopped, slept], None)[1..], [(10, 100, Being::Stopped)]);
}

#[test]
fn what_nobody_saw_is_unknown_and_no_uptime() {
    assert_eq!(drawn(&[], None), [(0, 100, Being::Unknown)]);
    assert_eq!(summary(&[], at(0), at(100), None).uptime_percent, None);
}

#[test]
fn a_crash_and_its_recovery_are_an_outage() {
    let told = [incident(10, IncidentKind::Started), crash(50, 40), incident(60, IncidentKind::Recovered)];
    assert_eq!(
        drawn(&told, None),
        [(0, 10, Being::Unknown), (10, 50, Being::Up), (50, 60, Being::Down), (60, 100, Being::Up)]
    );
    let told = summary(&told, at(0), at(100), None);
    assert_eq!(told.uptime_percent.map(|percent| percent.round()), Some(89.0));
    assert_eq!(told.longest_outage.map(|outage| outage.length().as_mins()), Some(10));
    assert_eq!(told.crashes, 1);
}

#[test]
fn a_stop_that_was_wanted_is_no_outage() {
    let told = [incident(-5, IncidentKind::Started), incident(50, IncidentKind::Stopped)];
    assert_eq!(drawn(&told, None), [(0, 50, Being::Up), (50, 100, Being::Stopped)]);
    assert_eq!(summary(&told, at(0), at(100), None).uptime_percent, Some(100.0));
}

#[test]
fn the_next_crash_proves_the_run_before_it() {
    let told = [crash(20, 5), crash(60, 30)];
    assert_eq!(
        drawn(&told, Some(70)),
        [
            (0, 15, Being::Unknown),
            (15, 20, Being::Up),
            (20, 30, Being::Down),
            (30, 60, Being::Up),
            (60, 70, Being::Down),
            (70, 100, Being::Up)
        ]
    );
}

#[test]
fn a_run_longer_than_the_time_asked_for_fills_it() {
    assert_eq!(drawn(&[crash(40, 5000)], None), [(0, 40, Being::Up), (40, 100, Being::Down)]);
}

#[test]
fn the_most_frequent_reason_comes_first_and_bears_its_cause() {
    let words = |text: &str, minute| Incident {
        last_words: vec![text.to_owned()],
        exit: Some(Exit::Code { code: 1 }),
        ..crash(minute, 0)
    };
    let told = [
        crash(1, 0),
        words("Error: listen EADDRINUSE: address already in use 127.0.0.1:18789", 2),
        words("Error: listen EADDRINUSE: address already in use 127.0.0.1:18789", 3),
        incident(4, IncidentKind::GaveUp),
    ];
    let reasons = summary(&told, at(0), at(100), None).reasons;
    let counts: Vec<_> = reasons.iter().map(|reason| (reason.count, reason.cause.is_some())).collect();
    assert_eq!(counts[0], (2, true));
    assert_eq!(counts.len(), 2);
}

fn any_incident() -> impl Strategy<Value = Incident> {
    (-200_i64..200, proptest::sample::select(IncidentKind::ALL), proptest::option::of(0_u64..30_000))
        .prop_map(|(minute, kind, uptime_s)| Incident { uptime_s, ..incident(minute, kind) })
}

proptest! {
    #[test]
    fn the_stretches_fill_the_time_without_gap_or_overlap(
        told in proptest::collection::vec(any_incident(), 0..30),
        running in proptest::option::of(-50_i64..150),
    ) {
        let summary = summary(&told, at(0), at(100), running.map(at));
        let mut end = at(0);
        for stretch in &summary.stretches {
            prop_assert_eq!(stretch.from, end);
            prop_assert!(stretch.until > stretch.from);
            end = stretch.until;
        }
        prop_assert_eq!(end, at(100));
    }

    #[test]
    fn the_share_is_one_and_the_order_does_not_matter(
        told in proptest::collection::vec(any_incident(), 0..30),
    ) {
        let mut distinct = told;
        distinct.sort_by_key(|incident| incident.at);
        distinct.dedup_by_key(|incident| incident.at);
        let once = summary(&distinct, at(0), at(100), None);
        prop_assert!(once.uptime_percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)));
        distinct.reverse();
        prop_assert_eq!(once, summary(&distinct, at(0), at(100), None));
    }

    #[test]
    fn an_outage_is_never_longer_than_all_that_was_down(
        told in proptest::collection::vec(any_incident(), 0..30),
    ) {
        let summary = summary(&told, at(0), at(100), None);
        let down = summary.stretches.iter().filter(|stretch| stretch.being == Being::Down);
        let longest = down.map(Stretch::length).max();
        prop_assert_eq!(summary.longest_outage.map(|outage| outage.length()), longest);
    }
}
