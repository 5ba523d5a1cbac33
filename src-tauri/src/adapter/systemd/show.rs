//! What the manager's properties of a unit mean (OC 3.7, 7.2; observed 6).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::syntax;
use crate::model::{Autostart, Exit, ExitRecord, Run, Supervised};
use crate::problem::{Code, Problem};

pub type Properties = BTreeMap<String, String>;

/// What the manager says of the process. `file_present`: the unit's own file is on disk.
pub fn supervised(seen: &Properties, file_present: bool) -> Supervised {
    match text(seen, "ActiveState") {
        // `refreshing` is of systemd 257.
        "active" | "reloading" | "refreshing" => active(seen),
        "activating" => activating(seen),
        "deactivating" => Supervised::Stopping { pid: pid(seen, "MainPID"), until: killed_at(seen) },
        "failed" | "inactive" | "maintenance" => at_rest(seen, file_present),
        _ => Supervised::Unknown { why: unreadable(seen) },
    }
}

/// When `TimeoutStopSec=` runs out; an infinite one never does.
fn killed_at(seen: &Properties) -> Option<Timestamp> {
    let limit: i64 = text(seen, "TimeoutStopUSec").parse().ok()?;
    time(seen, "StateChangeTimestamp")?.checked_add(SignedDuration::from_micros(limit)).ok()
}

fn active(seen: &Properties) -> Supervised {
    match pid(seen, "MainPID") {
        Some(pid) => Supervised::Running(Run {
            pid,
            since: time(seen, "ExecMainStartTimestamp"),
            restarts: restarts(seen),
            last_exit: last_exit(seen),
        }),
        // A unit of someone else's with RemainAfterExit= is active without a process.
        None if text(seen, "SubState") == "exited" => Supervised::Stopped { last_exit: last_exit(seen) },
        None => Supervised::Unknown { why: unreadable(seen) },
    }
}

fn activating(seen: &Properties) -> Supervised {
    if is_between_lives(seen) { waiting(seen) } else { Supervised::Starting }
}

/// `auto-restart`, and since systemd 254 `auto-restart-queued`, `failed-before-auto-restart`, `dead-before-auto-restart`.
fn is_between_lives(seen: &Properties) -> bool {
    text(seen, "SubState").contains("auto-restart")
}

fn waiting(seen: &Properties) -> Supervised {
    Supervised::Waiting { last_exit: last_exit(seen), restarts: restarts(seen) }
}

fn at_rest(seen: &Properties, file_present: bool) -> Supervised {
    if is_between_lives(seen) {
        return waiting(seen);
    }
    match text(seen, "LoadState") {
        "loaded" | "merged" if gave_up(seen) => {
            Supervised::GaveUp { last_exit: last_exit(seen), restarts: restarts(seen) }
        }
        "loaded" | "merged" | "masked" => Supervised::Stopped { last_exit: last_exit(seen) },
        "not-found" if file_present => Supervised::Unloaded,
        "not-found" => Supervised::Absent,
        "bad-setting" | "error" => Supervised::Unknown { why: invalid(seen) },
        _ => Supervised::Unknown { why: unreadable(seen) },
    }
}

/// Whether the start limit holds the service back. systemd before 254 leaves `Result` at how the last run ended, and starts by hand
/// count towards the limit but not into `NRestarts`; but then the failure came with the attempt, some time after the exit.
fn gave_up(seen: &Properties) -> bool {
    if text(seen, "ActiveState") != "failed" {
        return false;
    }
    let config_error = last_exit(seen).is_some_and(|record| record.exit.is_config_error());
    let burst = number(seen, "StartLimitBurst").unwrap_or_default();
    let by_count = burst > 0 && restarts(seen) >= burst;
    text(seen, "Result") == "start-limit-hit" || (!config_error && (by_count || failed_on_restarting(seen)))
}

/// systemd's shortest pause before a restart is 100 ms unless set; a unit that fails by its exit does so within a few.
const FAILED_BY_ITS_EXIT_MICROS: i64 = 90_000;

fn failed_on_restarting(seen: &Properties) -> bool {
    let restarting = matches!(text(seen, "Restart"), "always" | "on-failure" | "on-abnormal");
    let ended_by_itself = matches!(text(seen, "Result"), "exit-code" | "signal" | "core-dump" | "oom-kill");
    let gap = time(seen, "StateChangeTimestamp")
        .zip(time(seen, "ExecMainExitTimestamp"))
        .map(|(failed, exited)| failed.as_microsecond() - exited.as_microsecond());
    restarting && ended_by_itself && gap.is_some_and(|gap| gap > FAILED_BY_ITS_EXIT_MICROS)
}

