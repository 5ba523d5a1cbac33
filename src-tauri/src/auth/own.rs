//! Sources that the user defines in the settings: a JSON file and a place in it, a program's output, or a certificate.

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use super::moment::Unit;

use super::moment::Moment;
use super::{Reading, certificate, name, parsed};
use crate::model::{Credential, CredentialKind, Doubt, Expiry, Renewal};

/// One such source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct OwnSource {
    pub name: String,
    pub from: Origin,
    /// A JSON pointer (RFC 6901) to the moment; without one the whole text is the moment.
    #[serde(default)]
    pub pointer: Option<String>,
    /// Of a number there. [default: seconds]
    #[serde(default = "seconds")]
    pub unit: Unit,
    /// A program renews it without asking anybody.
    #[serde(default)]
    pub renews_itself: bool,
    /// What to type to renew it.
    #[serde(default)]
    pub sign_in: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// An absolute path, or one from `~`.
    File(String),
    /// A program with its arguments; no shell. Its standard output is read.
    Command(Vec<String>),
    Certificate(String),
}

fn seconds() -> Unit {
    Unit::Seconds
}

impl OwnSource {
    pub fn id(&self) -> String {
        name::shown(&format!("own:{}", self.name))
    }

    /// Where it is read, as a person would name it; of a command the program only, since arguments may hold secrets.
    pub fn shown_source(&self) -> String {
        match &self.from {
            Origin::File(path) | Origin::Certificate(path) => path.clone(),
            Origin::Command(command) => command.first().cloned().unwrap_or_default(),
        }
    }

    /// Reads what the file holds or the program printed.
    ///
    /// # Errors
    /// `Damaged`; a place that is empty or holds no moment is an unknown expiry instead.
    pub fn read(&self, text: &[u8]) -> Reading {
        let source = self.shown_source();
        let renewal = if self.renews_itself { Renewal::Itself } else { Renewal::ByPerson };
        if let Origin::Certificate(_) = &self.from {
            let found = certificate::read(text, &self.name, &source)?;
            return Ok(found.into_iter().map(|it| Credential { id: self.id(), renewal, ..it }).collect());
        }
        let moment = self.moment(text)?;
        let unknown = Expiry::Unknown { why: Doubt::NoMoment };
        Ok(vec![Credential {
            id: self.id(),
            provider: name::shown(&self.name),
            profile: name::shown(&self.name),
            kind: CredentialKind::Own,
            expiry: moment.map_or(unknown, |moment| Expiry::At { at: moment.at }),
            renewal,
            failure: None,
            confidence: moment.map_or(crate::model::Confidence::Read, Moment::confidence),
            source,
        }])
    }

    fn moment(&self, text: &[u8]) -> Result<Option<Moment>, Doubt> {
        let Some(pointer) = &self.pointer else {
            let text = String::from_utf8_lossy(text);
            return Ok(Moment::from_text(text.trim(), self.unit));
        };
        let value: Value = parsed(text)?;
        Ok(value.pointer(pointer).and_then(|at| Moment::from_json(at, self.unit)))
    }
}
