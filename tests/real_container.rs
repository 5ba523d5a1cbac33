//! `gateward run` as process 1 of a container: in PID namespaces of their own, made by unshare(1).

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;
mod rig;

use std::process::{Command, Stdio};

use hosted::{Host, Rig, STUBBORN, kill, until, zombies_of};
use rig::processes::children_of;
use rustix::process::Signal;

#[test]
fn the_containers_exit_code_is_the_hosts() {
    let rig = Rig::new();
    assert_eq!(container(&rig, &[], "exit 78").code(), 78);
    assert_eq!(container(&rig, &["--give-up-after=1"], "exit 5").code(), 3);
}

#[test]
fn it_is_process_1_and_its_gateway_is_not() {
    let rig = Rig::new();
    let mut container = container(&rig, &[], "echo pid $$ parent $PPID; exec sleep 600");
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
        container(&rig, &[], &format!("{orphans}; sleep 0.5; {orphans}; echo left; exec sleep 600"));
    rig.until_said("left");
    until("no orphan is left", || container.children() == 1);
    assert_eq!(container.zombies(), 0);
}

#[test]
fn the_gateway_itself_is_restarted_and_not_taken_for_an_orphan() {
    let rig = Rig::new();
    let _container = container(&rig, &["--restart-delay=1ms", "--give-up-after=9"], "echo life; exit 7");
    until("several lives", || rig.log().matches("life").count() > 3);
    assert_eq!(rig.record()["last_exit"]["exit"]["code"], 7);
}

#[test]
fn a_stop_is_over_before_the_runtime_kills_the_container() {
    let rig = Rig::new();
    let mut container = container(&rig, &[], STUBBORN);
    rig.until_said("up");
    // What `docker stop` gives; how it is kept is tried in tests/host/stopping.rs.
    assert_eq!(rig.record()["stops_within_s"], 10);
    container.signal(Signal::TERM);
    assert_eq!(container.code(), 124);
}

#[test]
fn signals_without_a_meaning_do_not_end_it() {
    let rig = Rig::new();
    let mut container = container(&rig, &[], "exec sleep 600");
    until("the gateway runs", || container.children() == 1);
    [Signal::USR1, Signal::USR2, Signal::WINCH, Signal::PIPE].iter().for_each(|it| container.signal(*it));
    container.signal(Signal::TERM);
    assert_eq!(container.code(), 0);
}

#[test]
fn a_restarted_container_with_the_same_state_starts_a_gateway_of_its_own() {
    let rig = Rig::new();
    let mut first = container(&rig, &[], "echo first; exec sleep 600");
    rig.until_said("first");
    first.signal(Signal::KILL);
    first.code();
    let mut second = container(&rig, &[], "echo second; exec sleep 600");
    rig.until_said("second");
    second.signal(Signal::TERM);
    assert_eq!(second.code(), 0);
}

/// unshare(1) and, in a namespace of its own, the host.
struct Container(Host);

/// A container whose home, the rig's, is on a volume.
fn container(rig: &Rig, options: &[&str], script: &str) -> Container {
    let host = rig.command(options);
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--pid", "--fork", "--kill-child", "--mount-proc", "--"]);
    command.arg(host.get_program()).args(host.get_args()).args(["--", "/bin/sh", "-c", script]);
    command.env_clear().envs(host.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(rig.path("")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Container(Host(command.spawn().unwrap()))
}

impl Container {
    /// As the outside sees it.
    fn host(&self) -> Option<u32> {
        children_of(self.0.0.id()).first().copied()
    }

    fn signal(&self, signal: Signal) {
        kill(self.host().unwrap(), signal);
    }

    fn children(&self) -> usize {
        self.host().map_or(0, |host| children_of(host).len())
    }

    fn zombies(&self) -> usize {
        self.host().map_or(0, zombies_of)
    }

    fn code(&mut self) -> i32 {
        self.0.code()
    }
}
