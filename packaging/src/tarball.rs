//! The headless program for every other Linux, as a folder to unpack anywhere.

use crate::package::Package;
use crate::release::Release;
use crate::tree::gzip;

pub fn name(package: &Package, release: &Release) -> String {
    format!("{}.tar.gz", folder(package, release))
}

/// `NAME/bin`, `NAME/share`: what is below `usr` in a package.
pub fn bytes(package: &Package, release: &Release) -> Result<Vec<u8>, String> {
    let tree = package.tree.clone().moved("usr/", "");
    gzip(&tree.tar(&format!("{}/", folder(package, release)), release.epoch)?)
}

fn folder(package: &Package, release: &Release) -> String {
    let Release { version, architecture, .. } = release;
    format!("{}-{version}-linux-{}", package.name, architecture.kernel())
}
