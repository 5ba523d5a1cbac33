//! A lock that the system takes back when its holder dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};

use crate::problem::{Code, Problem};

pub struct Lock {
    _held: File,
}

impl Lock {
    /// Takes the lock file at `path`, created when missing; `None` when another process holds it.
    ///
    /// # Errors
    /// `WriteFailed` when the file cannot be opened or locked.
    pub fn take(path: &str) -> Result<Option<Self>, Problem> {
        let failed = |error: std::io::Error| {
            Problem::new(Code::WriteFailed).with("path", path).because(error.to_string())
        };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        owner_only(&mut options);
        let file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _held: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

#[cfg(unix)]
pub(super) fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
pub(super) fn owner_only(_options: &mut OpenOptions) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_free_again_after_its_holder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.lock").display().to_string();
        let held = Lock::take(&path).unwrap();
        assert!(held.is_some());
        assert!(Lock::take(&path).unwrap().is_none());
        drop(held);
        assert!(Lock::take(&path).unwrap().is_some());
    }
}
