use proptest::prelude::*;

use super::read::split;
use super::*;

fn script(command: &[&str], environment: &[(&str, &str)]) -> Script {
    Script {
        description: "OpenClaw Gateway".to_owned(),
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        working_dir: None,
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

fn read(text: &str) -> Script {
    parse(text.as_bytes()).unwrap().0
}

#[test]
fn a_script_looks_as_cmd_and_openclaw_expect_it() {
    let mut script = script(
        &["node", "gateway.js", "--display-name", "safe&whoami", "--percent", "%TEMP%", "--bang", "!token!"],
        &[("OPENCLAW_GATEWAY_PORT", "18789"), ("CARET", "a^b!c")],
    );
    script.working_dir = Some(r"C:\temp\poc&calc".to_owned());
    let wanted = "@echo off & setlocal EnableExtensions DisableDelayedExpansion\r\n\
        rem OpenClaw Gateway\r\n\
        cd /d \"C:\\temp\\poc&calc\"\r\n\
        set \"CARET=a^b!c\"\r\n\
        set \"OPENCLAW_GATEWAY_PORT=18789\"\r\n\
        node gateway.js --display-name \"safe&whoami\" --percent \"%%TEMP%%\" --bang \"!token!\"\r\n";
    assert_eq!(render(&script).unwrap(), wanted);
    assert_eq!(parse(wanted.as_bytes()), Some((script, Generation::Gateward)));
}

#[test]
fn a_quote_in_an_argument_turns_cmds_quotes_over_and_operators_are_escaped_there() {
    let line = command_line(&script(&["p", r#"say "a&b" & c"#], &[]).command).unwrap();
    assert_eq!(line, r#"p "say \"a^&b\" & c""#);
}

#[test]
fn what_a_script_cannot_carry_is_refused_by_place_and_reason_and_never_repeated() {
    let with = |value: &str| script(&["p"], &[("X_NOTE", value)]);
    for (value, reason) in [
        ("hunter2\r\ncalc", "newline"),
        ("hunter2 苗振", "ascii"),
        ("hunter2 \"", "quote"),
        (&format!("hunter2{}", "x".repeat(9000)), "length"),
    ] {
        let problem = render(&with(value)).unwrap_err();
        assert_eq!((problem.code, problem.values["reason"].as_str()), (Code::BadValue, reason));
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
    }
}

#[test]
fn a_script_without_a_command_is_refused_and_read_as_none() {
    assert_eq!(render(&script(&[], &[])).unwrap_err().values["reason"], "empty");
    assert_eq!(parse(b"@echo off\r\nrem nothing\r\n"), None);
}

mod openclaws_scripts {
    use super::*;

    /// OC 7.4, the table of the script reader.
    #[test]
    fn commands_keep_their_backslashes_and_servers() {
        for (line, wanted) in [
            (
                r#""C:/Program Files/Node/node.exe" gateway.js"#,
                vec!["C:/Program Files/Node/node.exe", "gateway.js"],
            ),
            (
                r#""C:\Program Files\nodejs\node.exe" C:\Users\test\dist\index.js gateway --port 18789"#,
                vec![
                    r"C:\Program Files\nodejs\node.exe",
                    r"C:\Users\test\dist\index.js",
                    "gateway",
                    "--port",
                    "18789",
                ],
            ),
            (
                r#""\\fileserver\OpenClaw Share\node.exe" x"#,
                vec![r"\\fileserver\OpenClaw Share\node.exe", "x"],
            ),
        ] {
            assert_eq!(read(line).command, wanted, "{line}");
        }
    }

    #[test]
    fn folder_and_unquoted_variables_of_2026_2_are_read_as_they_stand() {
        let text = "@echo off\nrem OpenClaw Gateway (v2026.2.9)\ncd /d C:\\Projects\\openclaw\nset NODE_ENV=production\n\
                    set OPENCLAW_PORT=18789\nset ODD=100%^!\nnode gateway.js --verbose\n";
        let (script, generation) = parse(text.as_bytes()).unwrap();
        assert_eq!(generation, Generation::F);
        assert_eq!(script.working_dir.as_deref(), Some(r"C:\Projects\openclaw"));
        assert_eq!(script.environment["ODD"], "100%^!");
        assert_eq!(script.command, ["node", "gateway.js", "--verbose"]);
    }

    #[test]
    fn values_of_2026_4_lose_the_carets_that_were_never_meant() {
        let text = "set \"OC_AMP=left & right\"\r\nset \"OC_PIPE=a | b\"\r\nset \"OC_CARET=^^\"\r\n\
                    set \"OC_PERCENT=%%TEMP%%\"\r\nset \"OC_BANG=^!token^!\"\r\nset \"OC_QUOTE=he said ^\"hi^\"\"\r\nnode x\r\n";
        let (script, generation) = parse(text.as_bytes()).unwrap();
        assert_eq!(generation, Generation::A);
        let wanted = [
            ("OC_AMP", "left & right"),
            ("OC_BANG", "!token!"),
            ("OC_CARET", "^"),
            ("OC_PERCENT", "%TEMP%"),
            ("OC_PIPE", "a | b"),
            ("OC_QUOTE", r#"he said "hi""#),
        ];
        assert_eq!(
            script.environment,
            wanted.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
        );
    }

    #[test]
    fn arguments_round_trip_as_upstream_wrote_them() {
        for (written, meant) in [
            ("plain", "plain"),
            (r#""with space""#, "with space"),
            (r#""safe&whoami""#, "safe&whoami"),
            (r#""safe^caret""#, "safe^caret"),
            (r#""%%TEMP%%""#, "%TEMP%"),
            (r#""^!token^!""#, "!token!"),
            (r#""he said \"hi\"""#, r#"he said "hi""#),
            (r#""""#, ""),
        ] {
            assert_eq!(read(&format!("node {written}")).command, ["node", meant], "{written}");
        }
    }

    #[test]
    fn a_script_of_2026_9_tells_its_code_page_and_its_supervisor() {
        let mut bytes = b"@echo off\r\n@chcp 936 >nul\r\n@rem openclaw-launcher-encoding=cp936\r\nrem OpenClaw Gateway\r\n\
            set \"HOME=C:\\Users\\"
            .to_vec();
        bytes.extend(b"\xc3\xe7\xd5\xf1\"\r\n");
        bytes.extend(br#""C:\node.exe" C:\dist\index.js gateway --port 18789 --task-supervisor < NUL"#);
        let (script, generation) = parse(&bytes).unwrap();
        assert_eq!(generation, Generation::N);
        assert_eq!(script.environment["HOME"], r"C:\Users\苗振");
        assert_eq!(script.command.last().unwrap(), "--task-supervisor");
        assert_eq!(script.description, "OpenClaw Gateway");
    }
}

#[test]
fn a_scripts_own_word_on_its_encoding_counts() {
    let described = |bytes: &[u8]| parse(bytes).unwrap().0.description;
    let gbk = b"@chcp 936 >nul\r\n@rem openclaw-launcher-encoding=gbk\r\nrem \xc3\xe7\xd5\xf1\r\nnode x\r\n";
    assert_eq!(described(gbk), "苗振");
    assert_eq!(described("rem 苗振\r\nnode x".as_bytes()), "苗振");
    let utf16: Vec<u8> = "\u{feff}rem 苗振\r\nnode x".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(described(&utf16), "苗振");
}

proptest! {
    #[test]
    fn what_is_rendered_is_read_back(
        command in prop::collection::vec("[ -~\\t]{0,30}", 1..6),
        folder in prop::option::of("[ !#-~]{1,40}"),
        values in prop::collection::btree_map("[A-Z_]{1,10}", "[ !#-~\\t]{1,40}", 0..6),
    ) {
        prop_assume!(!command[0].is_empty());
        prop_assume!(!["@", "echo", "rem", "set", "cd", "chcp", "setlocal"].iter().any(|word| {
            command[0].to_lowercase().starts_with(word)
        }));
        prop_assume!(values.values().all(|value| !value.ends_with([' ', '\t'])));
        let script = Script { description: "d".to_owned(), command, working_dir: folder, environment: values };
        let text = render(&script).unwrap();
        prop_assert_eq!(parse(text.as_bytes()), Some((script, Generation::Gateward)));
    }

    #[test]
    fn arguments_survive_the_c_runtimes_rules(words in prop::collection::vec("\\PC{0,20}", 1..6)) {
        let line: Vec<String> = words.iter().map(|word| argument(word)).collect();
        prop_assert_eq!(split(&line.join(" ")), words);
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }
}
