//! The stages of `test` and `check`: all of them run, whatever fails, and a table at the end says how each went.

use crate::command_line::CommandLine;
use crate::tally::Tally;
use std::time::{Duration, Instant};

/// The whole run must stay under 45 minutes, so one stage that hangs may not take all of them.
const LIMIT: Duration = Duration::from_secs(25 * 60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub name: String,
    pub job: Job,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Command lines, one after the other up to the first failure.
    Run(Vec<CommandLine>),
    /// A part of the project that should be there is not: a failure.
    Missing(String),
    /// Left out on purpose, with the reason: never counted as passed.
    NotRun(String),
}

impl Stage {
    pub fn new(name: &str, lines: impl IntoIterator<Item = CommandLine>) -> Self {
        Self { name: name.into(), job: Job::Run(lines.into_iter().collect()) }
    }

    pub fn missing(name: &str, what: impl Into<String>) -> Self {
        Self { name: name.into(), job: Job::Missing(what.into()) }
    }

    pub fn not_run(name: &str, why: impl Into<String>) -> Self {
        Self { name: name.into(), job: Job::NotRun(why.into()) }
    }

    fn finish(self) -> Finished {
        println!("\n=== {} ===", self.name);
        let started = Instant::now();
        let mut tally = Tally::default();
        let ending = match &self.job {
            Job::Run(lines) => ending(run_lines(lines, &mut tally), tally),
            Job::Missing(what) => Ending::Failed(what.clone()),
            Job::NotRun(why) => Ending::NotRun(why.clone()),
        };
        if let Ending::Failed(why) | Ending::NotRun(why) = &ending {
            println!("{}: {why}", ending.word());
        }
        Finished { name: self.name, took: started.elapsed(), tally, ending }
    }
}

fn run_lines(lines: &[CommandLine], tally: &mut Tally) -> Result<(), String> {
    lines.iter().try_for_each(|line| line.follow(LIMIT, |text| *tally = *tally + Tally::read(text)))
}

fn ending(result: Result<(), String>, tally: Tally) -> Ending {
    match result {
        Err(why) => Ending::Failed(why),
        // A program that reports failures but exits with 0 is not to be believed.
        Ok(()) if tally.failed > 0 => Ending::Failed("tests failed".into()),
        Ok(()) => Ending::Passed,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Ending {
    Passed,
    Failed(String),
    NotRun(String),
}

impl Ending {
    fn word(&self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Failed(_) => "FAILED",
            Self::NotRun(_) => "NOT RUN",
        }
    }
}

/// How a stage went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    name: String,
    took: Duration,
    tally: Tally,
    ending: Ending,
}

impl Finished {
    /// A stage that failed without a failing test, as by a compiler error, counts as one failure.
    fn counted(&self) -> Tally {
        let silent = matches!(self.ending, Ending::Failed(_)) && self.tally.failed == 0;
        self.tally + Tally { failed: u32::from(silent), ..Tally::default() }
    }

    fn row(&self) -> String {
        let Tally { passed, failed, ignored } = self.tally;
        let seconds = self.took.as_secs_f64();
        let row = format!(
            "{:<34} {:<8} {seconds:>7.1} {passed:>7} {failed:>7} {ignored:>8}",
            self.name,
            self.ending.word()
        );
        match &self.ending {
            Ending::Passed => row,
            Ending::Failed(why) | Ending::NotRun(why) => {
                format!("{row}  {}", why.lines().next().unwrap_or_default())
            }
        }
    }
}

/// Runs all stages and prints the summary.
pub fn run_all(stages: Vec<Stage>) -> Vec<Finished> {
    let finished: Vec<Finished> = stages.into_iter().map(Stage::finish).collect();
    println!("\n{}", summary(&finished));
    finished
}

/// # Errors
/// When any stage failed.
pub fn verdict(finished: &[Finished]) -> Result<(), String> {
    let failed = finished.iter().filter(|stage| matches!(stage.ending, Ending::Failed(_)));
    let names: Vec<&str> = failed.map(|stage| stage.name.as_str()).collect();
    if names.is_empty() { Ok(()) } else { Err(format!("Failed: {}.", names.join(", "))) }
}

/// `N passed, M failed` over all stages.
pub fn totals(finished: &[Finished]) -> String {
    let Tally { passed, failed, .. } = finished.iter().map(Finished::counted).sum();
    format!("{passed} passed, {failed} failed")
}

fn summary(finished: &[Finished]) -> String {
    let head = format!(
        "{:<34} {:<8} {:>7} {:>7} {:>7} {:>8}",
        "stage", "", "seconds", "passed", "failed", "ignored"
    );
    let rows = finished.iter().map(Finished::row);
    std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn shell(script: &str) -> CommandLine {
        CommandLine::new(Path::new("/"), "sh", &["-c", script])
    }

    fn run(stages: impl IntoIterator<Item = Stage>) -> Vec<Finished> {
        run_all(stages.into_iter().collect())
    }

    #[test]
    fn stages_after_a_failed_one_still_run() {
        let finished = run([
            Stage::new("a", [shell("exit 1")]),
            Stage::new("b", [shell("echo 'test result: ok. 2 passed; 0 failed'")]),
        ]);
        assert_eq!(totals(&finished), "2 passed, 1 failed");
        assert_eq!(verdict(&finished), Err("Failed: a.".into()));
    }

    #[test]
    fn a_missing_part_is_a_failure() {
        let finished = run([Stage::missing("ui tests", "ui/package.json is missing")]);
        assert_eq!(totals(&finished), "0 passed, 1 failed");
        assert!(verdict(&finished).is_err());
    }

    #[test]
    fn a_stage_not_run_is_named_and_counts_neither_way() {
        let finished = run([Stage::not_run("desktop", "needs root")]);
        assert_eq!(totals(&finished), "0 passed, 0 failed");
        assert!(summary(&finished).contains("NOT RUN"), "{}", summary(&finished));
        assert!(summary(&finished).ends_with("needs root"), "{}", summary(&finished));
    }

    #[test]
    fn reported_failures_fail_the_stage_even_with_exit_code_zero() {
        let finished = run([Stage::new("a", [shell("echo 'Tests  1 failed | 3 passed (4)'")])]);
        assert_eq!(totals(&finished), "3 passed, 1 failed");
        assert!(verdict(&finished).is_err());
    }

    #[test]
    fn all_passed_is_a_good_end() {
        let finished = run([Stage::new("a", [shell("echo 'test result: ok. 1 passed; 0 failed'")])]);
        assert_eq!(verdict(&finished), Ok(()));
    }
}
