use proptest::prelude::*;

use super::*;

/// One thing the world may do next.
#[derive(Clone, Debug)]
enum Move {
    Signal(Event),
    /// The start under way succeeds or not.
    Launch(bool),
    /// The living process ends after so many seconds.
    End(Option<Exit>, u64),
    Pass(u64),
}

fn any_move() -> impl Strategy<Value = Move> {
    let exits = prop_oneof![Just(CLEAN), Just(CRASH), Just(None), Just(Some(Exit::Code { code: 1 }))];
    prop_oneof![
        Just(Move::Signal(Event::Stop)),
        Just(Move::Signal(Event::Hangup)),
        Just(Move::Signal(Event::Force)),
        any::<bool>().prop_map(|authorised| Move::Signal(Event::Restart { authorised })),
        Just(Move::Signal(Event::Begin)),
        Just(Move::Signal(Event::Exited { pid: 99_999, exit: CRASH, uptime: Duration::ZERO })),
        any::<bool>().prop_map(Move::Launch),
        (exits, 0..200u64).prop_map(|(exit, uptime)| Move::End(exit, uptime)),
        (0..400u64).prop_map(Move::Pass),
    ]
}

/// A machine that obeys the effects and checks that each makes sense.
struct World {
    rig: Rig,
    launching: bool,
    living: Option<u32>,
    next_pid: u32,
    stopped: bool,
    exited: bool,
}

/// The pid of a gateway that an earlier host left.
const LEFT: u32 = 50;

impl World {
    /// Begins with a start, or with a gateway that an earlier host left.
    fn new(adopts: bool) -> Self {
        let mut world = Self {
            rig: Rig::new(),
            launching: false,
            living: None,
            next_pid: 100,
            stopped: false,
            exited: false,
        };
        world.living = adopts.then_some(LEFT);
        world.take(if adopts { Event::Adopted { pid: LEFT } } else { Event::Begin });
        world
    }

    fn make(&mut self, wanted: &Move) {
        match wanted {
            Move::Signal(event) => self.take(*event),
            Move::Launch(well) if self.launching => self.launch(*well),
            Move::Launch(_) => {}
            Move::End(exit, uptime) => self.end(*exit, *uptime),
            Move::Pass(seconds) => {
                self.rig.now += secs(*seconds);
                self.take(Event::Tick);
            }
        }
    }

    fn launch(&mut self, well: bool) {
        self.launching = false;
        if !well {
            return self.take(Event::StartFailed);
        }
        self.next_pid += 1;
        self.living = Some(self.next_pid);
        self.take(Event::Started { pid: self.next_pid });
    }

    fn end(&mut self, exit: Option<Exit>, uptime: u64) {
        if let Some(pid) = self.living.take() {
            self.take(Event::Exited { pid, exit, uptime: secs(uptime) });
        }
    }

    fn take(&mut self, event: Event) {
        let renews = matches!(
            self.rig.state.phase(),
            Phase::Stopping { then: Then::Start, .. } | Phase::Killing { then: Then::Start, .. }
        );
        self.stopped |= matches!(event, Event::Stop | Event::Hangup) || (event == Event::Force && !renews);
        let ended = match event {
            Event::Exited { pid, .. } => Some(pid),
            _ => None,
        };
        for effect in self.rig.take(event) {
            assert!(!self.exited, "{effect:?} after the exit");
            self.obey(effect, ended);
        }
    }

    fn obey(&mut self, effect: Effect, ended: Option<u32>) {
        match effect {
            Effect::Start => {
                assert!(!self.stopped, "started after a stop");
                assert!(!self.launching && self.living.is_none(), "two gateways");
                self.launching = true;
            }
            Effect::Terminate { pid } => assert_eq!(Some(pid), self.living, "a signal to a stranger"),
            Effect::KillGroup { pid } => {
                assert!(Some(pid) == self.living || Some(pid) == ended, "a kill of a stranger");
            }
            Effect::Exit(_) => self.exited = true,
            Effect::Note(_) => {}
        }
    }
}

proptest! {
    #[test]
    fn there_are_never_two_gateways_and_nothing_follows_a_stop(
        moves in prop::collection::vec(any_move(), 0..60),
        adopts: bool,
    ) {
        let mut world = World::new(adopts);
        moves.iter().for_each(|wanted| world.make(wanted));
    }

    #[test]
    fn a_stop_always_ends_before_whoever_runs_the_host_kills_it(
        moves in prop::collection::vec(any_move(), 0..40),
        well: bool,
        adopts: bool,
        limit in 1..600u64,
    ) {
        let mut world = World::new(adopts);
        world.rig.state.rules = rules().within(secs(limit));
        moves.iter().for_each(|wanted| world.make(wanted));
        world.take(Event::Stop);
        world.make(&Move::Launch(well));
        // The gateway never answers, and cannot even be killed.
        let asked = world.rig.now;
        while let Some(due) = world.rig.state.deadline() {
            world.rig.now = due.max(world.rig.now);
            world.take(Event::Tick);
        }
        prop_assert!(world.exited, "{:?}", world.rig.state.phase());
        prop_assert!(world.rig.now - asked < secs(limit), "{:?}", world.rig.now - asked);
    }

    #[test]
    fn a_request_is_never_lost(moves in prop::collection::vec(any_move(), 0..40), adopts: bool) {
        let mut world = World::new(adopts);
        moves.iter().for_each(|wanted| world.make(wanted));
        let before = world.rig.state.phase();
        world.take(Event::Restart { authorised: true });
        let answered = match world.rig.state.phase() {
            Phase::Running { renew, .. } => renew.is_some(),
            Phase::Starting { .. } | Phase::Stopping { .. } | Phase::Killing { .. } | Phase::Ended(_) => true,
            Phase::Idle | Phase::Waiting { .. } => false,
        };
        prop_assert!(answered, "{before:?}");
    }
}
