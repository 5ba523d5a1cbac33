//! The journal of every change: what was to be done, how far it came, and what stood there before, so that it can be finished, put
//! back or taken back later.
//!
//! One file for each change in `<own state>/changes`, all for their owner only: `000007.json` is the [`Change`], `000007.open` stands
//! beside it as long as it is under way, `000007.2.before` holds the bytes that step 2 replaced. Bytes that hold secrets, and secret
//! texts that are still to be written, are in `*.secret`, which live no longer than the change is open.

use serde::{Deserialize, Serialize};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::identity::Identity;
use crate::model::Manager;
use crate::plan::{Plan, Step};
use crate::system::Contents;

mod journal;
mod record;
mod restoration;
mod secrecy;
mod turn;

pub use journal::Journal;
pub use record::{Acting, Record};
pub use restoration::{Restoration, Way, edited};
pub use secrecy::{holds_secret, text_in};
pub use turn::Turn;

/// Version of the JSON shape of [`Change`].
const SCHEMA: u32 = 1;

/// One plan that was carried out, or is being.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub schema: u32,
    pub number: u32,
    pub at: Timestamp,
    /// The catalogue's `change-<what>`: `install`, `stop`, `undo` ….
    pub what: String,
    /// The change that this one takes back.
    pub of: Option<u32>,
    pub identity: Identity,
    pub manager: Manager,
    pub state: State,
    /// So many of the plan's steps are certainly done; the next one may be half done.
    pub done: usize,
    /// Its secret texts are dots.
    pub plan: Plan,
    pub files: Vec<Touched>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Under way, or interrupted.
    Open,
    Done,
    /// It failed or was interrupted, and everything is as it was before.
    PutBack,
    /// It was done, and a later change took it back.
    TakenBack,
    /// It was interrupted, and a later change of the same service has made that meaningless.
    Overtaken,
}

/// A file that one step changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    pub step: usize,
    pub path: String,
    pub before: Option<Version>,
    pub after: Option<Version>,
    /// The bytes before hold secrets: they are kept only as long as the change is open.
    pub secret: bool,
    /// The names of the secret variables in them.
    pub names: Vec<String>,
}

/// What a file holds, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// SHA-256, hexadecimal.
    pub digest: String,
    pub mode: u32,
}

impl Version {
    pub fn of(contents: &Contents) -> Self {
        Self::new(&contents.bytes, contents.mode)
    }

    pub fn new(bytes: &[u8], mode: u32) -> Self {
        let digest = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { digest, mode }
    }
}

impl Change {
    /// Whether it is under way, or was interrupted, with something left to do that acts.
    pub fn is_unfinished(&self) -> bool {
        self.state == State::Open && self.plan.steps.iter().skip(self.done).any(Step::acts)
    }

    /// A start or a stop changes no file: nothing has to be put back after it.
    pub fn changes_files(&self) -> bool {
        self.plan.steps.iter().any(|step| step.target().is_some())
    }

    /// Whether `gateward undo` can do something about it.
    pub fn can_be_taken_back(&self) -> bool {
        self.state == State::Done && !(self.files.is_empty() && self.plan.on_undo.is_empty())
    }
}
