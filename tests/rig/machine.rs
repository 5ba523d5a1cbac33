//! An account with a user manager, on which the command line installs the demo gateway.

use std::process::{Command, Output};

use serde_json::Value;

use super::{UserManager, free_port};

pub const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
pub const UNIT: &str = "openclaw-gateway.service";

/// A user manager, and a port for its gateway.
pub struct Machine {
    pub manager: UserManager,
    pub port: String,
}

impl Machine {
    pub fn start() -> Self {
        let port = free_port().to_string();
        Self { manager: UserManager::start(), port }
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = self.manager.command(GATEWARD);
        command.env("GATEWARD_MANAGER", "systemd").args(words);
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    pub fn json(&self, words: &[&str]) -> Value {
        json(&self.command(words).arg("--json").output().unwrap())
    }

    pub fn install_command(&self, options: &[&str]) -> Command {
        let mut command = self.command(&["install", "--json", "--port", &self.port]);
        command.args(options).args(["--", GATEWARD, "demo", "--port", &self.port]);
        command
    }

    pub fn install(&self, options: &[&str]) -> Output {
        self.install_command(options).output().unwrap()
    }

    /// What a command inside the gateway printed.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.manager.home().join("said")).unwrap_or_default()
    }

    pub fn unit_text(&self) -> String {
        std::fs::read_to_string(self.manager.home().join(".config/systemd/user").join(UNIT)).unwrap()
    }
}

#[track_caller]
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}
