//! No planted secret gets out: not by name, not by value, not in the name of a file.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::identity::tests::around;
use crate::layout::Os;
use crate::model::{GatewayState, SCHEMA};
use crate::observe::observe;
use crate::plan::{Answer, Call};
use crate::system::scripted::{Machine, Scripted, Simulator, answered};
use crate::system::{Ask, ListenerSeen, ProcessSeen, Seen, System};
use crate::verdict;
use crate::words::Words;
use crate::world::World;

const HOME: &str = "/home/anna";

/// One secret for each of the places that it is planted in.
#[derive(Clone, Debug)]
struct Planted {
    env: String,
    config: String,
    argv: String,
    log: String,
    file: String,
}

impl Planted {
    fn all(&self) -> [&str; 5] {
        [&self.env, &self.config, &self.argv, &self.log, &self.file]
    }
}

/// Every manager's own words, with the secrets in them.
struct Talkative(Planted);

impl Talkative {
    fn process(&self, pid: u32) -> ProcessSeen {
        let command = ["/usr/bin/node", "/o/openclaw/dist/index.js", "gateway", "--token", &self.0.argv];
        ProcessSeen {
            pid,
            parent: 1,
            program: "/usr/bin/node".to_owned(),
            command: command.map(str::to_owned).into(),
            user: "anna".to_owned(),
            started: None,
            unit: None,
        }
    }

