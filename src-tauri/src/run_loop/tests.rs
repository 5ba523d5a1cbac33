use super::rules::START_ATTEMPT;
use super::*;
use crate::model::RestartPolicy;

mod properties;

fn rules() -> Rules {
    Rules { burst: 3, ..Rules::new(&RestartPolicy { stop_timeout_s: 30, ..RestartPolicy::default() }) }
}

fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

const CLEAN: Option<Exit> = Some(Exit::Code { code: 0 });
const CRASH: Option<Exit> = Some(Exit::Signal { signal: 9, core: false });

/// A loop and its clock, in seconds.
struct Rig {
    state: RunLoop,
    now: Duration,
}

impl Rig {
    fn new() -> Self {
        Self { state: RunLoop::new(rules(), 1), now: Duration::ZERO }
    }

    fn running() -> Self {
        let mut rig = Self::new();
        rig.take(Event::Begin);
        rig.take(Event::Started { pid: 7 });
        rig
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        let (state, effects) = self.state.clone().step(self.now, event);
        self.state = state;
        effects
    }

    fn exit(&mut self, exit: Option<Exit>, uptime: u64) -> Vec<Effect> {
        let pid = self.state.phase().pid().unwrap_or_default();
        self.take(Event::Exited { pid, exit, uptime: secs(uptime) })
    }

    /// Lets the deadline pass.
    fn wait(&mut self) -> Vec<Effect> {
        self.now = self.state.deadline().expect("nothing is awaited");
        self.take(Event::Tick)
    }

    fn crash_and_start_again(&mut self, uptime: u64) -> Duration {
        self.exit(CRASH, uptime);
        let delay = self.state.deadline().expect("no restart is due") - self.now;
        self.wait();
        self.take(Event::Started { pid: 7 });
        delay
    }
}

#[test]
fn a_stop_is_forwarded_to_the_gateway_alone() {
    assert_eq!(Rig::running().take(Event::Stop), [Effect::Terminate { pid: 7 }]);
}

#[test]
fn a_gateway_that_ends_when_told_makes_the_host_end_with_zero() {
    let mut rig = Rig::running();
    rig.take(Event::Stop);
    assert_eq!(rig.exit(CLEAN, 60).last(), Some(&Effect::Exit(STOPPED)));
}

#[test]
fn a_gateway_that_fails_while_stopping_passes_its_code_on() {
    for (exit, wanted) in [
        (Some(Exit::Code { code: 143 }), 0),
        (Some(Exit::Signal { signal: 15, core: false }), 0),
        (Some(Exit::Code { code: 1 }), 1),
        (Some(Exit::Signal { signal: 11, core: true }), 139),
    ] {
        let mut rig = Rig::running();
        rig.take(Event::Stop);
        assert_eq!(rig.exit(exit, 60).last(), Some(&Effect::Exit(wanted)), "{exit:?}");
    }
}

#[test]
fn at_the_deadline_the_group_is_killed_and_the_code_tells() {
    let mut rig = Rig::running();
    rig.take(Event::Stop);
    assert_eq!(rig.wait(), [Effect::Note(IncidentKind::KilledAtDeadline), Effect::KillGroup { pid: 7 }]);
    assert_eq!(rig.now, secs(30));
    assert_eq!(rig.exit(CRASH, 60).last(), Some(&Effect::Exit(KILLED)));
}

#[test]
fn a_gateway_that_cannot_be_killed_does_not_hold_the_host() {
    let mut rig = Rig::running();
    rig.take(Event::Stop);
    rig.wait();
    assert_eq!(rig.wait().last(), Some(&Effect::Exit(KILLED)));
}

#[test]
fn the_second_signal_shortens_the_wait_and_the_third_ends_it() {
    let mut rig = Rig::running();
    rig.take(Event::Stop);
    assert_eq!(rig.take(Event::Stop), []);
    assert_eq!(rig.state.deadline(), Some(secs(3)));
    assert_eq!(rig.take(Event::Stop), [Effect::KillGroup { pid: 7 }]);
}

