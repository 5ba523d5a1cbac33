//! Facts in, steps out.

use super::*;
use crate::config::Config;
use crate::identity::{Profile, identify, tests::around};
use crate::layout::Os;
use crate::model::{
    Answers as Said, Autostart, Belongs, Manager, PortUse, Registered, Supervised, TrayHost, Verdict,
};
use crate::plan::StepView;
use crate::problem::{Code, Problem};
use crate::programs::{Fetcher, Found, Installed, Inventory, Node, OpenClaw, PackageTool, Range, Version};
use crate::verdict::tests::{observation, owned, registration, run};

const NODE: &str = "/usr/bin/node";
const ENTRY: &str = "/usr/lib/node_modules/openclaw/dist/index.js";

fn planned() -> StepView {
    StepView { sentence: "Write /u (0644)".to_owned(), difference: Some("+ExecStart=/x".to_owned()) }
}

/// A Linux desktop with node, npm and OpenClaw, and nothing installed.
pub fn fresh() -> Facts {
    let around = around(&[]);
    let id = identify(&Profile::default(), &around, None).unwrap();
    let missing =
        Registered::Missing { file: "/home/anna/.config/systemd/user/openclaw-gateway.service".to_owned() };
    let free = PortUse::Free { port: 18789 };
    let seen = observation(missing, Supervised::Absent, free.clone(), Said::Refused);
    Facts {
        manager: Manager::Systemd,
        inventory: Inventory {
            nodes: vec![Installed::new(NODE, Some("24.16.0".to_owned()))],
            packages: vec![Installed::new(ENTRY, Some("2026.9.6".to_owned()))],
        },
        programs: Ok(Found {
            node: Node { path: NODE.to_owned(), version: Version::new(24, 16, 0), stable: true },
            openclaw: OpenClaw {
                entry: ENTRY.to_owned(),
                version: Some("2026.9.6".to_owned()),
                demands: Range::default(),
                stable: true,
            },
        }),
        fetchers: vec![Fetcher { tool: PackageTool::Npm, path: "/usr/bin/npm".to_owned() }],
        verdict: Verdict::NotInstalled,
        last_words: Vec::new(),
        ghosts: Vec::new(),
        rivals: Vec::new(),
        config: Ok(Some(Config { mode: Some("local".to_owned()), ..Config::default() })),
        port: free,
        free_port: None,
        credentials: Vec::new(),
        tray_host: Some(TrayHost { bus: true, watcher: true, host: true }),
        interrupted: None,
        review: Ok(Review::Plan { port: 18789, steps: vec![planned()] }),
        around,
        id,
        seen,
    }
}

/// The same without OpenClaw.
pub fn bare() -> Facts {
    let problem = Problem::new(Code::NoOpenClaw).hint_command("install-openclaw", "npm install -g openclaw");
    let mut facts = fresh();
    facts.inventory.packages.clear();
    Facts { programs: Err(problem.clone()), review: Err(problem), ..facts }
}

/// The same when everything is done.
pub fn finished() -> Facts {
    let Registered::Present(mut found) = registration(Autostart::On) else { panic!("not installed") };
    found.lingers = Some(true);
    let ready = Said::Ready { version: None, latency_ms: 4 };
    let seen = observation(Registered::Present(found), run(60, 0), owned(Belongs::Service, None), ready);
    Facts {
        port: seen.port.value.clone(),
        verdict: Verdict::Ready,
        review: Ok(Review::InPlace),
        seen,
        ..fresh()
    }
}

fn lingers(facts: &mut Facts, lingers: Option<bool>) {
    let Registered::Present(found) = &mut facts.seen.registered.value else { panic!("not installed") };
    found.lingers = lingers;
}

fn at(id: StepId, facts: &Facts, kept: &Kept) -> Step {
    steps(facts, kept).into_iter().find(|step| step.id == id).unwrap()
}

fn state(id: StepId, facts: &Facts) -> StepState {
    at(id, facts, &Kept::default()).state
}

