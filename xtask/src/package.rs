//! `cargo xtask package`: packages for Linux, with a bill of materials.

use crate::command_line::CommandLine;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use std::fs;
use std::path::{Path, PathBuf};

/// What `package` was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Built before; without it release programs are built.
    programs: Option<PathBuf>,
    revision: u32,
}

impl Order {
    /// Reads `[--programs FOLDER] [--revision N]`.
    pub fn read(words: &[&str]) -> Result<Self, String> {
        let mut order = Self { programs: None, revision: 1 };
        for pair in words.chunks(2) {
            match (pair, pair.last().and_then(|number| number.parse().ok())) {
                (["--programs", folder], _) => order.programs = Some(folder.into()),
                (["--revision", _], Some(number)) if number > 0 => order.revision = number,
                _ => {
                    return Err(format!(
                        "`package` does not know `{}`. Try `cargo xtask help`.",
                        pair.join(" ")
                    ));
                }
            }
        }
        Ok(order)
    }
}

pub fn package(project: &Project, order: &Order) -> Result<(), String> {
    setup::prepare(project, Purpose::Package)?;
    let programs = programs(project, order.programs.as_deref())?;
    pack(project, &programs, order.revision)?;
    bill_of_materials(project)
}

/// Those in `given`, else new ones.
fn programs(project: &Project, given: Option<&Path>) -> Result<PathBuf, String> {
    given.map_or_else(|| build(project), |folder| Ok(folder.to_path_buf()))
}

/// Packs what lies in `programs`; returns the folder with the packages.
pub fn pack(project: &Project, programs: &Path, revision: u32) -> Result<PathBuf, String> {
    let into = folder(project);
    packing(project, programs, &into, revision)?.run()?;
    Ok(into)
}

fn folder(project: &Project) -> PathBuf {
    project.root.join(&project.target).join("packages")
}

fn build(project: &Project) -> Result<PathBuf, String> {
    project.in_ui("npm", &["run", "build"]).run()?;
    let words = [
        "build",
        "--release",
        "--locked",
        "--features",
        "gui",
        "--bin",
        "gateward",
        "--bin",
        "gateward-tray",
    ];
    let flags = without_folders(project);
    // A path with a space is one flag only this way.
    project.cargo(&words).with("CARGO_ENCODED_RUSTFLAGS", &flags.join("\x1f")).run()?;
    let built = project.root.join(&project.target).join("release");
    ["gateward", "gateward-tray"].iter().try_for_each(|name| is_of_no_machine(&built.join(name), project))?;
    Ok(built)
}

/// Flags without which the folders of this machine stand in every panic message, and another one gives other programs.
fn without_folders(project: &Project) -> Vec<String> {
    let all = folders(project).into_iter();
    all.map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display())).collect()
}

/// Where this machine builds, and what stands for it in the programs.
fn folders(project: &Project) -> Vec<(PathBuf, &'static str)> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let folders = [Some((project.root.clone(), "gateward")), home.map(|home| (home, "cargo"))];
    folders.into_iter().flatten().chain([(project.root.join(&project.target), "target")]).collect()
}

/// # Errors
/// When a folder of this machine, and with it perhaps its user's name, is in `program` all the same.
fn is_of_no_machine(program: &Path, project: &Project) -> Result<(), String> {
    let bytes = fs::read(program).map_err(|error| format!("{}: {error}.", program.display()))?;
    let has = |folder: &Path| {
        let name = folder.as_os_str().as_encoded_bytes();
        bytes.windows(name.len()).any(|part| part == name)
    };
    match folders(project).into_iter().find(|(folder, _)| has(folder)) {
        Some((folder, _)) => {
            Err(format!("{} has {} in it, which is this machine's.", program.display(), folder.display()))
        }
        None => Ok(()),
    }
}

