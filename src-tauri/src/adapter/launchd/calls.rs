//! The calls to launchctl(1), and the two tests that come before an installation.

use std::time::Duration;

use crate::plan::{Call, Outcome, Retry, Step, TEST, Tool};

/// Calls that only write something down.
const SHORT: Duration = Duration::from_secs(10);

/// `bootout` and `kickstart -k` may wait for the process: up to `ExitTimeOut`, and the throttle after it.
const LONG: Duration = Duration::from_secs(45);

/// The subcommand, or the empty text for another tool.
pub fn verb(call: &Call) -> &str {
    match call.tool {
        Tool::Launchctl => call.args.first().map(String::as_str).unwrap_or_default(),
        Tool::Systemctl
        | Tool::SystemdRun
        | Tool::Loginctl
        | Tool::Journalctl
        | Tool::Schtasks
        | Tool::Crontab
        | Tool::Sendmail
        | Tool::At(_) => "",
    }
}

fn launchctl(args: &[&str], deadline: Duration) -> Call {
    Call::new(Tool::Launchctl, args, deadline)
}

// `enable` first, always: launchd remembers a disabled label even after bootout and without a plist, and bootstrap then fails with 5
// or 119 (upstream #849, #39211).
pub fn enable(target: &str) -> Step {
    Step::run(launchctl(&["enable", target], SHORT))
}

pub fn disable(target: &str) -> Call {
    launchctl(&["disable", target], SHORT)
}

pub fn bootout(target: &str) -> Call {
    launchctl(&["bootout", target], LONG)
}

pub fn kill(target: &str) -> Call {
    launchctl(&["kill", "SIGKILL", target], SHORT)
}

pub fn bootstrap(domain: &str, plist: &str) -> Call {
    launchctl(&["bootstrap", domain, plist], SHORT)
}

/// Takes the job out of its domain. That it is not there, or still going (36), is for the wait that follows to judge.
pub fn take_down(target: &str) -> Step {
    Step::run_tolerating(bootout(target), &[Outcome::UnknownService, Outcome::Busy])
}

/// Puts the job into its domain. bootout returns before the job has left; until then the answer is 5 or 37 (upstream #84630,
/// #133647, #136453): tried again every 500 ms for at most 30 s.
pub fn put_in(domain: &str, plist: &str) -> Step {
    let patience =
        Retry { on: vec![Outcome::Busy], first: Vec::new(), times: 60, pause: Duration::from_millis(500) };
    Step::Run { call: bootstrap(domain, plist), tolerate: vec![Outcome::Already], retry: Some(patience) }
}

/// Starts a loaded job that does not run; a running one is left alone. Needed after `bootstrap` too: launchd may put the start by
/// RunAtLoad off for ever (`pended nondemand spawn`), and only a demand brings it. Never with `-k` there: that kills the instance
/// RunAtLoad has just started, and may take the job out of its domain (upstream #41952).
pub fn demand(target: &str) -> Step {
    Step::run_tolerating(launchctl(&["kickstart", target], SHORT), &[Outcome::Already])
}

/// Ends the running instance and starts a new one, in one go and without leaving the domain (upstream #40905).
pub fn replace(target: &str) -> Step {
    Step::run(launchctl(&["kickstart", "-k", target], LONG))
}

/// That no job of the system domain bears the label (upstream #120481). Succeeds when launchd knows none.
pub fn no_daemon_loaded(label: &str) -> Step {
    Step::run(launchctl(&["print", &format!("system/{label}")], SHORT))
}

pub fn no_daemon_file(path: &str) -> Step {
    Step::run(Call::new(Tool::At(TEST.to_owned()), &["!", "-e", path], SHORT))
}

pub fn program_exists(path: &str) -> Step {
    Step::run(Call::new(Tool::At(TEST.to_owned()), &["-x", path], SHORT))
}

/// Restarts from inside the service: the helper gets its own process group (`set -m`), since launchd ends the whole group of a
/// job's process, and tells nobody anything, since its terminal may be gone (upstream #39760, #39763, #14343).
/// `$1` launchctl, `$2` target, `$3` domain, `$4` plist.
const HANDOFF: &str = r#"set -m
(
    trap '' HUP PIPE
    sleep 1
    "$1" enable "$2"
    "$1" kickstart -k "$2" && exit 0
    tries=0
    until "$1" bootstrap "$3" "$4" || "$1" print "$2" || [ "$tries" -ge 60 ]; do
        tries=$((tries + 1))
        sleep 0.5
    done
    "$1" kickstart "$2"
) </dev/null >/dev/null 2>&1 &"#;

pub fn hand_off(launchctl: &str, target: &str, domain: &str, plist: &str) -> Step {
    Step::run(Call::handoff(HANDOFF, &[launchctl, target, domain, plist], SHORT))
}
