//! What will be done, as data, before any of it is done.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::problem::{Code, Problem};

/// How long a manager may take until it shows what it has said.
const LOOK: Duration = Duration::from_secs(10);

/// The exact steps an action will take. Printed by `--dry-run`, shown by the wizard, compared in tests.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// What puts the manager right after the written files have been put back: run when a step fails, best effort.
    pub on_undo: Vec<Call>,
}

impl Plan {
    /// The files that calls of the way back read, and the plan itself does not leave behind: each with its text and mode.
    pub fn handed(&self) -> impl Iterator<Item = (&str, &Text, u32)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Write { path, text, mode } if self.is_handed(path) => Some((path.as_str(), text, *mode)),
            Step::Write { .. }
            | Step::MakeDir { .. }
            | Step::Keep { .. }
            | Step::Remove { .. }
            | Step::Run { .. }
            | Step::Await { .. } => None,
        })
    }

    fn is_handed(&self, path: &String) -> bool {
        let removed =
            self.steps.iter().any(|step| matches!(step, Step::Remove { path: gone } if gone == path));
        removed && self.on_undo.iter().any(|call| call.args.contains(path))
    }

    /// Whether the last step leaves the rest to a helper that outlives us: its end is not waited for (OC 2, `scheduled`).
    pub fn is_scheduled(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Run { call, .. }) if call.is_handoff())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// Creates a folder and its parents; those that are there keep their mode.
    MakeDir {
        path: String,
        mode: u32,
    },
    /// Replaces a file atomically.
    Write {
        path: String,
        text: Text,
        mode: u32,
    },
    /// Copies a file for its owner only (0600), replacing an older copy; one that is not there is no failure.
    Keep {
        from: String,
        to: String,
    },
    /// Removes a file; one that is not there is no failure.
    Remove {
        path: String,
    },
    Run {
        call: Call,
        tolerate: Vec<Outcome>,
        retry: Option<Retry>,
    },
    /// Asks again until the answer is `until`, or fails with `otherwise` at the deadline.
    Await {
        until: Until,
        deadline: Duration,
        otherwise: Box<Problem>,
    },
}

/// One step in a person's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StepView {
    pub sentence: String,
    /// Of a file that is written: a unified diff, or a sentence in brackets where there is none to show.
    pub difference: Option<String>,
}

impl Step {
    /// The file that the step changes.
    pub fn target(&self) -> Option<&str> {
        match self {
            Step::Write { path, .. } | Step::Keep { to: path, .. } | Step::Remove { path } => Some(path),
            Step::MakeDir { .. } | Step::Run { .. } | Step::Await { .. } => None,
        }
    }

    /// Whether taking the step may change something that an undo would have to mend; a folder more does no harm.
    pub fn acts(&self) -> bool {
        match self {
            Step::Write { .. } | Step::Keep { .. } | Step::Remove { .. } => true,
            Step::Run { call, .. } => !call.only_looks(),
            Step::MakeDir { .. } | Step::Await { .. } => false,
        }
    }

    /// A call whose every failure ends the plan.
    pub fn run(call: Call) -> Self {
        Step::Run { call, tolerate: Vec::new(), retry: None }
    }

    /// What has to come true within `deadline`; if it does not, the plan ends with `problem`.
    pub fn await_or(until: Until, deadline: Duration, problem: Problem) -> Self {
        Step::Await { until, deadline, otherwise: Box::new(problem) }
    }

    /// The same where the gateway's own words say why.
    pub fn await_or_logs(until: Until, deadline: Duration, problem: Problem) -> Self {
        Step::await_or(until, deadline, problem.hint_command("see-logs", "gateward logs"))
    }

    /// A look after the call that switched the service off: a manager's word is not believed alone.
    pub fn switched_off() -> Self {
        Step::await_or(Until::SwitchedOff, LOOK, Problem::new(Code::StillSwitchedOn))
    }

    /// A call whose `outcomes` count as success.
    pub fn run_tolerating(call: Call, outcomes: &[Outcome]) -> Self {
        Step::Run { call, tolerate: outcomes.to_vec(), retry: None }
    }
}

