//! Stories of the whole engine over a machine made of data: its clock moves only when a story says so.

// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use gateward::changes::Journal;
use gateward::engine::{self, Handle, NoticeEvent, Outlets, Setup};
use gateward::identity::{Surroundings, SystemdMarks};
use gateward::layout::Os;
use gateward::model::{Action, Exit, ExitRecord, Fate, GatewayState, IncidentKind, Request, Verdict};
use gateward::plan::{Answer, Call};
use gateward::problem::{Code, Problem};
use gateward::system::scripted::{Machine, Scripted, Simulator, answered};
use gateward::system::store::{Shelf, Store};
use gateward::system::{
    Ask, Contents, Entry, Held, Hint, HttpSeen, Part, Report, Seen, System, Watch, Watching,
};
use gateward::view::notice::notice;
use gateward::words::Words;
use gateward::world::World;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::Sender;
use tokio::sync::{Notify, oneshot};

const PATIENCE: Duration = Duration::from_secs(20);
const UNIT_FILE: &str = "/home/anna/.config/systemd/user/openclaw-gateway.service";

/// A user manager with one running service.
struct Service {
    properties: BTreeMap<&'static str, String>,
    observations: usize,
    words: Vec<String>,
}

impl Service {
    fn running(pid: u32) -> Self {
        let mut service = Self { properties: BTreeMap::new(), observations: 0, words: Vec::new() };
        service.set(&[
            ("Id", "openclaw-gateway.service"),
            ("LoadState", "loaded"),
            ("UnitFileState", "enabled"),
            ("FragmentPath", UNIT_FILE),
            ("NRestarts", "0"),
            ("StartLimitBurst", "5"),
        ]);
        service.runs(pid);
        service
    }

