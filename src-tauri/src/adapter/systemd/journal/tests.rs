use super::*;

const UNIT: &str = "openclaw-gateway.service";

/// An entry as `journalctl --output=json` prints it; `second` counts from noon.
fn entry(second: i64, boot: &str, unit: &str, message: &str, more: &str) -> String {
    let micros = 1_795_348_800_000_000 + second * 1_000_000;
    format!(
        r#"{{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"{micros}","_BOOT_ID":"{boot}","USER_UNIT":"{unit}","MESSAGE_ID":"{message}"{more}}}"#
    )
}

fn own(second: i64, message: &str, more: &str) -> String {
    entry(second, "b1", UNIT, message, more)
}

const KILLED: &str = r#","EXIT_CODE":"killed","EXIT_STATUS":"9","COMMAND":"ExecStart""#;

/// The entries of a kill -9 with its automatic restart, as observed (6).
fn killed(second: i64, restarts: u32) -> Vec<String> {
    vec![
        own(second, PROCESS_EXIT, KILLED),
        own(second, FAILED, r#","UNIT_RESULT":"signal""#),
        own(second + 5, RESTART_SCHEDULED, &format!(r#","N_RESTARTS":"{restarts}""#)),
        own(second + 5, STOPPED, ""),
        own(second + 5, STARTED, ""),
    ]
}

fn told(lines: &[String]) -> Vec<(IncidentKind, By)> {
    incidents("default", UNIT, lines).iter().map(|incident| (incident.kind, incident.by)).collect()
}

#[test]
fn a_crash_is_told_with_its_signal_its_uptime_and_its_number() {
    let lines = [vec![own(0, STARTED, "")], killed(60, 1)].concat();
    let all = incidents("default", UNIT, &lines);
    let crash = all.iter().find(|incident| incident.kind == IncidentKind::Crash).unwrap();
    assert_eq!(crash.exit, Some(Exit::Signal { signal: 9, core: false }));
    assert_eq!((crash.uptime_s, crash.restarts), (Some(60), Some(0)));
    assert_eq!(crash.at, "2026-11-22T12:01:00Z".parse().unwrap());
}

#[test]
fn an_automatic_restart_is_nobodys_stop_and_start() {
    assert_eq!(told(&killed(60, 1)), [(IncidentKind::Crash, By::Itself)]);
}

#[test]
fn what_fails_while_it_is_stopped_is_no_crash() {
    let lines = [own(0, STOPPING, ""), own(90, PROCESS_EXIT, KILLED), own(90, STOPPED, "")];
    assert_eq!(told(&lines), [(IncidentKind::Stopped, By::Outside)]);
}

#[test]
fn the_systems_lack_of_memory_is_told_from_a_crash_of_its_own() {
    let lines = [own(0, PROCESS_EXIT, KILLED), own(0, FAILED, r#","UNIT_RESULT":"oom-kill""#)];
    assert_eq!(told(&lines), [(IncidentKind::Crash, By::OomKiller)]);
}

#[test]
fn a_refused_configuration_is_told_as_that() {
    let exit = r#","EXIT_CODE":"exited","EXIT_STATUS":"78""#;
    assert_eq!(told(&[own(0, PROCESS_EXIT, exit)]), [(IncidentKind::ConfigError, By::Itself)]);
}

#[test]
fn the_start_limit_is_told_as_giving_up() {
    let lines = [own(0, FAILED, r#","UNIT_RESULT":"start-limit-hit""#)];
    assert_eq!(told(&lines), [(IncidentKind::GaveUp, By::Itself)]);
}

#[test]
fn a_stop_with_the_session_is_a_logout_and_with_the_boot_a_shutdown() {
    let session_end = entry(2, "b1", SESSION_END, STARTED, "");
    let ends = vec![own(0, STOPPING, ""), own(1, STOPPED, ""), session_end];
    assert_eq!(told(&ends), [(IncidentKind::Stopped, By::Logout)]);
    let next_boot = entry(99, "b2", UNIT, STARTED, "");
    let all = [ends, vec![next_boot]].concat();
    assert_eq!(told(&all), [(IncidentKind::Stopped, By::Shutdown), (IncidentKind::Started, By::Outside)]);
}

#[test]
fn rubbish_and_other_units_are_passed_over() {
    let lines = ["{".to_owned(), entry(0, "b1", "other.service", PROCESS_EXIT, KILLED)];
    assert!(told(&lines).is_empty());
}
