//! What launchctl's answers mean (OC 4.1). It exits with the error's own number, `launchctl error N` names it; older versions exit
//! with 1 and tell the number in words only, so both are looked at.

use crate::adapter::grounds::without_answer;
use crate::adapter::launchd::{Launchd, calls};
use crate::plan::{Answer, Call, End, Outcome, TEST, Tool};
use crate::problem::{Code, Problem};

pub fn classify(call: &Call, answer: &Answer) -> Outcome {
    let code = match &answer.end {
        End::Exited(code) => *code,
        End::TimedOut => return Outcome::TimedOut,
        End::Killed(_) | End::NotStarted(_) => return Outcome::Failed,
    };
    if is_absence_test(call) {
        // Only a job that is certainly there is in the way.
        return if code == 0 { Outcome::Failed } else { Outcome::Done };
    }
    if code == 0 {
        return Outcome::Done;
    }
    if call.tool != Tool::Launchctl {
        return Outcome::Failed;
    }
    meaning(calls::verb(call), code, &answer.words().to_lowercase())
}

fn is_absence_test(call: &Call) -> bool {
    calls::verb(call) == "print" && call.args.get(1).is_some_and(|target| target.starts_with("system/"))
}

fn meaning(verb: &str, code: i32, words: &str) -> Outcome {
    let says = |texts: &[&str]| texts.iter().any(|text| words.contains(text));
    let is = |codes: &[i32]| codes.contains(&code);
    if is(&[112, 125])
        || says(&["domain does not support specified action", "could not find domain", "failed: 125"])
    {
        return Outcome::ManagerUnreachable;
    }
    if is(&[130]) || says(&["already exists in domain", "already loaded", "already bootstrapped"]) {
        return Outcome::Already;
    }
    let in_progress = is(&[36, 37]) || says(&["already in progress", "now in progress", "failed: 37"]);
    if in_progress && verb == "kickstart" {
        return Outcome::Already;
    }
    // 5 is launchd's word for nearly everything; for these two it usually means the job is still on its way out.
    let io = is(&[5]) || says(&["input/output error", "failed: 5:"]);
    if in_progress || (io && matches!(verb, "bootstrap" | "bootout")) {
        return Outcome::Busy;
    }
    if verb != "bootstrap" && (is(&[3, 113]) || says(&["no such process", "could not find", "not found"])) {
        return Outcome::UnknownService;
    }
    if is(&[1, 13, 150]) && says(&["not permitted", "not privileged", "permission denied"]) {
        return Outcome::Denied;
    }
    Outcome::Failed
}

impl Launchd {
    pub(super) fn told(&self, call: &Call, answer: &Answer) -> Problem {
        if let Some(problem) = without_answer(call, answer) {
            return problem;
        }
        if let Some(problem) = failed_test(call) {
            return problem;
        }
        let words = answer.words();
        match classify(call, answer) {
            Outcome::ManagerUnreachable => self.no_session().because(words),
            Outcome::Denied => Problem::new(Code::AccessDenied).with("command", call).because(words),
            Outcome::Done
            | Outcome::UnknownService
            | Outcome::Already
            | Outcome::StartLimited
            | Outcome::Busy
            | Outcome::TimedOut
            | Outcome::Failed => refused(call, answer, &words),
        }
    }
}

/// The tests before an installation: nothing has been changed when one fails.
fn failed_test(call: &Call) -> Option<Problem> {
    if is_absence_test(call) {
        let target = call.args.get(1).cloned().unwrap_or_default();
        let label = target.trim_start_matches("system/");
        return Some(daemon_exists(label).hint_command("remove-daemon", format!("launchctl print {target}")));
    }
    if call.tool != Tool::At(TEST.to_owned()) {
        return None;
    }
    match call.args.as_slice() {
        [not, _, path] if not == "!" => Some(
            daemon_exists(path)
                .hint_command("remove-daemon", format!("cat {}", crate::plan::shell_quoted(path))),
        ),
        [_, path] => Some(Problem::new(Code::ProgramMissing).with("path", path)),
        _ => None,
    }
}

fn daemon_exists(unit: &str) -> Problem {
    Problem::new(Code::SystemUnitExists).with("unit", unit)
}

fn refused(call: &Call, answer: &Answer, words: &str) -> Problem {
    let unsafe_file = answer.end == End::Exited(122) || words.contains("bad ownership/permissions");
    match call.args.last().filter(|_| unsafe_file) {
        Some(path) => {
            own_the_file(Problem::new(Code::UnitUnsafe).with("path", path).with("reason", "owner"), path)
                .because(words)
        }
        None => Problem::new(Code::StepFailed)
            .with("command", call)
            .because(words)
            .hint_command("see-launchd-log", LOG_COMMAND),
    }
}

/// launchd keeps the reason behind its 5 to itself; xpcproxy is the one that could not start the program.
const LOG_COMMAND: &str = r#"log show --last 5m --info --style compact --predicate 'process == "launchd" OR process == "xpcproxy"'"#;

/// The way out for a plist that launchd would refuse.
pub fn own_the_file(problem: Problem, path: &str) -> Problem {
    let path = crate::plan::shell_quoted(path);
    problem.hint_command("own-the-file", format!(r#"sudo chown "$USER" {path} && chmod 644 {path}"#))
}
