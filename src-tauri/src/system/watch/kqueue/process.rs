//! A process's end, with how it ended: EVFILT_PROC with NOTE_EXIT and NOTE_EXITSTATUS.

use jiff::Timestamp;
use nix::errno::Errno;

use super::{Queue, in_thread};
use crate::model::ExitRecord;
use crate::system::Watching;
use crate::system::watch::status::exit_of;
use crate::system::watch::{Teller, is_the_one};

pub fn watch(pid: u32, started: Option<Timestamp>, told: Teller) -> Watching {
    in_thread(told, move |queue, told| follow(queue, pid, started, told))
}

fn follow(queue: &Queue, pid: u32, started: Option<Timestamp>, told: &Teller) {
    match queue.add_process(pid) {
        // Only a process that is already watched cannot have made room for another one unseen.
        Ok(()) if !is_the_one(pid, started) => told.changed_now(None),
        Ok(()) => {
            told.watching_now();
            wait(queue, pid, told);
        }
        Err(Errno::ESRCH) => told.changed_now(None),
        Err(error) => told.lost_now(error.desc().to_owned()),
    }
}

fn wait(queue: &Queue, pid: u32, told: &Teller) {
    match queue.next() {
        Ok(Some(event)) => {
            let exit = exit_of(i64::try_from(event.data()).unwrap_or_default());
            let at = Some(Timestamp::now());
            told.changed_now(Some(ExitRecord { exit, at, pid: Some(pid), result: None }));
        }
        Ok(None) => {}
        Err(error) => told.lost_now(error.desc().to_owned()),
    }
}
