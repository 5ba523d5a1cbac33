//! Packages for Linux, made from the programs and the files of this repository alone: the same input gives the same bytes.
//!
//! Nothing in a package starts anything: no service, no autostart entry, no script of a maintainer. What runs, the user has
//! installed with `gateward install` or switched on in the settings.

// The ban on reaching for the machine is the library's.
#![allow(clippy::disallowed_methods)]

mod contents;
mod deb;
mod manual;
mod needs;
mod package;
mod release;
mod rpm;
mod tarball;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use needs::Program;
use release::Release;

/// Packs Gateward's programs.
#[derive(Debug, Clone, Parser)]
pub struct Order {
    /// The folder with `gateward` and `gateward-tray`.
    #[arg(long)]
    pub programs: PathBuf,
    /// Where the packages go.
    #[arg(long)]
    pub into: PathBuf,
    /// The root of the repository.
    #[arg(long, default_value = ".")]
    pub root: PathBuf,
    /// Which packaging of this version it is, from 1.
    #[arg(long, default_value_t = 1)]
    pub revision: u32,
    /// The time of every file in the packages, in seconds since 1970.
    #[arg(long, env = "SOURCE_DATE_EPOCH")]
    pub epoch: u32,
}

/// Makes every package and returns their files.
///
/// # Errors
/// A program or file is missing; its libraries cannot be told; the folder cannot be written. In words for a developer.
pub fn pack(order: &Order) -> Result<Vec<PathBuf>, String> {
    let line = Program::read(&order.programs, "gateward")?;
    let tray = Program::read(&order.programs, "gateward-tray")?;
    let release = Release::of(order, line.architecture()?);
    let desktop = contents::desktop(&order.root, &tray)?;
    let headless = contents::headless(&order.root, &line)?;
    fs::create_dir_all(&order.into).map_err(|error| at(&order.into, &error))?;
    let made = [
        (deb::name(&desktop, &release), deb::bytes(&desktop, &release)?),
        (deb::name(&headless, &release), deb::bytes(&headless, &release)?),
        (rpm::name(&desktop, &release), rpm::bytes(&desktop, &release)?),
        (tarball::name(&headless, &release), tarball::bytes(&headless, &release)?),
    ];
    made.into_iter().map(|(name, bytes)| write(&order.into.join(name), &bytes)).collect()
}

fn write(path: &Path, bytes: &[u8]) -> Result<PathBuf, String> {
    fs::write(path, bytes).map(|()| path.to_path_buf()).map_err(|error| at(path, &error))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}.", path.display())
}
