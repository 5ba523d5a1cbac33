//! A scripted PC: the simulated Task Scheduler, our own host as far as others see it, and Anna at her desk.

use std::collections::BTreeMap;
use std::time::Duration;

use gateward::adapter::builtin::OwnFolders;
use gateward::adapter::builtin::proof::Proof;
use gateward::adapter::builtin::record::{Phase, Record};
use gateward::adapter::builtin::registration;
use gateward::adapter::schtasks::Schtasks as Adapter;
use gateward::identity::{Identity, Profile, Surroundings, SystemdMarks, identify};
use gateward::layout::Os;
use gateward::model::{Registered, Registration, RestartPolicy, ServiceSpec, Value};
use gateward::plan::{Answer, Call, End, Tool};
use gateward::system::scripted::{EPOCH, Machine, Scripted, Simulator};
use gateward::system::{Ask, Contents, ListenerSeen, ProcessSeen, Seen};
use jiff::{SignedDuration, Timestamp};

use crate::scripted::{self, Replies};
use crate::simulator::{Action, Host, Scheduler};
use crate::wizard;

pub const TASK: &str = "OpenClaw Gateway";
pub const HOST: &str = r"C:\Program Files\Gateward\gateward-host.exe";
pub const NODE: &str = r"C:\Program Files\nodejs\node.exe";
/// Where npm brings OpenClaw to.
pub const PACKAGE: &str = r"C:\Users\anna\AppData\Roaming\npm\node_modules\openclaw";
pub const SCRIPT: &str = r"C:\Users\anna\.openclaw\gateway.cmd";
pub const STARTUP: &str =
    r"C:\Users\anna\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\OpenClaw Gateway.cmd";

/// A process of the scripted PC.
#[derive(Clone, Debug)]
pub struct Process {
    pub image: String,
    pub command: Vec<String>,
    pub parent: u32,
    pub started_ms: u64,
    pub ended: Option<(u64, u32)>,
    /// Since when it listens on the gateway's port.
    pub listens_at_ms: Option<u64>,
}

#[derive(Clone, Default)]
pub struct Pc {
    pub scheduler: Scheduler,
    pub processes: BTreeMap<u32, Process>,
    /// How long a gateway takes to end when it is asked to.
    pub drains_ms: u64,
    /// The next gateways never listen.
    pub mute: bool,
    /// Answers come by COM, in numbers.
    pub com: bool,
    pub replies: Replies,
    home: Option<(Identity, OwnFolders)>,
}

/// What Task Scheduler needs of the machine, borrowed for one call.
struct Under<'a> {
    now_ms: u64,
    now: Timestamp,
    files: &'a mut BTreeMap<String, Contents>,
    processes: &'a mut BTreeMap<u32, Process>,
    mute: bool,
    record: Option<String>,
    registration: Option<String>,
}

impl Under<'_> {
    fn start(&mut self, image: &str, command: &[&str], parent: u32) -> u32 {
        let pid = 5000 + 4 * u32::try_from(self.processes.len()).unwrap();
        let process = Process {
            image: image.to_owned(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            parent,
            started_ms: self.now_ms,
            ended: None,
            listens_at_ms: None,
        };
        self.processes.insert(pid, process);
        pid
    }

    fn start_gateway(&mut self, parent: u32) -> u32 {
        let command = [NODE, r"C:\openclaw\dist\index.js", "gateway", "--port", "18789"];
        let pid = self.start(NODE, &command, parent);
        let listens_at = (!self.mute).then_some(self.now_ms + 800);
        self.processes.get_mut(&pid).unwrap().listens_at_ms = listens_at;
        pid
    }

    /// The host's record as `gateward run` keeps it.
    fn start_host(&mut self) -> u32 {
        let host = self.start(HOST, &[HOST, "run", "--scheduled"], 1);
        let gateway = self.start_gateway(host);
        let proof = |pid| Proof { pid, birth: self.now.to_string() };
        let record = Record {
            phase: Phase::Running,
            gateway: Some(proof(gateway)),
            since: Some(self.now),
            ..Record::new("default".to_owned(), proof(host), self.command())
        };
        self.write(&record);
        host
    }

    /// The fingerprint of what the host is told to run when it begins.
    fn command(&self) -> String {
        let path = self.registration.clone().unwrap_or_default();
        let text = self.files.get(&path).map(Contents::text).unwrap_or_default();
        let told = registration::parse(&text, &path);
        told.map(|told| registration::fingerprint(&told.command, told.working_dir.as_deref()))
            .unwrap_or_default()
    }

    fn write(&mut self, record: &Record) {
        let bytes = serde_json::to_vec(record).unwrap();
        let path = self.record.clone().unwrap();
        self.files.insert(path, Contents { bytes, mode: 0o600, owner: 0 });
    }

    fn record(&self) -> Option<Record> {
        serde_json::from_slice(&self.files.get(self.record.as_ref()?)?.bytes).ok()
    }

    fn end(&mut self, pid: u32, after_ms: u64, code: u32) {
        let at = self.now_ms + after_ms;
        if let Some(process) = self.processes.get_mut(&pid).filter(|process| process.ended.is_none()) {
            process.ended = Some((at, code));
        }
    }
}

