//! launchd as far as launchctl shows it: domains, jobs, disabled labels, throttle, and the ways in which the real one fails. One
//! state machine for the stories over a scripted machine and for the `launchctl` double that starts real processes.
//!
//! What it imitates is written, with sources, in tests/fixtures/launchd/README.md and docs/platforms/macos.md.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

mod job;
mod quirks;

pub use quirks::Quirks;

/// The machine under launchd.
pub trait Host {
    fn now_ms(&self) -> u64;

    fn read(&self, path: &str) -> Option<File>;

    /// Starts the job's program. Fails with launchd's own exit code when it cannot.
    fn spawn(&mut self, job: &Job) -> Result<u32, i32>;

    fn signal(&mut self, pid: u32, signal: i32);

    /// How a process ended; `None` while it runs.
    fn ended(&mut self, pid: u32) -> Option<Ended>;
}

pub struct File {
    pub bytes: Vec<u8>,
    pub mode: u32,
    pub owner: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    Code(i32),
    Signal(i32),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Launchd {
    pub uid: u32,
    /// Whether that account is logged in at the screen: else `gui/<uid>` does not exist.
    pub session: bool,
    pub jobs: BTreeMap<String, Job>,
    /// Labels of the system domain.
    pub daemons: BTreeSet<String>,
    /// The store of overrides: label → disabled. It outlives jobs and plists.
    pub disabled: BTreeMap<String, bool>,
    pub quirks: Quirks,
    /// Labels whose bootstrap fails until this moment although `print` no longer knows them (upstream #133647).
    pub settling: BTreeMap<String, u64>,
}

impl Default for Launchd {
    fn default() -> Self {
        Self {
            uid: 501,
            session: true,
            jobs: BTreeMap::new(),
            daemons: BTreeSet::new(),
            disabled: BTreeMap::new(),
            quirks: Quirks::default(),
            settling: BTreeMap::new(),
        }
    }
}

/// A job as launchd has it in memory since its bootstrap.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Job {
    pub label: String,
    pub path: String,
    pub command: Vec<String>,
    pub environment: BTreeMap<String, String>,
    pub working_dir: Option<String>,
    pub stdout: Option<String>,
    pub stderr: Option<String>,
    pub umask: u32,
    pub keep_alive: bool,
    pub run_at_load: bool,
    pub throttle_s: u64,
    /// From one start to the next, for a job that ends by itself; 0 for none.
    pub interval_s: u64,
    pub exit_timeout_s: u64,
    pub pid: Option<u32>,
    pub runs: u32,
    pub last: Option<Ended>,
    spawn_failed: bool,
    started_ms: u64,
    spawn_at_ms: Option<u64>,
    pended: bool,
    /// The next start, or the running instance, was asked for by a kickstart.
    demanded: bool,
    /// Since when it is being taken down.
    leaving_ms: Option<u64>,
    /// Since when a kickstart waits for its end.
    replaced_ms: Option<u64>,
    killed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

fn done(stdout: impl Into<String>) -> Reply {
    Reply { code: 0, stdout: stdout.into(), stderr: String::new() }
}

fn failed(code: i32, stderr: impl Into<String>) -> Reply {
    Reply { code, stdout: String::new(), stderr: stderr.into() }
}

impl Launchd {
    pub fn obey(&mut self, args: &[String], host: &mut dyn Host) -> Reply {
        self.tick(host);
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        if let Some(verb) = words.first().filter(|verb| self.quirks.denied.contains(**verb)) {
            return failed(1, format!("Could not {verb} service: 1: Operation not permitted\n"));
        }
        let reply = match words.as_slice() {
            ["print", target] => self.print(target),
            ["print-disabled", domain] => self.print_disabled(domain),
            ["enable", target] => self.switch(target, false),
            ["disable", target] => self.switch(target, true),
            ["bootstrap", domain, path] => self.bootstrap(domain, path, host),
            ["bootout", target] => self.bootout(target, host),
            ["kickstart", "-k", target] => self.kickstart(target, true, host),
            ["kickstart", target] => self.kickstart(target, false, host),
            ["kill", "SIGKILL", target] => self.kill(target, host),
            _ => failed(64, "Usage: launchctl <subcommand> ...\n"),
        };
        self.tick(host);
        reply
    }

