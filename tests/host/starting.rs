//! What a gateway is started with, and what is refused.

use std::process::Command;

use rustix::process::{Pid, Signal};

use super::hosted::{Rig, is_gone, kill, text, until};

#[test]
fn a_second_host_is_refused_and_names_the_first() {
    let rig = Rig::new();
    let host = rig.host(&[], "exec sleep 600");
    rig.until_phase("running");
    let problem = rig.problem(&["--", "true"]);
    assert_eq!(
        (&problem["code"], &problem["values"]["pid"]),
        (&"host-already-runs".into(), &host.0.id().to_string().into())
    );
}

#[test]
fn another_profile_has_a_host_of_its_own() {
    let rig = Rig::new();
    let _host = rig.host(&[], "exec sleep 600");
    rig.until_phase("running");
    let other = rig
        .command(&["--profile", "other", "--give-up-after=1", "--", "/bin/sh", "-c", "exit 78"])
        .output()
        .unwrap();
    assert_eq!(other.status.code(), Some(78));
}

#[test]
fn without_a_state_folder_the_host_refuses_instead_of_running_unseen() {
    let rig = Rig::new();
    std::fs::write(rig.path(".local"), "a file in the folder's place").unwrap();
    assert_eq!(rig.problem(&["--", "/bin/true"])["code"], "write-failed");
}

#[test]
fn what_an_outer_supervisor_left_does_not_reach_the_gateway() {
    let rig = Rig::new();
    let mut command = rig.command(&["--give-up-after=1", "--", "/usr/bin/env"]);
    let output = command
        .env("INVOCATION_ID", "outer")
        .env("NOTIFY_SOCKET", "/x")
        .env("MINE", "kept")
        .output()
        .unwrap();
    let seen = text(&output.stdout);
    assert!(!seen.contains("INVOCATION_ID") && !seen.contains("NOTIFY_SOCKET"), "{seen}");
    assert!(seen.contains("MINE=kept\n") && seen.contains("OPENCLAW_SUPERVISOR_MODE=external\n"), "{seen}");
}

#[test]
fn the_gateway_leads_its_own_group_and_reads_nothing() {
    let rig = Rig::new();
    let _host = rig.host(&[], "read line; echo read:$?:$line; exec sleep 600");
    rig.until_said("read:1:");
    let pid = Pid::from_raw(rig.gateway().cast_signed()).unwrap();
    assert_eq!(rustix::process::getpgid(Some(pid)).unwrap(), pid);
}

#[test]
fn a_missing_working_folder_is_said_before_anything_runs() {
    let rig = Rig::new();
    let problem = rig.problem(&["--workdir", "/nowhere/at-all", "--", "/bin/true"]);
    assert_eq!(
        (&problem["code"], &problem["values"]["path"]),
        (&"bad-working-dir".into(), &"/nowhere/at-all".into())
    );
}

#[test]
fn a_missing_program_is_said() {
    let problem = Rig::new().problem(&["--", "/nowhere/node", "gateway"]);
    assert_eq!(
        (&problem["code"], &problem["values"]["path"]),
        (&"program-missing".into(), &"/nowhere/node".into())
    );
}

#[test]
fn without_a_program_and_an_installed_service_the_problem_says_so() {
    assert_eq!(Rig::new().problem(&[])["code"], "not-installed");
}

#[test]
fn a_detached_host_is_running_when_the_command_returns() {
    let rig = Rig::new();
    let status = rig.command(&["--detach", "--", "/bin/sh", "-c", "exec sleep 600"]).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(rig.record()["phase"], "running");
    let host = u32::try_from(rig.record()["host"]["pid"].as_u64().unwrap()).unwrap();
    kill(host, Signal::HUP);
    assert_eq!(rig.command(&["--stop"]).status().unwrap().code(), Some(0));
    until("the host is gone", || is_gone(host));
    assert_eq!(rig.record()["phase"], "stopped");
}

#[test]
fn a_detached_host_that_cannot_start_says_why() {
    let rig = Rig::new();
    let problem = rig.problem(&["--detach", "--", "/nowhere/node"]);
    assert_eq!(problem["code"], "program-missing");
}

#[test]
fn a_host_that_nobody_sits_before_says_in_its_log_why_it_ends() {
    let rig = Rig::new();
    let mut host = Command::new(env!("CARGO_BIN_EXE_gateward-host"));
    host.args(["run", "--scheduled", "--", "/nowhere/node"]).env_clear().env("HOME", rig.path(""));
    assert_eq!(host.status().unwrap().code(), Some(1));
    let log = std::fs::read_to_string(rig.path(".local/state/gateward/run/default.host.log")).unwrap();
    assert!(log.contains("program-missing") && log.contains("/nowhere/node"), "{log}");
}
