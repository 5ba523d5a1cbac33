//! The Windows programs: built and linked by Debian's compiler, with Rust's library from its sources. wine runs them by hand.

use crate::cross;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use crate::stage::Stage;

/// What the tests under wine are called.
pub const NAME: &str = "Windows under wine";

const TRIPLE: &str = "x86_64-pc-windows-gnu";

/// Both programs, and what the tests put around them.
const PRODUCTS: [&str; 8] =
    ["--bin", "gateward", "--bin", "gateward-host", "--example", "schtasks-double", "--example", "argdump"];

/// Installs what is missing and builds.
///
/// # Errors
/// This machine cannot be made ready: Ubuntu and others have no compiler with its library's sources under one version.
pub fn prepared(project: &Project) -> Result<Stage, String> {
    setup::prepare(project, Purpose::Cross)?;
    Ok(build(project))
}

/// Builds and links everything that runs without a desktop.
fn build(project: &Project) -> Stage {
    let words =
        [&["build", "--locked", "--target", TRIPLE, "-Zbuild-std=std,panic_abort"][..], &PRODUCTS].concat();
    Stage::new("build for Windows", [cross::in_folder(project, cross::by_debian(project, &words))])
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
        let Job::Run(lines) = build(&project()).job else { panic!() };
        let line = lines[0].to_string();
        assert!(
            line.contains("build --locked --target x86_64-pc-windows-gnu -Zbuild-std=std,panic_abort"),
            "{line}"
        );
        assert!(line.contains("--bin gateward --bin gateward-host"), "{line}");
    }
}
