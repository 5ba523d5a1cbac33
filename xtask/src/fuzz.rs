//! `cargo xtask fuzz`: libFuzzer, with the compiler that is there.
//!
//! It begins with the kept inputs in `fuzz/corpus/` and gathers what reaches new code in `corpus/` of the target folder; what breaks
//! a promise goes to `fuzz/artifacts/`. To keep one is a person's decision: small, named by what it shows, in `fuzz/cases/`.
//!
//! cargo-fuzz works on the same folder, but wants a nightly compiler for its sanitizers; coverage alone, which guides the search,
//! is an LLVM pass that the stable one has too. The readers are safe Rust, so there is little for a sanitizer to find.

use crate::command_line::CommandLine;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use std::fs;
use std::path::{Path, PathBuf};

/// What libFuzzer needs in a program: counters at every edge, and the operands of comparisons.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1";

/// What `fuzz` was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order<'a> {
    /// One target; without it all, one after the other.
    target: Option<&'a str>,
    /// For each target.
    seconds: u32,
}

impl<'a> Order<'a> {
    /// Reads `[TARGET] [--seconds N]`.
    pub fn read(words: &[&'a str]) -> Result<Self, String> {
        let (target, rest) = match words {
            [target, rest @ ..] if !target.starts_with('-') => (Some(*target), rest),
            rest => (None, rest),
        };
        match rest {
            [] => Ok(Self { target, seconds: 60 }),
            ["--seconds", text] => {
                let seconds = text.parse().map_err(|_| format!("`{text}` is no number of seconds."))?;
                Ok(Self { target, seconds })
            }
            _ => Err(format!("`fuzz` does not know `{}`. Try `cargo xtask help`.", rest.join(" "))),
        }
    }
}

/// # Errors
/// A target broke its promise; the input that did it lies in `fuzz/artifacts/`.
pub fn fuzz(project: &Project, order: &Order<'_>) -> Result<(), String> {
    setup::prepare(project, Purpose::RunHeadless)?;
    let folder = project.root.join("fuzz");
    let targets = targets(&folder)?;
    let wanted: Vec<&String> =
        targets.iter().filter(|name| order.target.is_none_or(|target| target == *name)).collect();
    if wanted.is_empty() {
        return Err(format!("There is no such target. These are there: {}.", targets.join(", ")));
    }
    build(project, &folder, order.target)?;
    let failures: Vec<String> =
        wanted.into_iter().filter_map(|name| run(project, &folder, name, order.seconds).err()).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn targets(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder.join("fuzz_targets")).map_err(|error| error.to_string())?;
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| stem(entry.path())).collect();
    names.sort();
    Ok(names)
}

fn build(project: &Project, folder: &Path, target: Option<&str>) -> Result<(), String> {
    let triple = triple();
    let which: &[&str] = target.as_ref().map_or(&["--bins"], |_| &["--bin"]);
    // Named, so that the flags are not those of build scripts.
    let words = [&["build", "--release", "--target", &triple][..], which, target.as_slice()].concat();
    project.cargo_in(folder, &words).with("RUSTFLAGS", COVERAGE).run()
}

fn triple() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

fn run(project: &Project, folder: &Path, name: &str, seconds: u32) -> Result<(), String> {
    let target = folder.join(&project.target);
    let program = target.join(triple()).join("release").join(name);
    let [corpus, artifacts] = ["corpus", "artifacts"].map(|kind| folder.join(kind).join(name));
    fs::create_dir_all(&artifacts).map_err(|error| format!("{}: {error}.", artifacts.display()))?;
    // libFuzzer writes into the first folder only.
    let found = target.join("corpus").join(name);
    fs::create_dir_all(&found).map_err(|error| format!("{}: {error}.", found.display()))?;
    let limits = [
        format!("-max_total_time={seconds}"),
        format!("-artifact_prefix={}/", artifacts.display()),
        "-timeout=10".into(),
        "-rss_limit_mb=1024".into(),
        "-max_len=16384".into(),
        "-verbosity=0".into(),
        "-print_final_stats=1".into(),
    ];
    let folders = [found, corpus].map(|path| path.to_string_lossy().into_owned());
    let words: Vec<&str> = folders.iter().chain(&limits).map(String::as_str).collect();
    CommandLine::new(&project.root, &program.to_string_lossy(), &words).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_and_its_time_are_read() {
        assert_eq!(Order::read(&["unit", "--seconds", "5"]), Ok(Order { target: Some("unit"), seconds: 5 }));
        assert_eq!(Order::read(&[]), Ok(Order { target: None, seconds: 60 }));
        assert!(Order::read(&["--second", "5"]).unwrap_err().contains("`--second 5`"));
    }

    #[test]
    fn the_targets_are_the_files_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        assert!(targets(&folder).unwrap().contains(&"redact".to_owned()));
    }
}
