//! A stop under way as a person meets it: what is waited for, and until when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Answers, Observation, Supervised};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Drain {
    /// The gateway's own names of what it is not done with.
    pub awaits: Vec<String>,
    /// When what is left is killed; `None` where the manager does not tell.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub until: Option<Timestamp>,
}

pub fn drain(seen: &Observation) -> Option<Drain> {
    match &seen.supervised.value {
        Supervised::Stopping { until, .. } => {
            Some(Drain { awaits: awaited(&seen.answers.value).to_vec(), until: *until })
        }
        Supervised::Running(_)
        | Supervised::Starting
        | Supervised::Waiting { .. }
        | Supervised::Stopped { .. }
        | Supervised::GaveUp { .. }
        | Supervised::Unloaded
        | Supervised::Absent
        | Supervised::Unknown { .. } => None,
    }
}

fn awaited(answers: &Answers) -> &[String] {
    match answers {
        Answers::Live { failing, .. } => failing,
        Answers::Ready { .. }
        | Answers::Silent { .. }
        | Answers::Refused
        | Answers::NotGateway { .. }
        | Answers::Unknown { .. } => &[],
    }
}

impl Drain {
    /// Whole seconds that are left at `now`.
    pub fn left_s(&self, now: Timestamp) -> Option<i64> {
        self.until.map(|until| until.duration_since(now).as_secs().max(0))
    }
}
