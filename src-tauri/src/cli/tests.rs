use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Parser;

use super::*;
use crate::identity::tests::around;
use crate::model::Verdict;
use crate::plan::{Answer, Call};
use crate::system::scripted::{Machine, Scripted, Simulator};
use crate::system::{Ask, Seen, System};
use crate::words::Words;

/// Nobody is there to ask; what is said is kept.
#[derive(Default)]
pub struct Recorder(Mutex<Vec<String>>);

impl Recorder {
    pub fn told(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

impl Console for Recorder {
    fn say(&self, line: &str) -> Result<(), Closed> {
        self.0.lock().unwrap().push(line.to_owned());
        Ok(())
    }

    fn warn(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }

    fn secret(&self, _question: &str) -> Option<String> {
        Some("https://ntfy.sh/hunter2\n".to_owned())
    }
}

struct Quiet;

impl Simulator for Quiet {
    fn run(&mut self, _call: &Call, _machine: &mut Machine) -> Answer {
        Answer::default()
    }

    fn answer(&mut self, _ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        None
    }
}

/// A machine with the built-in manager and one program, `/bin/gw`.
fn world(variables: &[(&str, &str)]) -> (Arc<Scripted<Quiet>>, World) {
    let system = Arc::new(Scripted::new(Quiet));
    system.with(|machine, _| machine.write("/bin/gw", b"", 0o755).unwrap());
    let mut all = vec![("GATEWARD_MANAGER", "builtin"), ("PATH", "/bin")];
    all.extend(variables);
    (system.clone(), World { system, around: around(&all) })
}

async fn ran(world: &World, words: &str) -> Output {
    let args = Args::try_parse_from(words.split(' ')).unwrap();
    run(args, world, &Recorder::default()).await
}

fn json(output: Output) -> Value {
    output.json.unwrap()
}

#[tokio::test]
async fn starting_what_is_not_installed_fails_with_openclaws_result() {
    let (_, world) = world(&[]);
    let output = ran(&world, "gateward start --json").await;
    assert_eq!(output.exit, Exit::Failed);
    insta::assert_json_snapshot!(json(output));
}

#[tokio::test]
async fn stopping_what_is_not_installed_is_no_failure() {
    let (_, world) = world(&[]);
    let output = ran(&world, "gateward stop --json").await;
    assert_eq!(output.exit, Exit::Ok);
    insta::assert_json_snapshot!(json(output));
}

#[tokio::test]
async fn the_states_json_holds_openclaws_keys_beside_ours() {
    let (_, world) = world(&[]);
    insta::assert_json_snapshot!(json(ran(&world, "gateward status --json").await));
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_shows_no_secret() {
    let (system, world) = world(&[]);
    let files = |system: &Scripted<Quiet>| system.with(|machine, _| machine.files.clone());
    let before = files(&system);
    let output =
        ran(&world, "gateward install --dry-run --port 5000 --env MY_TOKEN=hunter2 -- gw serve").await;
    assert_eq!((output.exit, files(&system)), (Exit::Ok, before));
    assert!(!output.text.contains("hunter2"));
    insta::assert_snapshot!(output.text);
}

/// A17. Nothing answers on this machine, so that the start fails in the end.
#[tokio::test]
async fn variables_that_nothing_gives_are_told_before_the_service_is_started() {
    let (system, world) = world(&[]);
    let config = b"{gateway: {mode: 'local'}, models: {key: '${MISSING_KEY}'}}";
    system.with(|machine, _| machine.write("/home/anna/.openclaw/openclaw.json", config, 0o600).unwrap());
    let console = Recorder::default();
    let args = Args::try_parse_from(["gateward", "install", "--", "gw"]).unwrap();
    let output = run(args, &world, &console).await;
    assert_ne!(output.exit, Exit::Ok);
    let told = console.told();
    assert!(told.contains("MISSING_KEY"), "{told}");
}

#[tokio::test]
async fn lingering_is_refused_where_it_means_nothing() {
    let (system, world) = world(&[]);
    let value = json(ran(&world, "gateward install --json --linger -- gw").await);
    assert_eq!(value["code"], "unsupported");
    assert!(system.with(|machine, _| machine.files.keys().all(|path| !path.contains("services"))));
}

#[tokio::test]
async fn a_dry_runs_json_has_the_steps() {
    let (_, world) = world(&[]);
    let value = json(ran(&world, "gateward install --json --dry-run --env MY_TOKEN=hunter2 -- gw").await);
    assert_eq!(value["result"], "planned");
    assert!(value["plan"].as_array().is_some_and(|steps| steps.len() > 3));
    assert!(!value.to_string().contains("hunter2"));
}

#[tokio::test]
async fn what_was_typed_wrongly_exits_with_two() {
    let (_, world) = world(&[]);
    for words in [
        "gateward --profile ../x status",
        "gateward install --port 0 -- gw",
        "gateward install --env 1X=y -- gw",
        "gateward install --workdir /nowhere -- gw",
        "gateward explain nonsense",
    ] {
        assert_eq!(ran(&world, words).await.exit, Exit::Usage, "{words}");
    }
}

#[tokio::test]
async fn the_profile_is_in_every_command_to_paste() {
    let (_, world) = world(&[]);
    let output = ran(&world, "gateward --profile work start").await;
    assert!(output.complaint.contains("gateward --profile work install"), "{}", output.complaint);
}

#[tokio::test]
async fn rendering_does_not_look_at_the_service() {
    let (system, world) = world(&[]);
    for target in ["systemd", "launchd", "builtin"] {
        let output = ran(&world, &format!("gateward render --for {target} -- gw serve")).await;
        assert!(output.text.contains("/bin/gw"), "{target}: {output:?}");
    }
    assert_eq!(system.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn every_problem_and_verdict_is_explained() {
    let (_, world) = world(&[]);
    let codes = Code::ALL.iter().map(|code| code.as_str());
    for name in codes.chain(Verdict::ALL.iter().map(|verdict| crate::view::name(*verdict))) {
        let output = ran(&world, &format!("gateward explain {name}")).await;
        assert_eq!(output.exit, Exit::Ok, "{name}");
        assert!(!output.text.contains("explain-"), "{}", output.text);
    }
}

/// Results and waits choose their sentences by name.
#[test]
fn every_result_and_wait_has_a_sentence() {
    let words = Words::english();
    let sources = [
        include_str!("lifecycle.rs"),
        include_str!("install.rs"),
        include_str!("watch/service.rs"),
        include_str!("changes.rs"),
        include_str!("undo.rs"),
    ]
    .concat();
    let results = sources.split("Done::new(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let worded = sources.split("Done::worded(").skip(1).filter_map(|rest| rest.split('"').nth(3));
    let running = sources.split("running(\"").skip(1).filter_map(|rest| rest.split('"').next());
    for result in results.chain(worded).chain(running) {
        assert!(words.find(&format!("done-{result}"), &[]).is_some(), "done-{result}");
    }
    for until in ["running", "not-running", "gone", "answering", "port-released"] {
        for prefix in ["progress", "plan-await"] {
            assert!(words.find(&format!("{prefix}-{until}"), &[]).is_some(), "{prefix}-{until}");
        }
    }
}

#[test]
fn exit_codes_are_stable() {
    let codes = [
        Exit::Ok,
        Exit::Failed,
        Exit::Usage,
        Exit::NotRunning,
        Exit::Unknown,
        Exit::UnderWay,
        Exit::Unwell,
        Exit::Late,
    ];
    assert_eq!(codes.map(Exit::code), [0, 1, 2, 3, 4, 5, 6, 124]);
}

#[tokio::test]
async fn a_routes_address_is_read_unseen_and_shown_as_dots() {
    let (system, world) = world(&[]);
    ran(&world, r#"gateward settings set alerts.routes.phone {"via":"ntfy"}"#).await;
    assert_eq!(ran(&world, "gateward settings set alerts.routes.phone.url").await, Output::default());
    let shown = ran(&world, "gateward settings show").await.text;
    assert!(shown.contains("alerts.routes.phone.url = ••••••") && !shown.contains("hunter2"), "{shown}");
    let files = system.with(|machine, _| machine.files.clone());
    let holders: Vec<_> = files.iter().filter(|(_, file)| file.text().contains("hunter2")).collect();
    assert_eq!(holders.len(), 1);
    assert_eq!(holders[0].1.mode, 0o600);
}

#[tokio::test]
async fn a_secret_on_the_command_line_is_refused() {
    let (_, world) = world(&[]);
    ran(&world, r#"gateward settings set alerts.routes.phone {"via":"ntfy"}"#).await;
    let output = ran(&world, "gateward settings set alerts.routes.phone.url https://ntfy.sh/hunter2").await;
    assert_eq!(output.exit, Exit::Usage);
    assert!(!output.complaint.contains("hunter2"), "{}", output.complaint);
}

#[tokio::test]
async fn a_dry_run_shows_the_settings_difference_and_writes_nothing() {
    let (system, world) = world(&[]);
    let output = ran(&world, "gateward --dry-run settings set notices.crash false").await;
    assert!(output.text.contains("+    \"crash\": false"), "{}", output.text);
    assert!(system.with(|machine, _| !machine.files.keys().any(|path| path.contains("settings"))));
}

/// It would act where it was asked to change nothing.
#[tokio::test]
async fn a_dry_run_of_what_has_no_plan_is_refused() {
    for command in ["run -- /bin/true", "demo", "auth monitor", "settings try"] {
        let (system, world) = world(&[]);
        let (before, output) = (
            system.with(|machine, _| machine.files.clone()),
            ran(&world, &format!("gateward --dry-run {command}")).await,
        );
        assert_eq!(output.exit, Exit::Usage, "{command}");
        assert!(output.complaint.contains("--dry-run"), "{}", output.complaint);
        assert_eq!(system.with(|machine, _| machine.files.clone()), before, "{command}");
    }
}

#[tokio::test]
async fn waiting_for_what_is_so_already_ends_at_once() {
    let (system, world) = world(&[]);
    let output = ran(&world, "gateward wait --for stopped").await;
    assert_eq!((output.exit, system.clock()), (Exit::Ok, Duration::ZERO));
}

#[tokio::test]
async fn waiting_in_vain_ends_in_time_and_says_how_it_is() {
    let (system, world) = world(&[]);
    let output = ran(&world, "gateward wait --for ready --timeout 90s").await;
    assert_eq!((output.exit, system.clock()), (Exit::Late, Duration::from_secs(90)));
    assert!(output.complaint.starts_with("Not ready within 90 s: "), "{}", output.complaint);
}

#[tokio::test]
async fn a_watcher_without_a_manager_starts_at_login_and_its_removal_leaves_nothing() {
    let (system, world) = world(&[]);
    let entries =
        || system.with(|machine, _| machine.files.keys().filter(|path| path.ends_with(".desktop")).count());
    assert_eq!(ran(&world, "gateward watch --install --dry-run").await.exit, Exit::Ok);
    assert_eq!(entries(), 0);
    assert_eq!(ran(&world, "gateward watch --install").await.exit, Exit::Ok);
    assert_eq!(entries(), 1);
    assert_eq!(ran(&world, "gateward watch --uninstall").await.exit, Exit::Ok);
    assert_eq!(entries(), 0);
}
