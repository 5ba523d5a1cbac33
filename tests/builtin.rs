//! The built-in manager over the real machine: real hosts, real gateways (the demo's), a home of its own for each test.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateward::adapter::Intent;
use gateward::execute::act;
use gateward::model::{
    Autostart, Manager, Observation, Redacted, Registered, RestartPolicy, ServiceSpec, Supervised, Value,
    Verdict,
};
use gateward::observe::observe;
use gateward::problem::{Code, Problem};
use gateward::system::os::{Os, surroundings};
use gateward::verdict::judge;
use gateward::world::{Gateway, World};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

#[tokio::test]
async fn a_gateway_is_installed_stopped_started_restarted_and_removed() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready);
    let first = pid(&seen);

    let seen = rig.act(&Intent::Stop { stay: false }).await.unwrap();
    assert!(matches!(seen.supervised.value, Supervised::Stopped { .. }), "{:?}", seen.supervised.value);
    assert!(is_gone(first));

    let seen = rig.act(&Intent::Start).await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready);
    let second = pid(&seen);

    let seen = rig.act(&Intent::Restart).await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready);
    assert!(is_gone(second) && pid(&seen) != second);

    let seen = rig.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(judge(&seen), Verdict::NotInstalled);
    assert_eq!(rig.left(), ["default.lock"]);
}

#[tokio::test]
async fn actions_on_what_is_not_installed_say_so() {
    let rig = Rig::new(None);
    for intent in [Intent::Start, Intent::Stop { stay: false }, Intent::Restart] {
        assert_eq!(rig.act(&intent).await.unwrap_err().code, Code::NotInstalled, "{intent:?}");
    }
}

#[tokio::test]
async fn stopping_and_starting_twice_changes_nothing() {
    let rig = Rig::new(None);
    rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let again = rig.act(&Intent::Start).await.unwrap();
    assert_eq!(pid(&again), pid(&rig.observe().await));
    rig.act(&Intent::Stop { stay: false }).await.unwrap();
    rig.act(&Intent::Stop { stay: false }).await.unwrap();
}

#[tokio::test]
async fn installing_again_replaces_the_running_gateway() {
    let rig = Rig::new(None);
    let first = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let second = rig
        .act(&Intent::Install { spec: &rig.spec(&["--version-text", "9.9.9"]), force: false })
        .await
        .unwrap();
    assert_eq!(judge(&second), Verdict::Ready);
    assert!(is_gone(pid(&first)));
}

#[tokio::test]
async fn a_failed_install_leaves_nothing_behind() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&[]);
    spec.command = vec!["/bin/sh".to_owned(), "-c".to_owned(), "exit 78".to_owned()];
    let problem = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap_err();
    assert_eq!(problem.code, Code::ConfigError, "{problem}");
    assert_eq!(judge(&rig.observe().await), Verdict::NotInstalled);
}

#[tokio::test]
async fn a_missing_program_is_named_by_the_install() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&[]);
    spec.command = vec!["/nowhere/node".to_owned()];
    let problem = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap_err();
    assert_eq!((problem.code, problem.values["path"].as_str()), (Code::ProgramMissing, "/nowhere/node"));
}

#[tokio::test]
async fn a_gateway_that_was_given_up_is_shown_so_and_started_again() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&[]);
    spec.restart.burst = 1;
    let seen = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    kill(pid(&seen));
    let seen = rig.until(Verdict::GaveUp).await;
    let Supervised::GaveUp { last_exit, .. } = seen.supervised.value else { panic!() };
    assert!(last_exit.is_some());
    assert_eq!(judge(&rig.act(&Intent::Start).await.unwrap()), Verdict::Ready);
}

#[tokio::test]
async fn a_crash_is_healed_and_counted() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    kill(pid(&seen));
    rig.until_other_pid(pid(&seen)).await;
    let seen = rig.until(Verdict::Ready).await;
    let Supervised::Running(run) = seen.supervised.value else { panic!() };
    assert_eq!(run.restarts, 1);
}

