//! The package managers that can bring OpenClaw, and what each is told.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Installed, path_folders};
use crate::identity::Surroundings;
use crate::layout::{self, Os};
use crate::plan::{Call, Tool};
use crate::system::System;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum PackageTool {
    Npm,
    Pnpm,
    Bun,
    Brew,
}

impl PackageTool {
    pub const ALL: [Self; 4] = [Self::Npm, Self::Pnpm, Self::Bun, Self::Brew];

    pub fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pnpm => "pnpm",
            Self::Bun => "bun",
            Self::Brew => "brew",
        }
    }

    /// npm tells of each package that it fetches only when it is asked to.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Npm => &["install", "-g", "openclaw@latest", "--loglevel=http"],
            Self::Pnpm => &["add", "-g", "openclaw@latest"],
            Self::Bun => &["add", "-g", "openclaw@latest"],
            // https://formulae.brew.sh/formula/openclaw-cli
            Self::Brew => &["install", "openclaw-cli"],
        }
    }

    /// As a person would type it.
    pub fn command(self) -> String {
        format!("{} {}", self.name(), self.arguments().join(" "))
    }

    fn file_names(self, os: Os) -> &'static [&'static str] {
        match (self, os) {
            (Self::Npm, Os::Windows) => &["npm.cmd"],
            (Self::Pnpm, Os::Windows) => &["pnpm.exe", "pnpm.cmd"],
            (Self::Bun, Os::Windows) => &["bun.exe"],
            (Self::Brew, Os::Windows) => &[],
            (Self::Npm | Self::Pnpm | Self::Bun | Self::Brew, Os::Linux | Os::MacOs) => {
                std::slice::from_ref(match self {
                    Self::Npm => &"npm",
                    Self::Pnpm => &"pnpm",
                    Self::Bun => &"bun",
                    Self::Brew => &"brew",
                })
            }
        }
    }
}

/// A package manager that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetcher {
    pub tool: PackageTool,
    pub path: String,
}

/// Those that can be run: in PATH, beside a node that was found, or where their own installers put them.
pub fn fetchers(system: &dyn System, around: &Surroundings, nodes: &[Installed]) -> Vec<Fetcher> {
    let beside = nodes.iter().map(|node| layout::parent(&node.path).to_owned());
    let folders: Vec<String> = path_folders(around).into_iter().chain(beside).chain(usual(around)).collect();
    let runs = |path: &String| system.entry(path).is_some_and(|entry| entry.executable);
    let found = |tool: PackageTool| {
        let paths = folders.iter().flat_map(|folder| {
            tool.file_names(around.os).iter().map(|name| layout::join(folder, &[name], around.os))
        });
        Some(Fetcher { tool, path: paths.into_iter().find(runs)? })
    };
    PackageTool::ALL.into_iter().filter_map(found).collect()
}

fn usual(around: &Surroundings) -> Vec<String> {
    let home = around.home().unwrap_or_default();
    let own = [".bun/bin", ".local/share/pnpm", "Library/pnpm", ".volta/bin"];
    let own = own.iter().filter(|_| !home.is_empty()).map(|folder| layout::join(home, &[folder], around.os));
    let system = ["/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin"];
    own.chain(system.iter().map(|folder| (*folder).to_owned())).collect()
}

/// A gateway has hundreds of packages, some with native parts.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

impl Fetcher {
    /// With its own folder and node's in PATH: a tray that was started by the desktop has not the shell's.
    pub fn call(&self, around: &Surroundings, nodes: &[Installed]) -> Call {
        let arguments = self.tool.arguments();
        if around.os == Os::Windows {
            return Call::new(Tool::At(self.path.clone()), arguments, PATIENCE);
        }
        let own = layout::parent(&self.path).to_owned();
        let node = nodes.first().map(|node| layout::parent(&node.path).to_owned());
        let mut folders: Vec<String> = [own].into_iter().chain(node).chain(path_folders(around)).collect();
        folders.dedup();
        let path = format!("PATH={}", folders.join(":"));
        let words: Vec<&str> =
            [path.as_str(), &self.path].into_iter().chain(arguments.iter().copied()).collect();
        Call::new(Tool::At("/usr/bin/env".to_owned()), &words, PATIENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::system::scripted::still;

    fn tools(files: &[&str], path: &str, nodes: &[&str]) -> Vec<String> {
        let system = still();
        files.iter().for_each(|file| system.write(file, b"", 0o755).unwrap());
        let nodes: Vec<Installed> = nodes.iter().map(|path| Installed::new(path, None)).collect();
        fetchers(&*system, &around(&[("PATH", path)]), &nodes).into_iter().map(|it| it.path).collect()
    }

    #[test]
    fn package_managers_are_found_in_path_beside_node_and_at_home() {
        let node = "/home/anna/.nvm/versions/node/v22.14.0/bin/node";
        let npm = "/home/anna/.nvm/versions/node/v22.14.0/bin/npm";
        let files = [npm, "/usr/bin/pnpm", "/home/anna/.bun/bin/bun", "/opt/homebrew/bin/brew"];
        assert_eq!(tools(&files, "/usr/bin", &[node]), files);
        assert!(tools(&[], "/usr/bin", &[node]).is_empty());
    }

    #[test]
    fn npm_finds_the_node_that_it_belongs_to() {
        let fetcher = Fetcher { tool: PackageTool::Npm, path: "/n/bin/npm".to_owned() };
        let call = fetcher.call(&around(&[("PATH", "/usr/bin")]), &[Installed::new("/m/bin/node", None)]);
        assert_eq!(
            call.to_string(),
            "/usr/bin/env PATH=/n/bin:/m/bin:/usr/bin /n/bin/npm install -g openclaw@latest --loglevel=http"
        );
    }
}
