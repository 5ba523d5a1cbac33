//! Finds node and OpenClaw however they were installed, and judges whether the paths will outlive an update (A18, OC 10.6).
//!
//! Where to look is a pure list made from [`Surroundings`]; a `*` in it stands for one folder name and is filled in by listing.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::model::Registration;
use crate::plan::{Call, Tool};
use crate::problem::{Code, Problem};
use crate::system::System;

mod fetch;
mod installer;
mod inventory;
mod places;
pub(crate) mod range;
mod service_path;

pub use fetch::{Fetcher, PackageTool, fetchers};
pub use installer::{Installer, is_stable, is_version_managed};
pub use inventory::{Installed, Inventory, inventory};
pub use places::{Place, Source};
pub use range::{Range, Version};
pub use service_path::service_folders;

/// What the gateway is run with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub node: Node,
    pub openclaw: OpenClaw,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub path: String,
    pub version: Version,
    pub stable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenClaw {
    /// The script node runs: `dist/index.js` of the package.
    pub entry: String,
    pub version: Option<String>,
    /// Which versions of node it demands (`engines.node`).
    pub demands: Range,
    pub stable: bool,
}

/// What a person insists on, by absolute paths; what is left out is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// It is still asked for its version.
    #[serde(deserialize_with = "absolute")]
    pub node: Option<String>,
    /// OpenClaw's launcher, or the folder of its package.
    #[serde(deserialize_with = "absolute")]
    pub openclaw: Option<String>,
}

impl Given {
    /// A node that is asked for comes first.
    pub fn with_node(self, node: Option<String>) -> Self {
        Self { node: node.or(self.node), ..self }
    }
}

fn absolute<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    match Option::<String>::deserialize(source)? {
        Some(path) if !layout::is_absolute(&path) => {
            Err(serde::de::Error::custom("expected an absolute path"))
        }
        path => Ok(path),
    }
}

/// Finds both.
///
/// # Errors
/// `NoOpenClaw`, `NoNode` (with what was found instead as cause), `ProgramMissing` for a given node that cannot be run.
pub async fn find(system: &dyn System, around: &Surroundings, given: &Given) -> Result<Found, Problem> {
    let openclaw = match &given.openclaw {
        Some(path) => openclaw_at(system, around, path)?,
        None => openclaw(system, around).ok_or_else(|| no_openclaw(around))?,
    };
    let node = node(system, around, &openclaw, given.node.as_deref()).await?;
    Ok(Found { node, openclaw })
}

fn openclaw_at(system: &dyn System, around: &Surroundings, path: &str) -> Result<OpenClaw, Problem> {
    let packages = [path.to_owned()].into_iter().chain(packages_of(system, path, around.os));
    packages.into_iter().find_map(|package| described(system, &package, around.os)).ok_or_else(|| {
        Problem::new(Code::NoOpenClaw)
            .because(format!(
                "the settings name {path}, which is neither OpenClaw's launcher nor its package"
            ))
            .hint_command("unset-setting", "gateward settings unset programs.openclaw")
    })
}

fn no_openclaw(around: &Surroundings) -> Problem {
    let looked = around.variable("PATH").unwrap_or_default();
    Problem::new(Code::NoOpenClaw)
        .because(format!("no `openclaw` in PATH ({looked}) and no package in the usual global folders"))
        .hint_command("install-openclaw", "npm install -g openclaw")
        .hint_command("install-any-program", "gateward install -- /path/to/program arguments")
}

/// OpenClaw's entry files in `dist`, in OpenClaw's own order (OC 10.6).
const ENTRIES: [&str; 4] = ["index.js", "index.mjs", "entry.js", "entry.mjs"];

/// The first package that is really OpenClaw: of the `openclaw` on PATH, else of the global folders of the package managers.
///
/// pnpm's launcher names the copy of one version; where a path that survives updates leads to the same copy, that one is taken (A18).
pub fn openclaw(system: &dyn System, around: &Surroundings) -> Option<OpenClaw> {
    let mut all = packages(system, around);
    let first = all.next()?;
    if first.stable {
        return Some(first);
    }
    let file = |found: &OpenClaw| system.entry(&found.entry).map(|entry| entry.real_path);
    let own = file(&first);
    Some(all.find(|other| other.stable && file(other) == own).unwrap_or(first))
}

/// All of them, in that order; one that several ways lead to comes several times.
fn packages(system: &dyn System, around: &Surroundings) -> impl Iterator<Item = OpenClaw> {
    let os = around.os;
    let launchers =
        path_folders(around).into_iter().map(move |folder| layout::join(&folder, &["openclaw"], os));
    let by_launcher = launchers.flat_map(move |launcher| packages_of(system, &launcher, os));
    let by_npm =
        npm_prefix(system, around).into_iter().flat_map(move |prefix| places::below_prefix(&prefix, os));
    let by_place = places::packages(around).into_iter().flat_map(move |place| expand(system, &place.path));
    by_launcher.chain(by_npm).chain(by_place).filter_map(move |package| described(system, &package, os))
}

