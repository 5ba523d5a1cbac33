//! One step, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answers::Legacy;
use crate::plan::StepView;
use crate::problem::Problem;
use crate::programs::PackageTool;

/// In the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StepId {
    /// Node and OpenClaw.
    Programs,
    Container,
    Wsl,
    /// The Mac's desktop session.
    GuiSession,
    /// What the system has refused.
    Access,
    Manager,
    /// Services under earlier names, other managers, other apps.
    Others,
    Port,
    Config,
    /// What will be written.
    Plan,
    Install,
    /// Running on without a login.
    Linger,
    Proof,
    /// A place for the tray icon.
    TrayHost,
    /// At logout, reboot and sleep.
    Afterwards,
}

impl StepId {
    pub const ALL: &[StepId] = &[
        StepId::Programs,
        StepId::Container,
        StepId::Wsl,
        StepId::GuiSession,
        StepId::Access,
        StepId::Manager,
        StepId::Others,
        StepId::Port,
        StepId::Config,
        StepId::Plan,
        StepId::Install,
        StepId::Linger,
        StepId::Proof,
        StepId::TrayHost,
        StepId::Afterwards,
    ];

    /// The catalogue's `setup-step-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            StepId::Programs => "programs",
            StepId::Container => "container",
            StepId::Wsl => "wsl",
            StepId::GuiSession => "gui-session",
            StepId::Access => "access",
            StepId::Manager => "manager",
            StepId::Others => "others",
            StepId::Port => "port",
            StepId::Config => "config",
            StepId::Plan => "plan",
            StepId::Install => "install",
            StepId::Linger => "linger",
            StepId::Proof => "proof",
            StepId::TrayHost => "tray-host",
            StepId::Afterwards => "afterwards",
        }
    }

    /// Whether the gateway can be set up without it.
    pub fn is_optional(self) -> bool {
        match self {
            StepId::Container
            | StepId::Wsl
            | StepId::Config
            | StepId::Linger
            | StepId::Proof
            | StepId::TrayHost => true,
            StepId::Programs
            | StepId::GuiSession
            | StepId::Access
            | StepId::Manager
            | StepId::Others
            | StepId::Port
            | StepId::Plan
            | StepId::Install
            | StepId::Afterwards => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    Done,
    ToDo,
    Problem,
    Skipped,
    /// Means nothing on this machine.
    NotHere,
}

impl StepState {
    /// The catalogue's `setup-state-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            StepState::Done => "done",
            StepState::ToDo => "to-do",
            StepState::Problem => "problem",
            StepState::Skipped => "skipped",
            StepState::NotHere => "not-here",
        }
    }

    pub fn is_open(self) -> bool {
        match self {
            StepState::ToDo | StepState::Problem => true,
            StepState::Done | StepState::Skipped | StepState::NotHere => false,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub id: StepId,
    pub state: StepState,
    /// What was found, most telling first.
    pub lines: Vec<Line>,
    /// What stands in the way, with its cause and what helps.
    pub problem: Option<Problem>,
    /// What will be written.
    pub plan: Vec<StepView>,
    /// What can be done here, the advised one first.
    pub offers: Vec<Offer>,
}

/// A sentence of the catalogue: `setup-line-<key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub key: &'static str,
    pub values: BTreeMap<String, String>,
    pub mark: Mark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    #[default]
    Plain,
    Good,
    /// Worth a look.
    Warning,
}

/// Something that can be done. Its words are the catalogue's `setup-do-<name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub deed: Deed,
    /// What is going to be run, where it is an outside program.
    pub command: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Deed {
    /// Lets a package manager install OpenClaw.
    Fetch {
        with: PackageTool,
    },
    /// Takes the built-in demo gateway in OpenClaw's place.
    TakeDemo,
    TakeOpenclaw,
    /// What becomes of services under earlier names.
    Legacy {
        what: Legacy,
    },
    Port {
        port: u16,
    },
    /// `openclaw config set gateway.mode local`.
    SetMode,
    Install,
    Start,
    /// Carries an installation that was cut off to its end.
    Finish,
    /// Puts it back.
    Revert,
    Linger,
    /// A page that asks for nothing was read.
    Seen {
        step: StepId,
    },
    Skip {
        step: StepId,
    },
    LookAgain,
    /// Forgets what was decided, skipped and seen.
    StartOver,
    /// The wizard does not open by itself any more.
    Dismiss,
}

impl Deed {
    /// The catalogue's `setup-do-<name>`.
    pub fn name(&self) -> &'static str {
        match self {
            Deed::Fetch { .. } => "fetch",
            Deed::TakeDemo => "take-demo",
            Deed::TakeOpenclaw => "take-openclaw",
            Deed::Legacy { what: Legacy::Keep } => "legacy-keep",
            Deed::Legacy { what: Legacy::Remove } => "legacy-remove",
            Deed::Port { .. } => "port",
            Deed::SetMode => "set-mode",
            Deed::Install => "install",
            Deed::Start => "start",
            Deed::Finish => "finish",
            Deed::Revert => "revert",
            Deed::Linger => "linger",
            Deed::Seen { .. } => "seen",
            Deed::Skip { .. } => "skip",
            Deed::LookAgain => "look-again",
            Deed::StartOver => "start-over",
            Deed::Dismiss => "dismiss",
        }
    }

    /// The step that it belongs to, where a failure leads back.
    pub fn step(&self) -> StepId {
        match self {
            Deed::Fetch { .. } | Deed::TakeDemo | Deed::TakeOpenclaw => StepId::Programs,
            Deed::Legacy { .. } => StepId::Others,
            Deed::Port { .. } => StepId::Port,
            Deed::SetMode => StepId::Config,
            Deed::Install | Deed::Start | Deed::Finish | Deed::Revert => StepId::Install,
            Deed::Linger => StepId::Linger,
            Deed::Seen { step } | Deed::Skip { step } => *step,
            Deed::LookAgain | Deed::StartOver | Deed::Dismiss => StepId::Programs,
        }
    }
}

impl Step {
    pub fn new(id: StepId, state: StepState) -> Self {
        Self { id, state, lines: Vec::new(), problem: None, plan: Vec::new(), offers: Vec::new() }
    }

    pub fn not_here(id: StepId) -> Self {
        Self::new(id, StepState::NotHere)
    }

    pub fn done(id: StepId) -> Self {
        Self::new(id, StepState::Done)
    }

    pub fn to_do(id: StepId) -> Self {
        Self::new(id, StepState::ToDo)
    }

    pub fn stuck(id: StepId, problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::new(id, StepState::Problem) }
    }

    pub fn line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    pub fn lines(mut self, lines: impl IntoIterator<Item = Line>) -> Self {
        self.lines.extend(lines);
        self
    }

    pub fn offer(mut self, deed: Deed) -> Self {
        self.offers.push(Offer { command: None, deed });
        self
    }

    pub fn offer_running(mut self, deed: Deed, command: impl Into<String>) -> Self {
        self.offers.push(Offer { command: Some(command.into()), deed });
        self
    }
}

impl Line {
    pub fn plain(key: &'static str, values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { key, values, mark: Mark::Plain }
    }

    pub fn good(key: &'static str, values: &[(&str, &str)]) -> Self {
        Self { mark: Mark::Good, ..Self::plain(key, values) }
    }

    pub fn warning(key: &'static str, values: &[(&str, &str)]) -> Self {
        Self { mark: Mark::Warning, ..Self::plain(key, values) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::assert_lists_all;

    #[test]
    fn no_step_is_left_out() {
        assert_lists_all(StepId::ALL);
    }
}
