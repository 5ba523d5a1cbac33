//! The steps of each action. Their order keeps a service working when the run is killed between any two of them: files first, each
//! replaced whole and useful to the old service too, the manager afterwards, the old process ended only by the restart.

use std::time::Duration;

use super::{Systemd, env_file, failure, unit};
use crate::adapter::Intent;
use crate::identity::{self, Identity};
use crate::layout;
use crate::model::{
    Autostart, Belongs, Observation, Origin, PortUse, Registered, Registration, ServiceSpec, Supervised,
};
use crate::plan::{Call, Outcome, Plan, Retry, Step, Text, Tool, Until};
use crate::problem::{Code, Problem};
use crate::system::Scope;

pub const QUICK: Duration = Duration::from_secs(30);
/// Longer than any unit of OpenClaw or ours lets a stop take (330 s), so that systemd's own time-out speaks first.
pub const STOPPING: Duration = Duration::from_secs(360);
pub const STARTING: Duration = Duration::from_secs(60);
/// Cold starts of 90 s and more were seen (A33).
const ANSWERING: Duration = Duration::from_secs(180);

/// Lets `user`'s services start at boot and outlive the login. polkit often allows it for one's own account (OC 3.9).
pub fn enable_linger(user: &str) -> Step {
    Step::run(Call::new(Tool::Loginctl, &["enable-linger", user], QUICK))
}

impl Systemd {
    pub(super) fn steps(
        &self,
        intent: &Intent<'_>,
        id: &Identity,
        seen: &Observation,
    ) -> Result<Plan, Problem> {
        let at = Standing { id, seen };
        match intent {
            Intent::Install { spec, force } => self.install(spec, *force, at),
            Intent::Uninstall => self.uninstall(at),
            Intent::Start => self.start("start", at),
            Intent::Stop { stay } => self.stop(*stay, at),
            Intent::Restart => self.start("restart", at),
        }
    }

    fn install(&self, spec: &ServiceSpec, force: bool, at: Standing<'_>) -> Result<Plan, Problem> {
        self.may_write(at, force)?;
        at.port_is_ours(identity::port_in(&spec.command).unwrap_or(at.id.port))?;
        let file = layout::unit_file(at.id);
        let mut steps = vec![self.rival_check(&at.id.unit), make_dir(layout::parent(&file), 0o755)];
        if let Some(secrets) = env_file::render(&spec.environment)? {
            let path = layout::systemd_env_file(at.id);
            steps.push(make_dir(layout::parent(&path), 0o700));
            steps.push(Step::Write { path, text: Text::Secret(secrets), mode: 0o600 });
        }
        if at.seen.registration().is_some_and(|old| old.origin != Origin::Gateward && old.file == file) {
            // What a person changed by hand must not be lost with the first reinstall (OC 15, #24350).
            steps.push(Step::Keep { from: file.clone(), to: format!("{file}.bak") });
        }
        // 0600 as OpenClaw's newest: `Environment=` may hold what only its owner should read, and only the owner's manager needs it.
        steps.push(Step::Write { path: file, text: Text::Plain(unit::render(spec)?), mode: 0o600 });
        steps.push(Step::run(self.call(&["daemon-reload"], QUICK)));
        steps.push(self.patiently(&["enable", &at.id.unit], QUICK));
        steps.extend(self.launch("restart", at));
        Ok(Plan { steps, on_undo: self.undo_install(at) })
    }

    /// Refuses what would harm something that isn't ours, or could not be carried out.
    fn may_write(&self, at: Standing<'_>, force: bool) -> Result<(), Problem> {
        if let Scope::UserOf(user) = &self.scope {
            // Root's files in another account's home: its manager could not read them.
            let command =
                format!("sudo -u {user} XDG_RUNTIME_DIR=/run/user/$(id -u {user}) gateward install");
            return Err(Problem::new(Code::AccessDenied).hint_command("not-with-sudo", command));
        }
        at.manager_answers()?;
        match &at.seen.registered.value {
            Registered::Present(old) if old.autostart == Autostart::Blocked => Err(self.masked(at)),
            Registered::Present(old) if old.origin == Origin::Foreign && !force => Err(foreign(old)),
            Registered::Unknown { why, .. } if !force => Err(why.clone()),
            Registered::Present(_) | Registered::Unknown { .. } | Registered::Missing { .. } => Ok(()),
        }
    }

