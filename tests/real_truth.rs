//! Every verdict with real processes under a real `systemd --user`, as `gateward status --json` tells it. docs/truth.md lists them.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod rig;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rig::{UserManager, free_port, processes, wait_until};
use serde_json::Value;

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
const UNIT: &str = "openclaw-gateway.service";
const PATIENCE: Duration = Duration::from_secs(60);

/// A user manager, and a port for its gateway.
struct Machine {
    manager: UserManager,
    port: String,
    children: Vec<Child>,
}

impl Drop for Machine {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Machine {
    fn start() -> Self {
        let port = free_port().to_string();
        Self { manager: UserManager::start(), port, children: Vec::new() }
    }

    /// The demo gateway with these options as the service, loaded and started.
    fn serving(options: &[&str]) -> Self {
        let machine = Self::start();
        machine.unit(UNIT, options);
        machine.manager.systemctl(&["start", UNIT]);
        machine
    }

    fn unit(&self, name: &str, options: &[&str]) {
        let options = options.join(" ");
        let text = format!(
            "[Unit]\nDescription=Gateway\nStartLimitBurst=3\nStartLimitIntervalSec=60\n[Service]\n\
             ExecStart={GATEWARD} demo --port {} {options}\nRestart=always\nRestartSec=200ms\n\
             RestartPreventExitStatus=78\nSuccessExitStatus=0 143\n[Install]\nWantedBy=default.target\n",
            self.port
        );
        self.manager.write_unit(name, &text);
        self.manager.systemctl(&["daemon-reload"]);
    }

    fn config(&self, text: &str) {
        let folder = self.manager.home().join(".openclaw");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("openclaw.json"), text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.manager.command(GATEWARD);
        command.env("GATEWARD_MANAGER", "systemd").env("OPENCLAW_GATEWAY_PORT", &self.port).args(words);
        command
    }

