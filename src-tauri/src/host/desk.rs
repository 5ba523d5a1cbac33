//! The host's record, and who is alive according to it.

use crate::adapter::builtin::proof::{self, Life, Proof};
use crate::adapter::builtin::record::{self, Phase, Record};
use crate::layout::Os;
use crate::model::Redacted;
use crate::problem::{Code, Problem};
use crate::run_loop;
use crate::system::{System, answer_all};

/// Writes the record whenever it changed.
pub struct Desk {
    path: String,
    pub record: Record,
    written: Option<Record>,
}

impl Desk {
    pub fn new(path: String, record: Record) -> Self {
        Self { path, record, written: None }
    }

    /// # Errors
    /// `WriteFailed`.
    pub fn write(&mut self, system: &dyn System) -> Result<(), Problem> {
        if self.written.as_ref() == Some(&self.record) {
            return Ok(());
        }
        write(system, &self.path, &self.record)?;
        self.written = Some(self.record.clone());
        Ok(())
    }
}

/// # Errors
/// `WriteFailed`.
pub fn write(system: &dyn System, path: &str, record: &Record) -> Result<(), Problem> {
    let text = serde_json::to_string_pretty(record)
        .map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
    // It tells of processes, of which none outlives the boot; and a restart must not wait for the disk.
    system.write_fleeting(path, text.as_bytes(), 0o600)
}

/// The record at `path`; one that cannot be understood proves nothing and counts as none.
///
/// # Errors
/// `ReadFailed` when the file is there and cannot be opened.
pub fn read(system: &dyn System, path: &str) -> Result<Option<Record>, Problem> {
    let Some(contents) = system.read(path)? else { return Ok(None) };
    let parsed = record::parse(&contents.text(), path);
    if let Err(problem) = &parsed {
        tracing::warn!(%problem, "the last record is of no use");
    }
    Ok(parsed.ok())
}

pub async fn life(system: &dyn System, os: Os, proof: &Proof) -> Life {
    let reports = answer_all(system, &proof::asks(proof.pid, os)).await;
    proof::life(proof, os, &reports)
}

/// The proof of a process that is alive and cannot go away meanwhile: ourselves, or a child that was not reaped.
///
/// # Errors
/// `Internal` when the system does not tell.
pub async fn prove(system: &dyn System, os: Os, pid: u32) -> Result<Proof, Problem> {
    let reports = answer_all(system, &proof::asks(pid, os)).await;
    let holder = proof::holder(pid, os, &reports)?;
    // A child may have ended already; it is no one's any more, and no proof will match it.
    Ok(holder.unwrap_or(Proof { pid, birth: String::new() }))
}

pub fn phase(phase: run_loop::Phase) -> Phase {
    use run_loop::Ending;
    match phase {
        run_loop::Phase::Idle | run_loop::Phase::Starting { .. } => Phase::Starting,
        run_loop::Phase::Running { .. } => Phase::Running,
        run_loop::Phase::Waiting { .. } => Phase::Waiting,
        run_loop::Phase::Stopping { .. } | run_loop::Phase::Killing { .. } => Phase::Stopping,
        run_loop::Phase::Ended(Ending::Stopped) => Phase::Stopped,
        run_loop::Phase::Ended(Ending::GaveUp) => Phase::GaveUp,
        run_loop::Phase::Ended(Ending::ConfigError) => Phase::ConfigError,
    }
}

/// The last lines of `text`, without `secrets`, what else looks like one, and control sequences.
pub fn last_lines(text: &str, secrets: &[Redacted]) -> Vec<String> {
    let lines: Vec<String> = masked(text, secrets).lines().map(str::to_owned).collect();
    crate::redact::last_words(&lines)
}

/// `text` with known secrets replaced; short ones would hit innocent words.
pub fn masked(text: &str, secrets: &[Redacted]) -> String {
    let long = secrets.iter().map(Redacted::reveal).filter(|secret| secret.len() > 5);
    long.fold(text.to_owned(), |text, secret| text.replace(secret, crate::model::DOTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_hold_no_secret_and_no_colour() {
        let text = "one\n\n\u{1b}[31mhunter22 was refused\u{1b}[0m\n";
        assert_eq!(last_lines(text, &[Redacted::new("hunter22")]), ["one", "•••••• was refused"]);
    }
}
