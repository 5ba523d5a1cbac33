//! A folder entry's changes, through inotify.
//!
//! The folder is watched and not the file, so that the watch survives an atomic replacement and sees a file that is yet to come.
//! rustix' binding on tokio's own reactor is used: it is built in already, and the `notify` crate would bring a thread per watcher.

use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};
use rustix::io::Errno;
use tokio::io::unix::AsyncFd;

use super::{Teller, on_reactor};
use crate::layout;

/// A folder that is not there may come.
const TRY_AGAIN: Duration = Duration::from_secs(5);

pub async fn watch(path: String, told: Teller) {
    let mut reported = false;
    loop {
        match folder(&path) {
            Ok(folder) => {
                told.watching().await;
                let why = follow(&folder, layout::file_name(&path), &told).await;
                told.lost(why).await;
                reported = true;
            }
            Err(why) if !reported => {
                told.lost(why).await;
                reported = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

fn folder(path: &str) -> Result<AsyncFd<OwnedFd>, String> {
    let mask = WatchFlags::CLOSE_WRITE
        | WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::MOVED_FROM
        | WatchFlags::MOVED_TO
        | WatchFlags::DELETE_SELF
        | WatchFlags::MOVE_SELF
        | WatchFlags::ONLYDIR;
    let open = || -> std::io::Result<AsyncFd<OwnedFd>> {
        let events = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        add_watch(&events, layout::parent(path), mask)?;
        on_reactor(events)
    };
    open().map_err(|error| format!("{}: {error}", layout::parent(path)))
}

/// Tells each change until the folder itself goes; returns why.
async fn follow(folder: &AsyncFd<OwnedFd>, name: &str, told: &Teller) -> String {
    loop {
        let mut ready = match folder.readable().await {
            Ok(ready) => ready,
            Err(error) => return error.to_string(),
        };
        let news = read(folder.get_ref(), OsStr::new(name));
        ready.clear_ready();
        match news {
            Ok(News { gone: true, .. }) => return "the folder was removed or moved".to_owned(),
            Ok(News { changed: true, .. }) => told.changed(None).await,
            Ok(News { .. }) => {}
            Err(error) => return error.to_string(),
        }
    }
}

/// What all events that have come amount to.
#[derive(Default)]
struct News {
    changed: bool,
    gone: bool,
}

fn read(events: &OwnedFd, name: &OsStr) -> std::io::Result<News> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut reader = Reader::new(events, &mut buffer);
    let mut news = News::default();
    loop {
        let event = match reader.next() {
            Ok(event) => event,
            Err(Errno::WOULDBLOCK) => return Ok(news),
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        let gone = ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF | ReadFlags::UNMOUNT | ReadFlags::IGNORED;
        news.gone |= event.events().intersects(gone);
        // Events were dropped: anything may have changed.
        news.changed |= event.events().contains(ReadFlags::QUEUE_OVERFLOW);
        news.changed |= event.file_name().is_some_and(|file| OsStr::from_bytes(file.to_bytes()) == name);
    }
}
