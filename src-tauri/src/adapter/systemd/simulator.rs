//! A `systemd --user` made of data: it keeps state between calls and fails in the words of systemd 252.

use std::time::Duration;

use super::show::Properties;
use super::specifiers::Specifiers;
use super::unit::{self, Part};
use crate::identity::port_in;
use crate::plan::{Answer, Call, Tool};
use crate::system::scripted::{Machine, Simulator, answered};
use crate::system::{Ask, HttpSeen, ListenerSeen, ProcessSeen, Seen};

#[derive(Clone)]
pub struct Manager {
    unit: String,
    file: String,
    /// The text that the manager has read.
    pub loaded: Option<String>,
    pub enabled: bool,
    /// The process: its pid and the unit's text it was started from.
    pub running: Option<(u32, String)>,
    /// ExecMainCode and ExecMainStatus of the last one.
    last_exit: Option<(i32, i32)>,
    failed: bool,
    /// The start limit holds the unit back until `reset-failed`.
    pub latched: bool,
    pub restarts: u32,
    next_pid: u32,
    /// How often the manager says that it doesn't know a unit that is there.
    pub races: u32,
    pub no_bus: bool,
    /// The account's services outlive its login.
    pub lingers: bool,
    /// A system-wide unit of the same name is loaded.
    pub rival: bool,
}

impl Manager {
    pub fn new(unit: &str, file: &str) -> Self {
        Self {
            unit: unit.to_owned(),
            file: file.to_owned(),
            loaded: None,
            enabled: false,
            running: None,
            last_exit: None,
            failed: false,
            latched: false,
            restarts: 0,
            next_pid: 100,
            races: 0,
            no_bus: false,
            lingers: false,
            rival: false,
        }
    }

    /// The machine was switched off and on, and the user logs in.
    pub fn reboot(&mut self, machine: &Machine) {
        self.running = None;
        self.failed = false;
        self.latched = false;
        self.loaded = machine.text(&self.file);
        if self.enabled {
            self.launch();
        }
    }

    /// The process was killed so often that the manager stopped restarting it.
    pub fn give_up(&mut self) {
        self.running = None;
        self.last_exit = Some((2, 9));
        (self.failed, self.latched, self.restarts) = (true, true, 10);
    }

    fn launch(&mut self) {
        let Some(text) = self.loaded.clone() else { return };
        // A program called `refuse` does not like its configuration.
        if command(&text).first().is_some_and(|program| program.ends_with("/refuse")) {
            (self.failed, self.last_exit) = (true, Some((1, 78)));
            return;
        }
        self.next_pid += 1;
        self.running = Some((self.next_pid, text));
        (self.failed, self.restarts) = (false, 0);
    }

    fn end(&mut self) {
        if self.running.take().is_some() {
            self.last_exit = Some((1, 0));
        }
    }

    fn systemctl(&mut self, verb: &str, words: &str, machine: &mut Machine) -> Answer {
        let unit = self.unit.clone();
        let failed = |code: i32, text: String| answered(code, "", &text);
        let done = || answered(0, "", "");
        match verb {
            "daemon-reload" => {
                self.loaded = machine.text(&self.file);
                done()
            }
            "enable" if self.is_unknown(machine) => {
                failed(1, format!("Failed to enable unit, unit {unit} does not exist."))
            }
            "enable" => {
                self.enabled = true;
                done()
            }
            "disable" => {
                self.enabled = false;
                if words.contains("--now") {
                    self.end();
                }
                match machine.files.contains_key(&self.file) {
                    true => done(),
                    false => failed(1, format!("Failed to disable unit, unit {unit} does not exist.")),
                }
            }
            "reset-failed" if self.loaded.is_none() => {
                failed(1, format!("Failed to reset failed state of unit {unit}: Unit {unit} not loaded."))
            }
            "reset-failed" => {
                (self.failed, self.latched, self.restarts) = (false, false, 0);
                done()
            }
            "stop" if self.loaded.is_none() && self.running.is_none() => {
                failed(5, format!("Failed to stop {unit}: Unit {unit} not loaded."))
            }
            "stop" => {
                self.end();
                done()
            }
            "start" | "restart" => self.start(verb),
            other => failed(1, format!("Unknown command verb {other}.")),
        }
    }

