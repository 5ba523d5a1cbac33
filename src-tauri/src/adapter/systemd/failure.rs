//! What the words of a failed `systemctl` mean, and what to do next (OC 3.2, 3.6, 3.10).

use super::Systemd;
use crate::plan::{Answer, Call, End, Outcome, shell_quoted};
use crate::problem::{Code, Hint, Problem};

/// Why the manager cannot be used at all. Ordered: "Failed to connect to bus: No such file or directory" is no missing tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// No user manager can be reached from this shell.
    NoBus,
    ToolMissing,
    /// The machine runs another init system.
    NotSystemd,
}

const NO_BUS: &[&str] = &[
    "failed to connect to bus",
    "failed to connect to user scope bus",
    "dbus_session_bus_address",
    "xdg_runtime_dir",
    "no medium found",
    "enomedium",
    "transport endpoint is not connected",
    "call failed: connection reset",
    "call failed: remote peer disconnected",
];
/// Said together with a bus text where another init system runs: this is the root of it.
const NOT_BOOTED: &[&str] = &["not been booted with systemd"];
const NOT_SYSTEMD: &[&str] = &["systemd user services are required", "not supported"];
const UNKNOWN_SERVICE: &[&str] = &[
    "not found",
    "not-found",
    "not loaded",
    "does not exist",
    "could not be found",
    "no such unit",
    "no such file or directory",
];
const LIMITED: &[&str] = &[
    "start request repeated too quickly",
    "start of the service was attempted too often",
    "start-limit-hit",
];
const DENIED: &[&str] =
    &["permission denied", "access denied", "interactive authentication required", "not authorized"];

fn says(words: &str, any: &[&str]) -> bool {
    any.iter().any(|text| words.contains(text))
}

/// The class of an answer that failed because there is no manager to talk to.
pub fn unavailable(answer: &Answer) -> Option<Unavailable> {
    let words = answer.words().to_lowercase();
    match &answer.end {
        End::Exited(0) | End::TimedOut => None,
        End::NotStarted(_) => Some(Unavailable::ToolMissing),
        // A broken pipe between bus and tool can also say it is denied; that is another problem (OC 3.1, A).
        End::Exited(_) | End::Killed(_) if says(&words, DENIED) => None,
        End::Exited(_) | End::Killed(_) if says(&words, NOT_BOOTED) => Some(Unavailable::NotSystemd),
        End::Exited(_) | End::Killed(_) if says(&words, NO_BUS) => Some(Unavailable::NoBus),
        End::Exited(_) | End::Killed(_) if says(&words, NOT_SYSTEMD) => Some(Unavailable::NotSystemd),
        End::Exited(127) => Some(Unavailable::ToolMissing),
        End::Exited(_) | End::Killed(_) => None,
    }
}

pub fn classify(call: &Call, answer: &Answer) -> Outcome {
    if answer.is_success() {
        return if asks_for_rival(call) && !is_free(answer) { Outcome::Failed } else { Outcome::Done };
    }
    let words = answer.words().to_lowercase();
    match () {
        () if answer.end == End::TimedOut => Outcome::TimedOut,
        () if unavailable(answer) == Some(Unavailable::ToolMissing) => Outcome::Failed,
        () if unavailable(answer).is_some() => Outcome::ManagerUnreachable,
        () if says(&words, DENIED) => Outcome::Denied,
        () if says(&words, LIMITED) => Outcome::StartLimited,
        () if says(&words, UNKNOWN_SERVICE) => Outcome::UnknownService,
        () => Outcome::Failed,
    }
}

/// The question for a system-wide unit of the same name: two services would fight for the port (OC 15, #79375).
pub fn asks_for_rival(call: &Call) -> bool {
    call.args.first().is_some_and(|word| word == "show")
}

/// A masked unit cannot start, so it is no rival.
fn is_free(answer: &Answer) -> bool {
    let state = answer.stdout.lines().find_map(|line| line.trim().strip_prefix("LoadState="));
    state.is_none_or(|state| matches!(state, "not-found" | "masked"))
}

impl Systemd {
    /// The problem of a call that failed: what it was, the tool's own words, and commands to paste.
    pub(super) fn problem(&self, call: &Call, answer: &Answer) -> Problem {
        let problem = match unavailable(answer) {
            Some(why) => self.unreachable(why),
            None => self.refusal(call, answer),
        };
        problem.with("command", call).because(own_words(answer))
    }

