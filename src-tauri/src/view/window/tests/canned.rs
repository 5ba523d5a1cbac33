//! One life-like state per verdict, plus the busy, troubled and eventful ones.

use super::*;
use crate::model::{
    Autostart, Confidence, Credential, CredentialKind, ExitRecord, Expiry, Fact, Failure, FailureReason,
    Finding, Observation, Origin, Registered, Registration, Renewal, Run, Variable,
};
use crate::verdict::START_GRACE;

const FILE: &str = "/home/anna/.config/systemd/user/openclaw-gateway.service";
const BUS: &str = "D-Bus org.freedesktop.systemd1";
const KILLED: Exit = Exit::Signal { signal: 9, core: false };
const FAILED: Exit = Exit::Code { code: 1 };
const CONFIG: Exit = Exit::Code { code: 78 };

pub fn canned() -> Vec<(&'static str, Shown)> {
    let mut all: Vec<_> = one_per_verdict().into_iter().map(|(name, seen)| (name, state(seen))).collect();
    all.extend([
        ("busy", busy()),
        ("troubled", troubled()),
        ("eventful", eventful()),
        ("expiring", expiring()),
    ]);
    let words = Words::english();
    all.into_iter().map(|(name, state)| (name, shown(state, &words))).collect()
}

fn draining() -> Supervised {
    let until = "2026-11-22T12:00:40Z".parse().ok();
    Supervised::Stopping { pid: Some(48_213), until }
}

fn finishing() -> Answers {
    Answers::Live { failing: vec!["tasks".to_owned()], latency_ms: 4 }
}

fn one_per_verdict() -> Vec<(&'static str, Observation)> {
    vec![
        ("not-installed", seen(missing(), Supervised::Absent, free(), Answers::Refused)),
        ("stopped", seen(registered(), stopped(None), free(), Answers::Refused)),
        ("disabled", seen(with(Autostart::Off), stopped(None), free(), Answers::Refused)),
        ("starting", seen(registered(), running(4, 0), free(), Answers::Refused)),
        ("ready", seen(registered(), running(11_400, 0), mine(), ready())),
        ("degraded", seen(registered(), running(900, 1), mine(), live())),
        ("hung", seen(registered(), running(86_000, 0), mine(), Answers::Silent { waited_ms: 2000 })),
        ("stopping", seen(registered(), draining(), mine(), finishing())),
        ("crash-loop", seen(registered(), waiting(), free(), Answers::Refused)),
        ("gave-up", seen(registered(), gave_up(), free(), Answers::Refused)),
        ("config-error", seen(registered(), stopped(Some(CONFIG)), free(), Answers::Refused)),
        ("orphan", seen(registered(), stopped(None), held(Belongs::Gateway, None, "node"), ready())),
        (
            "foreign-owner",
            seen(
                registered(),
                running(700, 0),
                held(Belongs::Stranger, None, "python3"),
                Answers::NotGateway { saw: "HTTP 200 text/html".to_owned() },
            ),
        ),
        (
            "two-managers",
            seen(
                registered(),
                running(700, 0),
                held(Belongs::Gateway, Some("openclaw-gateway-work.service"), "node"),
                ready(),
            ),
        ),
        ("unloaded", seen(registered(), Supervised::Unloaded, free(), Answers::Refused)),
        (
            "external",
            seen(
                missing(),
                Supervised::Absent,
                held(Belongs::Gateway, Some("docker container openclaw"), "node"),
                ready(),
            ),
        ),
        ("unknown", seen(registered(), Supervised::Unknown { why: no_bus() }, mine(), ready())),
    ]
}

