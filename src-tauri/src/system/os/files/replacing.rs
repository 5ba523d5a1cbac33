//! Replaces a file at once: whoever reads it finds the old or the new one, whole.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// When a written file must be on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    AtOnce,
    /// When the system comes to it.
    InTime,
}

/// Writes to a temporary file beside `path`, with the final mode from the start, and renames it over.
///
/// A symlink at `path` is followed: dotfile tools keep units as links, and replacing the link would cut it off.
pub fn replace(path: &str, bytes: &[u8], mode: u32, durable: Durable) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| full(path));
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = new_file(folder, mode)?;
    file.write_all(bytes)?;
    if durable == Durable::AtOnce {
        file.as_file().sync_all()?;
    }
    put_in_place(file, &target)?;
    if durable == Durable::AtOnce { sync_folder(folder) } else { Ok(()) }
}

/// How long a file may be in use by whoever reads it.
const IN_USE: Duration = Duration::from_secs(2);

fn put_in_place(mut file: NamedTempFile, target: &Path) -> io::Result<()> {
    let begun = Instant::now();
    loop {
        match file.persist(target) {
            Ok(_) => return Ok(()),
            Err(failed) if is_in_use(&failed.error) && begun.elapsed() < IN_USE => file = failed.file,
            Err(failed) => return Err(failed.error),
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Windows refuses to replace a file while anybody has it open, be it the tray or a search for viruses: for a moment, as a rule.
fn is_in_use(error: &io::Error) -> bool {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    cfg!(windows) && matches!(error.raw_os_error(), Some(ACCESS_DENIED | SHARING_VIOLATION))
}

#[cfg(unix)]
fn full(path: &str) -> PathBuf {
    path.into()
}

/// As the calls below std take it that know no path of more than 260 letters otherwise. Not by `canonicalize`: there is no file yet,
/// and some drives cannot say what their folders are called (RAM disks; wine, for long ones).
#[cfg(windows)]
fn full(path: &str) -> PathBuf {
    use std::path::{Component, Prefix};
    let Ok(path) = std::path::absolute(path) else { return path.into() };
    let is_on_drive = match path.components().next() {
        Some(Component::Prefix(prefix)) => matches!(prefix.kind(), Prefix::Disk(_)),
        _ => false,
    };
    if !is_on_drive {
        return path;
    }
    let mut verbatim = std::ffi::OsString::from(r"\\?\");
    verbatim.push(path);
    verbatim.into()
}

#[cfg(unix)]
fn new_file(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::Builder::new()
        .prefix(".gateward-")
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    // The umask may have taken bits away; none is added that was not asked for.
    file.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
    Ok(file)
}

/// A file for others too has what its folder hands down.
#[cfg(windows)]
fn new_file(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gateward-");
    match mode & super::OTHERS {
        0 => builder.make_in(folder, crate::system::windows::security::new_file),
        _ => builder.tempfile_in(folder),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