impl Host for Under<'_> {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.files.get(path).map(|file| file.bytes.clone())
    }

    fn spawn(&mut self, action: &Action) -> Result<u32, u32> {
        let program = action.command.trim_matches('"').to_owned();
        if !self.files.contains_key(&program) {
            return Err(0x8007_0002);
        }
        if program == HOST {
            return Ok(self.start_host());
        }
        // A script: cmd.exe waits for node, which is what listens.
        let shell = self.start(r"C:\Windows\System32\cmd.exe", &["cmd.exe", "/c", &program], 1);
        self.start_gateway(shell);
        Ok(shell)
    }

    /// Our host is asked by its window and takes its gateway along; cmd.exe just goes (upstream #52049).
    fn kill(&mut self, pid: u32) {
        let is_host = self.processes.get(&pid).is_some_and(|process| process.image == HOST);
        let children: Vec<u32> = self
            .processes
            .iter()
            .filter(|(_, process)| is_host && process.parent == pid)
            .map(|(pid, _)| *pid)
            .collect();
        children.into_iter().chain([pid]).for_each(|pid| self.end(pid, 0, 1));
    }

    fn ended(&mut self, pid: u32) -> Option<u32> {
        let (at, code) = self.processes.get(&pid)?.ended?;
        (at <= self.now_ms).then_some(code)
    }
}

/// The wall clock after `elapsed`, exact to a millisecond, as a record's proof must equal what the process list says.
fn moment(elapsed: Duration) -> Timestamp {
    let epoch: Timestamp = EPOCH.parse().unwrap();
    epoch + SignedDuration::from_millis(i64::try_from(elapsed.as_millis()).unwrap())
}

impl Pc {
    fn under<T>(
        &mut self,
        machine: &mut Machine,
        act: impl FnOnce(&mut Scheduler, &mut Under<'_>) -> T,
    ) -> T {
        let record = self.home.as_ref().map(|(id, own)| own.record(id));
        let registration = self.home.as_ref().map(|(id, own)| own.registration(id));
        let mut under = Under {
            now_ms: u64::try_from(machine.elapsed.as_millis()).unwrap(),
            now: moment(machine.elapsed),
            files: &mut machine.files,
            processes: &mut self.processes,
            mute: self.mute,
            record,
            registration,
        };
        act(&mut self.scheduler, &mut under)
    }

    fn obey(&mut self, args: &[String], machine: &mut Machine) -> Answer {
        let reply = self.under(machine, |scheduler, host| scheduler.obey(args, host));
        let end = if reply.hangs { End::TimedOut } else { End::Exited(reply.code.cast_signed()) };
        Answer { end, stdout: reply.stdout, stderr: reply.stderr }
    }

    fn alive(&self, pid: u32, machine: &Machine) -> Option<&Process> {
        let now = u64::try_from(machine.elapsed.as_millis()).unwrap();
        self.processes.get(&pid).filter(|process| process.ended.is_none_or(|(at, _)| at > now))
    }

    /// `gateward run …`, as the adapter calls it.
    fn hosted(&mut self, args: &[String], machine: &mut Machine) -> Answer {
        let has = |name: &str| args.iter().any(|word| word == name);
        let drains = self.drains_ms;
        if has("--detach") {
            self.under(machine, |_, host| host.start_host());
        } else if has("--evict") {
            let at = args.iter().position(|word| word == "--evict").unwrap();
            let pid: u32 = args[at + 1].parse().unwrap();
            assert!(has("--since") && has("--image"), "{args:?}");
            self.under(machine, |_, host| host.end(pid, drains, 0));
            machine.elapsed += Duration::from_millis(drains);
        } else if has("--stop") {
            self.under(machine, |_, host| {
                let Some(record) = host.record() else { return };
                let pids = [Some(record.host.pid), record.gateway.as_ref().map(|gateway| gateway.pid)];
                pids.into_iter().flatten().for_each(|pid| host.end(pid, drains, 0));
                host.write(&Record { phase: Phase::Stopped, gateway: None, ..record });
            });
            machine.elapsed += Duration::from_millis(drains);
        }
        Answer::default()
    }

    fn described(&self, pid: u32, machine: &Machine) -> Option<ProcessSeen> {
        let process = self.alive(pid, machine)?;
        Some(ProcessSeen {
            parent: process.parent,
            started: Some(moment(Duration::from_millis(process.started_ms))),
            ..scripted::process(pid, &process.image, &process.command)
        })
    }

    fn listener(&self, machine: &Machine) -> Option<ListenerSeen> {
        let now = u64::try_from(machine.elapsed.as_millis()).unwrap();
        let listens = |(pid, process): &(&u32, &Process)| {
            self.alive(**pid, machine).is_some() && process.listens_at_ms.is_some_and(|at| at <= now)
        };
        let (pid, _) = self.processes.iter().find(listens)?;
        Some(scripted::listener(self.described(*pid, machine)))
    }

    fn state(&mut self, name: &str, machine: &mut Machine) -> Seen {
        let words = ["/Query", "/TN", name, "/V", "/FO", "CSV", "/NH", "/HRESULT"].map(str::to_owned);
        let answer = self.obey(&words, machine);
        match self.scheduler.tasks.get(name).filter(|_| self.com && answer.is_success()) {
            Some(task) => {
                let state = if task.pid.is_some() { "4" } else { "3" };
                let numbers = [("State", state.to_owned()), ("LastTaskResult", task.result.to_string())];
                Seen::Properties(numbers.map(|(name, text)| (name.to_owned(), text)).into())
            }
            None => Seen::Answered(answer),
        }
    }
}

impl Simulator for Pc {
    fn run(&mut self, call: &Call, machine: &mut Machine) -> Answer {
        match &call.tool {
            Tool::Schtasks => {
                let answer = self.obey(&call.args, machine);
                if answer.end == End::TimedOut {
                    machine.elapsed += call.deadline;
                }
                answer
            }
            Tool::At(program) if program.ends_with("gateward.exe") => self.hosted(&call.args, machine),
            other => {
                wizard::brought(call, machine, PACKAGE).unwrap_or_else(|| panic!("{other:?} was called"))
            }
        }
    }