    fn start(&mut self, verb: &str) -> Answer {
        let unit = &self.unit;
        if self.loaded.is_none() || std::mem::take(&mut self.races) > 0 {
            return answered(5, "", &format!("Failed to {verb} {unit}: Unit {unit} not found."));
        }
        if self.latched {
            let text =
                format!("Job for {unit} failed because a fatal signal was delivered to the control process.");
            return answered(1, "", &text);
        }
        if verb == "restart" || self.running.is_none() {
            self.end();
            self.launch();
        }
        answered(0, "", "")
    }

    fn is_unknown(&mut self, machine: &Machine) -> bool {
        !machine.files.contains_key(&self.file)
    }

    fn properties(&self, machine: &Machine) -> Properties {
        let on_disk = machine.text(&self.file);
        let [active, sub] = match (&self.running, self.failed) {
            (Some(_), _) => ["active", "running"],
            (None, true) => ["failed", "failed"],
            (None, false) => ["inactive", "dead"],
        };
        let (code, status) = self.last_exit.filter(|_| self.running.is_none()).unwrap_or_default();
        let known = self.loaded.is_some();
        let texts = [
            ("LoadState", if known { "loaded" } else { "not-found" }.to_owned()),
            ("ActiveState", active.to_owned()),
            ("SubState", sub.to_owned()),
            ("Result", if self.failed { "exit-code" } else { "success" }.to_owned()),
            ("FragmentPath", if known { self.file.clone() } else { String::new() }),
            ("UnitFileState", if self.enabled { "enabled" } else { "disabled" }.to_owned()),
            ("NeedDaemonReload", if known && self.loaded != on_disk { "yes" } else { "no" }.to_owned()),
            ("MainPID", self.running.as_ref().map_or(0, |(pid, _)| *pid).to_string()),
            ("ExecMainCode", code.to_string()),
            ("ExecMainStatus", status.to_string()),
            ("NRestarts", self.restarts.to_string()),
            ("StartLimitBurst", "10".to_owned()),
        ];
        texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
    }

    /// The demo of a gateway: alive on its port as long as the process is.
    fn listens_on(&self, port: u16) -> Option<u32> {
        let (pid, text) = self.running.as_ref()?;
        (port_in(&command(text)) == Some(port)).then_some(*pid)
    }
}

pub fn command(text: &str) -> Vec<String> {
    unit::parse(&[Part { path: "x.service", text }], &Specifiers::default()).command
}

impl Simulator for Manager {
    fn run(&mut self, call: &Call, machine: &mut Machine) -> Answer {
        let words = call.to_string();
        if call.args.first().is_some_and(|word| word == "show") {
            let state = if self.rival { "loaded" } else { "not-found" };
            return answered(0, &format!("LoadState={state}\n"), "");
        }
        if call.tool == Tool::Loginctl {
            self.lingers = words.contains("enable-linger");
            return answered(0, "", "");
        }
        if self.no_bus {
            return answered(1, "", "Failed to connect to bus: No medium found");
        }
        let verb = call.args.get(1).cloned().unwrap_or_default();
        self.systemctl(&verb, &words, machine)
    }

    fn answer(&mut self, ask: &Ask, machine: &mut Machine) -> Option<Seen> {
        match ask {
            Ask::Unit { .. } if self.no_bus => {
                Some(Seen::Answered(answered(1, "", "Failed to connect to bus: No medium found")))
            }
            Ask::Unit { .. } => Some(Seen::Properties(self.properties(machine))),
            Ask::Linger { .. } => {
                let lingers = if self.lingers { "yes" } else { "no" };
                Some(Seen::Properties([("Linger".to_owned(), lingers.to_owned())].into()))
            }
            Ask::Port { port } => {
                self.listens_on(*port).map(|pid| Seen::Listeners(vec![listener(pid, *port)]))
            }
            Ask::Http { port, path, .. } => self.listens_on(*port).map(|_| http(path)),
            _ => None,
        }
    }
}

fn listener(pid: u32, port: u16) -> ListenerSeen {
    let process = ProcessSeen {
        pid,
        parent: 1,
        program: "node".to_owned(),
        command: Vec::new(),
        user: "anna".to_owned(),
        started: None,
        unit: None,
    };
    ListenerSeen { address: format!("127.0.0.1:{port}"), process: Some(process), ancestors: Vec::new() }
}

fn http(path: &str) -> Seen {
    let body = if path.starts_with("/ready") {
        r#"{"ready":true,"failing":[]}"#
    } else {
        r#"{"ok":true,"status":"live"}"#
    };
    Seen::Http(HttpSeen {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.to_owned(),
        latency: Duration::from_millis(3),
    })
}
