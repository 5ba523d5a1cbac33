//! `gateward run` on a disk that is full, and in folders that cannot be written.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;

use std::fs;
use std::process::Stdio;

use hosted::{Host, Rig, is_gone, kill, until};
use rustix::process::Signal;

/// Says a line whenever it is told to, and `done` when it got past it.
const TALKER: &str = "trap 'exit 0' TERM; while read word; do echo \"$word\"; done < words";

/// What every script here becomes in the end.
const SLEEPER: [&str; 2] = ["sleep", "654321"];

#[test]
fn a_full_disk_neither_blocks_nor_ends_the_gateway() {
    let rig = Rig::on_disk("size=512k");
    let script = "while ! [ -e filler ]; do sleep 0.01; done; i=0; while [ $i -lt 20000 ]; do echo a line of the gateway number $i; i=$((i+1)); done; exec sleep 654321";
    let mut host = rig.host(&[], script);
    rig.gateway();
    fill(&rig);
    until("it got past its output", || !rig.alive(&SLEEPER).is_empty());
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
}

#[test]
fn on_a_full_disk_a_crash_is_answered() {
    let rig = Rig::on_disk("size=512k");
    let mut host = rig.host(&["--restart-delay=0ms"], "exec sleep 654321");
    let gateway = rig.gateway();
    fill(&rig);
    kill(gateway, Signal::KILL);
    until("another gateway runs", || rig.alive(&SLEEPER).iter().any(|pid| *pid != gateway));
    host.signal(Signal::TERM);
    host.code();
    assert!(rig.alive(&SLEEPER).is_empty());
}

#[test]
fn a_host_killed_on_a_full_disk_leaves_no_second_gateway() {
    let rig = Rig::on_disk("size=512k");
    let mut first = rig.host(&["--restart-delay=0ms"], "exec sleep 654321");
    let old = rig.gateway();
    fill(&rig);
    kill(old, Signal::KILL);
    until("another gateway runs", || rig.alive(&SLEEPER).iter().any(|pid| *pid != old));
    let gateway = rig.alive(&SLEEPER);
    first.signal(Signal::KILL);
    first.code();
    empty(&rig);
    let second = rig.host(&[], "exec sleep 654321");
    until("the second host runs", || {
        rig.record()["host"]["pid"] == second.0.id() && rig.record()["phase"] == "running"
    });
    assert_eq!([rig.gateway()], gateway[..]);
}

#[test]
fn when_the_disk_has_room_again_the_output_is_kept_again() {
    let rig = Rig::on_disk("size=512k");
    let fifo = rig.path("words");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let told = tempfile::NamedTempFile::new().unwrap();
    let mut command = rig.command(&[]);
    command.args(["--", "/bin/sh", "-c", TALKER]).stdout(Stdio::null()).stderr(told.reopen().unwrap());
    let _host = Host(command.spawn().unwrap());
    let mut words = fs::OpenOptions::new().write(true).open(&fifo).unwrap();
    fill(&rig);
    until("the host says what it cannot keep", || {
        say(&mut words, &"lost ".repeat(2000));
        fs::read_to_string(told.path()).unwrap().contains("cannot be kept")
    });
    empty(&rig);
    until("its words are kept", || {
        say(&mut words, "kept");
        rig.log().contains("\nkept\n")
    });
    let log = rig.log();
    let whole = |line: &str| line.is_empty() || ["lost", "kept"].iter().any(|word| line.starts_with(word));
    let gaps: Vec<&str> = log.lines().filter(|line| !whole(line)).collect();
    assert!(gaps.len() == 1 && gaps[0].contains("bytes are missing here"), "{gaps:?}");
}

#[test]
fn a_log_folder_on_a_read_only_disk_does_not_stop_the_gateway() {
    let rig = Rig::on_disk("size=4m");
    let mut host = rig.host(
        &["--restart-delay=0ms"],
        "i=0; while [ $i -lt 5000 ]; do echo a line number $i; i=$((i+1)); done; exec sleep 654321",
    );
    let gateway = rig.gateway();
    until("it got past its output", || rig.alive(&SLEEPER) == [gateway]);
    rig.disk.as_ref().unwrap().protect(".openclaw/logs");
    kill(gateway, Signal::KILL);
    let next = rig.next_gateway(gateway);
    until("the next one got past its output", || rig.alive(&SLEEPER) == [next]);
    host.signal(Signal::TERM);
    host.code();
    assert!(is_gone(next));
}

/// Takes all room there is.
fn fill(rig: &Rig) {
    use std::io::Write;
    let mut file = fs::File::create(rig.path("filler")).unwrap();
    for size in [4096, 64, 1] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
}

fn empty(rig: &Rig) {
    fs::remove_file(rig.path("filler")).unwrap();
}

fn say(fifo: &mut fs::File, words: &str) {
    use std::io::Write;
    writeln!(fifo, "{words}").unwrap();
}