/// A file's text. A secret one is never shown or diffed, and serialises as dots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Text {
    Plain(String),
    /// Written as UTF-16LE with its byte order mark.
    Utf16(String),
    /// As they are: of a file that somebody else wrote in an encoding of their own.
    Bytes(Vec<u8>),
    Secret(crate::model::Redacted),
}

impl Text {
    /// As the file holds it.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Text::Plain(text) => text.as_bytes().into(),
            Text::Utf16(text) => {
                let marked = std::iter::once(0xfeff).chain(text.encode_utf16());
                marked.flat_map(u16::to_le_bytes).collect::<Vec<u8>>().into()
            }
            Text::Bytes(bytes) => bytes.into(),
            Text::Secret(secret) => secret.reveal().as_bytes().into(),
        }
    }

    /// As a person may read it; `None` of a secret one.
    pub fn readable(&self) -> Option<Cow<'_, str>> {
        match self {
            Text::Plain(text) | Text::Utf16(text) => Some(text.into()),
            Text::Bytes(bytes) => Some(String::from_utf8_lossy(bytes)),
            Text::Secret(_) => None,
        }
    }
}

/// One invocation of an outside program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub tool: Tool,
    pub args: Vec<String>,
    pub deadline: Duration,
}

impl Call {
    pub fn new(tool: Tool, args: &[&str], deadline: Duration) -> Self {
        Self { tool, args: args.iter().map(|arg| (*arg).to_owned()).collect(), deadline }
    }

    /// A shell script that detaches a helper and returns at once; `args` are its `$1`, `$2`, ….
    pub fn handoff(script: &str, args: &[&str], deadline: Duration) -> Self {
        let words: Vec<&str> = ["-c", script, HANDOFF].iter().chain(args).copied().collect();
        Self::new(Tool::At(SHELL.to_owned()), &words, deadline)
    }

    /// Whether the call only asks.
    pub fn only_looks(&self) -> bool {
        let says = |words: &[&str]| self.args.iter().any(|arg| words.contains(&arg.as_str()));
        match &self.tool {
            Tool::Systemctl => says(&["show", "is-enabled", "is-active", "cat"]),
            Tool::SystemdRun => false,
            Tool::Loginctl => says(&["show-user"]),
            Tool::Journalctl => true,
            Tool::Launchctl => says(&["print", "print-disabled"]),
            Tool::Schtasks => says(&["/Query"]),
            Tool::Crontab => says(&["-l"]),
            Tool::Sendmail => false,
            Tool::At(path) => path == TEST,
        }
    }

    fn is_handoff(&self) -> bool {
        let by_shell = self.tool == Tool::At(SHELL.to_owned());
        (by_shell && self.args.get(2).is_some_and(|name| name == HANDOFF))
            || self.args.iter().any(|arg| arg == RESTART_LATER)
    }
}

/// test(1): where a check must be a step, so that a dry run shows it.
pub const TEST: &str = "/bin/test";

/// The option of `gateward run` that leaves a restart to a helper, where there is no shell to do it.
pub const RESTART_LATER: &str = "--restart-later";

const SHELL: &str = "/bin/sh";

/// The helper's name in the process list.
const HANDOFF: &str = "gateward-handoff";

impl std::fmt::Display for Call {
    /// As it would be typed; arguments that a shell would split or expand are quoted.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.tool.name())?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", shell_quoted(arg)))
    }
}

/// Quotes one argument for a POSIX shell; text that needs no quotes is returned as it is.
pub fn shell_quoted(arg: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) {
        return arg.to_owned();
    }
    format!("'{}'", arg.replace('\'', r"'\''"))
}

/// The programs Gateward runs. Managers' tools come from `GATEWARD_TOOLS`, else from fixed system folders, never from the
/// current one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tool {
    Systemctl,
    SystemdRun,
    Loginctl,
    Journalctl,
    Launchctl,
    Schtasks,
    Crontab,
    Sendmail,
    /// A program by absolute path, in the target's syntax.
    At(String),
}