#[test]
fn a_stop_during_the_start_waits_for_it() {
    let mut rig = Rig::new();
    rig.take(Event::Begin);
    assert_eq!(rig.take(Event::Stop), []);
    assert!(rig.take(Event::Started { pid: 7 }).contains(&Effect::Terminate { pid: 7 }));
}

#[test]
fn a_stop_while_waiting_for_a_restart_ends_the_host() {
    let mut rig = Rig::running();
    rig.exit(CRASH, 1);
    assert_eq!(rig.take(Event::Stop).last(), Some(&Effect::Exit(STOPPED)));
}

#[test]
fn a_configuration_error_ends_the_host_at_once() {
    let effects = Rig::running().exit(Some(Exit::Code { code: 78 }), 1);
    assert_eq!(
        effects,
        [Effect::KillGroup { pid: 7 }, Effect::Note(IncidentKind::ConfigError), Effect::Exit(78)]
    );
}

#[test]
fn a_planned_exit_starts_again_without_a_delay() {
    let effects = Rig::running().exit(CLEAN, 60);
    assert_eq!(effects, [Effect::KillGroup { pid: 7 }, Effect::Note(IncidentKind::Restarted), Effect::Start]);
}

#[test]
fn a_program_that_ends_well_at_once_does_not_spin() {
    let mut rig = Rig::running();
    assert!(!rig.exit(CLEAN, 0).contains(&Effect::Start));
    assert!(matches!(rig.state.phase(), Phase::Waiting { .. }));
}

#[test]
fn the_delay_doubles_up_to_a_minute() {
    let mut rig = Rig::running();
    rig.state.rules.burst = usize::MAX;
    let delays: Vec<u64> = (0..10).map(|_| rig.crash_and_start_again(1).as_secs()).collect();
    let lowest = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60];
    assert!(
        delays.iter().zip(lowest).all(|(seen, low)| (low..=60.min(low * 6 / 5)).contains(seen)),
        "{delays:?}"
    );
}

#[test]
fn a_stable_run_makes_the_delay_short_again() {
    let mut rig = Rig::running();
    rig.state.rules.burst = usize::MAX;
    for _ in 0..5 {
        rig.crash_and_start_again(1);
    }
    assert!(rig.crash_and_start_again(120) < Duration::from_millis(1201));
}

#[test]
fn too_many_failures_make_the_host_give_up() {
    let mut rig = Rig::running();
    rig.crash_and_start_again(1);
    rig.crash_and_start_again(1);
    let effects = rig.exit(CRASH, 1);
    assert_eq!(
        effects[1..],
        [Effect::Note(IncidentKind::Crash), Effect::Note(IncidentKind::GaveUp), Effect::Exit(GAVE_UP)]
    );
}

#[test]
fn slow_starts_that_fail_trip_the_limiter_too() {
    let policy = RestartPolicy::default();
    let mut rig = Rig::running();
    rig.state.rules = Rules::new(&policy);
    for _ in 1..policy.burst {
        rig.now += START_ATTEMPT;
        rig.crash_and_start_again(START_ATTEMPT.as_secs());
    }
    rig.now += START_ATTEMPT;
    assert_eq!(rig.exit(CRASH, 120).last(), Some(&Effect::Exit(GAVE_UP)));
}

#[test]
fn a_crash_now_and_then_never_trips_the_limiter() {
    let mut rig = Rig::running();
    rig.state.rules = Rules::new(&RestartPolicy::default());
    for _ in 0..100 {
        rig.now += secs(600);
        rig.crash_and_start_again(600);
    }
}

#[test]
fn an_authorised_restart_stops_and_starts() {
    let mut rig = Rig::running();
    assert_eq!(rig.take(Event::Restart { authorised: true }), [Effect::Terminate { pid: 7 }]);
    assert_eq!(rig.exit(CLEAN, 60), [Effect::KillGroup { pid: 7 }, Effect::Start]);
}

