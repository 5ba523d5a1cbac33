//! What the child of a real manager finds is exactly what was asked for.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use gateward::adapter::Intent;
use gateward::model::{Redacted, ServiceSpec, Value};
use gateward::plan::{Step, Text};

use crate::Account;
use crate::rig::wait::{PATIENCE, wait_until};

/// Each is tried as an argument, a variable, a secret, a working folder and a program's folder.
const NASTY: &[&str] = &[
    "plain",
    "two words",
    " leading",
    "trailing ",
    "  ",
    "tab\there",
    "\t",
    "\"",
    "'",
    "a\"b",
    "it's",
    "\"quoted\"",
    "'single'",
    "\"open",
    "\\",
    "\\\\",
    "trailing\\",
    "trailing\\\\",
    "a\\nb",
    "\\x41\\u0041\\101\\s",
    "C:\\Program Files\\x",
    "\\\"",
    "%",
    "%%",
    "%h %u %i %n %t",
    "100% %",
    "$",
    "$$",
    "$HOME",
    "${HOME}",
    "a$HOME-b",
    "$(id) `id`",
    ";",
    "; rm -rf x",
    "\\;",
    "a;b",
    "#comment",
    "a # b",
    "-",
    "--flag=x y",
    "-e",
    "@x",
    ":x",
    "+x",
    "!x",
    "!!x",
    "|x",
    "=",
    "a=b=c",
    "[Service]",
    "*?[a-z]{b,c}",
    "~",
    "&&",
    "a|b>c<d",
    "ÄÖÜ ß é",
    "日本語",
    "😀👩‍👩‍👧",
    "\u{a0}no-break\u{a0}",
    "\u{200b}\u{202e}x",
    "combining e\u{301}",
    "%\"'\\$;#",
    "ExecStartPre=/bin/false",
    "{\"json\": [1, \"two\"], \"x\": \"a\\\"b\"}",
];

/// Writes what it was given, byte by byte, and stays.
const CHILD: &str = "#!/bin/sh
cat /proc/$$/cmdline > \"$OUT/argv\"
cat /proc/$$/environ > \"$OUT/environ\"
readlink -n /proc/$$/cwd > \"$OUT/cwd\"
: > \"$OUT/done\"
exec sleep infinity
";

#[test]
fn the_child_gets_exactly_what_was_asked_for() {
    assert!(NASTY.len() >= 40);
    let account = Account::new();
    let rows: Vec<Row> = std::iter::once(everything_at_once(&account))
        .chain(NASTY.iter().enumerate().map(|(at, text)| one_of_all(&account, at, text)))
        .collect();
    let files: Vec<PathBuf> = rows.iter().map(|row| row.install(&account)).collect();
    verify(&account, &files);
    assert!(account.manager.try_systemctl(&["daemon-reload"]).status.success());
    let units: Vec<&str> = rows.iter().map(|row| row.spec.identity.unit.as_str()).collect();
    let started = account.manager.try_systemctl(&[&["start"], units.as_slice()].concat());
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    for row in &rows {
        row.check();
    }
}

/// `systemd-analyze` says nothing at all of a good unit; unknown keys and bad values only give warnings (test-rigs 4).
fn verify(account: &Account, files: &[PathBuf]) {
    let verified =
        account.manager.command("systemd-analyze").args(["--user", "verify"]).args(files).output().unwrap();
    assert_eq!((verified.status.code(), String::from_utf8_lossy(&verified.stderr).as_ref()), (Some(0), ""));
}

struct Row {
    spec: ServiceSpec,
    out: PathBuf,
}

/// All values as arguments, variables and secrets of one unit: none disturbs another.
fn everything_at_once(account: &Account) -> Row {
    let mut row = row(account, 999, "bin", "here");
    row.spec.command.extend(["".to_owned()]);
    row.spec.command.extend(NASTY.iter().map(|text| (*text).to_owned()));
    for (at, text) in NASTY.iter().enumerate() {
        row.spec.environment.insert(format!("PLAIN_{at}"), Value::Plain((*text).to_owned()));
        row.spec.environment.insert(format!("SECRET_{at}"), Value::Secret(Redacted::new(*text)));
    }
    row.spec.environment.insert("EMPTY".to_owned(), Value::Plain(String::new()));
    row
}

