//! What OpenClaw's command line said last. It takes 3 s of processor time, so its answer holds for an hour, or until what it was made
//! from is written; it is kept in a file, so that this holds over restarts and over runs of the monitor.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Place;
use crate::auth::{cli_answer, doubtful};
use crate::layout;
use crate::model::Credential;
use crate::plan::{Call, Tool};
use crate::problem::Problem;
use crate::programs;

/// Node needs 3 s on an idle machine (observed 2.1).
const PATIENCE: Duration = Duration::from_secs(60);

const HOLDS_FOR: SignedDuration = SignedDuration::from_hours(1);

/// One answer; it names credentials and holds none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Told {
    at: Timestamp,
    /// When each of [`Place::sources_of_command`] was written last.
    written: Vec<Option<Timestamp>>,
    credentials: Vec<Credential>,
}

impl Place<'_> {
    /// `None` when OpenClaw is not installed.
    pub(super) async fn command_line(&self) -> Option<Vec<Credential>> {
        if let Some(told) = self.told().filter(|told| self.holds(told)) {
            return Some(told.credentials);
        }
        let credentials = self.ask_command().await?;
        // Read after the question: it may write into the databases itself.
        let told = Told { at: self.system.now(), written: self.written_last(), credentials };
        if let Err(problem) = self.keep(&told) {
            tracing::debug!(%problem, "the answer of OpenClaw's command line could not be kept");
        }
        Some(told.credentials)
    }

    /// While the gateway runs, it writes into its databases all the time.
    fn holds(&self, told: &Told) -> bool {
        let age = self.system.now().duration_since(told.at);
        let is_fresh = SignedDuration::ZERO <= age && age < HOLDS_FOR;
        is_fresh && (self.port.is_some() || told.written == self.written_last())
    }

    fn written_last(&self) -> Vec<Option<Timestamp>> {
        let sources = self.databases().into_iter().chain([self.id.config_path.clone()]);
        sources.map(|path| self.written(&path)).collect()
    }

    async fn ask_command(&self) -> Option<Vec<Credential>> {
        let found = programs::find(self.system, self.around, self.given).await.ok()?;
        let profile = self.id.profile.name().map(|name| ["--profile", name]);
        let mut args = vec![found.openclaw.entry.as_str()];
        args.extend(profile.iter().flatten());
        args.extend(["models", "status", "--json"]);
        let answer = self.system.run(&Call::new(Tool::At(found.node.path.clone()), &args, PATIENCE)).await;
        let reading = cli_answer::read(&answer.stdout);
        Some(reading.unwrap_or_else(|why| vec![doubtful("openclaw", cli_answer::COMMAND, why)]))
    }

    fn shelf(&self) -> Result<String, Problem> {
        let profile = self.id.profile.name().map(|name| format!("-{name}")).unwrap_or_default();
        let folder = layout::own_state_dir(self.around)?;
        Ok(layout::join(&folder, &[&format!("models-status{profile}.json")], self.around.os))
    }

    /// A damaged one is none.
    fn told(&self) -> Option<Told> {
        let contents = self.system.read(&self.shelf().ok()?).ok()??;
        serde_json::from_slice(&contents.bytes).ok()
    }

    fn keep(&self, told: &Told) -> Result<(), Problem> {
        let shelf = self.shelf()?;
        self.system.make_dir(layout::parent(&shelf), 0o700)?;
        self.system.write(&shelf, serde_json::json!(told).to_string().as_bytes(), 0o600)
    }
}
