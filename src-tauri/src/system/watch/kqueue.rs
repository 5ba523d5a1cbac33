//! The kernel's event queue of macOS, one for each watch.
//!
//! A thread waits in kevent(2), at no cost while nothing happens. A queue inside of tokio's queue would save it, but whether such a
//! nested queue wakes anybody differs between releases of macOS, and a watch that stays silent is worse than a thread.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::Arc;
use std::time::Duration;

use nix::libc;
use nix::sys::event::{EvFlags, EventFilter, FilterFlag, KEvent, Kqueue};

use super::{Hint, Teller};
use crate::system::Watching;

pub mod file;
pub mod process;

/// Ends the wait of its thread; no other event bears this number in this filter.
const STOP: usize = 0;

struct Queue(Kqueue);

impl Queue {
    fn new() -> nix::Result<Self> {
        let queue = Self(Kqueue::new()?);
        queue.add(STOP, EventFilter::EVFILT_USER, FilterFlag::empty())?;
        Ok(queue)
    }

    /// # Errors
    /// `ESRCH` where there is no such process any more.
    fn add_process(&self, pid: u32) -> nix::Result<()> {
        // The status is told to whoever may signal the process: the same account.
        let what = FilterFlag::NOTE_EXIT | FilterFlag::NOTE_EXITSTATUS;
        self.add(pid as usize, EventFilter::EVFILT_PROC, what)
    }

    /// Watches what `descriptor` stands for, as long as it is open.
    fn add_file(&self, descriptor: BorrowedFd<'_>) -> nix::Result<()> {
        let what = FilterFlag::NOTE_WRITE
            | FilterFlag::NOTE_EXTEND
            | FilterFlag::NOTE_ATTRIB
            | FilterFlag::NOTE_DELETE
            | FilterFlag::NOTE_RENAME
            | FilterFlag::NOTE_REVOKE;
        let number = usize::try_from(descriptor.as_raw_fd()).map_err(|_| nix::errno::Errno::EBADF)?;
        self.add(number, EventFilter::EVFILT_VNODE, what)
    }

    fn add(&self, ident: usize, filter: EventFilter, what: FilterFlag) -> nix::Result<()> {
        let flags = EvFlags::EV_ADD | EvFlags::EV_CLEAR;
        let wish = KEvent::new(ident, filter, flags, what, 0, 0);
        // No room for answers: a refused wish is then an error of the call.
        self.0.kevent(&[wish], &mut [], None).map(drop)
    }

    /// Waits for one event; `None` when the watch is over.
    fn next(&self) -> nix::Result<Option<KEvent>> {
        loop {
            if let Some(event) = self.wait(None)? {
                return Ok(Some(event).filter(|event| !is_stop(event)));
            }
        }
    }

    /// Lets `time` pass, or less where an event comes; whether the watch is over.
    fn rest(&self, time: Duration) -> bool {
        let seconds = libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX);
        let time = libc::timespec { tv_sec: seconds, tv_nsec: time.subsec_nanos().into() };
        self.wait(Some(time)).is_ok_and(|event| event.is_some_and(|event| is_stop(&event)))
    }

    /// `None` when the time is up or a signal came.
    fn wait(&self, most: Option<libc::timespec>) -> nix::Result<Option<KEvent>> {
        let nothing =
            KEvent::new(STOP, EventFilter::EVFILT_USER, EvFlags::empty(), FilterFlag::empty(), 0, 0);
        let mut told = [nothing];
        match self.0.kevent(&[], &mut told, most) {
            Ok(0) | Err(nix::errno::Errno::EINTR) => Ok(None),
            Ok(_) => Ok(Some(told[0])),
            Err(error) => Err(error),
        }
    }

    fn stop(&self) {
        let flags = EvFlags::empty();
        let wish = KEvent::new(STOP, EventFilter::EVFILT_USER, flags, FilterFlag::NOTE_TRIGGER, 0, 0);
        if let Err(error) = self.0.kevent(&[wish], &mut [], None) {
            tracing::warn!(%error, "a watch could not be ended");
        }
    }
}

fn is_stop(event: &KEvent) -> bool {
    event.filter().is_ok_and(|filter| filter == EventFilter::EVFILT_USER)
}

/// Runs `follow` in a thread until the returned guard is dropped; it ends when [`Queue::next`] says so.
fn in_thread(told: Teller, follow: impl FnOnce(&Queue, &Teller) + Send + 'static) -> Watching {
    let queue = match Queue::new() {
        Ok(queue) => Arc::new(queue),
        Err(error) => return super::lost(told.watch, &told.tell, error.desc()),
    };
    let (own, watch, tell) = (Arc::clone(&queue), told.watch.clone(), told.tell.clone());
    let thread = std::thread::Builder::new().name("watch".to_owned());
    match thread.spawn(move || follow(&own, &told)) {
        Ok(_) => Watching::until_dropped(move || queue.stop()),
        Err(error) => super::lost(watch, &tell, &error.to_string()),
    }
}

/// From a thread of our own, so that waiting for room blocks nobody else.
impl Teller {
    fn changed_now(&self, exit: Option<crate::model::ExitRecord>) {
        self.send_now(Hint::Changed { watch: self.watch.clone(), exit });
    }

    fn watching_now(&self) {
        self.send_now(Hint::Watching { watch: self.watch.clone() });
    }

    fn lost_now(&self, why: String) {
        self.send_now(Hint::Lost { watch: self.watch.clone(), why });
    }

    fn send_now(&self, hint: Hint) {
        let _ = self.tell.blocking_send(hint);
    }
}