    /// Lets time have its effects: processes that ended, kills that are due, starts that are due.
    pub fn tick(&mut self, host: &mut dyn Host) {
        let now = host.now_ms();
        for job in self.jobs.values_mut() {
            job.reap(now, host);
            job.press(now, host);
        }
        let settles_at = now + self.quirks.settles_ms;
        let settling = &mut self.settling;
        self.jobs.retain(|label, job| {
            let gone = job.leaving_ms.is_some() && job.pid.is_none();
            if gone {
                settling.insert(label.clone(), settles_at);
            }
            !gone
        });
        for job in self.jobs.values_mut() {
            job.start_if_due(now, host);
        }
    }

    /// When something will happen by itself, if a process does not end before.
    pub fn next_due_ms(&self) -> Option<u64> {
        let due = |job: &Job| {
            let asked = job.leaving_ms.or(job.replaced_ms).filter(|_| !job.killed);
            let kill = asked.map(|since| since + job.exit_timeout_s * 1000);
            kill.or(job.spawn_at_ms.filter(|_| job.leaving_ms.is_none() && job.pid.is_none()))
        };
        self.jobs.values().filter_map(due).min()
    }

    /// A logout and a new login: jobs go, overrides stay, plists with RunAtLoad that are not disabled come back.
    pub fn log_in_again(&mut self, plists: &[&str], host: &mut dyn Host) {
        for job in self.jobs.values() {
            job.pid.into_iter().for_each(|pid| host.signal(pid, 9));
        }
        self.jobs.clear();
        let domain = format!("gui/{}", self.uid);
        plists.iter().for_each(|path| drop(self.bootstrap(&domain, path, host)));
        self.tick(host);
    }

