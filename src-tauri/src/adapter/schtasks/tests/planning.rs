use super::*;
use crate::model::{Answers, ExitRecord, Listener, PortUse};

const STOPPED: Supervised = Supervised::Stopped { last_exit: None };

fn running() -> Supervised {
    crate::verdict::tests::run(60, 0)
}

fn registration(text: Option<&str>, origin: Origin) -> Registration {
    let Registered::Present(found) = crate::verdict::tests::registration(Autostart::On) else { panic!() };
    Registration { file: r"\OpenClaw Gateway".to_owned(), origin, text: text.map(str::to_owned), ..*found }
}

fn seen(registered: Registered, supervised: Supervised) -> Observation {
    observation(registered, supervised, PortUse::Free { port: 18789 }, Answers::Refused)
}

fn held(belongs: Belongs) -> PortUse {
    let PortUse::Owned { port, owner } = owned(belongs, None) else { panic!() };
    PortUse::Owned { port, owner: Listener { since: "2026-11-22T12:00:00Z".parse().ok(), ..owner } }
}

fn missing() -> Observation {
    seen(Registered::Missing { file: r"\OpenClaw Gateway".into() }, Supervised::Absent)
}

fn ours(supervised: Supervised) -> Observation {
    let text = adapter().render(&spec()).unwrap();
    let found = registration(Some(&text), Origin::Gateward);
    seen(Registered::Present(Box::new(found)), supervised)
}

fn openclaws(supervised: Supervised) -> Observation {
    let found = registration(Some(fixture!("openclaw-2026.2.xml")), Origin::OpenclawA);
    seen(Registered::Present(Box::new(found)), supervised)
}

fn plan(intent: &Intent<'_>, seen: &Observation) -> Result<Plan, Problem> {
    adapter().plan(intent, &id(), seen)
}

fn install(seen: &Observation) -> Result<Plan, Problem> {
    plan(&Intent::Install { spec: &spec(), force: false }, seen)
}

/// Each step in a word or two.
fn shapes(plan: &Plan) -> Vec<String> {
    let shape = |step: &Step| match step {
        Step::MakeDir { .. } => None,
        Step::Write { path, .. } => Some(format!("write {}", crate::layout::file_name(path))),
        Step::Keep { to, .. } => Some(format!("keep {}", crate::layout::file_name(to))),
        Step::Remove { path } => Some(format!("remove {}", crate::layout::file_name(path))),
        Step::Run { call, .. } => Some(called(call)),
        Step::Await { until, .. } => Some(format!("await {until:?}")),
    };
    plan.steps.iter().filter_map(shape).collect()
}

fn called(call: &Call) -> String {
    match call.tool {
        Tool::Schtasks => {
            call.args.iter().filter(|word| word.starts_with('/')).cloned().collect::<Vec<_>>().join(" ")
        }
        _ => call
            .args
            .iter()
            .filter(|word| word.starts_with("--") && *word != "--report" && *word != "--profile")
            .cloned()
            .collect::<Vec<_>>()
            .join(" "),
    }
}

#[test]
fn a_first_installation_registers_by_xml_and_proves_that_it_answers() {
    let plan = install(&missing()).unwrap();
    assert_eq!(
        shapes(&plan),
        [
            "remove default.secrets",
            "write default.json",
            "write default.task.xml",
            "/Create /TN /XML /F /HRESULT",
            "remove default.task.xml",
            "remove gateway.vbs",
            "write gateway.cmd",
            "remove OpenClaw Gateway.cmd",
            "remove OpenClaw Gateway.vbs",
            "/Run /TN /HRESULT",
            "await Running",
            "await Answering",
        ]
    );
    assert_eq!(plan.on_undo.iter().map(called).collect::<Vec<_>>(), ["--stop", "/Delete /TN /F /HRESULT"]);
}

#[test]
fn the_definition_is_handed_over_as_utf_16() {
    let plan = install(&missing()).unwrap();
    assert!(plan.steps.iter().any(|step| matches!(step, Step::Write { text: Text::Utf16(_), .. })));
}

#[test]
fn our_own_unchanged_task_is_only_switched_on() {
    let plan = install(&ours(STOPPED)).unwrap();
    let calls: Vec<String> = shapes(&plan).into_iter().filter(|shape| shape.starts_with('/')).collect();
    assert_eq!(calls, ["/Change /TN /ENABLE /HRESULT", "/Run /TN /HRESULT"]);
}

