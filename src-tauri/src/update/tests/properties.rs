//! Random lives of a gateway, with effects answered late and out of order.

use proptest::prelude::*;

use super::*;

/// What the world does next.
#[derive(Clone, Debug)]
enum Turn {
    /// The process is killed; its signal may be lost.
    Crash {
        signalled: bool,
    },
    Restarted,
    GivenUp,
    Hint,
    Lost,
    Ask(u8),
    /// An observation or action under way comes to its end.
    Looked,
    Acted {
        well: bool,
    },
    Timer,
    Pass(u8),
    Jump(i8),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        3 => any::<bool>().prop_map(|signalled| Turn::Crash { signalled }),
        3 => Just(Turn::Restarted),
        1 => Just(Turn::GivenUp),
        2 => Just(Turn::Hint),
        1 => Just(Turn::Lost),
        2 => any::<u8>().prop_map(Turn::Ask),
        6 => Just(Turn::Looked),
        3 => any::<bool>().prop_map(|well| Turn::Acted { well }),
        1 => Just(Turn::Timer),
        1 => any::<u8>().prop_map(Turn::Pass),
        1 => any::<i8>().prop_map(Turn::Jump),
    ]
}

/// A gateway whose every process has its own pid, and the engine's outstanding effects.
struct Life {
    desk: Desk,
    pid: u32,
    supervised: Supervised,
    looking: bool,
    acting: Option<Action>,
    /// Processes that crashed while no action of ours was under way, and of whose end the engine was told.
    crashed: Vec<u32>,
}

impl Life {
    fn new() -> Self {
        let desk = Desk::seeing(running(1, 0));
        let supervised = running(1, 0);
        Self { desk, pid: 1, supervised, looking: false, acting: None, crashed: Vec::new() }
    }

    fn feed(&mut self, event: Event) {
        for effect in self.desk.feed(event) {
            match effect {
                Effect::Observe => {
                    assert!(!self.looking, "two observations at once");
                    self.looking = true;
                }
                Effect::Act(action) => {
                    assert!(self.acting.is_none(), "two actions at once");
                    self.acting = Some(action);
                }
                Effect::FindStopper
                | Effect::LearnStart(_)
                | Effect::Backfill { .. }
                | Effect::CutShort
                | Effect::Watch(_)
                | Effect::ReadLastWords(_)
                | Effect::Store(_)
                | Effect::Notify(_)
                | Effect::Tell(_)
                | Effect::CloseNotice
                | Effect::Arm(_)
                | Effect::Publish
                | Effect::RemindLater(_)
                | Effect::Quit => {}
            }
        }
    }

    fn live(&mut self, turn: &Turn) {
        match turn {
            Turn::Crash { signalled } => self.crash(*signalled),
            Turn::Restarted => self.restart(),
            Turn::GivenUp => self.give_up(),
            Turn::Hint => self.feed(Event::Hinted(Hint::Watching { watch: unit() })),
            Turn::Lost => self.feed(Event::Hinted(Hint::Lost { watch: unit(), why: String::new() })),
            Turn::Ask(which) => {
                let actions = [Action::Start, Action::Restart];
                let action = actions[usize::from(*which) % actions.len()].clone();
                self.feed(Event::Asked(Request::Act { action }));
            }
            Turn::Looked => self.look(),
            Turn::Acted { well } => self.act(*well),
            Turn::Timer => self.feed(Event::TimerFired),
            Turn::Pass(seconds) => self.desk.pass(u64::from(*seconds)),
            Turn::Jump(minutes) => self.desk.now.wall += SignedDuration::from_mins(i64::from(*minutes)),
        }
    }

    fn crash(&mut self, signalled: bool) {
        if !matches!(self.supervised, Supervised::Running(_)) || self.acting.is_some() {
            return;
        }
        let record = ExitRecord { at: Some(self.desk.now.wall), ..killed(self.pid) };
        self.supervised = waiting(record.clone());
        if signalled {
            self.crashed.push(self.pid);
            self.feed(Event::Hinted(Hint::Changed { watch: unit(), exit: Some(record) }));
        }
    }

