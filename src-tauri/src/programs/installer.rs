//! Who put a program where it is, and whether that owner's next update takes the path away (A18): both told by the path.

use serde::{Deserialize, Serialize};

use super::range::Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Installer {
    Nvm,
    Fnm,
    Volta,
    Asdf,
    Mise,
    Nodenv,
    Homebrew,
    MacPorts,
    Scoop,
    Snap,
    Nix,
    Pnpm,
    Bun,
    Yarn,
    Npm,
    /// The system's package manager or an administrator.
    System,
    /// Nobody that is known.
    Other,
}

impl Installer {
    /// The owner of `path`, in either system's syntax.
    pub fn of(path: &str) -> Self {
        folder_in(path).map_or(Installer::Other, |(_, installer, _)| *installer)
    }

    /// As it calls itself; `system` and `other` are the catalogue's.
    pub fn name(self) -> &'static str {
        match self {
            Installer::Nvm => "nvm",
            Installer::Fnm => "fnm",
            Installer::Volta => "Volta",
            Installer::Asdf => "asdf",
            Installer::Mise => "mise",
            Installer::Nodenv => "nodenv",
            Installer::Homebrew => "Homebrew",
            Installer::MacPorts => "MacPorts",
            Installer::Scoop => "Scoop",
            Installer::Snap => "Snap",
            Installer::Nix => "Nix",
            Installer::Pnpm => "pnpm",
            Installer::Bun => "bun",
            Installer::Yarn => "Yarn",
            Installer::Npm => "npm",
            Installer::System => "system",
            Installer::Other => "other",
        }
    }
}

/// What becomes of a folder when its owner updates what is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Update {
    /// It goes with the version that it belongs to: `nvm uninstall`, `brew cleanup`.
    Removes,
    Keeps,
}
use Update::{Keeps, Removes};

/// Lower case; the first that a path holds decides, so narrower ones stand before wider ones.
const FOLDERS: &[(&str, Installer, Update)] = &[
    ("/fnm_multishells/", Installer::Fnm, Removes),
    ("/node-versions/", Installer::Fnm, Removes),
    ("/fnm/", Installer::Fnm, Keeps),
    ("/.fnm/", Installer::Fnm, Keeps),
    ("/.nvm/versions/", Installer::Nvm, Removes),
    ("/nvm/versions/", Installer::Nvm, Removes),
    ("/.nvm/", Installer::Nvm, Keeps),
    ("/nvm/", Installer::Nvm, Keeps),
    ("/.volta/tools/image/", Installer::Volta, Removes),
    ("/volta/tools/image/", Installer::Volta, Removes),
    ("/.volta/", Installer::Volta, Keeps),
    ("/volta/", Installer::Volta, Keeps),
    ("/.asdf/installs/", Installer::Asdf, Removes),
    ("/.asdf/", Installer::Asdf, Keeps),
    ("/mise/installs/", Installer::Mise, Removes),
    ("/mise/", Installer::Mise, Keeps),
    ("/installs/node", Installer::Other, Removes),
    ("/.nodenv/versions/", Installer::Nodenv, Removes),
    ("/.nodenv/", Installer::Nodenv, Keeps),
    ("/.pnpm/", Installer::Pnpm, Removes),
    ("/pnpm/nodejs/", Installer::Pnpm, Removes),
    ("/pnpm/", Installer::Pnpm, Keeps),
    ("/.npm/_npx/", Installer::Npm, Removes),
    ("/.bun/", Installer::Bun, Keeps),
    ("/yarn/global/", Installer::Yarn, Keeps),
    ("/cellar/", Installer::Homebrew, Removes),
    ("/homebrew/", Installer::Homebrew, Keeps),
    ("/.linuxbrew/", Installer::Homebrew, Keeps),
    ("/opt/local/", Installer::MacPorts, Keeps),
    ("/scoop/", Installer::Scoop, Keeps),
    ("/snap/", Installer::Snap, Keeps),
    ("/nix/store/", Installer::Nix, Removes),
    ("/run/current-system/", Installer::Nix, Keeps),
    ("/node_modules/", Installer::Npm, Keeps),
    ("/usr/", Installer::System, Keeps),
    ("/program files", Installer::System, Keeps),
];

/// Links and shims that their owner points at the version of the day.
const LINKS: &[&str] =
    &["/aliases/default/", "/current/", "/shims/", "/.volta/bin/", "/installs/node/latest/"];

fn folder_in(path: &str) -> Option<&'static (&'static str, Installer, Update)> {
    let path = normal(path);
    FOLDERS.iter().find(|(folder, _, _)| path.contains(folder))
}

fn normal(path: &str) -> String {
    path.replace('\\', "/").to_lowercase()
}

/// Whether a path keeps its meaning when its owner is updated: no version in it, and no folder of a version manager that is removed
/// with its version.
pub fn is_stable(path: &str) -> bool {
    !is_version_managed(path) && (is_link(path) || !normal(path).split('/').any(names_a_version))
}

/// Whether a version manager removes the path with the version that it belongs to.
pub fn is_version_managed(path: &str) -> bool {
    !is_link(path) && folder_in(path).is_some_and(|(_, _, update)| *update == Removes)
}

fn is_link(path: &str) -> bool {
    let path = normal(path);
    LINKS.iter().any(|link| path.contains(link))
}

/// `node-v22.3.0-linux-x64`, `openclaw@2026.2.9`, `22.14.0`: at least two dots between digits.
fn names_a_version(part: &str) -> bool {
    let start = part.rfind('@').map_or(0, |at| at + 1);
    Version::in_name(&part[start..]).is_some_and(|version| version.is_full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_told_by_its_folders_on_every_system() {
        for (path, owner) in [
            ("/home/anna/.nvm/versions/node/v22.14.0/bin/node", Installer::Nvm),
            (r"C:\Users\anna\AppData\Roaming\nvm\v22.14.0\node.exe", Installer::Nvm),
            ("/home/anna/.local/share/fnm/aliases/default/bin/node", Installer::Fnm),
            (r"C:\Users\anna\AppData\Local\Volta\bin\node.exe", Installer::Volta),
            ("/home/anna/.asdf/shims/node", Installer::Asdf),
            ("/opt/homebrew/opt/node/bin/node", Installer::Homebrew),
            ("/opt/homebrew/lib/node_modules/openclaw/dist/index.js", Installer::Homebrew),
            ("/home/anna/Library/pnpm/global/5/node_modules/openclaw/dist/index.js", Installer::Pnpm),
            ("/home/anna/.bun/install/global/node_modules/openclaw/dist/index.js", Installer::Bun),
            ("/home/anna/.npm-global/lib/node_modules/openclaw/dist/index.js", Installer::Npm),
            (r"C:\Users\anna\AppData\Roaming\npm\node_modules\openclaw\dist\index.js", Installer::Npm),
            (r"C:\Program Files\nodejs\node.exe", Installer::System),
            ("/usr/bin/node", Installer::System),
            ("/srv/node", Installer::Other),
        ] {
            assert_eq!(Installer::of(path), owner, "{path}");
        }
    }

    #[test]
    fn a_shim_outlives_the_version_that_it_chooses() {
        assert!(is_version_managed("/home/anna/.volta/tools/image/node/22.14.0/bin/node"));
        assert!(!is_version_managed("/home/anna/.volta/bin/node"));
        assert!(is_stable(r"C:\Users\anna\scoop\apps\nodejs\current\node.exe"));
    }
}
