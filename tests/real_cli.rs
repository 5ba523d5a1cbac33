//! The command line over a real `systemd --user`: the whole life of a service, and an installation that is killed half-way.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod rig;

use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use rig::machine::{GATEWARD, Machine, UNIT, json};
use rig::{UserManager, wait_until};

const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_service_goes_through_its_whole_life() {
    let machine = Machine::start();
    let installed = json(&machine.install(&[]));
    assert_eq!(installed["result"], "installed", "{installed}");
    assert_eq!(installed["service"]["loaded"], true);
    assert_eq!(installed["verdict"], "ready");
    assert_eq!(json(&machine.install(&[]))["result"], "already-installed");
    let pid = machine.manager.property(UNIT, "MainPID");
    let restarted = machine.json(&["restart"]);
    assert_eq!(restarted["result"], "restarted", "{restarted}");
    assert_ne!(machine.manager.property(UNIT, "MainPID"), pid);
    assert_eq!(machine.json(&["start"])["result"], "already-running");
    assert_eq!(machine.json(&["stop"])["result"], "stopped");
    assert_eq!(machine.manager.property(UNIT, "ActiveState"), "inactive");
    assert_eq!(machine.json(&["stop"])["message"], "The gateway is already stopped.");
    assert_eq!(machine.run(&["status", "--check"]).status.code(), Some(3));
    assert_eq!(machine.json(&["start"])["result"], "started");
    let removed = machine.json(&["uninstall", "--yes"]);
    assert_eq!(removed["result"], "uninstalled", "{removed}");
    assert_eq!(removed["service"]["loaded"], false);
    assert_eq!(machine.manager.property(UNIT, "LoadState"), "not-found");
}

