//! A home of its own, with the built-in manager over the real machine.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::port::free_port;
use gateward::adapter::Intent;
use gateward::execute::act;
use gateward::model::{Autostart, Manager, Observation, Registered, RestartPolicy, ServiceSpec, Verdict};
use gateward::observe::observe;
use gateward::problem::Problem;
use gateward::system::os::{Os, surroundings};
use gateward::verdict::judge;
use gateward::world::{Gateway, World};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

/// A home, and a gateway in it under the built-in manager.
pub struct Rig {
    home: Arc<tempfile::TempDir>,
    world: World,
    pub gateway: Gateway,
    port: u16,
}

impl Rig {
    pub fn new(variable: Option<(&str, &str)>) -> Self {
        Self::in_home(Arc::new(tempfile::tempdir().unwrap()), None, variable)
    }

    pub fn sibling(&self, profile: &str) -> Self {
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

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn spec(&self, more: &[&str]) -> ServiceSpec {
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

    pub async fn act(&self, intent: &Intent<'_>) -> Result<Observation, Problem> {
        act(self.gateway.stage(&self.world), intent, &|_| {}).await
    }

    pub async fn observe(&self) -> Observation {
        observe(&*self.world.system, &*self.gateway.adapter, &self.gateway.id).await
    }

    pub async fn until(&self, verdict: Verdict) -> Observation {
        self.until_seen(|seen| judge(seen) == verdict).await
    }

    pub async fn until_other_pid(&self, old: u32) {
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
    pub fn with_cron(&self, lines: &str) -> PathBuf {
        let table = self.path("tools/table");
        std::fs::write(&table, lines).unwrap();
        table
    }

    pub fn cli(&self, args: &[&str]) -> serde_json::Value {
        let output = std::process::Command::new(&self.world.around.exe).args(args).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    pub fn host(&self) -> u32 {
        let text = std::fs::read(self.path(".local/state/gateward/run/default.json")).unwrap();
        let record: serde_json::Value = serde_json::from_slice(&text).unwrap();
        u32::try_from(record["host"]["pid"].as_u64().unwrap()).unwrap()
    }

    /// What is left in Gateward's own folders.
    pub fn left(&self) -> Vec<String> {
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

    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
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
        "#!/bin/sh\nexec env -i HOME='{0}' GATEWARD_MANAGER=builtin GATEWARD_TOOLS='{0}/tools' PATH=/usr/bin:/bin '{program}' \"$@\"\n",
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

pub fn autostart(seen: &Observation) -> Autostart {
    let Registered::Present(registration) = &seen.registered.value else { panic!("not installed") };
    registration.autostart
}

pub fn pid(seen: &Observation) -> u32 {
    seen.supervised.value.pid().unwrap()
}

pub fn kill(pid: u32) {
    kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL).unwrap();
}

pub fn is_gone(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    test_kill_process(Pid::from_raw(pid.cast_signed()).unwrap()).is_err() || stat.contains(") Z ")
}
