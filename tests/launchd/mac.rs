//! A scripted Mac: the simulated launchd and processes that behave as gateways do.

use std::collections::BTreeMap;
use std::time::Duration;

use gateward::plan::{Answer, Call, End, Tool};
use gateward::system::scripted::{Machine, Simulator};
use gateward::system::{Ask, ProcessSeen, Seen};

use crate::scripted::{self, Replies};
use crate::simulator::{Ended, File, Host, Job, Launchd};
use crate::wizard;

/// The account that the scripted machine's files belong to.
pub const UID: u32 = 1000;

pub const LABEL: &str = "ai.openclaw.gateway";
pub const PLIST: &str = "/Users/anna/Library/LaunchAgents/ai.openclaw.gateway.plist";
pub const NODE: &str = "/opt/node/bin/node";
/// Where npm brings OpenClaw to.
pub const PACKAGE: &str = "/opt/homebrew/lib/node_modules/openclaw";

/// What the next started process does.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    pub listens_after_ms: Option<u64>,
    pub drains_ms: u64,
    pub ignores_term: bool,
    pub ends_after_ms: Option<(u64, Ended)>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { listens_after_ms: Some(800), drains_ms: 400, ignores_term: false, ends_after_ms: None }
    }
}

#[derive(Clone)]
struct Process {
    started_ms: u64,
    behaviour: Behaviour,
    ends: Option<(u64, Ended)>,
    command: Vec<String>,
}

#[derive(Clone, Default)]
pub struct Mac {
    pub launchd: Launchd,
    pub behaviour: Behaviour,
    /// Commands that this text is in behave otherwise.
    pub otherwise: Option<(&'static str, Behaviour)>,
    pub replies: Replies,
    /// It listens on the gateway's port, and launchd knows nothing of it.
    pub beside: Option<ProcessSeen>,
    processes: BTreeMap<u32, Process>,
}

/// What launchd needs of the machine, borrowed for one call.
pub struct Under<'a> {
    now_ms: u64,
    files: &'a BTreeMap<String, gateward::system::Contents>,
    mac: &'a mut Processes<'a>,
}

pub struct Processes<'a> {
    behaviour: Behaviour,
    otherwise: Option<(&'static str, Behaviour)>,
    all: &'a mut BTreeMap<u32, Process>,
}

impl Host for Under<'_> {
    fn now_ms(&self) -> u64 {
        self.now_ms
    }

    fn read(&self, path: &str) -> Option<File> {
        let file = self.files.get(path)?;
        Some(File { bytes: file.bytes.clone(), mode: file.mode, owner: file.owner })
    }

    fn spawn(&mut self, job: &Job) -> Result<u32, i32> {
        let words = job.command.join(" ");
        if !self.files.contains_key(&job.command[0]) && job.command[0] != "/bin/sh" {
            return Err(78);
        }
        let behaviour = match self.mac.otherwise {
            Some((text, behaviour)) if words.contains(text) => behaviour,
            Some(_) | None => self.mac.behaviour,
        };
        let pid = 4000 + u32::try_from(self.mac.all.len()).unwrap();
        let ends = behaviour.ends_after_ms.map(|(after, end)| (self.now_ms + after, end));
        let process = Process { started_ms: self.now_ms, behaviour, ends, command: job.command.clone() };
        self.mac.all.insert(pid, process);
        Ok(pid)
    }

    fn signal(&mut self, pid: u32, signal: i32) {
        let now = self.now_ms;
        let Some(process) = self.mac.all.get_mut(&pid) else { return };
        match signal {
            9 => process.ends = Some((now, Ended::Signal(9))),
            _ if process.behaviour.ignores_term => {}
            _ => process.ends = Some((now + process.behaviour.drains_ms, Ended::Code(0))),
        }
    }

    fn ended(&mut self, pid: u32) -> Option<Ended> {
        let (at, end) = self.mac.all.get(&pid)?.ends?;
        (at <= self.now_ms).then_some(end)
    }
}

