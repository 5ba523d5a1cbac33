//! `cargo xtask test`: installs what tests need and runs every one.

use crate::cross;
use crate::npm::NO_UI;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use crate::stage::{self, Stage};
use crate::windows;
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    Everything,
    /// Without the tests that start a real user manager or desktop.
    Fast,
}

/// Ends what it prints with `N passed, M failed` on a line of its own, whatever happens.
pub fn test(project: &Project, extent: Extent) -> ExitCode {
    let purpose = match extent {
        Extent::Everything => Purpose::Test,
        Extent::Fast => Purpose::FastTest,
    };
    if let Err(message) = setup::prepare(project, purpose) {
        println!("\n{message}\n\n0 passed, 1 failed");
        return ExitCode::FAILURE;
    }
    let all = [stages(project, extent), other_systems()].concat();
    let finished = stage::run_all(all);
    let verdict = stage::verdict(&finished);
    if let Err(message) = &verdict {
        println!("\n{message}");
    }
    println!("\n{}", stage::totals(&finished));
    if verdict.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// `cargo xtask soak`: the test that goes on for as long as it is told.
pub fn soak(project: &Project, minutes: &str) -> Result<(), String> {
    minutes.parse::<u32>().map_err(|_| format!("`{minutes}` is no number of minutes."))?;
    setup::prepare(project, Purpose::Test)?;
    let words = ["test", "--test", "real_soak", "--", "--nocapture"];
    project.cargo(&words).with("GATEWARD_SOAK_MINUTES", minutes).run()
}

fn stages(project: &Project, extent: Extent) -> Vec<Stage> {
    [
        vec![headless(project), real(project, extent)],
        vec![Stage::new("documentation examples", [project.cargo(&["test", "--doc"])])],
        ui(project),
        vec![
            Stage::new("build with desktop", [project.cargo(&["build", "--features", "gui", "--bins"])]),
            desktop(project, extent),
            Stage::new("set-up tool", [project.cargo(&["test", "--package", "xtask", "--all-features"])]),
            packages(project),
        ],
    ]
    .concat()
}

/// Named, as skipped is not passed. Rust's libraries are compiled anew for each of those systems, which takes about as long as
/// everything else here and would not fit into the time of a clean machine.
fn other_systems() -> Vec<Stage> {
    vec![
        Stage::not_run(cross::NAME, "part of `cargo xtask check`"),
        Stage::not_run(windows::NAME, "`cargo xtask wine`"),
    ]
}

/// What a test's name says about the machine it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Headless,
    /// `real_*`: a real user manager, mounts or a clock of their own, so root and the Debian packages of the tests.
    Real,
    /// `desktop_*`: a real user manager and desktop, and the `gui` feature.
    Desktop,
    /// `wine_*`: the Windows programs, built before; not among these tests.
    Wine,
}

fn kind(test: &str) -> Kind {
    if test.starts_with("real_") {
        Kind::Real
    } else if test.starts_with("desktop") {
        Kind::Desktop
    } else if test.starts_with("wine_") {
        Kind::Wine
    } else {
        Kind::Headless
    }
}

fn headless(project: &Project) -> Stage {
    let targets = targets(project, Kind::Headless);
    let words = ["test", "--no-fail-fast", "--lib", "--bins"].into_iter().map(str::to_owned).chain(targets);
    cargo_stage(project, "library and command line", words)
}

fn real(project: &Project, extent: Extent) -> Stage {
    let words = ["test", "--no-fail-fast"].map(str::to_owned);
    rooted(project, extent, Kind::Real, "real user manager", &words)
}

fn desktop(project: &Project, extent: Extent) -> Stage {
    let words = ["test", "--no-fail-fast", "--features", "gui"].map(str::to_owned);
    rooted(project, extent, Kind::Desktop, "real desktop", &words)
}

fn rooted(project: &Project, extent: Extent, kind: Kind, name: &str, words: &[String]) -> Stage {
    let targets = targets(project, kind);
    if targets.is_empty() {
        return Stage::missing(name, format!("tests/ holds no test of the kind {kind:?}."));
    }
    if let Some(why) = reason_against(project, extent) {
        return Stage::not_run(name, format!("{why}: {}", names(project, kind).join(", ")));
    }
    cargo_stage(project, name, words.iter().cloned().chain(targets))
}

fn reason_against(project: &Project, extent: Extent) -> Option<&'static str> {
    match (extent, project.os, project.is_root) {
        (Extent::Fast, ..) => Some("left out by --fast"),
        (Extent::Everything, "linux", true) => None,
        (Extent::Everything, "linux", false) => Some("needs root (own cgroup and mounts)"),
        (Extent::Everything, ..) => Some("needs Linux"),
    }
}

