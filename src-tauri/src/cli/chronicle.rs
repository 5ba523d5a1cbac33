//! What the command line reads from and adds to the incident database. A database that cannot be used keeps nobody from acting.

use std::time::Duration;

use super::invocation::Invocation;
use crate::incidents::Story;
use crate::layout;
use crate::model::{Action, Incident, Observation};
use crate::observe;
use crate::problem::Problem;
use crate::system::store::Store;
use crate::world::Gateway;

/// As many as [`crate::model::GatewayState`] holds.
const SHOWN: u32 = 50;

/// The newest incidents of a profile, newest first; none where they cannot be read.
pub fn newest(profile: &str, at: &Invocation<'_>) -> Vec<Incident> {
    read(at, |store| store.newest(profile, SHOWN))
}

/// How long the newest starts of a profile took; none where that cannot be read.
pub fn starts(profile: &str, at: &Invocation<'_>) -> Vec<Duration> {
    read(at, |store| store.starts(profile))
}

fn read<T>(at: &Invocation<'_>, what: impl FnOnce(&Store) -> Result<Vec<T>, Problem>) -> Vec<T> {
    let read = || -> Result<Vec<T>, Problem> {
        let store = Store::read(&layout::database(&at.world.around)?)?;
        store.map_or(Ok(Vec::new()), |store| what(&store))
    };
    read().unwrap_or_else(|problem| {
        tracing::warn!(%problem, "the incidents cannot be read");
        Vec::new()
    })
}

/// Adds what happened while nobody watched.
pub async fn backfill(gateway: &Gateway, at: &Invocation<'_>) {
    let since = newest(&gateway.id.profile.to_string(), at).first().map(|incident| incident.at);
    record(&observe::history(&*at.world.system, &*gateway.adapter, &gateway.id, since).await, at);
}

/// Adds incidents; those that another process has added already are recognised.
pub fn record(incidents: &[Incident], at: &Invocation<'_>) {
    if incidents.is_empty() {
        return;
    }
    let write = || -> Result<(), Problem> {
        let mut store = Store::open(&layout::database(&at.world.around)?)?.store;
        incidents.iter().try_for_each(|incident| store.record(incident).map(|_| ()))
    };
    if let Err(problem) = write() {
        tracing::warn!(%problem, "the incidents cannot be recorded");
    }
}

/// The part of a gateway's story that one action makes.
pub struct Chronicle {
    story: Story,
    told: Vec<Incident>,
}

impl Chronicle {
    pub fn begun(action: &Action, gateway: &Gateway, before: &Observation, at: &Invocation<'_>) -> Self {
        let mut story = Story::new(&gateway.id.profile.to_string());
        let now = at.world.system.now();
        let told = story.tell(before, now);
        story.begun(action, now);
        Self { story, told }
    }

    pub fn ended(mut self, after: &Observation, at: &Invocation<'_>) {
        let now = at.world.system.now();
        self.story.done(now);
        self.told.extend(self.story.tell(after, now));
        record(&self.told, at);
    }
}