fn deeds(step: &Step) -> Vec<&str> {
    step.offers.iter().map(|offer| offer.deed.name()).collect()
}

fn stands_at(facts: &Facts, kept: &Kept) -> Option<StepId> {
    current(&steps(facts, kept)).map(|step| step.id)
}

#[test]
fn an_empty_machine_is_led_to_openclaw_first() {
    let step = at(StepId::Programs, &bare(), &Kept::default());
    assert_eq!(stands_at(&bare(), &Kept::default()), Some(StepId::Programs));
    assert_eq!(deeds(&step), ["fetch", "take-demo", "look-again"]);
    assert_eq!(step.offers[0].command.as_deref(), Some("npm install -g openclaw@latest --loglevel=http"));
    assert_eq!(step.problem.unwrap().code, Code::NoOpenClaw);
}

#[test]
fn the_demo_stands_in_for_openclaw_and_its_config() {
    let mut kept = Kept::default();
    kept.answers.program = Some(Program::Demo);
    let facts = Facts { review: fresh().review, config: Ok(None), ..bare() };
    assert_eq!(stands_at(&facts, &kept), Some(StepId::Plan));
    assert_eq!(deeds(&at(StepId::Programs, &facts, &kept)), ["take-openclaw"]);
    assert_eq!(at(StepId::Config, &facts, &kept).state, StepState::NotHere);
}

#[test]
fn every_found_program_is_shown_and_whether_it_outlives_an_update() {
    let old = "/home/anna/.nvm/versions/node/v20.1.0/bin/node";
    let mut facts = fresh();
    facts.inventory.nodes.push(Installed::new(old, Some("20.1.0".to_owned())));
    let step = at(StepId::Programs, &facts, &Kept::default());
    let told: Vec<(&str, &str)> =
        step.lines.iter().map(|line| (line.key, line.values["stable"].as_str())).collect();
    assert_eq!(told, [("openclaw", "yes"), ("node", "yes"), ("node-too", "no")]);
}

#[test]
fn what_will_be_written_is_shown_before_it_is_installed() {
    let step = at(StepId::Plan, &fresh(), &Kept::default());
    assert_eq!(stands_at(&fresh(), &Kept::default()), Some(StepId::Plan));
    assert_eq!(
        (step.plan.as_slice(), deeds(&step).as_slice()),
        ([planned()].as_slice(), ["install"].as_slice())
    );
}

#[test]
fn a_refusal_leads_to_the_step_at_which_it_can_be_mended() {
    for (code, step) in [
        (Code::PortTaken, StepId::Port),
        (Code::LegacyServices, StepId::Others),
        (Code::UnitForeign, StepId::Others),
        (Code::SystemUnitExists, StepId::Others),
        (Code::ConfigInvalid, StepId::Config),
        (Code::NoUserBus, StepId::Manager),
        (Code::AccessDenied, StepId::Access),
        (Code::BadWorkingDir, StepId::Plan),
    ] {
        let problem = Problem::new(code).because("the tool's words").hint("look-and-try-again");
        let facts = Facts { review: Err(problem.clone()), ..fresh() };
        let steps = steps(&facts, &Kept::default());
        let open = current(&steps).unwrap();
        assert_eq!(
            (open.id, open.state, open.problem.as_ref()),
            (step, StepState::Problem, Some(&problem)),
            "{code}"
        );
        assert!(deeds(open).contains(&"look-again"), "{code}");
    }
}

/// A32: neither the first question again, nor a dead end.
#[test]
fn a_failed_installation_leads_back_to_itself_with_its_cause_and_what_was_done_stays() {
    let problem =
        Problem::new(Code::NotAnswering).because("exit 1").hint_command("see-logs", "gateward logs");
    let failed = Failed { step: StepId::Install, problem: problem.clone() };
    let kept = Kept { agreed: true, failed: Some(failed), ..Kept::default() };
    let steps = steps(&fresh(), &kept);
    let open = current(&steps).unwrap();
    assert_eq!((open.id, open.problem.as_ref()), (StepId::Install, Some(&problem)));
    assert_eq!(deeds(open), ["install", "look-again"]);
    let before = steps.iter().take_while(|step| step.id != StepId::Install);
    assert!(before.into_iter().all(|step| !step.state.is_open()));
}

