//! A machine on which something goes wrong at one of the program's acts, so that a test can try every one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::Sender;

use crate::plan::{Answer, Call, End};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Contents, Entry, Held, Hint, Part, Report, Seen, System, Watch, Watching};

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
    /// The tool does it, and says that its connection broke.
    Unheard,
    /// For so long nobody answers where the manager should be: neither questions, nor the tools that this knows an answer for.
    Gone(Duration, fn(&Call) -> Option<Answer>),
    /// The wall clock is set, so much ahead or back.
    Clock(SignedDuration),
    /// Something happens beside the program, as [`Mortal::beside`] says.
    Beside,
    /// From then on no file can be written; one can be removed.
    FullDisk,
    /// From then on no file can be written or removed, in these words of the system.
    Closed(&'static str),
}

pub struct Mortal<S> {
    inner: Arc<S>,
    acts_left: AtomicUsize,
    fault: Fault,
    event: Option<Box<dyn Fn() + Send + Sync>>,
    /// When the manager comes back, by the machine's clock.
    back: Mutex<Option<Duration>>,
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
            event: None,
            back: Mutex::default(),
            healed: AtomicBool::new(false),
            struck: AtomicBool::new(false),
            calls: Mutex::default(),
            acts: AtomicUsize::new(0),
        }
    }

    /// Lets `acts` things be changed; before the next one `event` happens. Whoever waits lets others go on meanwhile.
    pub fn beside(inner: Arc<S>, acts: usize, event: impl Fn() + Send + Sync + 'static) -> Self {
        Self { event: Some(Box::new(event)), ..Self::with(inner, acts, Fault::Beside) }
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
            (Fault::Death(_) | Fault::Gone(..) | Fault::Clock(_) | Fault::Beside, _) => left == 0,
            (Fault::Hang | Fault::Refusal | Fault::Lie | Fault::Unheard, Act::Call) => left == 0,
            (Fault::FullDisk, Act::Write) | (Fault::Closed(_), Act::Write | Act::Remove) => true,
            (Fault::Hang | Fault::Refusal | Fault::Lie | Fault::Unheard, Act::Write | Act::Remove)
            | (Fault::FullDisk, Act::Call | Act::Remove)
            | (Fault::Closed(_), Act::Call) => false,
        };
        self.struck.fetch_or(fits, Ordering::Relaxed);
        if fits {
            self.happen();
        }
        fits.then_some(self.fault)
    }

    /// What does not wait for the act itself.
    fn happen(&self) {
        match self.fault {
            Fault::Death(die) => die(),
            Fault::Gone(time, _) => *self.back() = Some(self.inner.clock().saturating_add(time)),
            Fault::Beside => self.event.iter().for_each(|event| event()),
            Fault::Hang
            | Fault::Refusal
            | Fault::Lie
            | Fault::Unheard
            | Fault::FullDisk
            | Fault::Closed(_)
            | Fault::Clock(_) => {}
        }
    }

    fn back(&self) -> MutexGuard<'_, Option<Duration>> {
        self.back.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_alone(&self) -> bool {
        let is_away = self.back().is_some_and(|back| self.inner.clock() < back);
        is_away && !self.healed.load(Ordering::Relaxed)
    }

    /// # Errors
    /// `WriteFailed` on a disk that takes nothing.
    fn file(&self, act: Act, path: &str) -> Result<(), Problem> {
        let refused = |words: &str| Err(Problem::new(Code::WriteFailed).with("path", path).because(words));
        match self.meets(act) {
            Some(Fault::FullDisk) => refused("No space left on device (os error 28)"),
            Some(Fault::Closed(words)) => refused(words),
            Some(
                Fault::Death(_)
                | Fault::Hang
                | Fault::Refusal
                | Fault::Lie
                | Fault::Unheard
                | Fault::Gone(..)
                | Fault::Clock(_)
                | Fault::Beside,
            )
            | None => Ok(()),
        }
    }

    async fn call(&self, call: &Call) -> Answer {
        let ended = |end: End, stderr: &str| Answer { end, stderr: stderr.to_owned(), ..Answer::default() };
        let met = if call.only_looks() { None } else { self.meets(Act::Call) };
        if let (Fault::Gone(_, nobody), true) = (self.fault, self.is_alone())
            && let Some(answer) = nobody(call)
        {
            return answer;
        }
        match met {
            Some(Fault::Hang) => ended(End::TimedOut, ""),
            Some(Fault::Refusal) => ended(End::Exited(1), "Connection timed out"),
            Some(Fault::Lie) => ended(End::Exited(0), ""),
            Some(Fault::Unheard) => {
                self.inner.run(call).await;
                ended(End::Exited(1), "Connection reset by peer")
            }
            Some(
                Fault::Death(_)
                | Fault::FullDisk
                | Fault::Closed(_)
                | Fault::Gone(..)
                | Fault::Clock(_)
                | Fault::Beside,
            )
            | None => self.inner.run(call).await,
        }
    }
}

/// Whether the manager itself answers it, and not the system or the gateway.
fn is_to_the_manager(ask: &Ask) -> bool {
    match ask {
        Ask::Unit { .. }
        | Ask::Linger { .. }
        | Ask::Job { .. }
        | Ask::Overrides { .. }
        | Ask::Task { .. }
        | Ask::TaskDefinition { .. }
        | Ask::Tasks => true,
        Ask::File { .. }
        | Ask::Process { .. }
        | Ask::Load { .. }
        | Ask::Port { .. }
        | Ask::Http { .. }
        | Ask::Greeting { .. }
        | Ask::LastWords { .. }
        | Ask::Journal { .. }
        | Ask::Commands { .. }
        | Ask::Crontab => false,
    }
}

#[async_trait]
impl<S: System> System for Mortal<S> {
    async fn answer(&self, ask: &Ask) -> Report {
        let report = self.inner.answer(ask).await;
        match self.is_alone() && is_to_the_manager(ask) {
            true => Report {
                seen: Seen::Failed(Problem::new(Code::NoUserManager).because("nobody answers")),
                ..report
            },
            false => report,
        }
    }

    async fn run(&self, call: &Call) -> Answer {
        self.call(call).await
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
        if let (Fault::Clock(by), true) = (self.fault, self.has_struck()) {
            return self.inner.now() + by;
        }
        self.inner.now()
    }

    fn clock(&self) -> Duration {
        self.inner.clock()
    }

    async fn pause(&self, duration: Duration) {
        self.inner.pause(duration).await;
        if self.event.is_some() {
            tokio::task::yield_now().await;
        }
    }

    fn watch(&self, watch: Watch, tell: Sender<Hint>) -> Watching {
        self.inner.watch(watch, tell)
    }
}
