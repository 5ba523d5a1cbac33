//! A change while it is being carried out: every step is written down before it is taken.

use crate::identity::Identity;
use crate::model::{Manager, Redacted};
use crate::plan::{Plan, Step, Text};
use crate::problem::{Code, Problem};
use crate::system::{Contents, System};

use super::{Change, Journal, SCHEMA, State, Touched, Turn, Version, secrecy};

/// Whose service is changed, and where.
#[derive(Clone, Copy)]
pub struct Acting<'a> {
    pub system: &'a dyn System,
    /// Without one nothing is recorded.
    pub turn: Option<&'a Turn>,
    pub identity: &'a Identity,
    pub manager: Manager,
}

pub struct Record<'a> {
    system: &'a dyn System,
    journal: Option<&'a Journal>,
    change: Change,
    /// What each of `change.files` held before.
    before: Vec<Option<Contents>>,
    /// What the files that are to be replaced hold now; anything else then is somebody's edit.
    expected: Vec<(String, Option<Version>)>,
}

impl<'a> Record<'a> {
    /// # Errors
    /// `ChangeInterrupted` when an earlier change of files has to be finished or put back first; `WriteFailed` when nothing can be
    /// recorded and files are to be changed; `ReadFailed`.
    pub fn begun(at: &Acting<'a>, plan: &Plan) -> Result<Self, Problem> {
        let mut record = Self {
            system: at.system,
            journal: None,
            change: Change {
                schema: SCHEMA,
                number: 0,
                at: at.system.now(),
                what: String::new(),
                of: None,
                identity: at.identity.clone(),
                manager: at.manager,
                state: State::Open,
                done: 0,
                plan: plan.clone(),
                files: Vec::new(),
            },
            before: Vec::new(),
            expected: expected(at.system, plan)?,
        };
        match at.turn {
            Some(turn) if plan.steps.iter().any(Step::acts) => record.enter(turn).map(|()| record),
            Some(_) | None => Ok(record),
        }
    }

    fn enter(&mut self, turn: &'a Turn) -> Result<(), Problem> {
        if let Err(problem) = &turn.held {
            return if self.change.changes_files() { Err(problem.clone()) } else { Ok(()) };
        }
        let (system, journal) = (self.system, &turn.journal);
        for earlier in journal.open(system) {
            settle(system, journal, earlier, &self.change)?;
        }
        self.change.number = journal.next_number(system);
        self.change.what.clone_from(&turn.what);
        self.change.of = turn.of;
        for (step, secret) in secrets(&self.change.plan) {
            let path = journal.new_secret(self.change.number, step);
            system.write(&path, secret.reveal().as_bytes(), 0o600)?;
        }
        self.journal = Some(journal);
        journal.begin(system, &self.change)
    }

    /// Takes up a change that was interrupted, with what it had kept.
    ///
    /// # Errors
    /// `ReadFailed` when something of it is missing.
    pub fn resumed(system: &'a dyn System, turn: &'a Turn, change: Change) -> Result<Self, Problem> {
        let journal = &turn.journal;
        let kept = |file: &Touched| journal.kept(system, change.number, file);
        let before = change.files.iter().map(kept).collect::<Result<Vec<_>, _>>()?;
        let is_lost = |(file, kept): (&Touched, &Option<Contents>)| file.before.is_some() && kept.is_none();
        if let Some((file, _)) = change.files.iter().zip(&before).find(|(file, kept)| is_lost((*file, *kept)))
        {
            return Err(Problem::new(Code::ReadFailed)
                .with("path", &file.path)
                .because("what stood there before was not kept"));
        }
        let plan = whole(system, journal, &change)?;
        let expected = expected(system, &plan)?;
        Ok(Self { system, journal: Some(journal), change: Change { plan, ..change }, before, expected })
    }

    /// The plan, with its secrets.
    pub fn plan(&self) -> &Plan {
        &self.change.plan
    }

    pub fn done(&self) -> usize {
        self.change.done
    }

    /// Every file that was changed so far with what it held before, the last one first.
    pub fn changed(&self) -> impl Iterator<Item = (&str, Option<&Contents>)> {
        let files = self.change.files.iter().zip(&self.before).rev();
        files.map(|(file, before)| (file.path.as_str(), before.as_ref()))
    }

    /// Writes down that step `at` is about to be taken, and what it will change.
    ///
    /// # Errors
    /// `ChangedByHand` when somebody else has changed the file since the plan began; `ReadFailed`, `WriteFailed`.
    pub fn before(&mut self, at: usize, step: &Step) -> Result<(), Problem> {
        let is_past_acting = !self.change.plan.steps.iter().skip(at).any(Step::acts);
        let ends_acting = is_past_acting && self.change.is_unfinished();
        if !step.acts() && !ends_acting {
            return Ok(());
        }
        self.touch(at, step)?;
        self.change.done = at;
        self.save()
    }

    fn touch(&mut self, at: usize, step: &Step) -> Result<(), Problem> {
        let Some(path) = step.target() else { return Ok(()) };
        // A step that was interrupted has its file's bytes already.
        if self.change.files.iter().any(|file| file.step == at) {
            return Ok(());
        }
        let Some(after) = self.outcome(step)? else { return Ok(()) };
        let before = self.system.read(path)?;
        self.expect(path, step, before.as_ref())?;
        let file = self.touched(at, path, step, before.as_ref(), after);
        if let (Some(journal), Some(contents)) = (self.journal, &before) {
            journal.keep(self.system, self.change.number, &file, &contents.bytes)?;
        }
        self.change.files.push(file);
        self.before.push(before);
        Ok(())
    }

