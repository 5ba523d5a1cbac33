//! An action of ours, and which ends of processes it explains.

use jiff::Timestamp;

use super::end::End;
use crate::model::{Action, IncidentKind};

/// An action of ours, until the observation after it.
#[derive(Clone, Debug)]
pub(super) struct Acting {
    pub(super) action: Action,
    pub(super) since: Timestamp,
    /// The process it found running.
    pub(super) found: Option<u32>,
    /// Processes whose end was heard of before it began.
    pub(super) gone: Vec<u32>,
    pub(super) done: Option<Timestamp>,
}

impl Acting {
    /// Whether the action is the reason of `end`.
    pub(super) fn explains(&self, end: &End) -> bool {
        let is_older = end.pid.is_some_and(|pid| self.gone.contains(&pid));
        let is_within = |at| at >= self.since && self.done.is_none_or(|done| at < done);
        if is_older || !end.at.is_none_or(is_within) {
            return false;
        }
        match self.action {
            Action::Stop | Action::Disable | Action::Uninstall => true,
            Action::Restart
            | Action::Install
            | Action::Repair { .. }
            | Action::Alter { .. }
            | Action::TakeBack { .. } => end.pid.is_some() && end.pid == self.found,
            Action::Start => false,
        }
    }

    pub(super) fn ended_as(&self) -> IncidentKind {
        match self.action {
            Action::Stop | Action::Disable | Action::Uninstall => IncidentKind::Stopped,
            Action::Restart
            | Action::Install
            | Action::Repair { .. }
            | Action::Alter { .. }
            | Action::TakeBack { .. }
            | Action::Start => IncidentKind::Restarted,
        }
    }

    pub(super) fn restarts_what_it_found(&self) -> bool {
        let restarts = match self.action {
            Action::Restart
            | Action::Install
            | Action::Repair { .. }
            | Action::Alter { .. }
            | Action::TakeBack { .. } => true,
            Action::Start | Action::Stop | Action::Disable | Action::Uninstall => false,
        };
        restarts && self.found.is_some()
    }
}
