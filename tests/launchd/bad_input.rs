//! Bad input ends with a clear problem and an unchanged machine.

use std::collections::BTreeMap;

use gateward::adapter::Intent;
use gateward::identity::{Profile, identify};
use gateward::model::{Redacted, Value};
use gateward::problem::{Code, Problem};
use gateward::system::Contents;

use crate::desk::{Desk, spec, surroundings};
use crate::mac::PLIST;

fn files(desk: &Desk) -> BTreeMap<String, Contents> {
    desk.with(|machine, _| machine.files.clone())
}

/// The problem of every action that would change something; none of them may.
async fn refusals(desk: &Desk) -> Vec<Problem> {
    let before = files(desk);
    let spec = spec(&desk.id);
    let mut problems = Vec::new();
    for intent in
        [Intent::Install { spec: &spec, force: true }, Intent::Uninstall, Intent::Start, Intent::Restart]
    {
        problems.push(desk.act(&intent).await.unwrap_err());
    }
    assert!(files(desk) == before && desk.verbs().is_empty());
    problems
}

#[tokio::test]
async fn a_damaged_plist_is_left_as_it_is() {
    let whole = include_bytes!("../fixtures/launchd/plist/openclaw-2026.9.plist");
    for bytes in [&whole[..whole.len() / 2], b"", b"<plist><dict></array></plist>", b"bplist00\x00\x01"] {
        let desk = Desk::new();
        desk.with(|machine, _| machine.write(PLIST, bytes, 0o644)).unwrap();
        let problems = refusals(&desk).await;
        assert!(problems.iter().all(|problem| problem.code == Code::UnitUnreadable), "{problems:?}");
        assert!(problems.iter().all(|problem| problem.cause.is_some() && !problem.hints.is_empty()));
    }
}

#[tokio::test]
async fn a_plist_of_root_or_open_to_others_is_left_as_it_is() {
    for (owner, mode) in [(0, 0o644), (1000, 0o664), (1000, 0o646)] {
        let desk = Desk::running().await;
        desk.with(|machine, _| {
            let plist = machine.files.get_mut(PLIST).unwrap();
            (plist.owner, plist.mode) = (owner, mode);
        });
        let problems = refusals(&desk).await;
        assert!(problems.iter().all(|problem| problem.code == Code::UnitUnsafe), "{problems:?}");
    }
}

#[test]
fn a_label_with_shell_characters_is_no_label() {
    for label in ["a;rm -rf ~", "$(id)", "a b", "../x", "-k", "ä"] {
        let around = surroundings(&[("OPENCLAW_LAUNCHD_LABEL", label)]);
        assert_eq!(identify(&Profile::default(), &around, None).unwrap_err().code, Code::BadValue, "{label}");
    }
}

#[tokio::test]
async fn a_missing_log_folder_is_made() {
    let desk = Desk::running().await;
    assert!(
        desk.with(|machine, _| machine.folders.contains(&"/Users/anna/Library/Logs/openclaw".to_owned()))
    );
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_refused_before_anything_is_written() {
    let desk = Desk::new();
    let before = files(&desk);
    let mut spec = spec(&desk.id);
    spec.command[0] = "/opt/nowhere/node".to_owned();
    let problem = desk.act(&Intent::Install { spec: &spec, force: false }).await.unwrap_err();
    assert_eq!((problem.code, problem.values["path"].as_str()), (Code::ProgramMissing, "/opt/nowhere/node"));
    assert!(files(&desk) == before);
}

#[tokio::test]
async fn a_character_that_no_plist_can_hold_is_refused_by_place() {
    let desk = Desk::new();
    let before = files(&desk);
    let mut spec = spec(&desk.id);
    spec.command.push("\u{1b}[31m".to_owned());
    let problem = desk.act(&Intent::Install { spec: &spec, force: false }).await.unwrap_err();
    assert_eq!((problem.code, problem.values["variable"].as_str()), (Code::BadValue, "ProgramArguments[5]"));
    assert!(files(&desk) == before && desk.verbs().is_empty());
}

#[tokio::test]
async fn a_read_only_home_leaves_everything_as_it_was() {
    let desk = Desk::running().await;
    let before = files(&desk);
    desk.with(|machine, _| machine.read_only.push("/Users/anna/Library/LaunchAgents".to_owned()));
    let mut spec = spec(&desk.id);
    spec.command.push("--new".to_owned());
    let problem = desk.act(&Intent::Install { spec: &spec, force: false }).await.unwrap_err();
    assert_eq!(problem.code, Code::WriteFailed);
    assert!(files(&desk) == before);
}

#[tokio::test]
async fn a_planted_secret_comes_out_nowhere_but_in_its_own_file() {
    let desk = Desk::new();
    let mut spec = spec(&desk.id);
    spec.environment.insert("X_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter2")));
    let seen = desk.act(&Intent::Install { spec: &spec, force: false }).await.unwrap();
    assert!(!serde_json::to_string(&seen).unwrap().contains("hunter2"));
    assert!(desk.with(|machine, _| machine.calls.iter().all(|call| !call.contains("hunter2"))));
    let holders: Vec<(String, u32)> = files(&desk)
        .into_iter()
        .filter(|(_, file)| file.text().contains("hunter2"))
        .map(|(path, file)| (path, file.mode))
        .collect();
    assert_eq!(holders, [("/Users/anna/.openclaw/service-env/ai.openclaw.gateway.env".to_owned(), 0o600)]);
}
