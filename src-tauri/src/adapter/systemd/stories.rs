//! Whole actions over a simulated manager.

use std::collections::BTreeMap;

use super::simulator::{Manager, command};
use super::unit::tests::spec;
use super::{Systemd, enable_linger, env_file};
use crate::adapter::{Adapter, Intent};
use crate::execute::{Stage, act, execute};
use crate::identity::{Identity, tests::around};
use crate::layout;
use crate::model::{Observation, Origin, Redacted, Registered, ServiceSpec, Supervised, Value, Verdict};
use crate::observe::{carried_over, observe};
use crate::plan::{Plan, Step};
use crate::problem::{Code, Problem};
use crate::system::scripted::{Machine, Scripted};
use crate::verdict::judge;

pub const F: &str = include_str!("../../../../tests/fixtures/systemd/units/f.service");
pub const A: &str = include_str!("../../../../tests/fixtures/systemd/units/a.service");
pub const N: &str = include_str!("../../../../tests/fixtures/systemd/units/n.service");
const FOREIGN: &str = include_str!("../../../../tests/fixtures/systemd/units/foreign.service");

pub struct Story {
    pub system: Scripted<Manager>,
    pub adapter: Systemd,
    pub id: Identity,
}

impl Story {
    pub fn new() -> Self {
        let id = spec(&[]).identity;
        let manager = Manager::new(&id.unit, &layout::unit_file(&id));
        Self { system: Scripted::new(manager), adapter: Systemd::new(&around(&[])), id }
    }

    /// `text` is installed, enabled and runs.
    pub fn with_unit(text: &str) -> Self {
        let story = Self::new();
        story.with(|machine, manager| {
            machine.write(&layout::unit_file(&story.id), text.as_bytes(), 0o644).unwrap();
            manager.enabled = true;
            manager.reboot(machine);
        });
        story
    }

    fn with<T>(&self, look: impl FnOnce(&mut Machine, &mut Manager) -> T) -> T {
        self.system.with(look)
    }

    fn stage(&self) -> Stage<'_> {
        Stage { system: &self.system, adapter: &self.adapter, id: &self.id, turn: None }
    }

    async fn act(&self, intent: Intent<'_>) -> Result<Observation, Problem> {
        act(self.stage(), &intent, &|_| ()).await
    }

    async fn install(&self, spec: &ServiceSpec) -> Result<Observation, Problem> {
        self.act(Intent::Install { spec, force: false }).await
    }

    async fn seen(&self) -> Observation {
        observe(&self.system, &self.adapter, &self.id).await
    }

    async fn plan(&self, intent: Intent<'_>) -> Plan {
        self.adapter.plan(&intent, &self.id, &self.seen().await).unwrap()
    }

    fn files(&self) -> BTreeMap<String, String> {
        self.with(|machine, _| {
            machine.files.iter().map(|(path, contents)| (path.clone(), contents.text())).collect()
        })
    }

    fn unit_text(&self) -> String {
        self.files().remove(&layout::unit_file(&self.id)).unwrap()
    }

    fn running(&self) -> Option<String> {
        self.with(|_, manager| manager.running.as_ref().map(|(_, text)| text.clone()))
    }
}

pub fn gateway() -> ServiceSpec {
    let mut spec = spec(&["/opt/openclaw/dist/index.js", "gateway", "--port", "18789"]);
    spec.environment = BTreeMap::from([
        ("HOME".to_owned(), Value::Plain("/home/anna".to_owned())),
        ("MY_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter2"))),
    ]);
    spec
}

fn refusing() -> ServiceSpec {
    ServiceSpec { command: vec!["/opt/refuse".to_owned()], ..gateway() }
}

