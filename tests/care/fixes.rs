//! `gateward doctor --fix RULE`, one rule for each kind of remedy: found, shown, mended, found no longer, and taken back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::rig::machine::{GATEWARD, Machine, UNIT, json};
use crate::rig::user_manager::wait_for_state;
use crate::rig::wait::PATIENCE;
use crate::rig::{script, wait_until};

/// *reinstall*
#[test]
fn a_unit_that_kills_half_of_the_gateway_is_written_anew_and_can_be_had_back() {
    let clinic = Clinic::new();
    clinic.write_openclaws_unit("KillMode=process\nRestartSec=5\nEnvironment=EXTRA_API_KEY=sk-planted\n");
    let (before, pid) = (clinic.machine.unit_text(), clinic.start());
    clinic.shows_and_asks("unit-kill-mode-process", "-KillMode=process");
    assert_eq!(clinic.machine.unit_text(), before, "unasked");
    clinic.mends("unit-kill-mode-process");
    let after = clinic.machine.unit_text();
    assert!(after.contains("KillMode=mixed") && !after.contains("sk-planted"), "{after}");
    let environment = fs::read(format!("/proc/{}/environ", clinic.pid())).unwrap();
    assert!(String::from_utf8_lossy(&environment).contains("EXTRA_API_KEY=sk-planted"));
    assert_ne!(clinic.pid(), pid);
    clinic.does(&["undo"]);
    assert!(clinic.machine.unit_text().contains("KillMode=process"));
    wait_for_state(&clinic.machine.manager, UNIT, "active");
}

/// *restart*
#[test]
fn what_runs_by_an_older_definition_is_started_by_the_newer_one() {
    let clinic = Clinic::new();
    clinic.install();
    let pid = clinic.pid();
    fs::write(clinic.unit(), clinic.machine.unit_text().replace("[Service]\n", "[Service]\nNice=1\n"))
        .unwrap();
    clinic.shows_and_asks("definition-drift", "restart");
    assert_eq!(clinic.pid(), pid, "unasked");
    clinic.mends("definition-drift");
    assert_ne!(clinic.pid(), pid);
    assert_eq!(clinic.machine.manager.property(UNIT, "Nice"), "1");
}

/// *start*
#[test]
fn a_gateway_that_was_given_up_is_started_once_its_cause_is_gone() {
    let clinic = Clinic::new();
    let crashes = clinic.at("crashes");
    script(
        &clinic.at("program"),
        &format!("#!/bin/sh\n[ -e {} ] && exit 1\nexec {GATEWARD} \"$@\"\n", crashes.display()),
    );
    fs::write(&crashes, "").unwrap();
    clinic.write_openclaws_unit("RestartSec=100ms\nStartLimitBurst=3\n");
    let text = clinic.machine.unit_text();
    let text = text.replace(GATEWARD, &clinic.at("program").display().to_string());
    clinic.machine.manager.write_unit(UNIT, &text);
    clinic.machine.manager.try_systemctl(&["enable", "--now", UNIT]);
    wait_for_state(&clinic.machine.manager, UNIT, "failed");
    fs::remove_file(&crashes).unwrap();
    clinic.shows_and_asks("gave-up", "start");
    assert_eq!(clinic.machine.manager.property(UNIT, "ActiveState"), "failed", "unasked");
    clinic.mends("gave-up");
    wait_for_state(&clinic.machine.manager, UNIT, "active");
}

/// *start*
#[test]
fn a_service_that_does_not_start_by_itself_is_switched_on() {
    let clinic = Clinic::new();
    clinic.install();
    assert!(clinic.machine.manager.try_systemctl(&["disable", "--now", UNIT]).status.success());
    clinic.mends("autostart-off");
    assert_eq!(clinic.machine.manager.property(UNIT, "UnitFileState"), "enabled");
    wait_for_state(&clinic.machine.manager, UNIT, "active");
}

/// *remove*
#[test]
fn a_forgotten_copy_with_a_secret_in_it_goes() {
    let clinic = Clinic::new();
    clinic.install();
    let (pid, copy) = (clinic.pid(), clinic.unit().with_extension("service.bak"));
    fs::write(&copy, "[Service]\nEnvironment=OPENCLAW_GATEWAY_TOKEN=f-token-in-clear\n").unwrap();
    clinic.shows_and_asks("backup-with-secrets", "openclaw-gateway.service.bak");
    assert!(copy.exists(), "unasked");
    clinic.mends("backup-with-secrets");
    assert!(!copy.exists());
    assert_eq!(clinic.pid(), pid, "the gateway does not feel it");
}

