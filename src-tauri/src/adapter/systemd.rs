//! systemd user units (OC 3, 6.1, 7.2).

use crate::adapter::{Adapter, Intent};
use crate::identity::{Identity, Surroundings};
use crate::layout;
use crate::model::{Fact, Manager, Observation, Registered, ServiceSpec, Supervised};
use crate::plan::{Answer, Call, Outcome, Plan};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Report, Scope, Watch};

pub struct Systemd {
    scope: Scope,
}

impl Systemd {
    pub fn new(_around: &Surroundings) -> Self {
        Self { scope: Scope::User }
    }
}

impl Adapter for Systemd {
    fn manager(&self) -> Manager {
        Manager::Systemd
    }

    fn asks(&self, id: &Identity) -> Vec<Ask> {
        vec![
            Ask::File { path: layout::unit_file(id) },
            Ask::Unit { unit: id.unit.clone(), scope: self.scope.clone() },
        ]
    }

    fn read(&self, id: &Identity, _reports: &[Report]) -> (Fact<Registered>, Fact<Supervised>) {
        let why = Problem::new(Code::Internal);
        let fact = |_: ()| jiff::Timestamp::UNIX_EPOCH;
        (
            Fact {
                value: Registered::Unknown { file: layout::unit_file(id), why: why.clone() },
                source: String::new(),
                read_at: fact(()),
            },
            Fact { value: Supervised::Unknown { why }, source: String::new(), read_at: fact(()) },
        )
    }

    fn follow_up(&self, _id: &Identity, _reports: &[Report]) -> Vec<Ask> {
        Vec::new()
    }

    fn plan(&self, _intent: &Intent<'_>, _id: &Identity, _seen: &Observation) -> Result<Plan, Problem> {
        Err(Problem::new(Code::Unsupported))
    }

    fn classify(&self, _call: &Call, answer: &Answer) -> Outcome {
        if answer.is_success() { Outcome::Done } else { Outcome::Failed }
    }

    fn explain(&self, _call: &Call, answer: &Answer) -> Problem {
        Problem::new(Code::StepFailed).because(answer.words())
    }

    fn watch(&self, id: &Identity, _seen: &Observation) -> Vec<Watch> {
        vec![Watch::Unit { unit: id.unit.clone(), scope: self.scope.clone() }]
    }

    fn render(&self, _spec: &ServiceSpec) -> Result<String, Problem> {
        Err(Problem::new(Code::Unsupported))
    }
}