fn ui(project: &Project) -> Vec<Stage> {
    let stages = [
        ("ui tests", "npm", &["test"][..]),
        ("ui types", "npx", &["tsc", "--noEmit"]),
        ("ui build", "npm", &["run", "build"]),
    ];
    stages
        .map(|(name, program, words)| match project.has_ui {
            true => Stage::new(name, [project.in_ui(program, words)]),
            false => Stage::missing(name, NO_UI),
        })
        .into()
}

/// The tools that read packages are Debian's.
fn packages(project: &Project) -> Stage {
    match project.os {
        "linux" => Stage::new("packages", [project.cargo(&["test", "--package", "gateward-packaging"])]),
        _ => Stage::not_run("packages", "needs dpkg"),
    }
}

fn cargo_stage(project: &Project, name: &str, words: impl Iterator<Item = String>) -> Stage {
    let words: Vec<String> = words.collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Stage::new(name, [project.cargo(&words)])
}

fn targets(project: &Project, kind: Kind) -> Vec<String> {
    names(project, kind).into_iter().flat_map(|name| ["--test".to_owned(), name]).collect()
}

fn names(project: &Project, wanted: Kind) -> Vec<String> {
    project.tests.iter().filter(|name| kind(name) == wanted).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Job;
    use std::path::PathBuf;

    #[test]
    fn root_runs_every_test_of_the_folder() {
        let spoken = spoken(&stages(&project(), Extent::Everything));
        assert_eq!(
            spoken,
            [
                "library and command line: cargo test --no-fail-fast --lib --bins --test boundaries",
                "real user manager: cargo test --no-fail-fast --test real_rig --test real_unit",
                "documentation examples: cargo test --doc",
                "ui tests: npm test",
                "ui types: npx tsc --noEmit",
                "ui build: npm run build",
                "build with desktop: cargo build --features gui --bins",
                "real desktop: cargo test --no-fail-fast --features gui --test desktop_tray",
                "set-up tool: cargo test --package xtask --all-features",
                "packages: cargo test --package gateward-packaging",
            ]
        );
    }

    #[test]
    fn without_root_the_tests_that_need_it_are_named_as_not_run() {
        let spoken = spoken(&stages(&Project { is_root: false, ..project() }, Extent::Everything));
        assert_eq!(
            spoken[1],
            "real user manager: NOT RUN needs root (own cgroup and mounts): real_rig, real_unit"
        );
        assert_eq!(spoken[7], "real desktop: NOT RUN needs root (own cgroup and mounts): desktop_tray");
    }

    #[test]
    fn a_fast_run_names_what_it_leaves_out() {
        let spoken = spoken(&stages(&project(), Extent::Fast));
        assert_eq!(spoken[7], "real desktop: NOT RUN left out by --fast: desktop_tray");
    }

    #[test]
    fn on_macos_the_linux_rigs_are_not_run() {
        let spoken = spoken(&stages(&Project { os: "macos", ..project() }, Extent::Everything));
        assert_eq!(spoken[7], "real desktop: NOT RUN needs Linux: desktop_tray");
    }

    #[test]
    fn a_project_without_ui_fails_three_stages() {
        let stages = stages(&Project { has_ui: false, ..project() }, Extent::Everything);
        assert_eq!(stages.iter().filter(|stage| stage.job == Job::Missing(NO_UI.into())).count(), 3);
    }

    #[test]
    fn a_project_without_desktop_tests_fails_that_stage() {
        let stages = stages(&Project { tests: vec!["boundaries".into()], ..project() }, Extent::Everything);
        assert!(matches!(stages[7].job, Job::Missing(_)), "{:?}", stages[7]);
    }

    fn project() -> Project {
        Project {
            root: PathBuf::from("/p"),
            tests: ["boundaries", "desktop_tray", "real_rig", "real_unit"].map(String::from).into(),
            has_ui: true,
            target: "target".into(),
            is_root: true,
            os: "linux",
        }
    }

    fn spoken(stages: &[Stage]) -> Vec<String> {
        stages.iter().map(|stage| format!("{}: {}", stage.name, job(&stage.job))).collect()
    }

    fn job(job: &Job) -> String {
        match job {
            Job::Run(lines) => lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(" && "),
            Job::Missing(what) => format!("MISSING {what}"),
            Job::NotRun(why) => format!("NOT RUN {why}"),
        }
    }
}