    fn unit(&self) -> BTreeMap<String, String> {
        let path = format!("{HOME}/.config/systemd/user/openclaw-gateway.service");
        [
            ("LoadState", "loaded".to_owned()),
            ("ActiveState", "active".to_owned()),
            ("SubState", "running".to_owned()),
            ("MainPID", "77".to_owned()),
            ("UnitFileState", "enabled".to_owned()),
            ("FragmentPath", path.clone()),
            ("DropInPaths", format!("{path}.d/token-{}.conf", self.0.file)),
            ("Environment", format!("A=1 \"OPENCLAW_GATEWAY_TOKEN={}\" B=2", self.0.env)),
            ("StatusText", format!("listening with {}", self.0.config)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

impl Simulator for Talkative {
    fn run(&mut self, _call: &Call, _machine: &mut Machine) -> Answer {
        let Planted { env, config, argv, log, file } = &self.0;
        answered(0, &format!("{env} token={log} {config}\n--token {argv}\n/x/token-{file}/y\n"), "")
    }

    fn answer(&mut self, ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        match ask {
            Ask::Unit { .. } => Some(Seen::Properties(self.unit())),
            Ask::Process { pid } => Some(Seen::Process(self.process(*pid))),
            Ask::Port { .. } => Some(Seen::Listeners(vec![ListenerSeen {
                address: "127.0.0.1".to_owned(),
                process: Some(self.process(78)),
                ancestors: Vec::new(),
            }])),
            Ask::Job { .. } => Some(Seen::Answered(answered(
                0,
                &format!("\tstate = running\n\tenvironment = {{\n\t\tMY_TOKEN => {}\n\t}}\n", self.0.env),
                "",
            ))),
            Ask::TaskDefinition { .. } => Some(Seen::Answered(answered(0, &task(&self.0), ""))),
            Ask::Task { .. } | Ask::Tasks => {
                Some(Seen::Answered(answered(0, &format!("\"x\",\"--token {}\"\n", self.0.argv), "")))
            }
            Ask::Linger { .. }
            | Ask::Load { .. }
            | Ask::File { .. }
            | Ask::Http { .. }
            | Ask::Greeting { .. }
            | Ask::LastWords { .. }
            | Ask::Journal { .. }
            | Ask::Commands { .. }
            | Ask::Overrides { .. }
            | Ask::Crontab => None,
        }
    }
}

fn in_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn task(planted: &Planted) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Task><Actions><Exec><Command>node</Command>\
         <Arguments>gateway --token {}</Arguments></Exec></Actions></Task>\n",
        in_xml(&planted.argv)
    )
}

fn plist(planted: &Planted) -> String {
    let Planted { env, argv, .. } = planted;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>\n<key>Label</key>\n<string>ai.openclaw.gateway</string>\n\
         <key>ProgramArguments</key>\n<array>\n<string>/usr/bin/node</string>\n<string>--token</string>\n<string>{}</string>\n</array>\n\
         <key>EnvironmentVariables</key>\n<dict>\n<key>MY_API_KEY</key>\n<string>{}</string>\n</dict>\n</dict></plist>\n",
        in_xml(argv),
        in_xml(env)
    )
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// As systemd.syntax(7) wants a value in double quotes.
fn in_unit(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%")
}

fn files(planted: &Planted) -> Vec<(String, String)> {
    let Planted { env, config, argv, log, file } = planted;
    let unit = format!("{HOME}/.config/systemd/user/openclaw-gateway.service");
    let own_log = format!("{HOME}/logs/token-{file}/gateway.log");
    let at_home = |path: &str, text: String| (format!("{HOME}/{path}"), text);
    vec![
        (
            unit.clone(),
            format!(
                "[Service]\nExecStart=/usr/bin/node /o/index.js gateway \"--token\" \"{}\"\n\
                 EnvironmentFile=-{HOME}/.openclaw/gateway.systemd.env\nEnvironment=\"OPENCLAW_GATEWAY_TOKEN={}\"\n",
                in_unit(argv),
                in_unit(env)
            ),
        ),
        (
            format!("{unit}.d/token-{file}.conf"),
            format!("[Service]\nEnvironment=\"X_SECRET={}\"\n", in_unit(env)),
        ),
        at_home(".openclaw/gateway.systemd.env", format!("OTHER_TOKEN={}\n", quoted(env))),
        at_home(
            ".openclaw/openclaw.json",
            format!(
                "{{ gateway: {{ port: 18789, auth: {{ token: {} }} }}, logging: {{ file: {} }} }}",
                quoted(config),
                quoted(&own_log)
            ),
        ),
        at_home("Library/LaunchAgents/ai.openclaw.gateway.plist", plist(planted)),
        (
            own_log,
            format!(
                "started with token={log} and /x/token-{file}/y\n{{\"apiKey\":{}}}\nAuthorization: Bearer {log}\n\
                 plain {env} and {config}\nargv: gateway --token {argv}\nencoded {}\n",
                quoted(log),
                quoted(config)
            ),
        ),
    ]
}

fn world(planted: &Planted, manager: &str) -> World {
    let system = Scripted::new(Talkative(planted.clone()));
    for (path, text) in files(planted) {
        system.write(&path, text.as_bytes(), 0o600).unwrap();
    }
    let mut around =
        around(&[("GATEWARD_MANAGER", manager), ("MY_SECRET_TOKEN", &planted.env), ("PATH", "/usr/bin")]);
    if manager == "launchd" {
        around.os = Os::MacOs;
    }
    World { system: Arc::new(system), around }
}

async fn archive(world: &World) -> Archive {
    let gateway = world.gateway(None).unwrap();
    let observation = observe(&*world.system, &*gateway.adapter, &gateway.id).await;
    let state = GatewayState {
        schema: SCHEMA,
        profile: "default".to_owned(),
        manager: gateway.adapter.manager(),
        verdict: verdict::judge(&observation),
        remarks: verdict::remarks(&observation),
        observation,
        incidents: Vec::new(),
        busy: None,
        problem: None,
        credentials: None,
        prospects: Vec::new(),
    };
    collect(world, &[Subject { gateway, state }], &Words::english()).await.unwrap()
}

/// What somebody reads who opens the saved file: names and texts.
fn opened(world: &World, archive: &Archive) -> Vec<(String, String)> {
    let path = "/home/anna/d.zip";
    archive.save(&*world.system, path).unwrap();
    let file = world.system.read(path).unwrap().unwrap();
    assert_eq!(file.mode, 0o600);
    let mut zip = zip::ZipArchive::new(Cursor::new(file.bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut entry = zip.by_index(at).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn saved(planted: &Planted, manager: &str) -> Vec<(String, String)> {
    let world = world(planted, manager);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    opened(&world, &runtime.block_on(archive(&world)))
}

/// Nothing that a file name, a header or an unquoted argument could not hold.
fn plain_secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9+_.~-]{7,40}".prop_filter("a word of the archive itself", |text| {
        !text.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

/// Whatever a person may choose.
fn any_secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9äß苗!$%&/()=?*+#<>;:,._ \\\\'\"-]{6,40}[A-Za-z0-9]{2}"
        .prop_map(|text| format!("Q{}", text.trim_start()))
        .prop_filter("more than blanks between short words", |text| {
            !text.contains(' ') || text.split(' ').any(|word| word.chars().count() > 5)
        })
}

fn planted() -> impl Strategy<Value = Planted> {
    let places = (any_secret(), any_secret(), plain_secret(), plain_secret(), plain_secret());
    places.prop_map(|(env, config, argv, log, file)| Planted { env, config, argv, log, file })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_planted_secret_gets_out(
        planted in planted(),
        manager in prop::sample::select(vec!["systemd", "launchd", "schtasks", "builtin"]),
    ) {
        for (name, text) in saved(&planted, manager) {
            for secret in planted.all() {
                prop_assert!(!text.contains(secret), "{manager}: {secret} is in {name}:\n{text}");
                prop_assert!(!name.contains(secret), "{manager}: {secret} is in the name {name}");
                let escaped = quoted(secret);
                prop_assert!(!text.contains(&escaped[1..escaped.len() - 1]), "{manager}: {escaped} is in {name}");
            }
        }
    }
}

fn example() -> Planted {
    Planted {
        env: "correct horse \"battery\" staple".to_owned(),
        config: "hunter2-of-config".to_owned(),
        argv: "hunter2-of-argv".to_owned(),
        log: "hunter2-of-log".to_owned(),
        file: "hunter2-of-file".to_owned(),
    }
}

/// The property above would hold for an archive with nothing in it.
#[test]
fn what_is_no_secret_stays_readable() {
    let entries = saved(&example(), "systemd");
    let text = |name: &str| &entries.iter().find(|(known, _)| known == name).unwrap().1;
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "about.txt",
        "verdicts.json",
        "default/state.json",
        "default/versions.json",
        "default/incidents.json",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(
        text("default/definitions/openclaw-gateway.service")
            .contains("ExecStart=/usr/bin/node /o/index.js gateway")
    );
    assert!(text("default/logs/1-gateway.log").contains("started with token=••••••"), "{names:?}");
    assert!(text("default/manager/properties.txt").contains("ActiveState=active"));
    assert!(text("default/config-shape.json").contains("\"port\": 18789"));
    assert!(text("default/doctor.json").contains("\"rule\""));
    assert!(text("default/state.json").contains("~/.config/systemd/user/openclaw-gateway.service"));
    assert!(serde_json::from_str::<serde_json::Value>(text("default/state.json")).is_ok());
}

#[test]
fn a_private_key_is_hidden_as_a_whole() {
    let veil = Veil::new(&Secrets::default(), HOME).unwrap();
    let key = "-----BEGIN PRIVATE KEY-----\nMIIabc\nxyz=\n-----END PRIVATE KEY-----\nafter";
    assert_eq!(veil.over_log(key), "-----BEGIN PRIVATE KEY-----\n••••••\n••••••\n••••••\nafter");
    let on_one_line =
        r"sent -----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY----- to port 18789";
    let hidden = "sent -----BEGIN RSA PRIVATE KEY-----•••••• to port 18789";
    assert_eq!(veil.over_log(on_one_line), hidden);
    assert_eq!(veil.over_log("x PRIVATE KEY-----abc\ndef"), "x PRIVATE KEY-----••••••\n••••••");
}

#[test]
fn a_secret_that_a_long_line_cuts_off_is_hidden_too() {
    let mut secrets = Secrets::default();
    secrets.learn("hunter2hunter2");
    let veil = Veil::new(&secrets, HOME).unwrap();
    let line = format!("{}hunter2hu", "x ".repeat(300));
    assert!(!veil.over_log(&line).contains("hunter"), "{}", veil.over_log(&line));
}

#[test]
fn names_that_are_the_same_once_veiled_are_told_apart() {
    let world = world(&example(), "systemd");
    let archive = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(archive(&world));
    let mut names: Vec<&str> = archive.entries.iter().map(|entry| entry.name.as_str()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "{names:?}");
}
