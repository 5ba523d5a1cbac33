//! Facts about one gateway, as every view and every decision sees them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// Version of the JSON shape of [`GatewayState`]; grows when a key changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// The one value that tray, window, notices and CLI are drawn from. `gateward status --json` is this value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GatewayState {
    pub schema: u32,
    /// `default`, or the profile's name.
    pub profile: String,
    pub manager: Manager,
    pub verdict: Verdict,
    pub observation: Observation,
    /// Newest first, at most 50.
    pub incidents: Vec<Incident>,
    pub busy: Option<Busy>,
    /// Of the last action; cleared by the next one that succeeds.
    pub problem: Option<Problem>,
}

/// The program that runs services. A value, so that a unit, plist or task can be rendered on any system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Manager {
    Systemd,
    Launchd,
    Schtasks,
    Builtin,
}

/// Four facts, each with its source and the moment it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Observation {
    pub registered: Fact<Registered>,
    pub supervised: Fact<Supervised>,
    pub port: Fact<PortUse>,
    pub answers: Fact<Answers>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Fact<T> {
    pub value: T,
    /// Where it was read, as an operator would name it: `D-Bus org.freedesktop.systemd1`, a path, `GET /healthz`.
    pub source: String,
    #[cfg_attr(test, ts(type = "string"))]
    pub read_at: Timestamp,
}

/// What is written down about the service: a unit, plist, task or the built-in manager's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Registered {
    /// `file` is where it would be.
    Missing {
        file: String,
    },
    Present(Box<Registration>),
    /// There is something, or may be, but it could not be read.
    Unknown {
        file: String,
        why: Problem,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Registration {
    pub file: String,
    /// Other files that change it, in the order the manager applies them.
    pub drop_ins: Vec<String>,
    pub autostart: Autostart,
    pub origin: Origin,
    /// Program and arguments, with the values of `--token` and `--password` masked.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    /// By name. Secret values are not in here.
    pub environment: Vec<Variable>,
    /// The manager still runs an older text of the file (systemd: NeedDaemonReload).
    pub stale: bool,
    /// Whether the user's services live on without a login (systemd linger); `None` where that has no meaning or is unknown.
    pub lingers: Option<bool>,
    /// What about the definition will surprise its owner.
    pub remarks: Vec<Remark>,
    /// The definition itself, where it stands in no file: a Scheduled Task's XML.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub text: Option<String>,
}

/// One finding about a definition, by the doctor's rule that found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Remark {
    /// The catalogue's `remark-<rule>`.
    pub rule: String,
    pub values: BTreeMap<String, String>,
    /// A reinstallation mends it.
    pub mendable: bool,
}

/// Whether the manager starts the service by itself at login or boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Autostart {
    On,
    Off,
    /// Start is refused until someone unmasks or enables it.
    Blocked,
    Unknown,
}

/// Who wrote the registration, judged by its text (OC 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    Gateward,
    /// OpenClaw of the 2026.2 generation (F).
    OpenclawF,
    /// OpenClaw of the 2026.4 generation (A).
    OpenclawA,
    /// OpenClaw of the 2026.9 generation (N).
    OpenclawN,
    /// Another author; Gateward does not overwrite it unasked.
    Foreign,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Variable {
    pub name: String,
    /// The value, or dots and a fingerprint for a secret.
    pub shown: String,
    pub secret: bool,
    /// `inline`, or the path of the environment file or drop-in it stands in.
    pub source: String,
}

