//! `gateward run` through a thousand crashes.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;

use std::fs;
use std::time::Duration;

use hosted::{Rig, kill, until_within, zombies_of};
use rustix::process::Signal;

/// Half of the crashes are exits, half are signals. At 100 and each 250 later it runs, so that the host is at rest and can be measured.
const GATEWAY: &str = "read n < n; n=$((n + 1)); echo $n > n; echo line $n; echo because >&2
[ $((n % 250)) = 100 ] && exec sleep 600
[ $((n % 2)) = 0 ] && exit 1
kill -KILL $$";

const RESTS: [u32; 5] = [100, 350, 600, 850, 1100];

/// Each crash is written into the history.
const LONG: Duration = Duration::from_secs(300);

/// The loop, the wait for the gateway's end, and a reader for each of its streams.
const AT_REST: usize = 4;

#[test]
fn a_thousand_crashes_leave_no_descriptor_thread_zombie_or_mebibyte_behind() {
    let rig = Rig::new();
    fs::write(rig.path("n"), "0\n").unwrap();
    let host = rig.host(&["--restart-delay=0ms", "--give-up-after=100000"], GATEWAY);
    let mut at_first = usize::MAX;
    let at_rest = RESTS.map(|count| {
        let reached = || rig.log().contains(&format!("line {count}\n"));
        until_within(LONG, "it has crashed and started anew", reached);
        let mut held = Holdings::of(host.0.id());
        // A crash is still being tidied up when the next gateway speaks already; what is lost never comes back.
        until_within(LONG, "no more descriptors, threads and zombies than before", || {
            held = Holdings::of(host.0.id());
            held.threads == AT_REST && held.zombies == 0 && held.descriptors <= at_first
        });
        at_first = at_first.min(held.descriptors);
        if count < 1100 {
            kill(rig.gateway(), Signal::KILL);
        }
        held
    });
    assert_eq!(rig.record()["restarts"], 1099);
    // What is lost with each crash is lost between any two rests; what the allocator keeps for later comes now and then.
    let growth = at_rest.windows(2).map(|pair| pair[1].own_kib.saturating_sub(pair[0].own_kib));
    assert!(growth.min().unwrap() < 125, "half a KiB for each crash: {at_rest:?}");
}

/// What a host holds while its gateway runs.
#[derive(Debug)]
struct Holdings {
    descriptors: usize,
    threads: usize,
    zombies: usize,
    /// Memory of its own, without the parts of files that happen to be mapped in.
    own_kib: u64,
}

impl Holdings {
    fn of(host: u32) -> Self {
        let count = |what: &str| fs::read_dir(format!("/proc/{host}/{what}")).unwrap().count();
        Self {
            descriptors: count("fd"),
            threads: count("task"),
            zombies: zombies_of(host),
            own_kib: own_kib(host),
        }
    }
}

fn own_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