    fn set(&mut self, properties: &[(&'static str, &str)]) {
        self.properties.extend(properties.iter().map(|(name, text)| (*name, (*text).to_owned())));
    }

    fn runs(&mut self, pid: u32) {
        let pid = pid.to_string();
        self.set(&[
            ("ActiveState", "active"),
            ("SubState", "running"),
            ("MainPID", &pid),
            ("ExecMainPID", &pid),
        ]);
        self.set(&[("ExecMainCode", "0"), ("ExecMainStatus", "0"), ("Result", "success")]);
        self.set(&[("ExecMainStartTimestamp", "1795345200000000")]);
    }

    fn is_killed(&mut self) {
        self.set(&[("ActiveState", "activating"), ("SubState", "auto-restart"), ("MainPID", "0")]);
        self.set(&[("ExecMainCode", "2"), ("ExecMainStatus", "9"), ("Result", "signal")]);
    }

    fn is_up(&self) -> bool {
        self.properties["ActiveState"] == "active"
    }
}

impl Simulator for Service {
    fn run(&mut self, call: &Call, _machine: &mut Machine) -> Answer {
        if call.args.iter().any(|arg| arg == "restart") {
            self.runs(9);
        }
        answered(0, "", "")
    }

    fn answer(&mut self, ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        match ask {
            Ask::Unit { .. } => {
                self.observations += 1;
                let owned = |(name, text): (&&str, &String)| ((*name).to_owned(), text.clone());
                Some(Seen::Properties(self.properties.iter().map(owned).collect()))
            }
            Ask::Http { path, .. } if self.is_up() => {
                let body = match path.as_str() {
                    "/healthz" => r#"{"ok":true,"status":"live"}"#,
                    _ => r#"{"ready":true,"failing":[]}"#,
                };
                let content_type = "application/json".to_owned();
                let latency = Duration::from_millis(2);
                Some(Seen::Http(HttpSeen { status: 200, content_type, body: body.to_owned(), latency }))
            }
            // Its owner is hidden; the answers decide.
            Ask::Port { .. } if self.is_up() => Some(Seen::Listeners(vec![gateward::system::ListenerSeen {
                address: "127.0.0.1:18789".to_owned(),
                process: None,
                ancestors: Vec::new(),
            }])),
            Ask::LastWords { .. } => Some(Seen::Lines(self.words.clone())),
            _ => None,
        }
    }
}

/// The scripted machine with a clock and watches that the story moves.
struct Stage {
    inner: Scripted<Service>,
    clock: Mutex<Clock>,
    watchers: Mutex<Vec<(Watch, Sender<Hint>)>>,
    watchable: bool,
    /// Calls wait for it when it is there.
    gate: Mutex<Option<Arc<Notify>>>,
}

#[derive(Default)]
struct Clock {
    now: Duration,
    sleepers: Vec<(Duration, oneshot::Sender<()>)>,
}

impl Stage {
    fn new(watchable: bool) -> Arc<Self> {
        let inner = Scripted::new(Service::running(7));
        inner.with(|machine, _| {
            let text = "[Service]\nExecStart=/usr/bin/node index.js gateway --port 18789\n";
            machine.write(UNIT_FILE, text.as_bytes(), 0o644).unwrap();
        });
        Arc::new(Self {
            inner,
            clock: Mutex::default(),
            watchers: Mutex::default(),
            watchable,
            gate: Mutex::default(),
        })
    }

    fn service<T>(&self, look: impl FnOnce(&mut Service) -> T) -> T {
        self.inner.with(|_, service| look(service))
    }

    fn observations(&self) -> usize {
        self.service(|service| service.observations)
    }

    /// Lets time pass and wakes who slept so long.
    fn pass(&self, duration: Duration) {
        let mut clock = self.clock.lock().unwrap();
        clock.now += duration;
        let now = clock.now;
        let (due, rest) = clock.sleepers.drain(..).partition(|(at, _)| *at <= now);
        clock.sleepers = rest;
        let wake = |(_, wake): (Duration, oneshot::Sender<()>)| wake.send(()).unwrap_or_default();
        due.into_iter().for_each(wake);
    }

    /// When the engine would wake next by itself, counted from now.
    fn next_wake(&self) -> Option<Duration> {
        let clock = self.clock.lock().unwrap();
        let awaited = clock.sleepers.iter().filter(|(_, wake)| !wake.is_closed());
        awaited.map(|(at, _)| *at - clock.now).min()
    }

    async fn hint(&self, exit: Option<ExitRecord>) {
        let watchers = self.watchers.lock().unwrap().clone();
        for (watch, tell) in watchers {
            tell.send(Hint::Changed { watch, exit: exit.clone() }).await.unwrap();
        }
    }
}

#[async_trait]
impl System for Stage {
    async fn answer(&self, ask: &Ask) -> Report {
        Report { at: self.now(), ..self.inner.answer(ask).await }
    }

    async fn run(&self, call: &Call) -> Answer {
        let gate = self.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.notified().await;
        }
        self.inner.run(call).await
    }

    fn read(&self, path: &str) -> Result<Option<Contents>, Problem> {
        self.inner.read(path)
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<(), Problem> {
        self.inner.write(path, bytes, mode)
    }

    fn remove(&self, path: &str) -> Result<bool, Problem> {
        self.inner.remove(path)
    }

    fn make_dir(&self, path: &str, mode: u32) -> Result<(), Problem> {
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
        self.inner.now() + SignedDuration::try_from(self.clock()).unwrap()
    }

    fn clock(&self) -> Duration {
        self.clock.lock().unwrap().now
    }

    async fn pause(&self, duration: Duration) {
        let (wake, woken) = oneshot::channel();
        {
            let mut clock = self.clock.lock().unwrap();
            let at = clock.now + duration;
            clock.sleepers.push((at, wake));
        }
        let _ = woken.await;
    }

    fn watch(&self, watch: Watch, tell: Sender<Hint>) -> Watching {
        let first = match self.watchable {
            true => Hint::Watching { watch: watch.clone() },
            false => Hint::Lost { watch: watch.clone(), why: "no bus".to_owned() },
        };
        tell.try_send(first).unwrap();
        self.watchers.lock().unwrap().push((watch, tell));
        Watching::until_dropped(|| ())
    }
}

struct Scene {
    stage: Arc<Stage>,
    engine: Handle,
    folder: tempfile::TempDir,
}

impl Scene {
    fn begin(watchable: bool) -> Self {
        Self::with_database(watchable, |_| {})
    }

    fn with_database(watchable: bool, prepare: impl FnOnce(&str)) -> Self {
        let stage = Stage::new(watchable);
        let folder = tempfile::tempdir().unwrap();
        let path = database(&folder);
        prepare(&path);
        let engine = engine::start(setup(stage.clone(), Some(path))).unwrap();
        Self { stage, engine, folder }
    }

    async fn state_where(&mut self, what: &str, is_so: impl Fn(&GatewayState) -> bool) -> Arc<GatewayState> {
        let found = self.engine.state.wait_for(|state| state.as_ref().is_some_and(|state| is_so(state)));
        let found = tokio::time::timeout(PATIENCE, found).await;
        found.unwrap_or_else(|_| panic!("waited in vain: {what}")).unwrap().clone().unwrap()
    }

    fn set(&self, settings: &str) {
        self.stage.write("/home/anna/.config/gateward/settings.json", settings.as_bytes(), 0o600).unwrap();
    }

    async fn is_killed_and_comes_back(&mut self, pid: u32) {
        self.stage.service(Service::is_killed);
        self.stage.hint(Some(killed(pid))).await;
        self.state_where("down", |state| state.verdict == Verdict::Starting).await;
        self.stage.service(|service| service.runs(pid + 1));
        self.stage.hint(None).await;
        self.is_ready().await;
        // Its last words are asked for.
        self.rests_for(Duration::from_millis(300)).await;
        self.stage.pass(Duration::from_millis(300));
    }

    /// Until it has looked again by itself.
    async fn looks_again(&self) {
        let looks = self.stage.observations();
        self.stage.pass(Duration::from_secs(30));
        let looked = async {
            while self.stage.observations() == looks {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, looked).await.unwrap();
        self.rests_for(Duration::from_secs(30)).await;
    }

    async fn is_ready(&mut self) {
        self.state_where("ready", |state| state.verdict == Verdict::Ready).await;
    }

    /// Waits until the engine sleeps and will wake by itself only after `wanted`. Between two looks it sleeps so for a moment too,
    /// with a hint on its way: it rests when it has looked at nothing for a while.
    async fn rests_for(&self, wanted: Duration) {
        let rests = async {
            let (mut calm, mut looks) = (0, self.stage.observations());
            while calm < 20 {
                tokio::time::sleep(Duration::from_millis(5)).await;
                let still = self.stage.next_wake() == Some(wanted) && self.stage.observations() == looks;
                (calm, looks) = (if still { calm + 1 } else { 0 }, self.stage.observations());
            }
        };
        let rested = tokio::time::timeout(PATIENCE, rests).await;
        assert!(rested.is_ok(), "it wakes after {:?}, not {wanted:?}", self.stage.next_wake());
    }

    async fn shown(&mut self) -> String {
        match tokio::time::timeout(PATIENCE, self.engine.notices.recv()).await.expect("a notice").unwrap() {
            NoticeEvent::Show(notice) => notice.title,
            NoticeEvent::Close(key) => format!("closed {key}"),
        }
    }
}

fn database(folder: &tempfile::TempDir) -> String {
    folder.path().join("gateward/incidents.sqlite").display().to_string()
}

fn around() -> Surroundings {
    Surroundings {
        os: Os::Linux,
        uid: 1000,
        user: None,
        cwd: "/".to_owned(),
        exe: "/usr/bin/gateward".to_owned(),
        wsl: false,
        language: None,
        container: None,
        systemd: SystemdMarks { booted: true, user_manager: true },
        variables: [("HOME".to_owned(), "/home/anna".to_owned())].into(),
    }
}

fn setup(system: Arc<Stage>, store: Option<String>) -> Setup {
    let world = World { system, around: around() };
    let gateway = world.gateway(None).unwrap();
    let words = Words::english();
    Setup {
        world,
        gateway,
        store: store.map(Shelf::new),
        spec: Arc::new(|| Err(Problem::new(Code::NoOpenClaw))),
        words: Arc::new(move |incident, state| notice(incident, state, &words)),
        outlets: Outlets::default(),
    }
}

fn killed(pid: u32) -> ExitRecord {
    let exit = Exit::Signal { signal: 9, core: false };
    ExitRecord { exit, at: None, pid: Some(pid), result: Some("signal".to_owned()) }
}

#[tokio::test]
async fn a_crash_is_shown_stored_and_its_recovery_told() {
    let mut scene = Scene::begin(true);
    scene.is_ready().await;
    scene.rests_for(Duration::from_secs(30)).await;
    scene.stage.service(|service| {
        service.is_killed();
        service.words = vec!["boom".to_owned(), "apiKey: hunter2hunter2".to_owned()];
    });
    scene.stage.hint(Some(killed(7))).await;
    assert_eq!(scene.shown().await, "Gateway crashed");
    scene.rests_for(Duration::from_millis(300)).await;
    scene.stage.pass(Duration::from_millis(300));
    scene.state_where("last words", |state| state.incidents[0].last_words.len() == 2).await;
    scene.stage.service(|service| service.runs(8));
    scene.stage.hint(None).await;
    assert_eq!(scene.shown().await, "closed default/trouble");
    assert_eq!(scene.shown().await, "Gateway is ready again");
    let path = database(&scene.folder);
    scene.engine.finish();
    let rows = Store::read(&path).unwrap().unwrap().newest("default", 9).unwrap();
    let kinds: Vec<_> = rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [IncidentKind::Recovered, IncidentKind::Crash]);
    assert_eq!(rows[1].last_words, ["boom", "apiKey: ••••••"]);
}

#[tokio::test]
async fn what_quiet_hours_hold_back_is_shown_after_them() {
    let mut scene = Scene::begin(true);
    let hours = scene.stage.now() + SignedDuration::from_mins(2);
    let settings = format!(r#"{{"notices":{{"quiet_hours":"00:00-{} UTC"}}}}"#, hours.strftime("%H:%M"));
    scene.set(&settings);
    scene.is_ready().await;
    scene.rests_for(Duration::from_secs(30)).await;
    scene.stage.service(Service::is_killed);
    scene.stage.hint(Some(killed(7))).await;
    let path = database(&scene.folder);
    while fates(&path).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(scene.engine.notices.try_recv().is_err());
    scene.stage.pass(Duration::from_secs(120));
    assert_eq!(scene.shown().await, "Gateway crashed");
    scene.engine.finish();
    assert_eq!(fates(&path), [Fate::Shown, Fate::Quiet]);
}

#[tokio::test]
async fn a_trouble_that_begins_and_ends_in_quiet_hours_is_in_the_history_only() {
    let mut scene = Scene::begin(true);
    scene.set(r#"{"notices":{"quiet_hours":"00:00-23:59 UTC"}}"#);
    scene.is_ready().await;
    scene.rests_for(Duration::from_secs(30)).await;
    scene.is_killed_and_comes_back(7).await;
    let path = database(&scene.folder);
    while fates(&path).len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    scene.set("{}");
    scene.looks_again().await;
    scene.engine.ask(Request::Quit);
    let mut shown = Vec::new();
    while let Some(event) = scene.engine.notices.recv().await {
        shown.push(event);
    }
    assert_eq!(shown, [NoticeEvent::Close("default/trouble".to_owned())]);
    assert_eq!(fates(&path), [Fate::Quiet, Fate::Quiet]);
}

/// Nor is the recovery from what was not shown.
#[tokio::test]
async fn beyond_the_limit_of_an_hour_notices_are_kept_and_not_shown() {
    let mut scene = Scene::begin(true);
    scene.set(r#"{"notices":{"per_hour":2},"thresholds":{"calm_after_s":1}}"#);
    scene.is_ready().await;
    scene.rests_for(Duration::from_secs(30)).await;
    let path = database(&scene.folder);
    for pid in [7, 8] {
        scene.is_killed_and_comes_back(pid).await;
        let told = 2 * usize::try_from(pid - 6).unwrap();
        while fates(&path).len() < told {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        scene.looks_again().await;
    }
    assert_eq!(fates(&path), [Fate::Limited, Fate::Limited, Fate::Shown, Fate::Shown]);
}

/// Of all notices so far, newest first.
fn fates(path: &str) -> Vec<Fate> {
    let told = Store::read(path).unwrap().unwrap().notices("default", Timestamp::MIN).unwrap();
    told.iter().map(|notice| notice.fate).collect()
}

#[tokio::test]
async fn settings_that_cannot_be_read_silence_nobody() {
    let mut scene = Scene::begin(true);
    scene.set("{ broken");
    scene.is_ready().await;
    scene.rests_for(Duration::from_secs(30)).await;
    scene.stage.service(Service::is_killed);
    scene.stage.hint(Some(killed(7))).await;
    assert_eq!(scene.shown().await, "Gateway crashed");
}

#[tokio::test]
async fn under_a_working_watch_nothing_is_asked_for_thirty_seconds() {
    let mut scene = Scene::begin(true);
    scene.is_ready().await;
    scene.rests_for(Duration::from_secs(30)).await;
    let before = scene.stage.observations();
    scene.stage.pass(Duration::from_secs(29));
    assert_eq!(scene.stage.next_wake(), Some(Duration::from_secs(1)));
    assert_eq!(scene.stage.observations(), before);
    scene.stage.pass(Duration::from_secs(1));
    scene.rests_for(Duration::from_secs(30)).await;
    assert_eq!(scene.stage.observations(), before + 1);
}

#[tokio::test]
async fn without_a_watch_a_crash_is_found_by_asking() {
    let mut scene = Scene::begin(false);
    scene.is_ready().await;
    scene.rests_for(Duration::from_secs(5)).await;
    scene.stage.service(Service::is_killed);
    scene.stage.pass(Duration::from_secs(5));
    assert_eq!(scene.shown().await, "Gateway crashed");
}

#[tokio::test]
async fn a_second_click_is_answered_while_the_first_is_carried_out() {
    let mut scene = Scene::begin(true);
    scene.is_ready().await;
    let gate = Arc::new(Notify::new());
    *scene.stage.gate.lock().unwrap() = Some(gate.clone());
    scene.engine.ask(Request::Act { action: Action::Restart });
    scene.state_where("busy", |state| state.busy.is_some()).await;
    scene.engine.ask(Request::Act { action: Action::Stop });
    let refused =
        |state: &GatewayState| state.problem.as_ref().is_some_and(|it| it.code == Code::AlreadyBusy);
    let state = scene.state_where("an answer", refused).await;
    assert_eq!(state.busy.as_ref().map(|busy| busy.action.clone()), Some(Action::Restart));
    *scene.stage.gate.lock().unwrap() = None;
    gate.notify_waiters();
    let state = scene.state_where("done", |state| state.busy.is_none()).await;
    assert_eq!((state.problem.clone(), state.verdict), (None, Verdict::Ready));
    assert!(scene.engine.notices.try_recv().is_err(), "a restart that was asked for is no news");
}

#[tokio::test]
async fn an_installation_that_cannot_be_described_says_why() {
    let mut scene = Scene::begin(true);
    scene.is_ready().await;
    scene.engine.ask(Request::Act { action: Action::Install });
    let told = |state: &GatewayState| state.problem.as_ref().is_some_and(|it| it.code == Code::NoOpenClaw);
    let state = scene.state_where("the problem", told).await;
    assert_eq!(state.busy, None);
}

#[tokio::test]
async fn a_broken_database_is_told_and_replaced() {
    let mut scene = Scene::with_database(true, |path| {
        std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, "not a database ".repeat(400)).unwrap();
    });
    let told =
        |state: &GatewayState| state.problem.as_ref().is_some_and(|it| it.code == Code::DatabaseUnusable);
    let state = scene.state_where("the problem", told).await;
    assert!(state.problem.as_ref().unwrap().values.contains_key("moved"));
    scene.stage.service(Service::is_killed);
    scene.stage.hint(Some(killed(7))).await;
    let stored = |state: &GatewayState| state.incidents.iter().any(|incident| incident.id > 0);
    scene.state_where("a stored crash", stored).await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_costs_only_the_history() {
    let stage = Stage::new(true);
    let mut engine = engine::start(setup(stage.clone(), Some("/proc/gateward/x.sqlite".to_owned()))).unwrap();
    let ready = |state: &Option<Arc<GatewayState>>| {
        state.as_ref().is_some_and(|state| state.verdict == Verdict::Ready && state.problem.is_some())
    };
    tokio::time::timeout(PATIENCE, engine.state.wait_for(ready)).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_the_database_remembers_is_in_the_state() {
    let mut scene = Scene::with_database(true, |path| {
        let incident = gateward::model::Incident {
            id: 0,
            profile: "default".to_owned(),
            at: "2026-11-20T12:00:00Z".parse().unwrap(),
            kind: IncidentKind::Crash,
            pid: Some(3),
            exit: None,
            uptime_s: None,
            restarts: None,
            last_words: Vec::new(),
            by: gateward::model::By::Itself,
            detail: None,
        };
        Store::open(path).unwrap().store.record(&incident).unwrap();
    });
    let state = scene.state_where("the old crash", |state| !state.incidents.is_empty()).await;
    assert_eq!((state.incidents[0].pid, state.incidents[0].id), (Some(3), 1));
}

#[tokio::test]
async fn who_only_looks_at_the_journal_is_not_told_of_as_at_work() {
    let stage = Stage::new(true);
    let journal = Journal::new(&around()).unwrap();
    let look = stage.lock(&format!("{}/lock", journal.folder())).unwrap();
    assert!(look.is_some());
    let told = Mutex::new(0);
    let hear = |_| *told.lock().unwrap() += 1;
    let end_of_the_look = async {
        while stage.next_wake().is_none() {
            tokio::task::yield_now().await;
        }
        drop(look);
        stage.pass(Duration::from_millis(200));
    };
    let (turn, ()) = tokio::join!(journal.turn(&*stage, "stop", &hear), end_of_the_look);
    assert!(turn.is_ok());
    assert_eq!(*told.lock().unwrap(), 0);
}

#[tokio::test]
async fn dropping_the_handle_ends_the_engine() {
    let mut scene = Scene::begin(true);
    scene.is_ready().await;
    let mut states = scene.engine.state.clone();
    drop(scene.engine);
    let ended = async { while states.changed().await.is_ok() {} };
    assert!(tokio::time::timeout(PATIENCE, ended).await.is_ok());
}

#[tokio::test]
async fn quitting_ends_the_engine_and_its_notices() {
    let mut scene = Scene::begin(true);
    scene.is_ready().await;
    scene.engine.ask(Request::Quit);
    let end = tokio::time::timeout(PATIENCE, scene.engine.notices.recv()).await;
    assert_eq!(end, Ok(None));
}
