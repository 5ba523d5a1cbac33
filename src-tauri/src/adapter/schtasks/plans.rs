//! The steps of each action (OC 5.3–5.5), without upstream's silent ends: what was asked for is proven, or it failed.

use std::time::Duration;

use super::task::Task;
use super::{Schtasks, calls};
use crate::adapter::builtin::registration;
use crate::adapter::grounds::{known, ours_to_change};
use crate::adapter::inside;
use crate::environment::mask_command;
use crate::identity::Identity;
use crate::layout;
use crate::model::{
    Autostart, Belongs, Listener, Observation, Origin, PortUse, Registered, ServiceSpec, Supervised,
};
use crate::plan::{Call, Plan, Step, Text, Until};
use crate::problem::{Code, Problem};

/// Task Scheduler starts a task within seconds, unless the machine is busy.
const RUNS_WITHIN: Duration = Duration::from_secs(30);
/// A cold start on Windows took 181 s (A33; OC 8.4).
const ANSWERS_WITHIN: Duration = Duration::from_secs(180);
/// From the end of the gateway to the end of the task, its processes and its port.
const LEAVES_WITHIN: Duration = Duration::from_secs(30);

/// How a service is started at sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Task,
    /// The Startup folder: where Task Scheduler refuses.
    Startup,
}

impl Schtasks {
    pub(super) fn install(
        &self,
        spec: &ServiceSpec,
        force: bool,
        seen: &Observation,
    ) -> Result<Plan, Problem> {
        inside::refuse(self.is_inside(&spec.identity))?;
        known(seen)?;
        if !force {
            ours_to_change(seen)?;
        }
        let wanted = self.task_wanted(spec, seen)?;
        let kept = old_task(seen).is_some_and(|old| old.render() == wanted.render());
        self.install_task(spec, seen, &wanted, kept)
    }

    /// Where a task that needs no change could not be switched on, it is registered anew; where it cannot be registered, the Startup
    /// folder has to do. Elevation is never asked for.
    pub(super) fn install_otherwise(
        &self,
        spec: &ServiceSpec,
        seen: &Observation,
        problem: &Problem,
    ) -> Option<Result<Plan, Problem>> {
        let command = refused(problem)?;
        if command.contains("/Change") {
            let wanted = self.task_wanted(spec, seen);
            return Some(wanted.and_then(|wanted| self.install_task(spec, seen, &wanted, false)));
        }
        // A task that is there stays the one that is meant, even if it may not be changed.
        let is_new = old_task(seen).is_none();
        (command.contains("/Create") && is_new).then(|| self.install_item(spec, seen))
    }

    fn task_wanted(&self, spec: &ServiceSpec, seen: &Observation) -> Result<Task, Problem> {
        match old_task(seen) {
            Some(old) => old.updated(&self.wanted(spec)),
            None => Task::new(&self.wanted(spec)),
        }
    }

    fn install_task(
        &self,
        spec: &ServiceSpec,
        seen: &Observation,
        wanted: &Task,
        kept: bool,
    ) -> Result<Plan, Problem> {
        let id = &spec.identity;
        let mut steps = self.host_files(spec)?;
        if kept {
            steps.push(calls::enable(&id.task));
        } else {
            let path = self.task_file(id);
            steps.push(Step::Write { path: path.clone(), text: Text::Utf16(wanted.render()), mode: 0o600 });
            steps.push(calls::create(&id.task, &path));
            steps.push(Step::Remove { path });
        }
        steps.extend(self.halt(id, seen));
        steps.extend(self.script(spec, seen)?);
        steps.extend(self.startup_items(id).map(|path| Step::Remove { path }));
        steps.extend(self.bring_up(Mode::Task, id));
        Ok(Plan { steps, on_undo: self.put_back(id, seen) })
    }

    fn install_item(&self, spec: &ServiceSpec, seen: &Observation) -> Result<Plan, Problem> {
        let id = &spec.identity;
        let mut steps = self.host_files(spec)?;
        let item = self.place.startup_script(spec)?;
        steps.extend(self.halt(id, seen));
        steps.extend(self.script(spec, seen)?);
        steps.push(Step::MakeDir { path: self.place.startup_folder().to_owned(), mode: 0o700 });
        steps.push(Step::Write { path: self.place.startup_item(id), text: Text::Plain(item), mode: 0o644 });
        steps.extend(self.bring_up(Mode::Startup, id));
        Ok(Plan { steps, on_undo: vec![calls::stop_host(&self.place.program, id)] })
    }

    /// What the host will run: the same files as under the built-in manager.
    fn host_files(&self, spec: &ServiceSpec) -> Result<Vec<Step>, Problem> {
        let id = &spec.identity;
        let folders =
            [self.own.services(), self.own.run(), id.state_dir.clone(), layout::host_log_dir(id, self.os)];
        let secrets = match registration::render_secrets(spec)? {
            Some(text) => Step::Write { path: self.own.secrets(id), text: Text::Secret(text), mode: 0o600 },
            None => Step::Remove { path: self.own.secrets(id) },
        };
        let text = Text::Plain(registration::render(spec, self.os)?);
        let folders = folders.into_iter().map(|path| Step::MakeDir { path, mode: 0o700 });
        Ok(folders
            .chain([secrets, Step::Write { path: self.own.registration(id), text, mode: 0o600 }])
            .collect())
    }