fn packing(project: &Project, programs: &Path, into: &Path, revision: u32) -> Result<CommandLine, String> {
    let [programs, into] =
        [programs, into].map(|path| project.root.join(path).to_string_lossy().into_owned());
    let words =
        ["run", "--quiet", "--package", "gateward-packaging", "--", "--programs", &programs, "--into", &into];
    let revision = revision.to_string();
    let line = project.cargo(&[&words[..], &["--revision", &revision]].concat());
    Ok(line.with("SOURCE_DATE_EPOCH", &epoch(project)?))
}

/// When the sources were committed, in seconds since 1970, unless the caller says it (reproducible-builds.org).
fn epoch(project: &Project) -> Result<String, String> {
    if let Ok(epoch) = std::env::var("SOURCE_DATE_EPOCH") {
        return Ok(epoch);
    }
    let told = CommandLine::new(&project.root, "git", &["log", "-1", "--format=%ct"]).capture();
    told.map(|text| text.trim().to_owned()).map_err(|why| format!("Set SOURCE_DATE_EPOCH. {why}"))
}

/// What the programs are made of, as CycloneDX: Rust's libraries and the window's.
fn bill_of_materials(project: &Project) -> Result<(), String> {
    prepare_cyclonedx(project)?;
    let rust = ["cyclonedx", "--format", "json", "--features", "gui", "--override-filename", "gateward.cdx"];
    project.cargo(&rust).with("SOURCE_DATE_EPOCH", &epoch(project)?).run()?;
    let into = folder(project);
    let made = project.root.join(PROGRAMS);
    let programs = fs::read_to_string(&made).map_err(|error| format!("{}: {error}.", made.display()))?;
    // One for each workspace member, and the others go into no package.
    for member in ["", "packaging", "tests/doubles", "xtask"] {
        let _ = fs::remove_file(project.root.join(member).join(PROGRAMS));
    }
    let window = project.in_ui("npm", &["sbom", "--omit=dev", "--sbom-format=cyclonedx"]).capture()?;
    for (name, bill) in [(PROGRAMS, programs), ("gateward-window.cdx.json", window)] {
        let path = into.join(name);
        fs::write(&path, lasting(&bill, &project.root))
            .map_err(|error| format!("{}: {error}.", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}

const PROGRAMS: &str = "gateward.cdx.json";

/// Without what differs though the parts are the same: serial number and time, which may be left out, and the checkout's folder.
fn lasting(bill: &str, root: &Path) -> String {
    let lasts = |line: &&str| {
        let line = line.trim_start();
        !line.starts_with("\"serialNumber\":") && !line.starts_with("\"timestamp\":")
    };
    let all: String = bill.lines().filter(lasts).map(|line| format!("{line}\n")).collect();
    all.replace(&format!("file://{}", root.display()), "file:///gateward")
}

fn prepare_cyclonedx(project: &Project) -> Result<(), String> {
    if project.cargo(&["cyclonedx", "--version"]).capture().is_ok() {
        return Ok(());
    }
    println!("cargo-cyclonedx to install from crates.io: lists what the programs are made of.");
    project.cargo(&["install", "cargo-cyclonedx", "--locked"]).run()
}

/// The installer for Windows, of programs that `cargo xtask cross` or a Windows machine has built.
pub fn for_windows(project: &Project, programs: &str) -> Result<(), String> {
    setup::prepare(project, Purpose::Package)?;
    let into = folder(project);
    fs::create_dir_all(&into).map_err(|error| format!("{}: {error}.", into.display()))?;
    installer(project, Path::new(programs), &into)?.run()
}

fn installer(project: &Project, programs: &Path, into: &Path) -> Result<CommandLine, String> {
    let version = env!("CARGO_PKG_VERSION");
    let at = |path: &Path| project.root.join(path).to_string_lossy().into_owned();
    let output = into.join(format!("gateward-{version}-setup.exe"));
    let defined = [
        format!("-DVERSION={version}"),
        format!("-DPROGRAMS={}", at(programs)),
        format!("-DICON={}", at(Path::new("icons/icon.ico"))),
        format!("-DOUTPUT={}", at(&output)),
        at(Path::new("packaging/windows/gateward.nsi")),
    ];
    let words: Vec<&str> = ["-V2", "-WX"].into_iter().chain(defined.iter().map(String::as_str)).collect();
    Ok(CommandLine::new(&project.root, "makensis", &words).with("SOURCE_DATE_EPOCH", &epoch(project)?))
}

/// Installs, upgrades, removes and purges the packages in a Debian of their own.
pub fn try_them(project: &Project, given: Option<&str>) -> Result<(), String> {
    setup::prepare(project, Purpose::PackagesTest)?;
    let programs = programs(project, given.map(Path::new))?;
    pack(project, &programs, 2)?;
    let packages = pack(project, &programs, 1)?;
    let script = project.root.join("packaging/tests/clean-debian").to_string_lossy().into_owned();
    CommandLine::new(&project.root, &script, &[&packages.to_string_lossy()]).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_revision_are_read_in_any_order() {
        let order = Order { programs: Some("target/debug".into()), revision: 3 };
        assert_eq!(Order::read(&["--revision", "3", "--programs", "target/debug"]), Ok(order.clone()));
        assert_eq!(Order::read(&["--programs", "target/debug", "--revision", "3"]), Ok(order));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_installer_for_windows_is_made_and_the_same_twice() {
        let project = Project::find().unwrap();
        let folder = std::env::temp_dir().join(format!("xtask-nsis-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in ["gateward", "gateward-host", "gateward-tray"] {
            fs::write(folder.join(format!("{name}.exe")), format!("MZ {name}")).unwrap();
        }
        let made = folder.join(format!("gateward-{}-setup.exe", env!("CARGO_PKG_VERSION")));
        let bytes = [1, 2].map(|_| {
            installer(&project, &folder, &folder)
                .unwrap()
                .with("SOURCE_DATE_EPOCH", "1700000000")
                .capture()
                .unwrap();
            fs::read(&made).unwrap()
        });
        assert!(bytes[0].starts_with(b"MZ") && bytes[0] == bytes[1]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_bill_of_the_same_parts_is_the_same_text() {
        let bill = |number: u32, root: &str| {
            let lines = [
                format!("  \"serialNumber\": \"urn:uuid:{number}\","),
                format!("    \"timestamp\": \"{number}\","),
                format!("    \"bom-ref\": \"path+file://{root}#gateward@0.1.0\""),
            ];
            lasting(&lines.join("\n"), Path::new(root))
        };
        assert_eq!(bill(1, "/here"), "    \"bom-ref\": \"path+file:///gateward#gateward@0.1.0\"\n");
        assert_eq!(bill(1, "/here"), bill(2, "/there"));
    }

    #[test]
    fn no_folder_of_this_machine_is_left_in_the_programs() {
        let project = Project {
            root: "/somewhere/here".into(),
            target: "/else/where".into(),
            ..Project::find().unwrap()
        };
        let flags = without_folders(&project);
        assert_eq!(flags[0], "--remap-path-prefix=/somewhere/here=gateward");
        assert_eq!(flags.last().unwrap(), "--remap-path-prefix=/else/where=target");
        assert_eq!(flags.len(), 3, "{flags:?}");
    }

    #[test]
    fn a_program_that_names_a_folder_of_this_machine_is_not_packed() {
        let project = Project { root: "/somewhere/here".into(), ..Project::find().unwrap() };
        let program = std::env::temp_dir().join(format!("xtask-program-{}", std::process::id()));
        let is_fit = |text: &str| {
            fs::write(&program, text).unwrap();
            is_of_no_machine(&program, &project)
        };
        assert_eq!(is_fit("\x7fELF gateward/src-tauri/src/lib.rs"), Ok(()));
        assert!(is_fit("\x7fELF /somewhere/here/src/lib.rs").unwrap_err().contains("/somewhere/here"));
        fs::remove_file(&program).unwrap();
    }

    #[test]
    fn a_revision_below_one_and_a_lone_word_are_refused() {
        assert!(Order::read(&["--revision", "0"]).is_err());
        assert!(Order::read(&["--programs"]).unwrap_err().contains("`--programs`"));
    }
}
