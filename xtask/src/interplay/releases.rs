//! The packages from the npm registry.

use std::fs;
use std::path::{Path, PathBuf};

use crate::npm;

/// One release of OpenClaw, and what differs in how it is spoken to.
pub struct Release {
    pub version: &'static str,
    /// Its `gateway stop` wants to be told that nobody is asked.
    pub stop: &'static [&'static str],
    /// Its `gateway install --force` writes anew; older ones know that word elsewhere only (observed 2.3).
    pub reinstall: &'static [&'static str],
    /// A dependency from GitHub that only WhatsApp needs.
    pub lacks_libsignal: bool,
}

pub const RELEASES: &[Release] = &[
    Release {
        version: "2026.9.6",
        stop: &["gateway", "stop", "--force", "--json"],
        reinstall: &["gateway", "install", "--force", "--json"],
        lacks_libsignal: false,
    },
    Release {
        version: "2026.2.9",
        stop: &["gateway", "stop", "--json"],
        reinstall: &["daemon", "install", "--force", "--json"],
        lacks_libsignal: true,
    },
];

/// `engines.node` of 2026.9.6 wants 24.16 or newer.
const NODE: &str = "node@24";

/// Gives the path of the program.
///
/// # Errors
/// When npm fails.
pub fn node(store: &Path) -> Result<PathBuf, String> {
    let folder = store.join("node");
    let program = folder.join("node_modules/node/bin/node");
    if !program.is_file() {
        project(&folder, "{ \"private\": true }")?;
        // Its script fetches the program for this processor, from npm too.
        npm::run(&npm::installing(&folder, &["--prefix", ".", NODE]))?;
    }
    Ok(program)
}

/// Gives the folder with `node_modules`.
///
/// # Errors
/// When npm fails.
pub fn openclaw(store: &Path, release: &Release, node: &Path) -> Result<PathBuf, String> {
    let folder = store.join(release.version);
    if folder.join("node_modules/.bin/openclaw").exists() {
        return Ok(folder);
    }
    let overrides = if release.lacks_libsignal { libsignal(&folder)? } else { "" };
    project(&folder, &format!("{{ \"private\": true{overrides} }}"))?;
    // With its scripts: without them it finishes itself at its first start, and may not, as it belongs to root here.
    // They want the node that will run it, and not this machine's.
    let package = format!("openclaw@{}", release.version);
    let install = npm::installing(&folder, &["--prefix", ".", &package]);
    npm::run(&install.finding_first(node.parent().unwrap_or(node)))?;
    Ok(folder)
}

fn project(folder: &Path, text: &str) -> Result<(), String> {
    write(&folder.join("package.json"), text)
}

/// Its names without what they do: nobody here has WhatsApp, and OpenClaw imports them at every start.
fn libsignal(folder: &Path) -> Result<&'static str, String> {
    let place = folder.join("libsignal");
    write(
        &place.join("package.json"),
        "{ \"name\": \"libsignal\", \"version\": \"2.0.1\", \"main\": \"index.js\" }",
    )?;
    let of = |names: &[&str]| {
        names.iter().map(|name| format!("exports.{name} = class {{}};\n")).collect::<String>()
    };
    let classes = [
        "ProtocolAddress",
        "SessionBuilder",
        "SessionCipher",
        "SessionRecord",
        "curve",
        "crypto",
        "keyhelper",
    ];
    write(&place.join("index.js"), &of(&classes))?;
    let curve = [
        "generateKeyPair",
        "createKeyPair",
        "calculateAgreement",
        "calculateSignature",
        "verifySignature",
        "getPublicFromPrivateKey",
    ];
    write(&place.join("src/curve.js"), &of(&curve))?;
    let crypto = ["deriveSecrets", "encrypt", "decrypt", "calculateMAC", "verifyMAC", "hash"];
    write(&place.join("src/crypto.js"), &of(&crypto))?;
    Ok(", \"overrides\": { \"libsignal\": \"file:./libsignal\" }")
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(told)?;
    fs::write(path, text).map_err(told)
}
