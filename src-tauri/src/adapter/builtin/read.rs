//! Reads the registration and the host's record into facts.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::autostart::is_switched_off;
use super::proof::{self, Life};
use super::record::{self, Phase, Record};
use super::registration::{self, Installed};
use super::{OwnFolders, crontab};
use crate::environment;
use crate::identity::Identity;
use crate::layout::Os;
use crate::model::{
    Autostart, DOTS, ExitRecord, Fact, Origin, Redacted, Registered, Registration, Run, Supervised, Value,
    Variable,
};
use crate::observe::{find, seen};
use crate::plan::Answer;
use crate::problem::{Code, Problem};
use crate::system::{Ask, Report, Seen};

/// What a file holds, as far as the reports tell.
enum Told {
    Text(String),
    Missing,
    Unknown(Problem),
}

fn told(reports: &[Report], path: &str) -> (Told, Timestamp) {
    let Some(report) = find(reports, |ask| matches!(ask, Ask::File { path: asked } if asked == path)) else {
        return (Told::Unknown(Problem::new(Code::Internal).with("report", path)), Timestamp::UNIX_EPOCH);
    };
    let told = match &report.seen {
        Seen::File(contents) => Told::Text(contents.text()),
        Seen::Missing => Told::Missing,
        Seen::Failed(why) => Told::Unknown(why.clone()),
        Seen::Properties(_)
        | Seen::Process(_)
        | Seen::Processes(_)
        | Seen::Load(_)
        | Seen::Listeners(_)
        | Seen::Http(_)
        | Seen::Greeting { .. }
        | Seen::Lines(_)
        | Seen::Answered(_)
        | Seen::Refused
        | Seen::Silent { .. } => Told::Unknown(Problem::new(Code::Internal).with("report", path)),
    };
    (told, report.at)
}

pub fn registered(own: &OwnFolders, id: &Identity, os: Os, reports: &[Report]) -> Fact<Registered> {
    let file = own.registration(id);
    let (told, read_at) = told(reports, &file);
    let value = match told {
        Told::Missing => Registered::Missing { file: file.clone() },
        Told::Unknown(why) => Registered::Unknown { file: file.clone(), why },
        Told::Text(text) => match registration::parse(&text, &file) {
            Ok(installed) => {
                let stale = runs_otherwise(own, id, os, &installed, reports);
                let found = registration(own, id, installed, reports);
                Registered::Present(Box::new(Registration { stale, ..found }))
            }
            Err(why) => Registered::Unknown { file: file.clone(), why },
        },
    };
    Fact { value, source: file, read_at }
}

fn registration(own: &OwnFolders, id: &Identity, installed: Installed, reports: &[Report]) -> Registration {
    let inline = installed.environment.iter().map(|(name, value)| environment::shown(name, value, "inline"));
    let environment = inline.chain(secrets(own, id, reports)).collect();
    Registration {
        file: own.registration(id),
        drop_ins: Vec::new(),
        autostart: autostart(own, id, reports),
        origin: Origin::Gateward,
        command: environment::mask_command(&installed.command),
        working_dir: installed.working_dir,
        environment,
        stale: false,
        lingers: starts_at_boot(own, id, reports),
        flaws: Vec::new(),
        text: None,
    }
}

fn secrets(own: &OwnFolders, id: &Identity, reports: &[Report]) -> Vec<Variable> {
    let shown = |(name, value): (String, Redacted)| Variable {
        shown: format!("{DOTS} ({})", environment::fingerprint(value.reveal())),
        secret: true,
        source: own.secrets(id),
        name,
    };
    known_secrets(own, id, reports).into_iter().map(shown).collect()
}

/// What the registration and its secrets' file set.
pub fn variables(own: &OwnFolders, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
    let file = own.registration(id);
    let (Told::Text(text), _) = told(reports, &file) else { return BTreeMap::new() };
    let Ok(installed) = registration::parse(&text, &file) else { return BTreeMap::new() };
    let plain = installed.environment.into_iter().map(|(name, value)| (name, Value::Plain(value)));
    let secret =
        known_secrets(own, id, reports).into_iter().map(|(name, value)| (name, Value::Secret(value)));
    plain.chain(secret).collect()
}

fn known_secrets(own: &OwnFolders, id: &Identity, reports: &[Report]) -> BTreeMap<String, Redacted> {
    let path = own.secrets(id);
    let (Told::Text(text), _) = told(reports, &path) else { return BTreeMap::new() };
    registration::parse_secrets(&text, &path).unwrap_or_default()
}

