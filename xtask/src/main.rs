//! The project's set-up and test tool: `cargo xtask`.
//!
//! The standard library and little else, so that it builds in seconds on a machine that has nothing but Rust; feature `bench` adds
//! what the measurements need.

// The ban on reaching for the machine is the library's.
#![allow(clippy::disallowed_methods)]

#[cfg(all(target_os = "linux", feature = "bench"))]
mod bench;
mod check;
mod command_line;
mod cross;
mod demo;
mod fuzz;
#[cfg(all(target_os = "linux", feature = "interplay"))]
mod interplay;
mod node;
mod npm;
mod package;
mod packages;
mod project;
#[cfg(target_os = "linux")]
mod rig;
mod run;
mod setup;
mod stage;
#[cfg(all(target_os = "linux", feature = "bench"))]
mod statistics;
mod tally;
mod test;
mod windows;

use packages::Purpose;
use project::Project;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  run [--release] [ARGS…]   installs what a build needs (Debian packages: GTK and WebKitGTK headers, a C
                            compiler; npm packages of ui/), builds the window and both programs and
                            starts gateward-tray ARGS, on the built-in demo gateway where there is no
                            OpenClaw. Without a display it builds only `gateward`.
  test [--fast]             installs what the tests need besides (Debian packages: Xvfb, a panel, a
                            notification daemon, WebKitWebDriver, fonts …) and runs every test but those of
                            `cross` and `wine`. --fast leaves out the tests with a real user manager or desktop.
  check [--advisories]      formatting, clippy (with and without desktop), licences and sources of
                            all dependencies, types and style of ui/. Installs cargo-deny from
                            crates.io. --advisories also fetches the advisory database from GitHub.
  bench [host|logs [PROGRAM]|scene|size|status|start|rest|window|watch|stream [FOLDER]]
                            builds release programs and measures them against their references. `scene`:
                            their size, speed of `gateward status`, of the tray icon, of the window and of the
                            notice of a crash, memory, wake-ups at rest, and 20,000 log lines a second in the real
                            window; `size`, `status` (also against an `openclaw` in PATH), `start`, `rest`, `window`,
                            `watch` (1 to 100 gateways) and `stream` are parts of it.
                            `host`: `gateward run` against systemd, s6, runit, supervisord and pm2 (from Debian and
                            npm). `logs`: a log of 2 GB against tail and ripgrep. Takes about half an hour after
                            the build and needs root, for a user manager and a desktop of its own. `host` and `logs`
                            measure PROGRAM instead of building it, the parts what lies in FOLDER.
  interplay [--keep]        installs two releases of the real OpenClaw and a Node.js from npm (2 GB), boots a systemd of
                            its own without network, has OpenClaw's command line and `gateward` install, stop,
                            start, restart and remove the gateway crosswise, and writes what each saw into
                            docs/interplay.md. Needs root; half an hour. --keep leaves the packages in target/.
  cross                     type-checks library, command line and desktop program for macOS (both
                            processors) and builds them for Windows, without either. Installs Debian's
                            rustc-web, cargo-web, rust-web-src and mingw-w64.
  wine                      builds `gateward` for Windows and runs it under wine. Installs what `cross` needs
                            and wine.
  fuzz [TARGET] [--seconds N]
                            feeds made-up inputs to every reader of foreign text, or to TARGET, for N seconds
                            each (default 60). What breaks one is kept in fuzz/artifacts, what reaches new code in
                            fuzz/target/corpus.
  soak [--minutes N]        random actions and faults against a real user manager and a model, for N minutes
                            (default 60). Needs root.
  package [--programs FOLDER] [--revision N]
                            builds release programs, or takes those in FOLDER, and packs them into
                            target/packages: .deb, .rpm, a .deb and a tarball for machines without a desktop, and
                            what they are made of as CycloneDX. Installs cargo-cyclonedx from crates.io.
  package-windows --programs FOLDER
                            makes an installer of the Windows programs in FOLDER, with Debian's NSIS.
  packages-test [--programs FOLDER]
                            makes the packages twice, boots a clean Debian in a container and there installs,
                            upgrades under a running gateway, removes and purges them. Needs root, systemd-nspawn
                            and about 10 minutes after the build.
  setup [--for PURPOSE]     only the installation, default `test`; else run, headless, fast-test, check, bench, interplay,
                            cross, wine, package or packages-test.