    fn answer(&mut self, ask: &Ask, machine: &mut Machine) -> Option<Seen> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        match ask {
            Ask::Task { name } => Some(self.state(name, machine)),
            Ask::TaskDefinition { name } => {
                Some(Seen::Answered(self.obey(&words(&["/Query", "/TN", name, "/XML", "/HRESULT"]), machine)))
            }
            Ask::Tasks => {
                Some(Seen::Answered(self.obey(&words(&["/Query", "/FO", "CSV", "/NH", "/HRESULT"]), machine)))
            }
            Ask::Process { pid } => Some(self.described(*pid, machine).map_or(Seen::Missing, Seen::Process)),
            Ask::Port { .. } => Some(Seen::Listeners(self.listener(machine).into_iter().collect())),
            Ask::Http { path, .. } => {
                let is_gateway = self.listener(machine)?.process?.program == NODE;
                Some(if is_gateway { self.replies.to(path) } else { Seen::Refused })
            }
            Ask::File { .. }
            | Ask::Unit { .. }
            | Ask::Linger { .. }
            | Ask::Load { .. }
            | Ask::Greeting { .. }
            | Ask::LastWords { .. }
            | Ask::Journal { .. }
            | Ask::Commands { .. }
            | Ask::Job { .. }
            | Ask::Overrides { .. }
            | Ask::Crontab => None,
        }
    }
}

/// Anna's PC and her gateway on it.
pub type Desk = scripted::Desk<Pc, Adapter>;

pub fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
    let own = [
        ("USERPROFILE", r"C:\Users\anna"),
        ("APPDATA", r"C:\Users\anna\AppData\Roaming"),
        ("LOCALAPPDATA", r"C:\Users\anna\AppData\Local"),
        ("USERNAME", "anna"),
        ("USERDOMAIN", "PC"),
    ];
    let all = own.iter().chain(variables).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Surroundings {
        os: Os::Windows,
        uid: 0,
        user: Some("anna".to_owned()),
        cwd: r"C:\Users\anna".to_owned(),
        exe: r"C:\Program Files\Gateward\gateward.exe".to_owned(),
        wsl: false,
        language: None,
        container: None,
        systemd: SystemdMarks::default(),
        variables: all.collect(),
    }
}

pub fn spec(id: &Identity) -> ServiceSpec {
    let plain = |(name, value): (&str, &str)| (name.to_owned(), Value::Plain(value.to_owned()));
    ServiceSpec {
        identity: id.clone(),
        description: "OpenClaw Gateway".to_owned(),
        command: [NODE, r"C:\openclaw\dist\index.js", "gateway", "--port", "18789"].map(str::to_owned).into(),
        working_dir: None,
        environment: [("OPENCLAW_SERVICE_MARKER", "openclaw"), ("OPENCLAW_GATEWAY_PORT", "18789")]
            .map(plain)
            .into(),
        restart: RestartPolicy::default(),
    }
}