#[test]
fn openclaws_running_service_is_ended_before_its_script_is_written_over() {
    let mut seen = openclaws(running());
    seen.port = fact(held(Belongs::Service));
    let shapes = shapes(&install(&seen).unwrap());
    let at = |wanted: &str| shapes.iter().position(|shape| shape.contains(wanted)).unwrap();
    assert!(at("/Create") < at("/End"), "{shapes:?}");
    assert!(at("/End") < at("--evict") && at("--evict") < at("write gateway.cmd"), "{shapes:?}");
    assert!(
        at("keep gateway.cmd.bak") < at("write gateway.cmd") && at("write gateway.cmd") < at("/Run"),
        "{shapes:?}"
    );
}

#[test]
fn a_failed_update_puts_the_old_action_back() {
    let plan = install(&openclaws(running())).unwrap();
    let calls: Vec<String> = plan.on_undo.iter().map(ToString::to_string).collect();
    assert!(calls[1].contains(r"/TR 'C:\Users\anna\.openclaw\gateway.cmd'"), "{calls:?}");
    assert!(calls.last().unwrap().contains("/Run"), "{calls:?}");
}

#[test]
fn a_change_that_is_denied_is_registered_anew_and_a_creation_falls_back_to_the_startup_folder() {
    let spec = spec();
    let intent = Intent::Install { spec: &spec, force: false };
    let denied = |command: &str| Problem::new(Code::AccessDenied).with("command", command);
    let detour = |seen: &Observation, problem: &Problem| {
        adapter().detour(&intent, seen, problem).map(|plan| shapes(&plan.unwrap()))
    };
    let anew = detour(&ours(STOPPED), &denied("schtasks.exe /Change /TN x")).unwrap();
    assert!(anew.iter().any(|shape| shape.starts_with("/Create")), "{anew:?}");
    let item = detour(&missing(), &denied("schtasks.exe /Create /TN x")).unwrap();
    assert!(
        item.contains(&"write OpenClaw Gateway.cmd".to_owned()) && item.contains(&"--detach".to_owned()),
        "{item:?}"
    );
    assert!(!item.iter().any(|shape| shape.starts_with('/')), "{item:?}");
    let hung = Problem::new(Code::ToolHung).with("command", "schtasks.exe /Create /TN x");
    assert!(detour(&missing(), &hung).is_some());
}

#[test]
fn a_refused_run_or_a_bad_definition_is_no_reason_for_a_detour() {
    let spec = spec();
    let intent = Intent::Install { spec: &spec, force: false };
    for problem in [
        Problem::new(Code::AccessDenied).with("command", "schtasks.exe /Run /TN x"),
        Problem::new(Code::StepFailed).with("command", "schtasks.exe /Create /TN x"),
        Problem::new(Code::NotAnswering),
    ] {
        assert!(adapter().detour(&intent, &missing(), &problem).is_none(), "{problem:?}");
    }
}

#[test]
fn a_task_that_is_there_and_may_not_be_changed_gets_no_second_starter() {
    let spec = spec();
    let intent = Intent::Install { spec: &spec, force: false };
    let denied = Problem::new(Code::AccessDenied).with("command", "schtasks.exe /Create /TN x");
    assert!(adapter().detour(&intent, &openclaws(STOPPED), &denied).is_none());
}

#[test]
fn a_stop_asks_the_host_and_waits_for_process_task_and_port() {
    let mut seen = ours(running());
    seen.port = fact(held(Belongs::Service));
    let pid = 42;
    assert_eq!(
        shapes(&plan(&Intent::Stop { stay: false }, &seen).unwrap()),
        [
            "--stop".to_owned(),
            format!("await ProcessGone {{ pid: {pid} }}"),
            "await NotRunning".into(),
            "await PortReleased".into()
        ]
    );
}

#[test]
fn a_stop_that_stays_switches_the_task_off_first() {
    let shapes = shapes(&plan(&Intent::Stop { stay: true }, &ours(running())).unwrap());
    assert_eq!(shapes[0], "/Change /TN /DISABLE /HRESULT");
}

#[test]
fn the_eviction_names_pid_start_and_image() {
    let mut seen = openclaws(running());
    seen.port = fact(held(Belongs::Gateway));
    let PortUse::Owned { owner, .. } = &seen.port.value else { panic!() };
    let plan = plan(&Intent::Stop { stay: false }, &seen).unwrap();
    let call = plan.steps.iter().find_map(|step| match step {
        Step::Run { call, .. } if call.args.contains(&"--evict".to_owned()) => Some(call.to_string()),
        _ => None,
    });
    let wanted = format!("--evict {} --since {} --image {}", owner.pid, owner.since.unwrap(), owner.program);
    assert!(call.as_deref().is_some_and(|call| call.contains(&wanted)), "{call:?} {wanted}");
}

