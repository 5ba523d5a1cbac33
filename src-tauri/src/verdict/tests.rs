use super::*;
use crate::model::{Exit, Fact, Origin, Registration};
use crate::problem::{Code, Problem};

/// One observation of each kind of fact, for tables over all combinations.
pub fn fact<T>(value: T) -> Fact<T> {
    Fact { value, source: "test".to_owned(), read_at: "2026-11-22T12:00:00Z".parse().unwrap() }
}

pub fn registration(autostart: Autostart) -> Registered {
    Registered::Present(Box::new(Registration {
        file: "/home/anna/.config/systemd/user/openclaw-gateway.service".to_owned(),
        drop_ins: Vec::new(),
        autostart,
        origin: Origin::Gateward,
        command: ["node", "index.js", "gateway", "--port", "18789"].map(str::to_owned).into(),
        working_dir: None,
        environment: Vec::new(),
        stale: false,
        lingers: Some(true),
        flaws: Vec::new(),
        text: None,
    }))
}

fn unknown() -> Problem {
    Problem::new(Code::NoUserBus)
}

pub fn owned(belongs: Belongs, started_by: Option<&str>) -> PortUse {
    let owner = Listener {
        pid: 42,
        program: "node".to_owned(),
        command: Vec::new(),
        user: "anna".to_owned(),
        since: None,
        address: "127.0.0.1:18789".to_owned(),
        started_by: started_by.map(str::to_owned),
        belongs,
    };
    PortUse::Owned { port: 18789, owner }
}

pub fn exit(exit: Exit) -> Option<ExitRecord> {
    Some(ExitRecord { exit, at: None, pid: None, result: None })
}

const KILLED: Exit = Exit::Signal { signal: 9, core: false };
const CONFIG: Exit = Exit::Code { code: 78 };
const CLEAN: Exit = Exit::Code { code: 0 };

pub fn run(age_s: i64, restarts: u32) -> Supervised {
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    Supervised::Running(Run {
        pid: 42,
        since: Some(now - SignedDuration::from_secs(age_s)),
        restarts,
        last_exit: None,
    })
}

fn all_registered() -> Vec<Registered> {
    let file = "/u".to_owned();
    let autostarts = [Autostart::On, Autostart::Off, Autostart::Blocked, Autostart::Unknown];
    let mut all: Vec<_> = autostarts.into_iter().map(registration).collect();
    all.extend([Registered::Missing { file: file.clone() }, Registered::Unknown { file, why: unknown() }]);
    all
}

fn all_supervised() -> Vec<Supervised> {
    let mut all = vec![
        run(1, 0),
        run(1, 5),
        run(9999, 0),
        run(9999, 5),
        Supervised::Starting,
        Supervised::Stopping { pid: None, until: None },
        Supervised::Unloaded,
        Supervised::Absent,
        Supervised::Unknown { why: unknown() },
    ];
    for last_exit in [None, exit(KILLED), exit(CONFIG), exit(CLEAN)] {
        all.push(Supervised::Stopped { last_exit: last_exit.clone() });
        for restarts in [0, 9] {
            all.push(Supervised::Waiting { last_exit: last_exit.clone(), restarts });
            all.push(Supervised::GaveUp { last_exit: last_exit.clone(), restarts });
        }
    }
    all
}

fn all_ports() -> Vec<PortUse> {
    let mut all = vec![
        PortUse::Free { port: 18789 },
        PortUse::Hidden { port: 18789 },
        PortUse::Unknown { port: 18789, why: unknown() },
    ];
    for belongs in [Belongs::Service, Belongs::Gateway, Belongs::Stranger] {
        all.extend([owned(belongs, None), owned(belongs, Some("other.service"))]);
    }
    all
}

fn all_answers() -> Vec<Answers> {
    vec![
        Answers::Ready { version: None, latency_ms: 4 },
        Answers::Live { failing: Vec::new(), latency_ms: 4 },
        Answers::Silent { waited_ms: 2000 },
        Answers::Refused,
        Answers::NotGateway { saw: "HTTP 200 text/html".to_owned() },
        Answers::Unknown { why: unknown() },
    ]
}

