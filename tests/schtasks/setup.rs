//! The wizard on a PC that has node and npm, and nothing else yet.

use crate::pc::{Desk, NODE, Pc, STARTUP, surroundings};
use crate::wizard::{Wizard, state, step};

const NPM: &str = r"C:\Program Files\nodejs\npm.cmd";

fn wizard(folder: &tempfile::TempDir) -> Wizard<Pc> {
    let local = folder.path().join("local").display().to_string();
    let variables = [("LOCALAPPDATA", local.as_str()), ("PATH", r"C:\Program Files\nodejs")];
    let desk = Desk::with_variables(&variables);
    desk.with(|machine, _| machine.write(NPM, b"", 0o755).unwrap());
    Wizard {
        system: std::sync::Arc::new(desk.system),
        around: surroundings(&variables),
        answers: r"C:\answers.json",
    }
}

#[tokio::test]
async fn answers_lead_an_empty_pc_to_a_task_that_answers() {
    let folder = tempfile::tempdir().unwrap();
    let pc = wizard(&folder);
    let told = pc.told(r#"{ "openclaw": "npm" }"#).await;
    assert_eq!((&told["ok"], &told["current"]), (&true.into(), &serde_json::Value::Null), "{told:#}");
    for id in ["programs", "manager", "plan", "install", "proof", "afterwards"] {
        assert_eq!(state(&told, id), "done", "{told:#}");
    }
    assert!(step(&told, "programs").to_string().contains(&NODE.replace('\\', r"\\")), "{told:#}");
}

/// Company policy: the task is refused, and nobody is asked for an administrator's password.
#[tokio::test]
async fn a_refused_task_becomes_a_startup_item_and_the_page_of_permissions_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let pc = wizard(&folder);
    pc.system.with(|_, pc| pc.scheduler.quirks.denied.insert("/Create".to_owned()));
    let told = pc.told(r#"{ "openclaw": "npm" }"#).await;
    assert_eq!(told["ok"], true, "{told:#}");
    assert!(step(&told, "access")["lines"].to_string().contains("Startup"), "{told:#}");
    assert!(pc.system.with(|machine, _| machine.files.contains_key(STARTUP)));
}
