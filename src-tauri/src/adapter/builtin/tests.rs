use super::proof::Proof;
use super::record::{Phase, Record};
use super::*;
use crate::identity::tests::around;
use crate::identity::{Profile, identify};
use crate::model::{Answers, Autostart, Exit, ExitRecord, PortUse, Redacted, RestartPolicy, Value};
use crate::plan::{Step, Tool};
use crate::system::Contents;
use crate::system::scripted::answered;
use jiff::Timestamp;

const BOOT: &str = "b00t";
const HOST: u32 = 70;
const GATEWAY: u32 = 71;

fn builtin(variables: &[(&str, &str)]) -> Builtin {
    Builtin::new(&around(variables)).unwrap()
}

fn id() -> Identity {
    identify(&Profile::parse("work", Os::Linux).unwrap(), &around(&[]), None).unwrap()
}

fn spec(command: &[&str], environment: &[(&str, Value)]) -> ServiceSpec {
    ServiceSpec {
        identity: id(),
        description: "OpenClaw Gateway (work)".to_owned(),
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        working_dir: None,
        environment: environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        restart: RestartPolicy::default(),
    }
}

fn nasty() -> ServiceSpec {
    let plain = |text: &str| Value::Plain(text.to_owned());
    let environment = [
        ("A", plain("a b\"c'd\\e%f$g&h^i\u{e9}\u{1f980}\nj")),
        ("MY_TOKEN", Value::Secret(Redacted::new("hunter2"))),
        ("INVOCATION_ID", plain("outer")),
    ];
    spec(&["/opt/a b/no\"de", "ga te$way", "", "--x=%i", &"l".repeat(300)], &environment)
}

#[test]
fn what_was_registered_is_read_back_word_for_word() {
    let spec = nasty();
    let installed = registration::parse(&builtin(&[]).render(&spec).unwrap(), "/x").unwrap();
    assert_eq!(installed.command, spec.command);
    assert_eq!(installed.environment["A"], "a b\"c'd\\e%f$g&h^i\u{e9}\u{1f980}\nj");
    assert_eq!(RestartPolicy::from(&installed.restart), spec.restart);
}

#[test]
fn a_registration_holds_no_secret_and_nothing_of_a_supervisor() {
    let text = builtin(&[]).render(&nasty()).unwrap();
    assert!(!text.contains("hunter2") && !text.contains("INVOCATION_ID"), "{text}");
}

#[test]
fn secrets_come_back_from_their_own_file() {
    let text = registration::render_secrets(&nasty()).unwrap().unwrap();
    let secrets = registration::parse_secrets(text.reveal(), "/x").unwrap();
    assert_eq!(secrets["MY_TOKEN"].reveal(), "hunter2");
}

#[test]
fn what_no_process_can_be_given_is_refused() {
    for command in [&[][..], &[""], &["/a\0b"]] {
        assert_eq!(builtin(&[]).render(&spec(command, &[])).unwrap_err().code, Code::BadValue, "{command:?}");
    }
}

#[test]
fn an_unreadable_or_newer_registration_is_said_to_be_so() {
    for text in ["", "{", "[]", r#"{"version":2}"#] {
        assert_eq!(registration::parse(text, "/x").unwrap_err().code, Code::UnitUnreadable, "{text}");
    }
}

/// A Linux machine of files: what is registered and recorded, and who is alive.
struct Files(Vec<(String, String)>);

impl Files {
    fn new() -> Self {
        Self(vec![("/proc/sys/kernel/random/boot_id".to_owned(), format!("{BOOT}\n"))])
    }

    fn registered(mut self) -> Self {
        let builtin = builtin(&[]);
        let text = builtin.render(&spec(&["/usr/bin/node", "gateway"], &[])).unwrap();
        self.0.push((builtin.own.registration(&id()), text));
        self
    }

    fn recorded(mut self, phase: Phase) -> Self {
        self.0.push((builtin(&[]).own.record(&id()), serde_json::to_string(&record(phase)).unwrap()));
        self
    }

    fn alive(mut self, pid: u32, ticks: u32) -> Self {
        let rest = format!("S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 {ticks} 1");
        self.0.push((format!("/proc/{pid}/stat"), format!("{pid} (x) {rest}")));
        self
    }

