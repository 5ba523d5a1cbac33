//! A simulated manager over a real file system: every path lies below one real folder.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use super::{Machine, Scripted, Simulator};
use crate::plan::{Answer, Call};
use crate::problem::Problem;
use crate::system::os::Os;
use crate::system::{Ask, Contents, Entry, Held, Hint, Part, Report, System, Watch, Watching};

pub struct OnDisk<S> {
    root: PathBuf,
    disk: Os,
    /// Holds the same files: what the simulator sees.
    mirror: Scripted<S>,
}

impl<S: Simulator> OnDisk<S> {
    /// The same machine with its files on the disk, below `root`.
    pub fn new(root: PathBuf, mirror: Scripted<S>) -> Self {
        let machine = Self { root, disk: Os::new(None), mirror };
        let files = machine.mirror.with(|machine, _| machine.files.clone());
        files.iter().for_each(|(path, contents)| machine.put(path, contents));
        machine
    }

    /// Where a path of the simulated machine really is; in Windows' syntax too.
    fn place(&self, path: &str) -> String {
        let below = path.replace('\\', "/").replace(':', "");
        self.root.join(below.trim_start_matches('/')).display().to_string()
    }

    /// Looks at machine and simulator, and lets the disk have what they made of the files.
    pub fn with<T>(&self, look: impl FnOnce(&mut Machine, &mut S) -> T) -> T {
        self.mirror.with(|machine, simulator| {
            let before = machine.files.clone();
            let result = look(machine, simulator);
            let gone = before.keys().filter(|path| !machine.files.contains_key(*path));
            gone.for_each(|path| drop(self.disk.remove(&self.place(path))));
            for (path, contents) in machine.files.iter().filter(|(path, now)| before.get(*path) != Some(now))
            {
                self.put(path, contents);
            }
            result
        })
    }

    /// Best effort: a write that failed is seen at the next reading.
    fn put(&self, path: &str, contents: &Contents) {
        let place = self.place(path);
        let folder = crate::layout::parent(&place);
        let done = self.disk.make_dir(folder, 0o700);
        let done = done.and_then(|()| self.disk.write_fleeting(&place, &contents.bytes, contents.mode));
        if let Err(problem) = done {
            tracing::error!(%problem, "the disk does not have it");
        }
    }
}

#[async_trait]
impl<S: Simulator> System for OnDisk<S> {
    async fn answer(&self, ask: &Ask) -> Report {
        self.mirror.answer(ask).await
    }

    async fn run(&self, call: &Call) -> Answer {
        self.with(|machine, simulator| {
            machine.calls.push(call.to_string());
            simulator.run(call, machine)
        })
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Problem> {
        self.disk.read(&self.place(path))
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.with(|machine, _| machine.write(path, bytes, mode))
    }

    fn remove(&self, path: &str) -> Result<bool, Problem> {
        Ok(self.with(|machine, _| machine.files.remove(path).is_some()))
    }

    fn make_dir(&self, path: &str, mode: u32) -> Result<(), Problem> {
        self.mirror.make_dir(path, mode)?;
        self.disk.make_dir(&self.place(path), mode)
    }

    /// In memory, as the clock is, which waits for nobody: between fork and exec a child of another test holds a real lock a moment
    /// longer.
    fn lock(&self, path: &str) -> Result<Option<Held>, Problem> {
        self.mirror.lock(path)
    }

    fn entry(&self, path: &str) -> Option<Entry> {
        self.mirror.entry(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.disk.names(&self.place(folder))
    }

    fn read_part(&self, path: &str, from: u64, most: usize) -> Result<Option<Part>, Problem> {
        self.disk.read_part(&self.place(path), from, most)
    }

    fn stream(&self, call: &Call, tell: Sender<String>) -> Watching {
        self.mirror.stream(call, tell)
    }

    fn now(&self) -> Timestamp {
        self.mirror.now()
    }

    fn clock(&self) -> Duration {
        self.mirror.clock()
    }

    async fn pause(&self, duration: Duration) {
        self.mirror.pause(duration).await;
    }

    fn watch(&self, watch: Watch, tell: Sender<Hint>) -> Watching {
        self.mirror.watch(watch, tell)
    }
}
