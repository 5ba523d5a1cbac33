use super::*;
use crate::model::Observation;
use crate::model::{Answers, Autostart, By, ExitRecord, Manager, PortUse, SCHEMA, Verdict};
use crate::verdict::tests::{fact, registration};

const NOON: &str = "2026-11-22T12:00:00Z";

const KILLED: Exit = Exit::Signal { signal: 9, core: false };

fn incident(kind: IncidentKind, exit: Option<Exit>) -> Incident {
    Incident {
        id: 1,
        profile: "default".to_owned(),
        at: NOON.parse().unwrap(),
        kind,
        pid: Some(7),
        exit,
        uptime_s: Some(10_800),
        restarts: Some(1),
        last_words: Vec::new(),
        by: By::Itself,
        detail: None,
    }
}

fn state(verdict: Verdict, supervised: Supervised) -> GatewayState {
    GatewayState {
        schema: SCHEMA,
        profile: "default".to_owned(),
        manager: Manager::Systemd,
        verdict,
        observation: Observation {
            registered: fact(registration(Autostart::On)),
            supervised: fact(supervised),
            port: fact(PortUse::Free { port: 18789 }),
            answers: fact(Answers::Refused),
            installed: Default::default(),
        },
        incidents: Vec::new(),
        remarks: Vec::new(),
        prospects: Vec::new(),
        busy: None,
        problem: None,
        credentials: None,
    }
}

fn waiting() -> GatewayState {
    let record = ExitRecord { exit: KILLED, at: None, pid: Some(7), result: None };
    state(Verdict::Starting, Supervised::Waiting { last_exit: Some(record), restarts: 0 })
}

fn shown(incident: &Incident, state: &GatewayState) -> Notice {
    notice(incident, state, &Words::english())
}

#[test]
fn a_crash_notice_says_what_how_long_and_what_comes_next() {
    let notice = shown(&incident(IncidentKind::Crash, Some(KILLED)), &waiting());
    assert_eq!(notice.title, "Gateway crashed");
    assert_eq!(
        notice.body,
        "Process killed by signal 9 (SIGKILL) after running 3 h. It will be started again by itself."
    );
    assert!(!notice.urgent);
}

#[test]
fn a_crash_notice_offers_restart_and_logs() {
    let buttons = shown(&incident(IncidentKind::Crash, Some(KILLED)), &waiting()).buttons;
    let labels: Vec<_> = buttons.iter().map(|button| button.label.as_str()).collect();
    assert_eq!(labels, ["Restart", "Show logs"]);
    assert_eq!(buttons[0].request, Request::Act { action: Action::Restart });
    assert_eq!(buttons[1].request, Request::Open { page: Page::Logs });
}

#[test]
fn nothing_is_promised_while_it_is_open_what_comes_next() {
    let stopping = state(Verdict::Stopping, Supervised::Stopping { pid: None, until: None });
    let body = shown(&incident(IncidentKind::Crash, Some(KILLED)), &stopping).body;
    assert_eq!(body, "Process killed by signal 9 (SIGKILL) after running 3 h.");
}

#[test]
fn exit_78_is_explained() {
    let config = Exit::Code { code: 78 };
    let stopped = state(Verdict::ConfigError, Supervised::Stopped { last_exit: None });
    let notice = shown(&incident(IncidentKind::ConfigError, Some(config)), &stopped);
    assert_eq!(notice.title, "Gateway refuses its configuration");
    assert!(notice.body.starts_with("Ended with exit code 78 (configuration error: "), "{}", notice.body);
    assert!(notice.urgent);
}

#[test]
fn a_loop_is_called_one_with_its_count() {
    let crash = incident(IncidentKind::Crash, Some(KILLED));
    let state = GatewayState { incidents: vec![crash.clone(), crash.clone(), crash.clone()], ..waiting() };
    let notice = shown(&crash, &state);
    assert_eq!(notice.title, "Gateway keeps crashing");
    assert!(notice.body.starts_with("3 crashes within ten minutes. "), "{}", notice.body);
    assert!(notice.urgent);
}

#[test]
fn a_named_gateway_is_named() {
    let crash = Incident { profile: "work".to_owned(), ..incident(IncidentKind::Crash, Some(KILLED)) };
    let notice = shown(&crash, &waiting());
    assert_eq!((notice.title.as_str(), notice.key.as_str()), ("Gateway “work” crashed", "work/trouble"));
}

#[test]
fn the_sentence_of_an_incident_tells_how_and_who() {
    let words = Words::english();
    let stopped = Incident { by: By::Outside, ..incident(IncidentKind::Stopped, None) };
    for (incident, wanted) in [
        (incident(IncidentKind::Crash, Some(KILLED)), "Crashed: killed by signal 9 (SIGKILL), after 3 h"),
        (
            incident(IncidentKind::Crash, Some(Exit::Signal { signal: 35, core: true })),
            "Crashed: killed by signal 35, memory image written, after 3 h",
        ),
        (incident(IncidentKind::Crash, Some(Exit::Code { code: 3 })), "Crashed: exit code 3, after 3 h"),
        (stopped, "Stopped by something else than Gateward, after 3 h"),
        (
            incident(IncidentKind::Restarted, Some(Exit::Code { code: 0 })),
            "Restarted by itself, as planned, after 3 h",
        ),
        // Nobody knows that it was planned: it may have been a crash between two looks.
        (
            incident(IncidentKind::Restarted, None),
            "Restarted by itself; how it ended before was not seen, after 3 h",
        ),
    ] {
        assert_eq!(incident_sentence(&incident, &words), wanted);
    }
}

/// No key may show through, whatever happened and whatever is seen.
#[test]
fn every_incident_has_words_in_every_state() {
    let words = Words::english();
    let exits = [None, Some(KILLED), Some(Exit::Code { code: 78 }), Some(Exit::Code { code: 77 })];
    for kind in IncidentKind::ALL {
        for exit in exits {
            for by in By::ALL {
                let incident = Incident { by: *by, ..incident(*kind, exit) };
                let notice = shown(&incident, &waiting());
                let texts = [incident_sentence(&incident, &words), notice.title, notice.body];
                for text in texts.iter().chain(notice.buttons.iter().map(|button| &button.label)) {
                    let is_key = ["incident-", "notice-", "exit-"].iter().any(|prefix| text.contains(prefix));
                    assert!(!text.is_empty() && !is_key && !text.contains('{'), "{kind:?}: {text}");
                }
            }
        }
    }
}
