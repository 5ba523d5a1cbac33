//! LaunchAgents of macOS (OC 4, 6.2, 7.3): what to ask launchd, which calls an action takes, what its answers mean. The table of
//! all calls is in docs/platforms/macos.md.

use std::collections::BTreeMap;

use crate::adapter::{Adapter, Ghost, Intent};
use crate::environment;
use crate::identity::{Identity, Surroundings};
use crate::layout;
use crate::model::{Fact, Manager, Observation, Registered, ServiceSpec, Supervised, Value};
use crate::plan::{Answer, Call, Outcome, Plan, Step, Until};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Report, Watch};

mod answers;
pub mod calls;
mod ghosts;
mod plans;
pub mod plist;
pub mod print;
mod read;
mod state;
pub mod wrapper;

/// What generated definitions set on macOS only (OC 10.3).
const GENERATED: &[&str] = &["NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA"];

/// The adapter for one account's desktop session.
pub struct Launchd {
    uid: u32,
    user: String,
    /// The launchd label we ourselves run under, if we do.
    inside: Option<String>,
    /// The absolute path of `launchctl`, for helpers that outlive us.
    launchctl: String,
}

impl Launchd {
    pub fn new(around: &Surroundings) -> Self {
        let tools = around.variable("GATEWARD_TOOLS").unwrap_or("/bin");
        Self {
            uid: around.uid,
            user: around.user.clone().unwrap_or_else(|| around.uid.to_string()),
            inside: own_label(around),
            launchctl: layout::join(tools, &["launchctl"], layout::Os::MacOs),
        }
    }

    /// The domain of LaunchAgents; it is there only while that account is logged in at the screen.
    fn domain(&self) -> String {
        format!("gui/{}", self.uid)
    }

    fn target(&self, id: &Identity) -> String {
        format!("gui/{}/{}", self.uid, id.label)
    }

    fn no_session(&self) -> Problem {
        Problem::new(Code::NoGuiSession)
            .with("user", &self.user)
            .with("uid", self.uid)
            .hint("log-in-here")
            .hint("headless-mac")
    }

    fn is_inside(&self, id: &Identity) -> bool {
        self.inside.as_deref() == Some(&id.label)
    }
}

/// The label of the job that started us. Terminals and apps are jobs too, so only a label that equals the service's counts; the
/// override variable names it only where OpenClaw's own marker says that we run in a service (OC 9.5, N; #20555).
fn own_label(around: &Surroundings) -> Option<String> {
    let told = ["LAUNCH_JOB_LABEL", "LAUNCH_JOB_NAME", "XPC_SERVICE_NAME"];
    let marked = around.variable("OPENCLAW_SERVICE_MARKER").and(around.variable("OPENCLAW_LAUNCHD_LABEL"));
    // XPC_SERVICE_NAME is 0 in a shell that no job started.
    let by_launchd = told.iter().filter_map(|name| around.variable(name)).find(|label| *label != "0");
    marked.or(by_launchd).map(str::to_owned)
}

/// What a plist says by its top keys; `{}` stands for a dictionary or list. Empty for what is no plist.
pub fn settings(bytes: &[u8]) -> Vec<(String, String)> {
    plist::scalars(bytes)
}

impl Adapter for Launchd {
    fn manager(&self) -> Manager {
        Manager::Launchd
    }

    fn asks(&self, id: &Identity) -> Vec<Ask> {
        vec![
            Ask::File { path: layout::launch_agent(&id.home, &id.label) },
            Ask::Job { domain: self.domain(), label: id.label.clone() },
            Ask::Overrides { domain: self.domain() },
        ]
    }

    fn read(&self, id: &Identity, reports: &[Report]) -> (Fact<Registered>, Fact<Supervised>) {
        (self.registered(id, reports), self.supervised(id, reports))
    }

    fn follow_up(&self, id: &Identity, reports: &[Report]) -> Vec<Ask> {
        self.further_asks(id, reports)
    }

    fn variables(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        self.own_variables(id, reports)
    }

    fn carried_over(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        let mut kept = environment::of_a_person(self.own_variables(id, reports));
        kept.retain(|name, _| !GENERATED.contains(&name.as_str()));
        kept
    }

    fn ghost_asks(&self, id: &Identity) -> Vec<Ask> {
        self.asks_for_ghosts(id)
    }

    fn ghosts(&self, id: &Identity, reports: &[Report]) -> Vec<Ghost> {
        self.found_ghosts(id, reports)
    }

    fn retire(&self, ghosts: &[Ghost], id: &Identity) -> Vec<Step> {
        self.retire_ghosts(ghosts, id)
    }

    fn revive(&self, ghosts: &[Ghost], _id: &Identity) -> Vec<Call> {
        self.revive_ghosts(ghosts)
    }

    fn log_asks(&self, id: &Identity) -> Vec<Ask> {
        vec![Ask::File { path: layout::launch_agent(&id.home, &id.label) }]
    }

    /// Where the plist sends them: earlier generations of OpenClaw used other files (OC 1.5).
    fn log_files(&self, id: &Identity, reports: &[Report]) -> Option<Vec<String>> {
        Some(self.output_files(id, reports))
    }

    fn plan(&self, intent: &Intent<'_>, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        match intent {
            Intent::Install { spec, force } => self.install(spec, *force, id, seen),
            Intent::Uninstall => self.uninstall(id, seen),
            Intent::Start => self.start(id, seen),
            Intent::Stop { stay } => self.stop(*stay, id, seen),
            Intent::Restart => self.restart(id, seen),
        }
    }

    fn classify(&self, call: &Call, answer: &Answer) -> Outcome {
        answers::classify(call, answer)
    }

    fn explain(&self, call: &Call, answer: &Answer) -> Problem {
        self.told(call, answer)
    }

    fn cut_short(&self, id: &Identity, seen: &Observation) -> Option<Call> {
        matches!(seen.supervised.value, Supervised::Stopping { .. }).then(|| calls::kill(&self.target(id)))
    }

    /// A busy `bootstrap` is settled when the job is in the domain after all. One that is being taken down is still the old one.
    fn is_settled(&self, call: &Call, seen: &Observation) -> bool {
        calls::verb(call) == "bootstrap"
            && call.args.last().map(String::as_str) == Some(file(&seen.registered.value))
            && state::is_loaded(&seen.supervised.value)
            && !matches!(seen.supervised.value, Supervised::Stopping { .. })
    }

    /// A job that left its domain never runs again by itself (A2).
    fn hopeless(&self, until: Until, seen: &Observation) -> Option<Problem> {
        let starting = matches!(until, Until::Running | Until::Answering);
        let gone = matches!(seen.supervised.value, Supervised::Unloaded | Supervised::Absent);
        let problem = || Problem::new(Code::DidNotStart).hint_command("start-again", "gateward start");
        (starting && gone).then(problem)
    }

    fn watch(&self, id: &Identity, seen: &Observation) -> Vec<Watch> {
        let plist = Watch::File { path: layout::launch_agent(&id.home, &id.label) };
        let started = seen.supervised.value.run().and_then(|run| run.since);
        let process = seen.supervised.value.pid().map(|pid| Watch::Process { pid, started });
        std::iter::once(plist).chain(process).collect()
    }

    fn render(&self, spec: &ServiceSpec) -> Result<String, Problem> {
        plist::render(&plist::Agent::of(spec))
    }
}

fn file(registered: &Registered) -> &str {
    match registered {
        Registered::Missing { file } | Registered::Unknown { file, .. } => file,
        Registered::Present(registration) => &registration.file,
    }
}

#[cfg(test)]
mod tests;