#[test]
fn a_stranger_on_the_port_is_never_evicted() {
    let mut seen = openclaws(running());
    seen.port = fact(held(Belongs::Stranger));
    let shapes = shapes(&plan(&Intent::Stop { stay: false }, &seen).unwrap());
    assert!(!shapes.iter().any(|shape| shape.contains("--evict")), "{shapes:?}");
}

#[test]
fn a_restart_waits_until_nothing_runs_before_it_starts() {
    let shapes = shapes(&plan(&Intent::Restart, &ours(running())).unwrap());
    let at = |wanted: &str| shapes.iter().position(|shape| shape.contains(wanted)).unwrap();
    assert!(at("--stop") < at("NotRunning") && at("NotRunning") < at("/Run") && at("/Run") < at("Answering"));
}

#[test]
fn from_inside_a_restart_is_handed_over_and_a_stop_refused() {
    let marks = [("OPENCLAW_SERVICE_MARKER", "openclaw"), ("OPENCLAW_SERVICE_KIND", "gateway")];
    let inside = Schtasks::new(&pc(&marks)).unwrap();
    let seen = ours(running());
    let restart = inside.plan(&Intent::Restart, &id(), &seen).unwrap();
    assert!(restart.is_scheduled());
    assert_eq!(shapes(&restart), ["--restart-later"]);
    let stop = inside.plan(&Intent::Stop { stay: false }, &id(), &seen).unwrap_err();
    assert_eq!(stop.code, Code::InsideService);
}

#[test]
fn another_profiles_shell_is_not_inside() {
    let marks = [
        ("OPENCLAW_SERVICE_MARKER", "openclaw"),
        ("OPENCLAW_SERVICE_KIND", "gateway"),
        ("OPENCLAW_PROFILE", "work"),
    ];
    let other = Schtasks::new(&pc(&marks)).unwrap();
    assert!(!other.plan(&Intent::Restart, &id(), &ours(running())).unwrap().is_scheduled());
}

#[test]
fn a_foreign_task_is_left_alone_unless_forced() {
    let found = registration(Some(fixture!("foreign.xml")), Origin::Foreign);
    let seen = seen(Registered::Present(Box::new(found)), STOPPED);
    assert_eq!(install(&seen).unwrap_err().code, Code::UnitForeign);
    assert_eq!(plan(&Intent::Uninstall, &seen).unwrap_err().code, Code::UnitForeign);
    assert!(plan(&Intent::Install { spec: &spec(), force: true }, &seen).is_ok());
}

#[test]
fn a_switched_off_task_is_switched_on_to_start() {
    let text = adapter().render(&spec()).unwrap();
    let found = Registration { autostart: Autostart::Off, ..registration(Some(&text), Origin::Gateward) };
    let shapes = shapes(&plan(&Intent::Start, &seen(Registered::Present(Box::new(found)), STOPPED)).unwrap());
    assert_eq!(shapes[..2], ["/Change /TN /ENABLE /HRESULT", "/Run /TN /HRESULT"]);
}

#[test]
fn waiting_for_a_task_without_a_program_is_in_vain() {
    let record = ExitRecord {
        exit: Exit::Code { code: -2_147_024_894 },
        at: None,
        pid: None,
        result: Some("0x80070002".to_owned()),
    };
    let gone = ours(Supervised::Stopped { last_exit: Some(record) });
    assert_eq!(adapter().hopeless(Until::Running, &gone).unwrap().code, Code::ProgramMissing);
    assert!(adapter().hopeless(Until::NotRunning, &gone).is_none());
}

#[test]
fn an_uninstallation_leaves_nothing_of_either_author() {
    let shapes = shapes(&plan(&Intent::Uninstall, &ours(STOPPED)).unwrap());
    for wanted in [
        "/Delete",
        "gateway.cmd",
        "gateway.vbs",
        "OpenClaw Gateway.cmd",
        "OpenClaw Gateway.vbs",
        "default.secrets",
    ] {
        assert!(shapes.iter().any(|shape| shape.contains(wanted)), "{wanted}: {shapes:?}");
    }
}
