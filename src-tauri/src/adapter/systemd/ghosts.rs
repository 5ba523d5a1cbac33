//! Units under names that the gateway bore before (A30). Two gateways would fight for the port.

use super::{Systemd, plans};
use crate::adapter::Ghost;
use crate::identity::Identity;
use crate::layout::{self, Os};
use crate::observe::seen;
use crate::plan::{Call, Outcome, Step};
use crate::system::{Ask, Report, Seen};

const UNITS: &[&str] = &["clawdbot-gateway.service", "moltbot-gateway.service", "moldbot-gateway.service"];

/// Earlier names know no profiles.
fn files(id: &Identity) -> Vec<(&'static str, String)> {
    let units = if id.profile.name().is_none() { UNITS } else { &[] };
    let path =
        |unit: &'static str| (unit, layout::join(&id.home, &[".config/systemd/user", unit], Os::Linux));
    units.iter().map(|unit| path(unit)).collect()
}

impl Systemd {
    pub(super) fn asks_for_ghosts(&self, id: &Identity) -> Vec<Ask> {
        files(id).into_iter().map(|(_, path)| Ask::File { path }).collect()
    }

    pub(super) fn found_ghosts(&self, id: &Identity, reports: &[Report]) -> Vec<Ghost> {
        let is_there = |path: &String| {
            matches!(seen(reports, |ask| *ask == Ask::File { path: path.clone() }), Some(Seen::File(_)))
        };
        let found = files(id).into_iter().filter(|(_, path)| is_there(path));
        found.map(|(unit, path)| Ghost { label: unit.to_owned(), file: Some(path), pid: None }).collect()
    }

    pub(super) fn retire_ghosts(&self, ghosts: &[Ghost]) -> Vec<Step> {
        if ghosts.is_empty() {
            return Vec::new();
        }
        let one = |ghost: &Ghost| {
            let disable = self.call(&["disable", "--now", &ghost.label], plans::STOPPING);
            let remove = ghost.file.clone().map(|path| Step::Remove { path });
            [Step::run_tolerating(disable, &[Outcome::UnknownService])].into_iter().chain(remove)
        };
        let reload = Step::run(self.call(&["daemon-reload"], plans::QUICK));
        ghosts.iter().flat_map(one).chain([reload]).collect()
    }

    /// Of a timer and its service only the timer is started.
    pub(super) fn revive_ghosts(&self, ghosts: &[Ghost]) -> Vec<Call> {
        let timer = |label: &str| label.replace(".service", ".timer");
        let has_timer = |ghost: &&Ghost| {
            ghosts.iter().any(|other| other.label != ghost.label && other.label == timer(&ghost.label))
        };
        let starts = ghosts.iter().filter(|ghost| !has_timer(ghost));
        let starts = starts.map(|ghost| self.call(&["enable", "--now", &ghost.label], plans::STARTING));
        [self.call(&["daemon-reload"], plans::QUICK)].into_iter().chain(starts).collect()
    }
}
