//! The engine on a real, private `systemd --user`: what a kill, a planned restart and a lost bus come to.

#![cfg(target_os = "linux")]
// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod rig;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use gateward::engine::{self, Handle, NoticeEvent, Outlets, Setup};
use gateward::identity::{Surroundings, SystemdMarks};
use gateward::layout::Os as Target;
use gateward::model::{By, Exit, GatewayState, Incident, IncidentKind, Notice, Request, Supervised, Verdict};
use gateward::plan::{Answer, Call};
use gateward::problem::{Code, Problem};
use gateward::system::os::Os;
use gateward::system::store::{Shelf, Store};
use gateward::system::{
    Ask, Contents, Entry, Held, Hint, Part, Report, Scope, Seen, System, Watch, Watching,
};
use gateward::view::notice::notice;
use gateward::words::Words;
use gateward::world::World;
use rig::wait::PATIENCE;
use rig::{UserManager, free_port, processes, wait_for};
use tokio::sync::mpsc::{Receiver, Sender, channel};

const UNIT: &str = "openclaw-gateway.service";

/// Prints two lines and waits; ends well when asked with SIGUSR1.
fn unit(port: u16) -> String {
    let script = "echo serving on $2; echo token=hunter2hunter2; trap 'exit 0' USR1; while :; do sleep 1000 & wait $!; done";
    format!(
        "[Unit]\nDescription=Gateway\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sh -c \"{script}\" gateway --port {port}\n\
         Restart=always\nRestartSec=400ms\n[Install]\nWantedBy=default.target\n",
    )
    .replace("$2", "$$2")
    .replace("$!", "$$!")
}

/// The real machine of a private manager. The journal is in that manager's own mounts, so it is read from inside.
struct Private {
    os: Os,
    journal: Vec<String>,
    environment: Vec<(String, String)>,
    asker_seen: PathBuf,
}

impl Private {
    fn of(manager: &UserManager) -> Self {
        let environment = manager.environment();
        let within: BTreeMap<String, String> = environment.iter().cloned().collect();
        let inside = manager.inside("journalctl");
        let journal = inside.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        Self { os: Os::within(within, None), journal, environment, asker_seen: asker_seen(manager) }
    }

    /// Leaves a mark once a waiting `systemctl … stop UNIT` was among the answered command lines.
    async fn commands(&self, ask: &Ask) -> Report {
        let report = self.os.answer(ask).await;
        if let Seen::Processes(processes) = &report.seen
            && processes
                .iter()
                .any(|process| process.command.ends_with(&["stop".to_owned(), UNIT.to_owned()]))
        {
            std::fs::write(&self.asker_seen, "").expect("a mark");
        }
        report
    }

    fn last_words(&self, lines: u32) -> Vec<String> {
        let output = std::process::Command::new("nsenter")
            .args(&self.journal)
            .args([
                "--quiet",
                "--output=cat",
                &format!("--lines={lines}"),
                &format!("_SYSTEMD_USER_UNIT={UNIT}"),
            ])
            .env_clear()
            .envs(self.environment.iter().cloned())
            .output()
            .expect("journalctl");
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }
}

#[async_trait]
impl System for Private {
    async fn answer(&self, ask: &Ask) -> Report {
        match ask {
            Ask::LastWords { lines, .. } => Report {
                ask: ask.clone(),
                seen: Seen::Lines(self.last_words(*lines)),
                source: "journal".to_owned(),
                at: self.now(),
            },
            Ask::Commands { .. } => self.commands(ask).await,
            _ => self.os.answer(ask).await,
        }
    }