Packages come from apt (with sudo unless you are root), crates.io and the npm registry, nothing else.
What is there already is left alone.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match obey(&words) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn obey(words: &[String]) -> Result<ExitCode, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (command, options) = words.split_first().unwrap_or((&"help", &[]));
    if let ("test", Some(extent)) = (*command, extent(options)) {
        return Ok(test::test(&Project::find()?, extent));
    }
    match (*command, options) {
        ("help" | "-h" | "--help", _) => {
            println!("{HELP}");
            Ok(())
        }
        ("setup", []) => setup::prepare(&Project::find()?, Purpose::Test),
        ("setup", ["--for", purpose]) => setup::prepare(&Project::find()?, Purpose::parse(purpose)?),
        ("run", arguments) => run::run(&Project::find()?, arguments),
        ("check", []) => check::check(&Project::find()?, check::Advisories::Leave),
        ("check", ["--advisories"]) => check::check(&Project::find()?, check::Advisories::Fetch),
        ("bench", words) if is_bench(words) => bench(&Project::find()?, words),
        ("interplay", [] | ["--keep"]) => interplay(&Project::find()?, options),
        ("cross", []) => cross::cross(&Project::find()?),
        ("wine", []) => windows::wine(&Project::find()?),
        ("fuzz", words) => fuzz::fuzz(&Project::find()?, &fuzz::Order::read(words)?),
        ("soak", []) => test::soak(&Project::find()?, "60"),
        ("soak", ["--minutes", minutes]) => test::soak(&Project::find()?, minutes),
        ("package", words) => package::package(&Project::find()?, &package::Order::read(words)?),
        ("package-windows", ["--programs", folder]) => package::for_windows(&Project::find()?, folder),
        ("packages-test", []) => package::try_them(&Project::find()?, None),
        ("packages-test", ["--programs", folder]) => package::try_them(&Project::find()?, Some(folder)),
        (
            "setup" | "test" | "check" | "bench" | "interplay" | "cross" | "wine" | "soak"
            | "package-windows" | "packages-test",
            _,
        ) => Err(format!("`{command}` does not know `{}`. Try `cargo xtask help`.", options.join(" "))),
        _ => Err(format!("There is no command `{command}`. Try `cargo xtask help`.")),
    }
    .map(|()| ExitCode::SUCCESS)
}

fn extent(options: &[&str]) -> Option<test::Extent> {
    match options {
        [] => Some(test::Extent::Everything),
        ["--fast"] => Some(test::Extent::Fast),
        _ => None,
    }
}

fn is_bench(words: &[&str]) -> bool {
    let [name, options @ ..] = words else { return true };
    match *name {
        "scene" => options.is_empty(),
        "host" | "logs" | "size" | "status" | "start" | "rest" | "window" | "watch" | "stream" => {
            options.len() < 2
        }
        _ => false,
    }
}

#[cfg(all(target_os = "linux", feature = "bench"))]
fn bench(project: &Project, words: &[&str]) -> Result<(), String> {
    let program = words.get(1).map(std::path::PathBuf::from);
    let extent = match words.first() {
        Some(&"logs") => bench::Extent::Logs(program),
        Some(&"scene") => bench::Extent::Scene,
        Some(name) => match bench::Part::parse(name) {
            Some(part) => bench::Extent::Part(part, program),
            None => bench::Extent::Host(program),
        },
        None => bench::Extent::Everything,
    };
    bench::bench(project, &extent)
}

#[cfg(all(target_os = "linux", not(feature = "bench")))]
fn bench(project: &Project, words: &[&str]) -> Result<(), String> {
    let again = ["run", "--quiet", "--package", "xtask", "--features", "bench", "--", "bench"];
    project.cargo(&[&again[..], words].concat()).run()
}

#[cfg(not(target_os = "linux"))]
fn bench(_: &Project, _: &[&str]) -> Result<(), String> {
    Err("`bench` measures against systemd, so it needs Linux.".into())
}

#[cfg(all(target_os = "linux", feature = "interplay"))]
fn interplay(project: &Project, words: &[&str]) -> Result<(), String> {
    interplay::interplay(project, words == ["--keep"])
}

#[cfg(all(target_os = "linux", not(feature = "interplay")))]
fn interplay(project: &Project, words: &[&str]) -> Result<(), String> {
    let again = ["run", "--quiet", "--package", "xtask", "--features", "interplay", "--", "interplay"];
    project.cargo(&[&again[..], words].concat()).run()
}

#[cfg(not(target_os = "linux"))]
fn interplay(_: &Project, _: &[&str]) -> Result<(), String> {
    Err("`interplay` boots a systemd, so it needs Linux.".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_command_is_an_error_that_names_the_help() {
        let message = obey(&["tset".into()]).unwrap_err();
        assert_eq!(message, "There is no command `tset`. Try `cargo xtask help`.");
    }

    #[test]
    fn an_unknown_option_of_test_is_an_error_rather_than_a_full_run() {
        let message = obey(&["test".into(), "--fats".into()]).unwrap_err();
        assert!(message.contains("`test` does not know `--fats`"), "{message}");
    }
}
