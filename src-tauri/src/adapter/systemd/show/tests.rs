use super::*;
use crate::system::properties;

macro_rules! recorded {
    ($name:literal) => {
        properties::parse(include_str!(concat!("../../../../../tests/fixtures/systemd/252/", $name, ".txt")))
    };
}

fn altered(mut seen: Properties, changes: &[(&str, &str)]) -> Properties {
    seen.extend(changes.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    seen
}

fn exit(supervised: &Supervised) -> Option<Exit> {
    match supervised {
        Supervised::Stopped { last_exit }
        | Supervised::GaveUp { last_exit, .. }
        | Supervised::Waiting { last_exit, .. } => last_exit.as_ref().map(|record| record.exit),
        _ => None,
    }
}

const KILLED: Option<Exit> = Some(Exit::Signal { signal: 9, core: false });

#[test]
fn an_active_unit_runs_since_its_process_was_started() {
    let Supervised::Running(run) = supervised(&recorded!("active"), true) else { panic!() };
    assert_eq!((run.pid, run.restarts, run.last_exit), (4587, 0, None));
    assert_eq!(run.since.unwrap().to_string(), "2026-11-22T16:12:21.936508Z");
}

#[test]
fn after_a_kill_the_unit_waits_for_its_restart() {
    let seen = supervised(&recorded!("auto-restart"), true);
    assert!(matches!(seen, Supervised::Waiting { restarts: 0, .. }), "{seen:?}");
    assert_eq!(exit(&seen), KILLED);
}

#[test]
fn sub_states_of_newer_versions_are_waiting_too() {
    for (active, sub) in [
        ("activating", "auto-restart-queued"),
        ("failed", "failed-before-auto-restart"),
        ("inactive", "dead-before-auto-restart"),
    ] {
        let seen = altered(recorded!("auto-restart"), &[("ActiveState", active), ("SubState", sub)]);
        assert!(matches!(supervised(&seen, true), Supervised::Waiting { .. }), "{sub}");
    }
}

#[test]
fn a_restarted_unit_counts_its_restarts() {
    let Supervised::Running(run) = supervised(&recorded!("restarted"), true) else { panic!() };
    assert_eq!(run.restarts, 1);
}

#[test]
fn at_the_start_limit_the_manager_gave_up() {
    let seen = supervised(&recorded!("start-limit"), true);
    assert!(matches!(seen, Supervised::GaveUp { restarts: 3, .. }), "{seen:?}");
    assert_eq!(exit(&seen), KILLED);
}

#[test]
fn starts_by_hand_count_towards_the_limit_but_not_as_restarts() {
    let seen = altered(recorded!("start-limit"), &[("NRestarts", "1")]);
    assert!(matches!(supervised(&seen, true), Supervised::GaveUp { restarts: 1, .. }));
}

#[test]
fn newer_versions_name_the_start_limit() {
    let seen = altered(recorded!("stopped-failing"), &[("Result", "start-limit-hit")]);
    assert!(matches!(supervised(&seen, true), Supervised::GaveUp { .. }));
}

#[test]
fn a_refused_configuration_is_a_stop_with_its_code() {
    let seen = supervised(&recorded!("config-error"), true);
    assert!(matches!(seen, Supervised::Stopped { .. }), "{seen:?}");
    assert_eq!(exit(&seen), Some(Exit::Code { code: 78 }));
}

#[test]
fn a_stop_that_ended_in_an_error_is_no_giving_up() {
    let seen = supervised(&recorded!("stopped-failing"), true);
    assert!(matches!(seen, Supervised::Stopped { .. }), "{seen:?}");
    assert_eq!(exit(&seen), Some(Exit::Code { code: 1 }));
}

#[test]
fn a_stopped_unit_tells_how_it_ended() {
    let seen = supervised(&recorded!("stopped"), true);
    assert_eq!(exit(&seen), Some(Exit::Signal { signal: 15, core: false }));
}

#[test]
fn an_unknown_unit_is_unloaded_or_absent_by_its_file() {
    assert_eq!(supervised(&recorded!("not-found"), true), Supervised::Unloaded);
    assert_eq!(supervised(&recorded!("not-found"), false), Supervised::Absent);
}

#[test]
fn a_unit_that_runs_without_its_file_still_runs() {
    let seen = altered(recorded!("active"), &[("LoadState", "not-found")]);
    assert!(matches!(supervised(&seen, false), Supervised::Running(_)));
}

#[test]
fn a_bad_unit_is_unknown_with_the_managers_words() {
    let Supervised::Unknown { why } = supervised(&recorded!("bad-setting"), true) else { panic!() };
    assert_eq!(why.code, Code::UnitInvalid);
    assert_eq!(why.cause.as_deref(), Some("Unit bad.service has a bad unit file setting."));
}

#[test]
fn words_nobody_knows_are_unknown_and_never_stopped() {
    for seen in [
        Properties::new(),
        altered(recorded!("active"), &[("ActiveState", "levitating")]),
        altered(recorded!("active"), &[("MainPID", "42abc")]),
        altered(recorded!("stopped"), &[("LoadState", "")]),
    ] {
        assert!(matches!(supervised(&seen, true), Supervised::Unknown { .. }), "{seen:?}");
    }
}

#[test]
fn integers_are_strict_and_codes_may_be_words() {
    let words = [("ExecMainStatus", "2"), ("ExecMainCode", "exited")];
    assert_eq!(exit(&supervised(&altered(recorded!("stopped"), &words), true)), Some(Exit::Code { code: 2 }));
    let odd = [("ExecMainStatus", "2ms"), ("ExecMainCode", "exited")];
    assert_eq!(exit(&supervised(&altered(recorded!("stopped"), &odd), true)), None);
}

#[test]
fn the_unit_files_state_says_whether_it_starts_by_itself() {
    for (state, wanted) in [
        ("enabled", Autostart::On),
        ("enabled-runtime", Autostart::On),
        ("disabled", Autostart::Off),
        ("static", Autostart::Off),
        ("indirect", Autostart::Off),
        ("masked", Autostart::Blocked),
        ("", Autostart::Unknown),
        ("novel", Autostart::Unknown),
    ] {
        assert_eq!(autostart(&altered(recorded!("stopped"), &[("UnitFileState", state)])), wanted, "{state}");
    }
    assert_eq!(autostart(&recorded!("disabled")), Autostart::Off);
    assert_eq!(autostart(&recorded!("masked")), Autostart::Blocked);
}

#[test]
fn an_edited_file_is_stale() {
    assert!(is_stale(&recorded!("stale")));
    assert!(!is_stale(&recorded!("active")));
}

#[test]
fn drop_ins_with_spaces_are_whole() {
    let seen = altered(recorded!("active"), &[("DropInPaths", "\"/a b/10.conf\" /c/20.conf")]);
    assert_eq!(drop_ins(&seen), ["/a b/10.conf", "/c/20.conf"]);
    assert_eq!(environment_files(&seen), ["/home/anna/x.env"]);
}
