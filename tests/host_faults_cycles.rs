//! `gateward run` through a thousand crashes.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;

use std::fs;
use std::time::Duration;

use hosted::{Rig, kill, until_within, zombies_of};
use rustix::process::Signal;

/// Half of the crashes are exits, half are signals; at 100 and at 1100 it runs, so that the host is at rest and can be measured.
const GATEWAY: &str = "read n < n; n=$((n + 1)); echo $n > n; echo line $n; echo because >&2
case $n in 100|1100) exec sleep 600;; esac
[ $((n % 2)) = 0 ] && exit 1
kill -KILL $$";

/// Each crash is written into the history.
const LONG: Duration = Duration::from_secs(120);

/// The loop, the wait for the gateway's end, and a reader for each of its streams.
const AT_REST: usize = 4;

#[test]
fn a_thousand_crashes_leave_no_descriptor_thread_zombie_or_mebibyte_behind() {
    let rig = Rig::new();
    fs::write(rig.path("n"), "0\n").unwrap();
    let host = rig.host(&["--restart-delay=0ms", "--give-up-after=100000"], GATEWAY);
    let rests_at = |count: u32| {
        let reached = || rig.log().contains(&format!("line {count}\n"));
        until_within(LONG, "it has crashed and started anew", reached);
        until_within(LONG, "the history is written", || Holdings::of(host.0.id()).threads == AT_REST);
        Holdings::of(host.0.id())
    };
    let before = rests_at(100);
    kill(rig.gateway(), Signal::KILL);
    let after = rests_at(1100);
    assert_eq!(rig.record()["restarts"], 1099);
    assert_eq!((after.descriptors, after.zombies), (before.descriptors, 0));
    let grown = after.resident_kib.saturating_sub(before.resident_kib);
    assert!(grown < 1024, "{grown} KiB more: {before:?}, {after:?}");
}

/// What a host holds while its gateway runs.
#[derive(Debug)]
struct Holdings {
    descriptors: usize,
    threads: usize,
    zombies: usize,
    resident_kib: u64,
}

impl Holdings {
    fn of(host: u32) -> Self {
        let count = |what: &str| fs::read_dir(format!("/proc/{host}/{what}")).unwrap().count();
        Self {
            descriptors: count("fd"),
            threads: count("task"),
            zombies: zombies_of(host),
            resident_kib: resident_kib(host),
        }
    }
}

fn resident_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
