//! One interface for all managers. An adapter knows which questions and calls an action takes and what their answers mean;
//! it does no I/O at all, so that each is compiled and tested on every system.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::environment;
use crate::identity::{Identity, Surroundings};
use crate::model::{Fact, Incident, Manager, Observation, Registered, ServiceSpec, Supervised, Value};
use crate::plan::{Answer, Call, Outcome, Plan, Step, Until};
use crate::problem::Problem;
use crate::system::{Ask, Report, Watch};

pub mod builtin;
mod grounds;
pub mod inside;
pub mod launchd;
pub mod schtasks;
pub mod systemd;

/// A service under a name that the gateway bore before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ghost {
    pub label: String,
    /// Its definition; `None` where only the manager still knows it.
    pub file: Option<String>,
    pub pid: Option<u32>,
}

/// What is wanted of a service.
#[derive(Clone, Debug)]
pub enum Intent<'a> {
    /// `force` overwrites a definition that someone else wrote.
    Install {
        spec: &'a ServiceSpec,
        force: bool,
    },
    Uninstall,
    Start,
    /// `stay`: it also stays stopped after the next login or boot, until it is started by hand.
    Stop {
        stay: bool,
    },
    Restart,
}

pub trait Adapter: Send + Sync {
    fn manager(&self) -> Manager;

    /// The questions of one observation: what is registered and what is supervised.
    fn asks(&self, id: &Identity) -> Vec<Ask>;

    /// Reads the answers to [`Adapter::asks`]. Reports may come in any order; a missing one is *unknown*, never a guess.
    fn read(&self, id: &Identity, reports: &[Report]) -> (Fact<Registered>, Fact<Supervised>);

    /// The process that runs this service and no other, where the manager has one: whatever descends from it is the service's.
    fn host(&self, _id: &Identity, _reports: &[Report]) -> Option<u32> {
        None
    }

    /// Further questions that the answers raise, such as a unit's environment files. Empty for most managers.
    fn follow_up(&self, id: &Identity, reports: &[Report]) -> Vec<Ask>;

    /// The variables that the installed definition itself sets, with those of its environment file; what a drop-in sets is not among
    /// them, as it goes on applying by itself. Secrets stay wrapped. Empty where nothing is installed, and of a stranger's definition.
    fn variables(&self, _id: &Identity, _reports: &[Report]) -> BTreeMap<String, Value> {
        BTreeMap::new()
    }

    /// Those of them that a new definition must not lose: what a person added (OC 10.2, 15 #63136).
    fn carried_over(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        environment::of_a_person(self.variables(id, reports))
    }

    /// The questions that [`Adapter::ghosts`] needs answered. Empty for managers under which no earlier name is known.
    fn ghost_asks(&self, _id: &Identity) -> Vec<Ask> {
        Vec::new()
    }

    /// The services under earlier names that are still there (A30).
    fn ghosts(&self, _id: &Identity, _reports: &[Report]) -> Vec<Ghost> {
        Vec::new()
    }

    /// The steps that stop and remove them.
    fn retire(&self, _ghosts: &[Ghost], _id: &Identity) -> Vec<Step> {
        Vec::new()
    }

    /// The calls that start them again, after their definitions have been put back.
    fn revive(&self, _ghosts: &[Ghost], _id: &Identity) -> Vec<Call> {
        Vec::new()
    }

    /// The questions that [`Adapter::log_files`] needs answered.
    fn log_asks(&self, _id: &Identity) -> Vec<Ask> {
        Vec::new()
    }

    /// The files that hold what the service writes, the one for its complaints last; `None` where the manager has a log of its own.
    fn log_files(&self, _id: &Identity, _reports: &[Report]) -> Option<Vec<String>> {
        None
    }

    /// The steps from what is seen to what is wanted.
    ///
    /// # Errors
    /// When the action makes no sense or would harm something that isn't ours; nothing has been done then.
    fn plan(&self, intent: &Intent<'_>, id: &Identity, seen: &Observation) -> Result<Plan, Problem>;

    /// Another way to the same end, after a plan failed with `problem` and was undone; `None` where there is none.
    fn detour(
        &self,
        _intent: &Intent<'_>,
        _seen: &Observation,
        _problem: &Problem,
    ) -> Option<Result<Plan, Problem>> {
        None
    }

    /// What a call's answer means.
    fn classify(&self, call: &Call, answer: &Answer) -> Outcome;

    /// The problem of a call that failed, with cause and hints.
    fn explain(&self, call: &Call, answer: &Answer) -> Problem;

    /// Whether what `call` was to bring about is already so, although the manager answered [`Outcome::Busy`]: somebody else's
    /// call may have won a race.
    fn is_settled(&self, _call: &Call, _seen: &Observation) -> bool {
        false
    }

    /// Why waiting for `until` any longer is in vain, if the manager's state shows it.
    fn hopeless(&self, _until: Until, _seen: &Observation) -> Option<Problem> {
        None
    }

    /// What to ask for what happened while nobody watched.
    fn history_asks(&self, _id: &Identity, _since: Timestamp) -> Vec<Ask> {
        Vec::new()
    }

    /// The incidents that the answers to [`Adapter::history_asks`] prove, oldest first.
    fn history(&self, _id: &Identity, _reports: &[Report]) -> Vec<Incident> {
        Vec::new()
    }

    /// The call that ends a stop under way at once, by killing what is left; `None` where there is none to end.
    fn cut_short(&self, _id: &Identity, _seen: &Observation) -> Option<Call> {
        None
    }

    /// The file in which the manager keeps what the run that ended last wrote to standard error; `None` where only a log has it.
    fn last_words(&self, _id: &Identity) -> Option<String> {
        None
    }

    /// The watches under which nothing needs to be polled.
    fn watch(&self, id: &Identity, seen: &Observation) -> Vec<Watch>;

    /// The definition file's text as it would be installed; for `gateward render` and diffs.
    ///
    /// # Errors
    /// `BadVariable`, `BadValue` when something in `spec` cannot be written in the manager's syntax.
    fn render(&self, spec: &ServiceSpec) -> Result<String, Problem>;
}

/// The adapter for `manager`.
///
/// # Errors
/// `NoHome` for those that keep files of their own, without a home.
pub fn native(manager: Manager, around: &Surroundings) -> Result<Box<dyn Adapter>, Problem> {
    match manager {
        Manager::Systemd => Ok(Box::new(systemd::Systemd::new(around))),
        Manager::Builtin => Ok(Box::new(builtin::Builtin::new(around)?)),
        Manager::Launchd => Ok(Box::new(launchd::Launchd::new(around))),
        Manager::Schtasks => Ok(Box::new(schtasks::Schtasks::new(around)?)),
    }
}
