//! Agents under names that the gateway bore before (A30). Two gateways would fight for the port.

use super::plans::process_gone;
use super::print::Job;
use super::{Launchd, answers, calls, print};
use crate::adapter::Ghost;
use crate::identity::Identity;
use crate::layout;
use crate::observe::seen;
use crate::plan::{Call, Outcome, Step, Tool};
use crate::system::{Ask, Report, Seen};

const LABELS: &[&str] = &["com.clawdbot.gateway", "bot.molt.gateway"];

/// Earlier names know no profiles.
fn labels(id: &Identity) -> &'static [&'static str] {
    if id.profile.name().is_none() { LABELS } else { &[] }
}

impl Launchd {
    /// launchd may know an agent whose plist is gone (upstream #22377), so both are asked.
    pub(super) fn asks_for_ghosts(&self, id: &Identity) -> Vec<Ask> {
        let both = |label: &&str| {
            let path = layout::launch_agent(&id.home, label);
            [Ask::File { path }, Ask::Job { domain: self.domain(), label: (*label).to_owned() }]
        };
        labels(id).iter().flat_map(both).collect()
    }

    pub(super) fn found_ghosts(&self, id: &Identity, reports: &[Report]) -> Vec<Ghost> {
        labels(id).iter().filter_map(|label| self.ghost(label, id, reports)).collect()
    }

    fn ghost(&self, label: &str, id: &Identity, reports: &[Report]) -> Option<Ghost> {
        let path = layout::launch_agent(&id.home, label);
        let is_there =
            matches!(seen(reports, |ask| *ask == Ask::File { path: path.clone() }), Some(Seen::File(_)));
        let job = self.loaded(label, reports);
        (is_there || job.is_some()).then(|| Ghost {
            label: label.to_owned(),
            file: is_there.then_some(path),
            pid: job.and_then(|job| job.pid),
        })
    }

    fn loaded(&self, label: &str, reports: &[Report]) -> Option<Job> {
        let asked = Ask::Job { domain: self.domain(), label: label.to_owned() };
        let Some(Seen::Answered(answer)) = seen(reports, |ask| *ask == asked) else { return None };
        let target = format!("{}/{label}", self.domain());
        let call = Call::new(Tool::Launchctl, &["print", &target], std::time::Duration::ZERO);
        print::job(&answer.stdout).filter(|_| answers::classify(&call, answer) == Outcome::Done)
    }

    /// Out of launchd, and the plist into the Trash, as OpenClaw's own uninstallation does (OC 4.3).
    pub(super) fn retire_ghosts(&self, ghosts: &[Ghost], id: &Identity) -> Vec<Step> {
        let trash = layout::join(&id.home, &[".Trash"], layout::Os::MacOs);
        ghosts.iter().flat_map(|ghost| self.retire_one(ghost, &trash)).collect()
    }

    pub(super) fn revive_ghosts(&self, ghosts: &[Ghost]) -> Vec<Call> {
        let files = ghosts.iter().filter_map(|ghost| ghost.file.as_ref());
        files.map(|file| calls::bootstrap(&self.domain(), file)).collect()
    }

    fn retire_one(&self, ghost: &Ghost, trash: &str) -> Vec<Step> {
        let mut steps = vec![calls::take_down(&format!("{}/{}", self.domain(), ghost.label))];
        steps.extend(ghost.pid.map(process_gone));
        if let Some(file) = &ghost.file {
            let to = layout::join(trash, &[layout::file_name(file)], layout::Os::MacOs);
            steps.push(Step::MakeDir { path: trash.to_owned(), mode: 0o700 });
            steps.push(Step::Keep { from: file.clone(), to });
            steps.push(Step::Remove { path: file.clone() });
        }
        steps
    }
}