/// How the last main process ended, while none runs.
pub fn last_exit(seen: &Properties) -> Option<ExitRecord> {
    let status = i32::try_from(number(seen, "ExecMainStatus")?).ok()?;
    // Numbers are si_code of waitid(2); the words are of OpenClaw's tests.
    let exit = match text(seen, "ExecMainCode") {
        "1" | "exited" => Exit::Code { code: status },
        "2" | "killed" => Exit::Signal { signal: status, core: false },
        "3" | "dumped" => Exit::Signal { signal: status, core: true },
        _ => return None,
    };
    Some(ExitRecord {
        exit,
        at: time(seen, "ExecMainExitTimestamp"),
        pid: pid(seen, "ExecMainPID"),
        result: Some(text(seen, "Result").to_owned()).filter(|word| !word.is_empty()),
    })
}

fn restarts(seen: &Properties) -> u32 {
    number(seen, "NRestarts").unwrap_or_default()
}

/// Whether the manager starts the unit by itself, by its `UnitFileState`.
pub fn autostart(seen: &Properties) -> Autostart {
    match text(seen, "UnitFileState") {
        "enabled" | "enabled-runtime" | "alias" => Autostart::On,
        "disabled" | "static" | "indirect" | "linked" | "linked-runtime" => Autostart::Off,
        "masked" | "masked-runtime" => Autostart::Blocked,
        _ if text(seen, "LoadState") == "masked" => Autostart::Blocked,
        _ => Autostart::Unknown,
    }
}

pub fn is_masked(seen: &Properties) -> bool {
    text(seen, "LoadState") == "masked"
}

pub fn is_stale(seen: &Properties) -> bool {
    text(seen, "NeedDaemonReload") == "yes"
}

/// The file the manager has loaded; `None` when it knows none.
pub fn fragment(seen: &Properties) -> Option<&str> {
    Some(text(seen, "FragmentPath")).filter(|path| !path.is_empty())
}

pub fn drop_ins(seen: &Properties) -> Vec<String> {
    syntax::words(text(seen, "DropInPaths")).unwrap_or_default()
}

/// Paths of `EnvironmentFiles`, one `path (ignore_errors=…)` a line.
pub fn environment_files(seen: &Properties) -> Vec<String> {
    let path = |line: &str| line.rsplit_once(" (ignore_errors=").map(|(path, _)| path.to_owned());
    text(seen, "EnvironmentFiles").lines().filter_map(path).collect()
}

fn invalid(seen: &Properties) -> Problem {
    let path = fragment(seen).unwrap_or_else(|| text(seen, "Id"));
    let words = text(seen, "LoadError").split_once(' ').map_or("", |(_, words)| words);
    let command = format!("systemd-analyze --user verify {}", crate::plan::shell_quoted(path));
    Problem::new(Code::UnitInvalid)
        .with("path", path)
        .because(words.trim_matches('"'))
        .hint_command("verify-unit", command)
}

fn unreadable(seen: &Properties) -> Problem {
    let words = ["LoadState", "ActiveState", "SubState"].map(|name| format!("{name}={}", text(seen, name)));
    Problem::new(Code::ToolAnswerUnreadable).with("command", "systemctl --user show").because(words.join(" "))
}

fn text<'a>(seen: &'a Properties, name: &str) -> &'a str {
    seen.get(name).map_or("", |text| text.trim())
}

/// Only digits are a number: `42abc` or `2ms` is none (OC 7.2).
fn number(seen: &Properties, name: &str) -> Option<u32> {
    let digits = text(seen, name);
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn pid(seen: &Properties, name: &str) -> Option<u32> {
    number(seen, name).filter(|pid| *pid > 0)
}

/// Microseconds since the epoch; 0 and 2^64-1 are systemd's "never".
fn time(seen: &Properties, name: &str) -> Option<Timestamp> {
    let micros: i64 = text(seen, name).parse().ok().filter(|micros| *micros > 0)?;
    Timestamp::from_microsecond(micros).ok()
}

#[cfg(test)]
mod tests;
