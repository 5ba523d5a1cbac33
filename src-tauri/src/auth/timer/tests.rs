use super::*;
use crate::identity::tests::around;
use crate::identity::{Profile, identify};

fn plan(manager: Manager, os: Os, profile: &str) -> Result<Plan, Problem> {
    let mut around = around(&[]);
    around.os = os;
    around.exe = "/opt/my tools/gateward".to_owned();
    let id = identify(&Profile::parse(profile, os).unwrap(), &around, None).unwrap();
    let timer = Timer { id: &id, around: &around, pace: Pace::default(), is_there: false };
    timer.install(manager, Some(Redacted::new("NOTIFY_NTFY=hunter2\n")))
}

/// Every step as a line, written texts below their path.
fn shown(plan: &Plan) -> String {
    let line = |step: &Step| match step {
        Step::MakeDir { path, mode } => format!("mkdir {path} {mode:o}"),
        Step::Write { path, text: Text::Plain(text) | Text::Utf16(text), mode } => {
            format!("write {path} {mode:o}\n{text}")
        }
        Step::Write { path, text: Text::Secret(_), mode } => format!("write {path} {mode:o} (secret)"),
        Step::Run { call, .. } => format!("run {call}"),
        Step::Remove { path } => format!("remove {path}"),
        Step::Write { text: Text::Bytes(_), .. } | Step::Keep { .. } | Step::Await { .. } => {
            "other".to_owned()
        }
    };
    plan.steps.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn systemd_gets_a_service_and_a_timer() {
    insta::assert_snapshot!(shown(&plan(Manager::Systemd, Os::Linux, "work").unwrap()));
}

#[test]
fn launchd_gets_an_agent() {
    insta::assert_snapshot!(shown(&plan(Manager::Launchd, Os::MacOs, "").unwrap()));
}

#[test]
fn windows_gets_a_task() {
    insta::assert_snapshot!(shown(&plan(Manager::Schtasks, Os::Windows, "").unwrap()));
}

#[test]
fn a_manager_without_timers_is_refused_with_a_way_out() {
    let problem = plan(Manager::Builtin, Os::Linux, "").unwrap_err();
    assert_eq!(problem.code, Code::Unsupported);
    assert!(problem.hints[0].command.as_deref().unwrap().contains("crontab"));
}

#[test]
fn the_routes_are_in_no_definition() {
    for (manager, os) in
        [(Manager::Systemd, Os::Linux), (Manager::Launchd, Os::MacOs), (Manager::Schtasks, Os::Windows)]
    {
        assert!(!shown(&plan(manager, os, "").unwrap()).contains("hunter2"));
    }
}
