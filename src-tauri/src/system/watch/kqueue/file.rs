//! A folder entry's changes: EVFILT_VNODE on the folder, for files that come, go or are replaced, and on the file itself, for those
//! that are written in place.

use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Queue, in_thread};
use crate::layout;
use crate::system::Watching;
use crate::system::watch::Teller;

/// O_EVTONLY: a descriptor for events only, which does not keep a volume from being ejected.
const EVENTS_ONLY: i32 = 0x8000;

/// A folder that is not there may come.
const TRY_AGAIN: Duration = Duration::from_secs(5);

pub fn watch(path: String, told: Teller) -> Watching {
    in_thread(told, move |queue, told| {
        let mut reported = false;
        loop {
            let (why, worked) = match follow(queue, &path, told) {
                Ok(Ending::Asked) => return,
                Ok(Ending::FolderGone) => ("the folder was removed or moved".to_owned(), true),
                Err(error) => (format!("{}: {error}", layout::parent(&path)), false),
            };
            if worked || !reported {
                told.lost_now(why);
                reported = true;
            }
            if queue.rest(TRY_AGAIN) {
                return;
            }
        }
    })
}

enum Ending {
    Asked,
    FolderGone,
}

fn follow(queue: &Queue, path: &str, told: &Teller) -> std::io::Result<Ending> {
    let (place, file) = (PathBuf::from(layout::parent(path)), PathBuf::from(path));
    let folder = open(&place)?;
    queue.add_file(folder.as_fd())?;
    let mut last = Look::at(queue, &file)?;
    told.watching_now();
    while queue.next()?.is_some() {
        if !stands_for(&folder, &place)? {
            return Ok(Ending::FolderGone);
        }
        let now = Look::at(queue, &file)?;
        if now.mark != last.mark {
            told.changed_now(None);
        }
        last = now;
    }
    Ok(Ending::Asked)
}

fn open(path: &Path) -> std::io::Result<File> {
    File::options().read(true).custom_flags(EVENTS_ONLY).open(path)
}

fn stands_for(folder: &File, place: &Path) -> std::io::Result<bool> {
    let own = folder.metadata()?;
    Ok(std::fs::metadata(place).is_ok_and(|found| (found.dev(), found.ino()) == (own.dev(), own.ino())))
}

/// The entry as it was found. The open file keeps its watch alive; dropping it ends that.
struct Look {
    mark: Option<Mark>,
    _watched: Option<File>,
}

/// What differs after every change of a file's text or mode.
#[derive(PartialEq, Eq)]
struct Mark {
    file: (u64, u64),
    changed: (i64, i64),
    size: u64,
}

impl Look {
    /// A file that is not there has no mark; the folder tells when it comes.
    fn at(queue: &Queue, path: &Path) -> std::io::Result<Self> {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { mark: None, _watched: None });
            }
            Err(error) => return Err(error),
        };
        queue.add_file(file.as_fd())?;
        let found = file.metadata()?;
        let mark = Mark {
            file: (found.dev(), found.ino()),
            changed: (found.ctime(), found.ctime_nsec()),
            size: found.len(),
        };
        Ok(Self { mark: Some(mark), _watched: Some(file) })
    }
}
