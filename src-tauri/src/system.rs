//! The seam to the machine: every question, program, file and wait goes through [`System`].
//!
//! Questions ([`Ask`]) and answers ([`Report`]) are data. [`os::Os`] asks the real machine, each by the cheapest route it has;
//! [`scripted::Scripted`] replays a transcript. Every route to the same question gives the same report.

// The one floor that touches the machine: what clippy.toml bans elsewhere is its work.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::model::{ExitRecord, Redacted, TrayHost};
use crate::plan::{Answer, Call, End};
use crate::problem::{Code, Problem};

pub mod child;
pub mod code_page;
pub mod os;
mod pin;
pub mod properties;
pub mod scripted;
#[cfg(any(test, windows))]
mod sddl;
pub mod store;
mod watch;
#[cfg(windows)]
pub mod windows;

pub use pin::Pin;

#[async_trait]
pub trait System: Send + Sync + 'static {
    /// Answers one question. Never fails: what could not be answered is [`Seen::Failed`].
    async fn answer(&self, ask: &Ask) -> Report;

    /// Runs a program with no standard input, both streams captured, `LC_ALL=C`, and its deadline kept: when the deadline
    /// passes the program is killed and its pipes are abandoned, even if a grandchild holds them open.
    async fn run(&self, call: &Call) -> Answer;

    /// As [`System::run`], with `input` on standard input.
    async fn feed(&self, call: &Call, input: &[u8]) -> Answer {
        let _ = input;
        Answer {
            end: End::NotStarted(format!("{}: not on this machine", call.tool.name())),
            ..Answer::default()
        }
    }

    /// As [`System::run`]; each line of either stream is also told while the program is at work.
    async fn narrate(&self, call: &Call, tell: &Hearer<'_>) -> Answer {
        let answer = self.run(call).await;
        answer.stdout.lines().chain(answer.stderr.lines()).for_each(tell);
        answer
    }

    /// The desktop's place for tray icons; `None` on systems that always have one.
    async fn tray_host(&self) -> Option<TrayHost> {
        None
    }

    /// Sends a message to a server and gives the status of its answer; the failure is in words that do not hold the address.
    async fn post(&self, post: &Post) -> Result<u16, String> {
        let _ = post;
        Err("this machine has no network".to_owned())
    }

    /// Gets what stands at an address outside this machine; the failure is in words that do not hold the address.
    async fn fetch(&self, wanted: &Fetch) -> Result<Vec<u8>, String> {
        let _ = wanted;
        Err("this machine has no network".to_owned())
    }

    /// Reads a whole file; `None` when it does not exist.
    ///
    /// # Errors
    /// `ReadFailed` with the path and the system's words.
    fn read(&self, path: &str) -> Result<Option<Contents>, Problem>;

    /// Replaces a file atomically with the given POSIX mode; parents must exist.
    ///
    /// # Errors
    /// `WriteFailed`; the old file is then untouched.
    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem>;

    /// The same without waiting for the disk, for what means nothing after the next boot: others see the old file or the new one,
    /// but a power cut may leave neither.
    ///
    /// # Errors
    /// `WriteFailed`.
    fn write_fleeting(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.write(path, bytes, mode)
    }

    /// Removes a file; `false` when there was none.
    ///
    /// # Errors
    /// `WriteFailed`.
    fn remove(&self, path: &str) -> Result<bool, Problem>;

    /// Creates a folder and its missing parents with `mode`; existing ones are left alone.
    ///
    /// # Errors
    /// `WriteFailed`.
    fn make_dir(&self, path: &str, mode: u32) -> Result<(), Problem>;

    /// Takes the lock file at `path`, made when missing, for its owner only; `None` while somebody else holds it. The system takes
    /// it back when its holder dies, however it dies.
    ///
    /// # Errors
    /// `WriteFailed`.
    fn lock(&self, path: &str) -> Result<Option<Held>, Problem>;

    /// What is at `path`, links followed; `None` when there is nothing, or nothing that may be looked at.
    fn entry(&self, path: &str) -> Option<Entry>;

    /// Bytes that this account may still write to the disk of `path`; `None` where the system does not tell.
    fn free_space(&self, _path: &str) -> Option<u64> {
        None
    }

    /// The names in a folder, sorted; empty when it cannot be listed.
    fn names(&self, folder: &str) -> Vec<String>;

    /// Reads at most `most` bytes of a file from byte `from` on, for logs that are too large or too alive to read whole; `None`
    /// when it does not exist.
    ///
    /// # Errors
    /// `ReadFailed`.
    fn read_part(&self, path: &str, from: u64, most: usize) -> Result<Option<Part>, Problem>;

    /// Empties a log that has grown beyond `most` bytes, after a copy to `<path>.1`, which replaces an older one. In place: whoever
    /// has it open for appending goes on with it. Whether there was anything to do; never where there are no real files.
    ///
    /// # Errors
    /// `WriteFailed`; the log is then untouched.
    fn rotate(&self, _path: &str, _most: u64) -> Result<bool, Problem> {
        Ok(false)
    }

    /// Runs a program that goes on until it is stopped; its standard output arrives line by line on `tell`, which is closed when
    /// it ends. The program is killed when the guard is dropped.
    fn stream(&self, call: &Call, tell: tokio::sync::mpsc::Sender<String>) -> Watching;

    /// Calls one method of the gateway on a port of this machine, and returns the payload's JSON.
    ///
    /// # Errors
    /// `NotAnswering` when nobody answers in time; `AccessDenied` when the secret is refused; `Unsupported` when the gateway has no
    /// such method.
    async fn call_gateway(&self, _port: u16, _key: &DoorKey, method: &str) -> Result<String, Problem> {
        Err(Problem::new(Code::Unsupported).with("method", method))
    }

    /// The wall clock; it may jump.
    fn now(&self) -> Timestamp;

    /// Time since an arbitrary moment; it never jumps. Deadlines are measured with it.
    fn clock(&self) -> Duration;

    /// How long the machine has slept since it was started, as far as the system tells; only differences mean anything.
    fn slept(&self) -> Duration {
        Duration::ZERO
    }

    /// Time since boot, sleep included, as far as the system tells: the same for all processes, and it never jumps.
    fn uptime(&self) -> Duration {
        Duration::ZERO
    }

    async fn pause(&self, duration: Duration);

    /// Waits until the wall clock shows `moment`, however it gets there: also over a sleep of the machine, or by being set. May end
    /// early.
    async fn pause_until(&self, moment: Timestamp) {
        let left = Duration::try_from(moment.duration_since(self.now())).unwrap_or_default();
        self.pause(left.min(LONGEST_NAP)).await;
    }

    /// Starts watching; hints arrive on `tell` until the returned guard is dropped. A watch that cannot be had ends at once
    /// with [`Hint::Lost`], so that the caller falls back to its timer.
    fn watch(&self, watch: Watch, tell: tokio::sync::mpsc::Sender<Hint>) -> Watching;
}