/// `prefix` in the account's npmrc(5), where `npm config set prefix` writes it.
fn npm_prefix(system: &dyn System, around: &Surroundings) -> Option<String> {
    let home = around.home().ok()?;
    let own = around.variable("NPM_CONFIG_USERCONFIG").map(str::to_owned);
    let path = own.unwrap_or_else(|| layout::join(home, &[".npmrc"], around.os));
    let text = system.read(&path).ok().flatten()?.text();
    let settings = text.lines().filter_map(|line| line.split_once('='));
    let (_, prefix) = settings.into_iter().find(|(name, _)| name.trim() == "prefix")?;
    let prefix = prefix.trim().trim_matches('"').replace("${HOME}", home);
    Some(layout::absolute(&prefix, home, home, around.os))
}

/// The packages a launcher may belong to, the version-less path first.
///
/// npm makes the launcher a link into the package; pnpm and others write a shell script that names the file.
fn packages_of(system: &dyn System, launcher: &str, os: Os) -> Vec<String> {
    let Some(entry) = system.entry(launcher).filter(|entry| !entry.folder) else { return Vec::new() };
    if entry.real_path != launcher {
        return above(&entry.real_path).into_iter().map(str::to_owned).collect();
    }
    let text = system.read_part(launcher, 0, 4096).ok().flatten().map(|part| part.bytes).unwrap_or_default();
    let named = script_target(&String::from_utf8_lossy(&text), layout::parent(launcher));
    let resolved = named.into_iter().map(|path| normal(&path, os));
    resolved
        .chain([launcher.to_owned()])
        .flat_map(|path| above(&path).into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// The file `…/openclaw.mjs` or `…/dist/….js` that a launcher script runs; `$basedir` is the launcher's folder.
fn script_target(script: &str, folder: &str) -> Option<String> {
    let words = script.split(['"', '\'', ' ', '\n']);
    let target =
        words.into_iter().find(|word| word.ends_with("openclaw.mjs") || word.ends_with("dist/index.js"))?;
    let path = target.replace("$basedir", folder).replace("${basedir}", folder);
    layout::is_absolute(&path).then_some(path)
}

/// Resolves `.` and `..` in an absolute path without asking for links.
fn normal(path: &str, os: Os) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    match os {
        Os::Linux | Os::MacOs => format!("/{}", parts.join("/")),
        Os::Windows => parts.join("\\"),
    }
}

/// The folder of a file and the one above it: an entry lies in the package or in its `dist`.
fn above(file: &str) -> [&str; 2] {
    let folder = layout::parent(file);
    [folder, layout::parent(folder)]
}

/// The package in `folder`, if its manifest says that it is OpenClaw and an entry file is there.
fn described(system: &dyn System, folder: &str, os: Os) -> Option<OpenClaw> {
    let manifest = system.read(&layout::join(folder, &["package.json"], os)).ok().flatten()?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.bytes).ok()?;
    let text = |pointer: &str| manifest.pointer(pointer).and_then(serde_json::Value::as_str);
    text("/name").filter(|name| *name == "openclaw")?;
    let there = |entry: &str| system.entry(entry).is_some_and(|entry| !entry.folder);
    let entry =
        ENTRIES.iter().map(|file| layout::join(folder, &["dist", file], os)).find(|path| there(path))?;
    Some(OpenClaw {
        stable: is_stable(&entry),
        version: text("/version").map(str::to_owned),
        demands: text("/engines/node").and_then(Range::parse).unwrap_or_default(),
        entry,
    })
}

/// The version of the OpenClaw package that the script `entry` belongs to.
pub fn version_of(system: &dyn System, entry: &str) -> Option<String> {
    let os = if entry.contains('\\') { Os::Windows } else { Os::Linux };
    let packages = layout::is_absolute(entry).then(|| above(entry));
    packages.into_iter().flatten().find_map(|package| described(system, package, os))?.version
}

/// Program, script and working folder of a definition that are not there.
pub fn missing(system: &dyn System, found: &Registration) -> Vec<String> {
    let named = found.command.iter().take(2).chain(&found.working_dir);
    named.filter(|path| layout::is_absolute(path) && system.entry(path).is_none()).cloned().collect()
}

/// The first node that runs and is new enough: the one OpenClaw was installed with, then the system's, then PATH's, then those
/// of version managers. A node of another origin than the package may lack the package's native modules (A18).
async fn node(
    system: &dyn System,
    around: &Surroundings,
    openclaw: &OpenClaw,
    given: Option<&str>,
) -> Result<Node, Problem> {
    if let Some(given) = given {
        return insisted(system, around, given).await;
    }
    let mut tried: Vec<(String, Version)> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for path in node_paths(system, around, [openclaw.entry.as_str()]) {
        let Some(entry) = system.entry(&path).filter(|entry| entry.executable) else { continue };
        if seen.contains(&entry.real_path) {
            continue;
        }
        seen.push(entry.real_path);
        let Some(version) = version(system, &path).await else { continue };
        if openclaw.demands.admits(version) {
            return Ok(Node { stable: is_stable(&path), path, version });
        }
        tried.push((path, version));
    }
    Err(no_node(&tried, &openclaw.demands))
}

