//! `setup`: the wizard in a terminal, and what both of its faces do.

use serde_json::{Value, json};

use super::args::{Flags, Setup};
use super::console::Console;
use super::install;
use super::invocation::Invocation;
use super::report::failed_text;
use super::{Exit, Output};
use crate::problem::{Code, Problem};
use crate::setup::{Answers, Deed, Facts, Kept, Review, Step, StepId, current, gather, hold, page_of, steps};
use crate::view::setup::{SetupView, page};
use crate::world::{Gateway, World};

mod dialogue;
mod mute;
mod work;

use mute::Mute;

const VERB: &str = "setup";

/// Looks, and says where the wizard stands.
///
/// # Errors
/// As [`Invocation::gateway`].
pub async fn look(world: &World, profile: Option<&str>) -> Result<SetupView, Problem> {
    let flags = flags(profile);
    let mute = Mute(None);
    let at = Invocation::new(world, &flags, &mute);
    let mut desk = Desk::open(&at)?;
    let steps = desk.steps(&at).await;
    Ok(page(&steps, &desk.kept, &desk.gateway.id, &at.page()))
}

/// Does one thing, telling `console` how it goes on, and looks again. A failure is part of what is seen then.
///
/// # Errors
/// As [`Invocation::gateway`]; `WriteFailed` where the decisions cannot be kept.
pub async fn act(
    deed: Deed,
    world: &World,
    profile: Option<&str>,
    console: &dyn Console,
) -> Result<SetupView, Problem> {
    let flags = flags(profile);
    let mute = Mute(Some(console));
    let at = Invocation::new(world, &flags, &mute);
    let mut desk = Desk::open(&at)?;
    desk.act(deed, &at).await?;
    let steps = desk.steps(&at).await;
    Ok(page(&steps, &desk.kept, &desk.gateway.id, &at.page()))
}

fn flags(profile: Option<&str>) -> Flags {
    Flags { profile: profile.map(str::to_owned), ..Flags::default() }
}

/// One gateway that is being set up, and what was decided about it.
struct Desk {
    gateway: Gateway,
    kept: Kept,
}

impl Desk {
    fn open(at: &Invocation<'_>) -> Result<Self, Problem> {
        let gateway = at.gateway()?;
        let kept = Kept::load(&*at.world.system, &at.world.around, &gateway.id);
        Ok(Self { gateway, kept })
    }

    /// The config, and with it the manager and the port, may have changed since.
    async fn steps(&mut self, at: &Invocation<'_>) -> Vec<Step> {
        steps(&self.facts(at).await, &self.kept)
    }

    async fn facts(&mut self, at: &Invocation<'_>) -> Facts {
        if let Ok(gateway) = at.gateway() {
            self.gateway = gateway;
        }
        let review = self.review(at).await;
        let facts = gather(at.world, &self.gateway, &self.kept, review).await;
        // A package manager may have come to its end between the two looks.
        match &facts.review {
            Err(why) if facts.programs.is_ok() && page_of(why) == StepId::Programs => {
                Facts { review: self.review(at).await, ..facts }
            }
            Ok(_) | Err(_) => facts,
        }
    }

    async fn review(&self, at: &Invocation<'_>) -> Result<Review, Problem> {
        install::review(&work::installation(&self.kept, at), &self.gateway, at).await
    }

    /// Whether it succeeded. Its failure is kept, so that it is there at the next start.
    ///
    /// # Errors
    /// `AlreadyBusy` while another window or terminal does something; `WriteFailed`.
    async fn act(&mut self, deed: Deed, at: &Invocation<'_>) -> Result<bool, Problem> {
        let held = hold(&*at.world.system, &at.world.around, &self.gateway.id)?;
        let _held = held.ok_or_else(|| Problem::new(Code::AlreadyBusy))?;
        self.kept.failed = None;
        self.kept.doing = Some(deed.clone());
        self.save(at)?;
        let outcome = work::done(&deed, self, at).await;
        at.console.progress("");
        self.kept.doing = None;
        let succeeded = outcome.is_ok();
        self.kept.failed = outcome.err().map(|problem| work::failed(&deed, problem));
        self.save(at)?;
        Ok(succeeded)
    }

    fn save(&self, at: &Invocation<'_>) -> Result<(), Problem> {
        self.kept.save(&*at.world.system, &at.world.around, &self.gateway.id)
    }
}

/// # Errors
/// As [`Invocation::gateway`]; `WriteFailed` where the decisions cannot be kept.
pub async fn run(wanted: &Setup, at: &Invocation<'_>) -> Result<Output, Problem> {
    let flags = Flags { yes: false, dry_run: false, json: false, ..at.flags.clone() };
    let mute = Mute(Some(at.console));
    let own = Invocation::new(at.world, &flags, &mute);
    let mut desk = Desk::open(&own)?;
    if wanted.again {
        desk.kept = Kept::default();
    }
    let answers = match wanted.answers.as_ref().map(|path| answers(path, at)).transpose() {
        Ok(answers) => answers,
        Err(problem) => return Ok(told(&desk.steps(&own).await, &desk, Some(problem), at)),
    };
    if let Some(answers) = &answers {
        desk.kept.answer(answers);
    }
    let steps = match () {
        () if at.flags.dry_run => return Ok(told(&desk.steps(&own).await, &desk, None, at)),
        () if answers.is_some() || at.flags.yes => dialogue::unattended(&mut desk, at, &own).await,
        () if at.flags.json => Err(asks(&desk.steps(&own).await)),
        () => dialogue::with_person(&mut desk, at, &own).await,
    };
    let problem = steps.err().flatten();
    Ok(told(&desk.steps(&own).await, &desk, problem, at))
}

/// What nobody is there to be asked; `None` when nothing is open.
fn asks(steps: &[Step]) -> Option<Problem> {
    let step = current(steps)?;
    let said = crate::setup::decided(step, &Answers::default(), false).err();
    Some(said.unwrap_or_else(|| Answers::missing(step.id.name(), Some("--answers FILE, --yes"))))
}

fn answers(path: &str, at: &Invocation<'_>) -> Result<Answers, Problem> {
    Answers::parse(&install::text_of(path, at)?)
}

fn told(steps: &[Step], desk: &Desk, problem: Option<Problem>, at: &Invocation<'_>) -> Output {
    let view = page(steps, &desk.kept, &desk.gateway.id, &at.page());
    let exit = problem.as_ref().map_or(Exit::Ok, Exit::of);
    if at.flags.json {
        return Output::json(json(&view, problem.as_ref(), at), exit);
    }
    match problem {
        Some(problem) => Output { complaint: failed_text(VERB, &problem, at), exit, ..Output::default() },
        None if at.flags.dry_run => Output { text: view.text(&at.page()), ..Output::default() },
        None => Output { text: view.ending(&at.page()), ..Output::default() },
    }
}

fn json(view: &SetupView, problem: Option<&Problem>, at: &Invocation<'_>) -> Value {
    let mut value = serde_json::to_value(view).unwrap_or_default();
    value["schema"] = json!(1);
    value["ok"] = json!(problem.is_none());
    if let Some(problem) = problem {
        value["error"] = json!(at.words().problem(problem));
        value["code"] = json!(problem.code);
        value["cause"] = json!(problem.cause);
        value["values"] = json!(problem.values);
    }
    value
}
