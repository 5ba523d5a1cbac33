//! What the service is given, as window and terminal show it.

use serde::{Deserialize, Serialize};

use super::plan::StepView;
use crate::model::Registration;
use crate::problem::Problem;
use crate::programs::is_stable;
use crate::variables::{Row, Sign, locked};
use crate::words::Words;

/// The answer of the window's `environment` command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EnvironmentView {
    pub rows: Vec<RowView>,
    /// The command's words, in their order.
    pub command: Vec<WordView>,
    /// A node whose path outlives updates, where the service's does not.
    pub lasting_node: Option<String>,
    /// The newest alteration, if it is still in force.
    pub undo: Option<UndoView>,
    /// Why nothing can be changed here.
    pub refusal: Option<Problem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RowView {
    pub row: Row,
    pub signs: Vec<SignView>,
    /// Why it cannot be changed here; `None` when it can.
    pub locked: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignView {
    pub sign: Sign,
    /// One word or two.
    pub name: String,
    pub why: String,
    pub harms: bool,
}

/// One word of the service's command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WordView {
    pub text: String,
    /// What an update will do to this path, if it will not outlive one (A18).
    pub warning: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UndoView {
    /// In the journal of changes.
    pub change: u32,
    #[cfg_attr(test, ts(type = "string"))]
    pub at: jiff::Timestamp,
}

/// The answer of the window's `preview` command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Preview {
    pub steps: Vec<StepView>,
}

pub fn row_view(row: Row, registration: &Registration, words: &Words) -> RowView {
    let source = row.source.clone().unwrap_or_default();
    let reason = locked(&row.name, &source, registration);
    let told = |reason| words.say(&format!("locked-{reason}"), &[("source", &source)]);
    RowView {
        signs: row.signs.iter().map(|sign| sign_view(*sign, &row, words)).collect(),
        locked: reason.map(told),
        row,
    }
}

fn sign_view(sign: Sign, row: &Row, words: &Words) -> SignView {
    let text = |side: &Option<String>| side.clone().unwrap_or_else(|| words.say("variable-none", &[]));
    let (session, other) = (text(&row.session), text(&row.config.clone().or_else(|| row.dotenv.clone())));
    let values = [("session", session.as_str()), ("other", other.as_str())];
    SignView {
        sign,
        name: words.say(&format!("sign-{}", sign.name()), &[]),
        why: words.say(&format!("sign-why-{}", sign.name()), &values),
        harms: sign.harms(),
    }
}

/// Node and script come first; only their paths can lose their meaning.
pub fn command_view(command: &[String], words: &Words) -> Vec<WordView> {
    let warning = |at: usize, word: &str| {
        let is_path = at < 2 && crate::layout::is_absolute(word);
        (is_path && !is_stable(word)).then(|| words.say("warn-unstable-path", &[("path", word)]))
    };
    let word = |(at, text): (usize, &String)| WordView { text: text.clone(), warning: warning(at, text) };
    command.iter().enumerate().map(word).collect()
}

#[cfg(test)]
mod tests;