/// *close*, as one of those that are safe
#[test]
fn an_environment_file_that_others_can_read_is_closed_by_all_safe() {
    let clinic = Clinic::new();
    clinic.install();
    let (pid, file) = (clinic.pid(), clinic.at(".openclaw/gateway.systemd.env"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(clinic.finds("environment-file-open"));
    clinic.does(&["doctor", "--all-safe", "--yes"]);
    let mode = || fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(), clinic.finds("environment-file-open"), clinic.pid()), (0o600, false, pid));
}

/// *linger*
#[test]
fn a_service_that_would_end_at_logout_outlives_it_and_back() {
    let clinic = Clinic::new();
    clinic.install();
    clinic.shows_and_asks("stops-at-logout", "enable-linger");
    assert!(!clinic.at("lingers").exists(), "unasked");
    clinic.mends("stops-at-logout");
    assert!(clinic.at("lingers").exists());
    clinic.does(&["undo"]);
    assert!(!clinic.at("lingers").exists());
}

/// A machine, and a loginctl that keeps what it is told: the real one asks the system's own manager.
struct Clinic {
    machine: Machine,
}

impl Clinic {
    fn new() -> Self {
        let clinic = Self { machine: Machine::start() };
        fs::create_dir_all(clinic.at("tools")).unwrap();
        let text = "#!/bin/sh\ncase \"$1\" in\nenable-linger) touch \"$HOME/lingers\" ;;\ndisable-linger) rm -f \"$HOME/lingers\" ;;\n\
                    show-user) if [ -e \"$HOME/lingers\" ]; then echo Linger=yes; else echo Linger=no; fi ;;\nesac\n";
        script(&clinic.at("tools/loginctl"), text);
        clinic
    }

    fn at(&self, name: &str) -> PathBuf {
        self.machine.manager.home().join(name)
    }

    fn unit(&self) -> PathBuf {
        self.at(".config/systemd/user").join(UNIT)
    }

    fn install(&self) {
        let output = self.machine.install(&["--env", "MY_TOKEN=hunter2"]);
        assert!(output.status.success(), "{output:?}");
    }

    /// A unit of an older OpenClaw's, but for the program.
    fn write_openclaws_unit(&self, settings: &str) {
        let text = format!(
            "[Unit]\nDescription=OpenClaw Gateway (v2026.2.9)\nAfter=network-online.target\n\
             [Service]\nExecStart={GATEWARD} demo --port {}\nRestart=always\n{settings}\
             Environment=OPENCLAW_SERVICE_MARKER=openclaw\nEnvironment=OPENCLAW_SERVICE_KIND=gateway\n\
             Environment=OPENCLAW_SERVICE_VERSION=2026.2.9\n[Install]\nWantedBy=default.target\n",
            self.machine.port
        );
        self.machine.manager.write_unit(UNIT, &text);
    }

    /// Gives the process id.
    fn start(&self) -> String {
        assert!(self.machine.manager.try_systemctl(&["enable", "--now", UNIT]).status.success());
        wait_until(PATIENCE, "it runs", || self.pid() != "0");
        self.pid()
    }

    fn pid(&self) -> String {
        self.machine.manager.property(UNIT, "MainPID")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.machine.command(words);
        command.env("GATEWARD_TOOLS", self.at("tools"));
        command
    }

    fn does(&self, words: &[&str]) -> Value {
        let told = json(&self.command(&[words, &["--json"]].concat()).output().unwrap());
        let is_done = |value: &Value| value["ok"] == true;
        assert!(
            is_done(&told) || told.as_array().is_some_and(|all| all.iter().all(is_done)),
            "{words:?}: {told}"
        );
        told
    }

    fn finds(&self, rule: &str) -> bool {
        let told = json(&self.command(&["doctor", "--json"]).output().unwrap());
        told["findings"].as_array().unwrap().iter().any(|it| it["rule"] == rule)
    }

    /// Without a yes the plan is shown, with what it is about, and nothing is done.
    fn shows_and_asks(&self, rule: &str, about: &str) {
        assert!(self.finds(rule), "{rule} is not found");
        let output = self.command(&["doctor", "--fix", rule]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains(about), "{rule}: {told}");
    }

    fn mends(&self, rule: &str) {
        assert!(self.finds(rule), "{rule} is not found");
        let told = self.does(&["doctor", "--fix", rule, "--yes"]);
        assert_eq!(told["result"], "mended", "{told}");
        assert!(!self.finds(rule), "{rule} is still found");
    }
}
