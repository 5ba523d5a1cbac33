//! Reports → what is registered and what is supervised.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::show::{self, Properties};
use super::specifiers::Specifiers;
use super::unit::{self, Part, Unit};
use super::{Systemd, env_file, failure};
use crate::environment::{self, value_of};
use crate::identity::Identity;
use crate::layout;
use crate::model::{Autostart, Fact, Origin, Registered, Registration, Supervised, Value, Variable};
use crate::observe::{find, seen};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Contents, Report, Seen};

impl Systemd {
    /// The files that the first answers name: the unit itself if the manager has it from elsewhere, drop-ins, environment files.
    pub(super) fn further_files(&self, id: &Identity, reports: &[Report]) -> Vec<Ask> {
        let own = layout::unit_file(id);
        let mut paths: Vec<String> = Vec::new();
        if let Some(properties) = properties(reports) {
            paths.extend(show::fragment(properties).map(str::to_owned));
            paths.extend(show::drop_ins(properties));
            paths.extend(show::environment_files(properties));
        }
        if let Some(Seen::File(contents)) = file(reports, &own) {
            let unit = unit::parse(&[Part { path: &own, text: &contents.text() }], &self.specifiers(id));
            paths.extend(unit.environment_files.into_iter().map(|file| file.path));
        }
        paths.retain(|path| *path != own && path.starts_with('/'));
        paths.sort();
        paths.dedup();
        paths.into_iter().map(|path| Ask::File { path }).collect()
    }

    pub(super) fn registered(&self, id: &Identity, reports: &[Report]) -> Fact<Registered> {
        let path = self.unit_path(id, reports);
        let read_at = report_of(reports, &path).map_or(Timestamp::UNIX_EPOCH, |report| report.at);
        let value = match file(reports, &path) {
            _ if properties(reports).is_some_and(show::is_masked) => mask(&path, reports),
            Some(Seen::File(contents)) => {
                Registered::Present(Box::new(self.registration(id, &path, contents, reports)))
            }
            Some(Seen::Missing) => Registered::Missing { file: path.clone() },
            Some(Seen::Failed(problem)) => {
                Registered::Unknown { file: path.clone(), why: unreadable(&path, problem) }
            }
            Some(_) | None => Registered::Unknown { file: path.clone(), why: Problem::new(Code::Internal) },
        };
        Fact { value, source: path, read_at }
    }

    /// Our own file if it is there; else the one the manager has loaded, which may be a package's or an administrator's.
    fn unit_path(&self, id: &Identity, reports: &[Report]) -> String {
        let own = layout::unit_file(id);
        let elsewhere = properties(reports).and_then(show::fragment).filter(|path| *path != own);
        match (file(reports, &own), elsewhere) {
            (Some(Seen::Missing), Some(path)) if matches!(file(reports, path), Some(Seen::File(_))) => {
                path.to_owned()
            }
            _ => own,
        }
    }

    fn registration(
        &self,
        id: &Identity,
        path: &str,
        contents: &Contents,
        reports: &[Report],
    ) -> Registration {
        let unit = self.unit(id, path, contents, reports);
        let properties = properties(reports);
        Registration {
            file: path.to_owned(),
            drop_ins: properties.map(show::drop_ins).unwrap_or_default(),
            autostart: properties.map_or(Autostart::Unknown, show::autostart),
            origin: unit.origin,
            command: environment::mask_command(&unit.command),
            working_dir: unit.working_dir.clone(),
            environment: variables(&unit, reports),
            stale: properties.is_some_and(show::is_stale),
            lingers: lingers(reports),
            flaws: Vec::new(),
            text: None,
        }
    }

    fn unit(&self, id: &Identity, path: &str, contents: &Contents, reports: &[Report]) -> Unit {
        let names = properties(reports).map(show::drop_ins).unwrap_or_default();
        let drop_ins = names.iter().filter_map(|name| match file(reports, name) {
            Some(Seen::File(contents)) => Some((name.as_str(), contents.text())),
            Some(_) | None => None,
        });
        let texts: Vec<_> = std::iter::once((path, contents.text())).chain(drop_ins).collect();
        let parts: Vec<_> = texts.iter().map(|(path, text)| Part { path, text }).collect();
        unit::parse(&parts, &self.specifiers(id))
    }

    fn specifiers(&self, id: &Identity) -> Specifiers {
        Specifiers::new(id, &self.around)
    }