pub fn observation(
    registered: Registered,
    supervised: Supervised,
    port: PortUse,
    answers: Answers,
) -> Observation {
    Observation {
        registered: fact(registered),
        supervised: fact(supervised),
        port: fact(port),
        answers: fact(answers),
        installed: Default::default(),
    }
}

/// Every combination of the four facts.
pub fn every_observation() -> Vec<Observation> {
    let mut all = Vec::new();
    for registered in all_registered() {
        for supervised in all_supervised() {
            for port in all_ports() {
                for answers in all_answers() {
                    all.push(observation(registered.clone(), supervised.clone(), port.clone(), answers));
                }
            }
        }
    }
    all
}

#[test]
fn a_manager_that_cannot_be_asked_is_unknown_and_never_stopped() {
    for seen in every_observation() {
        if matches!(seen.supervised.value, Supervised::Unknown { .. }) {
            assert_eq!(judge(&seen), Verdict::Unknown);
        }
    }
}

#[test]
fn ready_needs_a_running_process_and_its_own_answer() {
    for seen in every_observation() {
        if judge(&seen) == Verdict::Ready {
            assert!(matches!(seen.supervised.value, Supervised::Running(_)), "{seen:?}");
            assert!(matches!(seen.answers.value, Answers::Ready { .. }), "{seen:?}");
            let foreign =
                matches!(&seen.port.value, PortUse::Owned { owner, .. } if owner.belongs != Belongs::Service);
            assert!(!foreign, "{seen:?}");
        }
    }
}

#[test]
fn a_running_process_is_never_called_stopped() {
    let at_rest =
        [Verdict::Stopped, Verdict::NotInstalled, Verdict::Disabled, Verdict::Unloaded, Verdict::GaveUp];
    for seen in every_observation() {
        if matches!(seen.supervised.value, Supervised::Running(_) | Supervised::Stopping { .. }) {
            assert!(!at_rest.contains(&judge(&seen)), "{seen:?}");
        }
    }
}

#[test]
fn a_stopped_service_with_a_gateway_on_its_port_is_never_simply_stopped() {
    for seen in every_observation() {
        let gateway =
            matches!(&seen.port.value, PortUse::Owned { owner, .. } if owner.belongs != Belongs::Stranger);
        if gateway && matches!(seen.supervised.value, Supervised::Stopped { .. }) {
            assert!(matches!(judge(&seen), Verdict::Orphan | Verdict::TwoManagers), "{seen:?}");
        }
    }
}

