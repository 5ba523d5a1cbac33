use proptest::prelude::*;

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schtasks/xml/", $name))
    };
}

fn wanted(command: &str) -> Wanted<'_> {
    let action = Action {
        command: command.to_owned(),
        arguments: "run --profile default --scheduled".to_owned(),
        working_dir: Some(r"C:\Program Files\Gateward".to_owned()),
    };
    Wanted { description: "OpenClaw Gateway", user: r"PC\anna", action }
}

const HOST: &str = r"C:\Program Files\Gateward\gateward-host.exe";

#[test]
fn a_new_task_is_exactly_this() {
    insta::assert_snapshot!(Task::new(&wanted(HOST)).unwrap().render().replace('\r', ""));
}

#[test]
fn what_is_rendered_is_read_back() {
    let task = Task::new(&wanted(HOST)).unwrap();
    let read = Task::parse(&task.render()).unwrap();
    assert_eq!(read.render(), task.render());
    assert_eq!(read.action(), Some(wanted(HOST).action));
    assert!(read.is_ours() && read.is_enabled() && read.starts_by_itself());
}

#[test]
fn an_update_keeps_what_a_person_tuned() {
    let tuned = Task::parse(fixture!("tuned.xml")).unwrap();
    let updated = tuned.updated(&wanted(HOST)).unwrap();
    assert_eq!(updated.triggers(), tuned.triggers());
    let text = updated.render();
    for kept in [
        "<Delay>PT45S</Delay>",
        "<StateChange>SessionUnlock</StateChange>",
        "<Priority>4</Priority>",
        "<WakeToRun>true</WakeToRun>",
        "<Hidden>true</Hidden>",
        "<RunLevel>HighestAvailable</RunLevel>",
        "<ExecutionTimeLimit>P10D</ExecutionTimeLimit>",
        "<Interval>PT5M</Interval>",
        "<Count>9</Count>",
        "<DisallowStartOnRemoteAppSession>false</DisallowStartOnRemoteAppSession>",
        r"<Author>PC\anna</Author>",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
}

#[test]
fn an_update_mends_what_create_set_by_itself() {
    let text = Task::parse(fixture!("openclaw-2026.2.xml")).unwrap().updated(&wanted(HOST)).unwrap().render();
    for mended in [
        "<DisallowStartIfOnBatteries>false<",
        "<StopIfGoingOnBatteries>false<",
        "<StopOnIdleEnd>false<",
        "<ExecutionTimeLimit>PT0S<",
        "<RestartOnFailure>",
    ] {
        assert!(text.contains(mended), "{mended}\n{text}");
    }
    assert!(!text.contains("gateway.cmd"));
}

#[test]
fn an_update_twice_changes_nothing_more() {
    for old in [fixture!("openclaw-2026.2.xml"), fixture!("openclaw-2026.9.xml"), fixture!("tuned.xml")] {
        let once = Task::parse(old).unwrap().updated(&wanted(HOST)).unwrap();
        assert_eq!(
            Task::parse(&once.render()).unwrap().updated(&wanted(HOST)).unwrap().render(),
            once.render()
        );
    }
}

#[test]
fn a_task_that_only_shows_a_message_runs_nothing() {
    assert_eq!(Task::parse(fixture!("message.xml")).unwrap().action(), None);
}

#[test]
fn what_is_no_task_is_refused_with_the_reason() {
    for (text, reason) in [
        ("", "no <Task> element"),
        ("<html/>", "no <Task> element"),
        ("<Task><Actions/></Task>", "namespace"),
        (r#"<Task xmlns="urn:x"/>"#, "namespace"),
        ("<Task><", "1:"),
    ] {
        assert!(Task::parse(text).unwrap_err().contains(reason), "{text}: {:?}", Task::parse(text));
    }
}

#[test]
fn letters_that_xml_cannot_carry_are_refused_by_place() {
    let bell = Wanted { description: "a\u{7}", ..wanted(HOST) };
    assert_eq!(Task::new(&bell).unwrap_err().values["variable"], "description");
    let nobody = Wanted { user: "", ..wanted(HOST) };
    assert_eq!(Task::new(&nobody).unwrap_err().values["reason"], "empty");
}

proptest! {
    #[test]
    fn any_path_and_name_survive(command in "[^\\p{C}]{1,300}", user in "[^\\p{C}]{1,40}") {
        prop_assume!(command.trim() == command && user.trim() == user);
        let wanted = Wanted { user: &user, ..wanted(&command) };
        let read = Task::parse(&Task::new(&wanted).unwrap().render()).unwrap();
        prop_assert_eq!(read.action().unwrap().command, command.as_str());
    }

    #[test]
    fn reading_never_panics(text in "\\PC*") {
        let _ = Task::parse(&format!("<Task{text}"));
    }
}