#[test]
fn a_failure_that_was_mended_elsewhere_is_forgotten() {
    let failed = Failed { step: StepId::Install, problem: Problem::new(Code::NotAnswering) };
    assert_eq!(stands_at(&finished(), &Kept { failed: Some(failed), ..Kept::default() }), None);
}

#[test]
fn an_installation_that_was_cut_off_is_carried_on_or_put_back() {
    let facts = Facts { interrupted: Some(7), ..fresh() };
    let kept = Kept { agreed: true, doing: Some(Deed::Install), ..Kept::default() };
    let step = at(StepId::Install, &facts, &kept);
    assert_eq!(step.problem.as_ref().unwrap().code, Code::ChangeInterrupted);
    assert_eq!(deeds(&step), ["finish", "revert"]);
    assert_eq!(step.lines[0].key, "cut-off");
    assert_eq!(stands_at(&facts, &kept), Some(StepId::Install));
}

#[test]
fn when_everything_is_done_nothing_is_open_and_all_is_proven() {
    let steps = steps(&finished(), &Kept::default());
    assert_eq!(current(&steps), None);
    let proof = steps.iter().find(|step| step.id == StepId::Proof).unwrap();
    let told: Vec<&str> = proof.lines.iter().map(|line| line.key).collect();
    assert_eq!(told, ["proof-runs", "proof-answers", "proof-credentials-none"]);
}

#[test]
fn a_gateway_that_does_not_answer_is_not_proven() {
    let facts = Facts { verdict: Verdict::Degraded, ..finished() };
    let step = at(StepId::Proof, &facts, &Kept::default());
    assert_eq!((step.state, step.problem.unwrap().code), (StepState::Problem, Code::NotProven));
}

/// Whoever is told to look into a log has not been told.
#[test]
fn a_gateway_that_refuses_its_configuration_is_told_with_what_helps() {
    let last_words = vec!["Gateway start blocked: set gateway.mode=local (current: unset)".to_owned()];
    let facts = Facts { verdict: Verdict::ConfigError, last_words: last_words.clone(), ..finished() };
    let problem = at(StepId::Proof, &facts, &Kept::default()).problem.unwrap();
    assert_eq!((problem.code, problem.cause.as_ref()), (Code::ConfigError, last_words.first()));
    assert_eq!(problem.hints[0].command.as_deref(), Some("openclaw config set gateway.mode local"));
}

#[test]
fn older_names_are_a_decision_and_nobody_elses() {
    let ghost = crate::adapter::Ghost { label: "clawdbot-gateway.service".to_owned(), file: None, pid: None };
    let refused = Err(Problem::legacy_services("clawdbot-gateway.service"));
    let facts = Facts { ghosts: vec![ghost], review: refused, ..fresh() };
    let step = at(StepId::Others, &facts, &Kept::default());
    assert_eq!(deeds(&step), ["legacy-remove", "legacy-keep", "look-again"]);
    let mut kept = Kept::default();
    kept.answers.legacy = Some(Legacy::Remove);
    let facts = Facts { review: fresh().review, ..facts };
    assert_eq!(at(StepId::Others, &facts, &kept).state, StepState::Done);
}

/// A29: whoever runs a gateway already is not taken over unasked.
#[test]
fn another_managers_gateway_stops_the_wizard_until_it_was_read() {
    let rival = Rival { name: "PM2".to_owned(), pid: Some(7), runs_gateway: true };
    let facts = Facts { rivals: vec![rival], ..fresh() };
    assert_eq!(stands_at(&facts, &Kept::default()), Some(StepId::Others));
    let kept = Kept { seen: [StepId::Others].into(), ..Kept::default() };
    assert_eq!(stands_at(&facts, &kept), Some(StepId::Plan));
}

