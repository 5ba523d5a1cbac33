//! Every rule with a case that triggers it and one that does not.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evidence::Role;
use super::*;
use crate::adapter::systemd::settings;
use crate::config::Config;
use crate::identity::{Profile, SystemdMarks, identify, tests::around};
use crate::layout::Os;
use crate::model::{
    Answers, Autostart, Belongs, Confidence, Credential, CredentialKind, DOTS, Expiry, Flaw, Judged, Manager,
    Origin, PortUse, Registered, Registration, Renewal, Standing, Supervised, Variable, Verdict,
};
use crate::problem::{Code, Problem};
use crate::programs::{Found, Node, OpenClaw, Range, Version};
use crate::system::scripted::{EPOCH, mortal::Mortal, still};
use crate::verdict::tests::{observation, owned, registration, run};
use crate::words::Words;
use crate::world::World;

const UNIT: &str = include_str!("../../../tests/fixtures/systemd/units/n.service");

/// A gateway of the newest generation with which nothing is wrong.
fn healthy() -> Evidence {
    let around = around(&[]);
    let id = identify(&Profile::default(), &around, None).unwrap();
    let ready = Answers::Ready { version: None, latency_ms: 4 };
    let seen = observation(registration(Autostart::On), run(60, 0), owned(Belongs::Service, None), ready);
    let program = |path: &str| path.to_owned();
    let mut evidence = Evidence {
        around,
        manager: Manager::Systemd,
        seen,
        verdict: Verdict::Ready,
        settings: settings(UNIT),
        files: vec![fact(Role::Definition, 0o600), fact(Role::Config, 0o600), fact(Role::Environment, 0o600)],
        missing: Vec::new(),
        config: Ok(Config { mode: Some("local".to_owned()), port: Some(18789), ..Config::default() }),
        programs: Ok(Found {
            node: Node { path: program("/usr/bin/node"), version: Version::new(24, 0, 0), stable: true },
            openclaw: OpenClaw {
                entry: program("/usr/lib/node_modules/openclaw/dist/index.js"),
                version: None,
                demands: Range::parse(">=22").unwrap(),
                stable: true,
            },
        }),
        credentials: Vec::new(),
        mismatches: Vec::new(),
        has_starter: true,
        ghosts: Vec::new(),
        interrupted: Vec::new(),
        free_bytes: Some(1 << 40),
        now: EPOCH.parse().unwrap(),
        id,
    };
    let found = found(&mut evidence);
    found.command =
        ["/usr/bin/node", "/usr/lib/node_modules/openclaw/dist/index.js", "gateway", "--port", "18789"]
            .map(str::to_owned)
            .into();
    found.environment = vec![variable("PATH", "/usr/bin:/bin"), variable("HOME", "/home/anna")];
    evidence
}

/// The same on a Mac.
fn agent() -> Evidence {
    let keys = [
        ("KeepAlive", "true"),
        ("RunAtLoad", "true"),
        ("ThrottleInterval", "10"),
        ("ExitTimeOut", "20"),
        ("ProcessType", "Interactive"),
        ("Umask", "63"),
    ];
    let settings = keys.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let mut evidence = Evidence { manager: Manager::Launchd, settings, ..healthy() };
    evidence.around.os = Os::MacOs;
    evidence
}

/// The same on Windows: a task has no settings of its own here, its adapter judges them.
fn task() -> Evidence {
    let mut evidence = Evidence { manager: Manager::Schtasks, settings: Vec::new(), ..healthy() };
    evidence.around.os = Os::Windows;
    evidence.around.systemd = SystemdMarks::default();
    let at = |path: &str| format!(r"C:\Users\anna\{path}");
    (evidence.id.home, evidence.id.state_dir) = (r"C:\Users\anna".to_owned(), at(".openclaw"));
    evidence.id.config_path = at(r".openclaw\openclaw.json");
    evidence.files.iter_mut().for_each(|file| file.path = at("a file"));
    let programs = evidence.programs.as_mut().unwrap();
    programs.node.path = r"C:\Program Files\nodejs\node.exe".to_owned();
    programs.openclaw.entry = at(r"AppData\Roaming\npm\node_modules\openclaw\dist\index.js");
    let command = [&programs.node.path, &programs.openclaw.entry, "gateway", "--port", "18789"];
    let command: Vec<String> = command.map(str::to_owned).into();
    let found = found(&mut evidence);
    found.file = r"\OpenClaw Gateway".to_owned();
    (found.command, found.environment) = (command, vec![variable("HOME", r"C:\Users\anna")]);
    evidence
}

