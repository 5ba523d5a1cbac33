//! A user's PC under wine.

// Each file of tests uses another part.
#![allow(dead_code)]

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::driven::task::Desk;
use crate::driven::{Home, free_port, install_words};
use crate::wine::{Told, dos, program, run};

/// Our programs, the double of schtasks, and a home.
pub struct Pc {
    folder: TempDir,
    /// The home's name; it may lie in a folder named after its user.
    user: String,
    /// The X display that its windows are on.
    display: Option<String>,
    port: u16,
}

impl Pc {
    /// The name of the home is one that breaks scripts.
    pub fn new() -> Self {
        Self::of("苗振 & Söhne")
    }

    pub fn of(user: &str) -> Self {
        let folder = TempDir::new().unwrap();
        for below in ["tools", user, "bin"] {
            std::fs::create_dir_all(folder.path().join(below)).unwrap();
        }
        std::fs::copy(program("schtasks-double.exe"), folder.path().join("tools/schtasks.exe")).unwrap();
        for name in ["gateward.exe", "gateward-host.exe"] {
            std::fs::copy(program(name), folder.path().join("bin").join(name)).unwrap();
        }
        Self { folder, user: user.to_owned(), display: None, port: free_port() }
    }

    pub fn on(mut self, display: &str) -> Self {
        self.display = Some(display.to_owned());
        self
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn gateward(&self) -> String {
        dos(&self.path("bin/gateward.exe"))
    }

    pub fn run_with(&self, args: &[&str], more: &[(&str, &str)]) -> Told {
        let home = dos(&self.in_home(""));
        let home = home.trim_end_matches('\\');
        let tools = dos(&self.path("tools"));
        let (roaming, local) = (format!("{home}\\AppData\\Roaming"), format!("{home}\\AppData\\Local"));
        let own = [
            ("USERPROFILE", home),
            ("APPDATA", &roaming),
            ("LOCALAPPDATA", &local),
            ("GATEWARD_TOOLS", &tools),
            ("USERNAME", self.user.split('/').next().unwrap_or_default()),
        ];
        let variables = own.iter().chain(more).map(|(name, value)| format!("{name}={value}"));
        let before: Vec<String> = variables.chain(["--".to_owned(), self.gateward()]).collect();
        let words: Vec<&str> = before.iter().map(String::as_str).chain(args.iter().copied()).collect();
        let display = self.display.as_deref().map(|display| ("DISPLAY", display));
        run(&dos(&program("within.exe")), &words, display.as_slice())
    }

    pub fn run(&self, args: &[&str]) -> Told {
        self.run_with(args, &[])
    }

    /// What the host wrote of itself and its gateway.
    pub fn record(&self) -> Json {
        let path = self.in_home("AppData/Local/Gateward/run/default.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }
}

impl Desk for Pc {
    #[track_caller]
    fn install(&self) -> String {
        let port = self.port.to_string();
        self.ok(&install_words(&self.gateward(), &port, "X_TOKEN=hunter2 ü"))
    }

    #[track_caller]
    fn ok(&self, args: &[&str]) -> String {
        let told = self.run(args);
        assert_eq!(told.code, Some(0), "{args:?}: {}{}", told.text(), told.stderr);
        told.text()
    }

    fn printed(&self, args: &[&str], variables: &[(&str, &str)]) -> Vec<u8> {
        self.run_with(args, variables).stdout
    }

    fn kill(&self, pid: u64) {
        let killed = run("taskkill", &["/F", "/PID", &pid.to_string()], &[]);
        assert_eq!(killed.code, Some(0), "{killed:?}");
    }

    fn answers(&self) -> bool {
        std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    fn simulator(&self) -> PathBuf {
        self.path("tools/schtasks")
    }

    fn in_home(&self, below: &str) -> PathBuf {
        self.path(&self.user).join(below)
    }
}

impl Home for Pc {
    /// Everything under wine takes its time.
    const DEADLINE: Duration = Duration::from_secs(300);

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
