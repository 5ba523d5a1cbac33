//! Reads and atomically replaces files.

use std::fs;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use crate::layout;
use crate::problem::{Code, Problem};
use crate::system::{Contents, Entry, Part, Seen};

mod replacing;

pub use replacing::Durable;

/// Larger files are not definitions or settings; reading one whole would only hurt.
const LARGEST: u64 = 16 * 1024 * 1024;

pub fn seen(path: &str) -> Seen {
    match read(path) {
        Ok(Some(contents)) => Seen::File(contents),
        Ok(None) => Seen::Missing,
        Err(problem) => Seen::Failed(problem),
    }
}

pub fn read(path: &str) -> Result<Option<Contents>, Problem> {
    match contents(path) {
        Ok(contents) => Ok(Some(contents)),
        // Below a file there is nothing either.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Problem::new(Code::ReadFailed).with("path", path).because(error.to_string())),
    }
}

/// Bytes, mode and owner are those of one file, whatever is put in its place meanwhile: a token counts only if it is private.
fn contents(path: &str) -> std::io::Result<Contents> {
    let file = open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() || meta.len() > LARGEST {
        return Err(irregular());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or_default().saturating_add(1));
    file.take(LARGEST).read_to_end(&mut bytes)?;
    let Guard { mode, owner } = guard(path, &meta);
    Ok(Contents { bytes, mode, owner })
}

fn irregular() -> std::io::Error {
    std::io::Error::other("not a regular file of reasonable size")
}

/// A named pipe in the place of a file would be waited for until somebody writes to it.
#[cfg(unix)]
fn open(path: &str) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let no_wait = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    fs::File::options().read(true).custom_flags(no_wait).open(path)
}

/// A folder cannot be opened as a file there.
#[cfg(not(unix))]
fn open(path: &str) -> std::io::Result<fs::File> {
    match fs::metadata(path)?.is_file() {
        true => fs::File::open(path),
        false => Err(irregular()),
    }
}

pub fn entry(path: &str) -> Option<Entry> {
    let meta = fs::metadata(path).ok()?;
    let real_path =
        fs::canonicalize(path).map_or_else(|_| path.to_owned(), |real| real.display().to_string());
    Some(Entry { folder: meta.is_dir(), executable: meta.is_file() && may_run(path), real_path })
}

#[cfg(unix)]
fn may_run(path: &str) -> bool {
    rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_run(path: &str) -> bool {
    let kind = std::path::Path::new(path).extension().map(|kind| kind.to_string_lossy().to_lowercase());
    kind.is_some_and(|kind| ["exe", "cmd", "bat", "com"].contains(&kind.as_str()))
}

#[cfg(unix)]
pub fn free_space(path: &str) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub fn free_space(_path: &str) -> Option<u64> {
    None
}

pub fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

pub fn read_part(path: &str, from: u64, most: usize) -> Result<Option<Part>, Problem> {
    let read = || -> std::io::Result<Part> {
        let mut file = open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(irregular());
        }
        // Growing a megabyte step by step costs as much as reading it.
        let left = usize::try_from(meta.len().saturating_sub(from)).unwrap_or(most);
        let mut bytes = Vec::with_capacity(most.min(left.saturating_add(32)));
        file.seek(SeekFrom::Start(from))?;
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(Part { bytes, length: meta.len(), file: file_of(&meta), modified: modified(&meta) })
    };
    match read() {
        Ok(part) => Ok(Some(part)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::new(Code::ReadFailed).with("path", path).because(error.to_string())),
    }
}

fn modified(meta: &fs::Metadata) -> Option<jiff::Timestamp> {
    jiff::Timestamp::try_from(meta.modified().ok()?).ok()
}

#[cfg(unix)]
fn file_of(meta: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    meta.ino() ^ meta.dev().rotate_left(32)
}

#[cfg(not(unix))]
fn file_of(_meta: &fs::Metadata) -> u64 {
    0
}

/// Replaces the file, with the final mode from the start; a symlink at `path` is followed.
pub fn write(path: &str, bytes: &[u8], mode: u32, durable: Durable) -> Result<(), Problem> {
    replacing::replace(path, bytes, mode, durable).map_err(|error| write_failed(path, &error))
}

