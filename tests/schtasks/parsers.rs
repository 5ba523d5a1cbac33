//! Readers that are not ours look at our tasks: libxml2 with a schema, and Python's strict parser.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use gateward::adapter::schtasks::task::{Action, Task, Wanted};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schtasks/task.xsd");

fn fed(program: &str, args: &[&str], bytes: &[u8]) -> Output {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

/// As the file is handed to Task Scheduler.
fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub fn judged(text: &str) -> Result<(), String> {
    let output = fed("xmllint", &["--noout", "--nonet", "--schema", SCHEMA, "-"], &utf16(text));
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn wanted<'a>(command: &str, description: &'a str, user: &'a str) -> Wanted<'a> {
    let action = Action {
        command: command.to_owned(),
        arguments: "run --profile default --scheduled".to_owned(),
        working_dir: Some(r"C:\Program Files\Gateward".to_owned()),
    };
    Wanted { description, user, action }
}

fn nasty() -> Wanted<'static> {
    wanted(r"C:\Users\苗振 & <Söhne>\🦞 'x'\gateward-host.exe", "Gateway <\"&'> ]]> 苗振", r"PC\Türkçe Ğüş")
}

#[test]
fn a_new_task_keeps_the_schema_whatever_the_names_are() {
    let long = format!("C:\\{}\\gateward-host.exe", "ü".repeat(300));
    for wanted in [nasty(), wanted(&long, "OpenClaw Gateway", "anna")] {
        let text = Task::new(&wanted).unwrap().render();
        judged(&text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    }
}

#[test]
fn an_updated_task_keeps_the_schema() {
    for old in [
        include_str!("../fixtures/schtasks/xml/openclaw-2026.2.xml"),
        include_str!("../fixtures/schtasks/xml/openclaw-2026.9.xml"),
        include_str!("../fixtures/schtasks/xml/tuned.xml"),
    ] {
        let text = Task::parse(old).unwrap().updated(&nasty()).unwrap().render();
        judged(&text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    }
}

#[test]
fn the_schema_refuses_what_task_scheduler_would() {
    let good = Task::new(&nasty()).unwrap().render();
    for (from, to) in [
        ("PT0S", "forever"),
        ("<Priority>7", "<Priority>11"),
        ("IgnoreNew", "Ignore"),
        ("<Count>3", "<Count>0"),
        ("PT1M", "PT1S"),
        ("<Hidden>false", "<Hidden>no"),
        ("InteractiveToken", "Interactive"),
        ("<Settings>", "<Settings><Nonsense/>"),
        ("version=\"1.2\"", "version=\"9.9\""),
    ] {
        assert!(good.contains(from), "{from}");
        assert!(judged(&good.replacen(from, to, 1)).is_err(), "{to}");
    }
}

const AS_TEXT: &str = "import sys, xml.etree.ElementTree as tree\n\
    root = tree.fromstring(sys.stdin.buffer.read())\n\
    space = '{http://schemas.microsoft.com/windows/2004/02/mit/task}'\n\
    print(root.find(f'{space}Actions/{space}Exec/{space}Command').text)\n\
    print(root.find(f'{space}RegistrationInfo/{space}Description').text)\n\
    print(root.find(f'{space}Triggers/{space}LogonTrigger/{space}UserId').text)";

#[test]
fn pythons_parser_reads_exactly_what_was_meant_from_the_utf_16_file() {
    let wanted = nasty();
    let text = Task::new(&wanted).unwrap().render();
    let output = fed("/usr/bin/python3", &["-X", "utf8", "-c", AS_TEXT], &utf16(&text));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        [wanted.action.command.as_str(), wanted.description, wanted.user]
    );
}
