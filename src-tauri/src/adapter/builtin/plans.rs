//! The steps of each action. The acting is the host's: `gateward run --detach` starts one, `gateward run --stop` ends it.

use std::time::Duration;

use super::{Builtin, autostart, registration};
use crate::adapter::inside;
use crate::identity::Identity;
use crate::model::{Autostart, Observation, Registered, ServiceSpec, Supervised};
use crate::observe::service_port;
use crate::plan::{Call, Plan, RESTART_LATER, Step, Text, Tool, Until};
use crate::problem::{Code, Problem};

/// The host tells that it runs before its gateway answers, so this is only the time of two starts of our own program.
const LAUNCH: Duration = Duration::from_secs(30);
/// As long as a real gateway may take from exec to its first answer (A33).
const ANSWER: Duration = Duration::from_secs(120);
/// What a host may need beyond its gateway's own deadline.
const MARGIN: Duration = Duration::from_secs(20);
/// No host drains longer (the run loop's own bound), and none waits longer before a second restart.
const LONGEST_DRAIN: Duration = Duration::from_secs(3600);
const COOL_DOWN: Duration = Duration::from_secs(60);

impl Builtin {
    pub(super) fn install(
        &self,
        spec: &ServiceSpec,
        force: bool,
        seen: &Observation,
    ) -> Result<Plan, Problem> {
        // A registration of a newer version, or a broken one: nobody knows what would be lost.
        if let (Registered::Unknown { why, .. }, false) = (&seen.registered.value, force) {
            return Err(why.clone());
        }
        let id = &spec.identity;
        inside::refuse(self.is_inside(id))?;
        let mut steps = self.files(spec)?;
        // Whatever runs has the old definition; a gateway without a host would be adopted with it.
        steps.push(self.stop_call(id));
        steps.extend(self.begin(id, crate::identity::port_in(&spec.command).unwrap_or(id.port)));
        let mut on_undo = vec![self.stop_host(id)];
        if self.asks_cron() && !matches!(seen.registered.value, Registered::Present(_)) {
            on_undo.push(self.at_boot(id, "off"));
        }
        if seen.supervised.value.is_at_work() {
            on_undo.push(self.start_host(id));
        }
        Ok(Plan { steps, on_undo })
    }

    fn files(&self, spec: &ServiceSpec) -> Result<Vec<Step>, Problem> {
        let id = &spec.identity;
        let text = registration::render(spec, self.os)?;
        let mut steps = vec![
            Step::MakeDir { path: self.own.services(), mode: 0o700 },
            Step::MakeDir { path: self.own.run(), mode: 0o700 },
            match registration::render_secrets(spec)? {
                Some(secrets) => {
                    Step::Write { path: self.own.secrets(id), text: Text::Secret(secrets), mode: 0o600 }
                }
                None => Step::Remove { path: self.own.secrets(id) },
            },
            Step::Write { path: self.own.registration(id), text: Text::Plain(text), mode: 0o600 },
        ];
        steps.extend(self.login(id)?);
        Ok(steps)
    }

    /// What starts the host at login or boot, whichever this machine has.
    fn login(&self, id: &Identity) -> Result<Vec<Step>, Problem> {
        match (self.desktop, self.asks_cron()) {
            (true, _) => self.autostart(id).map(Vec::from),
            (false, true) => Ok(vec![Step::run(self.at_boot(id, "on"))]),
            (false, false) => Ok(Vec::new()),
        }
    }

    fn autostart(&self, id: &Identity) -> Result<[Step; 2], Problem> {
        let path = self.own.autostart(id);
        let profile = id.profile.to_string();
        let command = [self.program.as_str(), "run", "--profile", &profile, "--detach"];
        let text = autostart::render(&id.description(), &command)?;
        Ok([
            Step::MakeDir { path: crate::layout::parent(&path).to_owned(), mode: 0o700 },
            Step::Write { path, text: Text::Plain(text), mode: 0o644 },
        ])
    }

    pub(super) fn uninstall(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        inside::refuse(self.is_inside(id))?;
        let own = &self.own;
        let files = [
            own.registration(id),
            own.secrets(id),
            own.autostart(id),
            own.record(id),
            own.token(id),
            own.host_log(id),
        ];
        let mut steps = vec![self.stop_call(id), at_rest()];
        if self.asks_cron() {
            steps.push(Step::run(self.at_boot(id, "off")));
        }
        steps.extend(files.into_iter().chain(own.all_last_words(id)).map(|path| Step::Remove { path }));
        steps.push(Step::await_or(Until::Gone, LAUNCH, Problem::new(Code::StillRunning)));
        Ok(Plan { steps, on_undo: self.as_before(id, seen) })
    }

    /// What the files alone do not bring back.
    fn as_before(&self, id: &Identity, seen: &Observation) -> Vec<Call> {
        let at_boot = self.asks_cron() && autostart_is(Autostart::On, seen);
        let at_boot = at_boot.then(|| self.at_boot(id, "on"));
        let started = seen.supervised.value.is_at_work().then(|| self.start_host(id));
        at_boot.into_iter().chain(started).collect()
    }