    fn label<'a>(&self, target: &'a str) -> Result<&'a str, Reply> {
        let mut parts = target.splitn(3, '/');
        let (kind, uid, label) = (parts.next(), parts.next(), parts.next());
        let ours = uid == Some(self.uid.to_string().as_str()) && self.session;
        match (kind, label) {
            (Some("gui"), Some(label)) if ours => Ok(label),
            (Some("gui"), _) => Err(self.no_domain(uid.unwrap_or_default())),
            _ => Err(failed(64, "Unrecognized target specifier.\n")),
        }
    }

    fn no_domain(&self, uid: &str) -> Reply {
        failed(112, format!("Bad request.\nCould not find domain for user gui: {uid}\n"))
    }

    fn unknown(&self, label: &str) -> Reply {
        failed(
            113,
            format!(
                "Bad request.\nCould not find service \"{label}\" in domain for user gui: {}\n",
                self.uid
            ),
        )
    }

    fn print(&self, target: &str) -> Reply {
        if let Some(label) = target.strip_prefix("system/") {
            return match self.daemons.contains(label) {
                true => done(format!("system/{label} = {{\n\tactive count = 1\n\tstate = running\n}}\n")),
                false => failed(113, format!("Could not find service \"{label}\" in domain for system\n")),
            };
        }
        match self.label(target) {
            Ok(label) => {
                self.jobs.get(label).map_or_else(|| self.unknown(label), |job| done(job.printed(self.uid)))
            }
            Err(reply) => reply,
        }
    }

    fn print_disabled(&self, domain: &str) -> Reply {
        if domain != format!("gui/{}", self.uid) || !self.session {
            return self.no_domain(domain.trim_start_matches("gui/"));
        }
        let word = |off: bool| match (self.quirks.booleans, off) {
            (true, off) => off.to_string(),
            (false, true) => "disabled".to_owned(),
            (false, false) => "enabled".to_owned(),
        };
        let lines: String =
            self.disabled.iter().map(|(label, off)| format!("\t\t\"{label}\" => {}\n", word(*off))).collect();
        done(format!("\n\tdisabled services = {{\n{lines}\t}}\n\tlogin item associations = {{\n\t}}\n"))
    }

    /// Works without the domain too: the store is a file of its own.
    fn switch(&mut self, target: &str, off: bool) -> Reply {
        match target.rsplit('/').next() {
            Some(label) if !label.is_empty() => {
                self.disabled.insert(label.to_owned(), off);
                done("")
            }
            Some(_) | None => failed(64, "Unrecognized target specifier.\n"),
        }
    }

    fn bootstrap(&mut self, domain: &str, path: &str, host: &mut dyn Host) -> Reply {
        if !self.session || domain != format!("gui/{}", self.uid) {
            return refused(125);
        }
        let Some(file) = host.read(path) else { return refused(5) };
        if file.owner != self.uid || file.mode & 0o022 != 0 {
            return refused(122);
        }
        let Some(job) = Job::from_plist(path, &file.bytes) else { return refused(5) };
        if self.disabled.get(&job.label).copied().unwrap_or(false) {
            return refused(self.quirks.disabled_answer);
        }
        let settling = self.settling.get(&job.label).is_some_and(|until| host.now_ms() < *until);
        if self.jobs.get(&job.label).is_some_and(|old| old.leaving_ms.is_some()) || settling {
            return refused(5);
        }
        if self.jobs.contains_key(&job.label) {
            return refused(self.quirks.loaded_answer);
        }
        let answer = if std::mem::take(&mut self.quirks.rival) { refused(5) } else { done("") };
        self.load(job, host.now_ms());
        answer
    }

    fn load(&mut self, mut job: Job, now: u64) {
        if job.run_at_load || job.keep_alive {
            job.pended = self.quirks.pends;
            job.spawn_at_ms = (!job.pended).then_some(now);
        }
        job.start_again_later(now);
        self.jobs.insert(job.label.clone(), job);
    }

    fn bootout(&mut self, target: &str, host: &mut dyn Host) -> Reply {
        let label = match self.label(target) {
            Ok(label) => label,
            Err(reply) => return reply,
        };
        let Some(job) = self.jobs.get_mut(label) else {
            return failed(3, "Boot-out failed: 3: No such process\n");
        };
        job.leaving_ms.get_or_insert(host.now_ms());
        job.pid.into_iter().for_each(|pid| host.signal(pid, 15));
        match self.quirks.bootout_says_36 {
            true => failed(36, "Boot-out failed: 36: Operation now in progress\n"),
            false => done(""),
        }
    }

    fn kill(&mut self, target: &str, host: &mut dyn Host) -> Reply {
        let label = match self.label(target) {
            Ok(label) => label,
            Err(reply) => return reply,
        };
        let Some(job) = self.jobs.get(label) else { return self.unknown(label) };
        let Some(pid) = job.pid else { return failed(3, "No process to signal.\n") };
        host.signal(pid, 9);
        done("")
    }

    fn kickstart(&mut self, target: &str, kill: bool, host: &mut dyn Host) -> Reply {
        let label = match self.label(target) {
            Ok(label) => label,
            Err(reply) => return reply,
        };
        let (running_answer, fragile_ms, now) =
            (self.quirks.running_answer, self.quirks.fragile_ms, host.now_ms());
        let Some(job) = self.jobs.get_mut(label) else { return self.unknown(label) };
        if job.leaving_ms.is_some() {
            return failed(37, "Could not kickstart service: 37: Operation already in progress\n");
        }
        match job.pid {
            Some(_) if !kill && running_answer == 0 => done(""),
            Some(_) if !kill => failed(
                running_answer,
                format!("Could not kickstart service: {running_answer}: Operation already in progress\n"),
            ),
            Some(pid) => {
                host.signal(pid, 15);
                job.replaced_ms = Some(now);
                let young = now - job.started_ms < fragile_ms;
                job.demand(now);
                if young {
                    self.jobs.remove(label);
                }
                done("")
            }
            None => {
                job.demand(now);
                done("")
            }
        }
    }
}

fn refused(code: i32) -> Reply {
    let name = match code {
        5 => "Input/output error",
        37 => "Operation already in progress",
        119 => "Service is disabled",
        122 => "Path had bad ownership/permissions",
        125 => "Domain does not support specified action",
        _ => "Unknown error",
    };
    let more = if code == 5 { "Try re-running the command as root for richer errors.\n" } else { "" };
    failed(code, format!("Bootstrap failed: {code}: {name}\n{more}"))
}