#[test]
fn a_taken_port_offers_the_next_free_one() {
    let used = owned(Belongs::Stranger, None);
    let refused = Err(Problem::new(Code::PortTaken));
    let facts = Facts { port: used, free_port: Some(18790), review: refused, ..fresh() };
    let step = at(StepId::Port, &facts, &Kept::default());
    assert_eq!(step.offers[0].deed, Deed::Port { port: 18790 });
}

#[test]
fn without_a_mode_openclaw_is_asked_to_set_it_and_the_step_can_be_skipped() {
    let facts = Facts { config: Ok(None), ..fresh() };
    let step = at(StepId::Config, &facts, &Kept::default());
    assert_eq!(deeds(&step), ["set-mode", "look-again", "skip"]);
    let kept = Kept { skipped: [StepId::Config].into(), ..Kept::default() };
    assert_eq!(at(StepId::Config, &facts, &kept).state, StepState::Skipped);
    assert_eq!(stands_at(&facts, &kept), Some(StepId::Plan));
}

#[test]
fn each_ground_has_a_page_of_its_own_and_only_there() {
    let grounds = [StepId::Container, StepId::Wsl, StepId::GuiSession, StepId::Access];
    for id in grounds {
        assert_eq!(state(id, &fresh()), StepState::NotHere, "{id:?}");
    }
    let mut container = fresh();
    container.around.container = Some("docker".to_owned());
    container.manager = Manager::Builtin;
    assert_eq!(stands_at(&container, &Kept::default()), Some(StepId::Container));

    let mut wsl = fresh();
    wsl.around.wsl = true;
    wsl.manager = Manager::Builtin;
    let step = at(StepId::Wsl, &wsl, &Kept::default());
    assert_eq!(step.lines[0].key, "wsl-without-systemd");
    wsl.manager = Manager::Systemd;
    assert_eq!(at(StepId::Wsl, &wsl, &Kept::default()).lines[0].key, "wsl-systemd");
}

fn unreachable(os: Os, manager: Manager, code: Code) -> Facts {
    let why = Problem::new(code).because("the tool's words");
    let mut facts = fresh();
    facts.around.os = os;
    facts.seen.supervised.value = Supervised::Unknown { why: why.clone() };
    Facts { manager, verdict: Verdict::Unknown, review: Err(why), tray_host: None, ..facts }
}

#[test]
fn a_mac_without_a_session_and_a_refusal_stop_at_their_own_pages() {
    let mac = unreachable(Os::MacOs, Manager::Launchd, Code::NoGuiSession);
    assert_eq!(stands_at(&mac, &Kept::default()), Some(StepId::GuiSession));
    let pc = unreachable(Os::Windows, Manager::Schtasks, Code::AccessDenied);
    let steps = steps(&pc, &Kept::default());
    let open = current(&steps).unwrap();
    assert_eq!((open.id, open.lines[0].key), (StepId::Access, "access-windows"));
}

#[test]
fn a_task_that_was_refused_and_went_to_the_startup_folder_is_told_on_the_page_of_permissions() {
    let mut facts = finished();
    let Registered::Present(found) = &mut facts.seen.registered.value else { panic!("not installed") };
    found.file = r"C:\Users\anna\Start Menu\Programs\Startup\OpenClaw Gateway.cmd".to_owned();
    facts.manager = Manager::Schtasks;
    let step = at(StepId::Access, &facts, &Kept::default());
    assert_eq!((step.state, step.lines[0].key), (StepState::Done, "access-startup"));
}

#[test]
fn lingering_is_offered_once_the_service_is_there_and_only_under_systemd() {
    let mut facts = finished();
    lingers(&mut facts, Some(false));
    let step = at(StepId::Linger, &facts, &Kept::default());
    assert_eq!(deeds(&step), ["linger", "skip"]);
    assert_eq!(step.offers[0].command.as_deref(), Some("loginctl enable-linger anna"));
    facts.manager = Manager::Launchd;
    assert_eq!(at(StepId::Linger, &facts, &Kept::default()).state, StepState::NotHere);
}

