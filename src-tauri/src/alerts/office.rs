//! The post office: keeps letters in the database and sends them, each by one process only.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::UnboundedReceiver;

use super::parcel::DEADLINE;
use super::{Alert, Parcel, parcel};
use crate::identity::Surroundings;
use crate::problem::{Code, Problem};
use crate::settings::{self, Route, Secrets};
use crate::system::System;
use crate::system::store::{Letter, Shelf, Store};

/// Sends alerts from one machine.
#[derive(Clone)]
pub struct Office {
    pub system: Arc<dyn System>,
    pub around: Surroundings,
    pub store: Shelf,
}

/// After the first, second, … failure of a letter; after the last it is given up.
const PAUSES: [SignedDuration; 5] = [
    SignedDuration::from_secs(10),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
];

/// A process that took a letter and died is believed dead after this.
const LEASE: Duration = Duration::from_secs(DEADLINE.as_secs() * 2);

/// Where the database cannot even be asked when to look again.
const BLIND: Duration = Duration::from_secs(60);

/// Accepts alerts and delivers letters, those that earlier runs left behind too, until nobody can send any more.
pub async fn serve(office: Office, mut alerts: UnboundedReceiver<Alert>) {
    loop {
        let idle = office.deliver().await;
        let wake = async {
            match idle {
                Some(pause) => office.system.pause(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            alert = alerts.recv() => match alert {
                Some(alert) => office.accept(alert).await,
                None => return,
            },
            () = wake => {}
        }
    }
}

impl Office {
    /// Writes one letter for each route that wants the alert.
    pub async fn accept(&self, alert: Alert) {
        let alerts = settings::current(&*self.system, &self.around).alerts;
        let wants = |route: &Route| route.on && (alert.urgent || !route.urgent_only);
        let names: Vec<String> =
            alerts.routes.iter().filter(|(_, route)| wants(route)).map(|(name, _)| name.clone()).collect();
        if names.is_empty() {
            return;
        }
        let body = serde_json::to_string(&alert).unwrap_or_default();
        let letter = move |route| Letter {
            id: 0,
            profile: alert.profile.clone(),
            route,
            topic: alert.event.name().to_owned(),
            at: alert.at,
            body: body.clone(),
            failures: 0,
        };
        let now = self.system.now();
        let write = move |store: &mut Store| {
            names.into_iter().try_for_each(|name| store.write_letter(&letter(name), now, alerts.per_hour))
        };
        if let Err(problem) = self.store.ask(write).await.result {
            tracing::warn!(%problem, "the alert could not be kept");
        }
    }

    /// Sends every letter that is due; how long until the next one is, or `None` when none is left.
    pub async fn deliver(&self) -> Option<Duration> {
        loop {
            let now = self.system.now();
            let lease = now + SignedDuration::try_from(LEASE).unwrap_or_default();
            match self.store.ask(move |store| store.take_letter(now, lease)).await.result {
                Ok(Some(letter)) => self.try_to_send(letter).await,
                Ok(None) => break,
                Err(problem) => {
                    tracing::warn!(%problem, "the letters cannot be read");
                    return Some(BLIND);
                }
            }
        }
        let due = self.store.ask(|store| store.next_letter()).await.result.ok()??;
        Some(Duration::try_from(due.duration_since(self.system.now())).unwrap_or_default())
    }

    async fn try_to_send(&self, letter: Letter) {
        let sent = self.send(&letter).await;
        let now = self.system.now();
        let outcome = match &sent {
            Ok(()) => Outcome::Arrived,
            Err(problem) => {
                tracing::warn!(%problem, route = letter.route, "an alert was not delivered");
                next_try(&letter, now).map_or(Outcome::GivenUp, Outcome::Again)
            }
        };
        let put_away = move |store: &mut Store| match outcome {
            Outcome::Arrived => store.letter_arrived(letter.id),
            Outcome::Again(due) => store.letter_failed(letter.id, Some(due)),
            Outcome::GivenUp => store.letter_failed(letter.id, None),
        };
        if let Err(problem) = self.store.ask(put_away).await.result {
            tracing::warn!(%problem, "what became of an alert could not be kept");
        }
    }

    async fn send(&self, letter: &Letter) -> Result<(), Problem> {
        let alert: Alert =
            serde_json::from_str(&letter.body).map_err(|error| failed(&letter.route, &error.to_string()))?;
        self.send_now(&alert, &letter.route).await
    }

    /// Sends over one route, at once and once.
    ///
    /// # Errors
    /// `AlertFailed` with `route`, and never with its address.
    pub async fn send_now(&self, alert: &Alert, name: &str) -> Result<(), Problem> {
        let settings = settings::current(&*self.system, &self.around);
        let gone = || failed(name, "the route is not there any more");
        let route = settings.alerts.routes.get(name).ok_or_else(gone)?;
        let secrets = Secrets::load(&*self.system, &self.around)?.of(name);
        send(&*self.system, name, parcel(alert, name, route, &secrets)?).await
    }
}

/// Hands a parcel over, at once and once; `name` is its route's.
///
/// # Errors
/// `AlertFailed` with `route`, and never with its address.
pub async fn send(system: &dyn System, name: &str, parcel: Parcel) -> Result<(), Problem> {
    match parcel {
        Parcel::Feed { call, input } => {
            let answer = system.feed(&call, input.as_bytes()).await;
            match answer.is_success() {
                true => Ok(()),
                false => Err(failed(
                    name,
                    &format!("{}: {} {}", call.tool.name(), end(&answer.end), answer.words()),
                )),
            }
        }
        Parcel::Post(post) => match system.post(&post).await {
            Ok(200..=299) => Ok(()),
            Ok(status) => Err(failed(name, &format!("the server answered {status}"))),
            Err(cause) => Err(failed(name, &cause)),
        },
    }
}

enum Outcome {
    Arrived,
    Again(Timestamp),
    GivenUp,
}

fn next_try(letter: &Letter, now: Timestamp) -> Option<Timestamp> {
    let pause = PAUSES.get(usize::try_from(letter.failures).unwrap_or(usize::MAX))?;
    now.checked_add(*pause).ok()
}

fn failed(route: &str, cause: &str) -> Problem {
    Problem::new(Code::AlertFailed).with("route", route).because(cause)
}

fn end(end: &crate::plan::End) -> String {
    use crate::plan::End;
    match end {
        End::Exited(code) => format!("exit code {code}"),
        End::Killed(signal) => format!("killed by signal {signal}"),
        End::TimedOut => format!("not done within {} s", DEADLINE.as_secs()),
        End::NotStarted(words) => words.clone(),
    }
}

#[cfg(test)]
mod tests;
