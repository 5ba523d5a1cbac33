//! One file by two names: the tray, and the command line on a machine without a desktop.

#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const TRAY: &str = env!("CARGO_BIN_EXE_gateward-tray");
const LINE: &str = env!("CARGO_BIN_EXE_gateward");

/// A home with nothing in it, and the program there as the packages install it.
struct Installed {
    folder: TempDir,
}

impl Installed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gateward");
        // A link would lead the program back to where it was built.
        std::fs::hard_link(TRAY, &file).or_else(|_| std::fs::copy(TRAY, &file).map(drop)).unwrap();
        std::os::unix::fs::symlink("gateward", folder.path().join("gateward-tray")).unwrap();
        Self { folder }
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: &Path, arguments: &[&str], variables: &[(&str, &Path)]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.folder.path());
        command.envs(variables.iter().copied()).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// As ldd(1) asks: the loader lists what it would load, and starts nothing.
fn loaded_at_start(program: &str) -> String {
    let output = Command::new(program).env("LD_TRACE_LOADED_OBJECTS", "1").output().unwrap();
    text(&output.stdout)
}

#[test]
fn the_tray_starts_without_the_libraries_that_draw() {
    let loaded = loaded_at_start(TRAY);
    assert!(loaded.contains("libc.so.6"), "{loaded}");
    let draws = ["gtk", "gdk", "webkit", "glib", "gobject", "gio", "cairo", "soup", "javascriptcore"];
    let needed: Vec<&str> =
        loaded.lines().filter(|line| draws.iter().any(|part| line.contains(part))).collect();
    assert_eq!(
        needed,
        Vec::<&str>::new(),
        "functions of these are missing in src-tauri/app/late/functions.txt"
    );
}

#[test]
fn by_the_command_lines_name_it_is_the_command_line() {
    let installed = Installed::new();
    let both = |arguments: &[&str]| {
        let own = installed.run(&installed.place("gateward"), arguments, &[]);
        (own, installed.run(Path::new(LINE), arguments, &[]))
    };
    for arguments in
        [&["--version"][..], &["install", "--help"], &["no-such-command"], &["settings", "get", "no.such"]]
    {
        let (own, other) = both(arguments);
        assert_eq!(own, other, "{arguments:?}");
    }
    let (own, _) = both(&["status", "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&own.stdout).unwrap();
    assert_eq!(told["verdict"], "not-installed", "{told}");
}

#[test]
fn by_its_own_name_it_is_the_tray() {
    let installed = Installed::new();
    let tray = installed.run(&installed.place("gateward-tray"), &["--version"], &[]);
    assert_eq!(text(&tray.stdout), format!("gateward-tray {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn without_what_draws_the_tray_says_what_to_install_and_the_command_line_goes_on() {
    let installed = Installed::new();
    std::fs::write(installed.place("libwebkit2gtk-4.1.so.0"), "no library").unwrap();
    let without = [("LD_LIBRARY_PATH", installed.folder.path()), ("DISPLAY", Path::new(":0"))];
    let tray = installed.run(&installed.place("gateward-tray"), &[], &without);
    let said = text(&tray.stderr);
    assert!(said.contains("libwebkit2gtk-4.1-0") && said.contains("gateward status"), "{said}");
    assert_eq!(tray.status.code(), Some(1));
    let line = installed.run(&installed.place("gateward"), &["--version"], &without);
    assert!(line.status.success());
}
