//! One end of a process, and which of them are the same.

use jiff::{SignedDuration, Timestamp};

use crate::model::{Exit, ExitRecord};

/// One end of a process.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) pid: Option<u32>,
    pub(super) at: Option<Timestamp>,
    /// `None` for an end that was told without a record.
    pub(super) exit: Option<Exit>,
    pub(super) restarts: Option<u32>,
    pub(super) result: Option<String>,
}

/// Two records of the same pid further apart than this are of two processes: the pid was used again.
const SAME_MOMENT: SignedDuration = SignedDuration::from_secs(10);

impl End {
    pub(super) fn of(record: ExitRecord, restarts: Option<u32>) -> Self {
        Self { pid: record.pid, at: record.at, exit: Some(record.exit), restarts, result: record.result }
    }

    /// systemd calls a death by SIGTERM, SIGINT, SIGHUP or SIGPIPE a success; its own verdict counts.
    pub(super) fn is_failure(&self) -> bool {
        let excused = self.result.as_deref() == Some("success");
        self.exit.is_some_and(|exit| !exit.is_success()) && !excused
    }

    pub(super) fn is_same(&self, other: &End) -> bool {
        if self.pid.is_some() && other.pid.is_some() {
            return self.pid == other.pid && self.is_close(other.at);
        }
        if self.at.is_some() && other.at.is_some() {
            return self.is_close(other.at);
        }
        self.exit == other.exit && self.restarts == other.restarts
    }

    pub(super) fn is_close(&self, at: Option<Timestamp>) -> bool {
        match (self.at, at) {
            (Some(own), Some(other)) => own.duration_since(other).abs() <= SAME_MOMENT,
            (None, _) | (_, None) => true,
        }
    }
}