/// One row per verdict: what has to be true for it.
#[test]
fn each_verdict_has_its_meaning() {
    let on = || registration(Autostart::On);
    let free = || PortUse::Free { port: 18789 };
    let mine = || owned(Belongs::Service, None);
    let ready = || Answers::Ready { version: None, latency_ms: 4 };
    let live = || Answers::Live { failing: Vec::new(), latency_ms: 4 };
    let stopped = |exit| Supervised::Stopped { last_exit: exit };
    let missing = || Registered::Missing { file: "/u".to_owned() };
    let silent = || Answers::Silent { waited_ms: 2000 };
    let rows = [
        (missing(), Supervised::Absent, free(), Answers::Refused, Verdict::NotInstalled),
        (
            missing(),
            Supervised::Absent,
            owned(Belongs::Stranger, None),
            Answers::Refused,
            Verdict::NotInstalled,
        ),
        (on(), stopped(None), free(), Answers::Refused, Verdict::Stopped),
        (on(), stopped(exit(KILLED)), free(), Answers::Refused, Verdict::Stopped),
        (registration(Autostart::Off), stopped(None), free(), Answers::Refused, Verdict::Disabled),
        (registration(Autostart::Blocked), stopped(None), free(), Answers::Refused, Verdict::Disabled),
        (on(), Supervised::Starting, free(), Answers::Refused, Verdict::Starting),
        (on(), run(3, 0), free(), Answers::Refused, Verdict::Starting),
        (on(), run(3, 0), mine(), live(), Verdict::Starting),
        (
            on(),
            Supervised::Waiting { last_exit: exit(CLEAN), restarts: 9 },
            free(),
            Answers::Refused,
            Verdict::Starting,
        ),
        (on(), run(3, 0), mine(), ready(), Verdict::Ready),
        (on(), run(9999, 9), mine(), ready(), Verdict::Ready),
        (on(), run(9999, 0), mine(), live(), Verdict::Degraded),
        (on(), run(9999, 0), free(), Answers::Refused, Verdict::Degraded),
        (missing(), run(9999, 0), mine(), ready(), Verdict::Degraded),
        (on(), run(9999, 0), mine(), silent(), Verdict::Hung),
        (on(), Supervised::Stopping { pid: Some(1), until: None }, mine(), ready(), Verdict::Stopping),
        (
            on(),
            Supervised::Waiting { last_exit: exit(KILLED), restarts: 3 },
            free(),
            Answers::Refused,
            Verdict::CrashLoop,
        ),
        (on(), run(3, 5), free(), Answers::Refused, Verdict::CrashLoop),
        (
            on(),
            Supervised::GaveUp { last_exit: exit(KILLED), restarts: 10 },
            free(),
            Answers::Refused,
            Verdict::GaveUp,
        ),
        (
            on(),
            Supervised::GaveUp { last_exit: exit(CONFIG), restarts: 0 },
            free(),
            Answers::Refused,
            Verdict::ConfigError,
        ),
        (on(), stopped(exit(CONFIG)), free(), Answers::Refused, Verdict::ConfigError),
        (on(), stopped(None), owned(Belongs::Gateway, None), ready(), Verdict::Orphan),
        (on(), stopped(None), mine(), ready(), Verdict::Orphan),
        (on(), run(9999, 0), owned(Belongs::Stranger, None), Answers::Refused, Verdict::ForeignOwner),
        (on(), stopped(None), owned(Belongs::Stranger, None), Answers::Refused, Verdict::ForeignOwner),
        (on(), run(9999, 0), owned(Belongs::Gateway, Some("other.service")), ready(), Verdict::TwoManagers),
        (on(), Supervised::Unloaded, free(), Answers::Refused, Verdict::Unloaded),
        (registration(Autostart::Off), Supervised::Unloaded, free(), Answers::Refused, Verdict::Disabled),
        (
            on(),
            Supervised::Waiting { last_exit: exit(CONFIG), restarts: 1 },
            free(),
            Answers::Refused,
            Verdict::ConfigError,
        ),
        (missing(), Supervised::Absent, owned(Belongs::Gateway, None), ready(), Verdict::External),
        (missing(), Supervised::Absent, PortUse::Hidden { port: 1 }, ready(), Verdict::External),
        (missing(), Supervised::Absent, owned(Belongs::Stranger, None), ready(), Verdict::External),
        (on(), stopped(None), owned(Belongs::Stranger, None), live(), Verdict::Orphan),
        (on(), stopped(None), owned(Belongs::Stranger, Some("pm2")), ready(), Verdict::TwoManagers),
        (on(), Supervised::Unloaded, owned(Belongs::Gateway, Some("X.app")), ready(), Verdict::TwoManagers),
        (on(), Supervised::Unloaded, PortUse::Hidden { port: 1 }, ready(), Verdict::External),
        (on(), Supervised::Unknown { why: unknown() }, mine(), ready(), Verdict::Unknown),
    ];
    let mut named: Vec<Verdict> = Vec::new();
    for (registered, supervised, port, answers, wanted) in rows {
        let seen = observation(registered, supervised, port, answers);
        assert_eq!(judge(&seen), wanted, "{seen:#?}");
        named.push(wanted);
    }
    assert!(Verdict::ALL.iter().all(|verdict| named.contains(verdict)), "a verdict without a row");
}
