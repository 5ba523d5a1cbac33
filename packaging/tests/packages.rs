//! The packages as other programs read them. The programs inside are stand-ins: any ELF file packs as ours do.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gateward_packaging::{Order, pack};
use tempfile::TempDir;

const EPOCH: u32 = 1_700_000_000;

#[test]
fn the_same_programs_give_the_same_bytes_at_another_time_and_place() {
    let (one, other) = (Packed::new(), Packed::new());
    assert_eq!(one.files.len(), 4);
    for (left, right) in one.files.iter().zip(&other.files) {
        assert_eq!(left.file_name(), right.file_name());
        assert!(fs::read(left).unwrap() == fs::read(right).unwrap(), "{} differs", left.display());
    }
}

#[test]
fn no_package_carries_a_service_a_script_or_an_autostart_entry() {
    let packed = Packed::new();
    for deb in packed.debs() {
        let control = packed.folder.path().join("control");
        told("dpkg-deb", &["-e", text(&deb), text(&control)]);
        assert_eq!(names(&control), ["control"]);
        fs::remove_dir_all(&control).unwrap();
        let starts = |path: &String| {
            ["systemd", "/etc/", "init.d", "autostart"].iter().any(|word| path.contains(word))
        };
        assert_eq!(paths(&deb).into_iter().filter(starts).collect::<Vec<_>>(), Vec::<String>::new());
    }
}

#[test]
fn the_desktop_package_has_everything_that_a_desktop_looks_for() {
    let packed = Packed::new();
    let paths = paths(&packed.deb("gateward_"));
    for wanted in [
        "/usr/bin/gateward",
        "/usr/bin/gateward-tray",
        "/usr/share/applications/app.gateward.tray.desktop",
        "/usr/share/metainfo/app.gateward.tray.metainfo.xml",
        "/usr/share/icons/hicolor/128x128/apps/app.gateward.tray.png",
        "/usr/share/icons/hicolor/scalable/apps/app.gateward.tray.svg",
        "/usr/share/man/man1/gateward.1.gz",
        "/usr/share/man/man1/gateward-install.1.gz",
        "/usr/share/man/man1/gateward-tray.1.gz",
        "/usr/share/bash-completion/completions/gateward",
        "/usr/share/zsh/vendor-completions/_gateward",
        "/usr/share/fish/vendor_completions.d/gateward.fish",
        "/usr/share/gateward/completions/gateward.ps1",
        "/usr/share/doc/gateward/copyright",
    ] {
        assert!(paths.contains(wanted), "{wanted} is missing");
    }
}

#[test]
fn both_programs_of_the_desktop_are_one_file_that_starts_by_either_name() {
    let packed = Packed::new();
    let unpacked = packed.folder.path().join("unpacked");
    told("dpkg-deb", &["-x", text(&packed.deb("gateward_")), text(&unpacked)]);
    let programs = unpacked.join("usr/bin");
    assert_eq!(fs::read_link(programs.join("gateward-tray")).unwrap(), Path::new("gateward"));
    told(text(&programs.join("gateward-tray")), &[]);
    let rpm = rpm::Package::open(packed.ending(".rpm")).unwrap();
    let entries = rpm.metadata.get_file_entries().unwrap();
    let link = entries.iter().find(|entry| entry.path().ends_with("gateward-tray")).unwrap();
    assert_eq!(link.linkto(), Some("gateward"));
}

#[test]
fn the_desktop_package_needs_what_the_tray_finds_when_it_starts() {
    let packed = Packed::new();
    let depends = field(&packed.deb("gateward_"), "Depends");
    assert!(depends.contains("libgtk-3-0 (>= ") && depends.contains("libwebkit2gtk-4.1-0 (>= "), "{depends}");
    let rpm = rpm::Package::open(packed.ending(".rpm")).unwrap();
    let needs = rpm.metadata.get_requires().unwrap();
    assert!(needs.iter().any(|need| need.name == "libwebkit2gtk-4.1.so.0()(64bit)"), "{needs:?}");
}

#[test]
fn the_headless_package_has_no_desktop_and_takes_the_others_place() {
    let packed = Packed::new();
    let deb = packed.deb("gateward-headless_");
    assert!(!paths(&deb).iter().any(|path| path.contains("tray") || path.contains("applications")));
    assert_eq!(field(&deb, "Conflicts"), "gateward");
    assert!(!field(&deb, "Depends").contains("gtk"));
}

#[test]
fn a_package_needs_the_c_library_that_its_program_was_linked_with() {
    let packed = Packed::new();
    let depends = field(&packed.deb("gateward_"), "Depends");
    assert!(depends.starts_with("libc6 (>= ") || depends.contains(", libc6 (>= "), "{depends}");
    let rpm = rpm::Package::open(packed.ending(".rpm")).unwrap();
    let needs = rpm.metadata.get_requires().unwrap();
    assert!(needs.iter().any(|need| need.name.starts_with("libc.so.6(GLIBC_2.")), "{needs:?}");
}

