//! Node.js for what `ui/` needs: the machine's own, or where that is too old one from npm, kept in the target folder.

use crate::command_line::CommandLine;
use crate::npm;
use crate::project::Project;
use std::path::PathBuf;

/// Debian 12 has 18.
const PACKAGE: &str = "node@22";

/// Installs a newer Node.js beside the build when the machine's own is too old for `ui/`.
pub fn prepare(project: &Project) -> Result<(), String> {
    let Ok(version) = CommandLine::new(&project.root, "node", &["--version"]).capture() else {
        return Err(format!("Node.js was not found.\n{HINT}"));
    };
    if is_new_enough(&version) || own_folder(project).is_some() {
        return Ok(());
    }
    println!("Node.js {} is too old to build the window: {PACKAGE} from npm to install.", version.trim());
    let prefix = prefix(project).display().to_string();
    npm::run(&npm::installing(&project.root, &["--prefix", &prefix, PACKAGE]))
}

pub const HINT: &str =
    "Hint: Node 20.19 or newer with npm is needed: https://nodejs.org, or `apt install npm`.";

/// The folder of the Node.js that [`prepare`] has installed.
pub fn own_folder(project: &Project) -> Option<PathBuf> {
    let folder = prefix(project).join("node_modules/.bin");
    folder.join("node").exists().then_some(folder)
}

fn prefix(project: &Project) -> PathBuf {
    project.root.join(&project.target).join("tools/node")
}

/// As `engines.node` of ui/package.json: `^20.19.0 || >=22.12.0`.
fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let version: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    ((20, 19)..(21, 0)).contains(&version) || version >= (22, 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_new_enough_where_the_window_s_packages_say_so() {
        for (version, enough) in [
            ("v18.20.4\n", false),
            ("v20.18.3", false),
            ("v20.19.0", true),
            ("v21.7.0", false),
            ("v22.11.0", false),
            ("v22.12.0", true),
            ("v24.1.0", true),
            ("", false),
        ] {
            assert_eq!(is_new_enough(version), enough, "{version:?}");
        }
        assert!(include_str!("../../ui/package.json").contains(r#""node": "^20.19.0 || >=22.12.0""#));
    }
}