/// A plan as its reader sees it, one step a line.
fn told(plan: &Plan) -> String {
    let step = |step: &Step| match step {
        Step::MakeDir { path, mode } => format!("folder {path} {mode:o}"),
        Step::Write { path, mode, .. } => format!("write {path} {mode:o}"),
        Step::Keep { from, to } => format!("keep {from} as {to}"),
        Step::Remove { path } => format!("remove {path}"),
        Step::Run { call, tolerate, retry } => {
            format!(
                "run {call} (at most {} s, tolerates {tolerate:?}, retries {})",
                call.deadline.as_secs(),
                retry.as_ref().map_or(0, |r| r.times)
            )
        }
        Step::Await { until, deadline, otherwise } => {
            format!("await {until:?} for {} s or {}", deadline.as_secs(), otherwise.code)
        }
    };
    let undo = plan.on_undo.iter().map(|call| format!("on undo: {call}"));
    plan.steps.iter().map(step).chain(undo).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_plans_are_these() {
    let fresh = Story::new();
    insta::assert_snapshot!(
        "install",
        told(&fresh.plan(Intent::Install { spec: &gateway(), force: false }).await)
    );
    let story = Story::with_unit(N);
    insta::assert_snapshot!(
        "install_over_openclaw",
        told(&story.plan(Intent::Install { spec: &gateway(), force: false }).await)
    );
    insta::assert_snapshot!("uninstall", told(&story.plan(Intent::Uninstall).await));
    insta::assert_snapshot!("stop", told(&story.plan(Intent::Stop { stay: false }).await));
    insta::assert_snapshot!("restart", told(&story.plan(Intent::Restart).await));
    story.act(Intent::Stop { stay: false }).await.unwrap();
    insta::assert_snapshot!("start", told(&story.plan(Intent::Start).await));
}

#[tokio::test]
async fn from_nothing_the_gateway_is_installed_and_ready() {
    let story = Story::new();
    assert_eq!(judge(&story.seen().await), Verdict::NotInstalled);
    let seen = story.install(&gateway()).await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready);
    let modes: Vec<u32> = story.with(|machine, _| machine.files.values().map(|file| file.mode).collect());
    assert_eq!(modes, [0o600, 0o600]);
}

#[tokio::test]
async fn no_call_unit_or_observation_shows_a_secret() {
    let story = Story::new();
    let seen = story.install(&gateway()).await.unwrap();
    let said = format!(
        "{seen:?} {:?} {} {:?}",
        story.system.calls(),
        story.unit_text(),
        story.plan(Intent::Install { spec: &gateway(), force: false }).await
    );
    assert!(!said.contains("hunter2"));
    assert!(story.files()[&layout::systemd_env_file(&story.id)].contains("hunter2"));
}

#[tokio::test]
async fn installing_twice_changes_no_file() {
    let story = Story::new();
    story.install(&gateway()).await.unwrap();
    let before = story.files();
    story.install(&gateway()).await.unwrap();
    assert_eq!(story.files(), before);
}

#[tokio::test]
async fn a_unit_of_any_generation_is_replaced_and_kept_beside() {
    for text in [F, A, N] {
        let story = Story::with_unit(text);
        let seen = story.install(&gateway()).await.unwrap();
        let Registered::Present(unit) = &seen.registered.value else { panic!() };
        assert_eq!(unit.origin, Origin::Gateward);
        let copy = format!("{}.bak", layout::unit_file(&story.id));
        assert_eq!(
            story.with(|machine, _| (machine.text(&copy), machine.files[&copy].mode)),
            (Some(text.to_owned()), 0o600)
        );
    }
}

#[tokio::test]
async fn what_a_person_added_is_carried_over_and_what_is_generated_is_not() {
    for (text, wanted) in [
        (F, vec![("EXTRA_API_KEY", Value::Secret(Redacted::new("sk-added-by-hand")))]),
        (A, vec![("HTTP_PROXY", Value::Plain("http://proxy:3128".to_owned()))]),
        (
            N,
            vec![
                ("FILE_TOKEN", Value::Secret(Redacted::new("from file"))),
                ("MY_NOTE", Value::Plain("added by hand".to_owned())),
            ],
        ),
        (FOREIGN, vec![]),
    ] {
        let story = Story::with_unit(text);
        story
            .with(|machine, _| {
                machine.write(
                    "/home/anna/.openclaw/gateway.systemd.env",
                    b"FILE_TOKEN=\"from file\"\n",
                    0o600,
                )
            })
            .unwrap();
        let carried = carried_over(&story.system, &story.adapter, &story.id).await;
        let wanted: BTreeMap<_, _> =
            wanted.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(carried, wanted);
    }
}