impl Tool {
    pub fn name(&self) -> &str {
        match self {
            Tool::Systemctl => "systemctl",
            Tool::SystemdRun => "systemd-run",
            Tool::Loginctl => "loginctl",
            Tool::Journalctl => "journalctl",
            Tool::Launchctl => "launchctl",
            Tool::Schtasks => "schtasks.exe",
            Tool::Crontab => "crontab",
            Tool::Sendmail => "sendmail",
            Tool::At(path) => path,
        }
    }
}

/// How an outside program ended.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Answer {
    pub end: End,
    pub stdout: String,
    pub stderr: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Exited(i32),
    /// Ended by this signal.
    Killed(i32),
    /// Not done at the deadline; it was killed.
    TimedOut,
    /// It could not be started at all; the system's words.
    NotStarted(String),
}

impl Default for End {
    fn default() -> Self {
        End::Exited(0)
    }
}

impl Answer {
    pub fn is_success(&self) -> bool {
        self.end == End::Exited(0)
    }

    /// Both streams, as OpenClaw's adapters judge them: Ubuntu 24.04 prints `not-found` on stdout (OC 3.6).
    pub fn words(&self) -> String {
        format!("{} {}", self.stderr.trim(), self.stdout.trim()).trim().to_owned()
    }
}

/// What an adapter makes of an [`Answer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Done,
    /// The manager does not know the service (yet).
    UnknownService,
    /// Already in the wanted state.
    Already,
    /// The start limit holds the service back.
    StartLimited,
    /// The manager is still busy with an earlier change of this service; the same call may work in a moment.
    Busy,
    /// The manager cannot be reached at all.
    ManagerUnreachable,
    Denied,
    TimedOut,
    Failed,
}

/// Runs `first` and the call again when it ended in one of `on`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    pub on: Vec<Outcome>,
    pub first: Vec<Call>,
    pub times: u32,
    pub pause: Duration,
}

impl Retry {
    /// A manager that is still taking a service down would refuse to take it back.
    pub fn patiently() -> Self {
        Self { on: vec![Outcome::Busy], first: Vec::new(), times: 60, pause: Duration::from_millis(500) }
    }

    /// One that is being restarted, or executed anew, is away for a moment.
    pub fn until_it_is_back() -> Self {
        Self { on: vec![Outcome::Busy, Outcome::ManagerUnreachable], times: 20, ..Self::patiently() }
    }
}

/// What an [`Step::Await`] waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// The manager says it runs.
    Running,
    /// The manager says it does not run, and will not start it again by itself.
    NotRunning,
    /// The manager does not know the service any more.
    Gone,
    /// The gateway itself answers that it is alive.
    Answering,
    /// No process of the service holds the port.
    PortReleased,
    /// Nobody at all listens on the port.
    PortFree,
    /// No process has this pid.
    ProcessGone { pid: u32 },
    /// Nothing starts the service at login or boot.
    SwitchedOff,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_prints_as_it_would_be_typed() {
        let call =
            Call::new(Tool::Systemctl, &["--user", "start", "a b.service", ""], Duration::from_secs(1));
        assert_eq!(call.to_string(), "systemctl --user start 'a b.service' ''");
    }

    #[test]
    fn a_plan_that_ends_in_a_handoff_is_only_scheduled() {
        let handed = Step::run(Call::handoff("true", &["gui/501/x"], Duration::from_secs(1)));
        let restart = Step::run(Call::new(Tool::Launchctl, &["kickstart"], Duration::from_secs(1)));
        let plan = |steps| Plan { steps, on_undo: Vec::new() };
        assert!(plan(vec![handed.clone()]).is_scheduled());
        assert!(!plan(vec![handed, restart]).is_scheduled());
    }

    #[test]
    fn quotes_in_an_argument_survive_a_shell() {
        assert_eq!(shell_quoted("it's $5"), r"'it'\''s $5'");
    }
}