/// A login that only a person can renew, one that was refused, and others that are well.
fn expiring() -> GatewayState {
    let mut state = state(seen(registered(), running(11_400, 0), mine(), ready()));
    let credential = |id: &str, provider: &str, kind, hours: i64, renewal| Credential {
        id: id.to_owned(),
        provider: provider.to_owned(),
        profile: id.to_owned(),
        kind,
        expiry: Expiry::At { at: now() + jiff::SignedDuration::from_hours(hours) },
        renewal,
        failure: None,
        confidence: Confidence::Told,
        source: "models.authStatus".to_owned(),
    };
    let failure = Some(Failure { at: Some(now()), reason: FailureReason::RenewalFailed });
    let (token, oauth) = (CredentialKind::Token, CredentialKind::Oauth);
    let codex = credential("openai-codex:default", "openai-codex", oauth, 90, Renewal::Itself);
    let list = [
        Credential { failure, ..codex },
        credential("anthropic:manual", "anthropic", token, 2, Renewal::ByPerson),
        credential("claude-cli", "anthropic", oauth, 5, Renewal::Itself),
        credential("vpn", "vpn", CredentialKind::Certificate, 500, Renewal::ByPerson),
        Credential {
            expiry: Expiry::Never,
            ..credential("groq:default", "groq", CredentialKind::ApiKey, 0, Renewal::ByPerson)
        },
    ];
    let profile = crate::identity::Profile::default();
    let finding = Finding::VariablesMissing { names: vec!["OPENAI_API_KEY".to_owned()] };
    let memory = crate::auth::stages::Memory::default();
    state.credentials =
        Some(crate::auth::outlook::outlook(&list, vec![finding], &memory, now(), (&profile, &[])));
    state
}

fn busy() -> GatewayState {
    let mut state = state(seen(registered(), running(11_400, 0), mine(), ready()));
    state.busy = Some(Busy { action: Action::Restart, since: now() });
    state
}

fn troubled() -> GatewayState {
    let mut state = state(seen(registered(), gave_up(), free(), Answers::Refused));
    let problem = Problem::new(Code::StepFailed)
        .with("step", 3)
        .with("steps", 4)
        .with("command", "systemctl --user enable openclaw-gateway.service")
        .because("Failed to connect to bus: No medium found")
        .hint_command("see-logs", "gateward logs --lines 50");
    state.problem = Some(problem);
    let gave_up =
        Incident { id: 8, at: before(30), kind: IncidentKind::GaveUp, ..incidents().swap_remove(1) };
    state.incidents = std::iter::once(gave_up).chain(incidents()).collect();
    state
}

fn eventful() -> GatewayState {
    let mut state = state(seen(registered(), running(11_400, 2), mine(), ready()));
    state.incidents = incidents();
    state
}

fn incidents() -> Vec<Incident> {
    let words = ["[gateway] listening on ws://127.0.0.1:18789", "<img src=x onerror=alert(1)>", "Killed"];
    let rows = [
        (6, IncidentKind::Recovered, None, By::Itself, 11_400),
        (5, IncidentKind::Crash, Some(KILLED), By::Itself, 11_405),
        (4, IncidentKind::Started, None, By::Gateward, 20_000),
        (3, IncidentKind::Stopped, Some(Exit::Code { code: 0 }), By::Outside, 90_000),
        (2, IncidentKind::Restarted, Some(Exit::Code { code: 0 }), By::Itself, 180_000),
        (1, IncidentKind::Installed, None, By::Gateward, 700_000),
    ];
    rows.into_iter()
        .map(|(id, kind, exit, by, ago)| Incident {
            id,
            profile: "default".to_owned(),
            at: before(ago),
            kind,
            pid: exit.map(|_| 47_001),
            exit,
            uptime_s: exit.map(|_| 8_595),
            restarts: exit.map(|_| 2),
            last_words: match kind {
                IncidentKind::Crash => words.map(str::to_owned).into(),
                _ => Vec::new(),
            },
            by,
            detail: None,
        })
        .collect()
}

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn before(seconds: i64) -> Timestamp {
    now() - jiff::SignedDuration::from_secs(seconds)
}

fn seen(registered: Registered, supervised: Supervised, port: PortUse, answers: Answers) -> Observation {
    Observation {
        registered: read(registered, FILE),
        supervised: read(supervised, BUS),
        port: read(port, "/proc/net/tcp"),
        answers: read(answers, "GET http://127.0.0.1:18789/readyz"),
        installed: Default::default(),
    }
}

