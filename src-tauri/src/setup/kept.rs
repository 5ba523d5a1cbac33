//! What outlives the wizard: decisions, and where it failed. What is done is not kept: it is seen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::step::{Deed, StepId};
use crate::identity::{Identity, Surroundings};
use crate::layout;
use crate::problem::Problem;
use crate::system::{Held, System};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    pub answers: Answers,
    pub seen: BTreeSet<StepId>,
    pub skipped: BTreeSet<StepId>,
    /// What will be written was shown and agreed to.
    pub agreed: bool,
    /// The last deed failed.
    pub failed: Option<Failed>,
    /// Under way; still there at the next start when it was cut off.
    pub doing: Option<Deed>,
    /// Another window or terminal does it right now.
    #[serde(skip)]
    pub elsewhere: bool,
    /// Nobody wants to see the wizard unasked.
    pub dismissed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    pub step: StepId,
    pub problem: Problem,
}

/// The right to do something for this gateway, one at a time, whichever window or terminal it is asked for in; `None` while
/// another holds it.
///
/// # Errors
/// `NoHome`, `WriteFailed`.
pub fn hold(system: &dyn System, around: &Surroundings, id: &Identity) -> Result<Option<Held>, Problem> {
    let path = format!("{}.lock", path(around, id)?);
    system.make_dir(layout::parent(&path), 0o700)?;
    system.lock(&path)
}

impl Kept {
    /// A damaged file is none.
    pub fn load(system: &dyn System, around: &Surroundings, id: &Identity) -> Self {
        let contents = path(around, id).and_then(|path| system.read(&path)).ok().flatten();
        let kept: Self =
            contents.and_then(|contents| serde_json::from_slice(&contents.bytes).ok()).unwrap_or_default();
        let elsewhere = kept.doing.is_some() && matches!(hold(system, around, id), Ok(None));
        Self { elsewhere, ..kept }
    }

    /// # Errors
    /// `NoHome`, `WriteFailed`.
    pub fn save(&self, system: &dyn System, around: &Surroundings, id: &Identity) -> Result<(), Problem> {
        let path = path(around, id)?;
        system.make_dir(layout::parent(&path), 0o700)?;
        system.write(&path, serde_json::json!(self).to_string().as_bytes(), 0o600)
    }

    /// What a failure at `step` has left behind.
    pub fn failure_at(&self, step: StepId) -> Option<&Problem> {
        self.failed.as_ref().filter(|failed| failed.step == step).map(|failed| &failed.problem)
    }

    /// Takes in what a machine was told beforehand.
    pub fn answer(&mut self, answers: &Answers) {
        let told = answers.clone();
        let now = &mut self.answers;
        now.program = told.program.or(now.program);
        now.openclaw = told.openclaw.or(now.openclaw);
        now.node = told.node.or(now.node.take());
        now.port = told.port.or(now.port);
        now.workdir = told.workdir.or(now.workdir.take());
        now.env_file = told.env_file.or(now.env_file.take());
        now.legacy = told.legacy.or(now.legacy);
        now.linger = told.linger.or(now.linger);
    }
}

fn path(around: &Surroundings, id: &Identity) -> Result<String, Problem> {
    let profile = id.profile.name().map(|name| format!("-{name}")).unwrap_or_default();
    let folder = layout::own_state_dir(around)?;
    Ok(layout::join(&folder, &[&format!("setup{profile}.json")], around.os))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::identity::{Profile, identify};
    use crate::problem::Code;
    use crate::system::scripted::still;

    #[test]
    fn what_was_decided_and_where_it_failed_is_there_at_the_next_start() {
        let (system, here) = (still(), around(&[]));
        let id = identify(&Profile::default(), &here, None).unwrap();
        let failed = Failed { step: StepId::Install, problem: Problem::new(Code::NotAnswering) };
        let kept = Kept {
            skipped: [StepId::Linger].into(),
            failed: Some(failed),
            doing: Some(Deed::Install),
            answers: Answers { port: Some(19000), ..Answers::default() },
            ..Kept::default()
        };
        kept.save(&*system, &here, &id).unwrap();
        assert_eq!(Kept::load(&*system, &here, &id), kept);
    }

    /// Told as cut off, it would be done a second time beside the first.
    #[test]
    fn what_another_window_does_right_now_was_not_cut_off() {
        let (system, here) = (still(), around(&[]));
        let id = identify(&Profile::default(), &here, None).unwrap();
        let doing = Kept { doing: Some(Deed::Install), ..Kept::default() };
        doing.save(&*system, &here, &id).unwrap();
        let held = hold(&*system, &here, &id).unwrap();
        assert!(held.is_some() && hold(&*system, &here, &id).unwrap().is_none());
        assert!(Kept::load(&*system, &here, &id).elsewhere);
        drop(held);
        assert_eq!(Kept::load(&*system, &here, &id), doing);
    }

    #[test]
    fn a_damaged_file_begins_anew() {
        let (system, here) = (still(), around(&[]));
        let id = identify(&Profile::default(), &here, None).unwrap();
        system.write(&path(&here, &id).unwrap(), b"{", 0o600).unwrap();
        assert_eq!(Kept::load(&*system, &here, &id), Kept::default());
    }
}