    pub(super) fn supervised(&self, id: &Identity, reports: &[Report]) -> Fact<Supervised> {
        let report = find(reports, |ask| matches!(ask, Ask::Unit { .. }));
        let file_present = matches!(file(reports, &layout::unit_file(id)), Some(Seen::File(_)));
        let value = match report.map(|report| &report.seen) {
            Some(Seen::Properties(seen)) => show::supervised(seen, file_present),
            Some(Seen::Answered(answer)) => Supervised::Unknown { why: self.no_answer(answer) },
            Some(Seen::Failed(problem)) => Supervised::Unknown { why: problem.clone() },
            Some(_) | None => Supervised::Unknown { why: Problem::new(Code::Internal) },
        };
        let source = report.map_or_else(String::new, |report| report.source.clone());
        Fact { value, source, read_at: report.map_or(Timestamp::UNIX_EPOCH, |report| report.at) }
    }

    fn no_answer(&self, answer: &crate::plan::Answer) -> Problem {
        match failure::unavailable(answer) {
            Some(why) => self.unreachable(why).because(answer.words()),
            None => self.problem(&self.call(&["show"], super::plans::QUICK), answer),
        }
    }

    /// What the unit and its environment files set; a drop-in stays and goes on applying by itself.
    pub(super) fn own_variables(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        let path = self.unit_path(id, reports);
        let Some(Seen::File(contents)) = file(reports, &path) else { return BTreeMap::new() };
        let unit = self.unit(id, &path, contents, reports);
        if unit.origin == Origin::Foreign {
            return BTreeMap::new();
        }
        let is_drop_in = |source: &str| source.ends_with(".conf");
        effective(&unit, reports)
            .into_iter()
            .filter(|(name, found)| !is_drop_in(&found.source) && env_file::check(name, &found.value).is_ok())
            .map(|(name, found)| {
                let value = value_of(&name, &found.value);
                (name, value)
            })
            .collect()
    }
}

/// A link to `/dev/null` in the unit's place: it says nothing but that the unit must not start.
fn mask(path: &str, reports: &[Report]) -> Registered {
    Registered::Present(Box::new(Registration {
        file: path.to_owned(),
        drop_ins: Vec::new(),
        autostart: Autostart::Blocked,
        origin: Origin::Foreign,
        command: Vec::new(),
        working_dir: None,
        environment: Vec::new(),
        stale: false,
        lingers: lingers(reports),
        flaws: Vec::new(),
        text: None,
    }))
}

fn unreadable(path: &str, problem: &Problem) -> Problem {
    let command = format!("ls -l {}", crate::plan::shell_quoted(path));
    Problem::new(Code::UnitUnreadable)
        .with("path", path)
        .because(problem.cause.as_deref().unwrap_or_default())
        .hint_command("check-permissions", command)
}

/// What the process finds: environment files beat `Environment=` wherever they stand, and `UnsetEnvironment=` beats both.
fn effective(unit: &Unit, reports: &[Report]) -> BTreeMap<String, unit::Assigned> {
    let mut all = unit.environment.clone();
    for from in &unit.environment_files {
        if let Some(Seen::File(contents)) = file(reports, &from.path) {
            let assigned = |value| unit::Assigned { value, source: from.path.clone() };
            all.extend(
                env_file::parse(&contents.text()).into_iter().map(|(name, value)| (name, assigned(value))),
            );
        }
    }
    let is_unset = |name: &str, value: &str| {
        unit.unset.iter().any(|word| word == name || *word == format!("{name}={value}"))
    };
    all.retain(|name, found| !is_unset(name, &found.value));
    all
}

fn variables(unit: &Unit, reports: &[Report]) -> Vec<Variable> {
    let own =
        |source: &str| if source.ends_with(".service") { "inline".to_owned() } else { source.to_owned() };
    effective(unit, reports)
        .iter()
        .map(|(name, found)| environment::shown(name, &found.value, &own(&found.source)))
        .collect()
}

fn lingers(reports: &[Report]) -> Option<bool> {
    match seen(reports, |ask| matches!(ask, Ask::Linger { .. }))? {
        Seen::Properties(properties) => match properties.get("Linger")?.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn properties(reports: &[Report]) -> Option<&Properties> {
    match seen(reports, |ask| matches!(ask, Ask::Unit { .. }))? {
        Seen::Properties(properties) => Some(properties),
        _ => None,
    }
}

fn report_of<'a>(reports: &'a [Report], path: &str) -> Option<&'a Report> {
    find(reports, |ask| matches!(ask, Ask::File { path: asked } if asked == path))
}

fn file<'a>(reports: &'a [Report], path: &str) -> Option<&'a Seen> {
    report_of(reports, path).map(|report| &report.seen)
}
