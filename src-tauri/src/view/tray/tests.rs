use super::*;
use crate::model::{Autostart, Belongs, Busy, Manager, Observation, SCHEMA, Supervised};
use crate::problem::{Code, Problem};
use crate::verdict::tests::{fact, owned, registration, run};
use crate::view::headline;

#[test]
fn the_first_line_is_what_every_view_is_headed_by_without_how_long() {
    let words = Words::english();
    for verdict in Verdict::ALL {
        let state = state(*verdict);
        let drawn = tray(Some(&state), &words, &Extras::default());
        let line = standing(&state, &words);
        assert!(headline(&state, &words).starts_with(&line), "{line}");
        assert_eq!((drawn.menu.first(), &drawn.tooltip), (Some(&Item::Text { label: line.clone() }), &line));
    }
}

#[test]
fn every_verdict_has_its_menu() {
    let menus: String = Verdict::ALL
        .iter()
        .map(|verdict| format!("== {}\n{}\n", name(*verdict), picture(Some(&state(*verdict)))))
        .collect();
    insta::assert_snapshot!(menus);
}

#[test]
fn before_the_first_look_the_menu_says_so() {
    insta::assert_snapshot!(picture(None));
}

#[test]
fn while_something_is_under_way_the_menu_says_what_and_offers_nothing_else() {
    let since = "2026-11-22T12:00:00Z".parse().unwrap();
    let busy = Busy { action: Action::Restart, since };
    insta::assert_snapshot!(picture(Some(&GatewayState { busy: Some(busy), ..state(Verdict::Ready) })));
}

#[test]
fn a_stop_under_way_can_be_cut_short_even_while_it_is_our_own() {
    let since = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut stopping =
        GatewayState { busy: Some(Busy { action: Action::Stop, since }), ..state(Verdict::Stopping) };
    stopping.observation.supervised.value = Supervised::Stopping { pid: Some(7), until: None };
    let offers = |state: &GatewayState| {
        let drawn = tray(Some(state), &Words::english(), &Extras::default());
        drawn
            .menu
            .iter()
            .any(|item| matches!(item, Item::Action { request: Request::ForceStop, blocked: None, .. }))
    };
    assert!(offers(&stopping));
    assert!(!offers(&state(Verdict::Ready)));
}

#[test]
fn the_wizard_is_offered_exactly_where_nothing_is_installed() {
    for verdict in Verdict::ALL {
        let drawn = tray(Some(&state(*verdict)), &Words::english(), &Extras::default());
        let setup = Request::Open { page: Page::Setup };
        let offered = drawn
            .menu
            .iter()
            .any(|item| matches!(item, Item::Action { request, blocked: None, .. } if *request == setup));
        assert_eq!(offered, *verdict == Verdict::NotInstalled, "{verdict:?}");
    }
}

#[test]
fn a_failed_action_is_told_with_its_next_step() {
    let problem = Problem::new(Code::DidNotStart).hint_command("see-logs", "gateward logs");
    insta::assert_snapshot!(picture(Some(&GatewayState {
        problem: Some(problem),
        ..state(Verdict::Stopped)
    })));
}

#[test]
fn a_profile_is_named_in_the_title() {
    let named = GatewayState { profile: "work".to_owned(), ..state(Verdict::Ready) };
    let drawn = tray(Some(&named), &Words::english(), &Extras::default());
    assert_eq!(drawn.title, "Gateward · work");
}

#[test]
fn choosing_start_at_login_asks_for_the_opposite() {
    for on in [true, false] {
        let drawn = tray(None, &Words::english(), &Extras { starts_at_login: Some(on), ..Extras::default() });
        let asked = drawn.menu.iter().find_map(|item| match item {
            Item::Check { request, on, .. } => Some((request.clone(), *on)),
            Item::Text { .. } | Item::Action { .. } | Item::Separator | Item::Submenu { .. } => None,
        });
        assert_eq!(asked, Some((Request::StartAtLogin { on: !on }, on)));
    }
}

#[test]
fn another_profiles_gateway_has_its_own_menu_and_its_items_name_it() {
    let work = GatewayState { profile: "work".to_owned(), ..state(Verdict::Ready) };
    let extras = Extras { others: [("work".to_owned(), Arc::new(work))].into(), ..Extras::default() };
    let drawn = tray(Some(&state(Verdict::Stopped)), &Words::english(), &extras);
    let found = drawn.menu.iter().find_map(|item| match item {
        Item::Submenu { label, items } if label.starts_with("work") => Some((label, items)),
        _ => None,
    });
    let (label, items) = found.unwrap();
    assert_eq!(label, "work: Gateway running · ready");
    let stop =
        Request::Of { profile: "work".to_owned(), request: Box::new(Request::Act { action: Action::Stop }) };
    assert!(items.iter().any(|item| matches!(item, Item::Action { request, .. } if *request == stop)));
    assert!(items.iter().all(|item| match item {
        Item::Action { request, .. } => matches!(request, Request::Of { .. }),
        Item::Separator => true,
        Item::Text { .. } | Item::Check { .. } | Item::Submenu { .. } => false,
    }));
}

#[test]
fn a_menus_lines_stay_narrow() {
    for verdict in Verdict::ALL {
        for item in tray(Some(&state(*verdict)), &Words::english(), &Extras::default()).menu {
            if let Item::Text { label } = item {
                assert!(label.chars().count() <= WIDTH, "{label}");
            }
        }
    }
}

fn state(verdict: Verdict) -> GatewayState {
    GatewayState {
        schema: SCHEMA,
        profile: "default".to_owned(),
        manager: Manager::Systemd,
        verdict,
        observation: observation(verdict),
        incidents: Vec::new(),
        remarks: Vec::new(),
        prospects: Vec::new(),
        busy: None,
        problem: None,
        credentials: None,
    }
}

/// As far as the menu depends on it: a duration only where something runs, a dashboard only where something answers.
fn observation(verdict: Verdict) -> Observation {
    let (supervised, port, answers) = match verdict {
        Verdict::Ready => (run(3 * 3600, 0), Some(Belongs::Service), true),
        Verdict::Degraded => (run(3 * 3600, 0), Some(Belongs::Service), true),
        Verdict::External => (Supervised::Absent, Some(Belongs::Gateway), true),
        _ => (Supervised::Stopped { last_exit: None }, None, false),
    };
    let answers = if answers { Answers::Ready { version: None, latency_ms: 4 } } else { Answers::Refused };
    Observation {
        registered: fact(registration(Autostart::On)),
        supervised: fact(supervised),
        port: fact(port.map_or(PortUse::Free { port: 18789 }, |belongs| owned(belongs, None))),
        answers: fact(answers),
        installed: Default::default(),
    }
}

fn picture(state: Option<&GatewayState>) -> String {
    let drawn = tray(state, &Words::english(), &Extras { starts_at_login: Some(true), ..Extras::default() });
    let lines: String = drawn.menu.iter().map(line).collect();
    format!("({:?}) {}\n{lines}", drawn.tone, drawn.tooltip)
}

fn line(item: &Item) -> String {
    match item {
        Item::Text { label } => format!("    {label}\n"),
        Item::Action { label, blocked: None, .. } => format!("  > {label}\n"),
        Item::Action { label, blocked: Some(why), .. } => format!("  x {label} ({why})\n"),
        Item::Check { label, on, .. } => format!("  {} {label}\n", if *on { "√" } else { "-" }),
        Item::Separator => "    ---\n".to_owned(),
        Item::Submenu { label, items } => {
            let inner: String = items.iter().map(|item| format!("    {}", line(item))).collect();
            format!("  + {label}\n{inner}")
        }
    }
}