pub fn rotate(path: &str, most: u64) -> Result<bool, Problem> {
    let is_large = fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > most);
    if !is_large {
        return Ok(false);
    }
    let emptied = fs::copy(path, format!("{path}.1"))
        .and_then(|_| fs::File::options().write(true).open(path))
        .and_then(|file| file.set_len(0));
    emptied.map(|()| true).map_err(|error| write_failed(path, &error))
}

pub fn remove(path: &str) -> Result<bool, Problem> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(write_failed(path, &error)),
    }
}

pub fn make_dir(path: &str, mode: u32) -> Result<(), Problem> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    with_mode(&mut builder, mode);
    builder.create(path).map_err(|error| write_failed(path, &error))
}

#[cfg(unix)]
fn with_mode(builder: &mut fs::DirBuilder, mode: u32) {
    use std::os::unix::fs::DirBuilderExt;
    builder.mode(mode);
}

#[cfg(not(unix))]
fn with_mode(_builder: &mut fs::DirBuilder, _mode: u32) {}

fn write_failed(path: &str, error: &std::io::Error) -> Problem {
    let problem = Problem::new(Code::WriteFailed).with("path", path).because(error.to_string());
    match error.kind() {
        ErrorKind::StorageFull => problem.hint_command("free-space", "df -h"),
        _ => problem.hint_command(
            "check-permissions",
            format!("ls -ld {}", crate::plan::shell_quoted(layout::parent(path))),
        ),
    }
}

/// Who may open a file, as POSIX says it.
struct Guard {
    mode: u32,
    owner: u32,
}

#[cfg(unix)]
fn guard(_path: &str, meta: &fs::Metadata) -> Guard {
    use std::os::unix::fs::MetadataExt;
    Guard { mode: meta.mode() & 0o7777, owner: meta.uid() }
}

#[cfg(windows)]
const OTHERS: u32 = 0o077;