    fn read(&self) -> (Registered, Supervised) {
        let (registered, supervised) = builtin(&[]).read(&id(), &self.reports());
        (registered.value, supervised.value)
    }

    fn reports(&self) -> Vec<Report> {
        let builtin = builtin(&[]);
        let mut reports: Vec<Report> = builtin.asks(&id()).into_iter().map(|ask| self.answer(ask)).collect();
        let more = builtin.follow_up(&id(), &reports);
        reports.extend(more.into_iter().map(|ask| self.answer(ask)));
        reports
    }

    fn answer(&self, ask: Ask) -> Report {
        let found = |path: &str| self.0.iter().find(|(name, _)| name == path).map(|(_, text)| text);
        let contents = |text: &String| Contents { bytes: text.as_bytes().to_vec(), mode: 0o600, owner: 1000 };
        let seen = match &ask {
            Ask::File { path } => found(path).map_or(Seen::Missing, |text| Seen::File(contents(text))),
            Ask::Crontab => Seen::Answered(match found(CRONTAB) {
                Some(table) => answered(0, table, ""),
                None => answered(1, "", "no crontab for anna"),
            }),
            other => panic!("{other:?}"),
        };
        Report { ask, seen, source: String::new(), at: Timestamp::UNIX_EPOCH }
    }
}

/// Where [`Files`] keeps the account's table.
const CRONTAB: &str = "crontab -l";

fn record(phase: Phase) -> Record {
    let proof = |pid: u32| Proof { pid, birth: format!("{BOOT}/{}", pid * 10) };
    let last_exit = Some(crash());
    let command = registration::fingerprint(&["/usr/bin/node", "gateway"].map(str::to_owned), None);
    let record = Record::new("work".to_owned(), proof(HOST), command);
    Record { phase, gateway: Some(proof(GATEWAY)), restarts: 2, last_exit, ..record }
}

fn crash() -> ExitRecord {
    ExitRecord { exit: Exit::Signal { signal: 9, core: false }, at: None, pid: Some(GATEWAY), result: None }
}

#[test]
fn a_command_that_was_changed_under_its_host_is_drift_and_a_dead_hosts_is_none() {
    let is_stale = |files: Files, command: &[&str]| {
        let mut files = files.recorded(Phase::Running);
        let builtin = builtin(&[]);
        files.0.push((builtin.own.registration(&id()), builtin.render(&spec(command, &[])).unwrap()));
        match files.read().0 {
            Registered::Present(found) => found.stale,
            other => panic!("{other:?}"),
        }
    };
    let alive = || Files::new().alive(HOST, HOST * 10);
    assert!(!is_stale(alive(), &["/usr/bin/node", "gateway"]));
    assert!(is_stale(alive(), &["/usr/bin/node", "gateway", "--verbose"]));
    assert!(!is_stale(Files::new(), &["/usr/bin/node", "gateway", "--verbose"]));
}

#[test]
fn a_record_of_a_proven_host_is_the_present() {
    let last_exit = Some(crash());
    for (phase, wanted) in [
        (Phase::Starting, Supervised::Starting),
        (
            Phase::Running,
            Supervised::Running(crate::model::Run {
                pid: GATEWAY,
                since: None,
                restarts: 2,
                last_exit: last_exit.clone(),
            }),
        ),
        (Phase::Waiting, Supervised::Waiting { last_exit: last_exit.clone(), restarts: 2 }),
        (Phase::Stopping, Supervised::Stopping { pid: Some(GATEWAY), until: None }),
        (Phase::GaveUp, Supervised::Stopping { pid: Some(GATEWAY), until: None }),
    ] {
        let seen = Files::new().registered().recorded(phase).alive(HOST, HOST * 10).read();
        assert_eq!(seen.1, wanted, "{phase:?}");
    }
}

#[test]
fn a_record_of_a_dead_host_is_the_past() {
    let stopped = Supervised::Stopped { last_exit: Some(crash()) };
    for (phase, wanted) in [
        (Phase::Running, stopped.clone()),
        (Phase::Waiting, stopped.clone()),
        (Phase::Stopped, stopped.clone()),
        (Phase::ConfigError, stopped),
        (Phase::GaveUp, Supervised::GaveUp { last_exit: Some(crash()), restarts: 2 }),
    ] {
        assert_eq!(Files::new().registered().recorded(phase).read().1, wanted, "{phase:?}");
    }
}

