//! A machine made of data, for tests: files in a map, a clock that only moves when something waits, and answers from a script or
//! a simulator.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::Sender;

use super::{Ask, Contents, Entry, Held, Hint, Part, Report, Seen, System, Watch, Watching};
use crate::plan::{Answer, Call, End};
use crate::problem::{Code, Problem};

pub mod mortal;
pub mod on_disk;

/// A manager made of data: it answers calls and questions and keeps state between them.
pub trait Simulator: Send + 'static {
    fn run(&mut self, call: &Call, machine: &mut Machine) -> Answer;

    /// A program with this on its standard input.
    fn feed(&mut self, call: &Call, _input: &str, machine: &mut Machine) -> Answer {
        self.run(call, machine)
    }

    /// `None` leaves the question to the machine itself (files) or to the default answer.
    fn answer(&mut self, ask: &Ask, machine: &mut Machine) -> Option<Seen>;
}

/// Files and time.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    pub files: BTreeMap<String, Contents>,
    pub folders: Vec<String>,
    /// Writes below these prefixes fail as on a read-only file system.
    pub read_only: Vec<String>,
    pub elapsed: Duration,
    /// Every call, as it would be typed, in order.
    pub calls: Vec<String>,
}

pub struct Scripted<S> {
    inner: Mutex<(Machine, S)>,
    locks: Arc<Mutex<BTreeSet<String>>>,
}

/// The name of a lock that is held.
struct Locked(String, Arc<Mutex<BTreeSet<String>>>);

