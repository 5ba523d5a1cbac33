//! What changed around the gateway, who asked for its end, and what happened while nobody watched.

use super::*;

fn stopped(record: ExitRecord) -> Supervised {
    Supervised::Stopped { last_exit: Some(record) }
}

fn stored(effects: &[Effect]) -> Vec<IncidentKind> {
    let kind = |effect: &Effect| match effect {
        Effect::Store(incident) => Some(incident.kind),
        _ => None,
    };
    effects.iter().filter_map(kind).collect()
}

#[test]
fn sleep_is_told_with_its_length_and_is_no_clock_jump() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.now.wall += SignedDuration::from_hours(4);
    desk.now.slept += Duration::from_secs(4 * 3600);
    let effects = desk.feed(Event::TimerFired);
    assert_eq!((stored(&effects), desk.last().uptime_s), (vec![IncidentKind::Slept], Some(4 * 3600)));
    assert_eq!(notified(&effects), []);
}

#[test]
fn a_clock_that_is_set_is_told_with_its_distance() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.now.wall -= SignedDuration::from_hours(1);
    desk.feed(Event::TimerFired);
    assert_eq!(
        (desk.last().kind, desk.last().detail.as_deref()),
        (IncidentKind::ClockJumped, Some("-3600 s"))
    );
}

#[test]
fn a_written_configuration_is_told_and_the_first_look_is_not() {
    let mut desk = Desk::seeing(running(7, 0));
    for (config, told) in [(None, 0), (Some(1), 0), (Some(1), 0), (Some(2), 1)] {
        desk.sees_all(Look { config, ..look(running(7, 0)) });
        assert_eq!(desk.kinds().len(), told, "{config:?}");
    }
    assert_eq!(desk.last().kind, IncidentKind::ConfigChanged);
}

#[test]
fn an_edited_definition_is_told_with_its_file() {
    let mut desk = Desk::seeing(running(7, 0));
    let mut edited = look(running(7, 0));
    if let Registered::Present(registration) = &mut edited.seen.registered.value {
        registration.command.push("--verbose".to_owned());
    }
    desk.sees_all(edited);
    assert_eq!((desk.last().kind, desk.last().by), (IncidentKind::DefinitionChanged, By::Outside));
    assert!(desk.last().detail.as_ref().is_some_and(|file| file.ends_with("openclaw-gateway.service")));
}

#[test]
fn another_version_is_told_and_a_silent_moment_between_is_none() {
    let mut desk = Desk::new();
    let versed = |version: Option<&str>| {
        let mut look = look(running(7, 0));
        let version = version.map(str::to_owned);
        look.seen.answers = fact(Answers::Ready { version, latency_ms: 4 });
        look
    };
    desk.feed(Event::Begun);
    for version in [Some("2026.9.6"), None, Some("2026.9.6"), Some("2026.9.7")] {
        desk.sees_all(versed(version));
    }
    assert_eq!(desk.kinds(), [IncidentKind::VersionChanged]);
    assert_eq!(desk.last().detail.as_deref(), Some("2026.9.6 → 2026.9.7"));
}

#[test]
fn a_stranger_who_takes_the_port_is_told_once_and_by_a_notice() {
    let mut desk = Desk::seeing(running(7, 0));
    let mut taken = look(running(7, 0));
    taken.seen.port = fact(owned(Belongs::Stranger, Some("web.service")));
    assert_eq!(notified(&desk.sees_all(taken.clone())), [IncidentKind::PortTaken]);
    assert_eq!(desk.last().detail.as_deref(), Some("node (pid 42, anna, web.service)"));
    assert_eq!(notified(&desk.sees_all(taken)), []);
}

#[test]
fn who_was_seen_asking_is_named_whichever_comes_first() {
    for evidence_first in [true, false] {
        let mut desk = Desk::seeing(running(7, 0));
        let found = Event::StopperFound(By::Systemctl);
        if evidence_first {
            desk.feed(found.clone());
        }
        desk.sees(stopped(ended(7, 0)));
        if !evidence_first {
            desk.feed(found);
        }
        assert_eq!((desk.last().kind, desk.last().by), (IncidentKind::Stopped, By::Systemctl));
    }
}

