//! `auth`: when credentials end.

use std::collections::BTreeMap;

use super::Output;
use super::args::Auth;
use super::invocation::Invocation;
use crate::auth::outlook::outlook;
use crate::auth::own::OwnSource;
use crate::auth::stages::{Limits, Memory};
use crate::auth::survey::{Place, Survey, survey};
use crate::model::{Answers, Credentials};
use crate::observe::observe;
use crate::problem::Problem;
use crate::settings;
use crate::world::Gateway;

mod monitor;
mod status;

/// # Errors
/// Only when the gateway cannot be named at all: no home, a bad profile name.
pub async fn run(wanted: &Auth, at: &Invocation<'_>) -> Result<Output, Problem> {
    match wanted {
        Auth::Status(wanted) => status::run(wanted, at).await,
        Auth::Monitor(wanted) => monitor::run(wanted, at).await,
    }
}

/// One look at all sources.
struct Look {
    survey: Survey,
    credentials: Credentials,
}

async fn look(gateway: &Gateway, memory: &Memory, at: &Invocation<'_>) -> Look {
    let own = own_sources(at);
    let (survey, findings) = surveyed(gateway, &own, at).await;
    let now = at.world.system.now();
    let credentials = outlook(&survey.credentials, findings, memory, now, (&gateway.id.profile, &own));
    Look { survey, credentials }
}

async fn surveyed(
    gateway: &Gateway,
    own: &[OwnSource],
    at: &Invocation<'_>,
) -> (Survey, Vec<crate::model::Finding>) {
    let world = at.world;
    let seen = observe(&*world.system, &*gateway.adapter, &gateway.id).await;
    let answers = matches!(seen.answers.value, Answers::Ready { .. } | Answers::Live { .. });
    let port = answers.then(|| crate::observe::service_port(&seen.registered, &gateway.id));
    let given = settings::current(&*world.system, &world.around).programs;
    let place =
        Place { system: &*world.system, around: &world.around, id: &gateway.id, own, given: &given, port };
    let survey = survey(&place).await;
    let found = survey.findings(&seen.registered.value);
    (survey, found)
}

fn own_sources(at: &Invocation<'_>) -> Vec<OwnSource> {
    settings::current(&*at.world.system, &at.world.around).credentials.sources
}

/// WARN_HOURS, else the setting.
fn limits(variables: &BTreeMap<String, String>, at: &Invocation<'_>) -> Limits {
    let set = settings::current(&*at.world.system, &at.world.around).credentials.warn_hours;
    let given = variables.get("WARN_HOURS").and_then(|text| text.trim().parse::<u32>().ok());
    let hours = given.filter(|hours| *hours > 0).unwrap_or(set);
    Limits { soon: jiff::SignedDuration::from_hours(hours.into()) }
}