/// Accounts have no numbers there: 0 is our own, 1 another one. What cannot be found out counts as open to all.
#[cfg(windows)]
fn guard(path: &str, _meta: &fs::Metadata) -> Guard {
    let reach = fs::File::open(path).and_then(|file| crate::system::windows::security::reach(&file));
    if let Err(error) = &reach {
        tracing::debug!(path, %error, "nobody tells who may open it");
    }
    let (owned, private) = reach.map_or((false, false), |reach| (reach.owned, reach.private));
    Guard { mode: if private { 0o600 } else { 0o644 }, owner: if owned { super::around::uid() } else { 1 } }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x").display().to_string();
        (folder, path)
    }

    #[test]
    fn a_written_file_has_its_bytes_and_mode() {
        let (_folder, path) = folder();
        write(&path, b"hello", 0o600, Durable::AtOnce).unwrap();
        let contents = read(&path).unwrap().unwrap();
        assert_eq!((contents.bytes.as_slice(), contents.mode), (b"hello".as_slice(), 0o600));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_link_to_a_running_programs_exchanged_file_leads_nowhere() {
        let (_folder, path) = folder();
        // Copied by another process: one that writes a program cannot run it while another of its threads starts one.
        assert!(std::process::Command::new("cp").args(["/bin/sleep", &path]).status().unwrap().success());
        let mut child = std::process::Command::new(&path).arg("600").spawn().unwrap();
        let link = format!("/proc/{}/exe", child.id());
        let before = entry(&link).map(|found| found.real_path);
        fs::remove_file(&path).unwrap();
        fs::write(&path, "another").unwrap();
        let after = entry(&link).map(|found| found.real_path);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(before.is_some_and(|real| real.ends_with("/x")));
        assert_eq!(after, Some(link));
    }

    #[test]
    fn a_pipe_or_a_folder_in_the_place_of_a_file_is_told_at_once() {
        let (folder, path) = folder();
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        fs::create_dir(&path).unwrap();
        for path in [path, pipe.display().to_string()] {
            let refusals = [read(&path).unwrap_err(), read_part(&path, 0, 10).unwrap_err()];
            for refused in refusals {
                assert_eq!(refused.cause.unwrap(), irregular().to_string());
            }
        }
    }

    #[test]
    fn a_file_swapped_while_it_is_read_is_never_half_of_each() {
        let (folder, path) = folder();
        let other = folder.path().join("other");
        let stop = std::sync::atomic::AtomicBool::new(false);
        let swap = |text: &str, mode: u32| {
            write(&other.display().to_string(), text.repeat(4096).as_bytes(), mode, Durable::InTime).unwrap();
            fs::rename(&other, &path).unwrap();
        };
        swap("a", 0o600);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..200 {
                    let contents = read(&path).unwrap().unwrap();
                    let expected = if contents.mode == 0o600 { b'a' } else { b'b' };
                    assert!(
                        contents.bytes.iter().all(|byte| *byte == expected),
                        "mode of one, bytes of the other"
                    );
                }
                stop.store(true, std::sync::atomic::Ordering::Relaxed);
            });
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                swap("b", 0o644);
                swap("a", 0o600);
            }
        });
    }

    #[test]
    fn a_file_planted_beside_is_not_written_to() {
        let (folder, path) = folder();
        let victim = folder.path().join("victim");
        fs::write(&victim, "untouched").unwrap();
        // The temporary name is made anew and exclusively: whatever link somebody guesses, it is not followed.
        for guess in 0..64 {
            std::os::unix::fs::symlink(&victim, folder.path().join(format!(".gateward-{guess:06}"))).unwrap();
        }
        write(&path, b"secret", 0o600, Durable::InTime).unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"untouched");
        assert_eq!(fs::read(&path).unwrap(), b"secret");
    }

    #[test]
    fn a_link_that_leads_nowhere_is_replaced_and_never_followed() {
        let (folder, path) = folder();
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        write(&path, b"secret", 0o600, Durable::InTime).unwrap();
        assert!(!elsewhere.exists());
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
    }

    #[test]
    fn what_is_removed_is_the_link_and_not_what_it_leads_to() {
        let (folder, path) = folder();
        let victim = folder.path().join("victim");
        fs::write(&victim, "untouched").unwrap();
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        assert!(remove(&path).unwrap());
        assert_eq!(fs::read(&victim).unwrap(), b"untouched");
    }

    #[test]
    fn a_link_stays_a_link() {
        let (folder, path) = folder();
        let real = folder.path().join("real");
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &path).unwrap();
        write(&path, b"new", 0o644, Durable::InTime).unwrap();
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
    }

    #[test]
    fn a_failed_write_leaves_no_crumbs() {
        let (folder, _) = folder();
        let path = folder.path().join("missing/x").display().to_string();
        assert_eq!(write(&path, b"x", 0o600, Durable::AtOnce).unwrap_err().code, Code::WriteFailed);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_part_tells_how_long_the_file_is() {
        let (_folder, path) = folder();
        fs::write(&path, "0123456789").unwrap();
        let part = read_part(&path, 4, 3).unwrap().unwrap();
        assert_eq!((part.bytes.as_slice(), part.length), (b"456".as_slice(), 10));
    }

    #[test]
    fn a_log_is_emptied_under_the_hands_of_its_writer_and_nothing_is_lost() {
        use std::io::Write;
        let (_folder, path) = folder();
        let mut writer = fs::File::options().append(true).create(true).open(&path).unwrap();
        writer.write_all(b"old lines\n").unwrap();
        assert!(!rotate(&path, 10).unwrap());
        assert!(rotate(&path, 9).unwrap());
        writer.write_all(b"new\n").unwrap();
        assert_eq!(fs::read_to_string(format!("{path}.1")).unwrap(), "old lines\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new\n");
    }

    #[test]
    fn a_replaced_file_is_another_one() {
        let (folder, path) = folder();
        fs::write(&path, "a").unwrap();
        let first = read_part(&path, 0, 1).unwrap().unwrap();
        fs::rename(&path, folder.path().join("old")).unwrap();
        fs::write(&path, "a").unwrap();
        assert_ne!(read_part(&path, 0, 1).unwrap().unwrap().file, first.file);
    }

    #[test]
    fn a_file_is_a_program_only_when_it_may_be_run() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, path) = folder();
        fs::write(&path, "#!/bin/sh").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(!entry(&path).unwrap().executable);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(entry(&path).unwrap().executable);
    }

    #[test]
    fn what_is_not_there_is_none_and_a_folder_is_a_problem() {
        let (folder, path) = folder();
        assert_eq!(read(&path).unwrap(), None);
        assert_eq!(read(&folder.path().display().to_string()).unwrap_err().code, Code::ReadFailed);
        assert!(!remove(&path).unwrap());
    }
}
