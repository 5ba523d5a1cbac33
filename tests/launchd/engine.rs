//! The engine over the real machine and the double: what the tray would show on a Mac.

use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use gateward::engine::{self, Handle, Outlets, Setup};
use gateward::model::{Action, GatewayState, IncidentKind, Request, Verdict};
use gateward::problem::Code;
use gateward::system::os::Os;
use gateward::view::notice::notice;
use gateward::words::Words;
use gateward::world::World;

use crate::double::{DEADLINE, Mac};
use crate::driven::kill;
use crate::mac::LABEL;

fn engine(mac: &Mac) -> Handle {
    let mut around = mac.around.clone();
    around.variables.insert("GATEWARD_MANAGER".to_owned(), "launchd".to_owned());
    around.variables.insert("OPENCLAW_GATEWAY_PORT".to_owned(), mac.id.port.to_string());
    let tools = around.variable("GATEWARD_TOOLS").map(str::to_owned);
    let world = World { system: Arc::new(Os::new(tools)), around };
    let gateway = world.gateway(None).unwrap();
    let (spec, words) = (mac.spec(), Words::english());
    let setup = Setup {
        world,
        gateway,
        store: None,
        spec: Arc::new(move || Ok(spec.clone())),
        words: Arc::new(move |incident, state| notice(incident, state, &words)),
        outlets: Outlets::default(),
    };
    engine::start(setup).unwrap()
}

async fn state_where(engine: &mut Handle, is_so: impl Fn(&GatewayState) -> bool) -> Arc<GatewayState> {
    let begun = Instant::now();
    loop {
        let state = engine.state.borrow_and_update().clone();
        if let Some(state) = state.filter(|state| is_so(state)) {
            return state;
        }
        assert!(begun.elapsed() < DEADLINE, "{:#?}", engine.state.borrow());
        let _ = tokio::time::timeout(DEADLINE, engine.state.changed()).await;
    }
}

/// A21: launchd keeps no log, so the last words come from the file that the plist sends them to.
#[tokio::test]
async fn a_crash_is_told_with_the_last_lines_of_the_log() {
    let mac = Mac::new();
    mac.install().await.unwrap();
    let mut engine = engine(&mac);
    state_where(&mut engine, |state| state.verdict == Verdict::Ready).await;
    kill(mac.pid().await.unwrap());
    let has_words = |state: &GatewayState| {
        let crash = state.incidents.iter().find(|incident| incident.kind == IncidentKind::Crash);
        crash.is_some_and(|crash| !crash.last_words.is_empty())
    };
    let state = state_where(&mut engine, has_words).await;
    let crashes = state.incidents.iter().filter(|incident| incident.kind == IncidentKind::Crash);
    assert_eq!(crashes.count(), 1, "{:#?}", state.incidents);
    engine.finish();
}

/// As OpenClaw's own CLI restarts it.
#[tokio::test]
async fn a_restart_by_another_program_is_no_crash() {
    let mac = Mac::new();
    mac.install().await.unwrap();
    let mut engine = engine(&mac);
    state_where(&mut engine, |state| state.verdict == Verdict::Ready).await;
    let before = mac.pid().await.unwrap();
    let target = format!("gui/{}/{LABEL}", mac.around.uid);
    let kicked = Command::new(mac.path("tools/launchctl")).args(["kickstart", "-k", &target]).status();
    assert!(kicked.unwrap().success());
    mac.ready_after(before).await;
    let state = state_where(&mut engine, |state| {
        state.observation.supervised.value.pid() != Some(before) && !state.incidents.is_empty()
    });
    let kinds: Vec<_> = state.await.incidents.iter().map(|incident| incident.kind).collect();
    assert_eq!(kinds, [IncidentKind::Restarted]);
    engine.finish();
}

#[tokio::test]
async fn an_installation_beside_a_ghost_waits_for_a_persons_word() {
    let mac = Mac::new();
    std::fs::create_dir_all(mac.path("Library/LaunchAgents")).unwrap();
    std::fs::write(mac.path("Library/LaunchAgents/com.clawdbot.gateway.plist"), "<plist/>").unwrap();
    let mut engine = engine(&mac);
    engine.ask(Request::Act { action: Action::Install });
    let state = state_where(&mut engine, |state| state.problem.is_some()).await;
    assert_eq!(state.problem.as_ref().unwrap().code, Code::LegacyServices);
    assert_eq!(state.verdict, Verdict::NotInstalled);
    engine.finish();
}