async fn insisted(system: &dyn System, around: &Surroundings, given: &str) -> Result<Node, Problem> {
    let path = program(system, around, given)?;
    let version = version(system, &path).await.ok_or_else(|| {
        Problem::new(Code::NoNode).because(format!("{path} does not answer `-p process.versions.node`"))
    })?;
    Ok(Node { stable: is_stable(&path), path, version })
}

fn no_node(tried: &[(String, Version)], demands: &Range) -> Problem {
    let list: Vec<String> = tried.iter().map(|(path, version)| format!("{path} is {version}")).collect();
    let problem = Problem::new(Code::NoNode);
    let problem = match list.is_empty() {
        true => problem.because("no `node` in PATH, the system's folders or those of version managers"),
        false => problem.because(format!("OpenClaw needs node {demands}; {}", list.join(", "))),
    };
    problem
        .hint_command("install-node", "https://nodejs.org/en/download")
        .hint_command("choose-node", "gateward install --node /path/to/node")
}

/// Where a node may be, the one that each of `entries` was installed with first.
fn node_paths<'a>(
    system: &dyn System,
    around: &Surroundings,
    entries: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let program = if around.os == Os::Windows { "node.exe" } else { "node" };
    let own = entries.into_iter().filter_map(|entry| own_node(entry, around.os));
    let on_path = path_folders(around).into_iter().map(|folder| layout::join(&folder, &[program], around.os));
    let (system_wide, managed): (Vec<Place>, Vec<Place>) =
        places::nodes(around).into_iter().partition(|place| place.source == Source::System);
    let all = |places: Vec<Place>| {
        places.into_iter().flat_map(|place| expand(system, &place.path)).collect::<Vec<_>>()
    };
    own.chain(all(system_wide)).chain(on_path).chain(all(managed)).collect()
}

/// `<prefix>/bin/node` for a package in `<prefix>/lib/node_modules`.
fn own_node(entry: &str, os: Os) -> Option<String> {
    let (prefix, _) = entry.split_once("/lib/node_modules/")?;
    Some(layout::join(prefix, &["bin", "node"], os))
}

const PATIENCE: Duration = Duration::from_secs(5);

async fn version(system: &dyn System, node: &str) -> Option<Version> {
    let call = Call::new(Tool::At(node.to_owned()), &["-p", "process.versions.node"], PATIENCE);
    let answer = system.run(&call).await;
    Version::parse(answer.stdout.trim()).filter(|_| answer.is_success())
}

/// Makes the program a person typed absolute: a bare name by PATH, a path by the current folder and `~`.
///
/// # Errors
/// `ProgramMissing` when it does not exist or may not be run.
pub fn program(system: &dyn System, around: &Surroundings, text: &str) -> Result<String, Problem> {
    let is_path = text.contains(['/', '\\']);
    let candidates: Vec<String> = match is_path {
        true => vec![layout::absolute(text, around.home()?, &around.cwd, around.os)],
        false => path_folders(around).iter().map(|folder| layout::join(folder, &[text], around.os)).collect(),
    };
    let runs = |path: &&String| system.entry(path).is_some_and(|entry| entry.executable);
    candidates.iter().find(runs).cloned().ok_or_else(|| {
        let shown = candidates.first().filter(|_| is_path).map_or(text, String::as_str);
        Problem::new(Code::ProgramMissing)
            .with("path", crate::problem::clean(shown))
            .because(why_missing(system, shown))
            .hint_command("check-program", format!("ls -l {}", crate::plan::shell_quoted(shown)))
    })
}

fn why_missing(system: &dyn System, path: &str) -> &'static str {
    match system.entry(path) {
        Some(entry) if entry.folder => "it is a folder",
        Some(_) => "it is not executable",
        None if layout::is_absolute(path) => "no such file",
        None => "no such program in PATH",
    }
}

/// The absolute folders of PATH.
fn path_folders(around: &Surroundings) -> Vec<String> {
    let separator = if around.os == Os::Windows { ';' } else { ':' };
    let path = around.variable("PATH").unwrap_or_default();
    path.split(separator).filter(|folder| layout::is_absolute(folder)).map(str::to_owned).collect()
}

/// Fills each `*` in with the folder's names, the highest version first.
fn expand(system: &dyn System, pattern: &str) -> Vec<String> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![pattern.to_owned()] };
    let folder = before.trim_end_matches(|c| c != '/' && c != '\\');
    let start = &before[folder.len()..];
    let tail: &str = &after[after.find(['/', '\\']).unwrap_or(after.len())..];
    let mut names = system.names(folder.trim_end_matches(['/', '\\']));
    names.retain(|name| name.starts_with(start));
    names.sort_by_key(|name| std::cmp::Reverse(Version::in_name(name)));
    names.into_iter().flat_map(|name| expand(system, &format!("{folder}{name}{tail}"))).collect()
}

#[cfg(test)]
mod tests;