#[test]
fn without_a_place_for_icons_the_desktop_is_told_about() {
    let mut facts = Facts { tray_host: Some(TrayHost::default()), ..finished() };
    assert_eq!(at(StepId::TrayHost, &facts, &Kept::default()).lines[0].key, "tray-host-none");
    facts.around.variables.insert("XDG_CURRENT_DESKTOP".to_owned(), "ubuntu:GNOME".to_owned());
    assert_eq!(at(StepId::TrayHost, &facts, &Kept::default()).lines[0].key, "tray-host-gnome");
    assert_eq!(state(StepId::TrayHost, &Facts { tray_host: None, ..finished() }), StepState::NotHere);
}

#[test]
fn what_comes_at_logout_reboot_and_sleep_follows_what_is_installed() {
    let told = |facts: &Facts| {
        let step = at(StepId::Afterwards, facts, &Kept::default());
        step.lines.iter().map(|line| line.key).collect::<Vec<_>>()
    };
    let mut facts = finished();
    assert_eq!(told(&facts), ["logout-stays", "reboot-boot", "sleep"]);
    lingers(&mut facts, Some(false));
    assert_eq!(told(&facts), ["logout-ends", "reboot-login", "sleep"]);
    facts.around.wsl = true;
    assert_eq!(told(&facts), ["logout-ends", "reboot-wsl", "sleep-wsl"]);
    let mac = Facts { manager: Manager::Launchd, ..finished() };
    assert_eq!(told(&mac)[0], "logout-ends-session");
}

#[test]
fn without_answers_nothing_is_decided_for_a_person() {
    let open = |facts: &Facts, kept: &Kept| current(&steps(facts, kept)).cloned().unwrap();
    let nothing = Answers::default();
    let problem = decided(&open(&bare(), &Kept::default()), &nothing, false).unwrap_err();
    assert_eq!((problem.code, problem.values["key"].as_str()), (Code::NoAnswer, "openclaw"));
    assert_eq!(problem.values["allowed"], "\"npm\"");
    let told = Answers { openclaw: Some(PackageTool::Npm), ..Answers::default() };
    let fetch = Deed::Fetch { with: PackageTool::Npm };
    assert_eq!(decided(&open(&bare(), &Kept::default()), &told, false).unwrap(), fetch);
    assert_eq!(decided(&open(&bare(), &Kept::default()), &nothing, true).unwrap(), fetch);
    assert_eq!(decided(&open(&fresh(), &Kept::default()), &nothing, false).unwrap(), Deed::Install);
}

#[test]
fn the_mode_is_set_unattended_only_where_what_is_advised_is_taken() {
    let facts = Facts { config: Ok(None), ..fresh() };
    let step = at(StepId::Config, &facts, &Kept::default());
    let decide = |yes| decided(&step, &Answers::default(), yes).unwrap();
    assert_eq!(decide(true), Deed::SetMode);
    assert_eq!(decide(false), Deed::Skip { step: StepId::Config });
}

#[test]
fn a_package_manager_that_is_not_there_cannot_be_answered_with() {
    let steps = steps(&bare(), &Kept::default());
    let told = Answers { openclaw: Some(PackageTool::Bun), ..Answers::default() };
    let problem = decided(current(&steps).unwrap(), &told, false).unwrap_err();
    assert_eq!(problem.code, Code::NoOpenClaw);
}

#[test]
fn a_failed_step_is_not_tried_again_by_itself() {
    let failed = Failed { step: StepId::Install, problem: Problem::new(Code::NotAnswering) };
    let kept = Kept { agreed: true, failed: Some(failed), ..Kept::default() };
    let steps = steps(&fresh(), &kept);
    let problem = decided(current(&steps).unwrap(), &Answers::default(), true).unwrap_err();
    assert_eq!(problem.code, Code::NotAnswering);
}
