use proptest::prelude::*;

use super::*;
use crate::adapter::launchd::tests::spec;
use crate::model::{Redacted, Value};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/launchd/plist/", $name))
    };
}

#[test]
fn a_definition_has_every_key_of_the_newest_generation() {
    let text = render(&Agent::of(&spec())).unwrap();
    let node = Node::from_reader_xml(text.as_bytes()).unwrap();
    let dict = node.as_dictionary().unwrap();
    let keys: Vec<&str> = dict.keys().map(String::as_str).collect();
    let wanted = [
        "Label",
        "Comment",
        "RunAtLoad",
        "KeepAlive",
        "ExitTimeOut",
        "ProcessType",
        "ThrottleInterval",
        "Umask",
        "StandardInPath",
        "ProgramArguments",
        "StandardOutPath",
        "StandardErrorPath",
        "EnvironmentVariables",
    ];
    assert_eq!(keys, wanted);
    let flags = ["RunAtLoad", "KeepAlive"].map(|key| dict[key].as_boolean());
    let numbers = ["ExitTimeOut", "ThrottleInterval", "Umask"].map(|key| dict[key].as_unsigned_integer());
    let log = Some("/Users/anna/Library/Logs/openclaw/gateway.log");
    assert_eq!(flags, [Some(true); 2]);
    assert_eq!(numbers, [Some(20), Some(10), Some(63)]);
    assert_eq!(dict["ProcessType"].as_string(), Some("Interactive"));
    assert_eq!(["StandardOutPath", "StandardErrorPath"].map(|key| dict[key].as_string()), [log, log]);
}

#[test]
fn without_secrets_launchd_runs_the_gateway_itself() {
    assert_eq!(Agent::of(&spec()).command, spec().command);
}

#[test]
fn a_secret_never_reaches_the_plist() {
    let mut spec = spec();
    spec.environment.insert("X_TOKEN".to_owned(), Value::Secret(Redacted::new("hunter2")));
    let agent = Agent::of(&spec);
    assert!(!render(&agent).unwrap().contains("hunter2"));
    assert_eq!(
        agent.command[..3],
        [
            "/bin/sh",
            "/Users/anna/.openclaw/service-env/ai.openclaw.gateway-env-wrapper.sh",
            "/Users/anna/.openclaw/service-env/ai.openclaw.gateway.env",
        ]
    );
    assert_eq!(agent.command[3..], spec.command);
}

#[test]
fn a_plist_survives_ampersands_in_tokens() {
    let mut agent = Agent::of(&spec());
    agent.command.push("--x=<a&b> \"c\" 'd' ]]> é 苗".to_owned());
    assert_eq!(parse(render(&agent).unwrap().as_bytes()).unwrap(), agent);
}

#[test]
fn what_xml_cannot_hold_is_refused_by_place() {
    for bad in ["\u{0}", "\u{1b}[31m", "\r", "\u{fffe}"] {
        let mut agent = Agent::of(&spec());
        agent.command[2] = format!("a{bad}b");
        let problem = render(&agent).unwrap_err();
        assert_eq!(
            (problem.code, problem.values["variable"].as_str()),
            (Code::BadValue, "ProgramArguments[2]")
        );
    }
    let mut agent = Agent::of(&spec());
    agent.environment.insert("X".to_owned(), "a\nb".to_owned());
    assert_eq!(render(&agent).unwrap_err().values["variable"], "EnvironmentVariables.X");
}

#[test]
fn every_generation_of_openclaw_is_read() {
    let files: [&[u8]; 4] = [
        fixture!("openclaw-2026.2.plist"),
        fixture!("openclaw-2026.4.plist"),
        fixture!("openclaw-2026.9.plist"),
        fixture!("openclaw-2026.9-binary.plist"),
    ];
    for bytes in files {
        let agent = parse(bytes).unwrap();
        let (_, command) = wrapper::unwrapped(&agent.command);
        assert_eq!(command[2..], ["gateway", "--port", "18789"]);
        assert_eq!(agent.environment["OPENCLAW_SERVICE_MARKER"], "openclaw");
        assert!(agent.run_at_load && agent.keep_alive && !agent.ours);
    }
}

#[test]
fn the_oldest_generations_inline_token_is_unescaped_once() {
    let agent = parse(fixture!("openclaw-2026.2.plist")).unwrap();
    assert_eq!(agent.environment["OPENCLAW_GATEWAY_TOKEN"], "a&b<c'd\"e");
}

#[test]
fn a_binary_file_says_the_same_as_its_xml() {
    assert_eq!(parse(fixture!("openclaw-2026.9-binary.plist")), parse(fixture!("openclaw-2026.9.plist")));
}

#[test]
fn other_authors_files_are_read() {
    let brew = parse(fixture!("homebrew.plist")).unwrap();
    assert_eq!((brew.label.as_str(), brew.command.len()), ("homebrew.mxcl.herdr", 2));
    let hand = parse(fixture!("by-hand.plist")).unwrap();
    assert_eq!(hand.command, ["/Users/anna/bin/run & keep"]);
    assert!(hand.keep_alive && hand.disabled && !hand.run_at_load);
}

#[test]
fn a_damaged_file_is_told_and_never_guessed() {
    let whole = String::from_utf8_lossy(fixture!("openclaw-2026.4.plist")).into_owned();
    let damaged = [
        String::new(),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("</plist>", ""),
        whole.replace("<string>gateway</string>", "<string>gateway&nbsp;</string>"),
        whole.replace("<string>gateway</string>", "<integer>7</integer>"),
        whole.replace("<key>Label</key>", "<key>Etikett</key>"),
        whole.replace("ProgramArguments", "Arguments"),
        whole.replace("<true/>", "<string>true</string>"),
        whole.replace("<string>gateway</string>", "<string>gateway & co</string>"),
        "<plist><string>x</string></plist>".to_owned(),
        "bplist00".to_owned(),
    ];
    for text in damaged {
        assert!(parse(text.as_bytes()).is_err(), "{text}");
    }
}

fn agents() -> impl Strategy<Value = Agent> {
    // Every character XML can hold, with the nasty ones often.
    let line = || "([^\\x00-\\x08\\x0a-\\x1f\\u{fffe}\\u{ffff}]|[&<>\"' \\t\\]]){0,12}";
    let name = "[A-Z_][A-Z0-9_]{0,6}";
    let command = prop::collection::vec(line(), 1..5).prop_map(|mut words| {
        words[0].insert(0, '/');
        words
    });
    let variables = prop::collection::btree_map(name, line(), 0..4);
    (command, variables, prop::option::of(line()), line(), any::<bool>()).prop_map(
        |(command, environment, working_dir, comment, ours)| Agent {
            command,
            environment,
            working_dir,
            comment: Some(comment),
            ours,
            ..Agent::of(&spec())
        },
    )
}

proptest! {
    #[test]
    fn reading_returns_what_was_written(agent in agents()) {
        prop_assert_eq!(parse(render(&agent).unwrap().as_bytes()).unwrap(), agent);
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..2000) {
        let whole: &[u8] = fixture!("openclaw-2026.9-binary.plist");
        let _ = parse(&bytes);
        prop_assert!(cut >= whole.len() || parse(&whole[..cut]).is_err());
    }

    #[test]
    fn a_file_cut_anywhere_is_unreadable(cut in 0usize..1900) {
        let whole: &[u8] = fixture!("openclaw-2026.9.plist");
        let end = whole.len() - b"</plist>\n".len();
        prop_assert!(cut > end || parse(&whole[..cut]).is_err());
    }
}
