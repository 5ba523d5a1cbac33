//! Everything the steps are made from.

use super::rivals::Rival;
use crate::adapter::Ghost;
use crate::config::Config;
use crate::identity::{Identity, Surroundings};
use crate::model::{Judged, Manager, Observation, PortUse, Registration, TrayHost, Verdict};
use crate::plan::StepView;
use crate::problem::Problem;
use crate::programs::{Fetcher, Found, Inventory};

#[derive(Clone)]
pub struct Facts {
    pub around: Surroundings,
    pub id: Identity,
    pub manager: Manager,
    pub inventory: Inventory,
    /// What an installation would take.
    pub programs: Result<Found, Problem>,
    pub fetchers: Vec<Fetcher>,
    pub seen: Observation,
    pub verdict: Verdict,
    /// Of a gateway that does not stay up; empty else.
    pub last_words: Vec<String>,
    pub ghosts: Vec<Ghost>,
    pub rivals: Vec<Rival>,
    /// `None` where there is no file.
    pub config: Result<Option<Config>, Problem>,
    /// Of the wanted port.
    pub port: PortUse,
    /// One that nobody holds, where the wanted one is taken.
    pub free_port: Option<u16>,
    /// Empty until the service is installed.
    pub credentials: Vec<Judged>,
    /// The desktop's place for tray icons; `None` where that means nothing.
    pub tray_host: Option<TrayHost>,
    /// The change that was cut off.
    pub interrupted: Option<u32>,
    pub review: Result<Review, Problem>,
}

/// What an installation would come to.
#[derive(Clone, Debug, PartialEq)]
pub enum Review {
    /// Nothing is to be written.
    InPlace,
    Plan {
        port: u16,
        steps: Vec<StepView>,
    },
}

impl Facts {
    pub fn registration(&self) -> Option<&Registration> {
        self.seen.registration()
    }

    /// Whether the service that is wanted is written down already.
    pub fn is_in_place(&self) -> bool {
        self.review == Ok(Review::InPlace)
    }
}
