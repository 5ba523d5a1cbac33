use super::*;
use crate::identity::{Profile, identify, tests::around};
use crate::incidents::Patience;
use crate::model::{
    Answers, Autostart, Belongs, By, Exit, ExitRecord, IncidentKind, PortUse, Registered, Run, Supervised,
};
use crate::problem::Code;
use crate::system::Scope;
use crate::verdict::judge;
use crate::verdict::tests::{fact, owned, registration};

mod changes;
mod credentials;
mod properties;

/// Noon on the test's first day, when every desk begins.
const NOON: &str = "2026-11-22T12:00:00Z";

/// A model with a clock.
pub struct Desk {
    pub model: Model,
    now: Moment,
}

impl Desk {
    pub fn new() -> Self {
        let id = identify(&Profile::default(), &around(&[]), None).unwrap();
        let now =
            Moment { wall: NOON.parse().unwrap(), clock: Duration::from_secs(100), slept: Duration::ZERO };
        Self { model: Model::new(&id, Manager::Systemd), now }
    }

    /// A desk whose first observation saw `supervised`.
    pub fn seeing(supervised: Supervised) -> Self {
        let mut desk = Self::new();
        desk.feed(Event::Begun);
        desk.sees(supervised);
        desk
    }

    pub fn feed(&mut self, event: Event) -> Vec<Effect> {
        update(&mut self.model, self.now, event)
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now.clock += Duration::from_secs(seconds);
        self.now.wall += SignedDuration::from_secs(i64::try_from(seconds).unwrap());
    }

    /// The machine wakes, and a look begins.
    fn sleeps(&mut self, hours: u32) {
        self.now.wall += SignedDuration::from_hours(i64::from(hours));
        self.now.slept += Duration::from_secs(3600 * u64::from(hours));
        self.feed(Event::TimerFired);
    }

    /// An observation that was wanted arrives, and once more where the first was doubted.
    pub fn sees(&mut self, supervised: Supervised) -> Vec<Effect> {
        self.sees_all(look(supervised))
    }

    fn sees_all(&mut self, look: Look) -> Vec<Effect> {
        let first = self.feed(Event::Observed(look.clone()));
        if first == [Effect::Observe] { self.feed(Event::Observed(look)) } else { first }
    }

    pub fn hears(&mut self, exit: Option<ExitRecord>) -> Vec<Effect> {
        self.feed(Event::Hinted(Hint::Changed { watch: unit(), exit }))
    }

    fn asks(&mut self, action: Action) -> Vec<Effect> {
        self.feed(Event::Asked(Request::Act { action }))
    }

    fn is_done(&mut self, action: Action, supervised: Supervised) -> Vec<Effect> {
        self.pass(1);
        self.feed(Event::Done { action, result: Ok(look(supervised)) })
    }

    fn kinds(&self) -> Vec<IncidentKind> {
        self.model.incidents.iter().rev().map(|incident| incident.kind).collect()
    }

    fn last(&self) -> &Incident {
        &self.model.incidents[0]
    }

    fn crash(&self) -> &Incident {
        self.model.incidents.iter().find(|incident| incident.kind == IncidentKind::Crash).unwrap()
    }
}

pub fn unit() -> Watch {
    Watch::Unit { unit: "openclaw-gateway.service".to_owned(), scope: Scope::User }
}

/// A running gateway is ready; everything else holds no port.
pub fn look(supervised: Supervised) -> Look {
    let is_up = matches!(supervised, Supervised::Running(_));
    let seen = Observation {
        registered: fact(registration(Autostart::On)),
        port: fact(if is_up { owned(Belongs::Service, None) } else { PortUse::Free { port: 18789 } }),
        answers: fact(if is_up { Answers::Ready { version: None, latency_ms: 4 } } else { Answers::Refused }),
        supervised: fact(supervised),
        installed: Default::default(),
    };
    Look { seen, watches: vec![unit()], config: None, patience: Patience::default() }
}

fn silent(supervised: Supervised) -> Look {
    let mut look = look(supervised);
    look.seen.answers = fact(Answers::Silent { waited_ms: 2000 });
    look
}