#[tokio::test]
async fn without_its_host_a_gateway_is_an_orphan_until_a_start_adopts_it() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    kill(rig.host());
    rig.until(Verdict::Orphan).await;
    let adopted = rig.act(&Intent::Start).await.unwrap();
    assert_eq!((judge(&adopted), pid(&adopted)), (Verdict::Ready, pid(&seen)));
}

#[tokio::test]
async fn an_orphan_can_be_stopped() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    kill(rig.host());
    rig.until(Verdict::Orphan).await;
    rig.act(&Intent::Stop { stay: false }).await.unwrap();
    assert!(is_gone(pid(&seen)));
}

#[tokio::test]
async fn the_gateway_gets_its_secret_and_only_its_owners_file_has_it() {
    let rig = Rig::new(None);
    let launch = rig.path("launch.json");
    let mut spec = rig.spec(&["--print-launch", &launch.display().to_string()]);
    spec.environment.insert("MY_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter22")));
    spec.environment.insert("PLAIN".to_owned(), Value::Plain("a b='c' $d\u{e9}".to_owned()));
    spec.environment.insert("OPENCLAW_SYSTEMD_UNIT".to_owned(), Value::Plain("x.service".to_owned()));
    let seen = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    let launched = std::fs::read_to_string(&launch).unwrap();
    assert!(launched.contains("hunter22") && launched.contains("a b='c' $d\u{e9}"), "{launched}");
    assert!(!launched.contains("OPENCLAW_SYSTEMD_UNIT"), "{launched}");
    assert!(!serde_json::to_string(&seen).unwrap().contains("hunter22"));
    std::fs::remove_file(&launch).unwrap();
    let holders = rig.files_with("hunter22");
    assert_eq!(holders, [rig.path(".local/state/gateward/run/default.secrets")]);
    assert_eq!(std::fs::metadata(&holders[0]).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn profiles_do_not_touch_each_other() {
    let one = Rig::new(None);
    let two = one.sibling("work");
    one.act(&Intent::Install { spec: &one.spec(&[]), force: false }).await.unwrap();
    two.act(&Intent::Install { spec: &two.spec(&[]), force: false }).await.unwrap();
    one.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(judge(&two.observe().await), Verdict::Ready);
    two.act(&Intent::Uninstall).await.unwrap();
}

#[tokio::test]
async fn a_desktop_gets_a_valid_autostart_entry() {
    let rig = Rig::new(Some(("XDG_CURRENT_DESKTOP", "XFCE")));
    rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let entry = rig.path(".config/autostart/gateward-gateway.desktop");
    let text = std::fs::read_to_string(&entry).unwrap();
    assert!(text.contains("\nExec=") && text.contains(" run --profile default --detach\n"), "{text}");
    rig.act(&Intent::Uninstall).await.unwrap();
    assert!(!entry.exists());
}

#[tokio::test]
async fn what_a_gateway_said_last_is_asked_of_the_host_and_not_of_a_journal() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&["--exit-after", "1s", "--say", "the last straw"]);
    spec.restart.burst = 1;
    rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    rig.until(Verdict::GaveUp).await;
    let path = rig.gateway.adapter.last_words(&rig.gateway.id).unwrap();
    let words = std::fs::read_to_string(path).unwrap();
    assert!(words.contains("the last straw"), "{words}");
}

#[tokio::test]
async fn a_graceful_restart_keeps_the_host_and_proves_the_new_gateway() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let host = rig.host();
    let told = rig.cli(&["restart", "--graceful", "--json"]);
    assert_eq!((&told["ok"], &told["result"]), (&true.into(), &"restarted".into()), "{told}");
    assert!(is_gone(pid(&seen)) && rig.host() == host);
    assert_eq!(judge(&rig.observe().await), Verdict::Ready);
}

