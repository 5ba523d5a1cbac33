//! Every node and every OpenClaw of this machine, for a person to see what was found beside what is taken.

use super::installer::{Installer, is_stable};
use super::{node_paths, packages, version};
use crate::identity::Surroundings;
use crate::system::System;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    pub nodes: Vec<Installed>,
    pub packages: Vec<Installed>,
}

/// A program or package that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    pub path: String,
    pub version: Option<String>,
    pub installer: Installer,
    /// Whether the path outlives an update.
    pub stable: bool,
}

impl Installed {
    pub fn new(path: &str, version: Option<String>) -> Self {
        Self { installer: Installer::of(path), stable: is_stable(path), path: path.to_owned(), version }
    }
}

/// Those that would be taken first stand first; a program that several paths lead to is listed once.
pub async fn inventory(system: &dyn System, around: &Surroundings) -> Inventory {
    let mut found: Vec<Installed> = Vec::new();
    for package in packages(system, around) {
        if found.iter().all(|known| known.path != package.entry) {
            found.push(Installed::new(&package.entry, package.version));
        }
    }
    let nodes = nodes(system, around, found.iter().map(|package| package.path.as_str())).await;
    Inventory { nodes, packages: found }
}

/// Only those that run.
async fn nodes<'a>(
    system: &dyn System,
    around: &Surroundings,
    entries: impl Iterator<Item = &'a str>,
) -> Vec<Installed> {
    let mut found = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for path in node_paths(system, around, entries) {
        let Some(entry) = system.entry(&path).filter(|entry| entry.executable) else { continue };
        if known.contains(&entry.real_path) {
            continue;
        }
        known.push(entry.real_path);
        if let Some(version) = version(system, &path).await {
            found.push(Installed::new(&path, Some(version.to_string())));
        }
    }
    found
}
