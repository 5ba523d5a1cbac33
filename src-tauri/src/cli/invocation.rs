//! What one command works with.

use std::sync::OnceLock;

use jiff::tz::TimeZone;

use super::args::Flags;
use super::chronicle;
use super::console::Console;
use crate::execute::Progress;
use crate::model::{GatewayState, Incident, IncidentKind, Observation, SCHEMA, Verdict};
use crate::observe::observe;
use crate::plan::Until;
use crate::problem::Problem;
use crate::settings;
use crate::verdict;
use crate::view::plan::sentence;
use crate::view::text::Page;
use crate::words::{Language, Words};
use crate::world::{Gateway, World};

pub struct Invocation<'a> {
    pub world: &'a World,
    pub flags: &'a Flags,
    pub console: &'a dyn Console,
    /// Parsed at the first word: `status --json` needs none.
    words: OnceLock<Words>,
}

impl<'a> Invocation<'a> {
    pub fn new(world: &'a World, flags: &'a Flags, console: &'a dyn Console) -> Self {
        Self { world, flags, console, words: OnceLock::new() }
    }

    pub fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::of(self.language()))
    }

    /// The one that is set, else that of the locale.
    pub fn language(&self) -> Language {
        let World { system, around } = self.world;
        Language::of(settings::current(&**system, around).window.language.locale(around))
    }

    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words().say(key, values)
    }

    /// # Errors
    /// As [`World::gateway`].
    pub fn gateway(&self) -> Result<Gateway, Problem> {
        self.world.gateway(self.flags.profile.as_deref())
    }

    pub async fn state(&self, gateway: &Gateway) -> GatewayState {
        let observation = observe(&*self.world.system, &*gateway.adapter, &gateway.id).await;
        let incidents = chronicle::newest(&gateway.id.profile.to_string(), self);
        GatewayState {
            schema: SCHEMA,
            profile: gateway.id.profile.to_string(),
            manager: gateway.adapter.manager(),
            verdict: self.judge(gateway, &observation, &incidents),
            remarks: verdict::remarks(&observation),
            prospects: verdict::prospects(gateway.adapter.manager(), &observation),
            observation,
            incidents,
            busy: None,
            problem: None,
            credentials: None,
        }
    }

    /// As the engine judges: within the time that this gateway's starts take, and by what it has told of this process.
    fn judge(&self, gateway: &Gateway, seen: &Observation, incidents: &[Incident]) -> Verdict {
        let starts = chronicle::starts(&gateway.id.profile.to_string(), self);
        verdict::judge_within(seen, verdict::grace_of(seen, &starts, answered(incidents)))
    }

    /// How texts are drawn for this console.
    pub fn page(&self) -> Page<'_> {
        Page {
            words: self.words(),
            zone: TimeZone::system(),
            now: self.world.system.now(),
            colour: self.console.colour(),
            profile: self.profile_to_paste(),
        }
    }

    /// The profile that commands to paste have to name.
    pub fn profile_to_paste(&self) -> Option<String> {
        let name =
            self.flags.profile.as_deref().or_else(|| self.world.around.variable("OPENCLAW_PROFILE"))?;
        let name = name.trim();
        (!name.is_empty() && !name.eq_ignore_ascii_case("default")).then(|| name.to_owned())
    }

    /// Shows an execution's progress on the console.
    pub fn show(&self, progress: Progress<'_>) {
        match progress {
            Progress::Step { number, total, step } => {
                let (number, total) = (number.to_string(), total.to_string());
                let line = sentence(step, self.words());
                let values = [("number", &*number), ("total", &*total), ("step", &*line)];
                self.console.step(&self.say("progress-step", &values));
            }
            Progress::Waiting { until, waited, deadline } => {
                let (waited, deadline) = (waited.as_secs().to_string(), deadline.as_secs().to_string());
                let key = format!("progress-{}", until_name(until));
                self.console.progress(&self.say(&key, &[("waited", &waited), ("deadline", &deadline)]));
            }
            Progress::Undoing => self.console.progress(&self.say("progress-undoing", &[])),
        }
    }
}

/// The process of which the history says that it answered: it has hung since, or recovered.
fn answered(incidents: &[Incident]) -> Option<u32> {
    let speaks = |it: &&Incident| matches!(it.kind, IncidentKind::Hung | IncidentKind::Recovered);
    incidents.iter().find(speaks)?.pid
}

fn until_name(until: Until) -> &'static str {
    match until {
        Until::Running => "running",
        Until::NotRunning => "not-running",
        Until::Gone => "gone",
        Until::Answering => "answering",
        Until::PortReleased => "port-released",
        Until::SwitchedOff => "switched-off",
        Until::PortFree => "port-free",
        Until::ProcessGone { .. } => "process-gone",
    }
}