#[tokio::test]
async fn someone_elses_unit_is_overwritten_only_by_force() {
    let story = Story::with_unit(FOREIGN);
    let before = story.files();
    assert_eq!(story.install(&gateway()).await.unwrap_err().code, Code::UnitForeign);
    assert_eq!(story.act(Intent::Uninstall).await.unwrap_err().code, Code::UnitForeign);
    assert_eq!(story.files(), before);
    story.act(Intent::Install { spec: &gateway(), force: true }).await.unwrap();
    assert_eq!(story.files()[&format!("{}.bak", layout::unit_file(&story.id))], FOREIGN);
}

#[tokio::test]
async fn a_system_unit_of_the_same_name_stops_the_install_before_anything_is_written() {
    let story = Story::new();
    story.with(|_, manager| manager.rival = true);
    assert_eq!(story.install(&gateway()).await.unwrap_err().code, Code::SystemUnitExists);
    assert_eq!(story.files(), BTreeMap::new());
}

#[tokio::test]
async fn stop_start_and_restart_do_what_they_say() {
    let story = Story::with_unit(N);
    let first = story.seen().await.supervised.value.pid();
    let restarted = story.act(Intent::Restart).await.unwrap();
    assert_ne!(restarted.supervised.value.pid(), first);
    assert_eq!(judge(&story.act(Intent::Stop { stay: false }).await.unwrap()), Verdict::Stopped);
    story.act(Intent::Stop { stay: false }).await.unwrap();
    assert_eq!(judge(&story.act(Intent::Start).await.unwrap()), Verdict::Ready);
}

#[tokio::test]
async fn a_stop_that_stays_lasts_until_a_start() {
    let story = Story::with_unit(N);
    assert_eq!(judge(&story.act(Intent::Stop { stay: true }).await.unwrap()), Verdict::Disabled);
    assert!(!story.with(|_, manager| manager.enabled));
    story.act(Intent::Start).await.unwrap();
    assert!(story.with(|_, manager| manager.enabled));
}

#[tokio::test]
async fn a_start_clears_the_start_limit() {
    let story = Story::with_unit(N);
    story.with(|_, manager| manager.give_up());
    assert_eq!(judge(&story.seen().await), Verdict::GaveUp);
    assert_eq!(judge(&story.act(Intent::Start).await.unwrap()), Verdict::Ready);
}

#[tokio::test]
async fn a_manager_that_has_not_seen_the_file_yet_is_made_to_read_it() {
    let story = Story::new();
    story.with(|_, manager| manager.races = 1);
    assert_eq!(judge(&story.install(&gateway()).await.unwrap()), Verdict::Ready);
    let reloads = story.system.calls().iter().filter(|call| call.contains("daemon-reload")).count();
    assert_eq!(reloads, 2);
}

#[tokio::test]
async fn without_a_bus_nothing_is_touched_and_the_way_out_is_named() {
    let story = Story::with_unit(N);
    story.with(|_, manager| manager.no_bus = true);
    let before = story.files();
    for intent in [
        Intent::Install { spec: &gateway(), force: false },
        Intent::Uninstall,
        Intent::Start,
        Intent::Stop { stay: false },
    ] {
        let problem = story.act(intent).await.unwrap_err();
        assert_eq!(problem.code, Code::NoUserBus);
        assert!(problem.hints.iter().any(|hint| hint.code == "set-runtime-dir"));
    }
    assert_eq!((story.files(), story.system.calls()), (before, Vec::new()));
    assert!(matches!(story.seen().await.supervised.value, Supervised::Unknown { .. }));
}

#[tokio::test]
async fn on_a_read_only_disk_nothing_is_half_written() {
    let just_the_unit = "/home/anna/.config/systemd/user/openclaw-gateway.service";
    for folder in [just_the_unit, "/home/anna/.config", "/home/anna/.openclaw", "/home/anna"] {
        let story = Story::with_unit(N);
        let before = story.files();
        story.with(|machine, _| machine.read_only.push(folder.to_owned()));
        assert_eq!(story.install(&gateway()).await.unwrap_err().code, Code::WriteFailed);
        assert_eq!(story.files(), before, "{folder}");
        assert_eq!(story.running().as_deref(), Some(N));
    }
}

