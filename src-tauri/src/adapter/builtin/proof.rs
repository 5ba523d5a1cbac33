//! Whether a process is still the one that was written down. A pid alone proves nothing: it is given away again.
//!
//! On Linux the proof is the boot's id and the start time in ticks since boot, which no change of the clock moves; elsewhere it is
//! the start time.

use serde::{Deserialize, Serialize};

use crate::layout::Os;
use crate::observe::seen;
use crate::problem::{Code, Problem};
use crate::system::{Ask, Report, Seen};

/// One process, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    pub pid: u32,
    /// `<boot id>/<ticks>` or a time; only ever compared.
    pub birth: String,
}

const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The questions that tell who has `pid` now.
pub fn asks(pid: u32, os: Os) -> Vec<Ask> {
    match os {
        Os::Linux => vec![Ask::File { path: BOOT_ID.to_owned() }, Ask::File { path: stat(pid) }],
        Os::MacOs | Os::Windows => vec![Ask::Process { pid }],
    }
}

/// What became of a process that was written down.
#[derive(Clone, Debug, PartialEq)]
pub enum Life {
    Alive,
    /// Nobody has its pid, or somebody else has.
    Gone,
    /// The system did not tell.
    Unknown(Problem),
}

/// Judges by the answers to [`asks`].
pub fn life(proof: &Proof, os: Os, reports: &[Report]) -> Life {
    match holder(proof.pid, os, reports) {
        Ok(Some(holder)) if holder == *proof => Life::Alive,
        Ok(Some(_) | None) => Life::Gone,
        Err(why) => Life::Unknown(why),
    }
}

/// Who has `pid`; `None` when nobody has, or it is a zombie.
///
/// # Errors
/// `ReadFailed` or `Internal` when the system did not tell.
pub fn holder(pid: u32, os: Os, reports: &[Report]) -> Result<Option<Proof>, Problem> {
    let birth = match os {
        Os::Linux => {
            let boot = file(reports, BOOT_ID)?.unwrap_or_default();
            let ticks = file(reports, &stat(pid))?.as_deref().and_then(ticks);
            ticks.map(|ticks| format!("{}/{ticks}", boot.trim()))
        }
        Os::MacOs | Os::Windows => started(pid, reports)?,
    };
    Ok(birth.map(|birth| Proof { pid, birth }))
}

fn stat(pid: u32) -> String {
    format!("/proc/{pid}/stat")
}

fn file(reports: &[Report], path: &str) -> Result<Option<String>, Problem> {
    match seen(reports, |ask| matches!(ask, Ask::File { path: asked } if asked == path)) {
        Some(Seen::File(contents)) => Ok(Some(contents.text())),
        Some(Seen::Missing) => Ok(None),
        Some(Seen::Failed(why)) if is_gone(why) => Ok(None),
        Some(Seen::Failed(why)) => Err(why.clone()),
        Some(_) | None => Err(Problem::new(Code::Internal).with("report", path)),
    }
}

/// ESRCH: the process ended between the opening and the reading of its file.
fn is_gone(why: &Problem) -> bool {
    why.cause.as_deref().is_some_and(|cause| cause.contains("(os error 3)"))
}

fn started(pid: u32, reports: &[Report]) -> Result<Option<String>, Problem> {
    match seen(reports, |ask| *ask == Ask::Process { pid }) {
        Some(Seen::Process(process)) => Ok(process.started.map(|at| at.to_string())),
        Some(Seen::Missing) => Ok(None),
        Some(Seen::Failed(why)) => Err(why.clone()),
        Some(_) | None => Err(Problem::new(Code::Internal).with("report", pid)),
    }
}

/// Field 22 of proc_pid_stat(5). The second field is the program's name in brackets and may hold anything, brackets too.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X" | "x") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 1";

    #[test]
    fn the_start_time_is_found_behind_any_program_name() {
        for name in ["node", "a b", "x) S 1 2 (y", ""] {
            assert_eq!(ticks(&format!("7 ({name}) S {REST}")), Some(4711), "{name}");
        }
    }

    #[test]
    fn a_zombie_is_nobody() {
        assert_eq!(ticks(&format!("7 (node) Z {REST}")), None);
    }

    #[test]
    fn what_is_no_stat_is_nobody() {
        for text in
            ["", "7", "7 (node", "7 (node) S 1 2", "7 (node) S a b c d e f g h i j k l m n o p q r s t"]
        {
            assert_eq!(ticks(text), None, "{text}");
        }
    }
}
