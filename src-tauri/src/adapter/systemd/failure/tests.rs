use super::*;
use crate::identity::tests::around;
use crate::system::scripted::answered;
use crate::words::Words;

fn systemctl(args: &[&str]) -> Call {
    Call::new(crate::plan::Tool::Systemctl, args, std::time::Duration::from_secs(30))
}

fn failed(words: &str) -> Answer {
    answered(1, "", words)
}

/// Recorded on systemd 252, and OpenClaw's own table (OC 7.2).
#[test]
fn an_unreachable_manager_is_told_from_a_failed_call() {
    for (words, wanted) in [
        ("Failed to connect to bus: No medium found", Some(Unavailable::NoBus)),
        ("Failed to connect to bus: No such file or directory", Some(Unavailable::NoBus)),
        ("Failed to connect to bus: Connection refused", Some(Unavailable::NoBus)),
        ("Failed to connect to bus: Operation not supported", Some(Unavailable::NoBus)),
        (
            "Failed to connect to user scope bus via local transport: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined",
            Some(Unavailable::NoBus),
        ),
        ("Failed to get properties: Transport endpoint is not connected", Some(Unavailable::NoBus)),
        (
            "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down",
            Some(Unavailable::NotSystemd),
        ),
        ("not supported on this host", Some(Unavailable::NotSystemd)),
        ("Failed to connect to bus: Permission denied", None),
        ("permission denied", None),
        ("degraded\nsome-unit.service failed", None),
        ("Failed to start x.service: Unit x.service not found.", None),
    ] {
        assert_eq!(unavailable(&failed(words)), wanted, "{words}");
    }
    let missing =
        Answer { end: End::NotStarted("systemctl: not found in /usr/bin".to_owned()), ..Answer::default() };
    assert_eq!(unavailable(&missing), Some(Unavailable::ToolMissing));
}

/// Recorded on systemd 252.
#[test]
fn refusals_are_told_apart() {
    let call = systemctl(&["--user", "start", "x.service"]);
    for (words, wanted) in [
        ("Failed to enable unit, unit x.service does not exist.", Outcome::UnknownService),
        (
            "Failed to reset failed state of unit x.service: Unit x.service not loaded.",
            Outcome::UnknownService,
        ),
        ("Failed to get unit file state for x.service: No such file or directory", Outcome::UnknownService),
        ("Failed to enable unit: Unit file x.service does not exist.", Outcome::UnknownService),
        ("Job for x.service failed.\nStart request repeated too quickly.", Outcome::StartLimited),
        ("Failed to connect to bus: Permission denied", Outcome::Denied),
        ("Failed to connect to bus: No such file or directory", Outcome::ManagerUnreachable),
        ("Failed to start x.service: Unit x.service is masked.", Outcome::Failed),
        ("Failed to enable unit: Read-only file system", Outcome::Failed),
    ] {
        assert_eq!(classify(&call, &failed(words)), wanted, "{words}");
    }
}

#[test]
fn not_found_on_standard_output_counts_too() {
    let call = systemctl(&["--user", "is-enabled", "x.service"]);
    assert_eq!(
        classify(&call, &answered(4, "not-found\n", "Command failed: systemctl")),
        Outcome::UnknownService
    );
}

#[test]
fn a_system_unit_of_the_same_name_is_a_rival() {
    let call = systemctl(&["show", "--property=LoadState", "x.service"]);
    assert_eq!(classify(&call, &answered(0, "LoadState=loaded\n", "")), Outcome::Failed);
    assert_eq!(classify(&call, &answered(0, "LoadState=not-found\n", "")), Outcome::Done);
    let problem = Systemd::new(&around(&[])).problem(&call, &answered(0, "LoadState=loaded\n", ""));
    assert_eq!((problem.code, problem.values["unit"].as_str()), (Code::SystemUnitExists, "x.service"));
}

fn hints(around: &crate::identity::Surroundings, words: &str) -> Vec<String> {
    let problem = Systemd::new(around).problem(&systemctl(&["--user", "daemon-reload"]), &failed(words));
    problem.hints.into_iter().map(|hint| hint.code).collect()
}

const NO_MEDIUM: &str = "Failed to connect to bus: No medium found";

#[test]
fn the_way_out_depends_on_where_we_are() {
    let mut here = around(&[]);
    assert_eq!(hints(&here, NO_MEDIUM), ["enable-linger", "set-runtime-dir", "run-in-foreground"]);
    here.wsl = true;
    assert_eq!(hints(&here, NO_MEDIUM), ["wsl-enable-systemd", "wsl-shutdown", "wsl-check"]);
    here.container = Some("docker".to_owned());
    assert_eq!(hints(&here, NO_MEDIUM), ["run-in-foreground"]);
}

#[test]
fn a_masked_unit_comes_with_the_command_that_unmasks_it() {
    let call = systemctl(&["--user", "start", "x.service"]);
    let problem = Systemd::new(&around(&[]))
        .problem(&call, &failed("Failed to start x.service: Unit x.service is masked."));
    assert_eq!(problem.code, Code::UnitMasked);
    assert_eq!(problem.hints[0].command.as_deref(), Some("systemctl --user unmask x.service"));
    assert_eq!(problem.cause.as_deref(), Some("Failed to start x.service: Unit x.service is masked."));
}

#[test]
fn every_hint_given_here_has_a_sentence() {
    let words = Words::english();
    let codes = [
        "enable-linger",
        "set-runtime-dir",
        "run-in-foreground",
        "wsl-enable-systemd",
        "wsl-shutdown",
        "wsl-check",
    ];
    for code in codes {
        assert!(words.find(&format!("hint-{code}"), &[]).is_some(), "hint-{code}");
    }
}

#[test]
fn every_problem_says_its_command_or_unit() {
    let words = Words::english();
    for answer in [
        failed("boom"),
        failed(NO_MEDIUM),
        failed("is masked"),
        failed("access denied"),
        Answer { end: End::TimedOut, ..Answer::default() },
    ] {
        let problem =
            Systemd::new(&around(&[])).problem(&systemctl(&["--user", "enable", "x.service"]), &answer);
        let sentence = words.problem(&problem.with("step", 1).with("steps", 2));
        assert!(!sentence.contains('{'), "{sentence}");
    }
}