    /// After the old gateway is gone: cmd.exe reads a running script line by line, and would go on in the middle of the new one.
    fn script(&self, spec: &ServiceSpec, seen: &Observation) -> Result<Vec<Step>, Problem> {
        let path = self.place.script(&spec.identity);
        let theirs = seen.registration().is_some_and(|found| found.origin != Origin::Gateward);
        let copy = Step::Keep { from: path.clone(), to: format!("{path}.bak") };
        let launcher = Step::Remove { path: self.place.launcher(&spec.identity) };
        let text = Text::Plain(self.place.gateway_script(spec)?);
        let mut steps: Vec<Step> = theirs.then_some(copy).into_iter().collect();
        steps.extend([launcher, Step::Write { path, text, mode: 0o600 }]);
        Ok(steps)
    }

    /// Where the definition lies while Task Scheduler reads it.
    fn task_file(&self, id: &Identity) -> String {
        layout::join(&self.own.run(), &[&format!("{}.task.xml", id.profile)], self.os)
    }

    fn startup_items(&self, id: &Identity) -> [String; 2] {
        [self.place.startup_item(id), self.place.openclaws_startup_item(id)]
    }

    /// What makes Task Scheduler right again after the previous files are back. Mended settings stay: nobody wanted the others.
    fn put_back(&self, id: &Identity, seen: &Observation) -> Vec<Call> {
        let stop = calls::stop_host(&self.place.program, id);
        let Some(old) = old_task(seen) else { return vec![stop, calls::delete(&id.task)] };
        let action = old.action().unwrap_or_default();
        let line =
            format!("{} {}", super::script::argument(action.command.trim_matches('"')), action.arguments);
        let mut calls = vec![stop, calls::change_action(&id.task, line.trim())];
        calls.extend((!old.is_enabled()).then(|| calls::disable(&id.task)));
        calls.extend(seen.supervised.value.is_at_work().then(|| calls::start(&id.task)));
        calls
    }

    pub(super) fn uninstall(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        inside::refuse(self.is_inside(id))?;
        known(seen)?;
        ours_to_change(seen)?;
        let copy = self.copy_of_task(id, seen);
        let mut steps: Vec<Step> = copy.iter().flat_map(|(steps, _)| steps.iter().cloned()).collect();
        steps.extend(self.halt(id, seen));
        if old_task(seen).is_some() {
            steps
                .push(Step::run_tolerating(calls::delete(&id.task), &[crate::plan::Outcome::UnknownService]));
        }
        let script = self.place.script(id);
        let files = [format!("{script}.bak"), script, self.place.launcher(id)];
        let own = [
            self.own.registration(id),
            self.own.secrets(id),
            self.own.record(id),
            self.own.token(id),
            self.own.host_log(id),
        ];
        let all =
            self.startup_items(id).into_iter().chain(files).chain(own).chain(self.own.all_last_words(id));
        steps.extend(all.map(|path| Step::Remove { path }));
        steps.extend(copy.is_some().then(|| Step::Remove { path: self.task_file(id) }));
        steps.push(wait(Until::Gone, LEAVES_WITHIN, Code::StillRunning));
        let registered = copy.map(|(_, create)| create);
        let started = seen.supervised.value.is_at_work().then(|| match registered {
            Some(_) => calls::start(&id.task),
            None => calls::start_host(&self.place.program, id),
        });
        Ok(Plan { steps, on_undo: registered.into_iter().chain(started).collect() })
    }

    /// A task stands in no file: its definition is written down as long as the removal goes on, with the call that registers it
    /// again. Not one with a secret in it, which the journal would keep.
    fn copy_of_task(&self, id: &Identity, seen: &Observation) -> Option<([Step; 2], Call)> {
        let old = old_task(seen)?;
        let words: Vec<String> = old.action()?.arguments.split_whitespace().map(str::to_owned).collect();
        if mask_command(&words) != words {
            return None;
        }
        let path = self.task_file(id);
        let create = calls::registration(&id.task, &path);
        let folder = Step::MakeDir { path: self.own.run(), mode: 0o700 };
        Some(([folder, Step::Write { path, text: Text::Utf16(old.render()), mode: 0o600 }], create))
    }

