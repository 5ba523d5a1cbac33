//! What a gateway says, and where it is kept.

use std::time::Duration;

use rustix::process::Signal;

use super::hosted::{Rig, file_name, is_gone, text, until};

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
fn of_a_million_lines_at_full_speed_none_is_lost_torn_or_out_of_order() {
    let rig = Rig::new();
    rig.run(&["--give-up-after=1", "--log-size=2000000"], "seq 1000000; seq 1000000 >&2; exit 1");
    for stream in ["gateward-gateway.log", "gateward-gateway.err.log"] {
        let mut logs = rig.logs(stream);
        // `x.log.3` is older than `x.log.2`, and `x.log` the newest.
        logs.sort_by_key(|path| std::cmp::Reverse(file_name(path)));
        let lines: String = logs.iter().map(|log| std::fs::read_to_string(log).unwrap()).collect();
        assert!(lines.lines().eq((1..=1_000_000).map(|number| number.to_string())), "{stream}: {logs:?}");
    }
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

/// Counts the runs of a script in `$n`.
const NEXT_RUN: &str = "read n < n; n=$((n + 1)); echo $n > n";

/// Waits until the host has read what is searched for: of what an ended gateway left in its pipe it reads only what it gets in time.
const HEARD: &str = "wait_for() { until grep -qs \"$1\" .openclaw/logs/gateward-gateway.err.log; do sleep 0.02; done; }; wait_for";

const LAST_WORDS: &str = ".local/state/gateward/run/default.last-words";

#[test]
fn the_last_64_kib_of_standard_error_are_kept_of_each_of_the_last_runs() {
    let rig = Rig::new();
    std::fs::write(rig.path("n"), "0\n").unwrap();
    let script = format!("{NEXT_RUN}; seq -f \"run-$n %015.0f\" 4000 >&2; {HEARD} \"run-$n.*4000\"; exit 1");
    rig.run(&["--restart-delay=1ms", "--give-up-after=6"], &script);
    let kept = |number: u32| {
        let suffix = if number == 0 { String::new() } else { format!(".{number}") };
        std::fs::read_to_string(rig.path(&format!("{LAST_WORDS}{suffix}")))
    };
    for number in 0..5 {
        let words = kept(number).unwrap();
        assert_eq!(words.len(), 64 * 1024);
        assert!(words.ends_with(&format!("run-{} 000000000004000\n", 6 - number)), "{number}");
    }
    assert!(kept(5).is_err());
}

#[test]
fn a_run_that_ends_without_a_word_takes_no_earlier_ones_place() {
    let rig = Rig::new();
    std::fs::write(rig.path("n"), "0\n").unwrap();
    let script = format!("{NEXT_RUN}; [ $n = 1 ] && echo because >&2; {HEARD} because; exit 1");
    rig.run(&["--restart-delay=1ms", "--give-up-after=8"], &script);
    assert_eq!(std::fs::read_to_string(rig.path(&format!("{LAST_WORDS}.1"))).unwrap(), "because\n");
}
