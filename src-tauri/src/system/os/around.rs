//! Reads what the process finds around itself, once.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use crate::identity::{Surroundings, SystemdMarks};
use crate::layout::Os;

pub fn surroundings() -> Surroundings {
    let variables = variables();
    Surroundings {
        os: os(&variables),
        uid: uid(),
        user: user_name(),
        cwd: std::env::current_dir().map(|path| path.display().to_string()).unwrap_or_default(),
        exe: own_program().map(|path| path.display().to_string()).unwrap_or_default(),
        wsl: is_wsl(&variables),
        language: language(),
        container: container(&variables),
        systemd: systemd(&variables),
        variables,
    }
}

/// Programs of a desktop get no locale in their environment there.
#[cfg(not(target_os = "linux"))]
fn language() -> Option<String> {
    sys_locale::get_locale()
}

#[cfg(target_os = "linux")]
fn language() -> Option<String> {
    None
}

/// The file name under which this program was called.
pub fn called_as() -> Option<OsString> {
    let called = PathBuf::from(std::env::args_os().next()?);
    called.file_name().map(ToOwned::to_owned)
}

/// Where this program is, by the name it goes by: one file may be several programs by links that lie beside it. After an update
/// the file of that place is another one.
///
/// # Errors
/// The system's, when it does not tell.
pub fn own_program() -> io::Result<PathBuf> {
    let file = std::env::current_exe()?;
    // What Linux appends to the path of a file that has been replaced.
    let file = match file.to_str().and_then(|path| path.strip_suffix(" (deleted)")) {
        Some(path) if !file.exists() => PathBuf::from(path),
        _ => file,
    };
    Ok(called_as().and_then(|name| linked_beside(&file, &name)).unwrap_or(file))
}

/// The link of that name in the folder of `file`, if it leads to it.
fn linked_beside(file: &Path, name: &OsStr) -> Option<PathBuf> {
    let link = file.with_file_name(name);
    let leads_here = link.is_symlink() && link.canonicalize().ok()? == file.canonicalize().ok()?;
    leads_here.then_some(link)
}

pub fn variables() -> BTreeMap<String, String> {
    let text = |part: OsString| part.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (spelled(text(name)), text(value))).collect()
}

/// Windows calls it `Path`, and does not tell upper case from lower.
fn spelled(name: String) -> String {
    if OS == Os::Windows { name.to_uppercase() } else { name }
}

/// With launchd forced, names and paths are a Mac's too: the whole product can then be tried against a double.
fn os(variables: &BTreeMap<String, String>) -> Os {
    let forced = variables.get("GATEWARD_MANAGER").is_some_and(|name| name.trim() == "launchd");
    if forced && OS == Os::Linux { Os::MacOs } else { OS }
}

#[cfg(target_os = "macos")]
const OS: Os = Os::MacOs;
#[cfg(windows)]
const OS: Os = Os::Windows;
#[cfg(not(any(target_os = "macos", windows)))]
const OS: Os = Os::Linux;

#[cfg(unix)]
pub fn uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub fn uid() -> u32 {
    0
}

/// The account's name by the user database, not by `$USER`: under sudo they differ (OC 3.9).
#[cfg(unix)]
fn user_name() -> Option<String> {
    uzers::get_user_by_uid(uid()).map(|user| user.name().to_string_lossy().into_owned())
}

#[cfg(not(unix))]
fn user_name() -> Option<String> {
    std::env::var("USERNAME").ok()
}

fn is_wsl(variables: &BTreeMap<String, String>) -> bool {
    let by_variable = ["WSL_INTEROP", "WSL_DISTRO_NAME"].iter().any(|name| variables.contains_key(*name));
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().to_lowercase();
    by_variable || release.contains("microsoft") || release.contains("wsl")
}

/// The container we are in, by the marks that runtimes leave: systemd's `container` variable, Docker's and Podman's files.
fn container(variables: &BTreeMap<String, String>) -> Option<String> {
    let told = ["OPENCLAW_CONTAINER_HINT", "OPENCLAW_CONTAINER", "container", "KUBERNETES_SERVICE_HOST"];
    let by_variable =
        told.iter().find_map(|name| variables.get(*name)).filter(|text| !text.trim().is_empty());
    let by_file = || {
        let marks = [("/.dockerenv", "docker"), ("/run/.containerenv", "podman")];
        marks.iter().find(|(path, _)| Path::new(path).exists()).map(|(_, name)| (*name).to_owned())
    };
    by_variable.cloned().or_else(by_file)
}

/// Looks where sd_booted(3) and the user manager leave their marks; asks nobody.
fn systemd(variables: &BTreeMap<String, String>) -> SystemdMarks {
    let told = |name: &str| variables.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let own = format!("/run/user/{}", uid());
    let folders = [told("XDG_RUNTIME_DIR"), Some(own.as_str())];
    let has = |name: &str| folders.iter().flatten().any(|folder| Path::new(folder).join(name).exists());
    SystemdMarks { booted: Path::new("/run/systemd/system").is_dir(), user_manager: has("systemd/private") }
}