    pub(super) fn start(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        let mode = self.installed(seen)?;
        let mut steps = switch_on(mode, id, seen);
        match &seen.supervised.value {
            Supervised::Running(_) | Supervised::Starting | Supervised::Waiting { .. } => steps.extend(up()),
            Supervised::Stopping { pid, .. } => {
                steps.extend(gone(*pid));
                steps.extend(self.bring_up(mode, id));
            }
            Supervised::Stopped { .. }
            | Supervised::GaveUp { .. }
            | Supervised::Unloaded
            | Supervised::Absent
            | Supervised::Unknown { .. } => steps.extend(self.bring_up(mode, id)),
        }
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// Until the next sign-in; with `stay`, until somebody starts it.
    pub(super) fn stop(&self, stay: bool, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        inside::refuse(self.is_inside(id))?;
        seen.supervised.value.known()?;
        let switch_off = stay && old_task(seen).is_some();
        let mut steps = Vec::new();
        if switch_off {
            steps.extend([Step::run(calls::disable(&id.task)), Step::switched_off()]);
        }
        steps.extend(self.halt(id, seen));
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// Not before the old one is gone altogether: `/Run` on a task that still runs does nothing and says that all is well (A12).
    pub(super) fn restart(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        let mode = self.installed(seen)?;
        if self.is_inside(id) {
            return Ok(Plan { steps: vec![calls::hand_off(&self.place.program, id)], on_undo: Vec::new() });
        }
        let mut steps = switch_on(mode, id, seen);
        steps.extend(self.halt(id, seen));
        steps.extend(self.bring_up(mode, id));
        // Between its two halves nothing runs.
        let started = seen.supervised.value.is_at_work().then(|| match mode {
            Mode::Task => calls::start(&id.task),
            Mode::Startup => calls::start_host(&self.place.program, id),
        });
        Ok(Plan { steps, on_undo: started.into_iter().collect() })
    }

    /// From whatever runs to nothing that does, and the proof of it.
    fn halt(&self, id: &Identity, seen: &Observation) -> Vec<Step> {
        if !seen.supervised.value.is_at_work() && listening(seen).is_none() {
            return Vec::new();
        }
        let theirs = seen.registration().is_some_and(|found| found.origin != Origin::Gateward);
        let mut steps = if theirs { self.halt_script(id, seen) } else { self.halt_host(id) };
        steps.extend(gone(seen.supervised.value.pid()));
        steps
    }

    fn halt_host(&self, id: &Identity) -> Vec<Step> {
        vec![Step::run(calls::stop_host(&self.place.program, id))]
    }

    /// `/End` takes cmd.exe and leaves the gateway; that is ended by pid, start and image, and nothing else is (upstream #52049).
    fn halt_script(&self, id: &Identity, seen: &Observation) -> Vec<Step> {
        let end = old_task(seen).map(|_| calls::end(&id.task));
        let evict = listening(seen).and_then(|owner| calls::evict(&self.place.program, id, owner));
        end.into_iter().chain(evict.map(Step::run)).collect()
    }

    fn bring_up(&self, mode: Mode, id: &Identity) -> Vec<Step> {
        let start = match mode {
            Mode::Task => calls::start(&id.task),
            Mode::Startup => calls::start_host(&self.place.program, id),
        };
        std::iter::once(Step::run(start)).chain(up()).collect()
    }

    fn installed(&self, seen: &Observation) -> Result<Mode, Problem> {
        known(seen)?;
        match &seen.registered.value {
            Registered::Present(found) if self.place.is_startup_item(&found.file) => Ok(Mode::Startup),
            Registered::Present(_) => Ok(Mode::Task),
            Registered::Missing { .. } => Err(Problem::not_installed()),
            Registered::Unknown { why, .. } => Err(why.clone()),
        }
    }
}

/// The call that Task Scheduler refused, or never answered.
pub(super) fn refused(problem: &Problem) -> Option<&str> {
    let is_refusal = matches!(problem.code, Code::AccessDenied | Code::ToolHung);
    problem.values.get("command").filter(|_| is_refusal).map(String::as_str)
}

fn switch_on(mode: Mode, id: &Identity, seen: &Observation) -> Vec<Step> {
    let is_off = seen.registration().is_some_and(|found| found.autostart == Autostart::Off);
    (mode == Mode::Task && is_off).then(|| calls::enable(&id.task)).into_iter().collect()
}

fn up() -> [Step; 2] {
    [
        wait(Until::Running, RUNS_WITHIN, Code::DidNotStart),
        wait(Until::Answering, ANSWERS_WITHIN, Code::NotAnswering),
    ]
}

fn gone(pid: Option<u32>) -> Vec<Step> {
    let process = pid.map(|pid| wait(Until::ProcessGone { pid }, LEAVES_WITHIN, Code::StillRunning));
    let rest = wait(Until::NotRunning, LEAVES_WITHIN, Code::StillRunning);
    let port = wait(Until::PortReleased, LEAVES_WITHIN, Code::StillRunning);
    process.into_iter().chain([rest, port]).collect()
}

fn wait(until: Until, deadline: Duration, otherwise: Code) -> Step {
    Step::await_or_logs(until, deadline, Problem::new(otherwise))
}

/// The proven gateway on the service's port; a stranger is never anyone's to end.
fn listening(seen: &Observation) -> Option<&Listener> {
    match &seen.port.value {
        PortUse::Owned { owner, .. } if owner.belongs != Belongs::Stranger => Some(owner),
        PortUse::Owned { .. } | PortUse::Free { .. } | PortUse::Hidden { .. } | PortUse::Unknown { .. } => {
            None
        }
    }
}

/// The task that is registered, if one is.
fn old_task(seen: &Observation) -> Option<Task> {
    seen.registration()?.text.as_deref().and_then(|text| Task::parse(text).ok())
}