#[tokio::test]
async fn a_stop_that_does_not_wait_needs_no_drain_to_begin_with() {
    let rig = Rig::new(None);
    rig.act(&Intent::Install { spec: &rig.spec(&["--slow-stop", "10m"]), force: false }).await.unwrap();
    let told = rig.cli(&["stop", "--now", "--json"]);
    assert_eq!(told["result"], "stopped", "{told}");
}

#[tokio::test]
async fn a_graceful_restart_into_a_broken_configuration_says_so() {
    let rig = Rig::new(None);
    let config = rig.path("demo.json");
    std::fs::write(&config, "{}").unwrap();
    let spec = rig.spec(&["--config", &config.display().to_string()]);
    rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    std::fs::write(&config, "{").unwrap();
    let told = rig.cli(&["restart", "--graceful", "--json"]);
    assert_eq!((&told["ok"], &told["code"]), (&false.into(), &"config-error".into()), "{told}");
}

#[tokio::test]
async fn a_stop_that_drains_is_seen_with_its_clock_and_can_be_cut_short() {
    let rig = Rig::new(None);
    let spec = rig.spec(&["--slow-stop", "10m"]);
    rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    kill_process(Pid::from_raw(rig.host().cast_signed()).unwrap(), Signal::TERM).unwrap();
    let seen = rig.until(Verdict::Stopping).await;
    let Supervised::Stopping { until: Some(until), .. } = seen.supervised.value else { panic!("no clock") };
    let left = until.duration_since(seen.supervised.read_at).as_secs();
    assert!((15..=20).contains(&left), "{left}");
    let told = rig.cli(&["stop", "--now", "--json"]);
    assert_eq!((&told["ok"], &told["result"]), (&true.into(), &"stopped".into()), "{told}");
    assert!(matches!(rig.observe().await.supervised.value, Supervised::Stopped { .. }));
}

#[tokio::test]
async fn where_there_is_cron_it_starts_the_gateway_at_boot_and_nobody_elses_line_is_touched() {
    let rig = Rig::new(None);
    let table = rig.with_cron("5 4 * * * backup\n");
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let lines = std::fs::read_to_string(&table).unwrap();
    assert!(lines.contains("@reboot ") && lines.contains(" run --profile default --detach"), "{lines}");
    assert_eq!(autostart(&seen), Autostart::On);
    rig.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(std::fs::read_to_string(&table).unwrap(), "5 4 * * * backup\n");
}

#[tokio::test]
async fn without_desktop_and_cron_nothing_is_said_to_start_it() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    assert_eq!(autostart(&seen), Autostart::Off);
}

/// A home, and a gateway in it under the built-in manager.
struct Rig {
    home: Arc<tempfile::TempDir>,
    world: World,
    gateway: Gateway,
    port: u16,
}

impl Rig {
    fn new(variable: Option<(&str, &str)>) -> Self {
        Self::in_home(Arc::new(tempfile::tempdir().unwrap()), None, variable)
    }

    fn sibling(&self, profile: &str) -> Self {
        Self::in_home(Arc::clone(&self.home), Some(profile), None)
    }

