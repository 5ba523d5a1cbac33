//! `gateward run` over real processes, each test with a home of its own.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::Value;

#[test]
fn sigterm_ends_the_gateway_gracefully() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
    rig.until_said("up");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
    assert!(rig.log().contains("bye"));
    assert_eq!(rig.record()["phase"], "stopped");
}

#[test]
fn a_gateway_that_ignores_sigterm_is_killed_with_its_group() {
    let rig = Rig::new();
    let script = "trap '' TERM; sleep 600 & echo helper $!; while :; do sleep 0.05; done";
    let mut host = rig.host(&["--stop-timeout=300ms"], script);
    rig.until_said("helper");
    let helper = rig.said_number("helper");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 124);
    until("the helper is gone", || is_gone(helper));
}

#[test]
fn helpers_left_behind_by_a_graceful_end_are_killed() {
    let rig = Rig::new();
    let mut host =
        rig.host(&[], "trap 'exit 0' TERM; sleep 600 & echo helper $!; while :; do sleep 0.05; done");
    rig.until_said("helper");
    let helper = rig.said_number("helper");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
    until("the helper is gone", || is_gone(helper));
}

#[test]
fn a_third_signal_kills_without_waiting() {
    let rig = Rig::new();
    let mut host = rig.host(&["--stop-timeout=600s"], "trap '' TERM; echo up; while :; do sleep 0.05; done");
    rig.until_said("up");
    for _ in 0..3 {
        host.signal(Signal::INT);
        // Signals of one kind that are not yet taken count as one.
        rig.until_phase("stopping");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(host.code(), 124);
}

#[test]
fn a_second_signal_shortens_the_wait() {
    let rig = Rig::new();
    let mut host = rig.host(&["--stop-timeout=600s"], "trap '' TERM; echo up; while :; do sleep 0.05; done");
    rig.until_said("up");
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    host.signal(Signal::INT);
    assert_eq!(host.code(), 124);
}

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
    until("another gateway runs", || rig.record()["phase"] == "running" && rig.gateway() != first);
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
fn both_streams_are_kept_apart_and_passed_through() {
    let rig = Rig::new();
    let output = rig.run(&["--give-up-after=1"], "echo to-out; echo to-err >&2; exit 1");
    assert_eq!((rig.log().as_str(), rig.err_log().as_str()), ("to-out\n", "to-err\n"));
    assert_eq!(text(&output.stdout), "to-out\n");
    assert!(text(&output.stderr).contains("to-err\n"));
}

#[test]
fn a_full_log_is_rotated_with_its_lines_whole() {
    let rig = Rig::new();
    let script = "i=0; while [ $i -lt 4000 ]; do echo line-$i; i=$((i+1)); done; exit 1";
    rig.run(&["--give-up-after=1", "--log-size=4096"], script);
    let logs = rig.logs("gateward-gateway.log");
    assert_eq!(logs.len(), 6);
    for log in logs {
        let text = std::fs::read_to_string(&log).unwrap();
        assert!(text.len() <= 4096 && text.lines().all(|line| line.starts_with("line-")), "{log:?}");
    }
    assert!(rig.log().ends_with("line-3999\n"));
}

#[test]
fn a_log_folder_that_cannot_be_used_does_not_stop_the_gateway() {
    let rig = Rig::new();
    std::fs::create_dir_all(rig.path(".openclaw")).unwrap();
    std::fs::write(rig.path(".openclaw/logs"), "a file in the folder's place").unwrap();
    let script = format!("echo {}; : > {}; exec sleep 600", "x".repeat(100_000), rig.path("up").display());
    let mut host = rig.host(&[], &script);
    until("the gateway got past its output", || rig.path("up").exists());
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
}

#[test]
fn the_logs_and_the_record_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let rig = Rig::new();
    rig.run(&["--give-up-after=1"], "echo x; exit 1");
    for path in [".openclaw/logs/gateward-gateway.log", ".local/state/gateward/run/default.json"] {
        assert_eq!(std::fs::metadata(rig.path(path)).unwrap().permissions().mode() & 0o777, 0o600, "{path}");
    }
}

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
fn a_gateway_outlives_a_killed_host_and_is_adopted_not_doubled() {
    let rig = Rig::new();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    let mut second = rig.host(&[], "exec sleep 600");
    until("the second host has the gateway", || {
        rig.record()["host"]["pid"] == second.0.id() && rig.gateway() == gateway
    });
    second.signal(Signal::TERM);
    assert_eq!(second.code(), 0);
    assert!(is_gone(gateway));
}

