//! The steps of each action, as the newest OpenClaw does them (OC 4.2–4.6), without its known races.

use std::time::Duration;

use super::plist::{self, Agent};
use super::{Launchd, calls, read, state, wrapper};
use crate::adapter::grounds::{known, ours_to_change};
use crate::adapter::inside;
use crate::identity::Identity;
use crate::layout;
use crate::model::{
    Autostart, Belongs, Observation, Origin, PortUse, Registration, ServiceSpec, Supervised, Value,
};
use crate::plan::{Call, Plan, Step, Text, Until};
use crate::problem::{Code, Problem};

/// Within this time a job that was taken down has left its domain: `ExitTimeOut` and some more (OC 4.4).
const LEAVES_WITHIN: Duration = Duration::from_secs(30);

const FREES_PORT_WITHIN: Duration = Duration::from_secs(20);

/// A start shortly after another one waits for the throttle first, and no call shortens that.
const RUNS_WITHIN: Duration = Duration::from_secs(30);

/// 90 s and more were seen with a large database (A33).
const ANSWERS_WITHIN: Duration = Duration::from_secs(120);

impl Launchd {
    pub(super) fn install(
        &self,
        spec: &ServiceSpec,
        force: bool,
        id: &Identity,
        seen: &Observation,
    ) -> Result<Plan, Problem> {
        inside::refuse(self.is_inside(id))?;
        known(seen)?;
        if !force {
            ours_to_change(seen)?;
        }
        let mut steps = checks(spec, id);
        steps.extend(folders(spec, id));
        steps.extend(kept_copy(id, seen));
        steps.extend(files(spec, id)?);
        steps.push(calls::enable(&self.target(id)));
        let loaded = state::is_loaded(&seen.supervised.value);
        let changed = is_changed(spec, id, seen);
        if loaded && changed {
            steps.extend(self.take_out(id, seen));
        }
        if !loaded || changed {
            steps.push(calls::put_in(&self.domain(), &plist_of(id)));
        }
        steps.extend(self.bring_up(id));
        Ok(Plan { steps, on_undo: self.put_back(id, seen) })
    }

    /// What makes launchd right again after the previous files are back.
    fn put_back(&self, id: &Identity, seen: &Observation) -> Vec<Call> {
        let target = self.target(id);
        let mut calls = vec![calls::bootout(&target)];
        if state::is_loaded(&seen.supervised.value) {
            calls.push(calls::bootstrap(&self.domain(), &plist_of(id)));
        }
        if is_switched_off(seen) {
            calls.push(calls::disable(&target));
        }
        calls
    }

    pub(super) fn uninstall(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        inside::refuse(self.is_inside(id))?;
        known(seen)?;
        ours_to_change(seen)?;
        let mut steps = Vec::new();
        if state::is_loaded(&seen.supervised.value) {
            steps.extend(self.take_out(id, seen));
        }
        let plist = plist_of(id);
        let copy = format!("{plist}.bak");
        let files = [plist, copy, layout::launchd_env_file(id), layout::launchd_wrapper(id)];
        steps.extend(files.map(|path| Step::Remove { path }));
        Ok(Plan { steps, on_undo: self.put_back(id, seen).into_iter().skip(1).collect() })
    }

