use proptest::prelude::*;

use super::*;

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/launchd/", $name))
    };
}

#[test]
fn recorded_jobs_are_read_as_they_stand() {
    let never = None;
    let rows = [
        (recorded!("print/openclaw-env-wrapper.txt"), "running", Some(94358), Some(1), never, true),
        (recorded!("print/exited-143.txt"), "running", Some(8355), Some(3), Some(Ended::Code(143)), false),
        (recorded!("print/signal-15.txt"), "running", Some(3438), Some(371), Some(Ended::Signal(15)), false),
        (recorded!("print/never-run.txt"), "not running", None, Some(0), never, false),
        (
            recorded!("print/spawn-failed.txt"),
            "spawn scheduled",
            None,
            Some(22138),
            Some(Ended::Code(78)),
            false,
        ),
        (
            recorded!("print/spawn-scheduled.txt"),
            "spawn scheduled",
            None,
            Some(311),
            Some(Ended::Code(0)),
            true,
        ),
        (recorded!("print/crash-loop.txt"), "spawn scheduled", None, Some(5282), Some(Ended::Code(1)), true),
        (recorded!("print/sigtermed.txt"), "SIGTERMed", Some(4242), None, never, false),
        (recorded!("print/pended.txt"), "not running", None, Some(0), never, true),
        (recorded!("print/catalina.txt"), "running", Some(3087), Some(1), never, false),
    ];
    for (text, state, pid, runs, ended, keep_alive) in rows {
        let job = job(text).unwrap();
        assert_eq!((job.state.as_str(), job.pid, job.runs), (state, pid, runs), "{text}");
        assert_eq!((job.ended, job.keep_alive), (ended, keep_alive), "{text}");
    }
}

#[test]
fn the_command_in_memory_is_the_arguments_block() {
    let job = job(recorded!("print/openclaw-env-wrapper.txt")).unwrap();
    assert_eq!(job.command.len(), 7);
    assert_eq!(job.command[4..], ["gateway", "--port", "18789"]);
    assert_eq!(job.path.as_deref(), Some("/Users/anna/Library/LaunchAgents/ai.openclaw.gateway.plist"));
}

#[test]
fn only_launchds_own_failure_is_a_failed_spawn() {
    assert!(job(recorded!("print/spawn-failed.txt")).unwrap().spawn_failed);
    assert!(!job(recorded!("print/crash-loop.txt")).unwrap().spawn_failed);
}

#[test]
fn a_start_put_off_for_ever_is_seen() {
    assert_eq!(job(recorded!("print/pended.txt")).unwrap().pended.as_deref(), Some("speculative"));
    assert_eq!(job("x = {\n\tstate = running\n\tpended nondemand spawn = false\n}").unwrap().pended, None);
}

#[test]
fn a_start_on_demand_is_told_from_one_of_launchds_own() {
    assert!(job(recorded!("print/kickstarted.txt")).unwrap().demanded);
    assert!(!job(recorded!("print/signal-15.txt")).unwrap().demanded);
}

#[test]
fn crashes_in_a_row_are_told_by_older_versions() {
    assert_eq!(job(recorded!("print/catalina.txt")).unwrap().crashes, Some(0));
}

#[test]
fn a_sub_blocks_state_is_not_the_jobs() {
    let output = "x = {\n\tcoalition = {\n\t\tstate = active\n\t\tpid = 7\n\t}\n\tstate = not running\n}";
    let job = job(output).unwrap();
    assert_eq!((job.state.as_str(), job.pid), ("not running", None));
}

#[test]
fn a_multi_line_argument_cannot_pose_as_the_jobs_pid() {
    let output = "x = {\n\tstate = not running\n\targuments = {\n\t\tsh\n\tpid = 7\n\t}\n\truns = 2\n}";
    assert_eq!(job(output).unwrap().pid, None);
}

/// OC 7.3, the four rows of `print` lines.
#[test]
fn upstreams_own_samples_are_read() {
    let rows = [
        (
            "state = running\npid = 4242\nlast exit status = 1\nlast exit reason = exited",
            "running",
            Some(4242),
            Some(1),
        ),
        ("state = running\npid = 0", "running", None, None),
        ("state = waiting\npid = -1", "waiting", None, None),
        ("state = running\npid = 123abc\nlast exit status = 7ms", "running", None, None),
    ];
    for (text, state, pid, code) in rows {
        let job = job(text).unwrap();
        assert_eq!((job.state.as_str(), job.pid, job.ended), (state, pid, code.map(Ended::Code)), "{text}");
    }
}

#[test]
fn an_output_without_a_state_is_no_job() {
    for text in ["", "\n", "gui/501 = {\n\ttype = login\n}", "Could not find service", "x = {"] {
        assert_eq!(job(text), None, "{text}");
    }
}

#[test]
fn both_spellings_of_a_disabled_label_are_read() {
    for text in [recorded!("disabled/words.txt"), recorded!("disabled/booleans.txt")] {
        let list = overrides(text).unwrap();
        assert_eq!((list["ai.openclaw.gateway"], list["ai.openclaw.work"]), (true, false));
    }
}

#[test]
fn an_answer_without_the_list_says_nothing_about_labels() {
    for text in ["", "Usage: launchctl print-disabled", "disabled services = {\n\t\"x\" => true\n"] {
        assert_eq!(overrides(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(text in "[ \\t\\n={}a-z0-9\"é>]*") {
        let _ = (job(&text), overrides(&text));
    }
}