/// What the manager says of the process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Supervised {
    Running(Run),
    /// The manager is starting it; systemd's `activating` without a pending restart.
    Starting,
    /// It ended and the manager will start it again by itself.
    Waiting {
        last_exit: Option<ExitRecord>,
        restarts: u32,
    },
    Stopping {
        pid: Option<u32>,
    },
    Stopped {
        last_exit: Option<ExitRecord>,
    },
    /// The manager stopped restarting it; start is refused until that is cleared.
    GaveUp {
        last_exit: Option<ExitRecord>,
        restarts: u32,
    },
    /// The file is there, but the manager does not know the service.
    Unloaded,
    /// Neither file nor manager know the service.
    Absent,
    Unknown {
        why: Problem,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Run {
    pub pid: u32,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub since: Option<Timestamp>,
    /// Automatic restarts since the last start by hand; planned ones count too.
    pub restarts: u32,
    /// How the run before this one ended, where the manager still knows.
    pub last_exit: Option<ExitRecord>,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExitRecord {
    pub exit: Exit,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Timestamp>,
    pub pid: Option<u32>,
    /// The manager's own verdict on it, such as systemd's `Result` (`success`, `signal`, `oom-kill`, `timeout`).
    pub result: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Exit {
    Code { code: i32 },
    Signal { signal: i32, core: bool },
}

/// [`ExitRecord::result`] where launchd itself could not start the program; it then reports exit code 78, as a gateway that
/// refuses its configuration does.
pub const SPAWN_FAILED: &str = "spawn failed";

impl ExitRecord {
    pub fn is_config_error(&self) -> bool {
        self.exit.is_config_error() && self.result.as_deref() != Some(SPAWN_FAILED)
    }
}

/// EX_CONFIG of sysexits(3): OpenClaw's "do not start me again like this" (OC 9.9).
pub const EXIT_CONFIG: i32 = 78;

impl Exit {
    pub fn is_success(self) -> bool {
        match self {
            // 143 = 128 + SIGTERM: stopped before its handlers were up (observed 3.4).
            Exit::Code { code } => code == 0 || code == 143,
            Exit::Signal { .. } => false,
        }
    }

    pub fn is_config_error(self) -> bool {
        self == Exit::Code { code: EXIT_CONFIG }
    }
}

/// Who holds the service's TCP port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum PortUse {
    Free {
        port: u16,
    },
    Owned {
        port: u16,
        owner: Listener,
    },
    /// Somebody listens, but the system does not show who.
    Hidden {
        port: u16,
    },
    Unknown {
        port: u16,
        why: Problem,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Listener {
    pub pid: u32,
    /// The executable's file name.
    pub program: String,
    /// Masked like [`Registration::command`].
    pub command: Vec<String>,
    pub user: String,
    #[cfg_attr(test, ts(type = "string | null"))]
    pub since: Option<Timestamp>,
    pub address: String,
    /// The unit, plist, task or container that started it, where the system tells.
    pub started_by: Option<String>,
    pub belongs: Belongs,
}

/// Whose process a listener is, as far as it is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Belongs {
    /// The supervised process or a descendant of it.
    Service,
    /// A gateway by its command line, but not the supervised one.
    Gateway,
    Stranger,
}

/// What the gateway itself answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Answers {
    Ready {
        version: Option<String>,
        latency_ms: u32,
    },
    /// Alive, but not ready yet; `failing` are the gateway's own names of what is missing.
    Live {
        failing: Vec<String>,
        latency_ms: u32,
    },
    /// Accepts connections and says nothing within `waited_ms`.
    Silent {
        waited_ms: u32,
    },
    /// Nobody listens.
    Refused,
    /// Something answers that is no gateway; `saw` describes it (`HTTP 200 text/html`).
    NotGateway {
        saw: String,
    },
    /// Not asked (the port is unknown) or the question failed.
    Unknown {
        why: Problem,
    },
}

/// The named meaning of the four facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    NotInstalled,
    Stopped,
    Disabled,
    Starting,
    Ready,
    Degraded,
    Hung,
    Stopping,
    CrashLoop,
    GaveUp,
    ConfigError,
    Orphan,
    ForeignOwner,
    TwoManagers,
    Unloaded,
    External,
    Unknown,
}

impl Verdict {
    pub const ALL: &[Verdict] = &[
        Verdict::NotInstalled,
        Verdict::Stopped,
        Verdict::Disabled,
        Verdict::Starting,
        Verdict::Ready,
        Verdict::Degraded,
        Verdict::Hung,
        Verdict::Stopping,
        Verdict::CrashLoop,
        Verdict::GaveUp,
        Verdict::ConfigError,
        Verdict::Orphan,
        Verdict::ForeignOwner,
        Verdict::TwoManagers,
        Verdict::Unloaded,
        Verdict::External,
        Verdict::Unknown,
    ];
}

/// What a person or script wants done to the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Action {
    Install,
    Uninstall,
    Start,
    Stop,
    Restart,
    /// Applies the fix of one doctor rule, by its id.
    Repair {
        rule: String,
    },
}

impl Action {
    /// The catalogue's and the CLI's word for it.
    pub fn verb(&self) -> &'static str {
        match self {
            Action::Install => "install",
            Action::Uninstall => "uninstall",
            Action::Start => "start",
            Action::Stop => "stop",
            Action::Restart => "restart",
            Action::Repair { .. } => "repair",
        }
    }
}

/// The action in flight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Busy {
    pub action: Action,
    #[cfg_attr(test, ts(type = "string"))]
    pub since: Timestamp,
}

