use proptest::prelude::*;

use super::*;
use crate::identity::{Profile, identify, tests::around};
use crate::model::{Redacted, RestartPolicy};

fn specifiers() -> Specifiers {
    let around = around(&[]);
    Specifiers::new(&identify(&Profile::default(), &around, None).unwrap(), &around)
}

/// A gateway's spec with the given arguments after the program.
pub fn spec(arguments: &[&str]) -> ServiceSpec {
    let command =
        std::iter::once("/usr/bin/node").chain(arguments.iter().copied()).map(str::to_owned).collect();
    ServiceSpec {
        identity: identify(&Profile::default(), &around(&[]), None).unwrap(),
        description: "OpenClaw Gateway".to_owned(),
        command,
        working_dir: None,
        environment: BTreeMap::new(),
        restart: RestartPolicy::default(),
    }
}

fn with(spec: ServiceSpec, variables: &[(&str, Value)]) -> ServiceSpec {
    let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    ServiceSpec { environment, ..spec }
}

fn plain(text: &str) -> Value {
    Value::Plain(text.to_owned())
}

fn read(text: &str) -> Unit {
    parse(&[Part { path: "x.service", text }], &specifiers())
}

fn line<'a>(unit: &'a str, key: &str) -> &'a str {
    unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap()
}

#[test]
fn a_unit_looks_like_openclaws_newest() {
    let spec = with(
        spec(&["/opt/openclaw/dist/index.js", "gateway", "--port", "18789"]),
        &[
            ("HOME", plain("/home/anna")),
            ("MY_TOKEN", Value::Secret(Redacted::new("hunter2"))),
            ("NOTE", plain("two words")),
        ],
    );
    insta::assert_snapshot!(
        render(&ServiceSpec { working_dir: Some("/home/anna/my work".to_owned()), ..spec }).unwrap()
    );
}

#[test]
fn a_name_with_a_space_is_quoted_as_openclaws_tests_want_it() {
    let text = render(&spec(&["gateway", "--name", "My Bot"])).unwrap();
    assert_eq!(line(&text, "ExecStart"), "/usr/bin/node gateway --name \"My Bot\"");
}

#[test]
fn what_systemd_would_expand_is_doubled() {
    let text = render(&with(spec(&["100%", "$HOME"]), &[("A", plain("50% $x"))])).unwrap();
    assert_eq!(line(&text, "ExecStart"), "/usr/bin/node 100%% $$HOME");
    // systemd expands no variables in `Environment=`.
    assert_eq!(line(&text, "Environment"), "\"A=50%% $x\"");
}

#[test]
fn a_program_with_a_dollar_in_its_path_is_started_without_expansion() {
    let spec = ServiceSpec { command: vec!["/opt/a$b/node".to_owned(), "$x".to_owned()], ..spec(&[]) };
    let text = render(&spec).unwrap();
    assert_eq!(line(&text, "ExecStart"), ":/opt/a$b/node $x");
    assert_eq!(read(&text).command, spec.command);
}

