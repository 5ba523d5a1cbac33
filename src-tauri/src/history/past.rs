//! What the database has of a stretch of time.

use jiff::Timestamp;

use super::{Summary, summary};
use crate::model::{Incident, PastNotice, Supervised};
use crate::problem::Problem;
use crate::system::store::Store;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// Newest first.
    pub incidents: Vec<Incident>,
    /// Newest first.
    pub notices: Vec<PastNotice>,
    /// The last one from before; it tells how the time began.
    before: Option<Incident>,
}

impl Past {
    /// # Errors
    /// `DatabaseUnusable`.
    pub fn read(store: &Store, profile: &str, since: Timestamp) -> Result<Self, Problem> {
        Ok(Self {
            incidents: store.since(profile, since)?,
            notices: store.notices(profile, since)?,
            before: store.last_before(profile, since)?,
        })
    }

    pub fn summary(&self, since: Timestamp, now: Timestamp, supervised: &Supervised) -> Summary {
        let known: Vec<Incident> = self.incidents.iter().chain(&self.before).cloned().collect();
        let running_since = supervised.run().and_then(|run| run.since);
        summary(&known, since, now, running_since)
    }
}
