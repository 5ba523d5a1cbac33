//! Ends by itself, and restarts on request.

use rustix::process::Signal;

use super::hosted::{PATIENCE, Rig, is_gone, kill, until};

#[test]
fn a_configuration_error_is_passed_on_and_not_tried_again() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "echo once; echo 'no gateway.mode' >&2; exit 78");
    assert_eq!(host.code(), 78);
    assert_eq!(rig.log().matches("once").count(), 1);
    let record = rig.record();
    assert_eq!(
        (&record["phase"], &record["last_words"][0]),
        (&"config-error".into(), &"no gateway.mode".into())
    );
}

#[test]
fn a_crash_starts_a_new_process() {
    let rig = Rig::new();
    let _host = rig.host(&["--restart-delay=10ms"], "exec sleep 600");
    let first = rig.gateway();
    kill(first, Signal::KILL);
    rig.next_gateway(first);
    let record = rig.record();
    assert_eq!(record["last_exit"]["exit"]["signal"], 9);
    assert_eq!(record["restarts"], 1);
}

#[test]
fn a_gateway_that_always_fails_is_given_up() {
    let rig = Rig::new();
    let script = "echo try; echo because >&2; exit 1";
    let mut host = rig.host(&["--restart-delay=1ms", "--give-up-after=3"], script);
    assert_eq!(host.code(), 3);
    assert_eq!(rig.log().matches("try").count(), 3);
    let record = rig.record();
    assert_eq!((&record["phase"], &record["last_words"][0]), (&"gave-up".into(), &"because".into()));
}

#[test]
fn after_giving_up_a_new_host_begins_afresh() {
    let rig = Rig::new();
    assert_eq!(rig.host(&["--restart-delay=1ms", "--give-up-after=1"], "exit 1").code(), 3);
    let _host = rig.host(&[], "exec sleep 600");
    rig.until_phase("running");
}

#[test]
fn what_happened_is_noted_with_its_process() {
    let rig = Rig::new();
    rig.run(&["--restart-delay=1ms", "--give-up-after=2"], "exit 1");
    let record = rig.record();
    let notes: Vec<&str> =
        record["notes"].as_array().unwrap().iter().map(|note| note["kind"].as_str().unwrap()).collect();
    assert_eq!(notes, ["started", "crash", "started", "crash", "gave-up"]);
    assert!(record["notes"].as_array().unwrap().iter().all(|note| note["pid"].is_u64()));
}

#[test]
fn a_restart_signal_without_permission_is_ignored_and_noted() {
    let rig = Rig::new();
    let host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::USR1);
    until("it is noted", || rig.record()["notes"].to_string().contains("signal-ignored"));
    assert_eq!(rig.gateway(), gateway);
}

#[test]
fn an_ignored_restart_signal_is_logged() {
    let rig = Rig::new();
    rig.command(&["--detach", "--", "/bin/sleep", "600"]).status().unwrap();
    let host = u32::try_from(rig.record()["host"]["pid"].as_u64().unwrap()).unwrap();
    kill(host, Signal::USR1);
    let log = rig.path(".local/state/gateward/run/default.host.log");
    until("it is logged", || {
        std::fs::read_to_string(&log).unwrap().contains("a restart by signal was ignored")
    });
}

#[test]
fn a_token_allows_one_restart_and_is_used_up() {
    let rig = Rig::new();
    let host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    let token = rig.permit(PATIENCE);
    host.signal(Signal::USR1);
    rig.next_gateway(gateway);
    assert!(!token.exists());
}

#[test]
fn the_config_may_allow_restarts_by_signal() {
    let rig = Rig::new();
    std::fs::create_dir_all(rig.path(".openclaw")).unwrap();
    std::fs::write(rig.path(".openclaw/openclaw.json"), "{commands: {restart: true}}").unwrap();
    let host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::USR1);
    rig.next_gateway(gateway);
}

#[test]
fn an_ignored_restart_signal_and_a_crash_are_in_the_history() {
    let rig = Rig::new();
    let host = rig.host(&["--restart-delay=10ms"], "echo ouch >&2; exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::USR1);
    until("it is noted", || rig.record()["notes"].to_string().contains("signal-ignored"));
    kill(gateway, Signal::KILL);
    rig.next_gateway(gateway);
    until("both are told", || rig.history().len() >= 3);
    let told = rig.history();
    let kinds: Vec<&str> = told.iter().rev().map(|incident| incident["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["started", "signal-ignored", "crash"]);
    let crash = &told[0];
    assert_eq!((&crash["pid"], &crash["last_words"][0]), (&gateway.into(), &"ouch".into()));
}

#[test]
fn a_renewal_restarts_once_and_leaves_no_permission_behind() {
    let rig = Rig::new();
    let host = rig.host(&[], "trap 'echo drained; exit 0' TERM; echo up; while :; do sleep 0.02; done");
    let gateway = rig.gateway();
    rig.until_said("up");
    assert_eq!(rig.command(&["--renew"]).status().unwrap().code(), Some(0));
    assert!(rig.gateway() != gateway && is_gone(gateway));
    assert!(rig.log().contains("drained"));
    assert!(!rig.path(".local/state/gateward/run/default.restart").exists());
    assert_eq!(rig.record()["host"]["pid"], host.0.id());
}

#[test]
fn without_a_host_a_renewal_says_so() {
    assert_eq!(Rig::new().problem(&["--renew"])["code"], "no-host");
}