impl Drop for Locked {
    fn drop(&mut self) {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// A machine with files and nothing else.
pub struct Still;

impl Simulator for Still {
    fn run(&mut self, _call: &Call, _machine: &mut Machine) -> Answer {
        Answer::default()
    }

    fn answer(&mut self, _ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        None
    }
}

pub fn still() -> Arc<Scripted<Still>> {
    Arc::new(Scripted::new(Still))
}

/// When a scripted machine's clock starts.
pub const EPOCH: &str = "2026-11-22T12:00:00Z";

impl<S: Simulator> Scripted<S> {
    pub fn new(simulator: S) -> Self {
        Self { inner: Mutex::new((Machine::default(), simulator)), locks: Arc::default() }
    }

    /// Looks at, or changes, machine and simulator.
    pub fn with<T>(&self, look: impl FnOnce(&mut Machine, &mut S) -> T) -> T {
        let mut inner = self.machine();
        let (machine, simulator) = &mut *inner;
        look(machine, simulator)
    }

    pub fn calls(&self) -> Vec<String> {
        self.machine().0.calls.clone()
    }

    fn machine(&self) -> MutexGuard<'_, (Machine, S)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl<S: Simulator> System for Scripted<S> {
    async fn answer(&self, ask: &Ask) -> Report {
        let mut inner = self.machine();
        let (machine, simulator) = &mut *inner;
        let seen = simulator.answer(ask, machine).unwrap_or_else(|| machine.answer(ask));
        Report { ask: ask.clone(), seen, source: "scripted".to_owned(), at: machine.now() }
    }

    async fn run(&self, call: &Call) -> Answer {
        let mut inner = self.machine();
        let (machine, simulator) = &mut *inner;
        machine.calls.push(call.to_string());
        simulator.run(call, machine)
    }

    async fn feed(&self, call: &Call, input: &[u8]) -> Answer {
        let mut inner = self.machine();
        let (machine, simulator) = &mut *inner;
        machine.calls.push(call.to_string());
        simulator.feed(call, &String::from_utf8_lossy(input), machine)
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Problem> {
        Ok(self.machine().0.files.get(path).cloned())
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.machine().0.write(path, bytes, mode)
    }

    fn remove(&self, path: &str) -> Result<bool, Problem> {
        let mut inner = self.machine();
        inner.0.writable(path)?;
        Ok(inner.0.files.remove(path).is_some())
    }

    fn make_dir(&self, path: &str, _mode: u32) -> Result<(), Problem> {
        let mut inner = self.machine();
        inner.0.writable(path)?;
        inner.0.folders.push(path.to_owned());
        Ok(())
    }

    fn lock(&self, path: &str) -> Result<Option<Held>, Problem> {
        self.machine().0.writable(path)?;
        let is_new = self.locks.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        Ok(is_new.then(|| Held::until_dropped(Locked(path.to_owned(), Arc::clone(&self.locks)))))
    }

    fn entry(&self, path: &str) -> Option<Entry> {
        self.machine().0.entry(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.machine().0.names(folder)
    }

    fn read_part(&self, path: &str, from: u64, most: usize) -> Result<Option<Part>, Problem> {
        Ok(self.read(path)?.map(|contents| {
            let length = contents.bytes.len();
            let start = usize::try_from(from).map_or(length, |from| from.min(length));
            let bytes = contents.bytes[start..length.min(start.saturating_add(most))].to_vec();
            Part { bytes, length: length as u64, file: 0, modified: None }
        }))
    }

    fn stream(&self, call: &Call, _tell: Sender<String>) -> Watching {
        self.machine().0.calls.push(call.to_string());
        Watching::until_dropped(|| ())
    }

    fn now(&self) -> Timestamp {
        self.machine().0.now()
    }

    fn clock(&self) -> Duration {
        self.machine().0.elapsed
    }

    async fn pause(&self, duration: Duration) {
        self.machine().0.elapsed += duration;
    }

    fn watch(&self, watch: Watch, tell: Sender<Hint>) -> Watching {
        let _ = tell.try_send(Hint::Lost { watch, why: "scripted".to_owned() });
        Watching::until_dropped(|| ())
    }
}

impl Machine {
    pub fn now(&self) -> Timestamp {
        let epoch: Timestamp = EPOCH.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        epoch + SignedDuration::try_from(self.elapsed).unwrap_or_default()
    }

    pub fn text(&self, path: &str) -> Option<String> {
        self.files.get(path).map(Contents::text)
    }

    /// # Errors
    /// `WriteFailed` below a read-only prefix.
    pub fn write(&mut self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.writable(path)?;
        self.files.insert(path.to_owned(), Contents { bytes: bytes.to_vec(), mode, owner: 1000 });
        Ok(())
    }

    fn writable(&self, path: &str) -> Result<(), Problem> {
        match self.read_only.iter().any(|prefix| path.starts_with(prefix)) {
            true => Err(Problem::new(Code::WriteFailed)
                .with("path", path)
                .because("Read-only file system (os error 30)")),
            false => Ok(()),
        }
    }

    /// A file, a folder that was made, or a folder some file lies in. There are no links here, and mode bits decide what may run.
    fn entry(&self, path: &str) -> Option<Entry> {
        let real_path = path.to_owned();
        if let Some(file) = self.files.get(path) {
            return Some(Entry { folder: false, executable: file.mode & 0o111 != 0, real_path });
        }
        let folder = self.folders.iter().any(|made| made == path) || !self.names(path).is_empty();
        folder.then_some(Entry { folder: true, executable: false, real_path })
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let below = self.files.keys().chain(&self.folders).filter_map(|path| path.strip_prefix(&prefix));
        let mut names: Vec<String> =
            below.filter_map(|rest| rest.split('/').next()).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    }

    /// What a quiet machine answers: its files, no listeners, nobody on any port.
    fn answer(&self, ask: &Ask) -> Seen {
        match ask {
            Ask::File { path } => self.files.get(path).cloned().map_or(Seen::Missing, Seen::File),
            Ask::Port { .. } => Seen::Listeners(Vec::new()),
            Ask::Http { .. } | Ask::Greeting { .. } => Seen::Refused,
            Ask::LastWords { .. } | Ask::Journal { .. } => Seen::Lines(Vec::new()),
            Ask::Commands { .. } => Seen::Processes(Vec::new()),
            Ask::Unit { .. }
            | Ask::Linger { .. }
            | Ask::Process { .. }
            | Ask::Load { .. }
            | Ask::Job { .. }
            | Ask::Overrides { .. }
            | Ask::Crontab
            | Ask::Task { .. }
            | Ask::TaskDefinition { .. }
            | Ask::Tasks => Seen::Missing,
        }
    }
}

/// An answer as a program would give it.
pub fn answered(code: i32, stdout: &str, stderr: &str) -> Answer {
    Answer { end: End::Exited(code), stdout: stdout.to_owned(), stderr: stderr.to_owned() }
}
