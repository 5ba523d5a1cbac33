//! What is asked for, and what an action's end changes.

use super::{Effect, Look, Model, Moment, notices};
use crate::model::{Action, Busy, Request};
use crate::problem::{Code, Problem};

impl Model {
    pub(super) fn asked(&mut self, request: Request, now: Moment) -> Vec<Effect> {
        match request {
            Request::Act { action } => self.begin(action, now),
            // Beside the stop that is under way, which then ends by itself.
            Request::ForceStop => vec![Effect::CutShort],
            Request::Observe => self.look().into_iter().collect(),
            Request::DismissProblem => {
                self.problem = None;
                vec![Effect::Publish]
            }
            Request::Quit => {
                self.leaving = true;
                self.leave().into_iter().collect()
            }
            Request::RemindLater { credential } => vec![Effect::RemindLater(credential)],
            // The desktop's own; one that reaches an engine without a desktop is answered all the same.
            Request::Open { .. }
            | Request::Dashboard
            | Request::Reveal { .. }
            | Request::CopyReport
            | Request::Of { .. }
            | Request::StartAtLogin { .. }
            | Request::SignIn { .. } => self.fails(Problem::new(Code::NotPossibleNow)),
        }
    }

    pub(super) fn begin(&mut self, action: Action, now: Moment) -> Vec<Effect> {
        if let Some(busy) = &self.busy {
            let under_way = busy.action.verb();
            let refusal =
                Problem::new(Code::AlreadyBusy).with("busy", under_way).with("asked", action.verb());
            return self.fails(refusal);
        }
        if self.leaving {
            return self.fails(Problem::new(Code::NotPossibleNow));
        }
        self.busy = Some(Busy { action: action.clone(), since: now.wall });
        self.story.begun(&action, now.wall);
        let mut effects = notices(self.trouble.forget());
        effects.extend([Effect::Act(action), Effect::Publish]);
        effects
    }

    pub(super) fn fails(&mut self, problem: Problem) -> Vec<Effect> {
        self.problem = Some(problem);
        vec![Effect::Publish]
    }

    /// A plan is not left half done.
    pub(super) fn leave(&self) -> Option<Effect> {
        (self.leaving && self.busy.is_none()).then_some(Effect::Quit)
    }

    pub(super) fn done(&mut self, result: Result<Look, Problem>, now: Moment) -> Vec<Effect> {
        self.busy = None;
        self.looking.is_stale = self.looking.under_way;
        let mut effects = match result {
            Ok(look) => {
                self.problem = None;
                self.adopt(look, now)
            }
            Err(problem) => {
                self.problem = Some(problem);
                vec![Effect::Publish]
            }
        };
        self.story.done(now.wall);
        effects.extend(self.look());
        effects.extend(self.leave());
        effects
    }
}
