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
    Outside(Outside),
}

/// What others do to it, without a word to us.
#[derive(Clone, Debug)]
enum Outside {
    Stop,
    /// Or the installation, where it was removed.
    Start,
    Remove,
    /// The manager's bus comes and goes.
    Bus(bool),
    /// Somebody takes the port, or lets go of it.
    Port(Option<Belongs>),
    Answers(Answers),
}

fn outside() -> impl Strategy<Value = Turn> {
    let answers = prop_oneof![
        Just(Answers::Ready { version: None, latency_ms: 4 }),
        Just(Answers::Live { failing: Vec::new(), latency_ms: 4 }),
        Just(Answers::Silent { waited_ms: 2000 }),
        Just(Answers::NotGateway { saw: "HTTP 200 text/html".to_owned() }),
        Just(Answers::Refused),
    ];
    let owner = prop_oneof![Just(None), Just(Some(Belongs::Gateway)), Just(Some(Belongs::Stranger))];
    let outside = prop_oneof![
        Just(Outside::Stop),
        Just(Outside::Start),
        Just(Outside::Remove),
        any::<bool>().prop_map(Outside::Bus),
        owner.prop_map(Outside::Port),
        answers.prop_map(Outside::Answers),
    ];
    outside.prop_map(Turn::Outside)
}

/// Everything that can happen.
fn anything() -> impl Strategy<Value = Turn> {
    prop_oneof![2 => turn(), 1 => outside()]
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
    bus: bool,
    /// Who else holds the port.
    beside: Option<Belongs>,
    /// What the gateway says while it runs.
    answers: Answers,
    looking: bool,
    acting: Option<Action>,
    /// Processes that crashed while no action of ours was under way, and of whose end the engine was told.
    crashed: Vec<u32>,
}

impl Life {
    fn new() -> Self {
        let desk = Desk::seeing(running(1, 0));
        let supervised = running(1, 0);
        let answers = Answers::Ready { version: None, latency_ms: 4 };
        let (bus, beside, looking, acting, crashed) = (true, None, false, None, Vec::new());
        Self { desk, pid: 1, supervised, bus, beside, answers, looking, acting, crashed }
    }

    fn feed(&mut self, event: Event) {
        let effects = self.desk.feed(event);
        self.desk.model.state().iter().for_each(is_borne_out);
        for effect in effects {
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
            Turn::Outside(outside) => self.suffer(outside),
        }
    }

    fn suffer(&mut self, outside: &Outside) {
        match outside {
            Outside::Stop if self.supervised != Supervised::Absent => {
                self.supervised = Supervised::Stopped { last_exit: None };
            }
            Outside::Start if self.supervised.is_at_rest() => self.begin(0),
            Outside::Remove if self.supervised.is_at_rest() => self.supervised = Supervised::Absent,
            Outside::Stop | Outside::Start | Outside::Remove => {}
            Outside::Bus(is_there) => self.bus = *is_there,
            Outside::Port(owner) => self.beside = *owner,
            Outside::Answers(answers) => self.answers = answers.clone(),
        }
    }

    fn begin(&mut self, restarts: u32) {
        self.pid += 1;
        let since = Some(self.desk.now.wall);
        self.supervised = Supervised::Running(Run { pid: self.pid, since, restarts, last_exit: None });
    }

    /// What an observation finds at this moment.
    fn seen(&self) -> Look {
        let mut look = look(self.supervised.clone());
        if matches!(self.supervised, Supervised::Running(_)) {
            look.seen.answers = fact(self.answers.clone());
        }
        if let Some(belongs) = self.beside {
            look.seen.port = fact(owned(belongs, None));
            look.seen.answers = fact(Answers::NotGateway { saw: "HTTP 200 text/html".to_owned() });
        }
        if self.supervised == Supervised::Absent {
            look.seen.registered = fact(Registered::Missing { file: "/u".to_owned() });
        }
        if !self.bus {
            look.seen.supervised = fact(Supervised::Unknown { why: Problem::new(Code::NoUserBus) });
        }
        look
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
            self.begin(self.pid + 1);
        }
    }

    fn give_up(&mut self) {
        if let Supervised::Waiting { last_exit, restarts } = &self.supervised {
            self.supervised = Supervised::GaveUp { last_exit: last_exit.clone(), restarts: *restarts };
        }
    }

    fn look(&mut self) {
        if std::mem::take(&mut self.looking) {
            self.feed(Event::Observed(self.seen()));
        }
    }

    fn act(&mut self, well: bool) {
        let Some(action) = self.acting.take() else { return };
        if well && (action == Action::Restart || !matches!(self.supervised, Supervised::Running(_))) {
            self.begin(0);
        }
        let result = if well { Ok(self.seen()) } else { Err(Problem::new(Code::StepFailed)) };
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

/// Whatever is published at any moment follows from what is published with it.
fn is_borne_out(state: &GatewayState) {
    let seen = &state.observation;
    let runs = matches!(seen.supervised.value, Supervised::Running(_));
    let answers = matches!(seen.answers.value, Answers::Ready { .. });
    let is_unknown = matches!(seen.supervised.value, Supervised::Unknown { .. });
    assert!(state.verdict != Verdict::Ready || runs && answers, "{state:?}");
    assert!(!says_running(state.verdict) || runs, "{state:?}");
    assert!(!says_stopped(state.verdict) || seen.supervised.value.is_at_rest(), "{state:?}");
    assert!(!is_unknown || state.verdict == Verdict::Unknown, "{state:?}");
}

fn says_running(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Ready | Verdict::Degraded | Verdict::Hung)
}

fn says_stopped(verdict: Verdict) -> bool {
    [Verdict::Stopped, Verdict::Disabled, Verdict::NotInstalled, Verdict::Unloaded, Verdict::GaveUp]
        .contains(&verdict)
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

    /// The last thing seen decides, whatever came before it: actions cut off, signals lost, clocks set, and whatever others did to
    /// service, port, bus and gateway meanwhile.
    #[test]
    fn no_sequence_of_events_calls_the_dead_running_or_the_living_stopped(
        turns in prop::collection::vec(anything(), 0..80),
    ) {
        let mut life = Life::new();
        turns.iter().for_each(|turn| life.live(turn));
        life.feed(Event::TimerFired);
        life.settle();
        let verdict = life.desk.model.state().unwrap().verdict;
        let (at_rest, runs) = (life.supervised.is_at_rest(), life.supervised.pid().is_some());
        let is_wrong = at_rest && says_running(verdict) || runs && says_stopped(verdict);
        prop_assert!(!is_wrong, "{:?}: {:?}", life.supervised, verdict);
        prop_assert_eq!(!life.bus, verdict == Verdict::Unknown);
        let is_ready = runs && life.beside.is_none() && matches!(life.answers, Answers::Ready { .. });
        prop_assert_eq!(life.bus && is_ready, verdict == Verdict::Ready, "{:?}", verdict);
    }
}
