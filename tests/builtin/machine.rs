//! A scripted machine with the built-in manager's host on it: what `gateward run --detach` and `--stop` leave behind.

use gateward::adapter::builtin::Builtin;
use gateward::adapter::builtin::OwnFolders;
use gateward::adapter::builtin::proof::Proof;
use gateward::adapter::builtin::record::{Phase, Record};
use gateward::adapter::builtin::registration::{fingerprint, parse};
use gateward::identity::{Identity, Profile, Surroundings, SystemdMarks, identify};
use gateward::layout::Os;
use gateward::model::{RestartPolicy, ServiceSpec};
use gateward::plan::{Answer, Call, End};
use gateward::system::scripted::{Machine, Scripted, Simulator};
use gateward::system::{Ask, Contents, Seen};

use crate::scripted::{self, Desk, Replies};

const NODE: &str = "/usr/bin/node";
const BOOT: &str = "b00t";

pub fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
    let own = [("HOME", "/home/anna"), ("DISPLAY", ":0")];
    let all = own.iter().chain(variables).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Surroundings {
        os: Os::Linux,
        uid: 1000,
        user: Some("anna".to_owned()),
        cwd: "/home/anna".to_owned(),
        exe: "/usr/bin/gateward".to_owned(),
        wsl: false,
        language: None,
        container: None,
        systemd: SystemdMarks::default(),
        variables: all.collect(),
    }
}

fn identity() -> Identity {
    identify(&Profile::default(), &surroundings(&[]), None).unwrap()
}

pub fn spec() -> ServiceSpec {
    ServiceSpec {
        identity: identity(),
        description: "OpenClaw Gateway".to_owned(),
        command: [NODE, "/opt/openclaw/dist/index.js", "gateway", "--port", "18789"]
            .map(str::to_owned)
            .into(),
        working_dir: None,
        environment: Default::default(),
        restart: RestartPolicy::default(),
    }
}

pub fn desk() -> Desk<Host, Builtin> {
    let around = surroundings(&[]);
    Desk { system: machine(&around), adapter: Builtin::new(&around).unwrap(), id: identity(), spec: spec() }
}

/// With a program for the gateway, and no host yet.
pub fn machine(around: &Surroundings) -> Scripted<Host> {
    let own = OwnFolders::new(around).unwrap();
    let system = Scripted::new(Host { own, pid: None, started: 0 });
    system.with(|machine, _| machine.write(NODE, b"", 0o755).unwrap());
    system
}

/// A host, while it runs, and the gateway beside it.
#[derive(Clone)]
pub struct Host {
    own: OwnFolders,
    /// The host's pid; the gateway has the next one.
    pid: Option<u32>,
    started: u32,
}

impl Host {
    fn obey(&mut self, option: &str, machine: &mut Machine) -> i32 {
        let id = identity();
        let registration = machine.files.get(&self.own.registration(&id)).map(Contents::text);
        match (option, self.pid, registration) {
            ("--detach", Some(_), Some(_)) => return 0,
            ("--detach", None, Some(text)) => {
                self.started += 2;
                self.pid = Some(100 + self.started);
                let installed = parse(&text, "/registration").unwrap();
                self.record(Phase::Running, &fingerprint(&installed.command, None), machine);
            }
            ("--stop", Some(_), _) => {
                let record = machine.files.get(&self.own.record(&id)).map(Contents::text);
                let record: Option<Record> = record.and_then(|text| serde_json::from_str(&text).ok());
                self.record(Phase::Stopped, &record.map_or(String::new(), |it| it.command), machine);
                self.pid = None;
            }
            ("--stop", None, _) => {}
            _ => return 1,
        }
        0
    }

    fn record(&self, phase: Phase, command: &str, machine: &mut Machine) {
        let proof = |pid: u32| Proof { pid, birth: format!("{BOOT}/{pid}") };
        let host = self.pid.unwrap();
        let record = Record::new("default".to_owned(), proof(host), command.to_owned());
        let gateway = (phase == Phase::Running).then(|| proof(host + 1));
        let text = serde_json::to_string(&Record { phase, gateway, ..record }).unwrap();
        machine.write(&self.own.record(&identity()), text.as_bytes(), 0o600).unwrap();
    }

    fn gateway(&self) -> Option<u32> {
        self.pid.map(|pid| pid + 1)
    }

    /// proc_pid_stat(5) of a process that started at tick PID.
    fn stat(&self, pid: &str) -> Seen {
        let lives = self.pid.into_iter().chain(self.gateway()).any(|own| own.to_string() == pid);
        let text = format!("{pid} (x) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 {pid} 1");
        if lives { file(text) } else { Seen::Missing }
    }
}

fn file(text: String) -> Seen {
    Seen::File(Contents { bytes: text.into_bytes(), mode: 0o444, owner: 0 })
}

impl Simulator for Host {
    fn run(&mut self, call: &Call, machine: &mut Machine) -> Answer {
        let option = call.args.iter().find(|word| ["--detach", "--stop"].contains(&word.as_str()));
        let code = option.map_or(1, |option| self.obey(option, machine));
        Answer { end: End::Exited(code), ..Answer::default() }
    }

    fn answer(&mut self, ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        match ask {
            Ask::File { path } if path == "/proc/sys/kernel/random/boot_id" => Some(file(BOOT.to_owned())),
            Ask::File { path } => {
                let pid = path.strip_prefix("/proc/")?.strip_suffix("/stat")?;
                Some(self.stat(pid))
            }
            Ask::Process { pid } if self.gateway() == Some(*pid) => {
                Some(Seen::Process(scripted::process(*pid, NODE, &spec().command)))
            }
            Ask::Port { .. } => {
                let process = self.gateway().map(|pid| scripted::process(pid, NODE, &spec().command));
                Some(Seen::Listeners(process.map(|it| scripted::listener(Some(it))).into_iter().collect()))
            }
            Ask::Http { path, .. } => Some(self.gateway().map_or(Seen::Refused, |_| Replies::Ready.to(path))),
            Ask::Process { .. }
            | Ask::Crontab
            | Ask::Job { .. }
            | Ask::Overrides { .. }
            | Ask::Unit { .. }
            | Ask::Linger { .. }
            | Ask::Load { .. }
            | Ask::Greeting { .. }
            | Ask::LastWords { .. }
            | Ask::Journal { .. }
            | Ask::Commands { .. }
            | Ask::Task { .. }
            | Ask::TaskDefinition { .. }
            | Ask::Tasks => None,
        }
    }
}
