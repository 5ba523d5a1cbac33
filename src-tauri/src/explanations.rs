//! Known last words: which cause a gateway's own text or exit names, as data. Words and fixes are the catalogue's.
//!
//! A cause is recognised by the newest line that one of its marks fits, or, where no line says anything, by how the process
//! ended. Nothing is guessed: text that no mark fits has no explanation.

use crate::model::{Exit, Incident};
use crate::problem::{Hint, Problem};

mod known;
mod mark;

pub use known::KNOWN;

/// One recognisable cause. The catalogue has `cause-<id>` (what happened) and `fix-<id>` (what to do).
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    pub id: &'static str,
    /// Texts by which it is known, lower case: `*` stands for anything, `{}` for the one value that its words name.
    pub marks: &'static [&'static str],
    /// Ends that mean it when no line says more.
    pub exits: &'static [Exit],
    /// What helps, to paste.
    pub command: Option<&'static str>,
    from_outside: bool,
}

/// A known cause, and the value its text named: a port, a module, a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub known: &'static Known,
    pub what: Option<String>,
}

/// What `lines`, oldest first, say of how a process ended.
pub fn explain(lines: &[String], exit: Option<Exit>) -> Option<Explanation> {
    let is_sent = exit.is_some_and(is_sent);
    let mut told = lines.iter().rev().filter_map(|line| of_line(line));
    // Whatever it complained of before: who kills it does so for another reason.
    told.find(|told| told.known.from_outside || !is_sent).or_else(|| exit.and_then(of_exit))
}

/// Whether an end is by a signal that a process does not send itself.
fn is_sent(exit: Exit) -> bool {
    match exit {
        Exit::Code { .. } => false,
        Exit::Signal { signal, .. } => [1, 2, 9, 10, 12, 15].contains(&signal),
    }
}

/// What an incident's last words and exit say, where it is one that has a cause.
pub fn of_incident(incident: &Incident) -> Option<Explanation> {
    if !incident.kind.is_end() {
        return None;
    }
    explain(&incident.last_words, incident.exit)
}

/// The same problem with the newest of `lines` that names a cause, and with what helps against it first.
pub fn blame(problem: Problem, lines: &[String]) -> Problem {
    let told = lines.iter().rev().find_map(|line| of_line(line).map(|told| (line, told)));
    let Some((line, told)) = told else { return problem };
    let mut blamed = problem.because(line);
    let helps = told
        .known
        .command
        .map(|command| Hint { code: "this-helps".to_owned(), command: Some(command.to_owned()) });
    blamed.hints.splice(0..0, helps);
    blamed
}

pub fn of_line(line: &str) -> Option<Explanation> {
    KNOWN.iter().find_map(|known| {
        let fits = known.marks.iter().find_map(|text| mark::fit(text, line))?;
        Some(Explanation { known, what: fits.what })
    })
}

pub fn of_exit(exit: Exit) -> Option<Explanation> {
    let known = KNOWN.iter().find(|known| known.exits.contains(&exit))?;
    Some(Explanation { known, what: None })
}

pub fn named(id: &str) -> Option<Explanation> {
    let known = KNOWN.iter().find(|known| known.id == id)?;
    Some(Explanation { known, what: None })
}

#[cfg(test)]
mod tests;
