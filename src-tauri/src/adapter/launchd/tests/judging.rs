use super::*;

/// Every recorded answer, with its source beside it in the file.
#[test]
fn recorded_answers_mean_what_was_recorded() {
    let rows: Vec<BTreeMap<String, serde_json::Value>> =
        serde_json::from_str(fixture!("answers.json")).unwrap();
    assert!(rows.len() > 15);
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        let call = launchctl(&[&text("call"), "gui/501/ai.openclaw.gateway"]);
        let exit = i32::try_from(row["exit"].as_i64().unwrap()).unwrap();
        let outcome = answers::classify(&call, &answered(exit, &text("stdout"), &text("stderr")));
        assert_eq!(name(outcome), text("means"), "{row:?}");
    }
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::UnknownService => "unknown-service",
        Outcome::Already => "already",
        Outcome::StartLimited => "start-limited",
        Outcome::Busy => "busy",
        Outcome::ManagerUnreachable => "manager-unreachable",
        Outcome::Denied => "denied",
        Outcome::TimedOut => "timed-out",
        Outcome::Failed => "failed",
    }
}

fn launchctl(args: &[&str]) -> Call {
    Call::new(Tool::Launchctl, args, std::time::Duration::from_secs(5))
}

fn told(call: &Call, answer: &Answer) -> Problem {
    Launchd::new(&mac(&[])).explain(call, answer)
}

#[test]
fn older_versions_exit_with_1_and_are_understood_by_their_words() {
    let bootstrap = launchctl(&["bootstrap", "gui/501", PLIST]);
    let busy = answered(1, "", "Bootstrap failed: 5: Input/output error");
    assert_eq!(answers::classify(&bootstrap, &busy), Outcome::Busy);
}

#[test]
fn a_missing_desktop_session_is_told_with_what_to_do() {
    let answer = answered(125, "", "Bootstrap failed: 125: Domain does not support specified action");
    let problem = told(&launchctl(&["bootstrap", "gui/501", PLIST]), &answer);
    assert_eq!((problem.code, problem.values["uid"].as_str()), (Code::NoGuiSession, "501"));
    assert!(problem.hints.len() >= 2 && problem.cause.is_some());
}

#[test]
fn control_sequences_in_a_detail_are_not_shown() {
    let problem = told(&launchctl(&["bootout", "x"]), &answered(9, "", "boom\n\u{1b}[31mred \u{1b}[0m\tmsg"));
    assert_eq!(problem.cause.as_deref(), Some("boom red msg"));
}

#[test]
fn a_missing_launchctl_is_a_missing_tool() {
    let answer = Answer { end: End::NotStarted("not found".to_owned()), ..Answer::default() };
    assert_eq!(told(&launchctl(&["enable", "x"]), &answer).code, Code::ToolMissing);
}

#[test]
fn a_call_that_hangs_says_so() {
    let answer = Answer { end: End::TimedOut, ..Answer::default() };
    assert_eq!(told(&launchctl(&["bootout", "x"]), &answer).code, Code::ToolHung);
}

#[test]
fn a_plist_with_bad_permissions_is_told_with_the_command_that_mends_it() {
    let answer = answered(122, "", "Bootstrap failed: 122: Path had bad ownership/permissions");
    let problem = told(&launchctl(&["bootstrap", "gui/501", PLIST]), &answer);
    assert_eq!((problem.code, problem.values["path"].as_str()), (Code::UnitUnsafe, PLIST));
    assert!(problem.hints[0].command.as_deref().unwrap().contains("chmod 644"));
}
