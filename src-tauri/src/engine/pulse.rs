//! Measures the running gateway: with every observation, and every two seconds while somebody looks. The last minutes are kept in
//! memory and nowhere else.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::PulseLine;
use crate::model::{Beat, GatewayState, Observation, Pulse};
use crate::observe::{Load, load};
use crate::world::{Gateway, World};

/// While somebody looks.
const CLOSELY: Duration = Duration::from_secs(2);

/// Observations can follow each other at once; processor time over less than this says nothing.
const LEAST: Duration = Duration::from_millis(900);

/// Measures until nobody can look any more.
pub async fn keep(
    world: World,
    gateway: Gateway,
    mut line: PulseLine,
    mut states: watch::Receiver<Option<Arc<GatewayState>>>,
) {
    let mut last = None;
    loop {
        let looks = *line.closely.borrow_and_update();
        let goes_on = tokio::select! {
            changed = states.changed() => changed.is_ok(),
            changed = line.closely.changed() => changed.is_ok(),
            () = world.system.pause(CLOSELY), if looks => true,
        };
        if !goes_on {
            return;
        }
        let state = states.borrow_and_update().clone();
        if let Some(state) = state {
            last = measured(&world, &gateway, &state.observation, last, &line.tell).await;
        }
    }
}

/// What a process had used at some moment.
#[derive(Clone, Copy)]
struct Mark {
    pid: u32,
    clock: Duration,
    cpu: Option<Duration>,
}

async fn measured(
    world: &World,
    gateway: &Gateway,
    seen: &Observation,
    last: Option<Mark>,
    tell: &watch::Sender<Pulse>,
) -> Option<Mark> {
    let pid = seen.supervised.value.pid()?;
    let last = last.filter(|mark| mark.pid == pid);
    let clock = world.system.clock();
    if last.is_some_and(|mark| clock.saturating_sub(mark.clock) < LEAST) {
        return last;
    }
    let Load { cpu, memory_bytes, latency } = load(&*world.system, &gateway.id, seen, pid).await;
    let mark = Mark { pid, clock: world.system.clock(), cpu };
    let latency_ms = latency.map(|latency| u32::try_from(latency.as_millis()).unwrap_or(u32::MAX));
    let cpu_percent = last.and_then(|last| percent(last, mark));
    let beat = Beat { at: world.system.now(), pid, cpu_percent, memory_bytes, latency_ms };
    tell.send_modify(|pulse| pulse.add(beat));
    Some(mark)
}

fn percent(from: Mark, to: Mark) -> Option<f64> {
    let used = to.cpu?.checked_sub(from.cpu?)?;
    let took = to.clock.checked_sub(from.clock).filter(|took| !took.is_zero())?;
    Some(used.as_secs_f64() / took.as_secs_f64() * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(clock_ms: u64, cpu_ms: u64) -> Mark {
        Mark { pid: 1, clock: Duration::from_millis(clock_ms), cpu: Some(Duration::from_millis(cpu_ms)) }
    }

    #[test]
    fn two_busy_processors_are_200_percent() {
        assert_eq!(percent(mark(1000, 500), mark(3000, 4500)), Some(200.0));
    }

    #[test]
    fn nothing_is_said_over_no_time_and_of_a_counter_that_went_back() {
        assert_eq!(percent(mark(1000, 500), mark(1000, 600)), None);
        assert_eq!(percent(mark(1000, 500), mark(3000, 400)), None);
    }
}
