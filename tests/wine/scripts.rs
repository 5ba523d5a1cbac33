//! wine's cmd.exe runs our scripts, and the child prints what reached it.
//!
//! Where wine's cmd is not Windows': it reads every script as code page 437 whatever `chcp` says (ours are ASCII, so nothing depends on
//! it), takes `||` after a `cd` that worked (8.0; ours have none), and goes on after lines of more than 8191 characters (ours are
//! refused). For those the documented rules stand in.

use std::collections::BTreeMap;

use gateward::adapter::schtasks::script::{Script, render};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::wine::{dos, program, run};

const ARGUMENTS: &[&str] = &[
    "plain",
    "with space",
    "",
    "per%cent",
    "%PATH%",
    "%%",
    "100%",
    "%~dp0",
    "%1",
    "ca^ret",
    "^",
    "a ^ b",
    "a&b",
    "a & b",
    "a|b",
    "a<b>c",
    "a > b",
    "ex!clam",
    "!PATH!",
    "(paren)",
    "semi;comma,eq=",
    "tick'",
    "back`tick",
    "trail\\",
    "tr ail\\",
    "dbl\\\\x",
    r"C:\Program Files\x y\",
    "quo\"te",
    "quo\"te & amp",
    "\"both\"",
    "sp \"in\" q",
    "a\\\"b",
    "\"",
    "\"\"",
    "50% \"q\" & ^ !x!",
    "*.txt",
    "@at",
    "~tilde",
    "--k=v w",
    "/c",
    "%",
    "a%b%c",
    "%OS%",
    "^^",
    "&&",
    "|| calc",
    "> out.txt",
    "tab\there",
    "^&",
    "\\\\server\\share",
];

const VARIABLES: &[(&str, &str)] = &[
    ("T_PLAIN", "B"),
    ("T_SPACES", "a b "),
    ("T_AMP", "a & b | c > d"),
    ("T_PERCENT", "50% %PATH% %%"),
    ("T_CARET", "x^y ^^"),
    ("T_BANG", "hi! !PATH! !"),
    ("T_PAREN", "a) (b"),
    ("T_BACKSLASH", r"C:\x\"),
    ("T_EQUALS", "a=b=c"),
    ("T_TOKEN", "a!b^c%d&e"),
    ("T_QUOTE_LIKE", "it's `x`"),
    ("T_LESS", "<in >out 2>&1"),
];

/// One script for all arguments and variables, and one for each argument alone: a mistake in one must not hide behind another.
fn scripts() -> Vec<Script> {
    let words = |arguments: &[&str]| {
        let program = dos(&program("argdump.exe"));
        [program.as_str()].iter().chain(arguments).map(|word| (*word).to_owned()).collect::<Vec<_>>()
    };
    let variables: BTreeMap<String, String> =
        VARIABLES.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let all = Script { command: words(ARGUMENTS), environment: variables, ..Script::default() };
    let alone =
        |argument: &&str| Script { command: words(&["first", argument, "last one"]), ..Script::default() };
    ARGUMENTS.iter().map(alone).chain([all]).collect()
}

#[test]
fn the_child_gets_exactly_the_arguments_variables_and_folder_that_were_asked_for() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("dir & with 100% (space)!");
    std::fs::create_dir(&folder).unwrap();
    assert!(ARGUMENTS.len() + VARIABLES.len() >= 40);
    for (number, script) in scripts().into_iter().enumerate() {
        let script =
            Script { working_dir: Some(dos(&folder)), description: "50% & more".to_owned(), ..script };
        let path = home.path().join(format!("{number}.cmd"));
        std::fs::write(&path, render(&script).unwrap()).unwrap();
        let told = run("cmd.exe", &["/d", "/c", &dos(&path)], &[]);
        let got: Json = serde_json::from_str(told.text().trim())
            .unwrap_or_else(|error| panic!("{error}: {told:?}\n{}", render(&script).unwrap()));
        assert_eq!(got["arguments"], serde_json::json!(script.command[1..]), "{}", render(&script).unwrap());
        assert_eq!(got["variables"], serde_json::json!(script.environment));
        assert_eq!(got["folder"].as_str().unwrap().to_lowercase(), dos(&folder).to_lowercase());
    }
}

/// What the seed's and upstream's way of writing does, on the same cmd.exe: the reason for ours.
#[test]
fn an_unescaped_percent_sign_would_be_expanded_and_an_ampersand_would_run_a_command() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("naive.cmd");
    let dump = dos(&program("argdump.exe"));
    std::fs::write(&path, format!("@echo off\r\nset T_A=x& echo injected\r\n\"{dump}\" %OS%\r\n")).unwrap();
    let told = run("cmd.exe", &["/d", "/c", &dos(&path)], &[]);
    assert!(told.text().contains("injected") && told.text().contains("Windows_NT"), "{told:?}");
}
