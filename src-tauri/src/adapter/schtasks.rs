//! Scheduled Tasks of Windows (OC 5, 6.3, 7.4): what to ask Task Scheduler, which calls an action takes, what its answers mean. The
//! table of all calls is in docs/platforms/windows.md.
//!
//! The task starts Gateward's own host, which keeps the definition and the record of its gateway exactly as under the built-in
//! manager; Task Scheduler only starts it. Where it refuses, an item in the Startup folder does.

use std::collections::BTreeMap;

use crate::adapter::builtin::{self, OwnFolders};
use crate::adapter::inside::Inside;
use crate::adapter::{Adapter, Ghost, Intent};
use crate::identity::{Identity, Surroundings};
use crate::layout::Os;
use crate::model::{Fact, Manager, Observation, Registered, ServiceSpec, Supervised, Value};
use crate::plan::{Answer, Call, Outcome, Plan, Step, Until};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Report, Watch};

mod answers;
pub mod audit;
pub(crate) mod calls;
pub(crate) mod place;
mod plans;
pub mod query;
mod read;
pub mod script;
mod supervision;
pub mod task;
mod watcher;

use place::Place;

/// The adapter for one account.
pub struct Schtasks {
    own: OwnFolders,
    os: Os,
    /// `DOMAIN\name`, as tasks name accounts.
    user: String,
    place: Place,
    /// The task or item whose gateway started us, if one did.
    inside: Option<Inside>,
}

impl Schtasks {
    /// # Errors
    /// `NoHome`.
    pub fn new(around: &Surroundings) -> Result<Self, Problem> {
        Ok(Self {
            own: OwnFolders::new(around)?,
            os: around.os,
            user: account(around),
            place: Place::new(around),
            inside: Inside::of(around),
        })
    }

    /// Where items lie that Windows starts at sign-in.
    pub fn startup_folder(&self) -> &str {
        self.place.startup_folder()
    }

    fn is_inside(&self, id: &Identity) -> bool {
        self.inside.as_ref().is_some_and(|inside| inside.is_of(id))
    }
}

/// OC 5.2; a machine outside of any domain calls its workgroup one.
pub(crate) fn account(around: &Surroundings) -> String {
    let names = ["USERNAME", "USER", "LOGNAME"];
    let name =
        names.iter().find_map(|name| around.variable(name)).or(around.user.as_deref()).unwrap_or_default();
    let domain = around.variable("USERDOMAIN").filter(|domain| !domain.eq_ignore_ascii_case("WORKGROUP"));
    match domain.filter(|_| !name.contains('\\')) {
        Some(domain) => format!("{domain}\\{name}"),
        None => name.to_owned(),
    }
}

/// `\<name>`: tasks lie in the root folder.
fn task_path(id: &Identity) -> String {
    format!("\\{}", id.task)
}

impl Adapter for Schtasks {
    fn manager(&self) -> Manager {
        Manager::Schtasks
    }

    fn asks(&self, id: &Identity) -> Vec<Ask> {
        let files = [
            self.place.script(id),
            self.place.startup_item(id),
            self.place.openclaws_startup_item(id),
            self.own.registration(id),
            self.own.record(id),
            self.own.secrets(id),
        ];
        let task = [Ask::Task { name: id.task.clone() }, Ask::TaskDefinition { name: id.task.clone() }];
        task.into_iter().chain(files.map(|path| Ask::File { path })).collect()
    }

    fn read(&self, id: &Identity, reports: &[Report]) -> (Fact<Registered>, Fact<Supervised>) {
        let registered = self.registered(id, reports);
        let supervised = self.supervised(id, reports, &registered.value);
        (registered, supervised)
    }

    fn retire(&self, ghosts: &[Ghost], _id: &Identity) -> Vec<Step> {
        let delete =
            |ghost: &Ghost| Step::run_tolerating(calls::delete(&ghost.label), &[Outcome::UnknownService]);
        ghosts.iter().map(delete).collect()
    }

    fn host(&self, id: &Identity, reports: &[Report]) -> Option<u32> {
        builtin::read::host(&self.own, id, self.os, reports)
    }

    fn follow_up(&self, id: &Identity, reports: &[Report]) -> Vec<Ask> {
        self.further_asks(id, reports)
    }

    fn variables(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        self.own_variables(id, reports)
    }

    fn plan(&self, intent: &Intent<'_>, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        match intent {
            Intent::Install { spec, force } => self.install(spec, *force, seen),
            Intent::Uninstall => self.uninstall(id, seen),
            Intent::Start => self.start(id, seen),
            Intent::Stop { stay } => self.stop(*stay, id, seen),
            Intent::Restart => self.restart(id, seen),
        }
    }

    fn detour(
        &self,
        intent: &Intent<'_>,
        seen: &Observation,
        problem: &Problem,
    ) -> Option<Result<Plan, Problem>> {
        match intent {
            Intent::Install { spec, .. } => self.install_otherwise(spec, seen, problem),
            Intent::Uninstall | Intent::Start | Intent::Stop { .. } | Intent::Restart => None,
        }
    }

    fn classify(&self, call: &Call, answer: &Answer) -> Outcome {
        answers::classify(call, answer)
    }

    fn explain(&self, call: &Call, answer: &Answer) -> Problem {
        answers::explain(call, answer)
    }

    /// A task whose program is gone fails within a moment, and no waiting helps.
    fn hopeless(&self, until: Until, seen: &Observation) -> Option<Problem> {
        let starting = matches!(until, Until::Running | Until::Answering);
        let Supervised::Stopped { last_exit: Some(record) } = &seen.supervised.value else { return None };
        let gone = record.result.as_deref() == Some(supervision::PROGRAM_GONE);
        let problem = || {
            Problem::new(Code::ProgramMissing)
                .with("path", &self.place.host)
                .hint_command("reinstall", "gateward install --force")
        };
        (starting && gone).then(problem)
    }

    fn watch(&self, id: &Identity, seen: &Observation) -> Vec<Watch> {
        let record = Watch::File { path: self.own.record(id) };
        let started = seen.supervised.value.run().and_then(|run| run.since);
        let process = seen.supervised.value.pid().map(|pid| Watch::Process { pid, started });
        std::iter::once(record).chain(process).collect()
    }

    fn render(&self, spec: &ServiceSpec) -> Result<String, Problem> {
        Ok(task::Task::new(&self.wanted(spec))?.render())
    }
}

impl Schtasks {
    fn wanted<'a>(&'a self, spec: &'a ServiceSpec) -> task::Wanted<'a> {
        task::Wanted {
            description: &spec.description,
            user: &self.user,
            action: self.place.action(&spec.identity),
        }
    }
}

#[cfg(test)]
pub mod tests;