/// Is told what a program says, line by line.
pub type Hearer<'h> = dyn for<'a> Fn(&'a str) + Send + Sync + 'h;

/// Timers stand still while the machine sleeps: without an alarm of the wall clock it is looked at this often.
const LONGEST_NAP: Duration = Duration::from_secs(30);

/// What the gateway admits its owner with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoorKey {
    Token(Redacted),
    Password(Redacted),
}

/// A file's bytes and mode.
#[derive(Clone, PartialEq, Eq)]
pub struct Contents {
    pub bytes: Vec<u8>,
    pub mode: u32,
    pub owner: u32,
}

impl Contents {
    /// The text, with invalid UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl std::fmt::Debug for Contents {
    /// Without the bytes: the file may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Contents({} bytes, mode {:o})", self.bytes.len(), self.mode)
    }
}

/// A JSON message for a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// With `http://` or `https://`.
    pub url: Redacted,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<Redacted>,
    pub body: String,
    /// For connecting, sending and the answer's status together.
    pub deadline: Duration,
}

/// What is to be got from a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetch {
    /// With `http://` or `https://`.
    pub url: Redacted,
    /// Bytes; a longer answer is a failure.
    pub most: usize,
    /// For connecting and the whole answer together.
    pub deadline: Duration,
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub folder: bool,
    /// A file that this account may run.
    pub executable: bool,
    /// The path with every link resolved; the path itself where the last link leads to no name, as `/proc/PID/exe` of a deleted program.
    pub real_path: String,
}

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub bytes: Vec<u8>,
    /// The file's length now, in bytes.
    pub length: u64,
    /// Tells a file from its successor of the same name: device and inode, 0 where there is no such thing.
    pub file: u64,
    /// When it was last written.
    pub modified: Option<Timestamp>,
}

