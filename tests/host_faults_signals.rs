//! `gateward run` under more signals than anybody sends.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod hosted;

use std::time::{Duration, Instant};

use hosted::{Host, Rig, kill};
use rustix::process::Signal;

const HARMLESS: [Signal; 5] = [Signal::USR1, Signal::USR2, Signal::CHILD, Signal::CONT, Signal::WINCH];

#[test]
fn ten_thousand_signals_in_a_second_change_nothing_and_hide_no_stop() {
    let rig = Rig::new();
    let mut host = rig.host(&[], "exec sleep 600");
    let gateway = rig.gateway();
    storm(&host);
    assert_eq!(rig.gateway(), gateway);
    host.signal(Signal::TERM);
    assert_eq!(host.code(), 0);
}

#[test]
fn a_crash_amid_ten_thousand_signals_is_answered() {
    let rig = Rig::new();
    let host = rig.host(&["--restart-delay=0ms"], "exec sleep 600");
    let gateway = rig.gateway();
    kill(gateway, Signal::KILL);
    storm(&host);
    rig.next_gateway(gateway);
    assert_eq!(rig.record()["restarts"], 1);
}

#[test]
fn what_happened_before_a_storm_of_signals_is_still_noted_after_it() {
    let rig = Rig::new();
    let host = rig.host(&["--restart-delay=0ms"], "exec sleep 600");
    let gateway = rig.gateway();
    kill(gateway, Signal::KILL);
    rig.next_gateway(gateway);
    storm(&host);
    host.signal(Signal::HUP);
    rig.until_phase("stopped");
    let notes = rig.record()["notes"].to_string();
    assert!(notes.contains("signal-ignored") && notes.contains("crash"), "{notes}");
}

/// 10,000 signals, spread over a second so that few of them fall together.
fn storm(host: &Host) {
    for _ in 0..100 {
        let begun = Instant::now();
        (0..20).flat_map(|_| HARMLESS).for_each(|signal| host.signal(signal));
        std::thread::sleep(Duration::from_millis(10).saturating_sub(begun.elapsed()));
    }
}