#[test]
fn yesterdays_evidence_names_nobody() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.feed(Event::StopperFound(By::Systemctl));
    desk.pass(3600);
    desk.sees(stopped(ExitRecord { at: Some(desk.now.wall), ..ended(7, 0) }));
    assert_eq!(desk.last().by, By::Outside);
}

#[test]
fn a_long_drain_keeps_the_evidence_of_who_asked_for_it() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.feed(Event::StopperFound(By::Systemctl));
    for _ in 0..30 {
        desk.sees(Supervised::Stopping { pid: Some(7), until: None });
        desk.pass(2);
    }
    desk.sees(stopped(ExitRecord { at: Some(desk.now.wall), ..ended(7, 0) }));
    assert_eq!((desk.last().kind, desk.last().by), (IncidentKind::Stopped, By::Systemctl));
}

#[test]
fn an_end_that_is_seen_late_was_still_asked_for_in_its_own_moment() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.feed(Event::StopperFound(By::Systemctl));
    let end = ExitRecord { at: Some(desk.now.wall), ..ended(7, 0) };
    desk.pass(25);
    desk.sees(stopped(end));
    assert_eq!(desk.last().by, By::Systemctl);
}

#[test]
fn what_the_past_tells_first_still_learns_who_was_seen_asking() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.feed(Event::StopperFound(By::Systemctl));
    let end = ended(7, 0);
    let told = Incident::plain("default", IncidentKind::Stopped, end.at.unwrap(), By::Outside);
    desk.feed(Event::Backfilled(vec![told]));
    desk.sees(stopped(end));
    let stops: Vec<By> = desk.model.incidents.iter().map(|stop| stop.by).collect();
    assert_eq!(stops, [By::Systemctl]);
}

#[test]
fn the_asker_is_looked_for_when_a_running_service_changes_and_not_when_it_crashes() {
    let mut desk = Desk::seeing(running(7, 0));
    assert!(desk.hears(None).contains(&Effect::FindStopper));
    let mut desk = Desk::seeing(running(7, 0));
    assert!(!desk.hears(Some(killed(7))).contains(&Effect::FindStopper));
}

#[test]
fn the_systems_lack_of_memory_is_named() {
    let mut desk = Desk::seeing(running(7, 0));
    let record = ExitRecord { result: Some("oom-kill".to_owned()), ..killed(7) };
    desk.sees(waiting(record));
    assert_eq!((desk.crash().kind, desk.crash().by), (IncidentKind::Crash, By::OomKiller));
}

#[test]
fn what_happened_unwatched_takes_its_place_in_time_without_a_notice() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.sees(running(8, 1));
    let before = NOON.parse::<Timestamp>().unwrap() - SignedDuration::from_hours(3);
    let crash = Incident::plain("default", IncidentKind::Crash, before, By::Itself);
    let effects = desk.feed(Event::Backfilled(vec![crash]));
    assert_eq!((stored(&effects), notified(&effects)), (vec![IncidentKind::Crash], vec![]));
    assert_eq!(desk.kinds()[0], IncidentKind::Crash);
}

#[test]
fn what_was_told_live_is_not_told_again_from_the_journal() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.sees(waiting(killed(7)));
    let again = Incident { pid: None, ..desk.crash().clone() };
    assert_eq!(desk.feed(Event::Backfilled(vec![again])), []);
}

#[test]
fn the_past_is_read_from_the_newest_incident_on() {
    let mut desk = Desk::new();
    let at: Timestamp = NOON.parse().unwrap();
    let old = Incident::plain("default", IncidentKind::Crash, at, By::Itself);
    let effects = desk.feed(Event::Remembered(vec![old]));
    assert!(effects.contains(&Effect::Backfill { since: Some(at) }));
}

#[test]
fn a_notice_is_completed_when_the_last_words_explain_it() {
    let mut desk = Desk::seeing(running(7, 0));
    desk.sees(waiting(ended(7, 1)));
    let of = desk.crash().clone();
    let lines = vec!["Error: Cannot find module 'tslog'".to_owned()];
    assert_eq!(notified(&desk.feed(Event::WordsRead { of: of.clone(), lines })), [IncidentKind::Crash]);
    let nothing = vec!["bye".to_owned()];
    assert_eq!(notified(&desk.feed(Event::WordsRead { of, lines: nothing })), []);
}
