use super::*;
use crate::adapter::builtin::proof::Proof;
use crate::adapter::builtin::record::{Phase, Record};
use crate::adapter::builtin::registration;
use crate::plan::Answer;

/// Reports of a machine where nothing is, changed by what a test says.
struct Machine {
    reports: Vec<Report>,
}

impl Machine {
    fn bare() -> Self {
        let asks = adapter().asks(&id());
        Self { reports: asks.into_iter().map(|ask| report(ask, Seen::Missing)).collect() }
    }

    fn with(mut self, ask: Ask, seen: Seen) -> Self {
        self.reports.retain(|report| report.ask != ask);
        self.reports.push(report(ask, seen));
        self
    }

    fn file(self, path: &str, text: &str) -> Self {
        let contents = Contents { bytes: text.as_bytes().to_vec(), mode: 0o600, owner: 0 };
        self.with(Ask::File { path: path.to_owned() }, Seen::File(contents))
    }

    fn task(self, xml: &str, result: u32) -> Self {
        let properties = [("State", "3".to_owned()), ("LastTaskResult", result.to_string())];
        let state = if result == query::RUNNING { "4".to_owned() } else { "3".to_owned() };
        let mut properties: BTreeMap<String, String> =
            properties.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        properties.insert("State".to_owned(), state);
        self.with(definition(), Seen::Answered(answered(0, xml, "")))
            .with(state_ask(), Seen::Properties(properties))
    }

    fn installed(self) -> Self {
        let text = registration::render(&spec(), Os::Windows).unwrap();
        let own = adapter();
        let path = own.own.registration(&id());
        self.task(&own.render(&spec()).unwrap(), 0).file(&path, &text)
    }

    fn record(self, phase: Phase, alive: bool) -> Self {
        let host = Proof { pid: 70, birth: AT.to_owned() };
        let gateway = Proof { pid: 71, birth: AT.to_owned() };
        let record =
            Record { phase, gateway: Some(gateway), ..Record::new("default".into(), host, "x".into()) };
        let path = adapter().own.record(&id());
        let seen = |pid| if alive { Seen::Process(process(pid, &[])) } else { Seen::Missing };
        self.file(&path, &serde_json::to_string(&record).unwrap())
            .with(Ask::Process { pid: 70 }, seen(70))
            .with(Ask::Process { pid: 71 }, seen(71))
    }

    fn listening(self, command: &[&str]) -> Self {
        let listener = ListenerSeen {
            address: "127.0.0.1:18789".into(),
            process: Some(process(90, command)),
            ancestors: vec![],
        };
        self.with(Ask::Port { port: 18789 }, Seen::Listeners(vec![listener]))
    }

    fn read(&self) -> (Registered, Supervised) {
        let (registered, supervised) = adapter().read(&id(), &self.reports);
        (registered.value, supervised.value)
    }

    fn present(&self) -> Registration {
        match self.read().0 {
            Registered::Present(found) => *found,
            other => panic!("{other:?}"),
        }
    }
}

const AT: &str = "2026-11-22T12:00:00Z";

fn process(pid: u32, command: &[&str]) -> ProcessSeen {
    ProcessSeen {
        pid,
        parent: 1,
        program: r"C:\Program Files\nodejs\node.exe".to_owned(),
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        user: "anna".to_owned(),
        started: AT.parse().ok(),
        unit: None,
    }
}

fn report(ask: Ask, seen: Seen) -> Report {
    Report { ask, seen, source: "test".to_owned(), at: AT.parse().unwrap() }
}

fn definition() -> Ask {
    Ask::TaskDefinition { name: "OpenClaw Gateway".to_owned() }
}

fn state_ask() -> Ask {
    Ask::Task { name: "OpenClaw Gateway".to_owned() }
}

const SCRIPT: &str = r"C:\Users\anna\.openclaw\gateway.cmd";
const STARTUP: &str =
    r"C:\Users\anna\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\OpenClaw Gateway.cmd";
