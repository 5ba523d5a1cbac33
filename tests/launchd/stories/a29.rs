//! A29: two owners of one service.

use super::*;

const OPENCLAWS: &[u8] = include_bytes!("../../fixtures/launchd/plist/openclaw-2026.4.plist");

/// OpenClaw's own CLI installed and started it.
async fn attached() -> Desk {
    let desk = Desk::new();
    desk.with(|machine, _| {
        machine.write(PLIST, OPENCLAWS, 0o644).unwrap();
        machine.write("/opt/homebrew/opt/node/bin/node", b"", 0o755).unwrap();
    });
    desk.log_in_again();
    desk.pass(Duration::from_secs(2));
    desk
}

#[tokio::test]
async fn a_gateway_that_openclaw_started_is_attached_to() {
    let desk = attached().await;
    assert_eq!(desk.verdict().await, Verdict::Ready);
    let Registered::Present(found) = desk.seen().await.registered.value else { panic!() };
    assert_eq!(found.origin, Origin::OpenclawA);
}

#[tokio::test]
async fn starting_and_restarting_it_rewrites_nothing() {
    let desk = attached().await;
    desk.act(&Intent::Start).await.unwrap();
    desk.act(&Intent::Restart).await.unwrap();
    desk.act(&UNTIL_LOGIN).await.unwrap();
    assert_eq!(desk.with(|machine, _| machine.files[PLIST].bytes.clone()), OPENCLAWS);
}

#[tokio::test]
async fn a_strangers_agent_under_the_label_is_not_taken_over_unasked() {
    let desk = Desk::new();
    let stranger = include_str!("../../fixtures/launchd/plist/homebrew.plist");
    desk.with(|machine, _| machine.write(PLIST, stranger.as_bytes(), 0o644)).unwrap();
    assert_eq!(desk.install().await.unwrap_err().code, Code::UnitForeign);
    assert_eq!(desk.act(&Intent::Uninstall).await.unwrap_err().code, Code::UnitForeign);
    assert!(desk.verbs().is_empty());
    assert_eq!(desk.with(|machine, _| machine.text(PLIST)).as_deref(), Some(stranger));
}

/// Upstream #120481.
#[tokio::test]
async fn a_daemon_of_the_same_label_refuses_the_installation() {
    let loaded = Desk::new();
    loaded.launchd(|launchd| launchd.daemons.insert(LABEL.to_owned()));
    let on_disk = Desk::new();
    on_disk
        .with(|machine, _| machine.write(&format!("/Library/LaunchDaemons/{LABEL}.plist"), b"x", 0o644))
        .unwrap();
    for desk in [loaded, on_disk] {
        let problem = desk.install().await.unwrap_err();
        assert_eq!(problem.code, Code::SystemUnitExists);
        assert!(desk.verbs().is_empty());
        assert!(desk.with(|machine, _| machine.text(PLIST)).is_none());
    }
}