    async fn run(&self, call: &Call) -> Answer {
        self.os.run(call).await
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Problem> {
        self.os.read(path)
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.os.write(path, bytes, mode)
    }

    fn remove(&self, path: &str) -> Result<bool, Problem> {
        self.os.remove(path)
    }

    fn make_dir(&self, path: &str, mode: u32) -> Result<(), Problem> {
        self.os.make_dir(path, mode)
    }

    fn lock(&self, path: &str) -> Result<Option<Held>, Problem> {
        self.os.lock(path)
    }

    fn entry(&self, path: &str) -> Option<Entry> {
        self.os.entry(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.os.names(folder)
    }

    fn read_part(&self, path: &str, from: u64, most: usize) -> Result<Option<Part>, Problem> {
        self.os.read_part(path, from, most)
    }

    fn stream(&self, call: &Call, tell: Sender<String>) -> Watching {
        self.os.stream(call, tell)
    }

    fn now(&self) -> jiff::Timestamp {
        self.os.now()
    }

    fn clock(&self) -> Duration {
        self.os.clock()
    }

    async fn pause(&self, duration: Duration) {
        self.os.pause(duration).await;
    }

    fn watch(&self, watch: Watch, tell: Sender<Hint>) -> Watching {
        self.os.watch(watch, tell)
    }
}

fn asker_seen(manager: &UserManager) -> PathBuf {
    manager.home().join("asker-seen")
}

/// A manager whose gateway service runs.
fn manager_with_gateway() -> UserManager {
    let manager = UserManager::start_with_journal();
    let port = free_port();
    manager.write_unit(UNIT, &unit(port));
    assert!(manager.try_systemctl(&["start", UNIT]).status.success());
    manager
}

fn database(manager: &UserManager) -> String {
    manager.home().join(".local/state/gateward/incidents.sqlite").display().to_string()
}

fn engine_of(manager: &UserManager) -> Handle {
    let around = Surroundings {
        os: Target::Linux,
        uid: 0,
        user: Some("root".to_owned()),
        cwd: manager.home().display().to_string(),
        exe: "/usr/bin/gateward".to_owned(),
        wsl: false,
        language: None,
        container: None,
        systemd: SystemdMarks::default(),
        variables: manager.environment().into_iter().collect(),
    };
    let world = World { system: Arc::new(Private::of(manager)), around };
    let gateway = world.gateway(None).unwrap();
    let words = Words::english();
    engine::start(Setup {
        world,
        gateway,
        store: Some(Shelf::new(database(manager))),
        spec: Arc::new(|| Err(Problem::new(Code::NotPossibleNow))),
        words: Arc::new(move |incident, state| notice(incident, state, &words)),
        outlets: Outlets::default(),
    })
    .unwrap()
}

async fn state_where(
    engine: &mut Handle,
    what: &str,
    is_so: impl Fn(&GatewayState) -> bool,
) -> Arc<GatewayState> {
    let found = engine.state.wait_for(|state| state.as_ref().is_some_and(|state| is_so(state)));
    let found = tokio::time::timeout(PATIENCE, found).await.map(|found| found.unwrap().clone().unwrap());
    found.unwrap_or_else(|_| panic!("waited in vain: {what}; last seen: {:#?}", *engine.state.borrow()))
}

/// The running process, once the watch works: its first hint causes a second look.
async fn settled(engine: &mut Handle) -> u32 {
    let first = state_where(engine, "running", |state| pid(state).is_some()).await;
    let looked = first.observation.supervised.read_at;
    let second =
        move |state: &GatewayState| pid(state).is_some() && state.observation.supervised.read_at > looked;
    pid(&*state_where(engine, "a second look", second).await).unwrap()
}

fn pid(state: &GatewayState) -> Option<u32> {
    match &state.observation.supervised.value {
        Supervised::Running(run) => Some(run.pid),
        _ => None,
    }
}

async fn shown(engine: &mut Handle) -> Notice {
    loop {
        match tokio::time::timeout(PATIENCE, engine.notices.recv())
            .await
            .expect("a notice")
            .expect("an engine")
        {
            NoticeEvent::Show(notice) => return notice,
            NoticeEvent::Close(_) => {}
        }
    }
}

fn of_kind(incidents: &[Incident], kind: IncidentKind) -> Vec<Incident> {
    incidents.iter().filter(|incident| incident.kind == kind).cloned().collect()
}

#[tokio::test]
async fn a_kill_becomes_one_incident_with_all_it_needs_and_one_notice() {
    let manager = manager_with_gateway();
    let mut engine = engine_of(&manager);
    let victim = settled(&mut engine).await;
    kill(victim);

    let notice = shown(&mut engine).await;
    assert_eq!(notice.title, "Gateway crashed");
    assert!(
        notice.body.starts_with("Process killed by signal 9 (SIGKILL) after running "),
        "{}",
        notice.body
    );
    println!("{}: {} {:?}", notice.title, notice.body, notice.buttons);

    let has_words = |state: &GatewayState| {
        let crashes = of_kind(&state.incidents, IncidentKind::Crash);
        crashes.iter().any(|crash| !crash.last_words.is_empty() && crash.id > 0)
    };
    state_where(&mut engine, "last words", has_words).await;
    state_where(&mut engine, "running again", |state| pid(state).is_some_and(|pid| pid != victim)).await;
    assert!(engine.notices.try_recv().is_err(), "one notice is enough");
    engine.finish();

    let stored = Store::read(&database(&manager)).unwrap().unwrap().newest("default", 50).unwrap();
    let crashes = of_kind(&stored, IncidentKind::Crash);
    assert_eq!(crashes.len(), 1, "{stored:?}");
    let crash = &crashes[0];
    assert_eq!((crash.exit, crash.pid), (Some(Exit::Signal { signal: 9, core: false }), Some(victim)));
    assert_eq!((crash.restarts, crash.by), (Some(0), By::Itself));
    assert!(crash.uptime_s.is_some());
    assert!(crash.last_words.iter().any(|line| line.starts_with("serving on ")), "{:?}", crash.last_words);
    assert!(!format!("{stored:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_planned_restart_is_an_incident_without_a_notice() {
    let manager = manager_with_gateway();
    let mut engine = engine_of(&manager);
    let before = settled(&mut engine).await;
    processes::signal("USR1", &[before]);
    let restarted = |state: &GatewayState| !of_kind(&state.incidents, IncidentKind::Restarted).is_empty();
    let state = state_where(&mut engine, "restarted", restarted).await;
    assert_eq!(of_kind(&state.incidents, IncidentKind::Restarted)[0].by, By::Itself);
    state_where(&mut engine, "running again", |state| pid(state).is_some_and(|pid| pid != before)).await;
    assert_eq!(manager.property(UNIT, "NRestarts"), "1");
    assert!(engine.notices.try_recv().is_err(), "a planned restart is no reason to disturb anybody");
}

#[tokio::test]
async fn a_stop_that_lasts_is_told_with_who_asked_for_it() {
    let manager = manager_with_gateway();
    // Who asked is seen while they wait, so the stop lasts until somebody looked.
    let wait = format!("until [ -e '{}' ]; do sleep 0.05; done", asker_seen(&manager).display());
    let lasting = format!("ExecStop=/bin/sh -c \"{wait}\"\nRestart=always");
    manager.write_unit(UNIT, &unit(1).replace("Restart=always", &lasting));
    let mut engine = engine_of(&manager);
    settled(&mut engine).await;
    assert!(manager.try_systemctl(&["stop", UNIT]).status.success());
    // The search for who asked runs beside the look and may end after it.
    let by_systemctl = |state: &GatewayState| {
        of_kind(&state.incidents, IncidentKind::Stopped).first().is_some_and(|stop| stop.by == By::Systemctl)
    };
    state_where(&mut engine, "stopped by systemctl", by_systemctl).await;
    assert!(engine.notices.try_recv().is_err());
}

/// A watch on the real unit, by itself.
fn watching(manager: &UserManager) -> (Receiver<Hint>, Watching) {
    let (tell, heard) = channel(64);
    let watch = Watch::Unit { unit: UNIT.to_owned(), scope: Scope::User };
    (heard, Private::of(manager).os.watch(watch, tell))
}

async fn hint_where(heard: &mut Receiver<Hint>, what: &str, is_it: impl Fn(&Hint) -> bool) -> Hint {
    let search = async {
        loop {
            let hint = heard.recv().await.expect("a watch");
            if is_it(&hint) {
                return hint;
            }
        }
    };
    tokio::time::timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

async fn watches_again(heard: &mut Receiver<Hint>) {
    hint_where(heard, "the watch works", |hint| matches!(hint, Hint::Watching { .. })).await;
}

/// Kills the service's process and returns the pid of the exit record that the watch brings.
async fn killed_under(manager: &UserManager, heard: &mut Receiver<Hint>) -> (u32, Option<u32>) {
    let victim = main_pid(manager);
    kill(victim);
    // Signals repeat the record of the end before this one.
    let is_exit =
        |hint: &Hint| matches!(hint, Hint::Changed { exit: Some(record), .. } if record.pid == Some(victim));
    let Hint::Changed { exit: Some(record), .. } = hint_where(heard, "the exit record", is_exit).await else {
        unreachable!()
    };
    assert_eq!(record.exit, Exit::Signal { signal: 9, core: false });
    (victim, record.pid)
}

fn main_pid(manager: &UserManager) -> u32 {
    wait_for(PATIENCE, "the service runs", || {
        manager.property(UNIT, "MainPID").parse().ok().filter(|pid| *pid > 0)
    })
}

#[tokio::test]
async fn the_watch_survives_reload_new_manager_and_new_bus() {
    let manager = manager_with_gateway();
    let (mut heard, _watching) = watching(&manager);
    watches_again(&mut heard).await;

    assert!(manager.try_systemctl(&["daemon-reload"]).status.success());
    let (victim, told) = killed_under(&manager, &mut heard).await;
    assert_eq!(told, Some(victim), "after daemon-reload");

    assert!(manager.try_systemctl(&["daemon-reexec"]).status.success());
    watches_again(&mut heard).await;
    let (victim, told) = killed_under(&manager, &mut heard).await;
    assert_eq!(told, Some(victim), "after daemon-reexec");

    let bus: u32 = manager.property("dbus.service", "MainPID").parse().unwrap();
    processes::signal("KILL", &[bus]);
    hint_where(&mut heard, "the bus is lost", |hint| matches!(hint, Hint::Lost { .. })).await;
    watches_again(&mut heard).await;
    let (victim, told) = killed_under(&manager, &mut heard).await;
    assert_eq!(told, Some(victim), "after the bus was killed");
}

/// From the kill to the hint and to the notice, each time with an engine that has told nothing yet.
#[tokio::test]
async fn twenty_kills_are_each_told() {
    let manager = manager_with_gateway();
    let mut to_hint = Vec::new();
    let mut to_notice = Vec::new();
    for _ in 0..20 {
        let (mut heard, watching) = watching(&manager);
        watches_again(&mut heard).await;
        let victim = main_pid(&manager);
        let begun = Instant::now();
        kill(victim);
        hint_where(&mut heard, "the exit record", |hint| matches!(hint, Hint::Changed { exit: Some(_), .. }))
            .await;
        to_hint.push(begun.elapsed());
        drop(watching);

        main_pid(&manager);
        let mut engine = engine_of(&manager);
        let victim = settled(&mut engine).await;
        let begun = Instant::now();
        kill(victim);
        shown(&mut engine).await;
        to_notice.push(begun.elapsed());
        engine.finish();
        main_pid(&manager);
    }
    let (hint, notice) = (summary(&mut to_hint), summary(&mut to_notice));
    // How soon, on a machine that does nothing else, the benchmark says.
    println!("kill → hint   {hint:?}\nkill → notice {notice:?}  (median, largest)");
}

/// The stand-in gateway, which answers that it is ready.
fn ready_gateway() -> UserManager {
    let manager = UserManager::start();
    let port = free_port();
    let program = env!("CARGO_BIN_EXE_gateward");
    manager.write_unit(UNIT, &format!("[Service]\nExecStart={program} demo --port {port}\nRestart=always\n"));
    assert!(manager.try_systemctl(&["start", UNIT]).status.success());
    manager
}

/// It has answered before, so that its silence is no start, however young it is.
#[tokio::test]
async fn a_gateway_that_freezes_is_hung_is_told_once_and_recovers() {
    let manager = ready_gateway();
    let settings = manager.home().join(".config/gateward");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(settings.join("settings.json"), r#"{"thresholds":{"hung_after_s":1}}"#).unwrap();
    let mut engine = engine_of(&manager);
    state_where(&mut engine, "ready", |state| state.verdict == Verdict::Ready).await;

    let frozen = main_pid(&manager);
    processes::signal("STOP", &[frozen]);
    // It would look by itself within half a minute.
    engine.ask(Request::Observe);
    let title = shown(&mut engine).await.title;
    assert_eq!(title, "Gateway does not answer");
    let state = state_where(&mut engine, "hung", |state| state.verdict == Verdict::Hung).await;
    assert_eq!(of_kind(&state.incidents, IncidentKind::Hung)[0].pid, Some(frozen));

    processes::signal("CONT", &[frozen]);
    assert_eq!(shown(&mut engine).await.key, "default/recovered");
    let state = state_where(&mut engine, "ready again", |state| state.verdict == Verdict::Ready).await;
    assert_eq!(of_kind(&state.incidents, IncidentKind::Hung).len(), 1, "{:?}", state.incidents);
}

/// Voluntary context switches of the engine's threads and of zbus': each is one wake-up that ended in sleep.
fn wake_ups() -> BTreeMap<String, u64> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let ours = tasks.filter(|task| {
        let name = std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        ["engine", "zbus", "async-io", "tokio"].iter().any(|prefix| name.starts_with(prefix))
    });
    let switches = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        line.trim().parse::<u64>().ok()
    };
    let counted = ours.filter_map(|task| {
        let count = switches(std::fs::read_to_string(task.path().join("status")).ok()?)?;
        Some((task.file_name().to_string_lossy().into_owned(), count))
    });
    counted.collect()
}

const ALONE: &str = "GATEWARD_TEST_ALONE";

/// In a process of its own: the engines of the other tests in this file would be counted too.
#[test]
fn at_rest_it_hardly_wakes() {
    if std::env::var_os(ALONE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(measure_rest());
    }
    let this = std::env::current_exe().unwrap();
    let only_me = ["--exact", "at_rest_it_hardly_wakes", "--nocapture"];
    let output = std::process::Command::new(this).args(only_me).env(ALONE, "1").output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    print!("{told}");
}

/// Time itself is measured here, so it sleeps.
async fn measure_rest() {
    let manager = ready_gateway();
    let mut engine = engine_of(&manager);
    state_where(&mut engine, "ready", |state| state.verdict == Verdict::Ready).await;
    // What the start set in motion comes to rest.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = wake_ups();
    tokio::time::sleep(Duration::from_secs(20)).await;
    let woken: u64 = wake_ups().iter().filter_map(|(task, after)| Some(after - before.get(task)?)).sum();
    println!("wake-ups in 20 s at rest: {woken}, over {} threads", before.len());
    assert!(!before.is_empty() && woken < 20, "{woken} wake-ups in 20 s");
}

/// Without a `kill` process, which would be measured too.
fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).expect("a pid");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

fn summary(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() - 1])
}
