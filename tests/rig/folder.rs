//! Throw-away folders `/tmp/PREFIX PID-N`: short, as a socket's path must be, and with the process id of the test, so
//! that the next run can remove what a killed one left behind.

use super::processes;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);
static SWEPT: Once = Once::new();

const PREFIXES: [&str; 2] = ["gw-", "gd-"];

/// Makes a folder with an empty `home` and `run` in it, all of them for the owner only.
pub fn create(prefix: &str) -> PathBuf {
    SWEPT.call_once(sweep_orphans);
    let folder =
        PathBuf::from(format!("/tmp/{prefix}{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    for part in ["", "home", "run"] {
        fs::DirBuilder::new().mode(0o700).create(folder.join(part)).expect("a folder in /tmp");
    }
    folder
}

/// Writes a program for `/bin/sh` or another interpreter.
pub fn script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text).expect("a script");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a script's mode");
}

/// What in `parent` is called `PREFIX PID-N` and belongs to a process that is gone.
pub fn orphans(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let is_orphan = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let owner = name.strip_prefix(prefix).and_then(|rest| rest.split_once('-')?.0.parse().ok());
        owner.is_some_and(|pid: u32| !processes::is_alive(pid))
    };
    entries.map(|entry| entry.path()).filter(is_orphan).collect()
}

fn sweep_orphans() {
    for folder in PREFIXES.iter().flat_map(|prefix| orphans(Path::new("/tmp"), prefix)) {
        processes::kill_all(&folder);
        let _ = fs::remove_dir_all(folder);
    }
}
