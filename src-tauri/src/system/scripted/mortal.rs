//! A machine on which something goes wrong at one of the program's acts, so that a test can try every one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use crate::plan::{Answer, Call, End};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Contents, Entry, Held, Hint, Part, Report, System, Watch, Watching};

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Before the act; does not return: `SIGKILL` for oneself, or an unwinding that nothing catches on its way.
    Death(fn()),
    /// The tool does not come back, and is ended after its deadline.
    Hang,
    /// The tool says no.
    Refusal,
    /// The tool says yes and does nothing.
    Lie,
    /// From then on no file can be written; one can be removed.
    FullDisk,
    /// From then on no file can be written or removed, in these words of the system.
    Closed(&'static str),
}

pub struct Mortal<S> {
    inner: Arc<S>,
    acts_left: AtomicUsize,
    fault: Fault,
    healed: AtomicBool,
    struck: AtomicBool,
    /// Which of the acts so far were calls of a tool, by their numbers.
    calls: Mutex<Vec<usize>>,
    acts: AtomicUsize,
}

/// What the program is about to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Call,
    Write,
    Remove,
}

impl<S: System> Mortal<S> {
    /// Lets `acts` things be changed, and calls `die` before the next one.
    pub fn new(inner: Arc<S>, acts: usize, die: fn()) -> Self {
        Self::with(inner, acts, Fault::Death(die))
    }

    /// Lets `acts` things be changed; at the next one `fault` happens.
    pub fn with(inner: Arc<S>, acts: usize, fault: Fault) -> Self {
        Self {
            inner,
            acts_left: AtomicUsize::new(acts),
            fault,
            healed: AtomicBool::new(false),
            struck: AtomicBool::new(false),
            calls: Mutex::default(),
            acts: AtomicUsize::new(0),
        }
    }

    pub fn acts_left(&self) -> usize {
        self.acts_left.load(Ordering::Relaxed)
    }

    /// Whether the fault has met an act: a tool that hangs spoils no writing.
    pub fn has_struck(&self) -> bool {
        self.struck.load(Ordering::Relaxed)
    }

    /// The numbers of the acts that called a tool.
    pub fn calls(&self) -> Vec<usize> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.healed.store(true, Ordering::Relaxed);
    }

    /// The fault, if `act` is to meet it.
    fn meets(&self, act: Act) -> Option<Fault> {
        let left = self.acts_left.load(Ordering::Relaxed);
        let number = self.acts.fetch_add(1, Ordering::Relaxed);
        if act == Act::Call {
            self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(number);
        }
        // Beyond 0 the count tells those that go on from those that happen once.
        self.acts_left.store(left.wrapping_sub(1), Ordering::Relaxed);
        let is_past = left > usize::MAX / 2;
        if self.healed.load(Ordering::Relaxed) || !(left == 0 || is_past) {
            return None;
        }
        let fits = match (self.fault, act) {
            (Fault::Death(_), _) => left == 0,
            (Fault::Hang | Fault::Refusal | Fault::Lie, Act::Call) => left == 0,
            (Fault::FullDisk, Act::Write) | (Fault::Closed(_), Act::Write | Act::Remove) => true,
            (Fault::Hang | Fault::Refusal | Fault::Lie, Act::Write | Act::Remove)
            | (Fault::FullDisk, Act::Call | Act::Remove)
            | (Fault::Closed(_), Act::Call) => false,
        };
        self.struck.fetch_or(fits, Ordering::Relaxed);
        fits.then_some(self.fault)
    }

    /// # Errors
    /// `WriteFailed` on a disk that takes nothing.
    fn file(&self, act: Act, path: &str) -> Result<(), Problem> {
        let refused = |words: &str| Err(Problem::new(Code::WriteFailed).with("path", path).because(words));
        match self.meets(act) {
            Some(Fault::Death(die)) => {
                die();
                Ok(())
            }
            Some(Fault::FullDisk) => refused("No space left on device (os error 28)"),
            Some(Fault::Closed(words)) => refused(words),
            Some(Fault::Hang | Fault::Refusal | Fault::Lie) | None => Ok(()),
        }
    }

    fn call(&self) -> Option<Answer> {
        let ended = |end: End, stderr: &str| Answer { end, stderr: stderr.to_owned(), ..Answer::default() };
        match self.meets(Act::Call)? {
            Fault::Death(die) => {
                die();
                None
            }
            Fault::Hang => Some(ended(End::TimedOut, "")),
            Fault::Refusal => Some(ended(End::Exited(1), "Connection timed out")),
            Fault::Lie => Some(ended(End::Exited(0), "")),
            Fault::FullDisk | Fault::Closed(_) => None,
        }
    }
}

#[async_trait]
impl<S: System> System for Mortal<S> {
    async fn answer(&self, ask: &Ask) -> Report {
        self.inner.answer(ask).await
    }

    async fn run(&self, call: &Call) -> Answer {
        let wrong = if call.only_looks() { None } else { self.call() };
        match wrong {
            Some(answer) => answer,
            None => self.inner.run(call).await,
        }
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Problem> {
        self.inner.read(path)
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.file(Act::Write, path)?;
        self.inner.write(path, bytes, mode)
    }

    fn remove(&self, path: &str) -> Result<bool, Problem> {
        self.file(Act::Remove, path)?;
        self.inner.remove(path)
    }

    fn make_dir(&self, path: &str, mode: u32) -> Result<(), Problem> {
        self.file(Act::Write, path)?;
        self.inner.make_dir(path, mode)
    }

    fn lock(&self, path: &str) -> Result<Option<Held>, Problem> {
        self.inner.lock(path)
    }

    fn entry(&self, path: &str) -> Option<Entry> {
        self.inner.entry(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.inner.names(folder)
    }

    fn read_part(&self, path: &str, from: u64, most: usize) -> Result<Option<Part>, Problem> {
        self.inner.read_part(path, from, most)
    }

    fn stream(&self, call: &Call, tell: Sender<String>) -> Watching {
        self.inner.stream(call, tell)
    }

    fn now(&self) -> Timestamp {
        self.inner.now()
    }

    fn clock(&self) -> Duration {
        self.inner.clock()
    }

    async fn pause(&self, duration: Duration) {
        self.inner.pause(duration).await;
    }

    fn watch(&self, watch: Watch, tell: Sender<Hint>) -> Watching {
        self.inner.watch(watch, tell)
    }
}