fn autostart(own: &OwnFolders, id: &Identity, reports: &[Report]) -> Autostart {
    match told(reports, &own.autostart(id)).0 {
        Told::Text(text) if is_switched_off(&text) => Autostart::Off,
        Told::Text(_) => Autostart::On,
        Told::Missing => cron(id, reports),
        Told::Unknown(_) => Autostart::Unknown,
    }
}

/// A host that cron has started belongs to no login.
fn starts_at_boot(own: &OwnFolders, id: &Identity, reports: &[Report]) -> Option<bool> {
    let by_desktop = matches!(told(reports, &own.autostart(id)).0, Told::Text(_));
    (!by_desktop && cron(id, reports) == Autostart::On).then_some(true)
}

/// A table that cannot be read has no line of ours: there is no cron, or it is not for this account.
fn cron(id: &Identity, reports: &[Report]) -> Autostart {
    let table = seen(reports, |ask| *ask == Ask::Crontab);
    let has_line = |answer: &Answer| crontab::has_line(&answer.stdout, &id.profile.to_string());
    match table {
        Some(Seen::Answered(answer)) if answer.is_success() && has_line(answer) => Autostart::On,
        Some(_) | None => Autostart::Off,
    }
}

pub fn supervised(
    own: &OwnFolders,
    id: &Identity,
    os: Os,
    reports: &[Report],
    registered: &Registered,
) -> Fact<Supervised> {
    let file = own.record(id);
    let (told, read_at) = told(reports, &file);
    let value = match told {
        Told::Missing => at_rest(registered, None),
        Told::Unknown(why) => Supervised::Unknown { why },
        Told::Text(text) => match record::parse(&text, &file) {
            Ok(record) => judge(record, os, reports, registered),
            Err(why) => Supervised::Unknown { why },
        },
    };
    Fact { value, source: file, read_at }
}

/// A record outlives its host: only a host that is proven alive makes it present tense.
fn judge(record: Record, os: Os, reports: &[Report], registered: &Registered) -> Supervised {
    match proof::life(&record.host, os, reports) {
        Life::Alive => present(record),
        Life::Gone => past(record, registered),
        Life::Unknown(why) => Supervised::Unknown { why },
    }
}

/// The host, if it is proven alive.
pub fn host(own: &OwnFolders, id: &Identity, os: Os, reports: &[Report]) -> Option<u32> {
    living(own, id, os, reports).map(|record| record.host.pid)
}

/// The record of a host that is proven alive.
fn living(own: &OwnFolders, id: &Identity, os: Os, reports: &[Report]) -> Option<Record> {
    let file = own.record(id);
    let (Told::Text(text), _) = told(reports, &file) else { return None };
    let record = record::parse(&text, &file).ok()?;
    matches!(proof::life(&record.host, os, reports), Life::Alive).then_some(record)
}

/// Whether a living host began with another command than the one that is written down by now.
fn runs_otherwise(own: &OwnFolders, id: &Identity, os: Os, now: &Installed, reports: &[Report]) -> bool {
    let written = registration::fingerprint(&now.command, now.working_dir.as_deref());
    living(own, id, os, reports).is_some_and(|record| record.command != written)
}

fn present(record: Record) -> Supervised {
    let Record { phase, due, gateway, since, restarts, last_exit, .. } = record;
    match (phase, gateway) {
        (Phase::Running, Some(gateway)) => {
            Supervised::Running(Run { pid: gateway.pid, since, restarts, last_exit })
        }
        (Phase::Starting | Phase::Running, _) => Supervised::Starting,
        (Phase::Waiting, _) => Supervised::Waiting { last_exit, restarts },
        // It is about to exit; its gateway has.
        (Phase::Stopping | Phase::Stopped | Phase::GaveUp | Phase::ConfigError, gateway) => {
            Supervised::Stopping { pid: gateway.map(|gateway| gateway.pid), until: due }
        }
    }
}

/// A gateway that outlived its host is not supervised: the port tells of it as an orphan.
fn past(record: Record, registered: &Registered) -> Supervised {
    match (record.phase, registered) {
        (Phase::GaveUp, Registered::Present(_) | Registered::Unknown { .. }) => {
            Supervised::GaveUp { last_exit: record.last_exit, restarts: record.restarts }
        }
        (
            Phase::GaveUp
            | Phase::Starting
            | Phase::Running
            | Phase::Waiting
            | Phase::Stopping
            | Phase::Stopped
            | Phase::ConfigError,
            registered,
        ) => at_rest(registered, record.last_exit),
    }
}

fn at_rest(registered: &Registered, last_exit: Option<ExitRecord>) -> Supervised {
    match registered {
        Registered::Missing { .. } => Supervised::Absent,
        Registered::Present(_) | Registered::Unknown { .. } => Supervised::Stopped { last_exit },
    }
}