const OF_A: &str = "@echo off\r\nrem OpenClaw Gateway (v2026.4.12)\r\nset \"OPENCLAW_SERVICE_MARKER=openclaw\"\r\n\
    set \"MINE=1\"\r\n\"C:\\Program Files\\nodejs\\node.exe\" C:\\openclaw\\dist\\index.js gateway --port 18789\r\n";

#[test]
fn nothing_at_all_is_not_installed() {
    let (registered, supervised) = Machine::bare().read();
    assert_eq!(registered, Registered::Missing { file: r"\OpenClaw Gateway".to_owned() });
    assert_eq!(supervised, Supervised::Absent);
}

#[test]
fn a_task_that_starts_by_the_clock_too_says_when() {
    let told = [("State", "3"), ("LastTaskResult", "0"), ("NextRunTime", "46349.354166666664")];
    let told = told.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let found = Machine::bare().installed().with(state_ask(), Seen::Properties(told)).present();
    let flaw = found.flaws.iter().find(|flaw| flaw.rule == "task-next-start").unwrap();
    assert_eq!(flaw.values["at"], "2026-11-23 08:30");
}

#[test]
fn our_own_task_is_read_with_the_hosts_definition() {
    let found = Machine::bare().installed().present();
    assert_eq!((found.origin, found.autostart), (Origin::Gateward, Autostart::On));
    assert_eq!(found.command, spec().command);
    assert_eq!(found.flaws.iter().map(|flaw| flaw.rule.as_str()).collect::<Vec<_>>(), ["task-sign-in-only"]);
}

#[test]
fn a_task_whose_definition_is_gone_says_so() {
    let machine = Machine::bare().task(&adapter().render(&spec()).unwrap(), 0);
    assert!(machine.present().flaws.iter().any(|flaw| flaw.rule == "task-program-missing"));
}

#[test]
fn openclaws_tasks_are_read_by_their_scripts() {
    let f = "@echo off\r\nset OPENCLAW_SERVICE_MARKER=openclaw\r\nnode C:\\x\\index.js gateway\r\n";
    for (xml, script, origin) in [
        (fixture!("openclaw-2026.2.xml"), f, Origin::OpenclawF),
        (fixture!("openclaw-2026.2.xml"), OF_A, Origin::OpenclawA),
        (
            fixture!("openclaw-2026.9.xml"),
            &OF_A.replace("18789", "18789 --task-supervisor < NUL"),
            Origin::OpenclawN,
        ),
    ] {
        let found = Machine::bare().task(xml, 0).file(SCRIPT, script).present();
        assert_eq!(found.origin, origin);
        assert!(found.command.contains(&"gateway".to_owned()), "{:?}", found.command);
    }
}

#[test]
fn a_left_task_without_its_script_is_told() {
    let found = Machine::bare().task(fixture!("openclaw-2026.2.xml"), 0).present();
    let flaw = found.flaws.iter().find(|flaw| flaw.rule == "task-program-missing").unwrap();
    assert_eq!(flaw.values["path"], SCRIPT);
}

#[test]
fn somebody_elses_task_of_the_same_name_is_foreign() {
    let found = Machine::bare().task(fixture!("foreign.xml"), 0).present();
    assert_eq!(found.origin, Origin::Foreign);
    assert_eq!(found.command, [r"C:\Program Files\Acme\backup.exe"]);
}

#[test]
fn xml_that_is_none_is_unknown_and_not_missing() {
    let machine = Machine::bare().with(definition(), Seen::Answered(answered(0, "<Task><x", "")));
    assert!(matches!(machine.read().0, Registered::Unknown { why, .. } if why.code == Code::UnitUnreadable));
}

#[test]
fn a_refusal_in_an_unknown_language_is_settled_by_the_list_of_all_tasks() {
    let refused = Seen::Answered(answered(1, "", "VIRHE: jotakin"));
    let machine = Machine::bare().with(definition(), refused);
    assert!(adapter().follow_up(&id(), &machine.reports).contains(&Ask::Tasks));
    assert!(matches!(machine.read().0, Registered::Unknown { .. }));
    let listed = |rows: &str| Seen::Answered(answered(0, rows, ""));
    let absent = Machine { reports: machine.reports.clone() }
        .with(Ask::Tasks, listed("\"\\Other\",\"N/A\",\"?\"\r\n"));
    assert!(matches!(absent.read().0, Registered::Missing { .. }));
    let there = machine.with(Ask::Tasks, listed("\"\\OpenClaw Gateway\",\"N/A\",\"?\"\r\n"));
    assert!(matches!(there.read().0, Registered::Unknown { .. }));
}