#[test]
fn the_working_folder_stands_bare_and_keeps_its_last_character() {
    for (path, wanted) in [("/a b", "/a b"), ("/a ", "/a /."), (r"/a\", r"/a\/."), ("/100%", "/100%%")] {
        let text = render(&ServiceSpec { working_dir: Some(path.to_owned()), ..spec(&[]) }).unwrap();
        assert_eq!(line(&text, "WorkingDirectory"), wanted);
        assert_eq!(read(&text).working_dir.as_deref(), Some(path));
    }
}

#[test]
fn an_injected_line_is_refused_by_place() {
    let bad = "x\nExecStartPre=/bin/sh";
    let problems = [
        render(&spec(&["gateway", bad])),
        render(&ServiceSpec { description: bad.to_owned(), ..spec(&[]) }),
        render(&ServiceSpec { working_dir: Some(format!("/{bad}")), ..spec(&[]) }),
        render(&with(spec(&[]), &[("A", plain(bad))])),
    ]
    .map(|rendered| rendered.unwrap_err());
    let places =
        problems.each_ref().map(|p| p.values.get("variable").or(p.values.get("name")).unwrap().as_str());
    assert_eq!(places, ["ExecStart[2]", "Description", "WorkingDirectory", "A"]);
}

#[test]
fn a_refused_secret_is_not_repeated() {
    let problem =
        render(&with(spec(&[]), &[("A_TOKEN", Value::Secret(Redacted::new("hunter2\r")))])).unwrap_err();
    assert_eq!(problem.code, Code::BadVariable);
    assert!(!format!("{problem:?}").contains("hunter2"));
}

#[test]
fn a_relative_program_or_folder_is_refused() {
    let program = ServiceSpec { command: vec!["node".to_owned()], ..spec(&[]) };
    assert_eq!(render(&program).unwrap_err().code, Code::BadValue);
    assert_eq!(
        render(&ServiceSpec { command: Vec::new(), ..spec(&[]) }).unwrap_err().values["reason"],
        "empty"
    );
    let folder = ServiceSpec { working_dir: Some("work".to_owned()), ..spec(&[]) };
    assert_eq!(render(&folder).unwrap_err().code, Code::BadWorkingDir);
}

#[test]
fn a_program_path_that_systemd_cannot_take_is_refused() {
    for path in ["/a\"b", "/it's", r"/a\b", "/a\tb"] {
        let problem = render(&ServiceSpec { command: vec![path.to_owned()], ..spec(&[]) }).unwrap_err();
        assert_eq!((problem.code, problem.values["reason"].as_str()), (Code::BadValue, "letters"), "{path}");
    }
}

#[test]
fn the_environment_files_path_is_no_pattern() {
    let mut spec = with(spec(&[]), &[("A_TOKEN", Value::Secret(Redacted::new("x")))]);
    spec.identity.state_dir = "/home/anna/[x]*?/50%".to_owned();
    let text = render(&spec).unwrap();
    assert_eq!(
        line(&text, "EnvironmentFile"),
        r"-/home/anna/\[x\]\*\?/50%%/gateway.systemd.env".replace(r"\]", "]")
    );
    assert_eq!(read(&text).environment_files[0].path, "/home/anna/[x]*?/50%/gateway.systemd.env");
}

#[test]
fn all_authors_are_told_apart() {
    let ours = render(&spec(&["gateway"])).unwrap();
    for (text, origin) in [
        (ours.as_str(), Origin::Gateward),
        (include_str!("../../../../../tests/fixtures/systemd/units/f.service"), Origin::OpenclawF),
        (include_str!("../../../../../tests/fixtures/systemd/units/a.service"), Origin::OpenclawA),
        (include_str!("../../../../../tests/fixtures/systemd/units/n.service"), Origin::OpenclawN),
        (include_str!("../../../../../tests/fixtures/systemd/units/foreign.service"), Origin::Foreign),
    ] {
        assert_eq!(read(text).origin, origin);
    }
}

#[test]
fn the_oldest_generations_odd_quotes_are_read() {
    let unit = read(include_str!("../../../../../tests/fixtures/systemd/units/f.service"));
    let script = "/opt/oc-old/lib/node_modules/openclaw/dist/index.js";
    assert_eq!(unit.command, ["/usr/bin/node", script, "gateway", "--port", "18789"]);
    assert_eq!(unit.environment["OPENCLAW_SYSTEMD_UNIT"].value, "openclaw-gateway.service");
}

#[test]
fn the_middle_generations_spaces_are_read() {
    let unit = read(include_str!("../../../../../tests/fixtures/systemd/units/a.service"));
    assert_eq!(unit.command[1], "/opt/My Claw/dist/index.js");
    assert_eq!(unit.working_dir.as_deref(), Some("/home/anna/work"));
    assert_eq!(unit.directives["KillMode"], "control-group");
}

#[test]
fn other_peoples_units_are_read_as_systemd_reads_them() {
    let unit = read(include_str!("../../../../../tests/fixtures/systemd/units/foreign.service"));
    assert_eq!(unit.description, "My own  gateway");
    assert_eq!(
        unit.command,
        ["/usr/bin/openclaw", "gateway", "--port=18800", "--name=My \"Bot\"", "100%", "$5"]
    );
    assert_eq!(unit.working_dir.as_deref(), Some("/home/anna"));
    let values: Vec<_> =
        unit.environment.iter().map(|(name, found)| format!("{name}={}", found.value)).collect();
    assert_eq!(values, ["A=1", "B=two words", "C=three", "D=/home/anna/d"]);
    let files: Vec<_> =
        unit.environment_files.iter().map(|file| (file.path.as_str(), file.optional)).collect();
    assert_eq!(files, [("/home/anna/.config/x.env", true), ("/etc/y.env", false)]);
    assert_eq!(unit.unset, ["A"]);
}

#[test]
fn drop_ins_add_replace_and_reset_in_order() {
    let parts = [
        Part {
            path: "x.service",
            text: "[Service]\nExecStart=/old\nEnvironment=A=1 B=2\nEnvironmentFile=/a.env\n",
        },
        Part {
            path: "x.service.d/10.conf",
            text: "[Service]\nExecStart=\nExecStart=/new x\nEnvironment=A=3\n",
        },
        Part {
            path: "x.service.d/20.conf",
            text: "[Service]\nEnvironment=\nEnvironment=C=4\nEnvironmentFile=\n",
        },
    ];
    let unit = parse(&parts, &specifiers());
    assert_eq!(unit.command, ["/new", "x"]);
    let assigned: Vec<_> =
        unit.environment.iter().map(|(name, a)| (name.as_str(), a.source.as_str())).collect();
    assert_eq!(assigned, [("C", "x.service.d/20.conf")]);
    assert_eq!(unit.environment_files, []);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        arguments in prop::collection::vec(text(), 0..6),
        folder in text(),
        values in prop::collection::btree_map("[A-Za-z_][A-Za-z0-9_]{0,12}", text(), 0..5),
        burst in 0..100_u32,
    ) {
        let folder = format!("/{folder}");
        prop_assume!(!folder.ends_with("/."));
        let mut spec = spec(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        spec.working_dir = Some(folder);
        spec.restart.burst = burst;
        spec.environment = values.into_iter().map(|(name, text)| (name, Value::Plain(text))).collect();
        let unit = read(&render(&spec).unwrap());
        prop_assert_eq!(&unit.command, &spec.command);
        prop_assert_eq!(&unit.working_dir, &spec.working_dir);
        let read: BTreeMap<_, _> = unit.environment.into_iter().map(|(name, found)| (name, Value::Plain(found.value))).collect();
        prop_assert_eq!(read, spec.environment);
        prop_assert_eq!((unit.description, &unit.directives["StartLimitBurst"]), (spec.description, &burst.to_string()));
        prop_assert_eq!(unit.origin, Origin::Gateward);
    }

    #[test]
    fn no_secret_is_in_a_unit_or_a_refusal(secret in "[^\\p{Cc}]{6,20}|[a-z]{6}\n[a-z]{6}") {
        let spec = with(spec(&["gateway"]), &[("A_TOKEN", Value::Secret(Redacted::new(secret.clone())))]);
        let said = render(&spec).unwrap_or_else(|problem| format!("{problem:?}"));
        prop_assert!(!said.contains(&secret));
    }

    #[test]
    fn any_text_can_be_read_as_a_unit(text in "(\\[(Unit|Service)\\]\n)?((ExecStart|Environment|WorkingDirectory|EnvironmentFile)=\\PC*\n|\\PC*\n)*") {
        read(&text);
    }
}

/// Anything that a unit can hold, with a liking for what has a meaning in one.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[^\\p{Cc}]{0,12}", "[\"'\\\\ ;%$#\t=@:+!~*?\\[\\]a-c/.-]{0,16}"]
        .prop_filter("writable", |text: &String| syntax::is_writable(text))
}