    fn restart(&mut self) {
        if matches!(self.supervised, Supervised::Waiting { .. }) {
            self.pid += 1;
            let since = Some(self.desk.now.wall);
            self.supervised =
                Supervised::Running(Run { pid: self.pid, since, restarts: self.pid, last_exit: None });
        }
    }

    fn give_up(&mut self) {
        if let Supervised::Waiting { last_exit, restarts } = &self.supervised {
            self.supervised = Supervised::GaveUp { last_exit: last_exit.clone(), restarts: *restarts };
        }
    }

    fn look(&mut self) {
        if std::mem::take(&mut self.looking) {
            self.feed(Event::Observed(look(self.supervised.clone())));
        }
    }

    fn act(&mut self, well: bool) {
        let Some(action) = self.acting.take() else { return };
        if well && (action == Action::Restart || !matches!(self.supervised, Supervised::Running(_))) {
            self.pid += 1;
            let since = Some(self.desk.now.wall);
            self.supervised = Supervised::Running(Run { pid: self.pid, since, restarts: 0, last_exit: None });
        }
        let result =
            if well { Ok(look(self.supervised.clone())) } else { Err(Problem::new(Code::StepFailed)) };
        self.feed(Event::Done { action, result });
    }

    /// Everything under way comes to its end.
    fn settle(&mut self) {
        for _ in 0..10 {
            self.act(true);
            self.look();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_stays_under_way_for_ever(turns in prop::collection::vec(turn(), 0..80)) {
        let mut life = Life::new();
        turns.iter().for_each(|turn| life.live(turn));
        life.settle();
        prop_assert!(life.desk.model.busy.is_none() && !life.looking && !life.desk.model.looking.under_way);
    }

    #[test]
    fn no_signalled_crash_is_lost_or_told_twice(turns in prop::collection::vec(turn(), 0..45)) {
        let mut life = Life::new();
        turns.iter().for_each(|turn| life.live(turn));
        life.settle();
        for pid in &life.crashed {
            let told = |incident: &&Incident| incident.kind == IncidentKind::Crash && incident.pid == Some(*pid);
            prop_assert_eq!(life.desk.model.incidents.iter().filter(told).count(), 1, "{}", pid);
        }
    }

    #[test]
    fn only_a_proven_end_is_called_a_crash(turns in prop::collection::vec(turn(), 0..60)) {
        let mut life = Life::new();
        turns.iter().for_each(|turn| life.live(turn));
        for incident in &life.desk.model.incidents {
            prop_assert!(incident.kind != IncidentKind::Crash || incident.exit.is_some_and(|exit| !exit.is_success()));
        }
    }

    #[test]
    fn after_everything_has_been_seen_the_state_is_the_last_observation(
        turns in prop::collection::vec(turn(), 0..60),
    ) {
        let mut life = Life::new();
        turns.iter().for_each(|turn| life.live(turn));
        life.feed(Event::TimerFired);
        life.settle();
        let state = life.desk.model.state().unwrap();
        prop_assert_eq!(&state.observation.supervised.value, &life.supervised);
        prop_assert_eq!(state.verdict, judge(&state.observation));
    }

    /// The last thing seen decides, whatever came before it: actions cut off, signals lost, clocks set.
    #[test]
    fn no_sequence_of_events_calls_the_dead_running_or_the_living_stopped(
        turns in prop::collection::vec(turn(), 0..60),
    ) {
        let mut life = Life::new();
        turns.iter().for_each(|turn| life.live(turn));
        life.feed(Event::TimerFired);
        life.settle();
        let verdict = life.desk.model.state().unwrap().verdict;
        let (at_rest, runs) = (life.supervised.is_at_rest(), life.supervised.pid().is_some());
        let says_running = matches!(verdict, Verdict::Ready | Verdict::Degraded | Verdict::Hung);
        let says_stopped = matches!(
            verdict,
            Verdict::Stopped | Verdict::Disabled | Verdict::NotInstalled | Verdict::Unloaded | Verdict::GaveUp
        );
        prop_assert!(!(at_rest && says_running || runs && says_stopped), "{:?}: {:?}", life.supervised, verdict);
    }
}