    pub(super) fn start(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        known(seen)?;
        let target = self.target(id);
        let mut steps = vec![calls::enable(&target)];
        match &seen.supervised.value {
            Supervised::Running(_) | Supervised::Starting if !is_switched_off(seen) => {
                return Ok(Plan::default());
            }
            Supervised::Running(_) | Supervised::Starting => return Ok(Plan { steps, on_undo: Vec::new() }),
            Supervised::Absent => return Err(Problem::not_installed()),
            // A job that vanished from the domain, by a stop or by a race, comes back from its plist (A2, A3).
            Supervised::Unloaded => steps.push(calls::put_in(&self.domain(), &plist_of(id))),
            Supervised::Stopping { pid, .. } => {
                steps.extend(self.wait_for_leave(*pid));
                steps.push(calls::put_in(&self.domain(), &plist_of(id)));
            }
            Supervised::Waiting { .. }
            | Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unknown { .. } => {}
        }
        steps.extend(self.bring_up(id));
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// Until the next login, where RunAtLoad starts it again; with `stay`, until somebody starts it.
    pub(super) fn stop(&self, stay: bool, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        inside::refuse(self.is_inside(id))?;
        seen.supervised.value.known()?;
        let mut steps = Vec::new();
        if stay {
            steps.extend([Step::run(calls::disable(&self.target(id))), Step::switched_off()]);
        }
        if state::is_loaded(&seen.supervised.value) {
            steps.extend(self.take_out(id, seen));
        }
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// Never through bootout: a job that left its domain is not kept alive by anything (upstream #40905).
    pub(super) fn restart(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        known(seen)?;
        let (target, domain, plist) = (self.target(id), self.domain(), plist_of(id));
        if !state::is_loaded(&seen.supervised.value)
            || matches!(seen.supervised.value, Supervised::Stopping { .. })
        {
            return self.start(id, seen);
        }
        if self.is_inside(id) {
            let steps = vec![calls::hand_off(&self.launchctl, &target, &domain, &plist)];
            return Ok(Plan { steps, on_undo: Vec::new() });
        }
        let mut steps = vec![calls::enable(&target)];
        if is_stale(seen) {
            // kickstart runs what launchd has in memory; only a new bootstrap reads the file again.
            steps.extend(self.take_out(id, seen));
            steps.push(calls::put_in(&domain, &plist));
            steps.extend(self.bring_up(id));
        } else {
            steps.push(calls::replace(&target));
            steps.extend(seen.supervised.value.pid().map(process_gone));
            steps.extend(self.up());
        }
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// From a loaded job to one that answers.
    fn bring_up(&self, id: &Identity) -> Vec<Step> {
        std::iter::once(calls::demand(&self.target(id))).chain(self.up()).collect()
    }

    fn up(&self) -> [Step; 2] {
        [
            wait(Until::Running, RUNS_WITHIN, Code::DidNotStart),
            wait(Until::Answering, ANSWERS_WITHIN, Code::NotAnswering),
        ]
    }

    /// Out of the domain, and nothing left of it: bootout only asks (OC 4.4, N).
    fn take_out(&self, id: &Identity, seen: &Observation) -> Vec<Step> {
        let mut steps = vec![calls::take_down(&self.target(id))];
        steps.extend(self.wait_for_leave(seen.supervised.value.pid()));
        let held =
            matches!(&seen.port.value, PortUse::Owned { owner, .. } if owner.belongs == Belongs::Service);
        steps.extend(held.then(|| wait(Until::PortFree, FREES_PORT_WITHIN, Code::StillRunning)));
        steps
    }

    fn wait_for_leave(&self, pid: Option<u32>) -> Vec<Step> {
        let gone = wait(Until::Gone, LEAVES_WITHIN, Code::StillRunning);
        std::iter::once(gone).chain(pid.map(process_gone)).collect()
    }
}

fn plist_of(id: &Identity) -> String {
    layout::launch_agent(&id.home, &id.label)
}

fn wait(until: Until, deadline: Duration, otherwise: Code) -> Step {
    Step::await_or_logs(until, deadline, Problem::new(otherwise))
}

pub fn process_gone(pid: u32) -> Step {
    wait(Until::ProcessGone { pid }, LEAVES_WITHIN, Code::StillRunning)
}

fn is_switched_off(seen: &Observation) -> bool {
    seen.registration().is_some_and(|found| found.autostart == Autostart::Off)
}

fn is_stale(seen: &Observation) -> bool {
    seen.registration().is_some_and(|found| found.stale)
}

fn checks(spec: &ServiceSpec, id: &Identity) -> Vec<Step> {
    let program = spec.command.first().map(|path| calls::program_exists(path));
    program
        .into_iter()
        .chain([calls::no_daemon_file(&layout::launch_daemon(&id.label)), calls::no_daemon_loaded(&id.label)])
        .collect()
}

/// launchd makes a missing log folder too, but before it drops its privileges: it is then root's, and the job cannot write there.
fn folders(spec: &ServiceSpec, id: &Identity) -> Vec<Step> {
    let plist = plist_of(id);
    let log = layout::launchd_log(id);
    let mut folders =
        vec![(layout::parent(&plist), 0o755), (layout::parent(&log), 0o700), (id.state_dir.as_str(), 0o700)];
    if let Some(Value::Plain(folder)) = spec.environment.get("TMPDIR").filter(|_| has_own_tmpdir(spec, id)) {
        folders.push((folder, 0o700));
    }
    let env_dir = layout::launchd_env_dir(id);
    if wrapper::has_secrets(spec) {
        folders.push((&env_dir, 0o700));
    }
    folders.into_iter().map(|(path, mode)| Step::MakeDir { path: path.to_owned(), mode }).collect()
}

fn has_own_tmpdir(spec: &ServiceSpec, id: &Identity) -> bool {
    let own = layout::join(&id.state_dir, &["tmp"], layout::Os::MacOs);
    spec.environment.get("TMPDIR") == Some(&Value::Plain(own))
}

/// What a person changed by hand must not be lost with the first reinstall (OC 15, #24350). launchd reads `.plist` files only.
fn kept_copy(id: &Identity, seen: &Observation) -> Option<Step> {
    let plist = plist_of(id);
    let copy = Step::Keep { from: plist.clone(), to: format!("{plist}.bak") };
    seen.registration().is_some_and(|found| found.origin != Origin::Gateward).then_some(copy)
}

/// The secrets first: the plist that names them comes last.
fn files(spec: &ServiceSpec, id: &Identity) -> Result<Vec<Step>, Problem> {
    let (env_file, script) = (layout::launchd_env_file(id), layout::launchd_wrapper(id));
    let plist = Text::Plain(plist::render(&Agent::of(spec))?);
    let mut steps = if wrapper::has_secrets(spec) {
        vec![
            Step::Write { path: env_file, text: Text::Secret(wrapper::render(spec)?), mode: 0o600 },
            Step::Write { path: script, text: Text::Plain(wrapper::SCRIPT.to_owned()), mode: 0o700 },
        ]
    } else {
        vec![Step::Remove { path: env_file }, Step::Remove { path: script }]
    };
    steps.push(Step::Write { path: plist_of(id), text: plist, mode: 0o644 });
    Ok(steps)
}

/// Whether launchd has to read the definition again: the file says something else than what we are about to write, or launchd
/// already runs something else than the file.
fn is_changed(spec: &ServiceSpec, id: &Identity, seen: &Observation) -> bool {
    let secrets = spec.environment.iter().filter_map(|(name, value)| match value {
        Value::Secret(secret) => Some(read::secret(name, secret.reveal(), &layout::launchd_env_file(id))),
        Value::Plain(_) => None,
    });
    let wanted = read::described(plist_of(id), &Agent::of(spec), secrets.collect());
    let same = |found: &Registration| *found == Registration { autostart: found.autostart, ..wanted.clone() };
    !seen.registration().is_some_and(same)
}