#[test]
fn a_gateway_of_another_command_is_ended_before_the_new_one_starts() {
    let rig = Rig::new();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    let second = rig.host(&[], "exec sleep 700");
    until("the new one runs", || {
        rig.record()["phase"] == "running" && rig.record()["host"]["pid"] == second.0.id()
    });
    assert!(is_gone(gateway) && rig.gateway() != gateway);
}

#[test]
fn without_a_state_folder_the_host_refuses_instead_of_running_unseen() {
    let rig = Rig::new();
    std::fs::write(rig.path(".local"), "a file in the folder's place").unwrap();
    assert_eq!(rig.problem(&["--", "/bin/true"])["code"], "write-failed");
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
fn an_adopted_gateway_that_ends_is_started_again() {
    let rig = Rig::new();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    let _second = rig.host(&["--restart-delay=10ms"], "exec sleep 600");
    rig.until_phase("running");
    kill(gateway, Signal::KILL);
    until("another gateway runs", || rig.record()["phase"] == "running" && rig.gateway() != gateway);
}

#[test]
fn a_process_that_only_has_the_pid_is_neither_adopted_nor_ended() {
    let rig = Rig::new();
    let mut stranger = Command::new("sleep").arg("600").spawn().unwrap();
    let mut first = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    first.signal(Signal::KILL);
    first.code();
    kill(gateway, Signal::KILL);
    let mut record = rig.record();
    record["gateway"]["pid"] = stranger.id().into();
    std::fs::write(rig.path(RECORD), record.to_string()).unwrap();
    assert_eq!(rig.command(&["--stop"]).status().unwrap().code(), Some(0));
    let mut second = rig.host(&[], "exec sleep 600");
    until("a gateway of its own runs", || {
        rig.record()["phase"] == "running" && rig.record()["host"]["pid"] == second.0.id()
    });
    assert_ne!(rig.gateway(), stranger.id());
    second.signal(Signal::TERM);
    second.code();
    assert_eq!(stranger.try_wait().unwrap(), None);
    stranger.kill().unwrap();
    stranger.wait().unwrap();
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
fn a_restart_signal_without_permission_is_ignored_and_noted() {
    let rig = Rig::new();
    let host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::USR1);
    until("it is noted", || rig.record()["notes"].to_string().contains("signal-ignored"));
    assert_eq!(rig.gateway(), gateway);
}

#[test]
fn a_token_allows_one_restart_and_is_used_up() {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let rig = Rig::new();
    let host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    let token = rig.path(".local/state/gateward/run/default.restart");
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&token).unwrap();
    file.write_all(br#"{"count":1,"until":"2999-01-01T00:00:00Z"}"#).unwrap();
    host.signal(Signal::USR1);
    until("another gateway runs", || rig.record()["phase"] == "running" && rig.gateway() != gateway);
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
    until("another gateway runs", || rig.record()["phase"] == "running" && rig.gateway() != gateway);
}

#[test]
fn signals_by_the_thousand_neither_end_nor_confuse_the_host() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    for _ in 0..5000 {
        host.signal(Signal::USR1);
        host.signal(Signal::USR2);
    }
    assert_eq!(rig.gateway(), gateway);
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn many_crashes_leave_no_descriptor_thread_or_zombie_behind() {
    let rig = Rig::new();
    let host = rig.host(&["--restart-delay=0ms", "--give-up-after=100000"], "exit 1");
    let restarts = || rig.record()["restarts"].as_u64().unwrap_or_default();
    let holds = |what: &str| std::fs::read_dir(format!("/proc/{}/{what}", host.0.id())).unwrap().count();
    until("it has warmed up", || restarts() > 5);
    until("it has gone on", || restarts() > 200);
    // Two pipes, a wait and two readers belong to the run of this very moment.
    assert!(holds("fd") < 25 && holds("task") < 8, "{} descriptors, {} threads", holds("fd"), holds("task"));
    assert!(zombies_of(host.0.id()) <= 1);
}

#[test]
fn a_hangup_ends_a_host_in_a_terminal() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "exec sleep 600");
    rig.until_phase("running");
    host.signal(Signal::HUP);
    assert_eq!(host.code(), 0);
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
fn stopping_ends_a_gateway_that_outlived_its_host() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::KILL);
    host.code();
    assert!(!is_gone(gateway));
    assert_eq!(rig.command(&["--stop"]).status().unwrap().code(), Some(0));
    assert!(is_gone(gateway));
}