pub fn running(pid: u32, restarts: u32) -> Supervised {
    let since = "2026-11-22T11:00:00Z".parse().ok();
    Supervised::Running(Run { pid, since, restarts, last_exit: None })
}

pub fn killed(pid: u32) -> ExitRecord {
    let exit = Exit::Signal { signal: 9, core: false };
    ExitRecord { exit, at: NOON.parse().ok(), pid: Some(pid), result: Some("signal".to_owned()) }
}

fn ended(pid: u32, code: i32) -> ExitRecord {
    let result = if code == 0 { "success" } else { "exit-code" };
    ExitRecord { exit: Exit::Code { code }, result: Some(result.to_owned()), ..killed(pid) }
}

pub fn waiting(record: ExitRecord) -> Supervised {
    Supervised::Waiting { last_exit: Some(record), restarts: 0 }
}

pub fn notified(effects: &[Effect]) -> Vec<IncidentKind> {
    let shown = |effect: &Effect| match effect {
        Effect::Notify(incident) => Some(incident.kind),
        _ => None,
    };
    effects.iter().filter_map(shown).collect()
}

fn armed(effects: &[Effect]) -> Option<Duration> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Arm(duration) => Some(*duration),
        _ => None,
    })
}

mod crashes {
    use super::*;

    #[test]
    fn a_killed_gateway_is_one_crash_with_signal_uptime_and_restarts() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(killed(7)));
        let effects = desk.sees(waiting(killed(7)));
        assert_eq!(notified(&effects), [IncidentKind::Crash]);
        assert_eq!(desk.kinds(), [IncidentKind::Crash]);
        let crash = desk.last();
        assert_eq!(
            (crash.pid, crash.exit, crash.uptime_s, crash.restarts, crash.by),
            (Some(7), Some(Exit::Signal { signal: 9, core: false }), Some(3600), Some(0), By::Itself)
        );
    }

    #[test]
    fn a_crash_is_stored_at_once_and_its_last_words_are_read() {
        let mut desk = Desk::seeing(running(7, 0));
        let effects = desk.sees(waiting(killed(7)));
        let crash = desk.last().clone();
        assert!(effects.contains(&Effect::Store(crash.clone())));
        assert!(effects.contains(&Effect::ReadLastWords(crash)));
    }

    #[test]
    fn evidence_in_a_signal_counts_even_when_the_manager_has_forgotten_it() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(killed(7)));
        desk.sees(running(8, 1));
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Recovered]);
        assert_eq!(desk.crash().pid, Some(7));
    }

    #[test]
    fn a_record_that_arrives_again_and_again_is_one_crash() {
        let mut desk = Desk::seeing(running(7, 0));
        for _ in 0..3 {
            desk.hears(Some(killed(7)));
            desk.sees(waiting(killed(7)));
        }
        desk.hears(Some(killed(7)));
        desk.sees(running(8, 1));
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Recovered]);
    }

    #[test]
    fn evidence_is_judged_by_an_observation_that_began_after_it() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(None);
        desk.hears(Some(ended(7, 0)));
        desk.feed(Event::Observed(look(running(7, 0))));
        assert_eq!(desk.kinds(), []);
        desk.sees(Supervised::Stopped { last_exit: Some(ended(7, 0)) });
        assert_eq!((desk.kinds(), desk.last().by), (vec![IncidentKind::Stopped], By::Outside));
    }

    #[test]
    fn evidence_heard_during_an_observation_that_shows_the_next_process_counts() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(None);
        desk.hears(Some(killed(7)));
        desk.feed(Event::Observed(look(running(8, 1))));
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Recovered]);
    }

    #[test]
    fn a_manager_that_names_no_pid_still_gives_one_crash() {
        let mut desk = Desk::seeing(running(7, 0));
        let nameless = ExitRecord { pid: None, at: None, ..killed(7) };
        desk.sees(waiting(nameless.clone()));
        desk.sees(waiting(nameless.clone()));
        let after = Run { pid: 8, since: None, restarts: 1, last_exit: Some(nameless) };
        desk.sees(Supervised::Running(after));
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Recovered]);
        assert_eq!(desk.crash().pid, Some(7));
    }

    #[test]
    fn a_pid_used_again_an_hour_later_can_crash_again() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(waiting(killed(7)));
        desk.pass(3600);
        let since = "2026-11-22T12:30:00Z".parse().ok();
        desk.sees(Supervised::Running(Run { pid: 7, since, restarts: 1, last_exit: None }));
        desk.sees(waiting(ExitRecord { at: "2026-11-22T13:00:00Z".parse().ok(), ..killed(7) }));
        let crashes = desk.kinds().into_iter().filter(|kind| *kind == IncidentKind::Crash).count();
        assert_eq!(crashes, 2);
    }

    #[test]
    fn a_crash_seen_only_by_polling_late_is_dated_by_its_record_and_told_once() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.pass(30);
        let after = Run {
            pid: 8,
            since: "2026-11-22T12:00:05Z".parse().ok(),
            restarts: 1,
            last_exit: Some(killed(7)),
        };
        desk.sees(Supervised::Running(after));
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Recovered]);
        assert_eq!(desk.crash().at, NOON.parse().unwrap());
    }

    /// launchd's record names neither process nor moment; the kernel's names both.
    #[test]
    fn an_end_told_by_kernel_and_manager_is_one_crash() {
        let undated = ExitRecord { at: None, pid: None, ..killed(7) };
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(ExitRecord { result: None, ..killed(7) }));
        desk.sees(Supervised::Waiting { last_exit: Some(undated.clone()), restarts: 0 });
        desk.sees(Supervised::Running(Run { pid: 8, since: None, restarts: 0, last_exit: Some(undated) }));
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Recovered]);
    }

    #[test]
    fn a_process_that_somebody_replaced_through_the_manager_did_not_crash() {
        let heard = ExitRecord { result: None, ..killed(7) };
        let told = ExitRecord { at: None, pid: None, result: Some("success".to_owned()), ..killed(7) };
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(heard));
        desk.sees(Supervised::Running(Run { pid: 8, since: None, restarts: 0, last_exit: Some(told) }));
        assert_eq!(desk.kinds(), [IncidentKind::Restarted]);
    }

    #[test]
    fn exit_78_is_a_configuration_error_and_urgent_once() {
        let mut desk = Desk::seeing(running(7, 0));
        let effects = desk.sees(Supervised::Stopped { last_exit: Some(ended(7, 78)) });
        assert_eq!(notified(&effects), [IncidentKind::ConfigError]);
        desk.sees(Supervised::GaveUp { last_exit: Some(ended(7, 78)), restarts: 0 });
        assert_eq!(desk.kinds(), [IncidentKind::ConfigError]);
    }

    #[test]
    fn a_passing_failed_state_is_looked_at_again_before_anything_is_said() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(killed(7)));
        let gave_up = Supervised::GaveUp { last_exit: Some(killed(7)), restarts: 0 };
        assert_eq!(desk.feed(Event::Observed(look(gave_up))), [Effect::Observe]);
        desk.feed(Event::Observed(look(waiting(killed(7)))));
        assert_eq!(desk.kinds(), [IncidentKind::Crash]);
    }

    /// The manager waits after the crash of one process; the next one came and was stopped while it was looked at.
    #[test]
    fn a_look_from_before_a_process_existed_says_nothing_of_its_end() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(killed(7)));
        desk.hears(Some(ended(8, 0)));
        desk.sees(waiting(killed(7)));
        desk.sees(Supervised::Stopped { last_exit: Some(ended(8, 0)) });
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Stopped]);
    }

    #[test]
    fn what_ended_after_the_process_that_was_seen_is_told_by_the_next_look() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(None);
        desk.hears(Some(killed(7)));
        desk.hears(Some(ended(8, 0)));
        desk.sees(running(7, 0));
        assert_eq!(desk.kinds(), []);
        desk.sees(Supervised::Stopped { last_exit: Some(ended(8, 0)) });
        assert_eq!(desk.kinds(), [IncidentKind::Crash, IncidentKind::Stopped]);
    }

    #[test]
    fn last_words_are_redacted_and_join_the_incident() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(waiting(killed(7)));
        let lines = vec!["boom".to_owned(), "token=hunter2".to_owned()];
        let of = desk.last().clone();
        let effects = desk.feed(Event::WordsRead { of, lines });
        assert_eq!(desk.last().last_words, ["boom", "token=••••••"]);
        assert_eq!(effects[0], Effect::Store(desk.last().clone()));
    }

    #[test]
    fn trouble_found_at_the_very_beginning_is_told_with_its_own_date() {
        let mut desk = Desk::new();
        desk.feed(Event::Begun);
        let effects = desk.sees(Supervised::GaveUp { last_exit: Some(killed(7)), restarts: 10 });
        assert_eq!(notified(&effects), [IncidentKind::GaveUp]);
        assert_eq!(desk.last().at, NOON.parse().unwrap());
    }

    #[test]
    fn an_old_crash_of_a_gateway_that_runs_again_is_no_news() {
        let mut desk = Desk::new();
        desk.feed(Event::Begun);
        let run = Run { pid: 8, since: None, restarts: 1, last_exit: Some(killed(7)) };
        let effects = desk.sees(Supervised::Running(run));
        assert_eq!((desk.kinds(), notified(&effects)), (vec![], vec![]));
    }
}

