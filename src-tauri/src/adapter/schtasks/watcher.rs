//! Gateward's own watcher as a task of its own. The windowless program runs it: a console would stand on the desktop for ever.

use super::plans::refused;
use super::script::argument;
use super::task::{Action, Task, Wanted};
use super::{Schtasks, calls};
use crate::identity::Identity;
use crate::layout;
use crate::model::{Observation, ServiceSpec};
use crate::plan::{Outcome, Plan, Step, Text};
use crate::problem::Problem;

impl Schtasks {
    /// The steps that register and start it, or register it anew.
    ///
    /// # Errors
    /// `BadValue` when a text holds a character that XML cannot carry.
    pub fn install_watcher(&self, spec: &ServiceSpec) -> Result<Plan, Problem> {
        let id = &spec.identity;
        let arguments: Vec<String> = spec.command.iter().skip(1).map(|word| argument(word)).collect();
        let action = Action {
            command: self.place.host.clone(),
            arguments: arguments.join(" "),
            working_dir: Some(layout::parent(&self.place.host).to_owned()),
        };
        let task = Task::new(&Wanted { description: &spec.description, user: &self.user, action })?;
        let path = layout::join(&self.own.run(), &["watcher.task.xml"], self.os);
        let steps = vec![
            Step::MakeDir { path: self.own.run(), mode: 0o700 },
            Step::Write { path: path.clone(), text: Text::Utf16(task.render()), mode: 0o600 },
            calls::create(&id.task, &path),
            Step::Remove { path },
            Step::Remove { path: self.place.startup_item(id) },
            // One of an earlier installation runs the earlier definition.
            end(id),
            Step::run(calls::start(&id.task)),
        ];
        Ok(Plan { steps, on_undo: vec![calls::delete(&id.task)] })
    }

    /// Where `problem` says that the task may not be registered, an item in the Startup folder has to do. It starts at the next
    /// sign-in.
    ///
    /// # Errors
    /// As [`Schtasks::install_watcher`].
    pub fn install_watcher_otherwise(
        &self,
        spec: &ServiceSpec,
        problem: &Problem,
    ) -> Option<Result<Plan, Problem>> {
        refused(problem).filter(|command| command.contains("/Create"))?;
        Some(self.watcher_item(spec))
    }

    fn watcher_item(&self, spec: &ServiceSpec) -> Result<Plan, Problem> {
        let text = Text::Plain(self.place.watcher_script(spec)?);
        let folder = self.place.startup_folder().to_owned();
        let path = self.place.startup_item(&spec.identity);
        let steps =
            vec![Step::MakeDir { path: folder, mode: 0o700 }, Step::Write { path, text, mode: 0o644 }];
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    pub fn uninstall_watcher(&self, id: &Identity, seen: &Observation) -> Plan {
        let item = Step::Remove { path: self.place.startup_item(id) };
        let is_item = seen.registration().is_some_and(|found| self.place.is_startup_item(&found.file));
        let steps = match is_item {
            true => vec![item],
            false => {
                let delete = Step::run_tolerating(calls::delete(&id.task), &[Outcome::UnknownService]);
                vec![end(id), delete, item]
            }
        };
        Plan { steps, on_undo: Vec::new() }
    }
}

fn end(id: &Identity) -> Step {
    calls::end_if_any(&id.task)
}