#[test]
fn the_startup_folder_speaks_where_task_scheduler_does_not() {
    let item = adapter().place.startup_script(&spec()).unwrap();
    let hung = Seen::Answered(Answer { end: End::TimedOut, ..Answer::default() });
    let path = adapter().own.registration(&id());
    let machine = Machine::bare()
        .with(definition(), hung.clone())
        .with(state_ask(), hung)
        .file(STARTUP, &item)
        .file(&path, &registration::render(&spec(), Os::Windows).unwrap());
    let found = machine.present();
    assert_eq!((found.file.as_str(), found.origin), (STARTUP, Origin::Gateward));
    assert_eq!(found.flaws[0].rule, "startup-item");
    assert_eq!(machine.read().1, Supervised::Stopped { last_exit: None });
}

#[test]
fn a_host_that_is_alive_says_what_runs() {
    let machine = Machine::bare().installed().record(Phase::Running, true);
    assert_eq!(machine.read().1.pid(), Some(71));
}

#[test]
fn a_dead_host_under_a_running_task_is_starting_and_under_an_ended_one_stopped() {
    let xml = adapter().render(&spec()).unwrap();
    let dead = || Machine::bare().installed().record(Phase::Running, false);
    assert_eq!(dead().task(&xml, query::RUNNING).read().1, Supervised::Starting);
    assert_eq!(dead().task(&xml, 0).read().1, Supervised::Stopped { last_exit: None });
}

#[test]
fn openclaws_gateway_is_the_process_that_runs_what_the_script_says() {
    let machine = Machine::bare().task(fixture!("openclaw-2026.2.xml"), query::RUNNING).file(SCRIPT, OF_A);
    let node = ["node.exe", r"c:/openclaw/dist/INDEX.js", "gateway"];
    assert!(adapter().follow_up(&id(), &machine.reports).contains(&Ask::Port { port: 18789 }));
    assert_eq!(machine.read().1, Supervised::Starting);
    assert_eq!(machine.listening(&node).read().1.pid(), Some(90));
}

#[test]
fn a_stranger_on_the_port_is_not_openclaws_gateway() {
    let machine = Machine::bare().task(fixture!("openclaw-2026.2.xml"), query::RUNNING).file(SCRIPT, OF_A);
    assert_eq!(machine.listening(&["nginx.exe"]).read().1, Supervised::Starting);
}

#[test]
fn how_the_last_run_ended_is_told_by_number() {
    let ended = |result| {
        let machine = Machine::bare().task(fixture!("openclaw-2026.2.xml"), result).file(SCRIPT, OF_A);
        match machine.read().1 {
            Supervised::Stopped { last_exit } => last_exit.map(|record| record.exit),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ended(1), Some(Exit::Code { code: 1 }));
    assert_eq!(ended(78), Some(Exit::Code { code: 78 }));
    assert_eq!(ended(query::NEVER_RUN), None);
    assert_eq!(ended(query::TERMINATED), None);
}

#[test]
fn a_persons_own_variables_are_carried_over_and_generated_ones_are_not() {
    let with_secret = OF_A.replace("MINE=1\"", "MINE=1\"\r\nset \"X_TOKEN=hunter2\"\r\nset \"PATH=C:\\x\"");
    let machine = Machine::bare().task(fixture!("openclaw-2026.2.xml"), 0).file(SCRIPT, &with_secret);
    let kept = adapter().carried_over(&id(), &machine.reports);
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["MINE", "X_TOKEN"]);
    assert_eq!(kept["X_TOKEN"], Value::Secret(Redacted::new("hunter2")));
}
