//! Installed, started, stopped, restarted and removed.

use gateward::adapter::Intent;
use gateward::model::{Supervised, Verdict};
use gateward::problem::Code;
use gateward::verdict::judge;

use super::rig::{Rig, is_gone, pid};

#[tokio::test]
async fn a_gateway_is_installed_stopped_started_restarted_and_removed() {
    let rig = Rig::new(None);
    let seen = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready);
    assert!(!seen.registration().unwrap().stale, "what runs is what was just written down");
    let first = pid(&seen);

    let seen = rig.act(&Intent::Stop { stay: false }).await.unwrap();
    assert!(matches!(seen.supervised.value, Supervised::Stopped { .. }), "{:?}", seen.supervised.value);
    assert!(is_gone(first));

    let seen = rig.act(&Intent::Start).await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready);
    let second = pid(&seen);

    let seen = rig.act(&Intent::Restart).await.unwrap();
    assert_eq!(judge(&seen), Verdict::Ready);
    assert!(is_gone(second) && pid(&seen) != second);

    let seen = rig.act(&Intent::Uninstall).await.unwrap();
    assert_eq!(judge(&seen), Verdict::NotInstalled);
    assert_eq!(rig.left(), ["default.lock"]);
}

#[tokio::test]
async fn a_removal_that_is_taken_back_runs_again() {
    let rig = Rig::new(None);
    let before = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    assert_eq!(rig.cli(&["uninstall", "--yes", "--json"])["ok"], true);
    assert_eq!(judge(&rig.observe().await), Verdict::NotInstalled);
    let told = rig.cli(&["undo", "--yes", "--json"]);
    assert_eq!(told["ok"], true, "{told}");
    let seen = rig.until(Verdict::Ready).await;
    assert_ne!(pid(&seen), pid(&before));
}

#[tokio::test]
async fn actions_on_what_is_not_installed_say_so() {
    let rig = Rig::new(None);
    for intent in [Intent::Start, Intent::Stop { stay: false }, Intent::Restart] {
        assert_eq!(rig.act(&intent).await.unwrap_err().code, Code::NotInstalled, "{intent:?}");
    }
}

#[tokio::test]
async fn stopping_and_starting_twice_changes_nothing() {
    let rig = Rig::new(None);
    rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let again = rig.act(&Intent::Start).await.unwrap();
    assert_eq!(pid(&again), pid(&rig.observe().await));
    rig.act(&Intent::Stop { stay: false }).await.unwrap();
    rig.act(&Intent::Stop { stay: false }).await.unwrap();
}

#[tokio::test]
async fn installing_again_replaces_the_running_gateway() {
    let rig = Rig::new(None);
    let first = rig.act(&Intent::Install { spec: &rig.spec(&[]), force: false }).await.unwrap();
    let second = rig
        .act(&Intent::Install { spec: &rig.spec(&["--version-text", "9.9.9"]), force: false })
        .await
        .unwrap();
    assert_eq!(judge(&second), Verdict::Ready);
    assert!(is_gone(pid(&first)));
}

#[tokio::test]
async fn a_failed_install_leaves_nothing_behind() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&[]);
    spec.command = vec!["/bin/sh".to_owned(), "-c".to_owned(), "exit 78".to_owned()];
    let problem = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap_err();
    assert_eq!(problem.code, Code::ConfigError, "{problem}");
    assert_eq!(judge(&rig.observe().await), Verdict::NotInstalled);
}

#[tokio::test]
async fn a_missing_program_is_named_by_the_install() {
    let rig = Rig::new(None);
    let mut spec = rig.spec(&[]);
    spec.command = vec!["/nowhere/node".to_owned()];
    let problem = rig.act(&Intent::Install { spec: &spec, force: false }).await.unwrap_err();
    assert_eq!((problem.code, problem.values["path"].as_str()), (Code::ProgramMissing, "/nowhere/node"));
}