mod ends_without_alarm {
    use super::*;

    #[test]
    fn a_crash_just_before_somebody_presses_stop_is_still_a_crash() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(killed(7)));
        desk.asks(Action::Stop);
        desk.sees(waiting(killed(7)));
        assert_eq!(desk.kinds(), [IncidentKind::Crash]);
    }

    #[test]
    fn a_planned_restart_raises_the_counter_and_no_alarm() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(ended(7, 0)));
        let effects = desk.sees(running(8, 1));
        assert_eq!((desk.kinds(), notified(&effects)), (vec![IncidentKind::Restarted], vec![]));
        assert_eq!(desk.last().by, By::Itself);
    }

    #[test]
    fn a_risen_counter_alone_proves_no_crash() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(running(8, 3));
        assert_eq!(desk.kinds(), [IncidentKind::Restarted]);
    }

    #[test]
    fn somebody_elses_restart_sets_the_counter_back_and_is_theirs() {
        let mut desk = Desk::seeing(running(7, 2));
        desk.hears(Some(ended(7, 0)));
        desk.sees(running(8, 0));
        assert_eq!((desk.kinds(), desk.last().by), (vec![IncidentKind::Restarted], By::Outside));
    }

    #[test]
    fn a_stop_by_somebody_else_is_a_stop_and_no_alarm() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(None);
        desk.sees(Supervised::Stopping { pid: Some(7), until: None });
        desk.hears(Some(ended(7, 0)));
        let effects = desk.sees(Supervised::Stopped { last_exit: Some(ended(7, 0)) });
        assert_eq!((desk.kinds(), notified(&effects)), (vec![IncidentKind::Stopped], vec![]));
        assert_eq!(desk.last().by, By::Outside);
    }

    #[test]
    fn a_stop_of_ours_can_be_cut_short_while_it_is_under_way() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Stop);
        assert_eq!(desk.feed(Event::Asked(Request::ForceStop)), [Effect::CutShort]);
    }

    #[test]
    fn a_stop_seen_under_way_excuses_a_failing_end() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(Supervised::Stopping { pid: Some(7), until: None });
        let record = ExitRecord { result: Some("timeout".to_owned()), ..killed(7) };
        desk.sees(Supervised::Stopped { last_exit: Some(record) });
        assert_eq!((desk.kinds(), desk.last().by), (vec![IncidentKind::Stopped], By::Outside));
    }

    #[test]
    fn cleaning_up_after_a_crash_is_no_stop() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.hears(Some(killed(7)));
        desk.sees(Supervised::Stopping { pid: None, until: None });
        desk.sees(waiting(killed(7)));
        assert_eq!(desk.kinds(), [IncidentKind::Crash]);
    }

    #[test]
    fn a_death_by_sigterm_that_the_manager_calls_success_is_no_crash() {
        let mut desk = Desk::seeing(running(7, 0));
        let exit = Exit::Signal { signal: 15, core: false };
        desk.hears(Some(ExitRecord { exit, ..ended(7, 0) }));
        desk.sees(running(8, 1));
        assert_eq!(desk.kinds(), [IncidentKind::Restarted]);
    }

    #[test]
    fn our_own_stop_is_ours_even_when_it_takes_a_kill() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Stop);
        desk.hears(Some(killed(7)));
        let effects = desk.is_done(Action::Stop, Supervised::Stopped { last_exit: Some(killed(7)) });
        assert_eq!((desk.kinds(), notified(&effects)), (vec![IncidentKind::Stopped], vec![]));
        assert_eq!(desk.last().by, By::Gateward);
    }

    #[test]
    fn our_own_restart_is_one_incident() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Restart);
        desk.hears(Some(ended(7, 143)));
        desk.sees(Supervised::Stopped { last_exit: Some(ended(7, 143)) });
        desk.is_done(Action::Restart, running(8, 0));
        desk.sees(running(8, 0));
        assert_eq!((desk.kinds(), desk.last().by), (vec![IncidentKind::Restarted], By::Gateward));
    }

    #[test]
    fn our_own_stop_stays_ours_when_the_clock_is_set_back_meanwhile() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Stop);
        desk.now.wall -= SignedDuration::from_hours(1);
        let record = ExitRecord { at: Some(desk.now.wall), ..killed(7) };
        desk.hears(Some(record.clone()));
        desk.is_done(Action::Stop, Supervised::Stopped { last_exit: Some(record) });
        let kinds = vec![IncidentKind::ClockJumped, IncidentKind::Stopped];
        assert_eq!((desk.kinds(), desk.last().by), (kinds, By::Gateward));
    }

    #[test]
    fn a_late_signal_of_our_own_stop_is_no_crash() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Restart);
        desk.is_done(Action::Restart, running(8, 0));
        desk.sees(running(8, 0));
        desk.hears(Some(killed(7)));
        let effects = desk.sees(running(8, 0));
        assert_eq!((desk.kinds(), notified(&effects)), (vec![IncidentKind::Restarted], vec![]));
    }

    #[test]
    fn what_our_restart_started_can_crash_like_any_other() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Restart);
        desk.is_done(Action::Restart, running(8, 0));
        desk.sees(running(8, 0));
        desk.hears(Some(killed(8)));
        let effects = desk.sees(waiting(killed(8)));
        assert_eq!(notified(&effects), [IncidentKind::Crash]);
    }

    #[test]
    fn a_failed_stop_leaves_the_gateway_crashable() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Stop);
        desk.feed(Event::Done { action: Action::Stop, result: Err(Problem::new(Code::StepFailed)) });
        desk.sees(running(7, 0));
        let effects = desk.sees(waiting(killed(7)));
        assert_eq!(notified(&effects), [IncidentKind::Crash]);
    }

    #[test]
    fn installing_and_removing_are_told_with_who_did_it() {
        let mut desk = Desk::new();
        desk.feed(Event::Begun);
        let mut missing = look(Supervised::Absent);
        missing.seen.registered = fact(Registered::Missing { file: "/u".to_owned() });
        desk.feed(Event::Observed(missing.clone()));
        desk.asks(Action::Install);
        desk.is_done(Action::Install, running(7, 0));
        desk.sees(running(7, 0));
        desk.feed(Event::TimerFired);
        desk.sees_all(missing);
        let told: Vec<_> =
            desk.model.incidents.iter().rev().map(|incident| (incident.kind, incident.by)).collect();
        assert!(told.contains(&(IncidentKind::Installed, By::Gateward)), "{told:?}");
        assert!(told.contains(&(IncidentKind::Uninstalled, By::Outside)), "{told:?}");
        assert!(told.contains(&(IncidentKind::Started, By::Gateward)), "{told:?}");
    }

    #[test]
    fn a_removal_of_ours_that_leaves_no_record_of_the_end_is_told_as_ours() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Uninstall);
        desk.is_done(Action::Uninstall, Supervised::Absent);
        desk.sees(Supervised::Absent);
        let told: Vec<_> = desk.model.incidents.iter().map(|it| (it.kind, it.by, it.pid)).collect();
        assert!(told.contains(&(IncidentKind::Stopped, By::Gateward, Some(7))), "{told:?}");
    }

    #[test]
    fn an_unknown_state_in_between_is_no_stop() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(Supervised::Unknown { why: Problem::new(Code::NoUserBus) });
        desk.sees(running(7, 0));
        assert_eq!(desk.kinds(), []);
    }
}

