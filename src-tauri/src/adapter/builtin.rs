//! The built-in manager: `gateward run`, started at login or by hand, watched through the record it writes.
//!
//! It is the manager of last resort: containers, WSL without systemd, other init systems. What it cannot do: nothing restarts the
//! host itself, and it starts at login or boot only where a desktop reads autostart entries or the account has a crontab.

use std::collections::BTreeMap;

use crate::adapter::inside::Inside;
use crate::adapter::{Adapter, Intent};
use crate::identity::{Identity, Surroundings};
use crate::layout::{self, Os};
use crate::model::{Fact, Manager, Observation, Registered, ServiceSpec, Supervised, Value};
use crate::observe::find;
use crate::plan::{Answer, Call, End, Outcome, Plan};
use crate::problem::{Code, Problem};
use crate::system::{Ask, Report, Seen, Watch};

pub mod autostart;
pub mod crontab;
mod plans;
pub mod proof;
pub mod read;
pub mod record;
pub mod registration;

pub struct Builtin {
    own: OwnFolders,
    os: Os,
    /// The `gateward` that runs hosts.
    program: String,
    /// Whether something is likely to read autostart entries.
    desktop: bool,
    /// The gateway that started us, if one did.
    inside: Option<Inside>,
}

/// Of how many runs before the last one the last words are kept.
pub const EARLIER_ENDS: u32 = 4;

/// Gateward's own folders, from which all paths of the built-in manager follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFolders {
    state: String,
    config: String,
    os: Os,
}

impl OwnFolders {
    /// # Errors
    /// `NoHome`.
    pub fn new(around: &Surroundings) -> Result<Self, Problem> {
        Ok(Self {
            state: layout::own_state_dir(around)?,
            config: layout::own_config_dir(around)?,
            os: around.os,
        })
    }

    /// `<config>/services`.
    pub fn services(&self) -> String {
        layout::join(&self.config, &["services"], self.os)
    }

    /// What is installed: `<config>/services/<profile>.json`.
    pub fn registration(&self, id: &Identity) -> String {
        layout::join(&self.services(), &[&format!("{}.json", id.profile)], self.os)
    }

    /// `<state>/run`.
    pub fn run(&self) -> String {
        layout::join(&self.state, &["run"], self.os)
    }

    /// What the host says of itself: `<state>/run/<profile>.json`.
    pub fn record(&self, id: &Identity) -> String {
        self.beside(id, "json")
    }

    /// The installed service's secrets, owner-only: `<state>/run/<profile>.secrets`.
    pub fn secrets(&self, id: &Identity) -> String {
        self.beside(id, "secrets")
    }

    /// Held by the host while it lives: `<state>/run/<profile>.lock`.
    pub fn lock(&self, id: &Identity) -> String {
        self.beside(id, "lock")
    }

    /// The last 64 KiB of standard error of the gateway that ended last: `<state>/run/<profile>.last-words`.
    pub fn last_words(&self, id: &Identity) -> String {
        self.beside(id, "last-words")
    }

    /// The same and those of the runs before, the latest of which is `<profile>.last-words.1`.
    pub fn all_last_words(&self, id: &Identity) -> Vec<String> {
        let last = self.last_words(id);
        let earlier = (1..=EARLIER_ENDS).map(|number| format!("{last}.{number}"));
        earlier.chain([last.clone()]).collect()
    }

    /// The one-time authorisation of a restart: `<state>/run/<profile>.restart`.
    pub fn token(&self, id: &Identity) -> String {
        self.beside(id, "restart")
    }

    /// A crontab on its way to cron: `<state>/run/<profile>.crontab`.
    pub fn crontab(&self, id: &Identity) -> String {
        self.beside(id, "crontab")
    }

    /// The named pipes the gateway writes to: `<state>/run/<profile>.out` and `.err`.
    pub fn pipes(&self, id: &Identity) -> [String; 2] {
        ["out", "err"].map(|stream| self.beside(id, stream))
    }

    /// What a detached host itself has to say: `<state>/run/<profile>.host.log`.
    pub fn host_log(&self, id: &Identity) -> String {
        self.beside(id, "host.log")
    }

    /// `$XDG_CONFIG_HOME/autostart/gateward-gateway[-<profile>].desktop`.
    pub fn autostart(&self, id: &Identity) -> String {
        let suffix = id.profile.name().map(|name| format!("-{name}")).unwrap_or_default();
        let name = format!("gateward-gateway{suffix}.desktop");
        layout::join(layout::parent(&self.config), &["autostart", &name], self.os)
    }

    fn beside(&self, id: &Identity, suffix: &str) -> String {
        layout::join(&self.run(), &[&format!("{}.{suffix}", id.profile)], self.os)
    }
}

