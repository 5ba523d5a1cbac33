//! What helps against a finding, as a plan.

use std::time::Duration;

use crate::adapter::systemd;
use crate::model::Redacted;
use crate::plan::{Call, Plan, Step, Text, Tool};
use crate::problem::{Code, Problem};
use crate::system::Contents;

use super::Finding;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The definition is written anew: `gateward install --force`, with the program that it has.
    Reinstall,
    Restart,
    Start,
    /// Lets the account's services outlive the login.
    Linger,
    /// The file is for its owner only.
    Close,
    /// The file goes.
    Remove,
    /// A command for a person to paste.
    Advice(&'static str),
    /// Good to know; nothing that a program could do.
    Nothing,
}

impl Remedy {
    /// Whether `gateward doctor --fix` can do it.
    pub fn is_a_fix(self) -> bool {
        match self {
            Remedy::Reinstall
            | Remedy::Restart
            | Remedy::Start
            | Remedy::Linger
            | Remedy::Close
            | Remedy::Remove => true,
            Remedy::Advice(_) | Remedy::Nothing => false,
        }
    }

    /// Whether the running gateway does not feel it, and nothing is lost by it.
    pub fn is_safe(self) -> bool {
        match self {
            Remedy::Linger | Remedy::Close => true,
            Remedy::Reinstall
            | Remedy::Restart
            | Remedy::Start
            | Remedy::Remove
            | Remedy::Advice(_)
            | Remedy::Nothing => false,
        }
    }
}

const QUICK: Duration = Duration::from_secs(30);

/// Lets this account's services outlive its logins.
pub fn lingering(user: &str) -> Plan {
    Plan {
        steps: vec![systemd::enable_linger(user)],
        on_undo: vec![Call::new(Tool::Loginctl, &["disable-linger", user], QUICK)],
    }
}

/// The steps of a remedy that is no action of its own; `now` is the file that the finding names.
///
/// # Errors
/// `NotPossibleNow` when there is nothing to do it with.
pub fn plan(finding: &Finding, now: Option<Contents>, user: Option<&str>) -> Result<Plan, Problem> {
    let impossible = || Problem::new(Code::NotPossibleNow);
    let path = finding.values.get("path").cloned();
    match (finding.rule.remedy, path, now, user) {
        (Remedy::Linger, _, _, Some(user)) => Ok(lingering(user)),
        (Remedy::Close, Some(path), Some(contents), _) => {
            let text = match String::from_utf8(contents.bytes) {
                Ok(text) => Text::Secret(Redacted::new(text)),
                Err(error) => Text::Bytes(error.into_bytes()),
            };
            let mode = contents.mode & 0o700;
            Ok(Plan { steps: vec![Step::Write { path, text, mode }], on_undo: Vec::new() })
        }
        (Remedy::Remove, Some(path), Some(_), _) => {
            Ok(Plan { steps: vec![Step::Remove { path }], on_undo: Vec::new() })
        }
        _ => Err(impossible()),
    }
}
