//! The office over a scripted machine whose network and programs are a list of answers, and a real database.

// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;

use super::*;
use crate::alerts::parcel::tests::alert;
use crate::plan::{Answer, Call};
use crate::system::scripted::{Machine, Simulator, answered};
use crate::system::{Ask, Seen};

/// Programs answer with the codes in turn, then with 0; what they were fed is kept.
#[derive(Default)]
struct Programs {
    codes: VecDeque<i32>,
    fed: Vec<String>,
}

impl Simulator for Programs {
    fn run(&mut self, _call: &Call, _machine: &mut Machine) -> Answer {
        answered(0, "", "")
    }

    fn feed(&mut self, call: &Call, input: &str, _machine: &mut Machine) -> Answer {
        self.fed.push(format!("{call} {input}"));
        answered(self.codes.pop_front().unwrap_or(0), "", "")
    }

    fn answer(&mut self, _ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        None
    }
}

struct Place {
    machine: Arc<crate::system::scripted::Scripted<Programs>>,
    office: Office,
    folder: tempfile::TempDir,
}

const ROUTES: &str = r#"{"alerts":{"per_hour":3,"routes":{
    "a":{"via":"command","command":["/bin/a"]}, "b":{"via":"mail","to":"x@y","urgent_only":true},
    "off":{"via":"command","command":["/bin/off"],"on":false}}}}"#;

fn place() -> Place {
    let machine = Arc::new(crate::system::scripted::Scripted::new(Programs::default()));
    let around = crate::identity::tests::around(&[]);
    let settings = format!("{}/settings.json", crate::layout::own_config_dir(&around).unwrap());
    machine.write(&settings, ROUTES.as_bytes(), 0o600).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office { system: machine.clone(), around, store: Shelf::new(database(&folder)) };
    Place { machine, office, folder }
}

fn database(folder: &tempfile::TempDir) -> String {
    folder.path().join("g/incidents.sqlite").display().to_string()
}

impl Place {
    fn fed(&self) -> usize {
        self.machine.with(|_, programs| programs.fed.len())
    }

    fn passes(&self, time: Duration) {
        self.machine.with(|machine, _| machine.elapsed += time);
    }
}

#[tokio::test]
async fn an_alert_goes_over_every_route_that_wants_it_and_once() {
    let place = place();
    place.office.accept(alert("A")).await;
    place
        .office
        .accept(Alert {
            urgent: false,
            event: crate::model::NoticeKind::Recovered,
            at: later("B", 60),
            ..alert("B")
        })
        .await;
    assert_eq!(place.office.deliver().await, None);
    let fed = place.machine.with(|_, programs| programs.fed.clone());
    let tools: Vec<&str> = fed.iter().map(|text| text.split(' ').next().unwrap()).collect();
    assert_eq!(tools, ["/bin/a", "sendmail", "/bin/a"]);
}

#[tokio::test]
async fn the_same_news_of_another_process_is_not_sent_again() {
    let place = place();
    place.office.accept(alert("A")).await;
    place.office.deliver().await;
    let other = Office { ..place.office.clone() };
    other.accept(Alert { at: later("A", 25), ..alert("A") }).await;
    other.deliver().await;
    assert_eq!(place.fed(), 2);
}

/// It has watched for another time, and calls a first crash what is the third of a loop to the other.
#[tokio::test]
async fn one_incident_under_two_names_is_one_letter() {
    let place = place();
    place.office.accept(alert("A")).await;
    place.office.accept(Alert { event: crate::model::NoticeKind::Loop, ..alert("B") }).await;
    place.office.deliver().await;
    assert_eq!(place.fed(), 2);
}

fn later(title: &str, seconds: i64) -> Timestamp {
    alert(title).at + SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn a_failed_letter_is_tried_again_later_and_then_given_up() {
    let place = place();
    place.machine.with(|_, programs| programs.codes = [1; 12].into());
    place.office.accept(alert("A")).await;
    let mut waits = Vec::new();
    while let Some(wait) = place.office.deliver().await {
        waits.push(wait.as_secs());
        place.passes(wait);
    }
    assert_eq!(waits, [10, 60, 300, 1800, 7200]);
    assert_eq!(place.fed(), 12);
}

#[tokio::test]
async fn a_letter_that_nobody_delivered_is_delivered_by_the_next_run() {
    let place = place();
    place.machine.with(|_, programs| programs.codes = [1, 1].into());
    place.office.accept(alert("A")).await;
    place.office.deliver().await;
    place.passes(Duration::from_secs(3600));
    let next_run = place.office.clone();
    assert_eq!(next_run.deliver().await, None);
    assert_eq!(place.fed(), 4);
}

#[tokio::test]
async fn two_offices_do_not_take_the_same_letter() {
    let place = place();
    place.office.accept(alert("A")).await;
    let now = place.machine.now();
    let mut store = Store::open(&database(&place.folder)).unwrap().store;
    let lease = now + SignedDuration::from_secs(40);
    let taken = [(); 3].map(|()| store.take_letter(now, lease).unwrap().map(|letter| letter.route));
    assert_eq!(taken, [Some("a".to_owned()), Some("b".to_owned()), None]);
    assert!(store.take_letter(lease, lease + SignedDuration::from_secs(40)).unwrap().is_some());
}

#[tokio::test]
async fn more_than_the_rate_is_left_out() {
    let place = place();
    for minute in 0..6 {
        let at = place.machine.now() + SignedDuration::from_mins(minute * 2);
        place.office.accept(Alert { urgent: false, at, ..alert("A") }).await;
    }
    place.office.deliver().await;
    assert_eq!(place.fed(), 3);
}
