use super::*;
use crate::auth::config_facts;
use crate::auth::survey::Survey;
use crate::identity::tests::around;
use crate::variables::table;
use crate::view::window::tests::canned;
use crate::words::Language;

const CONFIG: &str = "{env: {vars: {LOG_LEVEL: 'info', NODE_OPTIONS: '--max-old-space-size=4096'}},
    models: {providers: {groq: {apiKey: '${GROQ_API_KEY}'}}}}";

fn ready() -> Registration {
    let states = canned();
    let (_, shown) = states.iter().find(|(name, _)| *name == "ready").unwrap();
    shown.state.observation.registration().unwrap().clone()
}

fn page(words: &Words) -> EnvironmentView {
    let found = ready();
    let said = Survey { facts: config_facts::read(CONFIG).unwrap(), ..Survey::default() };
    let session = [("GROQ_API_KEY", "gsk-1"), ("HTTPS_PROXY", "http://other.example:3128")];
    let rows = table(&found, &around(&session), &said);
    EnvironmentView {
        rows: rows.into_iter().map(|row| row_view(row, &found, words)).collect(),
        command: command_view(&found.command, words),
        lasting_node: Some("/usr/bin/node".to_owned()),
        undo: Some(UndoView { change: 12, at: "2026-11-22T11:40:00Z".parse().unwrap() }),
        refusal: None,
    }
}

#[test]
fn a_node_of_a_version_manager_is_warned_of_and_its_arguments_are_not() {
    let words = Words::english();
    let warned: Vec<bool> = page(&words).command.iter().map(|word| word.warning.is_some()).collect();
    assert_eq!(warned, [true, false, false, false, false]);
}

#[test]
fn every_sign_and_every_lock_has_its_words() {
    for language in Language::ALL {
        let words = Words::of(language);
        for sign in Sign::ALL {
            for key in ["sign", "sign-why"] {
                assert!(
                    words.find(&format!("{key}-{}", sign.name()), &[]).is_some(),
                    "{language:?} {sign:?}"
                );
            }
        }
        for reason in ["identity", "drop-in", "blocked"] {
            assert!(words.find(&format!("locked-{reason}"), &[]).is_some(), "{language:?} {reason}");
        }
    }
}

/// The window's own tests and its demo draw it.
#[test]
#[allow(clippy::disallowed_methods)]
fn the_windows_canned_environment_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/demo/environment.json");
    let wanted = format!("{}\n", serde_json::to_string_pretty(&page(&Words::english())).unwrap());
    if std::env::var_os("GATEWARD_WRITE_BINDINGS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == wanted, "stale: run GATEWARD_WRITE_BINDINGS=1 cargo test variables");
}
