//! The wizard in words: what the window draws and the terminal prints.

use serde::{Deserialize, Serialize};

use super::Tone;
use super::text::Page;
use crate::identity::Identity;
use crate::plan::StepView;
use crate::problem::Problem;
use crate::setup::{Deed, Kept, Line, Mark, Offer, Step, StepId, StepState, current};
use crate::words::Words;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetupView {
    pub title: String,
    /// Where it stands.
    pub headline: String,
    /// The step to take next; `None` when nothing is left to do.
    pub current: Option<StepId>,
    /// Without those that mean nothing on this machine.
    pub steps: Vec<WizardStep>,
    /// The wizard is not to open by itself.
    pub dismissed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WizardStep {
    pub id: StepId,
    pub title: String,
    /// What the step is about.
    pub about: String,
    pub state: StepState,
    /// The state as a word.
    pub standing: String,
    pub lines: Vec<LineView>,
    pub problem: Option<Problem>,
    pub plan: Vec<StepView>,
    /// The advised one first.
    pub offers: Vec<OfferView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LineView {
    pub text: String,
    pub mark: Mark,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OfferView {
    pub deed: Deed,
    pub label: String,
    /// What is going to be run.
    pub command: Option<String>,
}

/// How a deed goes on: one more line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetupNews {
    pub line: String,
    /// It stands for the line before, as a clock does.
    pub replaces: bool,
}

pub fn page(steps: &[Step], kept: &Kept, id: &Identity, page: &Page<'_>) -> SetupView {
    let words = page.words;
    let at = current(steps);
    let profile = id.profile.to_string();
    let here = steps.iter().filter(|step| step.state != StepState::NotHere);
    SetupView {
        title: words.say("setup-title", &[("profile", &profile)]),
        headline: headline(steps, at, words),
        current: at.map(|step| step.id),
        steps: here.map(|step| shown(step, words)).collect(),
        dismissed: kept.dismissed,
    }
}

fn headline(steps: &[Step], at: Option<&Step>, words: &Words) -> String {
    let here = || steps.iter().filter(|step| step.state != StepState::NotHere);
    let done = here().filter(|step| !step.state.is_open()).count().to_string();
    let all = here().count().to_string();
    match at {
        None => words.say("setup-finished", &[]),
        Some(_) => words.say("setup-progress", &[("done", &done), ("all", &all)]),
    }
}

fn shown(step: &Step, words: &Words) -> WizardStep {
    WizardStep {
        id: step.id,
        title: words.say(&format!("setup-step-{}", step.id.name()), &[]),
        about: words.say(&format!("setup-about-{}", step.id.name()), &[]),
        state: step.state,
        standing: words.say(&format!("setup-state-{}", step.state.name()), &[]),
        lines: step.lines.iter().map(|line| line_shown(line, words)).collect(),
        problem: step.problem.clone(),
        plan: step.plan.clone(),
        offers: step.offers.iter().map(|offer| offer_shown(offer, words)).collect(),
    }
}

fn line_shown(line: &Line, words: &Words) -> LineView {
    let values: Vec<(&str, &str)> =
        line.values.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    LineView { text: words.say(&format!("setup-line-{}", line.key), &values), mark: line.mark }
}

fn offer_shown(offer: &Offer, words: &Words) -> OfferView {
    let value = match &offer.deed {
        Deed::Fetch { with } => with.name().to_owned(),
        Deed::Port { port } => port.to_string(),
        Deed::TakeDemo
        | Deed::TakeOpenclaw
        | Deed::Legacy { .. }
        | Deed::SetMode
        | Deed::Install
        | Deed::Start
        | Deed::Finish
        | Deed::Revert
        | Deed::Linger
        | Deed::Seen { .. }
        | Deed::Skip { .. }
        | Deed::LookAgain
        | Deed::StartOver
        | Deed::Dismiss => String::new(),
    };
    let label = words.say(&format!("setup-do-{}", offer.deed.name()), &[("value", &value)]);
    OfferView { deed: offer.deed.clone(), label, command: offer.command.clone() }
}

impl SetupView {
    /// All steps, for a terminal.
    pub fn text(&self, page: &Page<'_>) -> String {
        let steps = self.steps.iter().map(|step| step.text(page));
        let head = format!("{}\n{}\n", page.bold(&self.title), self.headline);
        [head].into_iter().chain(steps).collect::<Vec<_>>().join("\n") + "\n"
    }

    /// What stands below everything else when the terminal's wizard ends.
    pub fn ending(&self, page: &Page<'_>) -> String {
        match self.current {
            None => format!("{}\n", page.bold(&self.headline)),
            Some(_) => String::new(),
        }
    }
}

impl WizardStep {
    /// Its state and title, and below them what was found.
    pub fn text(&self, page: &Page<'_>) -> String {
        let head = format!("{} {}", self.mark(page), page.bold(&self.title));
        let head = match self.state {
            StepState::Skipped => format!("{head} · {}", self.standing),
            StepState::Done | StepState::ToDo | StepState::Problem | StepState::NotHere => head,
        };
        let lines = self.lines.iter().map(|line| format!("  {} {}", marked(line.mark, page), line.text));
        let problem = self.problem.iter().map(|problem| indented(&page.problem(problem), 4));
        let plan = self.plan.iter().enumerate().map(|(at, step)| planned(at + 1, step));
        [head].into_iter().chain(lines).chain(problem).chain(plan).collect::<Vec<_>>().join("\n")
    }

    /// The same with what it is about, and what can be done, numbered.
    pub fn text_with_offers(&self, page: &Page<'_>) -> String {
        let about = format!("\n{}\n{}", page.pale(&self.about), self.text(page));
        let offers = self.offers.iter().enumerate().map(|(at, offer)| {
            let command = offer.command.as_ref().map(|text| format!("\n         {text}")).unwrap_or_default();
            format!("    {}) {}{command}", at + 1, offer.label)
        });
        [about].into_iter().chain(offers).collect::<Vec<_>>().join("\n")
    }

    fn mark(&self, page: &Page<'_>) -> String {
        page.toned(match self.state {
            StepState::Done => Tone::Good,
            StepState::ToDo => Tone::Working,
            StepState::Problem => Tone::Problem,
            StepState::Skipped | StepState::NotHere => Tone::Idle,
        })
    }
}

fn marked(mark: Mark, page: &Page<'_>) -> String {
    match mark {
        Mark::Plain => "·".to_owned(),
        Mark::Good => "✓".to_owned(),
        Mark::Warning => page.toned(Tone::Attention),
    }
}

fn planned(number: usize, step: &StepView) -> String {
    let line = format!("   {number:>2}. {}", step.sentence);
    let difference = step.difference.iter().map(|text| indented(text.trim_end(), 8));
    [line].into_iter().chain(difference).collect::<Vec<_>>().join("\n")
}

fn indented(text: &str, columns: usize) -> String {
    let margin = " ".repeat(columns);
    text.lines().map(|line| format!("{margin}{line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::problem::Code;
    use crate::setup::tests::{bare, finished, fresh};
    use crate::setup::{Facts, Failed, Review, steps};
    use crate::words::Language;

    fn drawn(facts: &Facts, kept: &Kept, language: Language) -> (SetupView, String) {
        let words = Words::of(language);
        let at = Page {
            words: &words,
            zone: TimeZone::UTC,
            now: jiff::Timestamp::UNIX_EPOCH,
            colour: false,
            profile: None,
        };
        let view = page(&steps(facts, kept), kept, &facts.id, &at);
        let offers: String = view.steps.iter().map(|step| step.text_with_offers(&at)).collect();
        let text = view.text(&at) + &offers;
        (view, text)
    }

    fn everything() -> Vec<Facts> {
        let mut container = fresh();
        container.around.container = Some("docker".to_owned());
        container.around.wsl = true;
        vec![bare(), fresh(), finished(), container]
    }

    #[test]
    fn every_step_line_and_offer_has_words_in_each_language() {
        for language in Language::ALL {
            for facts in everything() {
                let (_, text) = drawn(&facts, &Kept::default(), language);
                assert!(!text.contains("setup-"), "{text}");
            }
        }
    }

    #[test]
    fn an_empty_machine_in_a_terminal() {
        insta::assert_snapshot!(drawn(&bare(), &Kept::default(), Language::English).1);
    }

    #[test]
    fn a_finished_machine_in_a_terminal() {
        insta::assert_snapshot!(drawn(&finished(), &Kept::default(), Language::English).1);
    }

    /// What the window's own tests and its demo in a browser draw.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_windows_canned_wizards_are_up_to_date() {
        const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/demo/setup.json");
        let problem = Problem::new(Code::NotAnswering)
            .with("waited", 120)
            .because("Error: Cannot find module 'x'")
            .hint_command("see-logs", "gateward logs");
        let failed = Failed { step: StepId::Install, problem };
        let stuck = Kept { agreed: true, failed: Some(failed), ..Kept::default() };
        let draw = |facts: &Facts, kept: &Kept| drawn(facts, kept, Language::English).0;
        let diff = "--- /u\n+++ /u\n@@ -1 +1,2 @@\n [Service]\n-ExecStart=/old\n+ExecStart=/new\n";
        let planned =
            StepView { sentence: "write /u (mode 0644)".to_owned(), difference: Some(diff.to_owned()) };
        let review = Ok(Review::Plan { port: 18789, steps: vec![planned] });
        let dismissed = Kept { dismissed: true, ..Kept::default() };
        let canned = serde_json::json!({
            "bare": draw(&bare(), &Kept::default()),
            "planned": draw(&Facts { review, ..fresh() }, &Kept::default()),
            "stuck": draw(&fresh(), &stuck),
            "finished": draw(&finished(), &dismissed),
        });
        let wanted = serde_json::to_string_pretty(&canned).unwrap() + "\n";
        if std::env::var_os("GATEWARD_WRITE_BINDINGS").is_some() {
            std::fs::write(PATH, &wanted).unwrap();
        }
        let written = std::fs::read_to_string(PATH).unwrap_or_default();
        assert!(written == wanted, "stale: run GATEWARD_WRITE_BINDINGS=1 cargo test setup");
    }
}