    /// A machine without a system manager has no system units either.
    fn rival_check(&self, unit: &str) -> Step {
        let call = Call::new(Tool::Systemctl, &["show", "--property=LoadState", unit], QUICK);
        Step::run_tolerating(call, &[Outcome::ManagerUnreachable, Outcome::Denied, Outcome::TimedOut])
    }

    /// Brings the manager back to the files as they were; a service that ran runs again.
    fn undo_install(&self, at: Standing<'_>) -> Vec<Call> {
        let unit = at.id.unit.as_str();
        let mut calls = Vec::new();
        if at.seen.registration().is_none_or(|old| old.autostart != Autostart::On) {
            // It removes the link even when the file is gone already.
            calls.push(self.call(&["disable", unit], QUICK));
        }
        if at.seen.supervised.value.is_wanted() {
            calls.extend([self.call(&["daemon-reload"], QUICK), self.call(&["reset-failed", unit], QUICK)]);
            calls.push(self.call(&["restart", unit], STOPPING));
        } else {
            calls.extend([self.call(&["stop", unit], STOPPING), self.call(&["daemon-reload"], QUICK)]);
            calls.push(self.call(&["reset-failed", unit], QUICK));
        }
        calls
    }

    fn uninstall(&self, at: Standing<'_>) -> Result<Plan, Problem> {
        at.manager_answers()?;
        let unit = at.id.unit.as_str();
        let file = layout::unit_file(at.id);
        match (&at.seen.registered.value, &at.seen.supervised.value) {
            (Registered::Missing { .. }, Supervised::Absent) => return Ok(Plan::default()),
            (Registered::Present(old), _) if old.autostart == Autostart::Blocked => {
                return Err(self.masked(at));
            }
            (Registered::Present(old), _) if old.file != file || old.origin == Origin::Foreign => {
                return Err(foreign(old));
            }
            (Registered::Present(_) | Registered::Missing { .. } | Registered::Unknown { .. }, _) => {}
        }
        let backup = format!("{file}.bak");
        let steps = vec![
            Step::run_tolerating(
                self.call(&["disable", "--now", unit], STOPPING),
                &[Outcome::UnknownService],
            ),
            Step::await_or(Until::NotRunning, STOPPING, Problem::new(Code::StillRunning)),
            Step::Remove { path: file },
            Step::Remove { path: backup },
            Step::Remove { path: layout::systemd_env_file(at.id) },
            Step::run(self.call(&["daemon-reload"], QUICK)),
            Step::run_tolerating(self.call(&["reset-failed", unit], QUICK), &[Outcome::UnknownService]),
            Step::await_or(Until::Gone, QUICK, Problem::new(Code::StillRunning)),
        ];
        let mut on_undo = vec![self.call(&["daemon-reload"], QUICK)];
        if at.seen.registration().is_some_and(|old| old.autostart == Autostart::On) {
            on_undo.push(self.call(&["enable", unit], QUICK));
        }
        if at.seen.supervised.value.is_wanted() {
            on_undo.push(self.call(&["start", unit], STARTING));
        }
        Ok(Plan { steps, on_undo })
    }

