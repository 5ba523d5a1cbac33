//! The wizard in a terminal, over a real `systemd --user` on an empty home.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod rig;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rig::{UserManager, free_port, openclaw, script, wait_at_most, wait_until};
use serde_json::Value;

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");
const UNIT: &str = "openclaw-gateway.service";
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn answers_lead_a_machine_from_nothing_to_a_gateway_that_is_proven_to_run() {
    let home = Home::new();
    let answers = home.answers(r#""openclaw": "npm", "legacy": "remove", "linger": true"#);
    let told = home.json(&["--answers", &answers]);
    assert_eq!((told["ok"].as_bool(), &told["current"]), (Some(true), &Value::Null), "{told}");
    assert_eq!(home.manager.property(UNIT, "ActiveState"), "active");
    for step in ["programs", "plan", "install", "linger", "proof", "afterwards"] {
        assert_eq!(home.state(&told, step), "done", "{told}");
    }
    let unit = std::fs::read_to_string(home.manager.home().join(".config/systemd/user").join(UNIT)).unwrap();
    assert!(unit.contains(openclaw::PACKAGE) && unit.contains(&home.port), "{unit}");
    let again = home.json(&["--answers", &answers]);
    assert_eq!(
        (again["ok"].as_bool(), home.code(&["--answers", &answers])),
        (Some(true), Some(0)),
        "{again}"
    );
}

#[test]
fn without_openclaw_the_demo_gateway_is_installed_when_it_is_asked_for() {
    let home = Home::new();
    let answers = home.answers(r#""program": "demo""#);
    let output = home.command(&["--answers", &answers]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let has_told = |title: &str| text.contains(&format!("● {title}"));
    assert!(["Service manager", "Port", "Installation"].iter().all(|title| has_told(title)), "{text}");
    assert!(!text.contains('◐'), "only what is settled is told:\n{text}");
    let told = home.json(&["--answers", &answers]);
    assert_eq!(told["ok"], true, "{told}");
    assert_eq!(home.manager.property(UNIT, "ActiveState"), "active");
    assert_eq!(home.state(&told, "linger"), "skipped", "{told}");
}

#[test]
fn what_is_not_answered_or_answered_wrongly_ends_with_2_names_the_key_and_changes_nothing() {
    let home = Home::new();
    let silent = home.json(&["--answers", &home.answers(r#""legacy": "keep""#)]);
    assert_eq!(
        (&silent["code"], &silent["values"]["key"]),
        (&"no-answer".into(), &"openclaw".into()),
        "{silent}"
    );
    assert!(silent["values"]["allowed"].as_str().unwrap().contains("\"npm\""), "{silent}");
    let wrong = home.json(&["--answers", &home.answers(r#""legacy": "hunter2""#)]);
    assert_eq!(
        (&wrong["code"], &wrong["values"]["key"]),
        (&"bad-answer".into(), &"legacy".into()),
        "{wrong}"
    );
    assert!(!wrong.to_string().contains("hunter2"), "{wrong}");
    for words in [&["--answers", &home.answers(r#""legacy": "keep""#)][..], &["--json"], &[]] {
        assert_eq!(home.code(words), Some(2), "{words:?}: nobody is there to be asked");
    }
    assert!(!home.manager.home().join(openclaw::PACKAGE).exists());
    assert_eq!(home.manager.property(UNIT, "LoadState"), "not-found");
}

#[test]
fn a_look_shows_every_step_and_changes_nothing() {
    let home = Home::new();
    openclaw::package(&home.manager.home().join(openclaw::PACKAGE));
    let output = home.command(&["--dry-run"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("+ExecStart=") && text.contains("What will be written"), "{text}");
    assert!(!home.manager.home().join(".config/systemd/user").join(UNIT).exists());
}

/// A32: what was done stays, and the failure is there at the next start with its cause and what helps.
#[test]
fn a_package_manager_that_fails_leads_back_to_its_step_with_cause_and_fix() {
    let home = Home::new();
    home.put("npm-refuses");
    let answers = home.answers(r#""openclaw": "npm""#);
    let told = home.json(&["--answers", &answers]);
    assert_eq!((&told["code"], &told["current"]), (&"fetch-failed".into(), &"programs".into()), "{told}");
    let step = home.step(&told, "programs");
    assert!(step["problem"]["cause"].as_str().unwrap().contains("EACCES"), "{step}");
    assert!(step["problem"]["hints"].to_string().contains("npm config set prefix"), "{step}");
    assert_eq!(home.code(&["--answers", &answers]), Some(1));
    home.take("npm-refuses");
    let told = home.json(&["--answers", &answers]);
    assert_eq!(told["ok"], true, "{told}");
}

#[test]
fn killed_while_npm_works_it_goes_on_from_there() {
    let home = Home::new();
    home.put("npm-waits");
    let answers = home.answers(r#""openclaw": "npm""#);
    let mut child = home.command(&["--answers", &answers]).stderr(Stdio::piped()).spawn().unwrap();
    let heard = hear(child.stderr.take().unwrap());
    wait_until(PATIENCE, "npm is at work", || heard.lock().unwrap().contains("npm http fetch"));
    kill(&mut child);
    home.take("npm-waits");
    // It outlives the wizard, and a person would not start a second one beside it.
    wait_until(PATIENCE, "npm is done", || home.at("npm-done").exists());
    let told = home.json(&["--answers", &answers]);
    assert_eq!((told["ok"].as_bool(), &told["current"]), (Some(true), &Value::Null), "{told}");
}

#[test]
fn killed_between_two_steps_of_the_installation_it_offers_both_ways_out_and_goes_on() {
    let home = Home::new();
    home.put("manager-waits");
    let answers = home.answers(r#""openclaw": "npm""#);
    let mut child = home.command(&["--answers", &answers]).stderr(Stdio::null()).spawn().unwrap();
    wait_until(PATIENCE, "the unit is written and about to be read", || home.at("manager-waited").exists());
    kill(&mut child);
    home.take("manager-waits");
    let told = home.json(&["--answers", &answers]);
    assert_eq!(
        (&told["code"], &told["current"]),
        (&"change-interrupted".into(), &"install".into()),
        "{told}"
    );
    let deeds: Vec<&str> = home.step(&told, "install")["offers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|offer| offer["deed"]["do"].as_str())
        .collect();
    assert_eq!(deeds, ["finish", "revert"]);
    let mut person = Person::at(&home);
    person.comes_to("Carry it to its end");
    person.types("1\n");
    person.is_asked("Let it run on after logout");
    person.types("2\n");
    person.ends("The gateway is set up");
    let told = home.json(&["--answers", &answers]);
    assert_eq!((told["ok"].as_bool(), &told["current"]), (Some(true), &Value::Null), "{told}");
}

/// A person, a keyboard and nothing else.
#[test]
fn a_person_at_a_terminal_is_led_through_and_may_leave_and_come_back() {
    let home = Home::new();
    let mut first = Person::at(&home);
    first.is_asked("Install OpenClaw with npm");
    first.types("7\n");
    first.is_asked("One of the numbers");
    first.types("1\n");
    first.comes_to("OpenClaw refuses to run without gateway.mode");
    first.types("q\n");
    first.ends("goes on from here");
    let mut second = Person::at(&home);
    second.comes_to("Let OpenClaw set it");
    second.types("\n");
    second.is_asked("+ExecStart=");
    second.types("1\n");
    second.is_asked("Let it run on after logout");
    second.types("2\n");
    second.ends("The gateway is set up");
    assert_eq!(home.manager.property(UNIT, "ActiveState"), "active");
}

/// An empty home with a user manager, an npm, and a loginctl that keeps what it is told.
struct Home {
    manager: UserManager,
    port: String,
}

impl Home {
    fn new() -> Self {
        let manager = UserManager::start();
        openclaw::npm(&manager.home());
        let tools = manager.home().join("tools");
        std::fs::create_dir_all(&tools).unwrap();
        let text = "#!/bin/sh\ncase \"$1\" in\nenable-linger) touch \"$HOME/lingers\" ;;\ndisable-linger) rm -f \"$HOME/lingers\" ;;\n\
                    show-user) if [ -e \"$HOME/lingers\" ]; then echo Linger=yes; else echo Linger=no; fi ;;\nesac\n";
        script(&tools.join("loginctl"), text);
        let text = "#!/bin/sh\ncase \"$*\" in *daemon-reload*)\n\
                    while [ -e \"$HOME/manager-waits\" ]; do touch \"$HOME/manager-waited\"; sleep 0.1; done ;;\nesac\n\
                    exec /usr/bin/systemctl \"$@\"\n";
        script(&tools.join("systemctl"), text);
        Self { manager, port: free_port().to_string() }
    }

    fn gateward(&self, words: &[&str]) -> Command {
        let home = self.manager.home();
        let path = openclaw::path(&home);
        let mut command = self.manager.command(GATEWARD);
        command
            .env("PATH", path)
            .env("GATEWARD_MANAGER", "systemd")
            .env("GATEWARD_TOOLS", home.join("tools"));
        command.env("OPENCLAW_GATEWAY_PORT", &self.port).args(words).stdin(Stdio::null());
        command
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.gateward(&["setup"]);
        command.args(words);
        command
    }

    fn json(&self, words: &[&str]) -> Value {
        let output: Output = self.command(words).arg("--json").output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    fn code(&self, words: &[&str]) -> Option<i32> {
        self.command(words).output().unwrap().status.code()
    }

    fn answers(&self, inside: &str) -> String {
        let path = self.manager.home().join("answers.json");
        std::fs::write(&path, format!("{{ {inside} }}")).unwrap();
        path.display().to_string()
    }

    fn step<'a>(&self, told: &'a Value, id: &str) -> &'a Value {
        let steps = told["steps"].as_array().unwrap();
        steps.iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("{id}: {told}"))
    }

    fn state<'a>(&self, told: &'a Value, id: &str) -> &'a str {
        self.step(told, id)["state"].as_str().unwrap()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.manager.home().join(name)
    }

    fn put(&self, name: &str) {
        std::fs::write(self.at(name), "").unwrap();
    }

    fn take(&self, name: &str) {
        std::fs::remove_file(self.at(name)).unwrap();
    }
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Reads on beside the test.
fn hear(mut stream: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let heard = Arc::<Mutex<String>>::default();
    let hears = Arc::clone(&heard);
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut piece) {
            hears.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..count]));
        }
    });
    heard
}

/// Somebody at a terminal that script(1) makes.
struct Person {
    terminal: Child,
    heard: Arc<Mutex<String>>,
    /// Up to where was read already.
    read: usize,
}

impl Person {
    fn at(home: &Home) -> Self {
        let wanted = home.command(&[]);
        let mut script = Command::new("script");
        script.args(["-qec", &format!("{GATEWARD} setup"), "/dev/null"]);
        script.env_clear().current_dir(home.manager.home()).env("SHELL", "/bin/sh").env("TERM", "xterm");
        script.envs(wanted.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut terminal = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let heard = hear(terminal.stdout.take().unwrap());
        Self { terminal, heard, read: 0 }
    }

    /// Waits until `wanted` and a question behind it are on the screen.
    fn is_asked(&mut self, wanted: &str) {
        self.reads(wanted);
        self.reads("Enter for 1");
    }

    /// The same, past the page that a container has of its own.
    fn comes_to(&mut self, wanted: &str) {
        let begun = self.read;
        loop {
            self.reads("Enter for 1");
            let shown = self.heard.lock().unwrap()[begun..self.read].to_owned();
            if shown.contains(wanted) {
                return;
            }
            assert!(shown.contains("This is a container"), "{shown}");
            self.types("1\n");
        }
    }

    fn reads(&mut self, wanted: &str) {
        let found = || self.heard.lock().unwrap()[self.read..].find(wanted).map(|at| at + wanted.len());
        match wait_at_most(PATIENCE, found) {
            Some(further) => self.read += further,
            None => panic!("{wanted:?} never came:\n{}", self.heard.lock().unwrap()),
        }
    }

    fn types(&mut self, text: &str) {
        let keyboard = self.terminal.stdin.as_mut().unwrap();
        keyboard.write_all(text.as_bytes()).and_then(|()| keyboard.flush()).unwrap();
    }

    fn ends(mut self, wanted: &str) {
        self.reads(wanted);
        self.terminal.wait().unwrap();
    }
}
