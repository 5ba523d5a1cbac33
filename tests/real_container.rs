//! `gateward run` as process 1 of a container: in PID namespaces of their own, made by unshare(1).

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

#[test]
fn the_containers_exit_code_is_the_hosts() {
    let rig = Rig::new();
    assert_eq!(rig.container(&[], "exit 78").code(), 78);
    assert_eq!(rig.container(&["--give-up-after=1"], "exit 5").code(), 3);
}

#[test]
fn it_is_process_1_and_its_gateway_is_not() {
    let rig = Rig::new();
    let mut container = rig.container(&[], "echo pid $$ parent $PPID; exec sleep 600");
    rig.until_said("parent 1\n");
    assert!(!rig.log().contains("pid 1 "));
    container.signal(Signal::TERM);
    assert_eq!(container.code(), 0);
}

#[test]
fn orphans_are_reaped() {
    let rig = Rig::new();
    let orphans = "for i in 1 2 3 4 5 6 7 8; do (sh -c 'sleep 0.1' &); done";
    let container =
        rig.container(&[], &format!("{orphans}; sleep 0.5; {orphans}; echo left; exec sleep 600"));
    rig.until_said("left");
    until("no orphan is left", || container.children() == 1);
    assert_eq!(container.zombies(), 0);
}

#[test]
fn the_gateway_itself_is_restarted_and_not_taken_for_an_orphan() {
    let rig = Rig::new();
    let _container = rig.container(&["--restart-delay=1ms", "--give-up-after=9"], "echo life; exit 7");
    until("several lives", || rig.log().matches("life").count() > 3);
    let record =
        std::fs::read_to_string(rig.home.path().join(".local/state/gateward/run/default.json")).unwrap();
    assert!(record.contains("\"code\": 7"), "{record}");
}

#[test]
fn a_stop_is_over_before_the_runtime_kills_the_container() {
    let rig = Rig::new();
    let script = "trap '' TERM; echo up; while :; do sleep 0.05; done";
    let mut container = rig.container(&["--kill-limit=2s"], script);
    rig.until_said("up");
    let asked = Instant::now();
    container.signal(Signal::TERM);
    assert_eq!(container.code(), 124);
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
}

#[test]
fn signals_without_a_meaning_do_not_end_it() {
    let rig = Rig::new();
    let mut container = rig.container(&[], "exec sleep 600");
    until("the gateway runs", || container.children() == 1);
    [Signal::USR1, Signal::USR2, Signal::WINCH, Signal::PIPE].iter().for_each(|it| container.signal(*it));
    container.signal(Signal::TERM);
    assert_eq!(container.code(), 0);
}

#[test]
fn a_restarted_container_with_the_same_state_starts_a_gateway_of_its_own() {
    let rig = Rig::new();
    let mut first = rig.container(&[], "echo first; exec sleep 600");
    rig.until_said("first");
    first.signal(Signal::KILL);
    first.code();
    let mut second = rig.container(&[], "echo second; exec sleep 600");
    rig.until_said("second");
    second.signal(Signal::TERM);
    assert_eq!(second.code(), 0);
}

/// A home on a volume.
struct Rig {
    home: tempfile::TempDir,
}

/// unshare(1) and, in a namespace of its own, the host.
struct Container(Child);

impl Rig {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn container(&self, options: &[&str], script: &str) -> Container {
        let mut command = Command::new("unshare");
        if !rustix::process::geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--pid", "--fork", "--kill-child", "--mount-proc", "--"]);
        command.arg(env!("CARGO_BIN_EXE_gateward")).arg("run").args(options);
        command.args(["--", "/bin/sh", "-c", script]);
        command.env_clear().env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin");
        command
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Container(command.spawn().unwrap())
    }

    fn log(&self) -> String {
        let path = self.home.path().join(".openclaw/logs/gateward-gateway.log");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    fn until_said(&self, words: &str) {
        until(words, || self.log().contains(words));
    }
}

impl Container {
    /// As the outside sees it.
    fn host(&self) -> Option<u32> {
        children(self.0.id()).first().copied()
    }

    fn signal(&self, signal: Signal) {
        let host = self.host().unwrap();
        kill_process(Pid::from_raw(host.cast_signed()).unwrap(), signal).unwrap();
    }

    fn children(&self) -> usize {
        self.host().map_or(0, |host| children(host).len())
    }

    fn zombies(&self) -> usize {
        let is_zombie = |pid: &u32| {
            std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
        };
        self.host().map_or(0, |host| children(host).iter().filter(|pid| is_zombie(pid)).count())
    }

    fn code(&mut self) -> i32 {
        let begun = Instant::now();
        loop {
            match self.0.try_wait().unwrap() {
                Some(status) => return status.code().unwrap_or(-1),
                None if begun.elapsed() > PATIENCE => panic!("the container still runs"),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Container {
    /// `--kill-child` and the end of its process 1 take everything else along.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn children(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().map(|pid| pid.parse().unwrap()).collect::<Vec<_>>())
        .collect()
}

const PATIENCE: Duration = Duration::from_secs(30);

fn until(what: &str, reached: impl Fn() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