#[tokio::test]
async fn a_failed_install_gives_the_old_service_back() {
    for text in [F, A, N] {
        let story = Story::with_unit(text);
        let before = story.files();
        let problem = story.install(&refusing()).await.unwrap_err();
        assert_eq!(problem.code, Code::ConfigError);
        assert_eq!(story.files(), before);
        assert_eq!(story.running().as_deref(), Some(text));
        assert!(story.with(|_, manager| manager.enabled));
    }
}

#[tokio::test]
async fn a_failed_first_install_leaves_nothing() {
    let story = Story::new();
    story.install(&refusing()).await.unwrap_err();
    assert_eq!(story.files(), BTreeMap::new());
    assert_eq!(story.with(|_, manager| (manager.enabled, manager.loaded.clone())), (false, None));
    assert_eq!(judge(&story.seen().await), Verdict::NotInstalled);
}

/// `kill -9` of the installer after each step, then a power cut: whatever starts again is whole.
#[tokio::test]
async fn an_install_killed_at_any_step_leaves_the_old_or_the_new_service_working() {
    for old in [F, A, N] {
        let steps =
            Story::with_unit(old).plan(Intent::Install { spec: &gateway(), force: false }).await.steps.len();
        for killed_after in 0..=steps {
            let story = Story::with_unit(old);
            let mut plan = story.plan(Intent::Install { spec: &gateway(), force: false }).await;
            plan.steps.truncate(killed_after);
            execute(story.stage(), &plan, &|_| ()).await.unwrap();
            let new = story.adapter.render(&gateway()).unwrap();
            let whole = |text: Option<String>| text.is_some_and(|text| text == old || text == new);
            assert!(whole(story.running()), "running after {killed_after} steps");
            story.with(|machine, manager| manager.reboot(machine));
            assert!(whole(story.running()), "after the power cut, {killed_after} steps");
            if story.running().as_deref() == Some(new.as_str()) {
                let secrets = env_file::parse(&story.files()[&layout::systemd_env_file(&story.id)]);
                assert_eq!(secrets["MY_TOKEN"], "hunter2", "{killed_after} steps");
            }
        }
    }
}

#[tokio::test]
async fn an_uninstall_leaves_nothing_and_can_be_repeated() {
    let story = Story::new();
    story.install(&gateway()).await.unwrap();
    let seen = story.act(Intent::Uninstall).await.unwrap();
    assert_eq!((judge(&seen), story.files()), (Verdict::NotInstalled, BTreeMap::new()));
    let calls = story.system.calls().len();
    story.act(Intent::Uninstall).await.unwrap();
    assert_eq!(story.system.calls().len(), calls);
}

#[tokio::test]
async fn what_is_not_installed_cannot_be_started() {
    let story = Story::new();
    for intent in [Intent::Start, Intent::Restart] {
        let problem = story.act(intent).await.unwrap_err();
        assert_eq!(
            (problem.code, problem.hints[0].command.as_deref()),
            (Code::NotInstalled, Some("gateward install"))
        );
    }
}

#[tokio::test]
async fn under_sudo_only_the_callers_manager_is_asked_and_nothing_is_installed() {
    let mut sudo = around(&[("SUDO_USER", "bert")]);
    sudo.uid = 0;
    let story = Story { adapter: Systemd::new(&sudo), ..Story::with_unit(N) };
    let plan = story.plan(Intent::Stop { stay: false }).await;
    assert!(told(&plan).contains("systemctl --machine bert@ --user stop"), "{}", told(&plan));
    assert_eq!(story.install(&gateway()).await.unwrap_err().code, Code::AccessDenied);
}

#[tokio::test]
async fn the_simulated_command_is_the_installed_one() {
    let story = Story::new();
    story.install(&gateway()).await.unwrap();
    assert_eq!(command(&story.unit_text()), gateway().command);
}

#[test]
fn lingering_is_asked_for_one_account() {
    let Step::Run { call, .. } = enable_linger("anna") else { panic!("a call") };
    assert_eq!(call.to_string(), "loginctl enable-linger anna");
}