    /// What the step leaves behind; `None` when it will do nothing.
    fn outcome(&self, step: &Step) -> Result<Option<Option<Version>>, Problem> {
        match step {
            Step::Write { text, mode, .. } => Ok(Some(Some(Version::new(&text.bytes(), *mode)))),
            Step::Keep { from, .. } => {
                let original = self.system.read(from)?;
                Ok(original.map(|original| Some(Version::new(&original.bytes, 0o600))))
            }
            Step::Remove { .. } => Ok(Some(None)),
            Step::MakeDir { .. } | Step::Run { .. } | Step::Await { .. } => Ok(None),
        }
    }

    /// Only what is replaced by a text of ours: the manager itself may remove or write other files meanwhile.
    fn expect(&self, path: &str, step: &Step, now: Option<&Contents>) -> Result<(), Problem> {
        let is_ours = self.change.files.iter().any(|file| file.path == path);
        let expected = self.expected.iter().find(|(known, _)| known == path);
        match (step, expected) {
            (Step::Write { .. }, Some((_, version))) if !is_ours && *version != now.map(Version::of) => {
                Err(Problem::new(Code::ChangedByHand).with("path", path).hint("look-and-try-again"))
            }
            _ => Ok(()),
        }
    }

    fn touched(
        &self,
        at: usize,
        path: &str,
        step: &Step,
        before: Option<&Contents>,
        after: Option<Version>,
    ) -> Touched {
        let becomes_secret = matches!(step, Step::Write { text: Text::Secret(_), .. });
        let bytes = before.map(|contents| contents.bytes.as_slice()).unwrap_or_default();
        Touched {
            step: at,
            path: path.to_owned(),
            before: before.map(Version::of),
            after,
            secret: becomes_secret || secrecy::holds_secret(bytes),
            names: secrecy::secret_names(bytes),
        }
    }

    /// Not everything could be put back: whoever finishes it later has to take every step again. What cannot be written down is
    /// told by the next command all the same.
    pub fn back_to_its_beginning(mut self) {
        self.change.done = 0;
        if let Err(problem) = self.save() {
            tracing::warn!(%problem, number = self.change.number, "the change could not be marked");
        }
    }

    fn save(&self) -> Result<(), Problem> {
        self.journal.map_or(Ok(()), |journal| journal.save(self.system, &self.change))
    }

    /// A record that cannot be closed is no failure of what was done; the next command tells of it.
    pub fn close(mut self, state: State) {
        let Some(journal) = self.journal else { return };
        if let Err(problem) = journal.close(self.system, &mut self.change, state) {
            tracing::warn!(%problem, number = self.change.number, "the change could not be closed");
        }
    }
}

/// What is to become of an earlier change that is still open: its owner is dead, since we have the lock.
fn settle(system: &dyn System, journal: &Journal, mut earlier: Change, next: &Change) -> Result<(), Problem> {
    if !earlier.is_unfinished() {
        return journal.close(system, &mut earlier, State::Done);
    }
    match (earlier.changes_files(), next.changes_files()) {
        (true, true) => Err(Problem::interrupted(earlier.number)),
        (true, false) => Ok(()),
        (false, _) if earlier.identity == next.identity => {
            journal.close(system, &mut earlier, State::Overtaken)
        }
        (false, _) => Ok(()),
    }
}

fn expected(system: &dyn System, plan: &Plan) -> Result<Vec<(String, Option<Version>)>, Problem> {
    let paths = plan.steps.iter().filter_map(|step| match step {
        Step::Write { path, .. } => Some(path),
        Step::MakeDir { .. }
        | Step::Keep { .. }
        | Step::Remove { .. }
        | Step::Run { .. }
        | Step::Await { .. } => None,
    });
    paths.map(|path| Ok((path.clone(), system.read(path)?.as_ref().map(Version::of)))).collect()
}

fn secrets(plan: &Plan) -> impl Iterator<Item = (usize, &Redacted)> {
    plan.steps.iter().enumerate().filter_map(|(at, step)| match step {
        Step::Write { text: Text::Secret(secret), .. } => Some((at, secret)),
        Step::Write { .. }
        | Step::MakeDir { .. }
        | Step::Keep { .. }
        | Step::Remove { .. }
        | Step::Run { .. }
        | Step::Await { .. } => None,
    })
}

/// The plan as it was begun: the journal itself has dots for secret texts.
fn whole(system: &dyn System, journal: &Journal, change: &Change) -> Result<Plan, Problem> {
    let mut plan = change.plan.clone();
    for (at, step) in plan.steps.iter_mut().enumerate() {
        if let Step::Write { text: Text::Secret(secret), .. } = step {
            let path = journal.new_secret(change.number, at);
            let missing = || Problem::new(Code::ReadFailed).with("path", &path).because("no such file");
            *secret = Redacted::new(system.read(&path)?.ok_or_else(missing)?.text());
        }
    }
    Ok(plan)
}