impl Builtin {
    /// # Errors
    /// `NoHome`.
    pub fn new(around: &Surroundings) -> Result<Self, Problem> {
        Ok(Self {
            own: OwnFolders::new(around)?,
            os: around.os,
            program: layout::own_cli(around),
            desktop: has_desktop(around),
            inside: Inside::of(around),
        })
    }
}

/// Whether something is likely to read autostart entries.
pub fn has_desktop(around: &Surroundings) -> bool {
    let marks = ["XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "DISPLAY", "WAYLAND_DISPLAY"];
    around.os == Os::Linux && !around.wsl && marks.iter().any(|name| around.variable(name).is_some())
}

impl Builtin {
    /// Whether the gateway started us; with it we would be ended.
    pub fn is_inside(&self, id: &Identity) -> bool {
        self.inside.as_ref().is_some_and(|inside| inside.is_of(id))
    }

    /// Without a desktop only cron starts something of an account's at boot.
    fn asks_cron(&self) -> bool {
        self.os == Os::Linux && !self.desktop
    }
}

impl Adapter for Builtin {
    fn manager(&self) -> Manager {
        Manager::Builtin
    }

    fn asks(&self, id: &Identity) -> Vec<Ask> {
        let files =
            [self.own.registration(id), self.own.record(id), self.own.autostart(id), self.own.secrets(id)];
        let table = self.asks_cron().then_some(Ask::Crontab);
        files.into_iter().map(|path| Ask::File { path }).chain(table).collect()
    }

    fn read(&self, id: &Identity, reports: &[Report]) -> (Fact<Registered>, Fact<Supervised>) {
        let registered = read::registered(&self.own, id, self.os, reports);
        let supervised = read::supervised(&self.own, id, self.os, reports, &registered.value);
        (registered, supervised)
    }

    fn host(&self, id: &Identity, reports: &[Report]) -> Option<u32> {
        read::host(&self.own, id, self.os, reports)
    }

    fn follow_up(&self, id: &Identity, reports: &[Report]) -> Vec<Ask> {
        let path = self.own.record(id);
        let Some(Seen::File(contents)) =
            find(reports, |ask| *ask == Ask::File { path: path.clone() }).map(|report| &report.seen)
        else {
            return Vec::new();
        };
        record::parse(&contents.text(), &path).map_or(Vec::new(), |record| record.asks(self.os))
    }

    fn variables(&self, id: &Identity, reports: &[Report]) -> BTreeMap<String, Value> {
        read::variables(&self.own, id, reports)
    }

    fn log_files(&self, id: &Identity, _reports: &[Report]) -> Option<Vec<String>> {
        Some(layout::host_logs(id, self.os).into())
    }

    fn plan(&self, intent: &Intent<'_>, id: &Identity, seen: &Observation) -> Result<Plan, Problem> {
        match intent {
            Intent::Install { spec, force } => self.install(spec, *force, seen),
            Intent::Uninstall => self.uninstall(id, seen),
            Intent::Start => self.start(id, seen),
            Intent::Stop { stay } => self.stop(*stay, id, seen),
            Intent::Restart => self.restart(id, seen),
        }
    }

    fn classify(&self, _call: &Call, answer: &Answer) -> Outcome {
        match answer.end {
            End::Exited(0) => Outcome::Done,
            End::TimedOut => Outcome::TimedOut,
            // The program that is the manager cannot be run: during its own update it is away for a moment.
            End::NotStarted(_) => Outcome::ManagerUnreachable,
            End::Exited(_) | End::Killed(_) => Outcome::Failed,
        }
    }

    /// The host says what failed as a problem in JSON on its standard output; anything else is repeated as it is.
    fn explain(&self, call: &Call, answer: &Answer) -> Problem {
        let told = answer.stdout.lines().last().and_then(|line| serde_json::from_str(line).ok());
        told.unwrap_or_else(|| {
            Problem::new(Code::StepFailed)
                .with("command", call)
                .because(words(answer))
                .hint_command("see-logs", "gateward logs")
        })
    }

    fn cut_short(&self, id: &Identity, seen: &Observation) -> Option<Call> {
        (!seen.supervised.value.is_at_rest()).then(|| self.force_host(id))
    }

    fn last_words(&self, id: &Identity) -> Option<String> {
        Some(self.own.last_words(id))
    }

    fn watch(&self, id: &Identity, seen: &Observation) -> Vec<Watch> {
        let files = [self.own.record(id), self.own.registration(id)].map(|path| Watch::File { path });
        let process = seen.supervised.value.pid().map(|pid| Watch::Process { pid, started: None });
        files.into_iter().chain(process).collect()
    }

    fn render(&self, spec: &ServiceSpec) -> Result<String, Problem> {
        registration::render(spec, self.os)
    }
}

fn words(answer: &Answer) -> String {
    match &answer.end {
        End::NotStarted(words) => words.clone(),
        End::Exited(_) | End::Killed(_) | End::TimedOut => answer.words(),
    }
}

#[cfg(test)]
mod tests;