    fn in_home(home: Arc<tempfile::TempDir>, profile: Option<&str>, variable: Option<(&str, &str)>) -> Self {
        let mut around = surroundings();
        around.variables = BTreeMap::from([("HOME".to_owned(), home.path().display().to_string())]);
        around.variables.insert("GATEWARD_MANAGER".to_owned(), "builtin".to_owned());
        around.variables.extend(variable.map(|(name, value)| (name.to_owned(), value.to_owned())));
        around.exe = clean_gateward(home.path());
        let tools = home.path().join("tools").display().to_string();
        let world = World { system: Arc::new(Os::new(Some(tools))), around };
        let gateway = world.gateway(profile).unwrap();
        assert_eq!(gateway.adapter.manager(), Manager::Builtin);
        Self { home, world, gateway, port: free_port() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn spec(&self, more: &[&str]) -> ServiceSpec {
        let port = self.port.to_string();
        let command = [env!("CARGO_BIN_EXE_gateward"), "demo", "--allow-unconfigured", "--port", &port];
        ServiceSpec {
            identity: self.gateway.id.clone(),
            description: "OpenClaw Gateway".to_owned(),
            command: command.iter().chain(more).map(|word| (*word).to_owned()).collect(),
            working_dir: None,
            environment: BTreeMap::new(),
            restart: RestartPolicy { stop_timeout_s: 20, ..RestartPolicy::default() },
        }
    }

    async fn act(&self, intent: &Intent<'_>) -> Result<Observation, Problem> {
        act(self.gateway.stage(&self.world), intent, &|_| {}).await
    }

    async fn observe(&self) -> Observation {
        observe(&*self.world.system, &*self.gateway.adapter, &self.gateway.id).await
    }

    async fn until(&self, verdict: Verdict) -> Observation {
        self.until_seen(|seen| judge(seen) == verdict).await
    }

    async fn until_other_pid(&self, old: u32) {
        self.until_seen(|seen| seen.supervised.value.pid().is_some_and(|pid| pid != old)).await;
    }

    async fn until_seen(&self, wanted: impl Fn(&Observation) -> bool) -> Observation {
        let begun = Instant::now();
        loop {
            let seen = self.observe().await;
            if wanted(&seen) {
                return seen;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain, last seen: {seen:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Lets the account use cron; gives the file that is its table.
    fn with_cron(&self, lines: &str) -> PathBuf {
        let table = self.path("tools/table");
        std::fs::write(&table, lines).unwrap();
        table
    }

    fn cli(&self, args: &[&str]) -> serde_json::Value {
        let output = std::process::Command::new(&self.world.around.exe).args(args).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    fn host(&self) -> u32 {
        let text = std::fs::read(self.path(".local/state/gateward/run/default.json")).unwrap();
        let record: serde_json::Value = serde_json::from_slice(&text).unwrap();
        u32::try_from(record["host"]["pid"].as_u64().unwrap()).unwrap()
    }

    /// What is left in Gateward's own folders.
    fn left(&self) -> Vec<String> {
        let mut names: Vec<String> =
            [".local/state/gateward/run", ".config/gateward/services", ".config/autostart"]
                .iter()
                .filter_map(|folder| std::fs::read_dir(self.path(folder)).ok())
                .flatten()
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
                .collect();
        names.sort();
        names
    }

    fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.is_file()
                    && String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(text)
                {
                    found.push(path);
                }
            }
        }
        found
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let profile = self.gateway.id.profile.to_string();
        let args = ["run", "--profile", &profile, "--stop"];
        let _ = std::process::Command::new(&self.world.around.exe).args(args).output();
    }
}

/// Calls inherit this process's environment, so the program they start first puts on one of its own.
fn clean_gateward(home: &std::path::Path) -> String {
    let path = home.join("gateward");
    let program = env!("CARGO_BIN_EXE_gateward");
    let text = format!(
        "#!/bin/sh\nexec env -i HOME='{0}' GATEWARD_TOOLS='{0}/tools' PATH=/usr/bin:/bin '{program}' \"$@\"\n",
        home.display()
    );
    if !path.exists() {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        // The real one would change the table of whoever runs the tests.
        std::fs::create_dir(home.join("tools")).unwrap();
        let double = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doubles/crontab");
        std::os::unix::fs::symlink(double, home.join("tools/crontab")).unwrap();
    }
    path.display().to_string()
}

fn autostart(seen: &Observation) -> Autostart {
    let Registered::Present(registration) = &seen.registered.value else { panic!("not installed") };
    registration.autostart
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn pid(seen: &Observation) -> u32 {
    seen.supervised.value.pid().unwrap()
}

fn kill(pid: u32) {
    kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL).unwrap();
}

fn is_gone(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    test_kill_process(Pid::from_raw(pid.cast_signed()).unwrap()).is_err() || stat.contains(") Z ")
}