/// What OpenClaw of 2026.4 leaves behind.
pub const OPENCLAWS_SCRIPT: &str = "@echo off\r\nrem OpenClaw Gateway (v2026.4.12)\r\nset \"OPENCLAW_SERVICE_MARKER=openclaw\"\r\n\
    set \"MINE=1\"\r\n\"C:\\Program Files\\nodejs\\node.exe\" C:\\openclaw\\dist\\index.js gateway --port 18789\r\n";

impl Desk {
    pub fn new() -> Self {
        Self::with_variables(&[])
    }

    pub fn with_variables(variables: &[(&str, &str)]) -> Self {
        let around = surroundings(variables);
        let id = identify(&Profile::default(), &around, None).unwrap();
        let own = OwnFolders::new(&around).unwrap();
        let pc = Pc { home: Some((id.clone(), own)), drains_ms: 400, ..Pc::default() };
        let system = Scripted::new(pc);
        system
            .with(|machine, _| [NODE, HOST].iter().for_each(|path| machine.write(path, b"", 0o755).unwrap()));
        let spec = spec(&id);
        Self { system, adapter: Adapter::new(&around).unwrap(), id, spec }
    }

    /// With the gateway installed and answering.
    pub async fn running() -> Self {
        let desk = Self::new();
        desk.install().await.unwrap();
        desk.forget_calls();
        desk
    }

    /// With a task of OpenClaw's that runs.
    pub fn openclaws() -> Self {
        let desk = Self::new();
        let xml = include_str!("../fixtures/schtasks/xml/openclaw-2026.2.xml");
        desk.register(xml);
        desk.write(SCRIPT, OPENCLAWS_SCRIPT.as_bytes());
        desk.schtasks(&["/Run", "/TN", TASK]);
        desk.pass(Duration::from_secs(2));
        desk.forget_calls();
        desk
    }

    pub fn register(&self, xml: &str) {
        let bytes: Vec<u8> = format!("\u{feff}{xml}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.write(r"C:\t.xml", &bytes);
        self.schtasks(&["/Create", "/TN", TASK, "/XML", r"C:\t.xml"]);
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        self.with(|machine, _| machine.write(path, bytes, 0o644).unwrap());
    }

    /// Types a command as some other program would.
    pub fn schtasks(&self, args: &[&str]) {
        let args: Vec<String> = args.iter().map(|word| (*word).to_owned()).collect();
        let answer = self.with(|machine, pc| pc.obey(&args, machine));
        assert_eq!(answer.end, End::Exited(0), "{answer:?}");
    }

    pub fn scheduler<T>(&self, change: impl FnOnce(&mut Scheduler) -> T) -> T {
        self.with(|_, pc| change(&mut pc.scheduler))
    }

    pub fn forget_calls(&self) {
        self.with(|machine, pc| {
            machine.calls.clear();
            pc.scheduler.asked.clear();
        });
    }

    pub async fn registration(&self) -> Registration {
        match self.seen().await.registered.value {
            Registered::Present(found) => *found,
            other => panic!("{other:?}"),
        }
    }

    pub fn xml(&self) -> String {
        self.scheduler(|scheduler| scheduler.tasks[TASK].xml.clone())
    }

    /// The subcommands of schtasks in their order, a run of equal ones once.
    pub fn verbs(&self) -> Vec<String> {
        let mut verbs: Vec<String> = self.scheduler(|scheduler| {
            scheduler.asked.iter().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
        });
        verbs.dedup();
        verbs
    }

    /// The same without questions.
    pub fn deeds(&self) -> Vec<String> {
        self.verbs().into_iter().filter(|verb| verb != "/Query").collect()
    }

    pub fn text(&self, path: &str) -> Option<String> {
        self.with(|machine, _| machine.text(path))
    }

    pub fn is_alive(&self, pid: u32) -> bool {
        self.with(|machine, pc| pc.alive(pid, machine).is_some())
    }

    /// Changes what the host has written down of itself.
    pub fn host_says(&self, change: impl FnOnce(&mut Record)) {
        self.with(|machine, pc| {
            pc.under(machine, |_, host| {
                let mut record = host.record().unwrap();
                change(&mut record);
                host.write(&record);
            });
        });
    }

    /// A gateway that a person started in a terminal.
    pub fn gateway_by_hand(&self) {
        self.with(|machine, pc| pc.under(machine, |_, host| host.start_gateway(1)));
        self.pass(Duration::from_secs(2));
    }

    /// A program that has nothing to do with the gateway and sits on its port.
    pub fn stranger(&self) -> u32 {
        self.with(|machine, pc| {
            pc.under(machine, |_, host| {
                let pid = host.start(r"C:\nginx\nginx.exe", &["nginx.exe"], 1);
                host.processes.get_mut(&pid).unwrap().listens_at_ms = Some(0);
                pid
            })
        })
    }
}
