//! What the programs need of a system, read from the programs themselves.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::release::Architecture;
use crate::{at, read};

/// A built program.
#[derive(Debug, Clone)]
pub struct Program {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

impl Program {
    pub fn read(folder: &Path, name: &str) -> Result<Self, String> {
        let path = folder.join(name);
        Ok(Self { bytes: read(&path)?, path })
    }

    /// `e_machine` of the ELF header (elf(5)): two bytes, little-endian, at 18.
    pub fn architecture(&self) -> Result<Architecture, String> {
        match (self.bytes.get(..4), self.bytes.get(18..20)) {
            (Some(b"\x7fELF"), Some([62, 0])) => Ok(Architecture::X86_64),
            (Some(b"\x7fELF"), Some([183, 0])) => Ok(Architecture::Aarch64),
            (_, _) => Err(at(&self.path, &"not a program for Linux on x86_64 or aarch64")),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// A `Depends:` line.
    pub debian: String,
    /// Capabilities, as `libc.so.6(GLIBC_2.34)(64bit)`.
    pub rpm: BTreeSet<String>,
}

impl Needs {
    pub fn of(programs: &[&Path]) -> Result<Self, String> {
        let paths: Vec<&OsStr> = programs.iter().map(|program| program.as_os_str()).collect();
        Ok(Self { debian: debian(&paths)?, rpm: required(&paths)? })
    }

    /// What `program` needs and, besides, what has the `functions`, one a line, that it finds once it runs.
    pub fn with_late(program: &Program, functions: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let linked = linked(functions, folder.path())?;
        Self::of(&[&program.path, &linked])
    }
}

/// The library of windows without which `program` does not start, if there is one.
pub fn toolkit(program: &Program) -> Result<Option<String>, String> {
    let is_toolkit = |need: &String| need.contains("gtk") || need.contains("webkit");
    Ok(required(&[program.path.as_os_str()])?.into_iter().find(is_toolkit))
}

fn required(programs: &[&OsStr]) -> Result<BTreeSet<String>, String> {
    let sections = run(Command::new("objdump").arg("-p").args(programs).env("LC_ALL", "C"))?;
    Ok(capabilities(&sections))
}

/// A library in `folder` that does nothing but need the `functions` of GTK and WebKit.
fn linked(functions: &str, folder: &Path) -> Result<PathBuf, String> {
    let [source, library] = ["late.s", "late.so"].map(|name| folder.join(name));
    let places: String = functions.lines().map(|name| format!(".quad {name}\n")).collect();
    fs::write(&source, format!(".data\n{places}")).map_err(|error| at(&source, &error))?;
    let libraries = run(Command::new("pkg-config").args(["--libs", "webkit2gtk-4.1"]))?;
    let mut linker = Command::new("cc");
    linker.args(["-shared", "-nostdlib", "-Wl,--as-needed", "-Wl,-z,defs", "-o"]).args([&library, &source]);
    run(linker.args(libraries.split_whitespace()))?;
    Ok(library)
}

/// By the symbols that the libraries' packages have noted down, so the versions are no higher than they must be.
fn debian(programs: &[&OsStr]) -> Result<String, String> {
    // dpkg-shlibdeps insists on the sources of a package.
    let sources = tempfile::tempdir().map_err(|error| error.to_string())?;
    let control = sources.path().join("debian/control");
    fs::create_dir(sources.path().join("debian"))
        .and_then(|()| fs::write(&control, "Source: gateward\n\nPackage: gateward\nArchitecture: any\n"))
        .map_err(|error| at(&control, &error))?;
    let answer = run(Command::new("dpkg-shlibdeps").arg("-O").args(programs).current_dir(&sources))?;
    let depends = answer.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    depends
        .map(str::to_owned)
        .ok_or_else(|| format!("dpkg-shlibdeps said nothing about libraries:\n{answer}"))
}

fn run(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        format!("{program}: {error} (Debian: binutils, dpkg-dev, gcc, pkg-config, libwebkit2gtk-4.1-dev).")
    })?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

/// Reads `objdump -p`: `NEEDED  libc.so.6`, and under `required from libc.so.6:` lines that end with a version.
fn capabilities(sections: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut from = None;
    for line in sections.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["NEEDED", library] => {
                found.insert(format!("{library}()(64bit)"));
            }
            ["required", "from", library] => from = Some(library.trim_end_matches(':')),
            [hash, _, _, version] if hash.starts_with("0x") => {
                found.extend(from.map(|library| format!("{library}({version})(64bit)")));
            }
            _ => from = None,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
Dynamic Section:
  NEEDED               libc.so.6
  NEEDED               libm.so.6
  INIT                 0x0000000000046000

Version References:
  required from libc.so.6:
    0x09691a75 0x00 05 GLIBC_2.2.5
    0x06969194 0x00 04 GLIBC_2.34
  required from libm.so.6:
    0x06969189 0x00 02 GLIBC_2.29

  LOAD off    0x0000000000000000 vaddr 0x0 paddr 0x0 align 2**12
";

    #[test]
    fn libraries_are_required_with_their_symbol_versions() {
        let expected = [
            "libc.so.6()(64bit)",
            "libc.so.6(GLIBC_2.2.5)(64bit)",
            "libc.so.6(GLIBC_2.34)(64bit)",
            "libm.so.6()(64bit)",
            "libm.so.6(GLIBC_2.29)(64bit)",
        ];
        assert_eq!(Vec::from_iter(capabilities(REPORT)), expected);
    }

    #[test]
    fn a_program_for_another_system_is_refused() {
        let program = Program { path: "gateward.exe".into(), bytes: b"MZ\x90".to_vec() };
        assert!(program.architecture().unwrap_err().starts_with("gateward.exe: not a program for Linux"));
    }
}