#[test]
fn stopping_what_does_not_run_succeeds() {
    assert_eq!(Rig::new().command(&["--stop"]).status().unwrap().code(), Some(0));
}

#[test]
fn a_forced_stop_cuts_the_drain_short() {
    let rig = Rig::new();
    let mut host = rig.host(&["--stop-timeout=600s"], STUBBORN);
    rig.until_said("up");
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    assert_eq!(rig.command(&["--stop-now"]).status().unwrap().code(), Some(0));
    assert_eq!(host.code(), 124);
}

#[test]
fn the_record_says_until_when_a_drain_may_last() {
    let rig = Rig::new();
    let host = rig.host(&["--stop-timeout=600s"], STUBBORN);
    rig.until_said("up");
    let asked = jiff::Timestamp::now();
    host.signal(Signal::TERM);
    rig.until_phase("stopping");
    let due: jiff::Timestamp = rig.record()["due"].as_str().unwrap().parse().unwrap();
    assert!((595..=601).contains(&due.duration_since(asked).as_secs()), "{due}");
    rig.command(&["--stop-now"]).status().unwrap();
}

#[test]
fn a_kill_at_the_deadline_is_in_the_history_with_what_it_hung_on() {
    let rig = Rig::new();
    let script = format!("echo still busy with task 7 >&2; {STUBBORN}");
    let mut host = rig.host(&["--stop-timeout=200ms"], &script);
    rig.until_said("up");
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 124);
    let told = rig.history();
    let killed =
        told.iter().find(|incident| incident["kind"] == "killed-at-deadline").expect("no such incident");
    assert_eq!(killed["last_words"][0], "still busy with task 7");
}

