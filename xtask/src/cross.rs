//! `cargo xtask cross`: type-checks library, command line and desktop program for macOS, and builds them for Windows.
//!
//! Where the own tool chain has no standard library for a target, Debian's compiler checks that library from its sources too.

use crate::command_line::CommandLine;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use crate::stage::{self, Stage};
use crate::windows;
use std::path::Path;

struct Target {
    triple: &'static str,
    c: Compiler,
}

/// What crates with C or Objective-C in them are given as compiler.
enum Compiler {
    /// Nothing on this machine compiles for that system: [`STAND_IN`].
    StandIn,
}

const TARGETS: &[Target] = &[
    Target { triple: "aarch64-apple-darwin", c: Compiler::StandIn },
    Target { triple: "x86_64-apple-darwin", c: Compiler::StandIn },
];

const STAND_IN: &str = "xtask/cross/stand-in-cc";

/// Debian's, beside its `rust-web-src`: a standard library can only be built by the compiler of its own version.
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";

/// Apart from everything else that is compiled here, because the compiler is another one.
pub const FOLDER: &str = "cross";

/// What the stages are called together.
pub const NAME: &str = "types for other systems";

pub fn cross(project: &Project) -> Result<(), String> {
    let mut stages = prepared(project)?;
    if project.os == "linux" {
        stages.extend(windows::programs(project)?);
    }
    stage::verdict(&stage::run_all(stages))
}

/// The stages as a part of a larger run: on a machine that cannot be made ready they are named as not run. Debian has a compiler
/// with its library's sources under one version; Ubuntu and others do not, and rustup serves them as well.
pub fn stages_or_why_not(project: &Project) -> Vec<Stage> {
    prepared(project).unwrap_or_else(|why| {
        let triples: Vec<&str> = TARGETS.iter().map(|target| target.triple).collect();
        vec![Stage::not_run(NAME, format!("try `rustup target add {}`. {why}", triples.join(" ")))]
    })
}

/// Installs what is missing and returns one stage for each target.
fn prepared(project: &Project) -> Result<Vec<Stage>, String> {
    let ready: Vec<bool> = TARGETS.iter().map(|target| has_library(project, target)).collect();
    if ready.contains(&false) {
        setup::prepare(project, Purpose::Cross)?;
    }
    Ok(TARGETS.iter().zip(ready).map(|(target, own)| stage(project, target, own)).collect())
}

/// Whether the tool chain that runs us can check `target` by itself: on a Mac, or after `rustup target add`.
fn has_library(project: &Project, target: &Target) -> bool {
    let words = ["--print", "target-libdir", "--target", target.triple];
    let told = CommandLine::new(&project.root, "rustc", &words).capture();
    project.os != "linux" || told.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn stage(project: &Project, target: &Target, own: bool) -> Stage {
    Stage::new(&format!("types for {}", target.triple), [line(project, target, own)])
}

fn line(project: &Project, target: &Target, own: bool) -> CommandLine {
    // Off Linux a warning is most likely code that nothing calls there.
    let strict = ["-Zwarnings", "--config", "build.warnings=\"deny\""];
    let what = ["--lib", "--bin", "gateward", "--bin", "gateward-tray", "--features", "gui"];
    let words = [&["check", "--locked", "--target", target.triple][..], &what, &strict].concat();
    let line = match own {
        true => project.cargo(&words),
        false => by_debian(project, &[&words[..], &["-Zbuild-std=std,panic_abort"]].concat()),
    };
    let line = in_folder(project, line);
    match target.c {
        Compiler::StandIn if project.os == "linux" => {
            let compiler = project.root.join(STAND_IN);
            line.with(&format!("CC_{}", target.triple.replace('-', "_")), &compiler.to_string_lossy())
        }
        Compiler::StandIn => line,
    }
}

/// In the folder of its own, without debug information, and with the unstable option that builds Rust's library allowed.
pub fn in_folder(project: &Project, line: CommandLine) -> CommandLine {
    line.with("RUSTC_BOOTSTRAP", "1")
        .with("CARGO_PROFILE_DEV_DEBUG", "0")
        .with("CARGO_TARGET_DIR", &project.target.join(FOLDER).to_string_lossy())
}

pub fn by_debian(project: &Project, words: &[&str]) -> CommandLine {
    CommandLine::new(&project.root, CARGO, words)
        .with("RUSTC", RUSTC)
        // cargo, which started us, has put its own compiler's libraries there.
        .with("LD_LIBRARY_PATH", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    #[test]
    fn the_whole_desktop_program_is_checked_and_warnings_are_failures() {
        for own in [true, false] {
            let line = line(&project("linux"), &TARGETS[0], own).to_string();
            assert!(line.contains("--target aarch64-apple-darwin --lib --bin gateward --bin gateward-tray"));
            assert!(line.contains("--features gui") && line.contains("build.warnings=\"deny\""), "{line}");
        }
    }

    #[test]
    fn the_library_is_built_from_sources_only_where_it_is_not_installed() {
        let built = |own| line(&project("linux"), &TARGETS[0], own).to_string().contains("-Zbuild-std");
        assert!(built(false));
        assert!(!built(true));
    }

    #[test]
    fn a_mac_compiles_with_its_own_compiler() {
        let stood_in = |os| format!("{:?}", line(&project(os), &TARGETS[0], true)).contains(STAND_IN);
        assert!(stood_in("linux"));
        assert!(!stood_in("macos"));
    }

    #[cfg(unix)]
    #[test]
    fn the_stand_in_compiler_leaves_an_object_and_tells_its_family() {
        let folder = std::env::temp_dir().join(format!("xtask-cc-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("family.c"), "#ifdef __GNUC__\nit is gcc\n#endif\n").unwrap();
        let compiler = root().join(STAND_IN);
        let run = |words: &[&str]| CommandLine::new(&folder, &compiler.to_string_lossy(), words).capture();
        run(&["-arch", "arm64", "-fobjc-arc", "-c", "none.m", "-o", "none.o"]).unwrap();
        assert!(folder.join("none.o").is_file());
        assert!(run(&["-E", "family.c"]).unwrap().contains("it is gcc"));
        assert!(run(&["-?"]).is_err(), "cc would take it for clang-cl");
        fs::remove_dir_all(&folder).unwrap();
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn project(os: &'static str) -> Project {
        Project { root: "/p".into(), tests: vec![], has_ui: true, target: "target".into(), is_root: true, os }
    }
}