#[test]
fn what_a_living_host_starts_is_the_services_and_a_dead_one_vouches_for_nothing() {
    let host = |files: &Files| builtin(&[]).host(&id(), &files.reports());
    let files = Files::new().registered().recorded(Phase::Waiting);
    assert_eq!(host(&files), None);
    assert_eq!(host(&files.alive(HOST, HOST * 10)), Some(HOST));
}

#[test]
fn another_process_with_the_hosts_pid_proves_nothing() {
    let files = Files::new().registered().recorded(Phase::Running).alive(HOST, 4);
    assert!(matches!(files.read().1, Supervised::Stopped { .. }));
}

#[test]
fn after_a_reboot_the_same_ticks_prove_nothing() {
    let mut files = Files::new().registered().recorded(Phase::Running).alive(HOST, HOST * 10);
    files.0[0].1 = "another boot".to_owned();
    assert!(matches!(files.read().1, Supervised::Stopped { .. }));
}

#[test]
fn a_record_that_cannot_be_read_is_unknown() {
    let mut files = Files::new().registered().recorded(Phase::Running);
    files.0[2].1 = "{".to_owned();
    assert!(matches!(files.read().1, Supervised::Unknown { .. }));
}

#[test]
fn without_proofs_the_state_is_unknown_not_stopped() {
    let builtin = builtin(&[]);
    let files = Files::new().registered().recorded(Phase::Running);
    let reports: Vec<Report> = builtin.asks(&id()).into_iter().map(|ask| files.answer(ask)).collect();
    assert!(matches!(builtin.read(&id(), &reports).1.value, Supervised::Unknown { .. }));
}

#[test]
fn nothing_registered_is_missing_and_absent() {
    let (registered, supervised) = Files::new().recorded(Phase::GaveUp).read();
    assert!(matches!(registered, Registered::Missing { .. }));
    assert_eq!(supervised, Supervised::Absent);
}

#[test]
fn an_entry_switched_off_in_the_desktops_settings_is_off() {
    let entry = |text: &str| {
        let mut files = Files::new().registered();
        files.0.push((builtin(&[]).own.autostart(&id()), text.to_owned()));
        let Registered::Present(registration) = files.read().0 else { panic!() };
        registration.autostart
    };
    assert_eq!(entry("[Desktop Entry]\nExec=x\n"), Autostart::On);
    assert_eq!(entry("[Desktop Entry]\nExec=x\nX-GNOME-Autostart-enabled=true\n"), Autostart::On);
    assert_eq!(entry("[Desktop Entry]\nExec=x\nHidden=true\n"), Autostart::Off);
    assert_eq!(entry("[Desktop Entry]\nExec=x\nX-GNOME-Autostart-enabled = false\n"), Autostart::Off);
}

fn seen(registered: Registered, supervised: Supervised) -> Observation {
    fn fact<T>(value: T) -> Fact<T> {
        Fact { value, source: String::new(), read_at: Timestamp::UNIX_EPOCH }
    }
    Observation {
        registered: fact(registered),
        supervised: fact(supervised),
        port: fact(PortUse::Free { port: 18789 }),
        answers: fact(Answers::Refused),
        installed: Default::default(),
    }
}

/// One line for each step, as a dry run would say it.
fn told(plan: &Plan) -> Vec<String> {
    let line = |step: &Step| match step {
        Step::MakeDir { path, mode } => format!("folder {path} {mode:o}"),
        Step::Write { path, mode, .. } => format!("write {path} {mode:o}"),
        Step::Keep { from, to } => format!("keep {from} as {to}"),
        Step::Remove { path } => format!("remove {path}"),
        Step::Run { call, .. } => format!("run {call}"),
        Step::Await { until, .. } => format!("await {until:?}"),
    };
    plan.steps.iter().map(line).collect()
}

