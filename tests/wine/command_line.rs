//! The whole command line as a Windows program: install, crash, restart, stop, start, uninstall, with a gateway that really runs.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::driven::{Home, free_port, install_words};
use crate::rig::{Told, dos, program, run};

/// A user's PC; the name of the home is one that breaks scripts.
struct Pc {
    folder: TempDir,
    port: u16,
}

impl Pc {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for below in ["tools", "苗振 & Söhne", "bin"] {
            std::fs::create_dir(folder.path().join(below)).unwrap();
        }
        std::fs::copy(program("examples/schtasks-double.exe"), folder.path().join("tools/schtasks.exe"))
            .unwrap();
        for name in ["gateward.exe", "gateward-host.exe"] {
            std::fs::copy(program(name), folder.path().join("bin").join(name)).unwrap();
        }
        let port = free_port();
        Self { folder, port }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn gateward(&self) -> String {
        dos(&self.path("bin/gateward.exe"))
    }

    fn run_with(&self, args: &[&str], more: &[(&str, &str)]) -> Told {
        let home = dos(&self.path("苗振 & Söhne"));
        let tools = dos(&self.path("tools"));
        let (roaming, local) = (format!("{home}\\AppData\\Roaming"), format!("{home}\\AppData\\Local"));
        let own = [
            ("USERPROFILE", home.as_str()),
            ("APPDATA", &roaming),
            ("LOCALAPPDATA", &local),
            ("GATEWARD_TOOLS", &tools),
            ("USERNAME", "苗振"),
        ];
        run(&self.gateward(), args, &[&own[..], more].concat())
    }

    fn run(&self, args: &[&str]) -> Told {
        self.run_with(args, &[])
    }

    #[track_caller]
    fn ok(&self, args: &[&str]) -> String {
        let told = self.run(args);
        assert_eq!(told.code, Some(0), "{args:?}: {}{}", told.text(), told.stderr);
        told.text()
    }

    #[track_caller]
    fn install(&self) {
        let port = self.port.to_string();
        let demo = self.gateward();
        self.ok(&install_words(&demo, &port, "X_TOKEN=hunter2 ü"));
    }

    fn answers(&self) -> bool {
        std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }
}

impl Home for Pc {
    /// Everything under wine takes its time.
    const DEADLINE: Duration = Duration::from_secs(180);

    fn status(&self) -> Json {
        let told = self.run(&["status", "--json"]);
        serde_json::from_slice(&told.stdout).unwrap_or_else(|error| panic!("{error}: {told:?}"))
    }
}

impl Drop for Pc {
    fn drop(&mut self) {
        if self.answers() {
            self.run(&["run", "--stop"]);
        }
    }
}

#[test]
fn a_gateway_lives_through_install_crash_restart_stop_start_and_uninstall() {
    let pc = Pc::new();
    pc.install();
    let first = pc.ready_after(0);

    let killed = run("taskkill", &["/F", "/PID", &first.to_string()], &[]);
    assert_eq!(killed.code, Some(0), "{killed:?}");
    let second = pc.ready_after(first);

    pc.ok(&["restart"]);
    let third = pc.ready_after(second);

    pc.ok(&["stop"]);
    assert!(!pc.answers());

    pc.ok(&["start"]);
    pc.ready_after(third);

    pc.ok(&["uninstall", "--yes"]);
    assert!(!pc.answers());
    assert_eq!(pc.status()["verdict"], "not-installed");
}

#[test]
fn a_host_that_is_killed_takes_its_gateway_along() {
    let pc = Pc::new();
    pc.install();
    pc.ready_after(0);
    let record = pc.path("苗振 & Söhne/AppData/Local/Gateward/run/default.json");
    let record: Json = serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    run("taskkill", &["/F", "/PID", &record["host"]["pid"].to_string()], &[]);
    let begun = Instant::now();
    while pc.answers() {
        assert!(begun.elapsed() < Pc::DEADLINE, "the gateway outlives its host");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_restart_from_inside_says_scheduled_and_happens_after() {
    let pc = Pc::new();
    pc.install();
    let before = pc.ready_after(0);
    let marks = [("OPENCLAW_SERVICE_MARKER", "openclaw"), ("OPENCLAW_SERVICE_KIND", "gateway")];
    let told = pc.run_with(&["restart", "--json"], &marks);
    let result: Json = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(result["result"], "scheduled", "{told:?}");
    pc.ready_after(before);
}

#[test]
fn the_gateways_output_and_its_end_are_kept() {
    let pc = Pc::new();
    pc.install();
    pc.ready_after(0);
    pc.ok(&["stop"]);
    let log = std::fs::read_to_string(pc.path("苗振 & Söhne/.openclaw/logs/gateward-gateway.log")).unwrap();
    assert!(!log.is_empty());
    let record = pc.path("苗振 & Söhne/AppData/Local/Gateward/run/default.json");
    let record: Json = serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    assert_eq!(
        (&record["phase"], &record["last_exit"]["exit"]["code"]),
        (&Json::from("stopped"), &Json::from(0)),
        "{record:#}"
    );
}

#[test]
fn a_refusal_in_german_falls_back_to_the_startup_folder() {
    let pc = Pc::new();
    std::fs::create_dir(pc.path("tools/schtasks")).unwrap();
    std::fs::write(
        pc.path("tools/schtasks/state.json"),
        r#"{"quirks":{"denied":["/Create"],"language":"de"}}"#,
    )
    .unwrap();
    pc.install();
    pc.ready_after(0);
    let item =
        "苗振 & Söhne/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/OpenClaw Gateway.cmd";
    let script = std::fs::read_to_string(pc.path(item)).unwrap();
    assert!(script.is_ascii(), "{script}");
    assert!(pc.ok(&["status"]).contains("Startup folder"));
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
