//! What a person is told about a credential, and when: four stages, each once, the worse never held back by a milder one. Pure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::judge::judge;
use crate::model::{By, Credential, Incident, IncidentKind, Renewal, Standing};

/// How near the end is; the later one is the worse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Week,
    Day,
    /// Within WARN_HOURS.
    Soon,
    /// Expired, missing, or really refused.
    Over,
}

/// When stages begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// WARN_HOURS of the upstream script.
    pub soon: SignedDuration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { soon: SignedDuration::from_hours(2) }
    }
}

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Moments this close are the same one: sources round and count differently.
const SAME: SignedDuration = SignedDuration::from_secs(120);

/// What one audience has been told; kept in a file, so that it holds over restarts and runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    #[serde(default)]
    told: BTreeMap<String, Told>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    stage: Stage,
    standing: Standing,
    /// Of the credential that it was told about.
    ends: Option<Timestamp>,
    at: Timestamp,
    /// Nothing is said again before; worse news is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    snoozed_until: Option<Timestamp>,
}

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    pub credential: Credential,
    pub standing: Standing,
    pub kind: NewsKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewsKind {
    Reached(Stage),
    /// It was announced as ending, and has been renewed.
    Renewed,
}

impl News {
    /// What the history keeps of it. Stages ahead of the end are one and the same incident there.
    pub fn incident(&self, profile: &str, at: Timestamp) -> Incident {
        let kind = match self.kind {
            NewsKind::Reached(Stage::Week | Stage::Day | Stage::Soon) => IncidentKind::CredentialEnding,
            NewsKind::Reached(Stage::Over) => IncidentKind::CredentialOver,
            NewsKind::Renewed => IncidentKind::CredentialRenewed,
        };
        let detail = Some(self.credential.id.clone());
        Incident { detail, ..Incident::plain(profile, kind, at, By::Itself) }
    }

    /// Whether it should break through what is only seen in passing.
    pub fn is_urgent(&self) -> bool {
        match self.kind {
            NewsKind::Reached(Stage::Soon | Stage::Over) => true,
            NewsKind::Reached(Stage::Week | Stage::Day) | NewsKind::Renewed => false,
        }
    }
}

/// What is to be told now. Nothing changes until [`Memory::keep`]: news that could not be delivered stays news.
pub fn due(memory: &Memory, credentials: &[Credential], now: Timestamp, limits: Limits) -> Vec<News> {
    let news = credentials.iter().filter_map(|credential| {
        let standing = judge(credential, now);
        let kind = memory.news(credential, standing, now, limits)?;
        Some(News { credential: credential.clone(), standing, kind })
    });
    news.collect()
}

/// The next moment at which [`due`] may say more, or something else, than now.
pub fn next_moment(
    memory: &Memory,
    credentials: &[Credential],
    now: Timestamp,
    limits: Limits,
) -> Option<Timestamp> {
    let stages = credentials.iter().filter(|it| is_told_about(it)).flat_map(|it| {
        let begins = |before| it.expiry.at().and_then(|at| at.checked_sub(before).ok());
        [begins(WEEK), begins(DAY), begins(limits.soon), it.expiry.at()]
    });
    let snoozes = memory.told.values().map(|told| told.snoozed_until);
    stages.chain(snoozes).flatten().filter(|moment| *moment > now).min()
}

/// The stage a credential is in.
pub fn stage(credential: &Credential, standing: Standing, now: Timestamp, limits: Limits) -> Option<Stage> {
    match standing {
        Standing::Expired | Standing::Missing | Standing::Failing => Some(Stage::Over),
        Standing::Ok | Standing::Expiring if is_told_about(credential) => {
            ahead(credential.expiry.at()?.duration_since(now), limits)
        }
        Standing::Ok
        | Standing::Expiring
        | Standing::Static
        | Standing::Renews
        | Standing::Overdue
        | Standing::Unknown => None,
    }
}

fn ahead(left: SignedDuration, limits: Limits) -> Option<Stage> {
    let begun = [(limits.soon, Stage::Soon), (DAY, Stage::Day), (WEEK, Stage::Week)];
    begun.into_iter().find(|(before, _)| left <= *before).map(|(_, stage)| stage)
}

/// One that renews itself is nobody's business until renewing fails.
fn is_told_about(credential: &Credential) -> bool {
    credential.renewal != Renewal::Itself
}

impl Memory {
    fn news(
        &self,
        credential: &Credential,
        standing: Standing,
        now: Timestamp,
        limits: Limits,
    ) -> Option<NewsKind> {
        let stage = stage(credential, standing, now, limits);
        let Some(told) = self.told.get(&credential.id) else { return stage.map(NewsKind::Reached) };
        if told.is_mended_by(credential, standing, stage) {
            return Some(NewsKind::Renewed);
        }
        let snooze_ended = told.snoozed_until.is_some_and(|until| until <= now);
        stage.filter(|stage| *stage > told.stage || snooze_ended).map(NewsKind::Reached)
    }

    /// Remembers that `news` has reached somebody.
    pub fn keep(&mut self, news: &News, now: Timestamp, limits: Limits) {
        let ends = news.credential.expiry.at();
        let id = news.credential.id.clone();
        // A renewed one is not announced again for the stage it was born into.
        let reached = match news.kind {
            NewsKind::Reached(stage) => Some(stage),
            NewsKind::Renewed => stage(&news.credential, news.standing, now, limits),
        };
        let told = |stage| Told { stage, standing: news.standing, ends, at: now, snoozed_until: None };
        match reached {
            Some(stage) => drop(self.told.insert(id, told(stage))),
            None => drop(self.told.remove(&id)),
        }
    }

    /// Says nothing about the credential before `until`, unless it gets worse; then says it again. `false` when nothing has been said
    /// about it.
    pub fn snooze(&mut self, id: &str, until: Timestamp) -> bool {
        let told = self.told.get_mut(id);
        told.map(|told| told.snoozed_until = Some(until)).is_some()
    }

    pub fn snoozed_until(&self, id: &str, now: Timestamp) -> Option<Timestamp> {
        self.told.get(id)?.snoozed_until.filter(|until| *until > now)
    }
}

impl Told {
    fn is_mended_by(&self, credential: &Credential, standing: Standing, stage: Option<Stage>) -> bool {
        let better = stage < Some(self.stage);
        match (standing, self.standing) {
            // What cannot be read says nothing about an earlier truth.
            (Standing::Unknown | Standing::Expired | Standing::Missing | Standing::Failing, _) => false,
            (_, Standing::Failing | Standing::Missing) => better,
            // A stage that was reached by the calendar is left by a later end only, not by a clock that was set back.
            (_, _) => match (self.ends, credential.expiry.at()) {
                (Some(before), Some(after)) => {
                    after.duration_since(before) > SAME && stage <= Some(self.stage)
                }
                (None, Some(_)) | (Some(_), None) | (None, None) => better,
            },
        }
    }
}
