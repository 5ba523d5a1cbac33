//! The Windows programs: built and linked by Debian's compiler, with Rust's library from its sources, and run by wine.

use crate::cross;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use crate::stage::{self, Stage};

/// What the tests under wine are called.
pub const NAME: &str = "Windows under wine";

const TRIPLE: &str = "x86_64-pc-windows-gnu";

/// Both programs, and what the tests put around them.
const HEADLESS: &[&str] = &[
    "--package",
    "gateward",
    "--package",
    "gateward-doubles",
    "--bin",
    "gateward",
    "--bin",
    "gateward-host",
    "--bin",
    "schtasks-double",
    "--bin",
    "argdump",
    "--bin",
    "within",
];

const DESKTOP: &[&str] = &["--bin", "gateward-tray", "--features", "gui"];

/// Installs what is missing; builds and links everything.
///
/// # Errors
/// This machine cannot be made ready: Ubuntu and others have no compiler with its library's sources under one version.
pub fn programs(project: &Project) -> Result<Vec<Stage>, String> {
    setup::prepare(project, Purpose::Cross)?;
    Ok(vec![build(project, "build for Windows", HEADLESS), build(project, "desktop for Windows", DESKTOP)])
}

/// Installs what is missing; builds what needs no desktop and runs the tests under wine on it.
///
/// # Errors
/// As [`programs`]; a stage failed.
pub fn wine(project: &Project) -> Result<(), String> {
    setup::prepare(project, Purpose::Wine)?;
    let tests: Vec<String> = project.tests.iter().filter(|name| name.starts_with("wine_")).cloned().collect();
    let stages = vec![build(project, "build for Windows", HEADLESS), under_wine(project, &tests)];
    stage::verdict(&stage::run_all(stages))
}

fn build(project: &Project, name: &str, products: &[&str]) -> Stage {
    let words =
        [&["build", "--locked", "--target", TRIPLE, "-Zbuild-std=std,panic_abort"][..], products].concat();
    Stage::new(name, [cross::in_folder(project, cross::by_debian(project, &words))])
}

fn under_wine(project: &Project, tests: &[String]) -> Stage {
    let programs = project.root.join(&project.target).join(cross::FOLDER).join(TRIPLE).join("debug");
    let named = tests.iter().flat_map(|name| ["--test", name]);
    let words: Vec<&str> = ["test", "--no-fail-fast"].into_iter().chain(named).collect();
    Stage::new(NAME, [project.cargo(&words).with("GATEWARD_WINDOWS", &programs.to_string_lossy())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Job;

    fn project() -> Project {
        Project {
            root: "/p".into(),
            tests: Vec::new(),
            has_ui: true,
            target: "target".into(),
            is_root: true,
            os: "linux",
        }
    }

    #[test]
    fn both_programs_are_linked_with_a_library_from_sources() {
        let line = line(build(&project(), "", HEADLESS));
        assert!(
            line.contains("build --locked --target x86_64-pc-windows-gnu -Zbuild-std=std,panic_abort"),
            "{line}"
        );
        assert!(line.contains("--bin gateward --bin gateward-host"), "{line}");
    }
    #[test]
    fn the_desktop_program_is_linked_too() {
        let line = line(build(&project(), "", DESKTOP));
        assert!(line.ends_with("--bin gateward-tray --features gui"), "{line}");
    }

    #[test]
    fn the_tests_are_told_where_the_programs_lie() {
        let Job::Run(lines) = under_wine(&project(), &["wine_windows".to_owned()]).job else { panic!() };
        assert!(lines[0].to_string().ends_with("test --no-fail-fast --test wine_windows"), "{}", lines[0]);
        assert!(format!("{:?}", lines[0]).contains("/p/target/cross/x86_64-pc-windows-gnu/debug"));
    }

    fn line(stage: Stage) -> String {
        let Job::Run(lines) = stage.job else { panic!() };
        lines[0].to_string()
    }
}