    fn start(&self, verb: &str, at: Standing<'_>) -> Result<Plan, Problem> {
        at.manager_answers()?;
        at.is_registered(self)?;
        at.seen.supervised.value.known()?;
        at.port_is_ours(crate::observe::service_port(&at.seen.registered, at.id))?;
        let mut steps = Vec::new();
        let is_stale = at.seen.registration().is_some_and(|unit| unit.stale);
        if is_stale || at.seen.supervised.value == Supervised::Unloaded {
            steps.push(Step::run(self.call(&["daemon-reload"], QUICK)));
        }
        if verb == "start" && at.was_switched_off() {
            steps.push(Step::run(self.call(&["enable", &at.id.unit], QUICK)));
        }
        steps.extend(self.launch(verb, at));
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// `reset-failed` first: after the start limit a start is refused until then (A5). That the unit is not loaded is no failure of it.
    fn launch(&self, verb: &str, at: Standing<'_>) -> Vec<Step> {
        let unit = at.id.unit.as_str();
        let deadline = if verb == "restart" { STOPPING } else { STARTING };
        vec![
            Step::run_tolerating(self.call(&["reset-failed", unit], QUICK), &[Outcome::UnknownService]),
            self.patiently(&[verb, unit], deadline),
            Step::await_or_logs(Until::Running, STARTING, Problem::new(Code::DidNotStart)),
            Step::await_or_logs(Until::Answering, ANSWERING, Problem::new(Code::NotAnswering)),
        ]
    }

    /// The manager may not have seen the new file yet (inotify race, OC 3.3 N): reload and try again.
    fn patiently(&self, args: &[&str], deadline: Duration) -> Step {
        let retry = Retry {
            on: vec![Outcome::UnknownService],
            first: vec![self.call(&["daemon-reload"], QUICK)],
            times: 2,
            pause: Duration::from_millis(200),
        };
        Step::Run { call: self.call(args, deadline), tolerate: Vec::new(), retry: Some(retry) }
    }

    fn stop(&self, stay: bool, at: Standing<'_>) -> Result<Plan, Problem> {
        at.manager_answers()?;
        let mut steps = Vec::new();
        if stay && at.seen.registration().is_some_and(|unit| unit.autostart == Autostart::On) {
            steps.extend([Step::run(self.call(&["disable", &at.id.unit], QUICK)), Step::switched_off()]);
        }
        if matches!(
            at.seen.supervised.value,
            Supervised::Absent | Supervised::Stopped { .. } | Supervised::Unloaded
        ) {
            return Ok(Plan { steps, on_undo: Vec::new() });
        }
        steps.extend([
            Step::run_tolerating(self.call(&["stop", &at.id.unit], STOPPING), &[Outcome::UnknownService]),
            Step::await_or(Until::NotRunning, STOPPING, Problem::new(Code::StillRunning)),
            Step::await_or(Until::PortReleased, QUICK, Problem::new(Code::StillRunning)),
        ]);
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    fn masked(&self, at: Standing<'_>) -> Problem {
        failure::masked(&at.id.unit, &self.command(&["unmask", &at.id.unit]))
    }

    /// A call to the manager of this scope.
    pub(super) fn call(&self, args: &[&str], deadline: Duration) -> Call {
        let machine;
        let scope: &[&str] = match &self.scope {
            Scope::User => &["--user"],
            Scope::UserOf(user) => {
                machine = format!("{user}@");
                &["--machine", &machine, "--user"]
            }
            Scope::System => &[],
        };
        Call::new(Tool::Systemctl, &[scope, args].concat(), deadline)
    }

    /// The same, as text to paste.
    pub(super) fn command(&self, args: &[&str]) -> String {
        self.call(args, QUICK).to_string()
    }
}

/// Whose service, and what is true of it now.
#[derive(Clone, Copy)]
struct Standing<'a> {
    id: &'a Identity,
    seen: &'a Observation,
}

impl Standing<'_> {
    /// A stop that stays ends with a start. Whether a stranger's unit starts at login is the stranger's choice.
    fn was_switched_off(&self) -> bool {
        self.seen
            .registration()
            .is_some_and(|unit| unit.autostart == Autostart::Off && unit.origin != Origin::Foreign)
    }

    /// A unit that the manager cannot parse is still an answer: it can be replaced or removed.
    fn manager_answers(&self) -> Result<(), Problem> {
        let why = self.seen.supervised.value.unknown().filter(|why| why.code != Code::UnitInvalid);
        why.cloned().map_or(Ok(()), Err)
    }

    fn is_registered(&self, systemd: &Systemd) -> Result<(), Problem> {
        match &self.seen.registered.value {
            Registered::Present(unit) if unit.autostart == Autostart::Blocked => Err(systemd.masked(*self)),
            Registered::Present(_) | Registered::Unknown { .. } => Ok(()),
            Registered::Missing { .. } => Err(Problem::not_installed()),
        }
    }

    /// The newest gateway waits for ever beside a stranger on its port and looks active meanwhile (observed 3.5).
    fn port_is_ours(&self, wanted: u16) -> Result<(), Problem> {
        match &self.seen.port.value {
            PortUse::Owned { port, owner } if *port == wanted && owner.belongs != Belongs::Service => {
                Err(Problem::new(Code::ForeignOwner)
                    .with("port", port)
                    .with("owner", format!("{} (pid {})", owner.program, owner.pid))
                    .hint_command("see-process", format!("ps -fp {}", owner.pid)))
            }
            PortUse::Owned { .. }
            | PortUse::Free { .. }
            | PortUse::Hidden { .. }
            | PortUse::Unknown { .. } => Ok(()),
        }
    }
}

fn foreign(old: &Registration) -> Problem {
    let command = format!("systemctl --user cat {}", crate::plan::shell_quoted(layout::file_name(&old.file)));
    Problem::new(Code::UnitForeign)
        .with("path", &old.file)
        .hint_command("see-unit", command)
        .hint("overwrite-with-force")
}

fn make_dir(path: &str, mode: u32) -> Step {
    Step::MakeDir { path: path.to_owned(), mode }
}
