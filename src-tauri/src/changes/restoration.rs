//! The way back: from what the journal kept to a plan.

use crate::layout;
use crate::model::Redacted;
use crate::plan::{Call, Outcome, Plan, Retry, Step, Text};
use crate::problem::Problem;
use crate::system::{Contents, System};

use super::{Change, Journal, Touched, Version};

/// What taking a change back comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Restoration {
    pub plan: Plan,
    /// Files that are neither as before nor as the change left them.
    pub edited: Vec<String>,
    /// Secret variables whose values were not kept.
    pub lost: Vec<String>,
}

/// Where a file stands between before and after.
enum Standing {
    AsBefore,
    AsLeft,
    /// The host has written it since: what it says of its newest run is right, what the journal kept is not.
    Newer,
    Edited,
}

/// Which way an interrupted change is brought to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Finish,
    Revert,
}

impl Restoration {
    /// # Errors
    /// `ReadFailed`.
    pub fn of(change: &Change, journal: &Journal, system: &dyn System) -> Result<Self, Problem> {
        let mut way = Self {
            plan: Plan { steps: Vec::new(), on_undo: forth(change) },
            edited: Vec::new(),
            lost: Vec::new(),
        };
        for file in firsts(change).into_iter().rev() {
            let now = system.read(&file.path)?;
            match standing(change, file, now.as_ref()) {
                Standing::AsBefore | Standing::Newer => {}
                Standing::AsLeft => way.put_back(file, kept(change, file, journal, system)?),
                Standing::Edited => {
                    way.edited.push(file.path.clone());
                    way.put_back(file, kept(change, file, journal, system)?);
                }
            }
        }
        // One that changed no file, and knows its own way back.
        if !way.plan.steps.is_empty() || change.files.is_empty() {
            let handed = |(path, text, mode): (&str, &Text, u32)| Step::Write {
                path: path.to_owned(),
                text: text.clone(),
                mode,
            };
            way.plan.steps.extend(change.plan.handed().map(handed));
            way.plan.steps.extend(change.plan.on_undo.iter().cloned().map(gently));
            let back = change.plan.handed().map(|(path, ..)| Step::Remove { path: path.to_owned() });
            way.plan.steps.extend(back);
        }
        Ok(way)
    }

    fn put_back(&mut self, file: &Touched, kept: Option<Contents>) {
        let path = file.path.clone();
        match (&file.before, kept) {
            (None, _) => self.plan.steps.push(Step::Remove { path }),
            (Some(_), Some(contents)) => {
                let folder = layout::parent(&path).to_owned();
                self.plan.steps.push(Step::MakeDir { path: folder, mode: 0o700 });
                let mode = contents.mode;
                self.plan.steps.push(Step::Write { path, text: text(contents, file.secret), mode });
            }
            // What stands there now is the better of the two: a file without its secrets would be worse than none.
            (Some(_), None) => self.lost.extend(file.names.iter().cloned()),
        }
    }
}

/// The files that were edited since `change` touched them.
///
/// # Errors
/// `ReadFailed`.
pub fn edited(change: &Change, system: &dyn System) -> Result<Vec<String>, Problem> {
    let mut found = Vec::new();
    for file in firsts(change) {
        if matches!(standing(change, file, system.read(&file.path)?.as_ref()), Standing::Edited) {
            found.push(file.path.clone());
        }
    }
    Ok(found)
}

/// The first touch of each file: what it held before is what the change found.
fn firsts(change: &Change) -> Vec<&Touched> {
    let mut firsts: Vec<&Touched> = Vec::new();
    for file in &change.files {
        if !firsts.iter().any(|known| known.path == file.path) {
            firsts.push(file);
        }
    }
    firsts
}

fn standing(change: &Change, first: &Touched, now: Option<&Contents>) -> Standing {
    let seen = |version: &Version| (version.digest.clone(), version.mode & OTHERS == 0);
    let now = now.map(|contents| seen(&Version::of(contents)));
    let is = |version: &Option<Version>| now == version.as_ref().map(seen);
    if is(&first.before) {
        return Standing::AsBefore;
    }
    let mut touches = change.files.iter().filter(|file| file.path == first.path);
    match touches.any(|file| is(&file.after)) {
        true => Standing::AsLeft,
        false if is_hosts(&first.path) => Standing::Newer,
        false => Standing::Edited,
    }
}

/// What a host keeps beside its run: record, log and last words, but not the secrets that it is given.
fn is_hosts(path: &str) -> bool {
    let folder = layout::parent(path);
    let is_ours = layout::file_name(layout::parent(folder)).eq_ignore_ascii_case("gateward");
    is_ours && layout::file_name(folder) == "run" && !path.ends_with(".secrets")
}

/// What of a mode tells a file for its owner from one for others: Windows knows no more of it.
const OTHERS: u32 = 0o077;

/// The bytes from before: the journal's, else from a file of the same bytes that the change itself left, such as a `.bak`.
fn kept(
    change: &Change,
    file: &Touched,
    journal: &Journal,
    system: &dyn System,
) -> Result<Option<Contents>, Problem> {
    if let Some(kept) = journal.kept(system, change.number, file)? {
        return Ok(Some(kept));
    }
    let Some(wanted) = &file.before else { return Ok(None) };
    for other in &change.files {
        let is_same = other.after.as_ref().is_some_and(|after| after.digest == wanted.digest);
        if let Some(contents) = system.read(&other.path)?.filter(|_| is_same)
            && Version::of(&contents).digest == wanted.digest
        {
            return Ok(Some(Contents { mode: wanted.mode, ..contents }));
        }
    }
    Ok(None)
}

fn text(contents: Contents, secret: bool) -> Text {
    match String::from_utf8(contents.bytes) {
        Ok(text) if secret => Text::Secret(Redacted::new(text)),
        Ok(text) => Text::Plain(text),
        Err(error) => Text::Bytes(error.into_bytes()),
    }
}

/// What makes the manager right again. That there is nothing to make right is no failure.
fn gently(call: Call) -> Step {
    let tolerate = vec![Outcome::UnknownService, Outcome::Already, Outcome::StartLimited];
    Step::Run { call, tolerate, retry: Some(Retry::patiently()) }
}

/// What the change itself told the manager: the way back from the way back.
fn forth(change: &Change) -> Vec<Call> {
    let calls = change.plan.steps.iter().filter(|step| step.acts()).filter_map(|step| match step {
        Step::Run { call, .. } => Some(call.clone()),
        Step::MakeDir { .. }
        | Step::Write { .. }
        | Step::Keep { .. }
        | Step::Remove { .. }
        | Step::Await { .. } => None,
    });
    calls.collect()
}

#[cfg(test)]
mod tests {
    use super::is_hosts;

    #[test]
    fn what_a_host_keeps_beside_its_run_is_told_from_what_it_is_given() {
        let run = "/home/anna/.local/state/gateward/run";
        assert!(is_hosts(&format!("{run}/default.json")));
        assert!(is_hosts("C:\\Users\\anna\\AppData\\Local\\Gateward\\run\\default.host.log"));
        assert!(!is_hosts(&format!("{run}/default.secrets")));
        assert!(!is_hosts("/home/anna/.config/gateward/services/default.json"));
        assert!(!is_hosts("/run/default.json"));
    }
}
