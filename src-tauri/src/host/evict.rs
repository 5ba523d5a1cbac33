//! `gateward run --evict`: ends one process that no host of ours started, and what it started, if it is the one that is meant.

use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Timestamp};

use super::orphan;
use crate::layout;
use crate::problem::{Code, Problem};
use crate::system::child::Other;
use crate::system::{Ask, ProcessSeen, Seen};
use crate::world::World;

/// Whom to end: pid, start and image together are one process for ever.
#[derive(Args, Clone, Debug, Default)]
pub struct Eviction {
    #[arg(long, hide = true, value_name = "PID", requires_all = ["since", "image"])]
    evict: Option<u32>,

    #[arg(long, hide = true, value_name = "TIME")]
    since: Option<Timestamp>,

    #[arg(long, hide = true, value_name = "FILE")]
    image: Option<String>,
}

pub struct Proof {
    pid: u32,
    since: Timestamp,
    /// The executable's file name.
    image: String,
}

impl Eviction {
    pub fn proof(&self) -> Option<Proof> {
        Some(Proof { pid: self.evict?, since: self.since?, image: self.image.clone()? })
    }
}

/// A gateway that is asked to end gets this long; OpenClaw's own reserve on Windows.
const DRAIN: Duration = Duration::from_secs(30);

/// Start times are exact to a second, and come from different clocks.
const SAME_START: SignedDuration = SignedDuration::from_secs(2);

/// A process that is gone, or another one by now, is as good as ended.
///
/// # Errors
/// `StillRunning` when it cannot be ended; why the system does not tell who it is.
pub async fn evict(world: &World, proof: &Proof) -> Result<(), Problem> {
    // Held first: while we look, its pid stays its own.
    let Some(other) = Other::open(proof.pid) else { return Ok(()) };
    match world.system.answer(&Ask::Process { pid: proof.pid }).await.seen {
        Seen::Process(process) if is_meant(&process, proof) => {
            orphan::end(&*world.system, &other, proof.pid, DRAIN).await
        }
        Seen::Process(_) | Seen::Missing => Ok(()),
        Seen::Failed(why) => Err(why),
        _ => Err(Problem::new(Code::Internal).with("report", "process")),
    }
}

fn is_meant(process: &ProcessSeen, proof: &Proof) -> bool {
    let same_start = process.started.is_some_and(|at| at.duration_since(proof.since).abs() <= SAME_START);
    same_start && layout::file_name(&process.program).eq_ignore_ascii_case(&proof.image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pid_start_and_image_together_mean_a_process() {
        let since: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let proof = Proof { pid: 7, since, image: "node.exe".to_owned() };
        let process = |program: &str, late_s: i64| ProcessSeen {
            pid: 7,
            parent: 1,
            program: program.to_owned(),
            command: Vec::new(),
            user: String::new(),
            started: Some(since + SignedDuration::from_secs(late_s)),
            unit: None,
        };
        assert!(is_meant(&process(r"C:\Program Files\nodejs\Node.exe", 1), &proof));
        assert!(!is_meant(&process(r"C:\other.exe", 0), &proof));
        assert!(!is_meant(&process("node.exe", 60), &proof));
        assert!(!is_meant(&ProcessSeen { started: None, ..process("node.exe", 0) }, &proof));
    }
}