    pub(super) fn start(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        installed(seen)?;
        let port = service_port(&seen.registered, id);
        if seen.supervised.value.is_at_work() {
            return Ok(Plan { steps: vec![answering(port)], on_undo: Vec::new() });
        }
        // A stop that stays ends with a start.
        let mut steps = Vec::new();
        if autostart_is(Autostart::Off, seen) {
            steps.extend(self.login(id)?);
        }
        steps.extend(self.begin(id, port));
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// The host never comes back by itself after a stop; the entry at login would start another one.
    pub(super) fn stop(&self, stay: bool, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        if matches!(seen.supervised.value, Supervised::Absent) {
            installed(seen)?;
        }
        inside::refuse(self.is_inside(id))?;
        let mut steps = vec![self.stop_call(id), at_rest(), released()];
        if stay && autostart_is(Autostart::On, seen) {
            let removal = match self.asks_cron() {
                true => Step::run(self.at_boot(id, "off")),
                false => Step::Remove { path: self.own.autostart(id) },
            };
            steps.splice(0..0, [removal, Step::switched_off()]);
        }
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    pub(super) fn restart(&self, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        installed(seen)?;
        if self.is_inside(id) {
            return Ok(self.hand_off(id, &[]));
        }
        let mut steps = vec![self.stop_call(id), at_rest()];
        steps.extend(self.begin(id, service_port(&seen.registered, id)));
        // Between its two halves nothing runs.
        let ran = seen.supervised.value.is_at_work();
        Ok(Plan { steps, on_undo: ran.then(|| self.start_host(id)).into_iter().collect() })
    }

    /// A helper outside of the gateway's own process tree restarts it when we are gone.
    fn hand_off(&self, id: &Identity, more: &[&str]) -> Plan {
        let call = self.host(id, &[&[RESTART_LATER], more].concat(), LAUNCH);
        Plan { steps: vec![Step::run(call)], on_undo: Vec::new() }
    }

    /// The renewal that [`Self::renewal`] would wait for.
    pub fn hand_off_renewal(&self, id: &Identity) -> Plan {
        self.hand_off(id, &["--renew"])
    }

    fn begin(&self, id: &Identity, port: u16) -> Vec<Step> {
        vec![Step::run(self.start_host(id)), answering(port)]
    }

    fn stop_call(&self, id: &Identity) -> Step {
        Step::run(self.stop_host(id))
    }

    fn start_host(&self, id: &Identity) -> Call {
        self.host(id, &["--detach"], LAUNCH)
    }

    /// The deadline is the longest any host may take; the host itself keeps the service's own.
    fn stop_host(&self, id: &Identity) -> Call {
        self.host(id, &["--stop"], LONGEST_DRAIN + MARGIN)
    }

    /// Ends a drain that is under way.
    pub(super) fn force_host(&self, id: &Identity) -> Call {
        self.host(id, &["--stop-now"], MARGIN)
    }

    /// A restart by the host that is at work: it stays, drains its gateway and starts a new one.
    /// First the asking, then the proof that the gateway answers on `port`.
    pub fn renewal(&self, id: &Identity, port: u16) -> (Plan, Plan) {
        let call = self.host(id, &["--renew"], LONGEST_DRAIN + LAUNCH + COOL_DOWN);
        let plan = |step| Plan { steps: vec![step], on_undo: Vec::new() };
        (plan(Step::run(call)), plan(answering(port)))
    }

    /// Cron's table is read and written within the call: it may change between a plan and its execution.
    fn at_boot(&self, id: &Identity, wanted: &str) -> Call {
        self.host(id, &[&format!("--at-boot={wanted}")], LAUNCH)
    }

    fn host(&self, id: &Identity, options: &[&str], deadline: Duration) -> Call {
        let profile = id.profile.to_string();
        let args = [&["run", "--profile", &profile], options, &["--report"]].concat();
        Call::new(Tool::At(self.program.clone()), &args, deadline)
    }
}

fn answering(port: u16) -> Step {
    let problem = Problem::new(Code::NotAnswering).with("port", port);
    Step::await_or_logs(Until::Answering, ANSWER, problem)
}

fn released() -> Step {
    Step::await_or_logs(Until::PortReleased, MARGIN, Problem::new(Code::StillRunning))
}

fn at_rest() -> Step {
    Step::await_or_logs(Until::NotRunning, MARGIN, Problem::new(Code::StillRunning))
}

fn autostart_is(wanted: Autostart, seen: &Observation) -> bool {
    matches!(&seen.registered.value, Registered::Present(found) if found.autostart == wanted)
}

fn installed(seen: &Observation) -> Result<(), Problem> {
    match &seen.registered.value {
        Registered::Present(_) => Ok(()),
        Registered::Missing { .. } => Err(Problem::not_installed()),
        Registered::Unknown { why, .. } => Err(why.clone()),
    }
}