fn read<T>(value: T, source: &str) -> Fact<T> {
    Fact { value, source: source.to_owned(), read_at: now() }
}

fn missing() -> Registered {
    Registered::Missing { file: FILE.to_owned() }
}

fn registered() -> Registered {
    with(Autostart::On)
}

fn with(autostart: Autostart) -> Registered {
    Registered::Present(Box::new(Registration {
        file: FILE.to_owned(),
        drop_ins: vec![format!("{FILE}.d/10-proxy.conf")],
        autostart,
        origin: Origin::OpenclawN,
        command: command(),
        working_dir: Some("/home/anna/.openclaw".to_owned()),
        environment: variables(),
        stale: false,
        lingers: Some(true),
        flaws: Vec::new(),
        text: None,
    }))
}

fn command() -> Vec<String> {
    let node = "/home/anna/.nvm/versions/node/v24.16.0/bin/node";
    let entry = "/home/anna/.npm-global/lib/node_modules/openclaw/dist/index.js";
    [node, entry, "gateway", "--port", "18789"].map(str::to_owned).into()
}

fn variables() -> Vec<Variable> {
    let drop_in = format!("{FILE}.d/10-proxy.conf");
    let file = "/home/anna/.openclaw/.env".to_owned();
    let inline = "inline".to_owned();
    let rows = [
        ("HOME", "/home/anna", false, inline.clone()),
        ("HTTPS_PROXY", "http://proxy.example:3128", false, drop_in),
        ("OPENCLAW_GATEWAY_PORT", "18789", false, inline.clone()),
        ("OPENCLAW_GATEWAY_TOKEN", "•••••• (sha256:1f3a)", true, file),
        ("PATH", "/home/anna/.nvm/versions/node/v24.16.0/bin:/usr/local/bin:/usr/bin:/bin", false, inline),
    ];
    rows.map(|(name, shown, secret, source)| Variable {
        name: name.to_owned(),
        shown: shown.to_owned(),
        secret,
        source,
    })
    .into()
}

fn running(age_s: i64, restarts: u32) -> Supervised {
    let last_exit = (restarts > 0).then(|| record(KILLED));
    Supervised::Running(Run { pid: 48_213, since: Some(before(age_s)), restarts, last_exit })
}

fn record(exit: Exit) -> ExitRecord {
    ExitRecord { exit, at: Some(before(START_GRACE.as_secs())), pid: Some(47_001), result: None }
}

fn stopped(exit: Option<Exit>) -> Supervised {
    Supervised::Stopped { last_exit: exit.map(record) }
}

fn waiting() -> Supervised {
    Supervised::Waiting { last_exit: Some(record(FAILED)), restarts: 4 }
}

fn gave_up() -> Supervised {
    Supervised::GaveUp { last_exit: Some(record(FAILED)), restarts: 10 }
}

fn free() -> PortUse {
    PortUse::Free { port: 18789 }
}

fn mine() -> PortUse {
    held(Belongs::Service, Some("openclaw-gateway.service"), "node")
}

fn held(belongs: Belongs, started_by: Option<&str>, program: &str) -> PortUse {
    let owner = Listener {
        pid: 48_213,
        program: program.to_owned(),
        command: Vec::new(),
        user: "anna".to_owned(),
        since: Some(before(11_400)),
        address: "127.0.0.1:18789".to_owned(),
        started_by: started_by.map(str::to_owned),
        belongs,
    };
    PortUse::Owned { port: 18789, owner }
}

fn ready() -> Answers {
    Answers::Ready { version: Some("2026.9.1".to_owned()), latency_ms: 4 }
}

fn live() -> Answers {
    Answers::Live { failing: vec!["channels".to_owned(), "memory".to_owned()], latency_ms: 6 }
}

fn no_bus() -> Problem {
    Problem::new(Code::NoUserBus).because("Failed to connect to bus: No medium found")
}
