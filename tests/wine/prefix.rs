//! A wine prefix of our own, and programs in it.

// Each file of tests uses another part.
#![allow(dead_code)]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Far beyond what anything here takes: the machine may be busy.
pub const DEADLINE: Duration = Duration::from_secs(300);

/// What a program left behind.
#[derive(Debug)]
pub struct Told {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Told {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// A Windows program of this project.
pub fn program(name: &str) -> PathBuf {
    let default = root().join("target/cross/x86_64-pc-windows-gnu/debug");
    let folder = std::env::var_os("GATEWARD_WINDOWS").map_or(default, PathBuf::from);
    let path = folder.join(name);
    assert!(path.is_file(), "{} is missing: `cargo xtask cross` builds it", path.display());
    path
}

/// A Linux path as wine's programs see it.
pub fn dos(path: &Path) -> String {
    format!("Z:{}", path.display().to_string().replace('/', "\\"))
}

/// Runs a program under wine with `variables` besides wine's own, its output in files: wine's services keep pipes open for ever.
pub fn run(program: &str, args: &[&str], variables: &[(&str, &str)]) -> Told {
    let folder = TempDir::new().unwrap();
    let mut command = wine();
    command.arg(program).args(args).envs(variables.iter().copied());
    let (code, stdout, stderr) = captured(&mut command, &folder);
    Told { code, stdout, stderr: String::from_utf8_lossy(&stderr).into_owned() }
}

fn captured(command: &mut Command, folder: &TempDir) -> (Option<i32>, Vec<u8>, Vec<u8>) {
    let [out, err] = ["out", "err"].map(|name| folder.path().join(name));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap_or_else(|error| panic!("wine: {error}"));
    let begun = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if begun.elapsed() > DEADLINE {
            child.kill().unwrap();
            panic!("{command:?} hangs: {}", std::fs::read_to_string(&err).unwrap());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    (code, std::fs::read(out).unwrap(), std::fs::read(err).unwrap())
}

fn wine() -> Command {
    let mut command = bare("wine64");
    command.env("WINEPREFIX", prefix()).env("WINEPATH", dos(shim()));
    command
}

/// Debian puts wine's parts there.
fn bare(tool: &str) -> Command {
    let beside = Path::new("/usr/lib/wine").join(tool);
    let mut command = Command::new(if beside.is_file() { beside } else { PathBuf::from(tool) });
    command.env("WINEDEBUG", "-all").env("WINEARCH", "win64").env("WINEDLLOVERRIDES", "mscoree,mshtml=");
    // By it wine reads the names of our files and arguments.
    command.env("LC_ALL", "C.UTF-8").env_remove("DISPLAY");
    command
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("target/wine")
}

/// Made once and kept: it takes a quarter of a minute.
fn prefix() -> &'static Path {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let prefix = folder().join("prefix");
        if !prefix.is_dir() {
            make_prefix(&folder().join("prefix.new"));
            std::fs::rename(folder().join("prefix.new"), &prefix).unwrap();
        }
        prefix
    })
}

/// One that was left half made is of no use.
fn make_prefix(path: &Path) {
    let _ = std::fs::remove_dir_all(path);
    std::fs::create_dir_all(path).unwrap();
    let temporary = TempDir::new().unwrap();
    let mut boot = bare("wine64");
    boot.env("WINEPREFIX", path).args(["wineboot", "-i"]);
    let (code, _, stderr) = captured(&mut boot, &temporary);
    assert_eq!(code, Some(0), "{}", String::from_utf8_lossy(&stderr));
    await_server(path);
}

/// Ends every program in the prefix. Not by waiting: of wine's own services one or two stay now and then, for ever.
pub fn end() {
    let temporary = TempDir::new().unwrap();
    // Its code is 1 when nothing runs.
    captured(bare("wineserver").env("WINEPREFIX", prefix()).arg("-k"), &temporary);
    await_server(prefix());
}

/// Returns when every program of the prefix has ended, and what is in the registry is written.
fn await_server(prefix: &Path) {
    let temporary = TempDir::new().unwrap();
    let mut server = bare("wineserver");
    let (code, _, stderr) = captured(server.env("WINEPREFIX", prefix).arg("-w"), &temporary);
    assert_eq!(code, Some(0), "{}", String::from_utf8_lossy(&stderr));
}

/// Wine 8 lacks a library that every program by Rust wants; from wine 9 on this one is not looked at.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let shim = folder().join("shim");
        std::fs::create_dir_all(&shim).unwrap();
        let status = Command::new("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-o"])
            .arg(shim.join("bcryptprimitives.dll"))
            .arg(root().join("tests/wine/bcryptprimitives.c"))
            .arg("-ladvapi32")
            .status()
            .unwrap();
        assert!(status.success());
        shim
    })
}
