//! The journal as a person meets it, over a simulated systemd.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex};

use clap::Parser;
use futures_util::FutureExt;

use super::tests::Recorder;
use super::*;
use crate::adapter::systemd::simulator::Manager;
use crate::changes::{Journal, Turn};
use crate::identity::tests::around;
use crate::system::System;
use crate::system::scripted::Scripted;
use crate::system::scripted::mortal::Mortal;

const UNIT: &str = "/home/anna/.config/systemd/user/openclaw-gateway.service";
const SECRETS: &str = "/home/anna/.openclaw/gateway.systemd.env";
const INSTALL: &str = "gateward install --env MY_TOKEN=hunter2 -- gw serve --port 18789";

struct Desk {
    /// The incident database is a real one.
    _state: tempfile::TempDir,
    system: Arc<Scripted<Manager>>,
    world: World,
}

impl Desk {
    fn new() -> Self {
        let system = Arc::new(Scripted::new(Manager::new("openclaw-gateway.service", UNIT)));
        system.with(|machine, _| machine.write("/bin/gw", b"", 0o755).unwrap());
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().display().to_string();
        let around =
            around(&[("GATEWARD_MANAGER", "systemd"), ("PATH", "/bin"), ("XDG_STATE_HOME", &folder)]);
        let world = World { system: system.clone(), around };
        Self { system, world, _state: state }
    }

    async fn installed() -> Self {
        let machine = Self::new();
        machine.does(INSTALL).await;
        machine
    }

    async fn ran(&self, words: &str) -> Output {
        let args = Args::try_parse_from(words.split(' ')).unwrap();
        run(args, &self.world, &Recorder::default()).await
    }

    async fn does(&self, words: &str) -> String {
        let output = self.ran(words).await;
        assert_eq!(output.exit, Exit::Ok, "{words}: {output:?}");
        output.text
    }

    async fn refused(&self, words: &str) -> Value {
        let output = self.ran(&words.replacen("gateward", "gateward --json", 1)).await;
        assert_ne!(output.exit, Exit::Ok, "{words}");
        output.json.unwrap()["code"].clone()
    }

    fn text(&self, path: &str) -> Option<String> {
        self.system.with(|machine, _| machine.text(path))
    }

    fn write(&self, path: &str, text: &str) {
        self.system.with(|machine, _| machine.write(path, text.as_bytes(), 0o600).unwrap());
    }

    fn is_running(&self) -> bool {
        self.system.with(|_, manager| manager.running.is_some())
    }

    /// A removal that is killed when the unit is gone and the manager does not know it yet.
    async fn killed_in_a_removal(&self) {
        let mortal = Mortal::new(self.system.clone(), 14, || resume_unwind(Box::new("killed")));
        let world = World { system: Arc::new(mortal), around: self.world.around.clone() };
        let args = Args::try_parse_from(["gateward", "uninstall", "--yes"]).unwrap();
        let console = Recorder::default();
        let dead = AssertUnwindSafe(run(args, &world, &console)).catch_unwind().await;
        assert!(dead.is_err() && self.text(UNIT).is_none(), "{dead:?}");
    }
}

#[tokio::test]
async fn an_undo_takes_an_installation_back_and_an_undo_of_the_undo_brings_it_again() {
    let machine = Desk::installed().await;
    let unit = machine.text(UNIT).unwrap();
    machine.does("gateward undo").await;
    assert_eq!((machine.text(UNIT), machine.text(SECRETS), machine.is_running()), (None, None, false));
    assert_eq!(machine.refused("gateward undo").await, "not-undoable");
    machine.does("gateward undo 2").await;
    assert_eq!((machine.text(UNIT), machine.is_running()), (Some(unit), true));
    assert_eq!(machine.refused("gateward undo 2").await, "not-undoable");
}

#[tokio::test]
async fn an_undo_puts_the_previous_bytes_back() {
    let machine = Desk::installed().await;
    let unit = machine.text(UNIT).unwrap();
    machine.does("gateward install --force --workdir /bin -- gw serve --port 18789").await;
    assert_ne!(machine.text(UNIT).as_ref(), Some(&unit));
    let shown = machine.does("gateward undo --dry-run").await;
    assert!(shown.contains("-WorkingDirectory=/bin"), "{shown}");
    machine.does("gateward undo").await;
    assert_eq!(machine.text(UNIT), Some(unit));
}

#[tokio::test]
async fn a_removal_is_taken_back_without_the_secrets_and_says_so() {
    let machine = Desk::installed().await;
    let unit = machine.text(UNIT).unwrap();
    machine.does("gateward uninstall --yes").await;
    let told = machine.does("gateward undo").await;
    assert!(told.contains("MY_TOKEN") && !told.contains("hunter2"), "{told}");
    assert_eq!((machine.text(UNIT), machine.is_running()), (Some(unit), true));
}