/// What a view can ask of the engine. A tray item's id is this value as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Request {
    Act { action: Action },
    Open { page: Page },
    Dashboard,
    StartAtLogin { on: bool },
    Observe,
    DismissProblem,
    Quit,
}

/// A page of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    Overview,
    Logs,
    Environment,
}

/// One thing that happened to a gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Incident {
    /// The database's row id; 0 before it is stored.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: i64,
    pub profile: String,
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
    pub kind: IncidentKind,
    pub pid: Option<u32>,
    pub exit: Option<Exit>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub uptime_s: Option<u64>,
    /// Automatic restarts the manager had counted by then.
    pub restarts: Option<u32>,
    /// The last lines the process wrote, oldest first, redacted.
    pub last_words: Vec<String>,
    pub by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum IncidentKind {
    Started,
    Stopped,
    /// It ended by itself without an error and the manager started it again (planned restart, config reload).
    Restarted,
    Crash,
    GaveUp,
    ConfigError,
    /// Alive but silent.
    Hung,
    Recovered,
    Installed,
    Uninstalled,
    /// A restart signal without authorisation was ignored.
    SignalIgnored,
}

/// Who caused an incident, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The gateway itself, or whatever ended it.
    Itself,
    Gateward,
    /// Someone else through the manager: OpenClaw's CLI, `systemctl`, a logout.
    Outside,
}

/// One line that the gateway wrote, whichever sink it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LogLine {
    /// `None` when the line does not say.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Timestamp>,
    /// The sink, as an operator would name it: `journal`, or the log file's name.
    pub source: String,
    pub level: Level,
    /// Redacted, without line ending; may hold ANSI sequences and any other characters.
    pub text: String,
}

/// How loud a log line is; `Unknown` when it does not say (OC 13.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
    Unknown,
}

/// Words shown to a person because of an incident: a desktop notification and a card in the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Notice {
    /// A notice replaces the one that was shown under the same key.
    pub key: String,
    pub title: String,
    pub body: String,
    pub buttons: Vec<Button>,
    /// It stays until someone has seen it.
    pub urgent: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Button {
    pub label: String,
    pub request: Request,
}

/// Everything needed to write a service down.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceSpec {
    pub identity: crate::identity::Identity,
    pub description: String,
    /// Program first, as an absolute path in the target's syntax.
    pub command: Vec<String>,
    pub working_dir: Option<String>,
    pub environment: BTreeMap<String, Value>,
    pub restart: RestartPolicy,
}

/// When and how often the manager restarts, and how long it waits on stop. Defaults are OpenClaw's newest (OC 6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestartPolicy {
    pub delay_s: u32,
    /// At most `burst` starts within `interval_s`.
    pub burst: u32,
    pub interval_s: u32,
    pub start_timeout_s: u32,
    pub stop_timeout_s: u32,
}

impl Default for RestartPolicy {
    fn default() -> Self {
        Self { delay_s: 5, burst: 10, interval_s: 300, start_timeout_s: 30, stop_timeout_s: 330 }
    }
}

/// An environment value. Only renderers reveal a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Plain(String),
    Secret(Redacted),
}

/// A secret that prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted(String);

impl Redacted {
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// For renderers of owner-only files, and for nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What stands in a secret's place.
pub const DOTS: &str = "••••••";

impl std::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(DOTS)
    }
}

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(DOTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_dots_only() {
        let value = Value::Secret(Redacted::new("hunter2"));
        assert!(!format!("{value:?}").contains("hunter2"));
        assert_eq!(Redacted::new("hunter2").to_string(), DOTS);
    }

    #[test]
    fn a_program_that_launchd_could_not_start_is_no_config_error() {
        let record = |result: Option<&str>| ExitRecord {
            exit: Exit::Code { code: EXIT_CONFIG },
            at: None,
            pid: None,
            result: result.map(str::to_owned),
        };
        assert!(record(None).is_config_error());
        assert!(!record(Some(SPAWN_FAILED)).is_config_error());
    }

    #[test]
    fn verdicts_are_spelled_in_kebab_case() {
        let names: Vec<_> = Verdict::ALL.iter().map(|v| serde_json::to_value(v).unwrap()).collect();
        assert_eq!(names[0], "not-installed");
        assert_eq!(names[8], "crash-loop");
        assert_eq!(names.len(), 17);
    }

    #[test]
    fn an_early_term_is_no_crash() {
        assert!(Exit::Code { code: 143 }.is_success());
        assert!(!Exit::Signal { signal: 9, core: false }.is_success());
    }
}
