//! One job: read from its plist, started, ended, printed.

use std::fmt::Write as _;

use super::{Ended, Host, Job};

impl Job {
    /// The keys launchd acts on. `None` where launchd would not take the file.
    pub(super) fn from_plist(path: &str, bytes: &[u8]) -> Option<Self> {
        let root = plist::Value::from_reader(std::io::Cursor::new(bytes)).ok()?;
        let dict = root.as_dictionary()?;
        let text = |key: &str| dict.get(key).and_then(|node| node.as_string()).map(str::to_owned);
        let number =
            |key: &str, default| dict.get(key).and_then(|node| node.as_unsigned_integer()).unwrap_or(default);
        let flag = |key: &str| dict.get(key).and_then(|node| node.as_boolean()).unwrap_or(false);
        let words = dict.get("ProgramArguments")?.as_array()?.iter().filter_map(|node| node.as_string());
        let variables = dict.get("EnvironmentVariables").and_then(|node| node.as_dictionary());
        let pair =
            |(name, node): (&String, &plist::Value)| Some((name.clone(), node.as_string()?.to_owned()));
        Some(Self {
            label: text("Label")?,
            path: path.to_owned(),
            command: words.map(str::to_owned).collect(),
            environment: variables.into_iter().flatten().filter_map(pair).collect(),
            working_dir: text("WorkingDirectory"),
            stdout: text("StandardOutPath"),
            stderr: text("StandardErrorPath"),
            umask: u32::try_from(number("Umask", 0o022)).ok()?,
            keep_alive: flag("KeepAlive"),
            run_at_load: flag("RunAtLoad"),
            throttle_s: number("ThrottleInterval", 10),
            interval_s: number("StartInterval", 0),
            exit_timeout_s: number("ExitTimeOut", 5),
            ..Self::default()
        })
    }

    pub(super) fn reap(&mut self, now: u64, host: &mut dyn Host) {
        let Some(end) = self.pid.and_then(|pid| host.ended(pid)) else { return };
        self.pid = None;
        self.replaced_ms = None;
        self.killed = false;
        self.last = Some(end);
        if self.keep_alive && self.spawn_at_ms.is_none() {
            self.spawn_at_ms = Some(now);
            self.demanded = false;
        }
        self.spawn_at_ms = self.spawn_at_ms.map(|at| at.max(self.throttled_until()));
    }

    /// The throttle counts from one start to the next, and no call shortens it.
    pub(super) fn throttled_until(&self) -> u64 {
        if self.runs == 0 { 0 } else { self.started_ms + self.throttle_s * 1000 }
    }

    pub(super) fn press(&mut self, now: u64, host: &mut dyn Host) {
        let overdue = self
            .leaving_ms
            .or(self.replaced_ms)
            .is_some_and(|since| now >= since + self.exit_timeout_s * 1000);
        if let Some(pid) = self.pid.filter(|_| overdue && !self.killed) {
            host.signal(pid, 9);
            self.killed = true;
            self.reap(now, host);
        }
    }

    pub(super) fn demand(&mut self, now: u64) {
        self.pended = false;
        self.demanded = true;
        self.spawn_at_ms = Some(now.max(self.throttled_until()));
    }

    pub(super) fn start_if_due(&mut self, now: u64, host: &mut dyn Host) {
        let due =
            self.leaving_ms.is_none() && self.pid.is_none() && self.spawn_at_ms.is_some_and(|at| at <= now);
        if !due {
            return;
        }
        self.spawn_at_ms = None;
        self.start_again_later(now);
        self.runs += 1;
        self.started_ms = now;
        match host.spawn(self) {
            Ok(pid) => {
                self.pid = Some(pid);
                self.spawn_failed = false;
            }
            Err(code) => {
                self.last = Some(Ended::Code(code));
                self.spawn_failed = true;
                self.spawn_at_ms = self.keep_alive.then(|| self.throttled_until());
            }
        }
    }

    /// `StartInterval`; a start that is due already comes first.
    pub(super) fn start_again_later(&mut self, now: u64) {
        if self.interval_s > 0 {
            self.spawn_at_ms.get_or_insert(now + self.interval_s * 1000);
        }
    }

    pub(super) fn state(&self) -> &'static str {
        match (self.pid, self.leaving_ms) {
            (Some(_), Some(_)) if self.killed => "SIGKILLed",
            (Some(_), Some(_)) => "SIGTERMed",
            (Some(_), None) => "running",
            (None, _) if self.spawn_at_ms.is_some() => "spawn scheduled",
            (None, _) => "not running",
        }
    }

    /// As macOS 12 and newer print it, shortened to the lines that vary.
    pub(super) fn printed(&self, uid: u32) -> String {
        let mut out =
            format!("gui/{uid}/{} = {{\n\tactive count = {}\n", self.label, u32::from(self.pid.is_some()));
        let mut line = |text: String| {
            let _ = writeln!(out, "\t{text}");
        };
        line(format!("path = {}", self.path));
        line("type = LaunchAgent".to_owned());
        line(format!("state = {}\n", self.state()));
        line(format!("program = {}", self.command.first().map(String::as_str).unwrap_or_default()));
        line(format!("arguments = {{\n\t\t{}\n\t}}\n", self.command.join("\n\t\t")));
        line(format!("domain = gui/{uid} [100012]"));
        line(format!("minimum runtime = {}", self.throttle_s));
        line(format!("exit timeout = {}", self.exit_timeout_s));
        line(format!("runs = {}", self.runs));
        let reason = if self.demanded { "non-ipc demand" } else { "speculative" };
        self.pid.into_iter().for_each(|pid| line(format!("pid = {pid}\n\timmediate reason = {reason}")));
        line(match self.last {
            None => "last exit code = (never exited)\n".to_owned(),
            Some(Ended::Code(78)) => "last exit code = 78: EX_CONFIG\n".to_owned(),
            Some(Ended::Code(code)) => format!("last exit code = {code}\n"),
            Some(Ended::Signal(signal)) => format!("last terminating signal = {}\n", signal_name(signal)),
        });
        line(
            "resource coalition = {\n\t\tID = 513\n\t\tstate = active\n\t\tactive count = 1\n\t}\n"
                .to_owned(),
        );
        if self.pended {
            line("pended nondemand spawn = speculative".to_owned());
        }
        let job_state = match (self.pid, self.spawn_failed) {
            (Some(_), _) => "running",
            (None, true) => "spawn failed",
            (None, false) => "exited",
        };
        line(format!("job state = {job_state}\n"));
        let kept = if self.keep_alive { "keepalive | " } else { "" };
        line(format!("properties = {kept}runatload | inferred program"));
        out.push_str("}\n");
        out
    }
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        9 => "Killed",
        11 => "Segmentation fault",
        15 => "Terminated",
        _ => "Unknown signal",
    };
    format!("{name}: {signal}")
}
