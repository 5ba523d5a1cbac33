//! `cargo xtask check`: everything that can be said about the code without running it.

use crate::command_line::CommandLine;
use crate::cross;
use crate::npm::NO_UI;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use crate::stage::{self, Stage};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advisories {
    Leave,
    /// Their database is a GitHub repository, so this needs more than package registries.
    Fetch,
}

pub fn check(project: &Project, advisories: Advisories) -> Result<(), String> {
    setup::prepare(project, Purpose::Check)?;
    prepare_cargo_deny(project)?;
    stage::verdict(&stage::run_all([stages(project, advisories), cross::stages_or_why_not(project)].concat()))
}

fn prepare_cargo_deny(project: &Project) -> Result<(), String> {
    if project.cargo(&["deny", "--version"]).capture().is_ok() {
        return Ok(());
    }
    println!("cargo-deny to install from crates.io: checks licences and sources of the dependencies.");
    project.cargo(&["install", "cargo-deny", "--locked"]).run()
}

fn stages(project: &Project, advisories: Advisories) -> Vec<Stage> {
    let clippy = ["clippy", "--workspace", "--all-targets"];
    let strict = ["--", "-D", "warnings"];
    let headless = [&clippy[..], &strict].concat();
    let desktop = [&clippy[..], &["--features", "bare-tray,xtask/bench,xtask/interplay"], &strict].concat();
    vec![
        Stage::new("format", [project.cargo(&["fmt", "--all", "--check"])]),
        Stage::new("clippy", [project.cargo(&headless)]),
        Stage::new("clippy with desktop", [project.cargo(&desktop)]),
        Stage::new("dependencies", [deny(project, advisories)]),
        ui(project),
    ]
}

fn deny(project: &Project, advisories: Advisories) -> CommandLine {
    let words = ["deny", "--all-features", "check", "licenses", "bans", "sources"];
    match advisories {
        Advisories::Leave => project.cargo(&words),
        Advisories::Fetch => project.cargo(&[&words[..], &["advisories"]].concat()),
    }
}

fn ui(project: &Project) -> Stage {
    match project.has_ui {
        true => Stage::new("ui", [project.in_ui("npm", &["run", "check"])]),
        false => Stage::missing("ui", NO_UI),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn project() -> Project {
        Project {
            root: PathBuf::from("/p"),
            tests: vec![],
            has_ui: true,
            target: "target".into(),
            is_root: true,
            os: "linux",
        }
    }

    #[test]
    fn clippy_looks_at_both_builds_and_takes_no_warning() {
        let project = project();
        let stages = stages(&project, Advisories::Leave);
        let clippy = ["clippy", "--workspace", "--all-targets"];
        let headless = [&clippy[..], &["--", "-D", "warnings"]].concat();
        let desktop =
            [&clippy[..], &["--features", "bare-tray,xtask/bench,xtask/interplay", "--", "-D", "warnings"]]
                .concat();
        assert_eq!(stages[1], Stage::new("clippy", [project.cargo(&headless)]));
        assert_eq!(stages[2], Stage::new("clippy with desktop", [project.cargo(&desktop)]));
    }

    #[test]
    fn advisories_are_fetched_only_on_demand() {
        assert!(!deny(&project(), Advisories::Leave).to_string().contains("advisories"));
        assert!(deny(&project(), Advisories::Fetch).to_string().ends_with("advisories"));
    }
}