    fn status(&self) -> Value {
        let output = self.command(&["status", "--json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// The same, told by a program whose wall clock is ahead by `offset`.
    fn status_after(&self, offset: &str) -> Value {
        let mut command = self.command(&["status", "--json"]);
        let output = rig::clock::shifted(&mut command, offset).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    fn text(&self) -> String {
        String::from_utf8(self.command(&["status"]).output().unwrap().stdout).unwrap()
    }

    #[track_caller]
    fn becomes(&self, verdict: &str) -> Value {
        let mut last = Value::Null;
        wait_until(PATIENCE, &format!("the verdict is {verdict}"), || {
            last = self.status();
            last["verdict"] == verdict
        });
        last
    }

    /// A program on the service's port that no manager looks after.
    fn runs_beside(&mut self, mut command: Command) {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        self.children.push(child);
        let port: u16 = self.port.parse().unwrap();
        wait_until(PATIENCE, "the port is held", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
    }

    fn stranger(&mut self) {
        let mut command = Command::new("python3");
        command
            .args(["-m", "http.server", "--bind", "127.0.0.1", &self.port])
            .current_dir(self.manager.folder());
        self.runs_beside(command);
    }

    fn gateway_by_hand(&mut self) {
        let command = self.command(&["demo", "--port", &self.port.clone()]);
        self.runs_beside(command);
    }

    fn main_pid(&self) -> u32 {
        self.manager.property(UNIT, "MainPID").parse().unwrap()
    }
}

#[test]
fn nothing_installed_is_not_installed() {
    Machine::start().becomes("not-installed");
}

#[test]
fn a_gateway_that_answers_is_ready_and_names_its_version() {
    let seen = Machine::serving(&[]).becomes("ready");
    assert!(seen["observation"]["answers"]["value"]["version"].is_string(), "{seen}");
    assert_eq!(seen["observation"]["port"]["value"]["owner"]["started_by"], UNIT);
}

#[test]
fn a_stop_through_systemctl_is_stopped_and_a_switched_off_one_disabled() {
    let machine = Machine::serving(&[]);
    machine.manager.systemctl(&["enable", UNIT]);
    machine.becomes("ready");
    machine.manager.systemctl(&["stop", UNIT]);
    machine.becomes("stopped");
    machine.manager.systemctl(&["disable", UNIT]);
    machine.becomes("disabled");
}

#[test]
fn a_slow_start_is_starting_and_no_hang() {
    // The test ends long before.
    Machine::serving(&["--start-delay", "5m"]).becomes("starting");
}

#[test]
fn a_slow_stop_is_stopping() {
    let machine = Machine::serving(&["--slow-stop", "5m"]);
    machine.becomes("ready");
    machine.manager.systemctl(&["stop", "--no-block", UNIT]);
    machine.becomes("stopping");
}

#[test]
fn a_gateway_that_crashes_at_once_comes_to_a_loop_and_then_to_giving_up() {
    let machine = Machine::serving(&["--exit-after", "300ms", "--exit-code", "1"]);
    machine.becomes("crash-loop");
    let seen = machine.becomes("gave-up");
    assert_eq!(seen["observation"]["supervised"]["value"]["status"], "gave-up");
}

#[test]
fn exit_78_is_a_refused_configuration_and_not_restarted() {
    let machine = Machine::serving(&["--exit-after", "100ms", "--exit-code", "78"]);
    let seen = machine.becomes("config-error");
    assert_eq!(machine.manager.property(UNIT, "NRestarts"), "0", "{seen}");
}

#[test]
fn a_frozen_gateway_is_starting_at_first_and_hung_when_no_start_takes_so_long() {
    let machine = Machine::serving(&[]);
    machine.becomes("ready");
    processes::signal("STOP", &[machine.main_pid()]);
    let (young, old) = (machine.status(), machine.status_after("+5m"));
    processes::signal("CONT", &[machine.main_pid()]);
    assert_eq!(young["observation"]["answers"]["value"]["status"], "silent", "{young}");
    assert_eq!((&young["verdict"], &old["verdict"]), (&"starting".into(), &"hung".into()), "{old}");
}

#[test]
fn a_gateway_that_takes_connections_and_never_answers_is_hung() {
    let machine = Machine::serving(&["--hang-after", "0s"]);
    let silent = |seen: &Value| seen["observation"]["answers"]["value"]["status"] == "silent";
    wait_until(PATIENCE, "it listens", || silent(&machine.status()));
    let seen = machine.status_after("+5m");
    assert!(seen["verdict"] == "hung" && silent(&seen), "{seen}");
}

#[test]
fn a_service_that_answers_with_pages_is_degraded_and_not_ready() {
    let machine = Machine::start();
    let unit = format!(
        "[Service]\nExecStart=/usr/bin/python3 -m http.server --bind 127.0.0.1 {}\nRestart=always\n",
        machine.port
    );
    machine.manager.write_unit(UNIT, &unit);
    machine.manager.systemctl(&["start", UNIT]);
    let seen = machine.becomes("degraded");
    let answers = &seen["observation"]["answers"]["value"];
    assert_eq!(answers["status"], "not-gateway", "{seen}");
    assert!(answers["saw"].as_str().unwrap().contains("text/html"), "{answers}");
}

/// As the generation of 2026.2 does, whose WebSocket greeting tells it from a stranger.
#[test]
fn a_gateway_that_answers_every_path_with_a_page_is_ready_by_its_greeting() {
    Machine::serving(&["--generation", "old"]).becomes("ready");
}

#[test]
fn a_page_instead_of_json_is_no_ready_gateway() {
    let mut machine = Machine::start();
    machine.unit(UNIT, &[]);
    machine.stranger();
    let seen = machine.becomes("foreign-owner");
    assert_eq!(seen["observation"]["answers"]["value"]["status"], "not-gateway", "{seen}");
    assert_eq!(seen["observation"]["port"]["value"]["owner"]["belongs"], "stranger");
}

#[test]
fn a_stranger_on_the_port_of_a_running_service_is_named() {
    let mut machine = Machine::start();
    machine.stranger();
    machine.unit(UNIT, &["--never-listen"]);
    machine.manager.systemctl(&["start", UNIT]);
    let seen = machine.becomes("foreign-owner");
    assert_eq!(seen["observation"]["supervised"]["value"]["status"], "running", "{seen}");
    assert!(machine.text().contains("python3"), "{}", machine.text());
}

#[test]
fn a_gateway_on_the_port_of_a_stopped_service_is_an_orphan() {
    let mut machine = Machine::start();
    machine.unit(UNIT, &[]);
    machine.gateway_by_hand();
    machine.becomes("orphan");
}

#[test]
fn a_gateway_of_another_unit_makes_two_managers() {
    let machine = Machine::start();
    machine.unit("clawdbot-gateway.service", &[]);
    machine.unit(UNIT, &["--never-listen"]);
    machine.manager.systemctl(&["start", "clawdbot-gateway.service", UNIT]);
    let seen = machine.becomes("two-managers");
    let owner = &seen["observation"]["port"]["value"]["owner"];
    assert_eq!(
        (&owner["started_by"], &owner["belongs"]),
        (&"clawdbot-gateway.service".into(), &"gateway".into())
    );
}

#[test]
fn a_gateway_without_any_service_is_managed_elsewhere() {
    let mut machine = Machine::start();
    machine.gateway_by_hand();
    machine.becomes("external");
}

/// A process in the cgroup that the system's manager would give it, in the namespaces of the rig.
#[test]
fn a_gateway_of_the_systems_own_unit_makes_two_managers() {
    let mut machine = Machine::start();
    machine.unit(UNIT, &["--never-listen"]);
    machine.manager.systemctl(&["start", UNIT]);
    let own = format!("/sys/fs/cgroup/system.slice/{UNIT}");
    let gateway = format!("exec {GATEWARD} demo --port {}", machine.port);
    let mut command = machine.manager.inside("sh");
    command.args(["-c", &format!("mkdir -p {own} && echo $$ > {own}/cgroup.procs && {gateway}")]);
    machine.runs_beside(command);
    let mut status = machine.manager.inside(GATEWARD);
    status.env("GATEWARD_MANAGER", "systemd").env("OPENCLAW_GATEWAY_PORT", &machine.port);
    let output = status.args(["status", "--json"]).output().unwrap();
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let owner = &seen["observation"]["port"]["value"]["owner"];
    assert_eq!(owner["started_by"], format!("system service {UNIT}"), "{seen}");
    assert_eq!(seen["verdict"], "two-managers");
}

/// A43: beside a stopped service it is no orphan, since somebody looks after it.
#[test]
fn a_gateway_of_a_supervisor_that_announces_itself_makes_two_managers() {
    let mut machine = Machine::start();
    machine.unit(UNIT, &[]);
    let mut command = machine.command(&["demo", "--port", &machine.port.clone()]);
    command.env("OPENCLAW_SUPERVISOR_MODE", "external");
    machine.runs_beside(command);
    let seen = machine.becomes("two-managers");
    let owner = &seen["observation"]["port"]["value"]["owner"];
    assert_eq!(owner["started_by"], "OPENCLAW_SUPERVISOR_MODE=external", "{seen}");
}

/// Docker's proxy holds the port and passes everything on; the gateway itself is in there.
const PROXY: &str = "
import socket, sys, threading
def pass_on(a, b):
    try:
        while data := a.recv(65536): b.sendall(data)
        b.shutdown(socket.SHUT_WR)
    except OSError: pass
door = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True:
    here, there = door.accept()[0], socket.create_connection(('127.0.0.1', int(sys.argv[2])))
    for ends in ((here, there), (there, here)): threading.Thread(target=pass_on, args=ends, daemon=True).start()
";

#[test]
fn a_containers_gateway_is_managed_elsewhere_and_beside_a_service_the_second_one() {
    let mut machine = Machine::start();
    let inside = free_port().to_string();
    let mut gateway = machine.command(&["demo", "--port", &inside]);
    let gateway = gateway.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    machine.children.push(gateway);
    let program = machine.manager.folder().join("docker-proxy");
    std::os::unix::fs::symlink("/usr/bin/python3", &program).unwrap();
    let mut proxy = machine.manager.command(&program);
    proxy.args(["-c", PROXY, &machine.port, &inside]);
    machine.runs_beside(proxy);
    let seen = machine.becomes("external");
    let owner = &seen["observation"]["port"]["value"]["owner"];
    assert_eq!(owner["started_by"], "docker container", "{seen}");
    machine.unit(UNIT, &[]);
    machine.becomes("two-managers");
}

#[test]
fn a_gateway_behind_tls_is_known_by_its_certificate_and_no_other_is_believed() {
    let machine = Machine::start();
    let folder = machine.manager.folder();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.join(name).display().to_string());
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    machine.config(&format!("{{gateway: {{tls: {{enabled: true, certPath: '{certificate}'}}}}}}"));
    machine.unit(UNIT, &["--tls-cert", &certificate, "--tls-key", &key]);
    machine.manager.systemctl(&["start", UNIT]);
    let seen = machine.becomes("ready");
    let source = seen["observation"]["answers"]["source"].as_str().unwrap();
    assert!(source.starts_with("GET https://127.0.0.1:"), "{source}");

    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&certificate, other.cert.pem()).unwrap();
    let seen = machine.becomes("degraded");
    let answers = &seen["observation"]["answers"]["value"];
    assert_eq!(
        (&answers["status"], &answers["saw"]),
        (&"not-gateway".into(), &"TLS with another certificate".into())
    );
}

/// The rig has no logind, so a double of loginctl says what logind would.
#[test]
fn a_service_that_ends_with_the_login_is_remarked() {
    let machine = Machine::serving(&[]);
    machine.becomes("ready");
    let tools = machine.manager.folder().join("tools");
    std::fs::create_dir(&tools).unwrap();
    for (lingers, wanted) in [("no", true), ("yes", false)] {
        let tool = tools.join("loginctl");
        std::fs::write(&tool, format!("#!/bin/sh\necho Linger={lingers}\n")).unwrap();
        std::fs::set_permissions(&tool, Permissions::from_mode(0o755)).unwrap();
        let output = machine.command(&["status", "--json"]).env("GATEWARD_TOOLS", &tools).output().unwrap();
        let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(seen["remarks"].as_array().unwrap().contains(&"stops-at-logout".into()), wanted, "{seen}");
    }
}

#[test]
fn a_unit_deleted_under_a_running_gateway_is_no_longer_well() {
    let machine = Machine::serving(&[]);
    machine.becomes("ready");
    std::fs::remove_file(machine.manager.home().join(".config/systemd/user").join(UNIT)).unwrap();
    machine.becomes("degraded");
}

#[test]
fn a_unit_edited_under_us_is_remarked_as_drift() {
    let machine = Machine::serving(&[]);
    machine.becomes("ready");
    let path = machine.manager.home().join(".config/systemd/user").join(UNIT);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("RestartSec=200ms", "RestartSec=900ms")).unwrap();
    let seen = machine.status();
    assert_eq!(seen["verdict"], "ready");
    assert!(seen["remarks"].as_array().unwrap().contains(&"drift".into()), "{seen}");
}

#[test]
fn without_a_bus_nothing_is_called_stopped() {
    let machine = Machine::serving(&[]);
    machine.becomes("ready");
    let output = machine
        .command(&["status", "--json"])
        .env("XDG_RUNTIME_DIR", machine.manager.folder().join("nowhere"))
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .output()
        .unwrap();
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["verdict"], "unknown", "{seen}");
}

/// The unit as OpenClaw 2026.2.9 writes it, but for the program.
#[test]
fn a_definition_of_an_older_openclaw_is_remarked() {
    let machine = Machine::start();
    let text = format!(
        "[Unit]\nDescription=OpenClaw Gateway (v2026.2.9)\n[Service]\nExecStart=\"{GATEWARD}\" demo --port {}\n\
         Restart=always\nRestartSec=5\nKillMode=process\nEnvironment=OPENCLAW_SERVICE_MARKER=openclaw\n\
         Environment=OPENCLAW_SERVICE_KIND=gateway\nEnvironment=OPENCLAW_SERVICE_VERSION=2026.2.9\n",
        machine.port
    );
    machine.manager.write_unit(UNIT, &text);
    machine.manager.systemctl(&["start", UNIT]);
    let seen = machine.becomes("ready");
    assert!(seen["remarks"].as_array().unwrap().contains(&"old-definition".into()), "{seen}");
}

#[test]
fn a_gateway_open_to_the_network_is_remarked() {
    let machine = Machine::serving(&["--host", "0.0.0.0"]);
    let seen = machine.becomes("ready");
    assert!(seen["remarks"].as_array().unwrap().contains(&"open-to-network".into()), "{seen}");
}

#[test]
fn the_exit_code_of_a_check_tells_how_it_is() {
    let machine = Machine::start();
    let check = || machine.command(&["status", "--check"]).output().unwrap().status.code();
    assert_eq!((check(), machine.status()["verdict"].as_str()), (Some(3), Some("not-installed")));
    machine.unit(UNIT, &["--never-listen"]);
    machine.manager.systemctl(&["start", UNIT]);
    assert_eq!(check(), Some(5), "starting");
    machine.unit(UNIT, &[]);
    machine.manager.systemctl(&["restart", UNIT]);
    machine.becomes("ready");
    assert_eq!(check(), Some(0));
    std::fs::remove_file(machine.manager.home().join(".config/systemd/user").join(UNIT)).unwrap();
    machine.becomes("degraded");
    assert_eq!(check(), Some(6));
}

#[test]
fn waiting_ends_when_it_has_come_and_with_124_when_it_does_not() {
    let machine = Machine::start();
    machine.unit(UNIT, &["--start-delay", "1s"]);
    let wait = |state: &str, most: &str| {
        let mut command = machine.command(&["wait", "--for", state, "--timeout", most]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let code = |mut waiting: Child| waiting.wait().unwrap().code();
    assert_eq!(code(wait("running", "1s")), Some(124));
    let (ready, running) = (wait("ready", "5m"), wait("running", "5m"));
    machine.manager.systemctl(&["start", UNIT]);
    assert_eq!((code(running), code(ready)), (Some(0), Some(0)));
    assert_eq!(machine.status()["verdict"], "ready");
    let stopped = wait("stopped", "5m");
    machine.manager.systemctl(&["stop", UNIT]);
    assert_eq!(code(stopped), Some(0));
    assert_eq!(machine.status()["observation"]["supervised"]["value"]["status"], "stopped");
}