impl Mac {
    pub fn under<T>(&mut self, machine: &Machine, act: impl FnOnce(&mut Launchd, &mut Under<'_>) -> T) -> T {
        let now_ms = u64::try_from(machine.elapsed.as_millis()).unwrap();
        let mut processes =
            Processes { behaviour: self.behaviour, otherwise: self.otherwise, all: &mut self.processes };
        let mut under = Under { now_ms, files: &machine.files, mac: &mut processes };
        act(&mut self.launchd, &mut under)
    }

    pub fn obey(&mut self, args: &[String], machine: &Machine) -> Answer {
        let reply = self.under(machine, |launchd, host| launchd.obey(args, host));
        Answer { end: End::Exited(reply.code), stdout: reply.stdout, stderr: reply.stderr }
    }

    fn is_alive(&self, pid: u32, machine: &Machine) -> bool {
        let now = u64::try_from(machine.elapsed.as_millis()).unwrap();
        self.processes.get(&pid).is_some_and(|process| process.ends.is_none_or(|(at, _)| at > now))
    }

    fn age(&self, pid: u32, machine: &Machine) -> Duration {
        machine.elapsed.saturating_sub(Duration::from_millis(self.processes[&pid].started_ms))
    }

    /// The processes that launchd forgot about ended long ago.
    pub fn forget_processes(&mut self) {
        self.processes.clear();
    }

    /// The process that listens, if one does.
    fn listener(&self, machine: &Machine) -> Option<ProcessSeen> {
        let now = u64::try_from(machine.elapsed.as_millis()).unwrap();
        let listens = |(pid, process): &(&u32, &Process)| {
            let after = process.behaviour.listens_after_ms;
            self.is_alive(**pid, machine) && after.is_some_and(|after| now >= process.started_ms + after)
        };
        let own = || {
            let (pid, process) = self.processes.iter().find(listens)?;
            Some(scripted::process(*pid, NODE, &process.command))
        };
        self.beside.clone().or_else(own)
    }
}

impl Simulator for Mac {
    fn run(&mut self, call: &Call, machine: &mut Machine) -> Answer {
        match &call.tool {
            Tool::Launchctl => self.obey(&call.args, machine),
            Tool::At(path) if path == "/bin/test" => tested(&call.args, machine),
            other => wizard::brought(call, machine, PACKAGE).unwrap_or_else(|| panic!("{other:?}")),
        }
    }

    fn answer(&mut self, ask: &Ask, machine: &mut Machine) -> Option<Seen> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        match ask {
            Ask::Job { domain, label } => {
                Some(Seen::Answered(self.obey(&words(&["print", &format!("{domain}/{label}")]), machine)))
            }
            Ask::Overrides { domain } => {
                Some(Seen::Answered(self.obey(&words(&["print-disabled", domain]), machine)))
            }
            Ask::Process { pid } if !self.is_alive(*pid, machine) => Some(Seen::Missing),
            Ask::Process { pid } => Some(Seen::Process(ProcessSeen {
                started: Some(machine.now() - self.age(*pid, machine)),
                ..scripted::process(*pid, NODE, &self.processes[pid].command)
            })),
            Ask::Port { .. } => {
                let listener = self.listener(machine).map(|process| scripted::listener(Some(process)));
                Some(Seen::Listeners(listener.into_iter().collect()))
            }
            Ask::Http { path, .. } => {
                Some(self.listener(machine).map_or(Seen::Refused, |_| self.replies.to(path)))
            }
            Ask::Crontab
            | Ask::File { .. }
            | Ask::Unit { .. }
            | Ask::Linger { .. }
            | Ask::Load { .. }
            | Ask::Greeting { .. }
            | Ask::LastWords { .. }
            | Ask::Journal { .. }
            | Ask::Commands { .. }
            | Ask::Task { .. }
            | Ask::TaskDefinition { .. }
            | Ask::Tasks => None,
        }
    }
}

/// test(1) over the scripted files.
fn tested(args: &[String], machine: &Machine) -> Answer {
    let path = args.last().unwrap();
    let exists = machine.files.contains_key(path);
    let holds = if args[0] == "!" { !exists } else { exists };
    Answer { end: End::Exited(i32::from(!holds)), ..Answer::default() }
}