#[test]
fn everything_belongs_to_root_and_only_programs_are_executable() {
    let packed = Packed::new();
    for deb in packed.debs() {
        for line in told("dpkg-deb", &["--contents", text(&deb)]).lines() {
            let is_program = line.contains(" usr/bin/") && !line.ends_with('/');
            let mode = if line.ends_with('/') {
                "drwxr-xr-x"
            } else if line.contains(" -> ") {
                "lrwxrwxrwx"
            } else if is_program {
                "-rwxr-xr-x"
            } else {
                "-rw-r--r--"
            };
            assert!(line.starts_with(&format!("{mode} root/root ")), "{line}");
        }
    }
}

#[test]
fn the_rpm_holds_what_the_deb_holds() {
    let packed = Packed::new();
    let rpm = rpm::Package::open(packed.ending(".rpm")).unwrap();
    let in_rpm: BTreeSet<String> =
        rpm.metadata.get_file_paths().unwrap().iter().map(|path| path.display().to_string()).collect();
    let in_deb = paths(&packed.deb("gateward_")).into_iter().filter(|path| !path.ends_with('/'));
    let expected: BTreeSet<String> =
        in_deb.map(|path| path.replace("vendor-completions", "site-functions")).collect();
    assert_eq!(in_rpm, expected);
    assert_eq!(rpm.metadata.get_build_time().unwrap(), u64::from(EPOCH));
}

#[test]
fn the_tarball_unpacks_into_one_folder() {
    let packed = Packed::new();
    let listing = told("tar", &["-tzf", text(&packed.ending(".tar.gz"))]);
    let folder = format!("gateward-headless-{}-linux-{}/", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    assert!(listing.lines().all(|line| line.starts_with(&folder)), "{listing}");
    assert!(listing.contains(&format!("{folder}bin/gateward\n")));
    assert!(listing.contains(&format!("{folder}share/man/man1/gateward.1.gz\n")));
}

#[test]
fn the_revision_makes_a_newer_version() {
    let packed = Packed::revision(2);
    let deb = packed.deb("gateward_");
    assert_eq!(field(&deb, "Version"), format!("{}-2", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_metadata_names_this_version_and_its_own_desktop_file() {
    let metainfo = fs::read_to_string(root().join("packaging/linux/app.gateward.tray.metainfo.xml")).unwrap();
    assert!(metainfo.contains(&format!("<release version=\"{}\"", env!("CARGO_PKG_VERSION"))));
    assert!(metainfo.contains("<launchable type=\"desktop-id\">app.gateward.tray.desktop</launchable>"));
}

#[test]
fn the_metadata_and_the_desktop_file_pass_their_own_validators() {
    let linux = root().join("packaging/linux");
    let metainfo = linux.join("app.gateward.tray.metainfo.xml");
    let desktop = linux.join("app.gateward.tray.desktop");
    told("appstreamcli", &["validate", "--no-net", text(&metainfo)]);
    told("desktop-file-validate", &[text(&desktop)]);
}

#[test]
fn the_shells_read_their_completions() {
    let packed = Packed::new();
    let unpacked = packed.folder.path().join("unpacked");
    told("dpkg-deb", &["-x", text(&packed.deb("gateward_")), text(&unpacked)]);
    let script = unpacked.join("usr/share/bash-completion/completions/gateward");
    let asked = format!(
        ". {} && COMP_WORDS=(gateward re) COMP_CWORD=1 && _gateward gateward re gateward && echo \"${{COMPREPLY[@]}}\"",
        text(&script)
    );
    assert_eq!(told("bash", &["-c", &asked]).trim(), "restart render");
}

#[test]
fn a_missing_program_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let message = pack(&order(folder.path(), folder.path(), 1)).unwrap_err();
    assert!(message.contains("gateward: No such file"), "{message}");
}

/// Packages of stand-ins, in a folder that goes with them.
struct Packed {
    folder: TempDir,
    files: Vec<PathBuf>,
}

impl Packed {
    fn new() -> Self {
        Self::revision(1)
    }

    fn revision(revision: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["gateward", "gateward-tray"] {
            fs::copy("/bin/true", folder.path().join(name)).unwrap();
        }
        let into = folder.path().join("packages");
        let files = pack(&order(folder.path(), &into, revision)).unwrap();
        Self { folder, files }
    }

    fn debs(&self) -> Vec<PathBuf> {
        self.files.iter().filter(|file| text(file).ends_with(".deb")).cloned().collect()
    }

    fn deb(&self, beginning: &str) -> PathBuf {
        let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
        self.debs().into_iter().find(|file| name(file).starts_with(beginning)).unwrap()
    }

    fn ending(&self, ending: &str) -> PathBuf {
        self.files.iter().find(|file| text(file).ends_with(ending)).unwrap().clone()
    }
}

fn order(programs: &Path, into: &Path, revision: u32) -> Order {
    Order { programs: programs.into(), into: into.into(), root: root(), revision, epoch: EPOCH }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The places of a package's files and folders, as `/usr/bin/gateward` and `/usr/bin/`.
fn paths(deb: &Path) -> BTreeSet<String> {
    let listing = told("dpkg-deb", &["--contents", text(deb)]);
    // Date, time, name, and of a link where it leads.
    let names = listing.lines().filter_map(|line| line.split_whitespace().nth(5));
    names.map(|path| format!("/{}", path.trim_start_matches("./"))).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

fn field(deb: &Path, name: &str) -> String {
    told("dpkg-deb", &["--field", text(deb), name]).trim().to_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[track_caller]
fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