#[test]
fn a_restart_without_authorisation_is_ignored_and_noted() {
    let mut rig = Rig::running();
    let effects = rig.take(Event::Restart { authorised: false });
    assert_eq!(effects, [Effect::Note(IncidentKind::SignalIgnored)]);
    assert_eq!(rig.state.phase(), Phase::Running { pid: 7, renew: None });
}

#[test]
fn a_stop_beats_a_restart_under_way() {
    let mut rig = Rig::running();
    rig.take(Event::Restart { authorised: true });
    rig.take(Event::Stop);
    assert_eq!(rig.exit(CLEAN, 60).last(), Some(&Effect::Exit(STOPPED)));
}

#[test]
fn a_hangup_stops_only_a_host_with_a_terminal() {
    assert_eq!(Rig::running().take(Event::Hangup), [Effect::Terminate { pid: 7 }]);
    let mut detached = Rig::running();
    detached.state.rules.hangup_stops = false;
    assert_eq!(detached.take(Event::Hangup), []);
}

#[test]
fn a_forced_stop_kills_without_a_drain() {
    let mut rig = Rig::running();
    assert_eq!(rig.take(Event::Force), [Effect::KillGroup { pid: 7 }]);
    assert_eq!(rig.exit(CRASH, 60).last(), Some(&Effect::Exit(KILLED)));
}

#[test]
fn forcing_a_restart_cuts_its_drain_short_and_still_starts_again() {
    let mut rig = Rig::running();
    rig.take(Event::Restart { authorised: true });
    assert_eq!(rig.take(Event::Force), [Effect::KillGroup { pid: 7 }]);
    assert_eq!(rig.exit(CRASH, 60).last(), Some(&Effect::Start));
}

#[test]
fn a_restart_soon_after_another_waits_for_the_cool_down() {
    let mut rig = Rig::running();
    rig.take(Event::Restart { authorised: true });
    rig.exit(CLEAN, 60);
    rig.take(Event::Started { pid: 7 });
    rig.now = secs(10);
    assert_eq!(rig.take(Event::Restart { authorised: true }), []);
    assert_eq!(rig.state.deadline(), Some(secs(30)));
    assert_eq!(rig.wait(), [Effect::Terminate { pid: 7 }]);
}

#[test]
fn requests_while_a_restart_is_due_or_under_way_are_one_restart() {
    let mut rig = Rig::running();
    rig.take(Event::Restart { authorised: true });
    assert_eq!(rig.take(Event::Restart { authorised: true }), []);
    rig.exit(CLEAN, 60);
    rig.take(Event::Started { pid: 7 });
    rig.take(Event::Restart { authorised: true });
    rig.now = secs(29);
    rig.take(Event::Restart { authorised: true });
    assert_eq!(rig.state.deadline(), Some(secs(30)));
    rig.wait();
    rig.exit(CLEAN, 60);
    rig.take(Event::Started { pid: 7 });
    assert_eq!(rig.state.deadline(), None);
}

#[test]
fn a_stop_beats_a_restart_that_is_due() {
    let mut rig = Rig::running();
    rig.take(Event::Restart { authorised: true });
    rig.exit(CLEAN, 60);
    rig.take(Event::Started { pid: 7 });
    rig.take(Event::Restart { authorised: true });
    rig.take(Event::Stop);
    assert_eq!(rig.exit(CLEAN, 60).last(), Some(&Effect::Exit(STOPPED)));
}

#[test]
fn under_a_generous_limit_the_drain_is_as_wanted() {
    assert_eq!(rules().within(secs(60)).drain, secs(30));
}

#[test]
fn launchds_twenty_seconds_leave_time_for_the_kill_and_the_record() {
    let rules = rules().within(secs(20));
    assert_eq!((rules.drain, rules.reap), (Duration::from_millis(15_500), Duration::from_millis(2500)));
}