#[test]
fn state_and_history_agree_with_the_manager() {
    let machine = Machine::start();
    machine.install(&[]);
    let status = machine.json(&["status"]);
    let pid = status["observation"]["supervised"]["value"]["pid"].as_u64().unwrap();
    assert_eq!(machine.manager.property(UNIT, "MainPID"), pid.to_string());
    assert_eq!(status["service"]["runtime"]["status"], "running");
    assert_eq!(status["port"]["listeners"][0]["pid"], pid);

    machine.json(&["restart"]);
    machine.json(&["stop"]);
    let history = machine.json(&["history"]);
    let kinds: Vec<&str> =
        history["incidents"].as_array().unwrap().iter().filter_map(|it| it["kind"].as_str()).collect();
    assert!(["installed", "restarted", "stopped"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

#[test]
fn the_watcher_is_a_service_of_its_own_that_records_what_it_sees() {
    const WATCHER: &str = "gateward-watch.service";
    let machine = Machine::start();
    machine.install(&[]);
    let gateway = machine.manager.property(UNIT, "MainPID");
    let planned = machine.json(&["watch", "--install", "--dry-run"]);
    assert_eq!(planned["result"], "planned", "{planned}");
    assert_eq!(machine.manager.property(WATCHER, "LoadState"), "not-found");
    assert_eq!(machine.json(&["watch", "--install"])["result"], "installed");
    assert_eq!(machine.manager.property(WATCHER, "ActiveState"), "active");
    assert_eq!(machine.manager.property(UNIT, "MainPID"), gateway, "the gateway did not feel it");

    // Until it watches it could see the crash only if it is asked for again.
    wait_until(PATIENCE, "the crash is recorded", || {
        let pid = machine.manager.property(UNIT, "MainPID");
        if pid == gateway {
            rig::processes::signal("KILL", &[pid.parse().unwrap()]);
        }
        let history = machine.json(&["history"]);
        history["incidents"].as_array().unwrap().iter().any(|it| it["kind"] == "crash")
    });
    assert_eq!(machine.json(&["wait", "--for", "ready"])["reached"], true);
    assert_eq!(machine.json(&["watch", "--uninstall"])["result"], "uninstalled");
    assert_eq!(machine.manager.property(WATCHER, "LoadState"), "not-found");
    assert_ne!(machine.manager.property(UNIT, "MainPID"), "0", "the gateway did not feel it");
}

#[test]
fn what_happened_while_nobody_watched_is_told_afterwards_with_its_time() {
    let machine = Machine { manager: UserManager::start_with_journal(), ..Machine::start() };
    machine.install(&[]);
    let victim = machine.manager.property(UNIT, "MainPID");
    let before = Timestamp::now();
    rig::processes::signal("KILL", &[victim.parse().unwrap()]);
    wait_until(PATIENCE, "the gateway is back", || machine.manager.property(UNIT, "NRestarts") == "1");
    let after = Timestamp::now();
    machine.manager.systemctl(&["stop", UNIT]);
    let stopped = Timestamp::now();

    let mut watcher = machine.manager.inside(GATEWARD);
    watcher.env("GATEWARD_MANAGER", "systemd").env("OPENCLAW_GATEWAY_PORT", &machine.port);
    let mut watcher = watcher.args(["watch", "--json"]).stdout(Stdio::null()).spawn().unwrap();
    let at = |kind: &str| -> Option<Timestamp> {
        let history = machine.json(&["history"]);
        let told = history["incidents"].as_array().unwrap().iter().find(|it| it["kind"] == kind)?;
        told["at"].as_str().unwrap().parse().ok()
    };
    wait_until(PATIENCE, "both are told", || at("crash").is_some() && at("stopped").is_some());
    watcher.kill().unwrap();
    watcher.wait().unwrap();
    let (crash, stop) = (at("crash").unwrap(), at("stopped").unwrap());
    assert!(before <= crash && crash <= after, "{before} {crash} {after}");
    assert!(after <= stop && stop <= stopped, "{after} {stop} {stopped}");
}

#[test]
fn the_journal_and_openclaws_own_log_are_one_log_that_can_be_searched() {
    let machine = Machine { manager: UserManager::start_with_journal(), ..Machine::start() };
    let log = machine.manager.home().join("own.log");
    let config = machine.manager.home().join(".openclaw/openclaw.json");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    let text = format!(
        "{{ \"gateway\": {{ \"mode\": \"local\" }}, \"logging\": {{ \"file\": \"{}\" }} }}",
        log.display()
    );
    std::fs::write(config, text).unwrap();
    let line = |at: &str, level: &str, what: &str| {
        format!(
            "{{\"0\":\"{{\\\"subsystem\\\":\\\"ws\\\"}}\",\"1\":\"{what}\",\"_meta\":{{\"logLevelName\":\"{level}\"}},\"time\":\"{at}\"}}\n"
        )
    };
    let old = line("2020-01-01T00:00:00Z", "ERROR", "long ago");
    std::fs::write(&log, old + &line("2099-01-01T00:00:00Z", "WARN", "far ahead")).unwrap();
    machine.install(&[]);
    let inside = |words: &[&str]| {
        let mut command = machine.manager.inside(GATEWARD);
        command.env("GATEWARD_MANAGER", "systemd").env("OPENCLAW_GATEWAY_PORT", &machine.port);
        let told = command.arg("logs").args(words).output().unwrap();
        String::from_utf8(told.stdout).unwrap()
    };
    wait_until(PATIENCE, "the journal has the gateway's words", || {
        inside(&["--count", "--grep", r"\[gateway\].*listening"]).trim() == "1"
    });
    let all = inside(&["--all", "-n", "500"]);
    let place = |what: &str| {
        all.lines().position(|line| line.contains(what)).unwrap_or_else(|| panic!("{what}: {all}"))
    };
    assert!(place("long ago") < place("journal") && place("journal") < place("far ahead"), "{all}");
    assert!(all.contains("error own.log [ws] long ago"), "{all}");
    assert_eq!(inside(&["--level", "error"]).lines().count(), 1);
    assert!(inside(&["--until", "2020-01-02", "-n", "9"]).ends_with("long ago\n"));
    assert!(inside(&["--grep", "listening", "-n", "1"]).contains(" journal "));
}

#[test]
fn a_reinstallation_keeps_what_a_person_added_secrets_too() {
    let machine = Machine::start();
    machine.install(&["--env", "MINE=kept", "--env", "MY_TOKEN=hunter2"]);
    let again = json(&machine.install(&["--force"]));
    assert_eq!(again["result"], "installed", "{again}");
    let status = machine.json(&["status"]);
    let variables = status["observation"]["registered"]["value"]["environment"].as_array().unwrap().clone();
    let names: Vec<&str> = variables.iter().filter_map(|it| it["name"].as_str()).collect();
    assert!(names.contains(&"MINE") && names.contains(&"MY_TOKEN"), "{names:?}");
    assert!(!status.to_string().contains("hunter2"));
    assert!(!machine.unit_text().contains("hunter2"));
}

#[test]
fn an_agent_inside_the_gateway_can_restart_it() {
    let machine = Machine::start();
    let script = format!(
        "if [ -e $HOME/asked ]; then exec {GATEWARD} demo --port {port}; fi; {GATEWARD} demo --port {port} & \
         until [ -e $HOME/go ]; do sleep 0.1; done; touch $HOME/asked; {GATEWARD} restart --json > $HOME/said; wait",
        port = machine.port
    );
    let output = machine.run(&["install", "--json", "--port", &machine.port, "--", "/bin/sh", "-c", &script]);
    assert_eq!(json(&output)["result"], "installed", "{output:?}");
    let before = machine.manager.property(UNIT, "MainPID");
    std::fs::write(machine.manager.home().join("go"), "").unwrap();
    wait_until(PATIENCE, "the command inside has spoken", || machine.said().contains('}'));
    assert!(machine.said().contains("\"scheduled\""), "{}", machine.said());
    wait_until(PATIENCE, "the gateway is another process and ready", || {
        let now = machine.manager.property(UNIT, "MainPID");
        now != before && now != "0" && machine.json(&["status"])["verdict"] == "ready"
    });
}

#[test]
fn an_installation_killed_at_any_moment_leaves_a_service_that_can_run() {
    let machine = Machine::start();
    assert_eq!(json(&machine.install(&[]))["result"], "installed");
    for after in [5, 15, 30, 60, 120, 250, 500] {
        let mut child = machine
            .install_command(&["--force", "--env", &format!("TRY={after}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The moment is the point of this test: there is nothing to wait for.
        std::thread::sleep(Duration::from_millis(after));
        child.kill().unwrap();
        child.wait().unwrap();
        wait_until(PATIENCE, "no job is left", || {
            machine.manager.systemctl(&["list-jobs", "--no-legend"]).trim().is_empty()
        });
        let started = machine.json(&["start"]);
        assert_eq!(started["ok"], true, "killed after {after} ms: {started}");
        if machine.json(&["changes"])["changes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["interrupted"] == true)
        {
            let settled = machine.json(&["changes", if after % 2 == 0 { "--finish" } else { "--revert" }]);
            assert_eq!(settled["ok"], true, "killed after {after} ms: {settled}");
        }
        wait_until(PATIENCE, "it is ready", || machine.json(&["status"])["verdict"] == "ready");
    }
}