    fn refusal(&self, call: &Call, answer: &Answer) -> Problem {
        let words = answer.words().to_lowercase();
        let unit = call.args.last().map_or("", String::as_str);
        match classify(call, answer) {
            Outcome::Failed if answer.is_success() => rival(unit),
            Outcome::TimedOut => Problem::new(Code::ToolHung).with("seconds", call.deadline.as_secs()),
            Outcome::Denied => self.denied(),
            Outcome::StartLimited => limited(&self.command(&["reset-failed", unit])),
            _ if words.contains("is masked") => masked(unit, &self.command(&["unmask", unit])),
            _ if words.contains("bad unit file setting") => {
                let command = self.command(&["status", unit]);
                Problem::new(Code::UnitInvalid).with("path", unit).hint_command("see-unit", command)
            }
            Outcome::UnknownService => {
                let command = self.command(&["daemon-reload"]);
                Problem::new(Code::UnitUnknown).with("unit", unit).hint_command("reload-manager", command)
            }
            Outcome::Done
            | Outcome::Already
            | Outcome::Busy
            | Outcome::ManagerUnreachable
            | Outcome::Failed => {
                let command = self.command(&["status", unit]);
                Problem::new(Code::StepFailed).hint_command("see-unit", command)
            }
        }
    }

    /// What stands between this shell and the user's manager.
    pub(super) fn unreachable(&self, why: Unavailable) -> Problem {
        let code = match why {
            Unavailable::NoBus => Code::NoUserBus,
            Unavailable::ToolMissing => Code::ToolMissing,
            Unavailable::NotSystemd => Code::NotSystemd,
        };
        let mut problem = Problem::new(code).with("tool", "systemctl");
        problem.hints = self.way_out(why);
        problem
    }

    /// By where we are: a container has no manager and gets none, WSL needs a setting, a shell without a login needs lingering.
    fn way_out(&self, why: Unavailable) -> Vec<Hint> {
        let hint = |code: &str, command: Option<String>| Hint { code: code.to_owned(), command };
        let foreground = || hint("run-in-foreground", Some("gateward run".to_owned()));
        if self.container {
            return vec![foreground()];
        }
        if self.wsl {
            return vec![
                hint(
                    "wsl-enable-systemd",
                    Some(r"printf '[boot]\nsystemd=true\n' | sudo tee -a /etc/wsl.conf".to_owned()),
                ),
                hint("wsl-shutdown", Some("wsl.exe --shutdown".to_owned())),
                hint("wsl-check", Some("systemctl --user status".to_owned())),
            ];
        }
        match why {
            Unavailable::NoBus => vec![
                hint("enable-linger", Some(format!("sudo loginctl enable-linger {}", self.account()))),
                hint("set-runtime-dir", Some("export XDG_RUNTIME_DIR=/run/user/$(id -u)".to_owned())),
                foreground(),
            ],
            Unavailable::ToolMissing | Unavailable::NotSystemd => vec![foreground()],
        }
    }

    fn account(&self) -> String {
        self.user.as_deref().map_or_else(|| "\"$USER\"".to_owned(), shell_quoted)
    }

    fn denied(&self) -> Problem {
        let problem = Problem::new(Code::AccessDenied);
        match self.sudo {
            true => problem.hint_command("not-with-sudo", format!("sudo -iu {}", self.account())),
            false => problem.hint_command("who-am-i", "id"),
        }
    }
}

pub fn masked(unit: &str, unmask: &str) -> Problem {
    Problem::new(Code::UnitMasked).with("unit", unit).hint_command("unmask", unmask)
}

fn limited(reset: &str) -> Problem {
    Problem::new(Code::GaveUp).hint_command("see-logs", "gateward logs").hint_command("reset-failed", reset)
}

fn rival(unit: &str) -> Problem {
    let command = format!("sudo systemctl disable --now {}", shell_quoted(unit));
    Problem::new(Code::SystemUnitExists).with("unit", unit).hint_command("disable-system-unit", command)
}

fn own_words(answer: &Answer) -> String {
    match &answer.end {
        End::NotStarted(words) => words.clone(),
        End::Exited(_) | End::Killed(_) | End::TimedOut => answer.words(),
    }
}

#[cfg(test)]
mod tests;