#[test]
fn an_install_writes_then_ends_the_old_host_and_starts_one() {
    let absent = seen(Registered::Missing { file: String::new() }, Supervised::Absent);
    let spec = nasty();
    let plan = builtin(&[("DISPLAY", ":0")])
        .plan(&Intent::Install { spec: &spec, force: false }, &id(), &absent)
        .unwrap();
    assert_eq!(
        told(&plan),
        [
            "folder /home/anna/.config/gateward/services 700",
            "folder /home/anna/.local/state/gateward/run 700",
            "write /home/anna/.local/state/gateward/run/work.secrets 600",
            "write /home/anna/.config/gateward/services/work.json 600",
            "folder /home/anna/.config/autostart 700",
            "write /home/anna/.config/autostart/gateward-gateway-work.desktop 644",
            "run /usr/bin/gateward run --profile work --stop --report",
            "run /usr/bin/gateward run --profile work --detach --report",
            "await Answering",
        ]
    );
}

#[test]
fn without_a_desktop_there_is_no_autostart_entry() {
    let absent = seen(Registered::Missing { file: String::new() }, Supervised::Absent);
    let spec = nasty();
    let plan = builtin(&[]).plan(&Intent::Install { spec: &spec, force: false }, &id(), &absent).unwrap();
    assert!(!told(&plan).iter().any(|line| line.contains("autostart")));
}

fn autostart_with(table: Option<&str>) -> Autostart {
    let mut files = Files::new().registered();
    files.0.extend(table.map(|table| (CRONTAB.to_owned(), table.to_owned())));
    let Registered::Present(registration) = files.read().0 else { panic!("not registered") };
    registration.autostart
}

#[test]
fn without_a_desktop_only_a_line_of_its_own_in_the_crontab_starts_it() {
    let own = crontab::with_line("", "/usr/bin/gateward", &id().profile.to_string());
    assert_eq!(autostart_with(Some(&own)), Autostart::On);
    assert_eq!(autostart_with(Some("@reboot gateward run # gateward: another\n")), Autostart::Off);
    assert_eq!(autostart_with(None), Autostart::Off);
}

#[test]
fn a_start_of_what_runs_only_waits_for_its_answer() {
    let (registered, supervised) =
        Files::new().registered().recorded(Phase::Running).alive(HOST, HOST * 10).read();
    let plan = builtin(&[]).plan(&Intent::Start, &id(), &seen(registered, supervised)).unwrap();
    assert_eq!(told(&plan), ["await Answering"]);
}

#[test]
fn a_stop_that_stays_takes_the_entry_at_login_away_and_a_start_brings_it_back() {
    let entry = "/home/anna/.config/autostart/gateward-gateway-work.desktop";
    let desktop = builtin(&[("DISPLAY", ":0")]);
    let with_entry = |text: &str| {
        let mut files = Files::new().registered();
        files.0.push((entry.to_owned(), text.to_owned()));
        let (registered, supervised) = files.read();
        seen(registered, supervised)
    };
    let on = with_entry("[Desktop Entry]\nExec=x\n");
    let lines = |intent, seen: &Observation| told(&desktop.plan(&intent, &id(), seen).unwrap());
    assert_eq!(lines(Intent::Stop { stay: true }, &on)[0], format!("remove {entry}"));
    assert!(!lines(Intent::Stop { stay: false }, &on).concat().contains("autostart"));
    let off = with_entry("[Desktop Entry]\nHidden=true\n");
    assert!(lines(Intent::Start, &off).contains(&format!("write {entry} 644")));
}

#[test]
fn the_tray_starts_hosts_through_the_program_beside_it() {
    let mut tray = around(&[]);
    tray.exe = "/opt/g/gateward-tray".to_owned();
    assert_eq!(layout::own_cli(&tray), "/opt/g/gateward");
}

#[test]
fn a_hosts_own_problem_is_told_as_it_is() {
    let problem = Problem::new(Code::ProgramMissing).with("path", "/x");
    let stdout = format!("{}\n", serde_json::to_string(&problem).unwrap());
    let call = Call::new(Tool::At("/g".to_owned()), &[], std::time::Duration::from_secs(1));
    let answer = Answer { end: End::Exited(1), stdout, stderr: "noise".to_owned() };
    assert_eq!(builtin(&[]).explain(&call, &answer), problem);
}
