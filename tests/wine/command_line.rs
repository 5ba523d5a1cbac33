//! The whole command line as a Windows program: install, crash, restart, stop, start, uninstall, with a gateway that really runs.

use serde_json::Value as Json;

use crate::driven::Home as _;
use crate::driven::task::{self, Desk as _};
use crate::pc::Pc;
use crate::rig::wait_until;
use crate::wine::{dos, program, run};

#[test]
fn a_gateway_lives_through_install_crash_restart_stop_start_and_uninstall() {
    task::a_gateway_lives_through_install_crash_restart_stop_start_and_uninstall(&Pc::new());
}

#[test]
fn a_restart_from_inside_says_scheduled_and_happens_after() {
    task::a_restart_from_inside_says_scheduled_and_happens_after(&Pc::new());
}

#[test]
fn where_creation_is_denied_the_startup_folder_serves_and_the_screen_says_so() {
    task::where_creation_is_denied_the_startup_folder_serves_and_the_screen_says_so(&Pc::new());
}

/// The wish reaches the host through its pipe, and the token that allows it lies in a file that the host finds to be its owner's alone.
#[test]
fn a_graceful_restart_is_heard_by_the_host_and_starts_another_gateway() {
    let pc = Pc::new();
    pc.install();
    let first = pc.ready_after(0);
    let host = pc.record()["host"]["pid"].clone();
    pc.ok(&["restart", "--graceful"]);
    pc.ready_after(first);
    assert_eq!(pc.record()["host"]["pid"], host);
}

/// The pipe is open to every program of this account; the token is not there, and the config allows nothing.
#[test]
fn a_word_at_the_hosts_pipe_restarts_nothing_by_itself_and_is_told_as_an_incident() {
    let pc = Pc::new();
    pc.install();
    let gateway = pc.ready_after(0);
    let script = pc.path("ask.cmd");
    std::fs::write(&script, "@set /p \"=restart\" <nul >\\\\.\\pipe\\gateward-host-%1\r\n").unwrap();
    run("cmd.exe", &["/d", "/c", &dos(&script), &pc.record()["host"]["pid"].to_string()], &[]);
    wait_until(Pc::DEADLINE, "it is noted", || pc.record()["notes"].to_string().contains("signal-ignored"));
    assert_eq!(pc.record()["gateway"]["pid"], gateway);
    assert!(pc.ok(&["history", "--json"]).contains("signal-ignored"));
}

/// wine gives a file the mode that its security descriptor amounts to; what it gives the owner, it gives the owner's group too.
#[test]
fn the_secrets_are_in_a_file_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let pc = Pc::new();
    pc.install();
    let path = pc.in_home("AppData/Local/Gateward/run/default.secrets");
    assert!(std::fs::read_to_string(&path).unwrap().contains("hunter2 ü"));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o007, 0);
    let script = pc.in_home(".openclaw/gateway.cmd");
    assert!(std::fs::read(script).unwrap().is_ascii());
}

#[test]
fn a_home_may_have_any_letters_and_more_than_260_of_them() {
    let pc = Pc::of(&format!("Türkçe 😀 %OS% ^&{}", "/İstanbul'da bir klasör".repeat(12)));
    assert!(pc.in_home("").display().to_string().chars().count() > 260);
    pc.install();
    let first = pc.ready_after(0);
    pc.ok(&["restart"]);
    pc.ready_after(first);
    pc.ok(&["uninstall", "--yes"]);
    assert!(!pc.answers());
}

#[test]
fn a_host_that_is_killed_takes_its_gateway_along() {
    let pc = Pc::new();
    pc.install();
    pc.ready_after(0);
    let record = pc.record();
    run("taskkill", &["/F", "/PID", &record["host"]["pid"].to_string()], &[]);
    wait_until(Pc::DEADLINE, "the gateway goes with its host", || !pc.answers());
}

#[test]
fn the_gateways_output_and_its_end_are_kept() {
    let pc = Pc::new();
    pc.install();
    pc.ready_after(0);
    pc.ok(&["stop"]);
    let log = std::fs::read_to_string(pc.in_home(".openclaw/logs/gateward-gateway.log")).unwrap();
    assert!(!log.is_empty());
    let record = pc.record();
    assert_eq!(
        (&record["phase"], &record["last_exit"]["exit"]["code"]),
        (&Json::from("stopped"), &Json::from(0)),
        "{record:#}"
    );
}

/// A24: a program of the console's subsystem gets a window from Windows when Task Scheduler starts it.
#[test]
fn the_host_is_a_program_without_a_console_and_the_command_line_one_with() {
    const WINDOWED: u16 = 2;
    const CONSOLE: u16 = 3;
    let subsystem = |name: &str| {
        let bytes = std::fs::read(program(name)).unwrap();
        let word = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let header = usize::from(word(0x3c)) + 24;
        word(header + 68)
    };
    assert_eq!((subsystem("gateward-host.exe"), subsystem("gateward.exe")), (WINDOWED, CONSOLE));
}