mod notices {
    use super::*;

    /// One crash after the other, each with a new process.
    fn crash(desk: &mut Desk, pid: u32) -> Vec<Effect> {
        let at = desk.now.wall;
        desk.hears(Some(ExitRecord { at: Some(at), ..killed(pid) }));
        desk.sees(running(pid + 1, pid))
    }

    #[test]
    fn a_crash_loop_is_told_in_stages_and_not_once_per_crash() {
        let mut desk = Desk::seeing(running(1, 0));
        let mut shown = Vec::new();
        for pid in 1..20 {
            desk.pass(3);
            shown.extend(notified(&crash(&mut desk, pid)));
        }
        let record = ExitRecord { at: Some(desk.now.wall), ..killed(20) };
        desk.hears(Some(record.clone()));
        shown.extend(notified(&desk.sees(Supervised::GaveUp { last_exit: Some(record), restarts: 20 })));
        assert_eq!(
            shown,
            [IncidentKind::Crash, IncidentKind::Recovered, IncidentKind::Crash, IncidentKind::GaveUp]
        );
        assert_eq!(desk.kinds().iter().filter(|kind| **kind == IncidentKind::Crash).count(), 20);
    }

    #[test]
    fn recovery_is_told_once_and_takes_the_trouble_back() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(waiting(killed(7)));
        let effects = desk.sees(running(8, 1));
        assert!(effects.contains(&Effect::CloseNotice));
        assert_eq!(notified(&effects), [IncidentKind::Recovered]);
        assert_eq!(notified(&desk.sees(running(8, 1))), []);
    }

    #[test]
    fn a_crash_after_long_quiet_is_a_first_one_again() {
        let mut desk = Desk::seeing(running(7, 0));
        crash(&mut desk, 7);
        desk.pass(5);
        desk.sees(running(8, 1));
        for _ in 0..2 {
            desk.pass(700);
            desk.sees(running(8, 1));
        }
        assert_eq!(notified(&crash(&mut desk, 8))[0], IncidentKind::Crash);
    }

    #[test]
    fn one_silent_answer_is_no_hang_but_ten_seconds_of_them_are() {
        let mut desk = Desk::seeing(running(7, 0));
        assert_eq!(notified(&desk.sees_all(silent(running(7, 0)))), []);
        desk.pass(5);
        assert_eq!(notified(&desk.sees_all(silent(running(7, 0)))), []);
        desk.pass(5);
        assert_eq!(notified(&desk.sees_all(silent(running(7, 0)))), [IncidentKind::Hung]);
        desk.pass(5);
        assert_eq!(notified(&desk.sees_all(silent(running(7, 0)))), []);
        assert_eq!(notified(&desk.sees(running(7, 0))), [IncidentKind::Recovered]);
    }

    #[test]
    fn who_has_answered_once_is_not_starting_when_it_falls_silent() {
        let young = |pid| {
            let since = NOON.parse().ok();
            Supervised::Running(Run { pid, since, restarts: 0, last_exit: None })
        };
        let mut desk = Desk::seeing(young(7));
        desk.sees_all(silent(young(7)));
        assert_eq!(desk.model.verdict, Verdict::Hung);
        desk.sees_all(silent(young(8)));
        assert_eq!(desk.model.verdict, Verdict::Starting, "another process has not answered yet");
    }

    #[test]
    fn sleep_is_no_hang() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees_all(silent(running(7, 0)));
        desk.now.wall += SignedDuration::from_hours(4);
        desk.now.clock += Duration::from_secs(12);
        assert_eq!(notified(&desk.sees_all(silent(running(7, 0)))), []);
    }

    #[test]
    fn a_crash_that_mends_itself_just_after_sleep_is_no_news() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sleeps(8);
        assert_eq!(notified(&crash(&mut desk, 7)), []);
        assert_eq!(notified(&desk.sees(running(8, 1))), []);
        assert_eq!(desk.kinds()[..2], [IncidentKind::Slept, IncidentKind::Crash]);
        desk.pass(61);
        assert_eq!(notified(&crash(&mut desk, 8))[0], IncidentKind::Crash);
    }

    #[test]
    fn giving_up_just_after_sleep_is_told_all_the_same() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sleeps(8);
        let effects = desk.sees(Supervised::GaveUp { last_exit: Some(killed(7)), restarts: 9 });
        assert!(notified(&effects).contains(&IncidentKind::GaveUp));
    }

    #[test]
    fn the_clock_set_back_does_not_hide_a_crash() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.now.wall -= SignedDuration::from_hours(2);
        desk.hears(Some(ExitRecord { at: Some(desk.now.wall), ..killed(7) }));
        assert_eq!(notified(&desk.sees(running(8, 1)))[0], IncidentKind::Crash);
        assert_eq!(desk.kinds()[..2], [IncidentKind::ClockJumped, IncidentKind::Crash]);
    }

    #[test]
    fn acting_closes_the_notice_about_the_trouble() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(Supervised::GaveUp { last_exit: Some(killed(7)), restarts: 9 });
        assert!(desk.asks(Action::Start).contains(&Effect::CloseNotice));
    }

    #[test]
    fn a_start_of_ours_that_fails_answers_with_its_problem_and_no_notice() {
        let mut desk = Desk::seeing(Supervised::Stopped { last_exit: None });
        desk.asks(Action::Start);
        desk.hears(Some(ended(9, 78)));
        let mut effects = desk.sees(Supervised::Stopped { last_exit: Some(ended(9, 78)) });
        let problem = Problem::new(Code::ConfigError);
        effects.extend(desk.feed(Event::Done { action: Action::Start, result: Err(problem.clone()) }));
        effects.extend(desk.sees(Supervised::Stopped { last_exit: Some(ended(9, 78)) }));
        assert_eq!((notified(&effects), desk.kinds()), (vec![], vec![IncidentKind::ConfigError]));
        assert_eq!(desk.model.problem, Some(problem));
    }
}

