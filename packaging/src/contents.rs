//! Which file of the repository goes where.

use std::path::Path;

use crate::needs::{self, Needs, Program};
use crate::package::Package;
use crate::tree::{Tree, gzip};
use crate::{manual, read};

/// The identifier of tauri.conf.json: desktop file, icon and metadata are found by it.
const IDENTIFIER: &str = "app.gateward.tray";

const ICONS: &[(&str, &str)] = &[
    ("icons/32x32.png", "32x32"),
    ("icons/128x128.png", "128x128"),
    ("icons/128x128@2x.png", "256x256"),
    ("icons/icon.png", "512x512"),
];

/// What the tray finds when it starts.
const LATE: &str = "src-tauri/app/late/functions.txt";

/// Tray, window and command line: one file by two names.
///
/// # Errors
/// Also when the program does not start without the toolkit: the command line would not either.
pub fn desktop(root: &Path, tray: &Program) -> Result<Package, String> {
    if let Some(library) = needs::toolkit(tray)? {
        return Err(format!(
            "{} needs {library} to start: a function of it is missing in {LATE}.",
            tray.path.display()
        ));
    }
    let late = read(&root.join(LATE))?;
    let name = "gateward";
    let mut tree = common(root, name, tray)?;
    tree.link("usr/bin/gateward-tray", "gateward");
    manual::add(&mut tree, manual::tray())?;
    add_desktop(root, &mut tree)?;
    Ok(Package {
        name,
        summary: "keeps an OpenClaw gateway running and tells the truth about it",
        description: &[
            "Gateward sits in the tray, notices at once when the gateway dies, says why",
            "in words and has a button that works. The command line does the same over SSH.",
            "Installing this package starts nothing and adds no service.",
        ],
        tree,
        needs: Needs::with_late(tray, &String::from_utf8_lossy(&late))?,
        instead_of: None,
    })
}

/// The command line alone.
///
/// # Errors
/// Also when the program needs a toolkit: it was linked as a part of the desktop then.
pub fn headless(root: &Path, line: &Program) -> Result<Package, String> {
    let name = "gateward-headless";
    if let Some(library) = needs::toolkit(line)? {
        return Err(format!("{} needs {library}: not for machines without a desktop.", line.path.display()));
    }
    Ok(Package {
        name,
        summary: "keeps an OpenClaw gateway running, without a desktop",
        description: &[
            "The command line of Gateward: installs, supervises and watches a gateway on a",
            "server or in a container, and tells the truth about it. Needs no GTK.",
            "Installing this package starts nothing and adds no service.",
        ],
        tree: common(root, name, line)?,
        needs: Needs::of(&[&line.path])?,
        instead_of: Some("gateward"),
    })
}

fn common(root: &Path, name: &str, line: &Program) -> Result<Tree, String> {
    let mut tree = Tree::default();
    tree.program("usr/bin/gateward", line.bytes.clone());
    manual::add(&mut tree, manual::line())?;
    let doc = format!("usr/share/doc/{name}");
    tree.file(&format!("{doc}/copyright"), read(&root.join("packaging/linux/copyright"))?);
    tree.file(&format!("{doc}/changelog.gz"), gzip(&read(&root.join("CHANGELOG.md"))?)?);
    Ok(tree)
}

fn add_desktop(root: &Path, tree: &mut Tree) -> Result<(), String> {
    let linux = root.join("packaging/linux");
    for (folder, ending) in [("applications", "desktop"), ("metainfo", "metainfo.xml")] {
        let name = format!("{IDENTIFIER}.{ending}");
        tree.file(&format!("usr/share/{folder}/{name}"), read(&linux.join(&name))?);
    }
    for (source, size) in ICONS {
        tree.file(&icon(size, "png"), read(&root.join(source))?);
    }
    tree.file(&icon("scalable", "svg"), read(&root.join("icons/gateward.svg"))?);
    Ok(())
}

fn icon(size: &str, ending: &str) -> String {
    format!("usr/share/icons/hicolor/{size}/apps/{IDENTIFIER}.{ending}")
}
