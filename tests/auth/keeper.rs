//! The engine's own look after credentials: real files and watches in a home of their own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateward::auth::stages::News;
use gateward::engine::{self, Handle, NoticeEvent, Outlets, Setup};
use gateward::identity::Surroundings;
use gateward::model::{Notice, Request, Standing};
use gateward::problem::{Code, Problem};
use gateward::system::os::{Os, surroundings};
use gateward::system::store::Shelf;
use gateward::view::credential::notice::{Reader, notice};
use gateward::words::Words;
use gateward::world::World;

use jiff::Timestamp;

use super::{HOUR, Home};

/// Far beyond what anything here takes: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(90);

const DATABASE: &str = ".local/state/gateward/incidents.sqlite";

fn start(home: &Home) -> Handle {
    let path = home.0.path().display().to_string();
    let variables = [("HOME", path.as_str()), ("PATH", "/usr/bin:/bin"), ("GATEWARD_MANAGER", "builtin")];
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let around = Surroundings { variables: variables.clone(), cwd: path, ..surroundings() };
    let world = World { system: Arc::new(Os::within(variables, None)), around };
    let gateway = world.gateway(None).unwrap();
    engine::start(Setup {
        world,
        gateway,
        store: Some(Shelf::new(home.0.path().join(DATABASE).display().to_string())),
        spec: Arc::new(|| Err(Problem::new(Code::NoOpenClaw))),
        words: Arc::new(|incident, _| panic!("no incident is expected: {incident:?}")),
        outlets: Outlets { credential_words: Some(Arc::new(in_words)), ..Outlets::default() },
    })
    .unwrap()
}

fn in_words(news: &News, sign_in: Option<&str>, now: Timestamp) -> Notice {
    let words = Words::english();
    notice(news, sign_in, "default", &Reader { words: &words, zone: jiff::tz::TimeZone::UTC, now })
}

fn next_notice(engine: &mut Handle) -> Notice {
    let begun = Instant::now();
    loop {
        if let Ok(NoticeEvent::Show(notice)) = engine.notices.try_recv() {
            return notice;
        }
        assert!(begun.elapsed() < PATIENCE, "no notice came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn standing(engine: &Handle) -> Option<Standing> {
    let state = engine.state.borrow().clone()?;
    let credentials = state.credentials.as_ref()?;
    credentials.judged.iter().find(|it| it.credential.id == "anthropic:default").map(|it| it.standing)
}

#[test]
fn a_notice_turns_into_success_when_the_file_is_renewed() {
    let home = Home::new();
    home.write_token(-HOUR);
    let mut engine = start(&home);
    let told = next_notice(&mut engine);
    assert!(told.urgent && told.title.contains("ended 1 h ago"), "{told:?}");
    assert!(told.buttons.iter().any(|it| matches!(it.request, Request::SignIn { .. })), "{told:?}");
    home.write_token(400 * HOUR);
    let success = next_notice(&mut engine);
    assert_eq!(success.key, told.key, "it replaces the warning");
    assert!(success.title.contains("works again"), "{success:?}");
    let begun = Instant::now();
    while standing(&engine) != Some(Standing::Ok) {
        assert!(begun.elapsed() < PATIENCE, "the state still says {:?}", standing(&engine));
        std::thread::sleep(Duration::from_millis(20));
    }
    engine.finish();
}

#[test]
fn the_end_is_told_at_its_very_moment() {
    // A busy machine may not be there before the end: then with a later one.
    let told_ahead = [3, 15, 75].into_iter().find_map(|left_s| {
        let home = Home::new();
        home.write_token(left_s);
        let mut engine = start(&home);
        let first = next_notice(&mut engine);
        if first.title.contains("ends in") {
            return Some((home, engine));
        }
        engine.finish();
        None
    });
    let (_home, mut engine) = told_ahead.unwrap();
    // Long before the next look at all credentials.
    let over = next_notice(&mut engine);
    assert!(over.title.contains("ended"), "{over:?}");
    engine.finish();
}

#[test]
fn what_was_told_is_not_told_by_the_next_start() {
    let home = Home::new();
    home.write_token(-HOUR);
    let mut engine = start(&home);
    next_notice(&mut engine);
    engine.finish();
    let mut engine = start(&home);
    let begun = Instant::now();
    while standing(&engine).is_none() {
        assert!(begun.elapsed() < PATIENCE, "nobody looked");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(engine.notices.try_recv().is_err());
    engine.finish();
}

#[test]
fn no_secret_is_in_a_notice_or_in_the_database() {
    let home = Home::new();
    home.write_token(-HOUR);
    let before = home.left_behind();
    let mut engine = start(&home);
    let told = next_notice(&mut engine);
    home.write_token(400 * HOUR);
    let success = next_notice(&mut engine);
    engine.finish();
    assert!(!format!("{told:?}{success:?}").contains("Pl4nt3d"));
    assert!(home.0.path().join(DATABASE).exists());
    assert_eq!(home.left_behind(), before);
}

#[test]
fn a_refusal_in_the_log_is_told_without_any_other_change() {
    let home = Home::new();
    let log = home.0.path().join("app.log");
    home.write("app.log", "");
    home.write(".openclaw/openclaw.json", &format!("{{logging: {{file: '{}'}}}}", log.display()));
    home.write_token(400 * HOUR);
    let mut engine = start(&home);
    let begun = Instant::now();
    while standing(&engine).is_none() {
        assert!(begun.elapsed() < PATIENCE, "nobody looked");
        std::thread::sleep(Duration::from_millis(20));
    }
    let at = Timestamp::now() + jiff::SignedDuration::from_secs(1);
    let line =
        serde_json::json!({ "time": at.to_string(), "0": "[anthropic] HTTP 401 authentication_error" });
    home.write("app.log", &format!("{line}\n"));
    let told = next_notice(&mut engine);
    assert!(told.title.contains("refused"), "{told:?}");
    engine.finish();
}