#[tokio::test]
async fn what_was_edited_by_hand_is_not_overwritten_unasked() {
    let machine = Desk::installed().await;
    let edited = machine.text(UNIT).unwrap() + "# mine\n";
    machine.write(UNIT, &edited);
    assert_eq!(machine.refused("gateward undo").await, "changed-by-hand");
    assert_eq!(machine.text(UNIT), Some(edited.clone()));
    machine.does("gateward undo --force").await;
    assert_eq!(machine.text(UNIT), None);
    machine.does("gateward undo 2").await;
    assert_eq!(machine.text(UNIT), Some(edited), "and even then it was kept");
}

#[tokio::test]
async fn no_secret_is_in_the_journal_of_what_is_done() {
    let machine = Desk::installed().await;
    machine.does("gateward install --force --env MY_TOKEN=hunter2b -- gw serve --port 18789").await;
    let holders: Vec<String> = machine.system.with(|machine, _| {
        let has = |text: String| text.contains("hunter2");
        machine.files.iter().filter(|(_, file)| has(file.text())).map(|(path, _)| path.clone()).collect()
    });
    assert_eq!(holders, [SECRETS]);
    let own = machine.system.with(|machine, _| machine.files.clone());
    let modes = own.iter().filter(|(path, _)| path.contains("/changes/")).map(|(_, file)| file.mode);
    assert!(modes.clone().count() > 1 && modes.into_iter().all(|mode| mode == 0o600));
}

#[tokio::test]
async fn a_change_that_was_cut_off_is_told_by_every_command_and_can_be_put_back() {
    let machine = Desk::installed().await;
    let unit = machine.text(UNIT);
    machine.killed_in_a_removal().await;
    let console = Recorder::default();
    let args = Args::try_parse_from(["gateward", "status"]).unwrap();
    run(args, &machine.world, &console).await;
    let told = console.told();
    assert!(told.contains("Change 2") && told.contains("gateward changes --revert"), "{told}");
    assert_eq!(machine.refused("gateward install -- gw serve --port 18789").await, "change-interrupted");
    machine.does("gateward changes --revert").await;
    assert_eq!((machine.text(UNIT), machine.is_running()), (unit, true));
    assert!(machine.text(SECRETS).is_some_and(|text| text.contains("hunter2")), "while open it was kept");
    assert_eq!(machine.refused("gateward changes --revert").await, "not-possible-now");
}

#[tokio::test]
async fn a_change_that_was_cut_off_can_be_finished() {
    let machine = Desk::installed().await;
    machine.killed_in_a_removal().await;
    let files = || machine.system.with(|machine, _| machine.files.clone());
    let before = files();
    for way in ["--revert", "--finish"] {
        let plan = machine.does(&format!("gateward --dry-run changes {way}")).await;
        assert!(plan.contains(" 1. "), "{plan}");
        assert!(files() == before, "{way}");
    }
    machine.does("gateward changes --finish").await;
    assert_eq!((machine.text(UNIT), machine.text(SECRETS), machine.is_running()), (None, None, false));
}

#[tokio::test]
async fn a_file_edited_after_the_death_is_not_overwritten_by_going_on() {
    let machine = Desk::installed().await;
    machine.killed_in_a_removal().await;
    machine.write(UNIT, "[Service]\n# by hand\n");
    for way in ["--revert", "--finish"] {
        assert_eq!(machine.refused(&format!("gateward changes {way}")).await, "changed-by-hand");
    }
    assert_eq!(machine.text(UNIT).as_deref(), Some("[Service]\n# by hand\n"));
}

#[tokio::test]
async fn a_second_gateward_waits_and_is_told_what_for() {
    let machine = Desk::installed().await;
    let journal = Journal::new(&machine.world.around).unwrap();
    let system: &dyn System = &*machine.system;
    let first = Mutex::new(journal.turn(system, "install", &|_| ()).await.ok());
    let told = |_| drop(first.lock().unwrap().take());
    assert!(journal.turn(system, "stop", &told).await.is_ok());
    assert!(first.lock().unwrap().is_none(), "it was told, and had its turn after the first one's end");
}

/// Whoever has the turn writes the settings, and gives the turn away as soon as it hears that somebody waits.
struct Before {
    turn: Mutex<Option<Turn>>,
    system: Arc<Scripted<Manager>>,
}

impl Console for Before {
    fn say(&self, _line: &str) -> Result<(), Closed> {
        Ok(())
    }

    fn warn(&self, _line: &str) {
        let text = br#"{"alerts":{"per_hour":5}}"#;
        self.system.write("/home/anna/.config/gateward/settings.json", text, 0o600).unwrap();
        drop(self.turn.lock().unwrap().take());
    }
}

#[tokio::test]
async fn what_was_set_while_we_waited_is_not_written_over() {
    let machine = Desk::new();
    let journal = Journal::new(&machine.world.around).unwrap();
    let turn = journal.turn(&*machine.system, "settings", &|_| ()).await.ok();
    let before = Before { turn: Mutex::new(turn), system: machine.system.clone() };
    let args = Args::try_parse_from("gateward settings set notices.crash false".split(' ')).unwrap();
    assert_eq!(run(args, &machine.world, &before).await.exit, Exit::Ok);
    let written = machine.text("/home/anna/.config/gateward/settings.json").unwrap();
    assert!(written.contains("per_hour") && written.contains("crash"), "{written}");
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let machine = Desk::installed().await;
    let journal = Journal::new(&machine.world.around).unwrap();
    let _first = journal.turn(&*machine.system, "install", &|_| ()).await.unwrap();
    assert_eq!(machine.refused("gateward stop").await, "others-turn");
}

