//! A cgroup of a rig's own in each hierarchy of the machine: what is in it can be ended as a whole.

use super::wait::wait_at_most;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const CGROUPS: &str = "/sys/fs/cgroup";

/// Where cgroups are made: the v2 tree, and beside it on a mixed machine systemd's own v1 tree.
pub fn hierarchies() -> Vec<PathBuf> {
    let mixed = ["unified", "systemd"].map(|name| Path::new(CGROUPS).join(name));
    match mixed[0].is_dir() {
        true => mixed.into_iter().filter(|tree| tree.is_dir()).collect(),
        false => vec![PathBuf::from(CGROUPS)],
    }
}

/// Makes an empty one of this name in each hierarchy.
///
/// # Panics
/// When they can't be made, or can't be killed as a whole.
#[track_caller]
pub fn create(name: &str) -> Vec<PathBuf> {
    let leaves: Vec<PathBuf> = hierarchies().iter().map(|tree| tree.join(name)).collect();
    for leaf in &leaves {
        if let Err(error) = fs::create_dir(leaf) {
            panic!("a cgroup of its own is needed, but {} can't be made: {error}", leaf.display());
        }
    }
    assert!(
        leaves[0].join("cgroup.kill").exists(),
        "cgroup v2 of Linux 5.14 or newer is needed at {CGROUPS}"
    );
    leaves
}

/// Ends everything in them.
pub fn kill(leaves: &[PathBuf]) {
    // Only the v2 tree has the file, and all processes are in it.
    for leaf in leaves.iter().filter(|leaf| leaf.join("cgroup.kill").exists()) {
        let _ = fs::write(leaf.join("cgroup.kill"), "1");
    }
}

/// Removes a cgroup with those below it, once the kernel has let go of the killed processes.
pub fn remove(leaf: &Path) -> bool {
    let removed = wait_at_most(Duration::from_secs(5), || {
        remove_tree(leaf);
        (!leaf.exists()).then_some(())
    });
    removed.is_some()
}

fn remove_tree(cgroup: &Path) {
    // The files of a cgroup can't be removed and go with it.
    let below = fs::read_dir(cgroup).into_iter().flatten().flatten();
    below
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .for_each(|entry| remove_tree(&entry.path()));
    let _ = fs::remove_dir(cgroup);
}