mod asking {
    use super::*;

    #[test]
    fn a_second_action_is_answered_and_not_dropped() {
        let mut desk = Desk::seeing(running(7, 0));
        assert!(desk.asks(Action::Restart).contains(&Effect::Act(Action::Restart)));
        let effects = desk.asks(Action::Stop);
        assert_eq!(effects, [Effect::Publish]);
        let problem = desk.model.problem.clone().unwrap();
        assert_eq!((problem.code, problem.values["busy"].as_str()), (Code::AlreadyBusy, "restart"));
        assert_eq!(desk.model.busy.as_ref().unwrap().action, Action::Restart);
    }

    #[test]
    fn success_clears_the_problem_of_the_action_before() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Restart);
        desk.feed(Event::Done { action: Action::Restart, result: Err(Problem::new(Code::StepFailed)) });
        assert!(desk.model.problem.is_some());
        desk.asks(Action::Restart);
        desk.is_done(Action::Restart, running(8, 0));
        assert_eq!((desk.model.problem.clone(), desk.model.busy.clone()), (None, None));
    }

    #[test]
    fn hints_during_an_observation_cause_exactly_one_more() {
        let mut desk = Desk::new();
        assert_eq!(desk.feed(Event::Begun), [Effect::Observe]);
        for _ in 0..5 {
            assert_eq!(desk.hears(None), []);
        }
        let effects = desk.feed(Event::Observed(look(running(7, 0))));
        assert_eq!(effects.iter().filter(|effect| **effect == Effect::Observe).count(), 1);
        assert!(!desk.feed(Event::Observed(look(running(7, 0)))).contains(&Effect::Observe));
    }

    #[test]
    fn an_observation_from_before_the_actions_end_is_not_believed() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Stop);
        desk.hears(None);
        desk.is_done(Action::Stop, Supervised::Stopped { last_exit: None });
        assert_eq!(desk.feed(Event::Observed(look(running(7, 0)))), [Effect::Observe]);
        assert_eq!(desk.model.verdict, Verdict::Stopped);
    }

    #[test]
    fn quitting_waits_for_the_plan_in_flight() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.asks(Action::Restart);
        assert_eq!(desk.feed(Event::Asked(Request::Quit)), []);
        assert!(desk.is_done(Action::Restart, running(8, 0)).contains(&Effect::Quit));
    }

    #[test]
    fn quitting_at_rest_is_at_once() {
        assert_eq!(Desk::seeing(running(7, 0)).feed(Event::Asked(Request::Quit)), [Effect::Quit]);
    }

    #[test]
    fn a_broken_database_is_told_and_stops_nothing() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.feed(Event::StoreFailed(Problem::new(Code::DatabaseUnusable)));
        assert_eq!(desk.model.state().unwrap().problem.unwrap().code, Code::DatabaseUnusable);
        assert_eq!(notified(&desk.sees(waiting(killed(7)))), [IncidentKind::Crash]);
    }

    #[test]
    fn a_stored_incident_bears_its_row() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.sees(waiting(killed(7)));
        let incident = desk.last().clone();
        desk.feed(Event::Stored { incident, id: 12 });
        assert_eq!(desk.last().id, 12);
    }
}

