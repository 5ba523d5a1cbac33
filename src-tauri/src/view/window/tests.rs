use super::*;
use crate::model::{
    Answers, Belongs, Busy, By, Exit, Incident, IncidentKind, Listener, Manager, Observation, PortUse,
    SCHEMA, Supervised,
};
use crate::problem::{Code, Problem};
use crate::verdict::tests::every_observation;
use crate::verdict::{judge, prospects};

mod canned;

pub use canned::canned;

fn state(seen: Observation) -> GatewayState {
    GatewayState {
        schema: SCHEMA,
        profile: "default".to_owned(),
        manager: Manager::Systemd,
        verdict: judge(&seen),
        remarks: Vec::new(),
        prospects: prospects(Manager::Systemd, &seen),
        observation: seen,
        incidents: Vec::new(),
        busy: None,
        problem: None,
        credentials: None,
    }
}

fn every_state() -> impl Iterator<Item = GatewayState> {
    every_observation().into_iter().map(state)
}

fn standings(view: &WindowView) -> Vec<Standing> {
    view.facts.iter().map(|fact| fact.standing).collect()
}

#[test]
fn a_problem_always_marks_a_broken_link() {
    let words = Words::english();
    for state in every_state().filter(|state| view::tone(state) == Tone::Problem) {
        let view = window(&state, &words);
        assert!(
            standings(&view).contains(&Standing::Broken),
            "{:?}\n{:#?}",
            state.verdict,
            state.observation
        );
    }
}

#[test]
fn a_ready_gateway_marks_no_broken_link() {
    let words = Words::english();
    for state in every_state().filter(|state| state.verdict == Verdict::Ready) {
        assert!(!standings(&window(&state, &words)).contains(&Standing::Broken), "{:#?}", state.observation);
    }
}

#[test]
fn a_gateway_stopped_on_purpose_marks_no_broken_link() {
    let words = Words::english();
    let at_rest = |state: &GatewayState| matches!(state.verdict, Verdict::Stopped | Verdict::Disabled);
    for state in every_state().filter(at_rest) {
        let free = matches!(state.observation.port.value, PortUse::Free { .. });
        let refused = matches!(state.observation.answers.value, Answers::Refused);
        if free && refused {
            assert!(
                !standings(&window(&state, &words)).contains(&Standing::Broken),
                "{:#?}",
                state.observation
            );
        }
    }
}

#[test]
fn what_is_not_known_is_never_drawn_as_whole() {
    let words = Words::english();
    for state in every_state().filter(|state| state.verdict == Verdict::Unknown) {
        assert!(standings(&window(&state, &words)).contains(&Standing::Unknown), "{:#?}", state.observation);
    }
}

#[test]
fn the_heading_is_the_headline_of_every_other_view_without_its_age() {
    let words = Words::english();
    for shown in canned().iter().map(|(_, shown)| shown) {
        assert_eq!(shown.view.headline, view::standing(&shown.state, &words));
        assert!(view::headline(&shown.state, &words).starts_with(&shown.view.headline));
    }
}

#[test]
fn every_sentence_is_in_the_catalogue() {
    let words = Words::english();
    for state in every_state() {
        let view = window(&state, &words);
        let facts = view.facts.iter().flat_map(|fact| fact.details.iter().chain([&fact.title, &fact.value]));
        let prospects = view.prospects.iter().flat_map(|it| [&it.occasion, &it.becomes, &it.because]);
        let actions = view.actions.iter().flat_map(|it| it.reason.iter().chain([&it.label]));
        let all = facts.chain(actions).chain([&view.headline, &view.why]).chain(prospects);
        for text in all {
            let key = ["window-", "verdict-", "why-not-", "busy-", "prospect-", "becomes-", "ground-"]
                .iter()
                .any(|it| text.starts_with(it));
            assert!(!key && !text.contains("{$") && !text.contains("{ $"), "{text}");
        }
    }
}

#[test]
fn an_advised_action_can_be_asked_for() {
    let words = Words::english();
    for state in every_state() {
        let view = window(&state, &words);
        assert!(view.actions.iter().all(|it| !it.primary || it.reason.is_none()));
        assert!(view.actions.iter().filter(|it| it.primary).count() <= 1);
    }
}

#[test]
fn install_is_offered_only_while_nothing_is_registered() {
    let words = Words::english();
    for state in every_state() {
        let missing = matches!(state.observation.registered.value, Registered::Missing { .. });
        let offered = window(&state, &words).actions.iter().any(|it| it.action == Action::Install);
        assert_eq!(offered, missing);
    }
}

#[test]
fn a_busy_gateway_refuses_every_action_and_says_why() {
    let words = Words::english();
    for mut state in every_state().take(100) {
        state.busy = Some(Busy { action: Action::Restart, since: state.observation.supervised.read_at });
        assert!(window(&state, &words).actions.iter().all(|it| it.reason.is_some()));
    }
}

#[test]
fn every_verdict_has_a_canned_state() {
    let seen: Vec<Verdict> = canned().iter().map(|(_, shown)| shown.state.verdict).collect();
    for verdict in Verdict::ALL {
        assert!(seen.contains(verdict), "{verdict:?}");
    }
}

/// The window's own tests and its demo draw these, so that no rule is written down twice.
#[test]
#[allow(clippy::disallowed_methods)]
fn the_windows_canned_states_are_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/demo/canned.json");
    let states: serde_json::Map<_, _> = canned()
        .into_iter()
        .map(|(name, shown)| (name.to_owned(), serde_json::to_value(shown).unwrap()))
        .collect();
    let wanted = format!("{}\n", serde_json::to_string_pretty(&states).unwrap());
    if std::env::var_os("GATEWARD_WRITE_BINDINGS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == wanted, "stale: run GATEWARD_WRITE_BINDINGS=1 cargo test window");
}

#[test]
fn what_comes_with_the_page_is_read_back_as_it_was_whatever_its_texts_hold() {
    let mut state = every_state().next().unwrap();
    state.profile = "</script><script>alert(1)</script>\u{2028}\"'\\".to_owned();
    let about = About {
        version: "0.1.0".to_owned(),
        tray: true,
        locale: "en".to_owned(),
        page: Some(Page::Overview),
        setup_dismissed: false,
    };
    let opening = Opening { about, shown: Some(shown(state, &Words::english())) };
    let script = opening.script();
    let told = script.strip_prefix("window.gatewardOpening = ").and_then(|rest| rest.strip_suffix(';'));
    assert_eq!(serde_json::from_str::<Opening>(told.unwrap()).unwrap(), opening);
}
