//! A machine on which the program dies between two of its acts, so that a test can kill it at every one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use crate::plan::{Answer, Call};
use crate::problem::Problem;
use crate::system::{Ask, Contents, Entry, Held, Hint, Part, Report, System, Watch, Watching};

pub struct Mortal<S> {
    inner: Arc<S>,
    acts_left: AtomicUsize,
    /// Does not return: `SIGKILL` for oneself, or an unwinding that nothing catches on its way.
    die: fn(),
}

impl<S: System> Mortal<S> {
    /// Lets `acts` things be changed, and calls `die` before the next one.
    pub fn new(inner: Arc<S>, acts: usize, die: fn()) -> Self {
        Self { inner, acts_left: AtomicUsize::new(acts), die }
    }

    pub fn acts_left(&self) -> usize {
        self.acts_left.load(Ordering::Relaxed)
    }

    fn act(&self) {
        let left = self.acts_left.load(Ordering::Relaxed);
        if left == 0 {
            (self.die)();
        }
        self.acts_left.store(left.saturating_sub(1), Ordering::Relaxed);
    }
}

#[async_trait]
impl<S: System> System for Mortal<S> {
    async fn answer(&self, ask: &Ask) -> Report {
        self.inner.answer(ask).await
    }

    async fn run(&self, call: &Call) -> Answer {
        if !call.only_looks() {
            self.act();
        }
        self.inner.run(call).await
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Problem> {
        self.inner.read(path)
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.act();
        self.inner.write(path, bytes, mode)
    }

    fn remove(&self, path: &str) -> Result<bool, Problem> {
        self.act();
        self.inner.remove(path)
    }

    fn make_dir(&self, path: &str, mode: u32) -> Result<(), Problem> {
        self.act();
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