#[test]
fn an_ignored_restart_signal_and_a_crash_are_in_the_history() {
    let rig = Rig::new();
    let host = rig.host(&["--restart-delay=10ms"], "echo ouch >&2; exec sleep 600");
    let gateway = rig.gateway();
    host.signal(Signal::USR1);
    kill(gateway, Signal::KILL);
    until("another gateway runs", || rig.record()["phase"] == "running" && rig.gateway() != gateway);
    until("both are told", || rig.history().len() >= 3);
    let told = rig.history();
    let kinds: Vec<&str> = told.iter().rev().map(|incident| incident["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["started", "signal-ignored", "crash"]);
    let crash = &told[0];
    assert_eq!((&crash["pid"], &crash["last_words"][0]), (&gateway.into(), &"ouch".into()));
}

#[test]
fn a_manager_that_would_kill_soon_shortens_the_drain() {
    let rig = Rig::new();
    let mut host = rig.host(&["--kill-limit=800ms"], STUBBORN);
    rig.until_said("up");
    let asked = Instant::now();
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 124);
    assert!(asked.elapsed() < Duration::from_millis(800), "{:?}", asked.elapsed());
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
fn a_renewal_whose_new_gateway_refuses_its_configuration_says_so() {
    let rig = Rig::new();
    let script = "[ -e second ] && { echo bad config >&2; exit 78; }; : > second; exec sleep 600";
    let _host = rig.host(&[], script);
    until("it runs", || rig.path("second").exists());
    rig.gateway();
    let problem = rig.problem(&["--renew"]);
    assert_eq!((&problem["code"], &problem["cause"]), (&"config-error".into(), &"bad config".into()));
}

#[test]
fn without_a_host_a_renewal_says_so() {
    assert_eq!(Rig::new().problem(&["--renew"])["code"], "no-host");
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_gateway_says_without_a_host_reaches_the_log_through_the_next_one() {
    let rig = Rig::new();
    let script = "echo before; until [ -e go ]; do sleep 0.02; done; echo alone; : > said; \
                  until [ -e on ]; do sleep 0.02; done; echo after; exec sleep 600";
    let mut first = rig.host(&[], script);
    rig.until_said("before");
    rig.until_phase("running");
    first.signal(Signal::KILL);
    first.code();
    std::fs::write(rig.path("go"), "").unwrap();
    until("it has spoken to nobody", || rig.path("said").exists());
    let _second = rig.host(&[], script);
    rig.until_said("alone");
    std::fs::write(rig.path("on"), "").unwrap();
    rig.until_said("after");
    assert_eq!(rig.log(), "before\nalone\nafter\n");
}

#[test]
#[cfg(target_os = "linux")]
fn a_gateway_that_speaks_without_a_host_is_not_killed_by_it() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "echo up; while :; do echo line; sleep 0.01; done");
    let gateway = rig.gateway();
    rig.until_said("line");
    host.signal(Signal::KILL);
    host.code();
    std::thread::sleep(Duration::from_millis(200));
    assert!(!is_gone(gateway));
}

#[test]
fn the_log_says_when_its_lines_were_written() {
    let rig = Rig::new();
    let before = jiff::Timestamp::now();
    rig.run(&["--give-up-after=1"], "echo x; exit 1");
    let times = std::fs::read_to_string(rig.path(".openclaw/logs/gateward-gateway.times")).unwrap();
    let (at, offset) = times.trim().split_once(' ').unwrap();
    let at: jiff::Timestamp = at.parse().unwrap();
    assert!(at.as_second() >= before.as_second() && at <= jiff::Timestamp::now() && offset == "0", "{times}");
}

/// Goes on whatever it is told.
const STUBBORN: &str = "trap '' TERM; echo up; while :; do sleep 0.05; done";

const RECORD: &str = ".local/state/gateward/run/default.json";

/// A home of its own; whatever runs for it ends with it.
struct Rig {
    home: tempfile::TempDir,
}

struct Host(Child);

impl Rig {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateward"));
        command.arg("run").args(args).env_clear().env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin");
        command.stdin(Stdio::null()).current_dir(self.home.path());
        command
    }

    fn host(&self, options: &[&str], script: &str) -> Host {
        let mut command = self.command(options);
        command.args(["--", "/bin/sh", "-c", script]).stdout(Stdio::null()).stderr(Stdio::null());
        Host(command.spawn().unwrap())
    }

    fn run(&self, options: &[&str], script: &str) -> Output {
        self.command(options).args(["--", "/bin/sh", "-c", script]).output().unwrap()
    }

    fn problem(&self, args: &[&str]) -> Value {
        let (options, program) =
            args.split_at(args.iter().position(|arg| *arg == "--").unwrap_or(args.len()));
        let output = self.command(options).arg("--report").args(program).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn record(&self) -> Value {
        let text = std::fs::read(self.path(RECORD)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// The pid of the gateway, once there is one.
    fn gateway(&self) -> u32 {
        self.until_phase("running");
        u32::try_from(self.record()["gateway"]["pid"].as_u64().unwrap()).unwrap()
    }

    fn until_phase(&self, phase: &str) {
        until(phase, || self.record()["phase"] == phase);
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path(".openclaw/logs/gateward-gateway.log")).unwrap_or_default()
    }

    fn err_log(&self) -> String {
        std::fs::read_to_string(self.path(".openclaw/logs/gateward-gateway.err.log")).unwrap_or_default()
    }

    fn logs(&self, prefix: &str) -> Vec<PathBuf> {
        let all = std::fs::read_dir(self.path(".openclaw/logs")).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| file_name(path).starts_with(prefix)).collect()
    }

    /// The newest first.
    fn history(&self) -> Vec<Value> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateward"));
        command.args(["history", "--json"]).env_clear().env("HOME", self.home.path());
        let told: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        told["incidents"].as_array().unwrap().clone()
    }

    fn until_said(&self, words: &str) {
        until(words, || self.log().contains(words));
    }

    fn said_number(&self, word: &str) -> u32 {
        let line = self.log().lines().find_map(|line| line.strip_prefix(word).map(str::to_owned)).unwrap();
        line.trim().parse().unwrap()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.command(&["--stop-timeout=1s", "--stop"]).output();
    }
}

impl Host {
    fn signal(&self, signal: Signal) {
        kill(self.0.id(), signal);
    }

    fn code(&mut self) -> i32 {
        let begun = Instant::now();
        loop {
            match self.0.try_wait().unwrap() {
                Some(status) => return status.code().unwrap_or(-1),
                None if begun.elapsed() > PATIENCE => panic!("the host still runs"),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Host {
    /// Killed with what it started: a failed test leaves nothing behind.
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|status| status.is_none()) {
            self.signal(Signal::TERM);
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(2)
                && self.0.try_wait().is_ok_and(|status| status.is_none())
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(30);

fn until(what: &str, reached: impl Fn() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn kill(pid: u32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), signal);
}

/// Nobody has the pid, or a zombie that its parent has not reaped yet.
fn is_gone(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    test_kill_process(Pid::from_raw(pid.cast_signed()).unwrap()).is_err() || stat.contains(") Z ")
}

#[cfg(target_os = "linux")]
fn zombies_of(parent: u32) -> usize {
    let stats = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    stats.filter(|stat| stat.contains(&format!(") Z {parent} "))).count()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