fn one_of_all(account: &Account, at: usize, text: &str) -> Row {
    let name = text.replace('/', "_");
    // systemd takes no program with one of these in its path, however it is quoted; we refuse it.
    let program = if name.contains(['"', '\'', '\\', '\t']) { "bin" } else { &name };
    let mut row = row(account, at, program, &name);
    row.spec.command.push(text.to_owned());
    row.spec.description = text.to_owned();
    row
}

fn row(account: &Account, at: usize, program_folder: &str, working_folder: &str) -> Row {
    // A name that is `.` or the like can't be one of these: each has a letter of ours in front where it is a folder.
    let [program, folder, out, state] =
        [format!("p{program_folder}"), format!("w/{working_folder}"), format!("o{at}"), format!("s{at}")]
            .map(|name| account.manager.home().join(name));
    for folder in [&program, &folder, &out, &state] {
        fs::create_dir_all(folder).unwrap();
    }
    let child = program.join("child");
    fs::write(&child, CHILD).unwrap();
    fs::set_permissions(&child, fs::Permissions::from_mode(0o755)).unwrap();
    let mut spec = account.spec(&[child.to_str().unwrap()]);
    spec.identity.unit = format!("row{at}.service");
    spec.identity.state_dir = state.display().to_string();
    spec.working_dir = Some(folder.display().to_string());
    spec.environment.insert("OUT".to_owned(), Value::Plain(out.display().to_string()));
    Row { spec, out }
}

impl Row {
    /// Writes the files of the real plan; the manager is told of all rows at once.
    fn install(&self, account: &Account) -> PathBuf {
        let seen = crate::block_on(gateward::observe::observe(
            &account.system,
            &*account.adapter,
            &self.spec.identity,
        ));
        let intent = Intent::Install { spec: &self.spec, force: false };
        let plan = account.adapter.plan(&intent, &self.spec.identity, &seen).unwrap();
        for step in &plan.steps {
            match step {
                Step::MakeDir { path, .. } => fs::create_dir_all(path).unwrap(),
                Step::Write { path, text: Text::Plain(text), .. } => fs::write(path, text).unwrap(),
                Step::Write { path, text: Text::Secret(text), .. } => fs::write(path, text.reveal()).unwrap(),
                _ => {}
            }
        }
        PathBuf::from(gateward::layout::unit_file(&self.spec.identity))
    }

    fn check(&self) {
        let unit = &self.spec.identity.unit;
        wait_until(PATIENCE, &format!("{unit} wrote {:?}", self.spec.description), || {
            self.out.join("done").exists()
        });
        // The kernel puts the interpreter before a script's name.
        assert_eq!(self.list("argv")[1..], self.spec.command, "{unit}");
        let cwd = fs::read(self.out.join("cwd")).unwrap();
        let wanted = Path::new(self.spec.working_dir.as_deref().unwrap());
        assert_eq!(
            String::from_utf8_lossy(&cwd),
            String::from_utf8_lossy(wanted.as_os_str().as_bytes()),
            "{unit}"
        );
        let found: BTreeMap<String, String> = self
            .list("environ")
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (name, value) in &self.spec.environment {
            let wanted = match value {
                Value::Plain(text) => text,
                Value::Secret(secret) => secret.reveal(),
            };
            assert_eq!(found.get(name).map(String::as_str), Some(wanted), "{unit} {name}");
        }
    }

    fn list(&self, file: &str) -> Vec<String> {
        let bytes = fs::read(self.out.join(file)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        text.strip_suffix('\0').unwrap_or(&text).split('\0').map(str::to_owned).collect()
    }
}