fn found(evidence: &mut Evidence) -> &mut Registration {
    match &mut evidence.seen.registered.value {
        Registered::Present(found) => found,
        Registered::Missing { .. } | Registered::Unknown { .. } => panic!("not installed"),
    }
}

fn fact(role: Role, mode: u32) -> FileFact {
    FileFact { path: "/home/anna/a file".to_owned(), role, mode, bytes: 10, secret: false }
}

fn variable(name: &str, value: &str) -> Variable {
    crate::environment::shown(name, value, "inline")
}

type Change = Box<dyn Fn(&mut Evidence)>;

fn case(rule: &'static str, change: impl Fn(&mut Evidence) + 'static) -> (&'static str, Change) {
    (rule, Box::new(change))
}

fn verdict(rule: &'static str, verdict: Verdict) -> (&'static str, Change) {
    case(rule, move |it| it.verdict = verdict)
}

/// Another value of a setting; none takes it out.
fn set(rule: &'static str, name: &'static str, value: Option<&'static str>) -> (&'static str, Change) {
    case(rule, move |it| {
        it.settings.retain(|(known, _)| known != name);
        it.settings.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    })
}

fn command(rule: &'static str, words: &'static [&'static str]) -> (&'static str, Change) {
    case(rule, move |it| found(it).command = words.iter().map(|word| (*word).to_owned()).collect())
}

fn environment(rule: &'static str, name: &'static str, value: &'static str) -> (&'static str, Change) {
    case(rule, move |it| {
        found(it).environment.retain(|variable| variable.name != name);
        found(it).environment.push(variable(name, value));
    })
}

fn file(rule: &'static str, role: Role, mode: u32, secret: bool) -> (&'static str, Change) {
    case(rule, move |it| it.files.push(FileFact { secret, ..fact(role, mode) }))
}

fn credential(rule: &'static str, standing: Standing) -> (&'static str, Change) {
    case(rule, move |it| {
        let credential = Credential {
            id: "anthropic:default".to_owned(),
            provider: "anthropic".to_owned(),
            profile: "default".to_owned(),
            kind: CredentialKind::Oauth,
            expiry: Expiry::Never,
            renewal: Renewal::Unknown,
            failure: None,
            confidence: Confidence::Read,
            source: "x".to_owned(),
        };
        it.credentials = vec![Judged { credential, standing, sign_in: None, snoozed_until: None }];
    })
}

fn flaw(rule: &'static str) -> (&'static str, Change) {
    case(rule, move |it| {
        let values = [("path", "x"), ("limit", "PT72H"), ("ends", "P1D"), ("at", "2026-11-23 08:30")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        found(it).flaws = vec![Flaw { rule: rule.to_owned(), values, mendable: true }];
    })
}

fn states() -> Vec<(&'static str, Change)> {
    vec![
        verdict("manager-silent", Verdict::Unknown),
        verdict("crash-loop", Verdict::CrashLoop),
        verdict("gave-up", Verdict::GaveUp),
        verdict("config-refused", Verdict::ConfigError),
        verdict("hung", Verdict::Hung),
        verdict("degraded", Verdict::Degraded),
        verdict("unloaded", Verdict::Unloaded),
        verdict("orphan", Verdict::Orphan),
        verdict("port-taken-by-other", Verdict::ForeignOwner),
        verdict("two-managers", Verdict::TwoManagers),
        verdict("external", Verdict::External),
        verdict("not-installed", Verdict::NotInstalled),
        case("port-owner-hidden", |it| it.seen.port.value = PortUse::Hidden { port: 18789 }),
        case("gateway-beside", |it| it.seen.port.value = owned(Belongs::Gateway, None)),
        case("open-to-network", |it| {
            if let PortUse::Owned { owner, .. } = &mut it.seen.port.value {
                owner.address = "0.0.0.0:18789".to_owned();
            }
        }),
        case("stops-at-logout", |it| found(it).lingers = Some(false)),
        case("ghosts", |it| it.ghosts = vec!["com.clawdbot.gateway".to_owned()]),
        case("change-cut-off", |it| it.interrupted = vec![7]),
        case("restarts-often", |it| it.seen.supervised.value = run(60, 6)),
        case("program-of-definition-missing", |it| it.missing = vec!["/gone".to_owned()]),
    ]
}

fn definitions() -> Vec<(&'static str, Change)> {
    vec![
        case("definition-old", |it| found(it).origin = Origin::OpenclawA),
        case("definition-foreign", |it| found(it).origin = Origin::Foreign),
        case("definition-drift", |it| found(it).stale = true),
        case("definition-drop-ins", |it| found(it).drop_ins = vec!["/etc/x.conf".to_owned()]),
        case("autostart-off", |it| found(it).autostart = Autostart::Off),
        case("autostart-nowhere", |it| {
            found(it).autostart = Autostart::Off;
            it.has_starter = false;
        }),
        case("autostart-blocked", |it| found(it).autostart = Autostart::Blocked),
        command(
            "program-by-version-manager",
            &["/home/anna/.nvm/versions/node/v24.0.0/bin/node", "x", "gateway"],
        ),
        command("runs-bun", &["/usr/bin/bun", "/openclaw", "gateway"]),
        command("runs-through-npm", &["/usr/bin/npx", "openclaw", "gateway"]),
        command("runs-through-shell", &["/bin/sh", "-c", "openclaw gateway"]),
        command("runs-no-gateway", &["/usr/bin/node", "/openclaw/dist/index.js", "tui"]),
        command("secret-in-arguments", &["/usr/bin/node", "/openclaw", "gateway", "--token", DOTS]),
        case("port-differs", |it| it.config = Ok(Config { port: Some(1234), ..Config::default() })),
        case("working-folder-temporary", |it| found(it).working_dir = Some("/tmp/x".to_owned())),
    ]
}

fn units() -> Vec<(&'static str, Change)> {
    vec![
        set("unit-kill-mode-process", "Service.KillMode", Some("process")),
        set("unit-kill-mode-group", "Service.KillMode", None),
        set("unit-stop-timeout", "Service.TimeoutStopSec", Some("30")),
        set("unit-start-timeout", "Service.TimeoutStartSec", Some("5s")),
        set("unit-no-restart", "Service.Restart", Some("no")),
        set("unit-restart-only-on-failure", "Service.Restart", Some("on-failure")),
        set("unit-restarts-at-once", "Service.RestartSec", Some("0")),
        set("unit-no-start-limit", "Unit.StartLimitIntervalSec", Some("0")),
        set("unit-start-limit-never-trips", "Unit.StartLimitIntervalSec", Some("10")),
        set("unit-retries-refused-config", "Service.RestartPreventExitStatus", None),
        set("unit-counts-stop-as-crash", "Service.SuccessExitStatus", None),
        set("unit-memory-kill-takes-all", "Service.OOMPolicy", Some("stop")),
        set("unit-few-tasks", "Service.TasksMax", Some("64")),
        set("unit-little-memory", "Service.MemoryMax", Some("256M")),
        set("unit-few-files", "Service.LimitNOFILE", Some("256")),
        set("unit-not-after-network", "Unit.After", None),
        set("unit-wanted-by-nothing", "Install.WantedBy", None),
        set("unit-private-tmp", "Service.PrivateTmp", Some("yes")),
        set("unit-home-closed", "Service.ProtectHome", Some("read-only")),
        set("unit-output-to-file", "Service.StandardOutput", Some("append:/x.log")),
        set("unit-output-lost", "Service.StandardError", Some("null")),
        set("unit-watchdog", "Service.WatchdogSec", Some("30")),
        set("unit-type-unfit", "Service.Type", Some("forking")),
    ]
}

fn agents() -> Vec<(&'static str, Change)> {
    vec![
        set("agent-not-kept-alive", "KeepAlive", None),
        set("agent-kept-alive-sometimes", "KeepAlive", Some("{}")),
        set("agent-not-at-load", "RunAtLoad", Some("false")),
        set("agent-slow-throttle", "ThrottleInterval", Some("60")),
        set("agent-no-throttle", "ThrottleInterval", Some("1")),
        set("agent-exit-timeout", "ExitTimeOut", Some("5")),
        set("agent-background", "ProcessType", Some("Background")),
        set("agent-low-priority", "LowPriorityIO", Some("true")),
        set("agent-output-lost", "StandardErrorPath", Some("/dev/null")),
        set("agent-files-open", "Umask", None),
        set("agent-disabled-in-plist", "Disabled", Some("true")),
        set("agent-session-type", "LimitLoadToSessionType", Some("Background")),
        set("agent-lets-children-live", "AbandonProcessGroup", Some("true")),
    ]
}

fn tasks() -> Vec<(&'static str, Change)> {
    all()
        .filter(|rule| rule.id.starts_with("task-") || ["starts-twice", "startup-item"].contains(&rule.id))
        .map(|rule| flaw(rule.id))
        .collect()
}

fn environments() -> Vec<(&'static str, Change)> {
    let missing = crate::model::Finding::VariablesMissing { names: vec!["X".to_owned()] };
    let [variable, source] = ["OPENCLAW_GATEWAY_TOKEN", "inline"].map(str::to_owned);
    let drift = crate::model::Finding::TokenDrift { variable: variable.clone(), source: source.clone() };
    let baked = crate::model::Finding::TokenBaked { variable, source };
    vec![
        environment("secret-inline", "MY_TOKEN", "x"),
        case("path-not-set", |it| found(it).environment.retain(|variable| variable.name != "PATH")),
        environment("path-by-version-manager", "PATH", "/home/anna/.nvm/versions/node/v24/bin:/bin"),
        environment("wrong-home", "HOME", "/root"),
        environment("wrong-state-folder", "OPENCLAW_STATE_DIR", "/elsewhere"),
        environment("wrong-config", "OPENCLAW_CONFIG_PATH", "/elsewhere"),
        environment("foreign-code-variable", "NODE_OPTIONS", "--require x"),
        environment("proxy-inline", "https_proxy", "http://proxy:3128"),
        environment("certificates-unchecked", "NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        environment("debug-output", "DEBUG", "*"),
        case("variables-missing", move |it| it.mismatches = vec![missing.clone()]),
        case("token-stale", move |it| it.mismatches = vec![drift.clone()]),
        case("token-baked-in", move |it| it.mismatches = vec![baked.clone()]),
        credential("credential-expired", Standing::Expired),
        credential("credential-refused", Standing::Failing),
        credential("credential-missing", Standing::Missing),
        credential("credential-expiring", Standing::Expiring),
        credential("credential-overdue", Standing::Overdue),
        credential("credential-unknown", Standing::Unknown),
    ]
}

fn others() -> Vec<(&'static str, Change)> {
    let refused = |code| Problem::new(code);
    vec![
        file("definition-open-with-secrets", Role::Definition, 0o644, true),
        file("backup-with-secrets", Role::Backup, 0o600, true),
        file("environment-file-open", Role::Environment, 0o640, true),
        file("config-open", Role::Config, 0o644, false),
        file("config-writable-by-others", Role::Config, 0o620, false),
        file("definition-writable-by-others", Role::Definition, 0o664, false),
        case("log-large", |it| it.files.push(FileFact { bytes: 1 << 30, ..fact(Role::Log, 0o600) })),
        case("disk-nearly-full", |it| it.free_bytes = Some(1000)),
        case("state-synced", |it| it.id.state_dir = "/home/anna/Dropbox/claw".to_owned()),
        case("state-temporary", |it| it.id.state_dir = "/tmp/claw".to_owned()),
        case("config-invalid", move |it| it.config = Err(refused(Code::ConfigInvalid))),
        case("config-unreadable", move |it| it.config = Err(refused(Code::ConfigUnreadable))),
        case("mode-not-local", |it| it.config = Ok(Config::default())),
        case("config-binds-widely", |it| {
            it.config = Ok(Config {
                bind: Some("lan".to_owned()),
                mode: Some("local".to_owned()),
                ..Config::default()
            });
        }),
        case("openclaw-missing", move |it| it.programs = Err(refused(Code::NoOpenClaw))),
        case("node-unfit", move |it| it.programs = Err(refused(Code::NoNode))),
        case("node-by-version-manager", |it| it.programs.as_mut().unwrap().node.stable = false),
        case("openclaw-by-version-manager", |it| it.programs.as_mut().unwrap().openclaw.stable = false),
        case("definition-of-other-openclaw", |it| {
            it.programs.as_mut().unwrap().openclaw.entry = "/opt/openclaw/dist/index.js".to_owned();
        }),
        case("clock-wrong", |it| it.now = jiff::Timestamp::UNIX_EPOCH),
        case("runs-as-root", |it| it.around.uid = 0),
        case("sudo", |it| {
            it.around.uid = 0;
            it.around.variables.insert("SUDO_USER".to_owned(), "anna".to_owned());
        }),
        case("wsl-sleeps", |it| it.around.wsl = true),
        case("container-forgets", |it| {
            it.manager = Manager::Builtin;
            it.around.container = Some("docker".to_owned());
        }),
        case("no-service-manager", |it| it.around.systemd = SystemdMarks::default()),
    ]
}

fn cases() -> Vec<(&'static str, Change)> {
    [states(), definitions(), units(), tasks(), environments(), others()].into_iter().flatten().collect()
}

fn ids(evidence: &Evidence) -> Vec<&'static str> {
    examine(evidence).iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn a_healthy_gateway_has_no_finding() {
    assert_eq!(ids(&healthy()), [""; 0]);
    assert_eq!(ids(&agent()), [""; 0]);
    assert_eq!(ids(&task()), [""; 0]);
}

#[test]
fn every_rule_is_triggered_by_its_case_and_by_nothing_else_is_so() {
    let runs = cases().into_iter().map(|it| (healthy(), it));
    let runs = runs.chain(agents().into_iter().map(|it| (agent(), it)));
    let runs = runs.chain(tasks().into_iter().map(|it| (task(), it)));
    for (mut evidence, (rule, change)) in runs {
        change(&mut evidence);
        assert!(ids(&evidence).contains(&rule), "{rule}: {:?}", ids(&evidence));
    }
}

#[test]
fn every_rule_has_a_case() {
    let cases = cases();
    let agents = agents();
    let with_case: BTreeSet<&str> = cases.iter().chain(&agents).map(|(rule, _)| *rule).collect();
    let known: BTreeSet<&str> = all().map(|rule| rule.id).collect();
    assert_eq!(with_case, known);
    assert_eq!(known.len(), all().count(), "each id once");
    assert!(known.len() >= 60, "{}", known.len());
}

#[test]
fn every_rule_has_words() {
    let words = Words::english();
    for rule in all() {
        let what = [format!("rule-{}", rule.id), format!("flaw-{}", rule.id)];
        assert_eq!(what.iter().filter(|key| words.find(key, &[]).is_some()).count(), 1, "{}", rule.id);
        assert!(words.find(&format!("why-{}", rule.id), &[]).is_some(), "why-{}", rule.id);
    }
}

/// One chapter of docs/doctor.md; `#rule` leads to its row.
fn chapter(heading: &str, rules: &[Rule], words: &Words) -> String {
    let row = |rule: &Rule| {
        let finding = Finding { rule: all().find(|it| it.id == rule.id).unwrap(), values: Values::new() };
        let told = export::Told::of(&finding, words);
        let help = match rule.remedy {
            Remedy::Advice(command) => format!("`{command}`"),
            Remedy::Nothing => "–".to_owned(),
            fix => format!("--fix: {}", format!("{fix:?}").to_lowercase()),
        };
        let text = format!("{} {}", told.what, told.why).replace('\n', " ");
        format!("| <a id=\"{0}\"></a>`{0}` | {1} | {text} | {help} |\n", rule.id, rule.severity.name())
    };
    let rows: String = rules.iter().map(row).collect();
    format!(
        "## {heading}\n\n| Rule | Severity | What, and why it matters | Helps |\n|---|---|---|---|\n{rows}"
    )
}

#[test]
#[allow(clippy::disallowed_methods)]
fn the_guide_has_every_rule() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/doctor.md");
    let written = std::fs::read_to_string(path).unwrap();
    let head = written.split_once("\n## ").map_or(written.as_str(), |(head, _)| head);
    let words = Words::english();
    let chapters: Vec<String> =
        rules::CHAPTERS.iter().map(|(heading, rules)| chapter(heading, rules, &words)).collect();
    let wanted = format!("{head}\n{}", chapters.join("\n"));
    if std::env::var_os("GATEWARD_WRITE_DOCS").is_some() {
        std::fs::write(path, &wanted).unwrap();
        return;
    }
    assert!(written == wanted, "stale: run GATEWARD_WRITE_DOCS=1 cargo test --lib the_guide");
}

#[tokio::test]
async fn looking_changes_nothing() {
    let system = Mortal::new(still(), 0, || panic!("looking has changed something"));
    let world = World { system: Arc::new(system), around: around(&[("GATEWARD_MANAGER", "systemd")]) };
    let gateway = world.gateway(None).unwrap();
    let evidence = gather(&world, &gateway).await;
    assert!(!examine(&evidence).is_empty(), "and finds what is to be found");
}

#[test]
fn a_stopped_gateway_is_no_finding() {
    let mut evidence = healthy();
    evidence.verdict = Verdict::Stopped;
    evidence.seen.supervised.value = Supervised::Stopped { last_exit: None };
    assert_eq!(ids(&evidence), [""; 0]);
}

#[test]
fn other_programs_read_the_findings() {
    let told = export::Told {
        rule: "config-open",
        severity: Severity::Warning,
        what: "a <b> & \"c\"".to_owned(),
        why: "because".to_owned(),
        path: Some(r"C:\x".to_owned()),
    };
    let sarif = export::sarif(std::slice::from_ref(&told), "0.1.0");
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "warning");
    let xml = export::junit(&[told], ["config-open", "hung"].into_iter());
    let root = xmltree::Element::parse(xml.as_bytes()).unwrap();
    assert_eq!((root.attributes["tests"].as_str(), root.attributes["failures"].as_str()), ("2", "1"));
}
