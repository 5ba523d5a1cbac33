//! The Debian package, deb(5): an ar archive of a version, the control files and the data.

use std::fmt::Write;

use crate::package::{MAINTAINER, Package};
use crate::release::Release;
use crate::tree::{Tree, gzip};

pub fn name(package: &Package, release: &Release) -> String {
    let Release { version, revision, architecture, .. } = release;
    format!("{}_{version}-{revision}_{}.deb", package.name, architecture.debian())
}

pub fn bytes(package: &Package, release: &Release) -> Result<Vec<u8>, String> {
    // Without md5sums: dpkg makes them itself when it unpacks (dpkg --verify).
    let mut control = Tree::default();
    control.file("control", control_file(package, release));
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", gzip(&control.tar("./", release.epoch)?)?),
        ("data.tar.gz", gzip(&package.tree.tar("./", release.epoch)?)?),
    ];
    Ok(ar(&members, release.epoch))
}

fn control_file(package: &Package, release: &Release) -> String {
    let Release { version, revision, architecture, .. } = release;
    let mut text = String::new();
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    field("Package", package.name);
    field("Version", &format!("{version}-{revision}"));
    field("Architecture", architecture.debian());
    field("Maintainer", MAINTAINER);
    field("Installed-Size", &package.tree.kibibytes().to_string());
    field("Depends", &package.needs.debian);
    if let Some(other) = package.instead_of {
        ["Provides", "Conflicts", "Replaces"].iter().for_each(|name| field(name, other));
    }
    field("Section", "utils");
    field("Priority", "optional");
    field("Description", package.summary);
    package.description.iter().for_each(|line| {
        let _ = writeln!(text, " {line}");
    });
    text
}

/// The common format of ar(5), names without a slash as dpkg-deb writes them.
fn ar(members: &[(&str, Vec<u8>)], epoch: u32) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, bytes) in members {
        let header = format!("{name:<16}{epoch:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 100_644, bytes.len());
        archive.extend(header.bytes().chain(bytes.iter().copied()));
        // Members begin at even places.
        archive.extend((bytes.len() % 2 == 1).then_some(b'\n'));
    }
    archive
}