mod watching {
    use super::*;

    fn lost() -> Event {
        Event::Hinted(Hint::Lost { watch: unit(), why: "gone".to_owned() })
    }

    #[test]
    fn at_rest_under_working_watches_only_the_safety_net_is_armed() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.feed(Event::Hinted(Hint::Watching { watch: unit() }));
        assert_eq!(armed(&desk.sees(running(7, 0))), Some(Duration::from_secs(30)));
    }

    #[test]
    fn without_a_watch_it_asks_every_five_seconds() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.feed(lost());
        assert_eq!(armed(&desk.sees(running(7, 0))), Some(Duration::from_secs(5)));
    }

    #[test]
    fn a_configuration_that_cannot_be_watched_is_no_reason_to_ask_more_often() {
        let mut desk = Desk::seeing(running(7, 0));
        let config = Watch::File { path: desk.model.config_path.clone() };
        let mut look = look(running(7, 0));
        look.watches.push(config.clone());
        desk.sees_all(look.clone());
        desk.feed(Event::Hinted(Hint::Lost { watch: config, why: "no instance left".to_owned() }));
        assert_eq!(armed(&desk.sees_all(look)), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_watch_that_works_again_is_followed_by_a_look_and_the_slow_timer() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.feed(lost());
        desk.sees(running(7, 0));
        let watching = Event::Hinted(Hint::Watching { watch: unit() });
        assert_eq!(desk.feed(watching), [Effect::Observe]);
        assert_eq!(armed(&desk.sees(running(7, 0))), Some(Duration::from_secs(30)));
    }

    #[test]
    fn while_something_is_under_way_it_asks_every_two_seconds() {
        for supervised in
            [Supervised::Starting, Supervised::Stopping { pid: None, until: None }, waiting(killed(7))]
        {
            let mut desk = Desk::new();
            desk.feed(Event::Begun);
            assert_eq!(armed(&desk.sees(supervised)), Some(Duration::from_secs(2)));
        }
    }

    #[test]
    fn watches_are_ordered_when_they_change_and_not_again() {
        let mut desk = Desk::new();
        desk.feed(Event::Begun);
        assert!(desk.sees(running(7, 0)).contains(&Effect::Watch(vec![unit()])));
        assert!(!desk.sees(running(8, 0)).iter().any(|effect| matches!(effect, Effect::Watch(_))));
    }

    #[test]
    fn waking_from_sleep_looks_at_once() {
        let mut desk = Desk::seeing(running(7, 0));
        desk.now.wall += SignedDuration::from_hours(8);
        let effects = desk.feed(Event::Asked(Request::DismissProblem));
        assert!(effects.contains(&Effect::Observe));
    }
}