#[tokio::test]
async fn the_list_and_one_change_read_well() {
    let machine = Desk::installed().await;
    machine.does("gateward stop").await;
    let list = machine.does("gateward changes").await;
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines[0].starts_with("2 · ") && lines[0].contains(" · stop · profile default · done"), "{list}");
    assert!(lines[1].contains(" · installation · ") && lines[1].ends_with(" · 2 files"), "{list}");
    let one = machine.does("gateward changes 1").await;
    assert!(one.contains("+[Service]") && !one.contains("hunter2"), "{one}");
    assert_eq!(machine.refused("gateward changes 9").await, "no-such-change");
}

const CONFIG: &str = "/home/anna/.openclaw/openclaw.json";

/// With a config that others can read.
async fn open_config() -> Desk {
    let machine = Desk::installed().await;
    machine.system.with(|machine, _| machine.write(CONFIG, b"{gateway: {mode: 'local'}}", 0o644).unwrap());
    machine
}

fn mode(machine: &Desk) -> u32 {
    machine.system.with(|machine, _| machine.files[CONFIG].mode)
}

#[tokio::test]
async fn the_doctor_tells_by_its_exit_code_and_changes_nothing_unasked() {
    let machine = open_config().await;
    let output = machine.ran("gateward doctor").await;
    assert!([7, 8].contains(&output.exit.code()), "{output:?}");
    assert!(output.text.contains("config-open") && output.text.contains(CONFIG), "{}", output.text);
    let shown = machine.does("gateward doctor --fix config-open --dry-run").await;
    assert!(shown.contains(CONFIG), "{shown}");
    assert_eq!(machine.refused("gateward doctor --fix config-open").await, "cancelled");
    assert_eq!(machine.refused("gateward doctor --fix nonsense").await, "no-such-rule");
    assert_eq!(mode(&machine), 0o644);
}

#[tokio::test]
async fn a_fix_is_carried_out_on_consent_verified_and_taken_back() {
    let machine = open_config().await;
    let told = machine.does("gateward doctor --fix config-open --yes").await;
    assert!(told.contains("gateward undo"), "{told}");
    assert_eq!(mode(&machine), 0o600);
    machine.does("gateward doctor --fix config-open --yes").await;
    machine.does("gateward undo").await;
    assert_eq!(mode(&machine), 0o644);
}

/// Another Gateward at work. When somebody waits for it, it lets go, and changes something more before they come in.
struct Meddler<'a> {
    machine: &'a Desk,
    turn: Mutex<Option<Turn>>,
}

impl Console for Meddler<'_> {
    fn say(&self, _line: &str) -> Result<(), Closed> {
        Ok(())
    }

    fn warn(&self, _line: &str) {
        if self.turn.lock().unwrap().take().is_none() {
            return;
        }
        let installs = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let words = "gateward install --force --workdir /bin -- gw serve --port 18789";
            runtime.block_on(self.machine.does(words))
        };
        std::thread::scope(|scope| scope.spawn(installs).join().unwrap());
    }
}

#[tokio::test]
async fn an_undo_that_had_to_wait_takes_back_what_was_meant_when_it_was_typed() {
    let machine = open_config().await;
    machine.does("gateward doctor --fix config-open --yes").await;
    let journal = Journal::new(&machine.world.around).unwrap();
    let turn = journal.turn(&*machine.system, "install", &|_| ()).await.unwrap();
    let meddler = Meddler { machine: &machine, turn: Mutex::new(Some(turn)) };
    let args = Args::try_parse_from(["gateward", "undo"]).unwrap();
    let output = run(args, &machine.world, &meddler).await;
    assert_eq!(output.exit, Exit::Ok, "{output:?}");
    let unit = machine.text(UNIT).unwrap();
    assert!(mode(&machine) == 0o644 && unit.contains("WorkingDirectory=/bin"), "{unit}");
}

#[tokio::test]
async fn all_that_is_safe_is_mended_and_the_gateway_does_not_feel_it() {
    let machine = open_config().await;
    let calls = || machine.system.calls().into_iter().filter(|call| call.contains("restart")).count();
    let before = calls();
    machine.does("gateward doctor --all-safe --yes").await;
    assert_eq!((mode(&machine), calls()), (0o600, before));
}

#[tokio::test]
async fn findings_are_printed_for_other_programs() {
    let machine = open_config().await;
    let sarif = machine.ran("gateward doctor --format sarif").await.json.unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let junit = machine.ran("gateward doctor --format junit").await.text;
    assert!(junit.contains("name=\"config-open\"><failure"), "{junit}");
    let json = machine.ran("gateward doctor --json").await.json.unwrap();
    assert!(json["findings"].as_array().unwrap().iter().any(|it| it["rule"] == "config-open"));
}
