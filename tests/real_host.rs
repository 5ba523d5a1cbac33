//! `gateward run` as a service of a real `systemd --user`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod rig;

use rig::wait::{PATIENCE, wait_until};
use rig::{UserManager, free_port};

const UNIT: &str = "openclaw-gateway.service";
const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");

#[test]
fn a_stop_is_over_before_systemd_loses_its_patience() {
    let manager = UserManager::start();
    let stubborn =
        format!("{GATEWARD} run -- /bin/sh -c \"trap '' TERM; : > up; while :; do sleep 0.05; done\"");
    start(&manager, &stubborn, "TimeoutStopSec=10s");
    wait_until(PATIENCE, "the gateway is up", || manager.home().join("up").exists());
    manager.try_systemctl(&["stop", UNIT]);
    // systemd's own kill would be Result=timeout.
    assert_eq!(manager.property(UNIT, "Result"), "exit-code");
    assert_eq!(manager.property(UNIT, "ExecMainStatus"), "124");
}

#[test]
fn a_graceful_restart_keeps_the_service_and_replaces_the_gateway() {
    let manager = UserManager::start();
    let port = free_port();
    let demo = format!("{GATEWARD} run -- {GATEWARD} demo --allow-unconfigured --port {port}");
    start(&manager, &demo, "Environment=OPENCLAW_SERVICE_MARKER=openclaw");
    wait_until(PATIENCE, "the gateway answers", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    let service = manager.property(UNIT, "MainPID");
    let output = manager.command(GATEWARD).args(["restart", "--graceful", "--json"]).output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["result"], "restarted", "{told}");
    assert_eq!(manager.property(UNIT, "MainPID"), service);
}

/// Starts the host as a service whose home is the manager's.
fn start(manager: &UserManager, command: &str, more: &str) {
    let home = manager.home().display().to_string();
    let unit = format!(
        "[Service]\nExecStart={command}\nWorkingDirectory={home}\nEnvironment=HOME={home}\nKillMode=mixed\n{more}\n"
    );
    manager.write_unit(UNIT, &unit);
    assert!(manager.try_systemctl(&["start", UNIT]).status.success());
    wait_until(PATIENCE, "it is active", || manager.property(UNIT, "ActiveState") == "active");
}
