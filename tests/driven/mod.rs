//! The command line driven from outside, with a double in the place of the manager's own tool and a demo gateway that really runs.

// Not every test has a double that is built here, or a process to kill.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

pub use crate::port::free_port;
use serde_json::Value as Json;

pub mod task;

/// A home with a service in it.
pub trait Home {
    /// Far beyond what anything takes: the machine may be busy.
    const DEADLINE: Duration;

    /// What `gateward status --json` says.
    fn status(&self) -> Json;

    /// Waits until the service is ready in another process than `before`.
    #[track_caller]
    fn ready_after(&self, before: u64) -> u64 {
        let begun = Instant::now();
        loop {
            let status = self.status();
            let pid =
                status["observation"]["supervised"]["value"]["pid"].as_u64().filter(|pid| *pid != before);
            if let Some(pid) = pid.filter(|_| status["verdict"] == "ready") {
                return pid;
            }
            assert!(begun.elapsed() < Self::DEADLINE, "{status:#}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The words that install the demo gateway of `program`; `variable` goes to its environment file.
pub fn install_words<'a>(program: &'a str, port: &'a str, variable: &'a str) -> [&'a str; 10] {
    ["install", "--port", port, "--env", variable, "--", program, "demo", "--port", port]
}

/// Puts the double `name` at `place`, under the name that the manager's tool has. It is built here: a plain `cargo test --test …`
/// does not build it.
pub fn place_double(name: &str, place: &Path) {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "gateward-doubles", "--bin", name])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(status.success());
    let this = std::env::current_exe().unwrap();
    let double: PathBuf = this.parent().unwrap().parent().unwrap().join(name);
    // Not a copy: while it is written, another test's fork holds it open too, and nobody can run it (ETXTBSY). Not a symlink
    // either: the double keeps its state beside itself.
    std::fs::hard_link(&double, place).or_else(|_| std::fs::copy(&double, place).map(|_| ())).unwrap();
}

pub fn kill(pid: u32) {
    let process = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
}
