//! How long one look takes.

use std::time::{Duration, Instant};

use gateward::observe::observe;
use gateward::system::{Ask, Scope, System};

use crate::{Account, block_on};

#[test]
fn asking_the_bus_is_cheaper_than_starting_a_tool() {
    let account = Account::new();
    account.manager.write_unit(&account.id.unit, "[Service]\nExecStart=/bin/sleep infinity\n");
    account.manager.systemctl(&["start", &account.id.unit]);
    let ask = Ask::Unit { unit: account.id.unit.clone(), scope: Scope::User };
    let (mut bus, mut looks, mut tool) = (Vec::new(), Vec::new(), Vec::new());
    let mut first = Duration::ZERO;
    // Side by side, so that a busy machine slows all of them.
    block_on(async {
        for round in 0..20 {
            let answered = timed(account.system.answer(&ask)).await;
            if round == 0 {
                first = answered
            } else {
                bus.push(answered)
            }
            looks.push(timed(observe(&account.system, &*account.adapter, &account.id)).await);
            tool.push(timed(async { account.manager.systemctl(&["show", &account.id.unit]) }).await);
        }
    });
    let [bus, looks, tool] = [bus, looks, tool].map(median);
    println!("bus: first {first:?}, then {bus:?}; whole look {looks:?}; systemctl show {tool:?}");
    assert!(bus < tool, "{bus:?} against {tool:?}");
}

async fn timed<T>(work: impl Future<Output = T>) -> Duration {
    let begun = Instant::now();
    work.await;
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
