use super::*;
use crate::identity::tests::around;
use crate::model::Redacted;
use crate::observe::observe;
use crate::system::System;
use crate::system::scripted::still;

const ENV_FILE: &str = "/home/anna/.openclaw/gateway.systemd.env";
const UNIT: &str = "/home/anna/.config/systemd/user/openclaw-gateway.service";
const CONFIG: &str = "/home/anna/.openclaw/openclaw.json";

/// A service that Gateward installed, with one plain variable and one secret of its owner's.
async fn installed(session: &[(&str, &str)]) -> (World, Gateway) {
    let system = still();
    let world = World { system: system.clone(), around: around(session) };
    system.write(CONFIG, b"{}", 0o600).unwrap();
    let gateway = world.gateway(None).unwrap();
    let wish = Wish {
        port: 18789,
        working_dir: None,
        command: ["/usr/bin/node", "/opt/openclaw/dist/index.js", "gateway", "--port", "18789"]
            .map(str::to_owned)
            .into(),
        variables: [
            ("MINE".to_owned(), Value::Plain("1".to_owned())),
            ("MY_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter2"))),
        ]
        .into(),
        folders: Vec::new(),
    };
    let spec = spec::service(&gateway.id, &world.around, &wish, BTreeMap::new());
    system.write(UNIT, gateway.adapter.render(&spec).unwrap().as_bytes(), 0o600).unwrap();
    system.write(ENV_FILE, b"MY_TOKEN=hunter2\n", 0o600).unwrap();
    (world, gateway)
}

async fn after(session: &[(&str, &str)], edits: &[Edit]) -> Result<ServiceSpec, Problem> {
    let (world, gateway) = installed(session).await;
    let seen = observe(&*world.system, &*gateway.adapter, &gateway.id).await;
    altered(&world, &gateway, edits, &seen).await
}

fn set(name: &str, value: &str) -> Edit {
    Edit::Set { name: name.to_owned(), value: Redacted::new(value) }
}

fn unset(name: &str) -> Edit {
    Edit::Unset { name: name.to_owned() }
}

#[tokio::test]
async fn without_an_edit_the_definition_stays_as_it_is() {
    let (world, gateway) = installed(&[]).await;
    let spec = after(&[], &[]).await.unwrap();
    let before = world.system.read(UNIT).unwrap().unwrap().text();
    assert_eq!(gateway.adapter.render(&spec).unwrap(), before);
    assert_eq!(spec.environment["MY_TOKEN"], Value::Secret(Redacted::new("hunter2")));
}

#[tokio::test]
async fn an_edit_changes_what_it_names_and_nothing_else() {
    let before = after(&[], &[]).await.unwrap().environment;
    let edits = [set("LOG_LEVEL", "debug"), set("NEW_TOKEN", "t"), unset("MINE")];
    let mut wanted = before;
    wanted.remove("MINE");
    wanted.insert("LOG_LEVEL".to_owned(), Value::Plain("debug".to_owned()));
    wanted.insert("NEW_TOKEN".to_owned(), Value::Secret(Redacted::new("t")));
    assert_eq!(after(&[], &edits).await.unwrap().environment, wanted);
}

#[tokio::test]
async fn a_value_is_taken_from_the_session_without_being_named() {
    let take = Edit::FromSession { name: "GROQ_API_KEY".to_owned() };
    let spec = after(&[("GROQ_API_KEY", "gsk")], std::slice::from_ref(&take)).await.unwrap();
    assert_eq!(spec.environment["GROQ_API_KEY"], Value::Secret(Redacted::new("gsk")));
    assert_eq!(after(&[], &[take]).await.unwrap_err().values["reason"], "not-here");
}

#[tokio::test]
async fn what_cannot_be_changed_is_refused_with_its_reason() {
    for (edit, reason) in [
        (set("OPENCLAW_GATEWAY_PORT", "1"), "identity"),
        (set("LD_PRELOAD", "/x.so"), "blocked"),
        (set("A B", "1"), "name"),
        (set("A", "1\n2"), "newline"),
        (unset("NOT_THERE"), "absent"),
        (unset("OPENCLAW_SERVICE_MARKER"), "identity"),
    ] {
        let problem = after(&[], std::slice::from_ref(&edit)).await.unwrap_err();
        assert_eq!(
            (problem.code, problem.values["reason"].as_str()),
            (Code::BadVariable, reason),
            "{edit:?}"
        );
    }
    let folder = Edit::WorkingDir { path: Some("/none".to_owned()) };
    assert_eq!(after(&[], &[folder]).await.unwrap_err().code, Code::BadWorkingDir);
}

#[tokio::test]
async fn a_strangers_definition_and_one_with_a_secret_in_its_command_are_left_alone() {
    for (text, code) in [
        ("[Service]\nExecStart=/usr/bin/other\n", Code::UnitForeign),
        (
            "[Service]\nExecStart=/usr/bin/node /x gateway --token hunter2\nEnvironment=OPENCLAW_SERVICE_MARKER=openclaw\n\
             Environment=OPENCLAW_SERVICE_KIND=gateway\n",
            Code::SecretInCommand,
        ),
    ] {
        let (world, gateway) = installed(&[]).await;
        world.system.write(UNIT, text.as_bytes(), 0o600).unwrap();
        let seen = observe(&*world.system, &*gateway.adapter, &gateway.id).await;
        assert_eq!(altered(&world, &gateway, &[], &seen).await.unwrap_err().code, code);
        assert_eq!(refusal(&seen.registered.value).unwrap().code, code);
    }
}
