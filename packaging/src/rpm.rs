//! The RPM package. Libraries are required by their sonames, which every distribution that uses rpm provides.

use rpm::{BuildConfig, CompressionType, Dependency, FileOptions, PackageBuilder};

use crate::package::Package;
use crate::release::Release;

pub fn name(package: &Package, release: &Release) -> String {
    let Release { version, revision, architecture, .. } = release;
    format!("{}-{version}-{revision}.{}.rpm", package.name, architecture.kernel())
}

pub fn bytes(package: &Package, release: &Release) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    builder(package, release)
        .and_then(|mut builder| builder.build())
        .and_then(|package| package.write(&mut bytes))
        .map_err(|error| format!("rpm: {error}."))?;
    Ok(bytes)
}

fn builder(package: &Package, release: &Release) -> Result<PackageBuilder, rpm::Error> {
    let architecture = release.architecture.kernel();
    let mut builder = PackageBuilder::new(
        package.name,
        release.version,
        "MIT OR Apache-2.0",
        architecture,
        package.summary,
    );
    let config = BuildConfig::v4().compression(CompressionType::Gzip).source_date(release.epoch);
    builder.using_config(config).release(release.revision.to_string()).build_host("localhost");
    builder.description(package.description.join("\n"));
    package.needs.rpm.iter().for_each(|need| {
        builder.requires(Dependency::any(need));
    });
    // Where every distribution but Debian looks for them.
    let tree = package.tree.clone().moved("usr/share/zsh/vendor-completions", "usr/share/zsh/site-functions");
    for (path, file) in tree.files() {
        // A file's mode has 16 bits; these have nine.
        let options = FileOptions::new(format!("/{path}")).permissions(file.mode as u16);
        builder.with_file_contents(file.bytes.clone(), options)?;
    }
    for (path, name) in tree.links() {
        builder.with_symlink(FileOptions::symlink(format!("/{path}"), name))?;
    }
    Ok(builder)
}