/// One question to the machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// A systemd unit's properties in `scope`, as `systemctl show` names them; answered by [`Seen::Properties`].
    Unit { unit: String, scope: Scope },
    /// Whether `user` lingers; answered by [`Seen::Properties`] with `Linger`.
    Linger { user: String },
    /// A whole file; answered by [`Seen::File`] or [`Seen::Missing`].
    File { path: String },
    /// A process by pid; answered by [`Seen::Process`] or [`Seen::Missing`].
    Process { pid: u32 },
    /// What a process uses; answered by [`Seen::Load`] or [`Seen::Missing`].
    Load { pid: u32 },
    /// Who listens on a TCP port of this machine; answered by [`Seen::Listeners`].
    Port { port: u16 },
    /// `GET http://127.0.0.1:<port><path>`, or `https`; answered by [`Seen::Http`], [`Seen::Refused`] or [`Seen::Silent`].
    Http { port: u16, path: String, door: Door },
    /// Whether a WebSocket client is greeted with `connect.challenge`; answered by [`Seen::Greeting`], `Refused` or `Silent`.
    Greeting { port: u16, door: Door },
    /// The last lines the service wrote through its manager's log; answered by [`Seen::Lines`].
    LastWords { unit: String, lines: u32 },
    /// What the manager itself wrote about a unit since `since`, one JSON object a line, oldest first; answered by
    /// [`Seen::Lines`].
    Journal { unit: String, since: Timestamp },
    /// Processes whose command line has one of these words in it; answered by [`Seen::Processes`].
    Commands { naming: Vec<String> },
    /// A LaunchAgent's `launchctl print`; answered by [`Seen::Answered`].
    Job { domain: String, label: String },
    /// Which labels of a launchd domain are switched on or off against their plist; answered by [`Seen::Answered`].
    Overrides { domain: String },
    /// The account's crontab(5), as `crontab -l` prints it; answered by [`Seen::Answered`].
    Crontab,
    /// A Scheduled Task's state; answered by [`Seen::Properties`] with `State`, `LastTaskResult` and perhaps `NextRunTime` as numbers, by
    /// [`Seen::Answered`] with the table of `schtasks /Query /V`, or by [`Seen::Missing`].
    Task { name: String },
    /// A Scheduled Task's XML; answered by [`Seen::Answered`] or [`Seen::Missing`].
    TaskDefinition { name: String },
    /// The table of all Scheduled Tasks, without heading; answered by [`Seen::Answered`].
    Tasks,
}

/// How a gateway of this machine is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    Plain,
    /// TLS, with this certificate and no other.
    Tls(Pin),
}

/// Which systemd manager is meant (OC 3.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    User,
    /// The user manager of another account, reached with `--machine <user>@`: under sudo plain `--user` would be root's.
    UserOf(String),
    System,
}

/// The answer to one [`Ask`].
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub ask: Ask,
    pub seen: Seen,
    /// The route taken, as an operator would name it.
    pub source: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// Property → text, spelled as `systemctl show` does; times are microseconds since the epoch.
    Properties(BTreeMap<String, String>),
    File(Contents),
    Process(ProcessSeen),
    Processes(Vec<ProcessSeen>),
    Load(LoadSeen),
    Listeners(Vec<ListenerSeen>),
    Http(HttpSeen),
    /// The first text frame of a WebSocket, at most 4 KiB.
    Greeting {
        frame: String,
        latency: Duration,
    },
    Lines(Vec<String>),
    Answered(Answer),
    Missing,
    /// The port refused the connection.
    Refused,
    /// The peer accepted and said nothing for this long.
    Silent {
        waited: Duration,
    },
    Failed(Problem),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSeen {
    pub status: u16,
    pub content_type: String,
    /// At most 64 KiB.
    pub body: String,
    pub latency: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessSeen {
    pub pid: u32,
    pub parent: u32,
    pub program: String,
    pub command: Vec<String>,
    pub user: String,
    pub started: Option<Timestamp>,
    /// The systemd unit or container its cgroup names, if any.
    pub unit: Option<String>,
}

/// What a process uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadSeen {
    /// Processor time since it began.
    pub cpu: Duration,
    /// Bytes in memory, with those of the files it has mapped.
    pub resident: u64,
}

/// A listening socket; `process` is `None` when the system does not show its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerSeen {
    pub address: String,
    pub process: Option<ProcessSeen>,
    /// Pids of the owner's ancestors, nearest first.
    pub ancestors: Vec<u32>,
}

/// What to be told about. Watches give hints; a hint only causes an observation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watch {
    /// A unit's D-Bus signals.
    Unit { unit: String, scope: Scope },
    /// A process's end. `started` guards against a recycled pid.
    Process { pid: u32, started: Option<Timestamp> },
    /// A file's or folder entry's change.
    File { path: String },
}

/// Something may have changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Hint {
    /// The watched thing changed; `exit` is how the process ended when the signal itself said so: the evidence may be gone by
    /// the time of the next observation (observed 6).
    Changed { watch: Watch, exit: Option<ExitRecord> },
    /// The watch works (again).
    Watching { watch: Watch },
    /// The watch broke or could not be had.
    Lost { watch: Watch, why: String },
}

/// A lock, until it is dropped.
#[must_use]
pub struct Held(#[allow(dead_code)] Box<dyn std::any::Any + Send + Sync>);

impl Held {
    pub fn until_dropped(lock: impl std::any::Any + Send + Sync) -> Self {
        Self(Box::new(lock))
    }
}

/// Ends a watch when it is dropped.
#[must_use]
pub struct Watching(Option<Box<dyn FnOnce() + Send>>);

impl Watching {
    pub fn until_dropped(stop: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(stop)))
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(stop) = self.0.take() {
            stop();
        }
    }
}

/// Answers several questions side by side, in the order they were asked.
pub async fn answer_all(system: &dyn System, asks: &[Ask]) -> Vec<Report> {
    futures_util::future::join_all(asks.iter().map(|ask| system.answer(ask))).await
}
